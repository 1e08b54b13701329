"""What is shown how, told by what an object is; with objects that look like those of other libraries."""

from __future__ import annotations

import base64
import struct
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from deskapp.errors import PackageMissing
from deskapp.output import put_plot
from deskapp.script import plots
from deskapp.testing import AppHarness
from tests.unit.script.data_page import Page, libraries, library_folder, shown

__all__ = ["libraries", "library_folder"]

pytestmark = pytest.mark.usefixtures("libraries")

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 601, 400)
SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.fixture
async def harness() -> AsyncIterator[AppHarness]:
    async with AppHarness() as harness:
        yield harness


def foreign(module: str, name: str, **members: Any) -> Any:
    """An object of a class of a library that is not here."""
    return type(name, (), {"__module__": module, **members})()


def figure(**members: Any) -> Any:
    def savefig(self: Any, file: Any, **options: Any) -> None:
        self.saved = options
        file.write(SVG.encode() if options["format"] == "svg" else PNG)

    axes = foreign("matplotlib.axes", "Axes", get_title=lambda self: "Two")
    basic = {"savefig": savefig, "get_dpi": lambda self: 100.0, "axes": [axes], "get_suptitle": lambda self: "One"}
    return foreign("matplotlib.figure", "Figure", **{**basic, **members})


async def put(harness: AppHarness, *args: Any, **options: Any) -> Page:
    return (await shown(harness, lambda: put_plot(*args, **options)))[1]


async def framed(page: Page, harness: AppHarness) -> str:
    """The document of the last frame."""
    name = page.put("frame")["url"].rpartition("/")[2]
    found = next(filter(None, (session.get_frame(name) for session in harness.launcher.manager.sessions)))
    return found


async def test_a_figure_of_matplotlib_is_a_picture_twice_as_fine_as_the_page(harness: AppHarness) -> None:
    drawn = figure()
    props = (await put(harness, drawn)).put("image")
    assert drawn.saved == {"format": "png", "dpi": 200.0}
    assert (bytes(props["content"]), props["width"], props["title"]) == (PNG, "300px", "One; Two")
    props = (await put(harness, drawn, "words", format="svg")).put("image")
    assert (bytes(props["content"]), props["type"], props["title"]) == (SVG.encode(), "image/svg+xml", "words")
    axes = foreign("matplotlib.axes", "Axes", get_figure=lambda self: drawn)
    assert (await put(harness, axes)).put("image")["width"] == "300px"


async def test_a_figure_of_plotly_brings_its_script_into_a_frame(harness: AppHarness) -> None:
    asked: dict[str, Any] = {}
    layout = foreign("x", "Layout", title=foreign("x", "Title", text="Sales"))
    members = {"to_html": lambda self, **options: asked.update(options) or "<plotly>", "layout": layout}
    page = await put(harness, foreign("plotly.graph_objs._figure", "Figure", **members), height=300)
    assert (page.put("frame")["title"], page.put("frame")["height"]) == ("Sales", 300)
    assert (asked["include_plotlyjs"], asked["include_mathjax"]) == (True, False)
    assert (await framed(page, harness)).endswith("<plotly>\n")


async def test_a_chart_of_altair_needs_what_makes_it_independent_of_the_network(
    harness: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = {"to_html": lambda self, inline, embed_options: f"<altair {inline}>", "to_dict": lambda self: {}}
    chart = foreign("altair.vegalite.v5.api", "Chart", title="Trees", **members)
    monkeypatch.setattr(plots, "find_spec", lambda name: None)

    def main() -> None:
        with pytest.raises(PackageMissing, match=r"vl-convert-python.*pip install 'deskapp\[plots\]'"):
            put_plot(chart)

    await shown(harness, main)
    monkeypatch.setattr(plots, "find_spec", lambda name: name == "vl_convert")
    page = await put(harness, chart)
    assert page.put("frame")["title"] == "Trees"
    assert (await framed(page, harness)).endswith("<altair True>\n")


async def test_a_model_of_bokeh_brings_its_script_into_a_frame(
    harness: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules = {
        "bokeh.resources": foreign("x", "Resources", INLINE="inline"),
        "bokeh.embed": foreign("x", "Embed", file_html=lambda self, model, resources, **options: f"<{resources}>"),
    }
    monkeypatch.setattr(plots, "import_module", modules.__getitem__)
    mine = type("Mine", (type(foreign("bokeh.model.model", "Model", references=lambda self: set())),), {})
    page = await put(harness, mine())
    assert page.put("frame")["title"] == "Plot"
    assert (await framed(page, harness)).endswith("<inline>\n")


async def test_a_styled_table_of_pandas_is_in_a_frame(harness: AppHarness) -> None:
    styler = foreign("pandas.io.formats.style", "Styler", to_html=lambda self: "<style></style>")
    assert (await put(harness, styler)).put("frame")["title"] == "Table"


async def test_a_picture_of_pillow_is_one(harness: AppHarness) -> None:
    members = {"save": lambda self, file, **options: file.write(PNG), "mode": "RGB", "format": None}
    assert bytes((await put(harness, foreign("PIL.Image", "Image", **members))).put("image")["content"]) == PNG


@pytest.mark.parametrize(
    ("members", "content"),
    [
        ({"_repr_svg_": lambda self: SVG, "_repr_html_": lambda self: "<p>"}, SVG.encode()),
        ({"_repr_svg_": lambda self: None, "_repr_png_": lambda self: PNG}, PNG),
        ({"_repr_png_": lambda self: (base64.b64encode(PNG).decode(), {"width": 3})}, PNG),
        ({"_repr_mimebundle_": lambda self, include, exclude: {"image/svg+xml": SVG}}, SVG.encode()),
        ({"_repr_mimebundle_": lambda self, include, exclude: ({"image/png": PNG}, {})}, PNG),
    ],
)
async def test_what_notebooks_show_as_a_picture_is_one(
    harness: AppHarness, members: dict[str, Any], content: bytes
) -> None:
    page = await put(harness, foreign("some.library", "Thing", **members), "words")
    assert (bytes(page.put("image")["content"]), page.put("image")["title"]) == (content, "words")


@pytest.mark.parametrize(
    "members",
    [
        {"_repr_html_": lambda self: "<p>html"},
        {"_repr_mimebundle_": lambda self, include, exclude: {"text/plain": "x", "text/html": "<p>html"}},
    ],
)
async def test_what_notebooks_show_as_html_is_in_a_frame(
    harness: AppHarness, members: dict[str, Callable[..., object]]
) -> None:
    page = await put(harness, foreign("some.library", "Thing", **members))
    assert page.put("frame")["title"] == "Thing"
    assert (await framed(page, harness)).endswith("<p>html\n")


async def test_other_things_are_refused(harness: AppHarness) -> None:
    bundle = foreign("x", "Thing", _repr_mimebundle_=lambda self, include, exclude: {"text/plain": "x"})
    pyplot = foreign("x", "Module")
    pyplot.__name__ = "matplotlib.pyplot"

    def main() -> None:
        with pytest.raises(TypeError, match=r"shows figures of Matplotlib, Plotly and Bokeh.* not 3"):
            put_plot(3)
        with pytest.raises(TypeError, match="not <class 'tests"):
            put_plot(Page)
        with pytest.raises(TypeError, match=r"give it the figure: plt.gcf\(\)"):
            put_plot(pyplot)
        with pytest.raises(TypeError, match="has only text/plain"):
            put_plot(bundle)
        with pytest.raises(ValueError, match="'png' or 'svg', not 'jpg'"):
            put_plot(figure(), format="jpg")

    _, page = await shown(harness, main)
    assert page.scripts("put") == []
