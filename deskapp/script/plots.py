"""Figures, charts, tables and pictures of other libraries, as far as the page can show them by itself.

None of these libraries is imported here: what somebody has an object of is there already.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from deskapp.errors import PackageMissing
from deskapp.script.datatable import put_datatable
from deskapp.script.frames import frame_output
from deskapp.script.outputs import Output
from deskapp.script.rich import put_html, put_image
from deskapp.script.table_records import is_data_frame, is_pandas

SCALE = 2
"""So many pixels of a picture for one of the page, for screens that are this fine."""

MAX_TABLE_ROWS = 50
MAX_TABLE_CELLS = 2000
"""Tables with more rows, or more cells, are shown with rows that stay in Python."""

_MATPLOTLIB, _PLOTLY, _ALTAIR, _BOKEH = "matplotlib", "plotly", "altair", "bokeh"

_KNOWN = (
    "figures of Matplotlib, Plotly and Bokeh, charts of Altair, data frames and series of pandas, pictures of Pillow, "
    "and objects with _repr_svg_(), _repr_png_(), _repr_html_() or _repr_mimebundle_()"
)

# Buttons of the charts that save a file or lead elsewhere: frames may do neither.
_PLOTLY_CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["toImage"], "responsive": True}
_VEGA_OPTIONS = {"actions": False}


def put_plot(
    figure: Any,
    alt: str = "",
    height: int | None = None,
    format: str = "png",
    scope: str | None = None,
    position: int = -1,
) -> Output:
    """Show a figure, a chart, a table or a picture of another library.

    Figures of Matplotlib become pictures; they stay open. Charts of Plotly, Bokeh and Altair stay alive, in a frame
    that reaches neither the page nor the network. Data frames become tables, long ones those of `put_datatable`.

    Args:
        figure: A figure of Matplotlib, or axes of one; of Plotly or Bokeh; a chart of Altair; a data frame, a series or
            a styled table of pandas; a picture of Pillow; or an object that a notebook could show as SVG, PNG or HTML.
        alt: What it shows, in words, for people who do not see it; its title, if it has one, when empty.
        height: How high the frame or the table is, in px; as high as what is in it when None. Pictures have their size.
        format: Of what is made a picture here: ``"png"``, twice as fine as the page, or ``"svg"``.
        scope, position: As of `put_text`.

    Raises:
        TypeError: It is nothing of this kind.
        ValueError: There is no such format.
        PackageMissing: Altair needs another package to show charts without the network.
    """
    what = "put_plot()"
    if format not in ("png", "svg"):
        raise ValueError(f"{what} makes pictures of the format 'png' or 'svg', not {format!r}")
    place: dict[str, Any] = {"scope": scope, "position": position}
    for is_meant, show in _SHOWN:
        if is_meant(figure):
            return show(figure, _Wish(what, str(alt), height, format, place))
    return _put_represented(figure, _Wish(what, str(alt), height, format, place))


class _Wish:
    """How something is to be shown.

    Args:
        what: The function that shows it, for messages.
        alt: What it shows, in words.
        height: How high it is, in px.
        format: Of pictures that are made here.
        place: Scope and position.
    """

    def __init__(self, what: str, alt: str, height: int | None, format: str, place: Mapping[str, Any]) -> None:
        self.what, self.alt, self.height, self.format, self.place = what, alt, height, format, place

    def in_frame(self, html: str, title: str) -> Output:
        """Show a document with scripts."""
        return frame_output(html, self.what, title=self.alt or title, height=self.height, **self.place)


def _is_of(package: str, *attributes: str) -> Callable[[Any], bool]:
    """What says whether something is an object of a class of a package, or of one derived from it."""

    def is_meant(value: Any) -> bool:
        mine = any(base.__module__.partition(".")[0] == package for base in type(value).__mro__)
        return mine and all(hasattr(value, each) for each in attributes)

    return is_meant


# -- pictures ----------------------------------------------------------------------------------------------------------


def _put_axes(axes: Any, wish: _Wish) -> Output:
    return _put_figure(axes.get_figure(), wish)


def _put_figure(figure: Any, wish: _Wish) -> Output:
    """A picture of a figure of Matplotlib, drawn for this alone: neither its canvas nor pyplot is touched."""
    title = wish.alt or _figure_title(figure) or "Plot"
    file = io.BytesIO()
    if wish.format == "svg":
        figure.savefig(file, format="svg")
        return put_image(file.getvalue(), format="svg", title=title, **wish.place)
    figure.savefig(file, format="png", dpi=SCALE * figure.get_dpi())
    content = file.getvalue()
    width_px = int.from_bytes(content[16:20], "big")  # https://www.w3.org/TR/png/#11IHDR
    return put_image(content, format="png", title=title, width=round(width_px / SCALE), **wish.place)


def _figure_title(figure: Any) -> str:
    titles = [figure.get_suptitle() if hasattr(figure, "get_suptitle") else ""]
    titles += [axes.get_title() for axes in figure.axes if hasattr(axes, "get_title")]
    return "; ".join(title for title in titles if title)


def _put_picture(picture: Any, wish: _Wish) -> Output:
    return put_image(picture, title=wish.alt, **wish.place)


# -- charts in frames --------------------------------------------------------------------------------------------------


def _put_plotly(figure: Any, wish: _Wish) -> Output:
    document = figure.to_html(
        config=_PLOTLY_CONFIG, include_plotlyjs=True, include_mathjax=False, full_html=True, default_height="450px"
    )
    title = getattr(figure.layout.title, "text", None)
    return wish.in_frame(document, str(title or "Plot"))


def _put_altair(chart: Any, wish: _Wish) -> Output:
    if find_spec("vl_convert") is None:
        raise PackageMissing(f"{wish.what} of a chart of Altair", "vl-convert-python", extra="plots")
    document = chart.to_html(inline=True, embed_options=_VEGA_OPTIONS)
    title = getattr(chart, "title", None)
    return wish.in_frame(document, title if isinstance(title, str) else "Chart")


def _put_bokeh(model: Any, wish: _Wish) -> Output:
    title = getattr(getattr(model, "title", None), "text", None) or "Plot"
    resources = import_module("bokeh.resources").INLINE
    document = import_module("bokeh.embed").file_html(
        model, resources, title=str(title), suppress_callback_warning=True
    )
    return wish.in_frame(document, str(title))


# -- tables ------------------------------------------------------------------------------------------------------------


def _put_series(series: Any, wish: _Wish) -> Output:
    return _put_data_frame(series.to_frame(), wish)


def _put_data_frame(frame: Any, wish: _Wish) -> Output:
    rows, columns = frame.shape
    if rows <= MAX_TABLE_ROWS and rows * columns <= MAX_TABLE_CELLS and wish.height is None:
        return put_html(frame.to_html(border=0), **wish.place)
    return put_datatable(frame, height=wish.height or 400, cell_content_bar=False, **wish.place)


def _put_styler(styler: Any, wish: _Wish) -> Output:
    """In a frame: the styles of the table are rules that would hold for the page."""
    return wish.in_frame(styler.to_html(), "Table")


# -- what notebooks can show -------------------------------------------------------------------------------------------


def _put_represented(value: Any, wish: _Wish) -> Output:
    if not isinstance(value, type):  # a class has the methods too, but not the object
        svg = _represented(value, "_repr_svg_")
        if isinstance(svg, str):
            return put_image(svg.encode(), format="svg", title=wish.alt, **wish.place)
        png = _png(_represented(value, "_repr_png_"))
        if png is not None:
            return put_image(png, format="png", title=wish.alt, **wish.place)
        html = _represented(value, "_repr_html_")
        if isinstance(html, str):
            return wish.in_frame(html, type(value).__name__)
        if callable(getattr(value, "_repr_mimebundle_", None)):
            return _put_bundle(value, wish)
    hint = "; give it the figure: plt.gcf()" if getattr(value, "__name__", "") == "matplotlib.pyplot" else ""
    raise TypeError(f"{wish.what} shows {_KNOWN}, not {value!r}{hint}")


def _put_bundle(value: Any, wish: _Wish) -> Output:
    bundle = value._repr_mimebundle_(include=None, exclude=None)
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    data = data if isinstance(data, Mapping) else {}
    if isinstance(data.get("image/svg+xml"), str):
        return put_image(data["image/svg+xml"].encode(), format="svg", title=wish.alt, **wish.place)
    png = _png(data.get("image/png"))
    if png is not None:
        return put_image(png, format="png", title=wish.alt, **wish.place)
    if isinstance(data.get("text/html"), str):
        return wish.in_frame(data["text/html"], type(value).__name__)
    raise TypeError(f"{wish.what} shows SVG, PNG and HTML, and {value!r} has only {', '.join(data) or 'nothing'}")


def _represented(value: Any, name: str) -> Any:
    """What a method for notebooks gives, without what it may say about it."""
    method = getattr(value, name, None)
    found = method() if callable(method) else None
    return found[0] if isinstance(found, tuple) and found else found


def _png(found: Any) -> bytes | None:
    if isinstance(found, str):
        return base64.b64decode(found)
    return bytes(found) if isinstance(found, bytes | bytearray | memoryview) else None


_SHOWN: tuple[tuple[Callable[[Any], bool], Callable[[Any, _Wish], Output]], ...] = (
    (_is_of(_MATPLOTLIB, "savefig", "get_dpi"), _put_figure),
    (_is_of(_MATPLOTLIB, "get_figure"), _put_axes),
    (_is_of(_PLOTLY, "to_html", "layout"), _put_plotly),
    (_is_of(_ALTAIR, "to_html", "to_dict"), _put_altair),
    (_is_of(_BOKEH, "references"), _put_bokeh),
    (is_data_frame, _put_data_frame),
    (lambda value: is_pandas(value, "Series"), _put_series),
    (lambda value: is_pandas(value, "Styler"), _put_styler),
    (_is_of("PIL", "save", "mode"), _put_picture),
)
"""What is shown how, by what it is; the first that fits."""
