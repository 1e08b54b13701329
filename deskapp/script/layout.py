"""Where things are: side by side, in a grid, behind tabs, in what opens and in what scrolls."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar, overload

from deskapp.script.outputs import Output
from deskapp.script.page import current_page
from deskapp.script.tables import Span

GAP = "10px"
"""How wide None is in a row, and how high in a column."""

_NUMBER = re.compile(r"\d*\.?\d+\Z")
_SIZE = re.compile(
    r"(\d*\.?\d+(px|%|fr|em|rem|ch|ex|vw|vh|vmin|vmax|cm|mm|in|pt)|0|auto|min-content|max-content"
    r"|(minmax|fit-content|repeat|calc|min|max|clamp)\([\w\s.,%()+*/-]*\))\Z"
)
_PART = re.compile(r"[^\s()]*\([^()]*(?:\([^()]*\)[^()]*)*\)|\S+")

ListT = TypeVar("ListT", bound=Sequence[Output])


class Position:
    """Where a scope is to be seen, for `scroll_to`."""

    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


class OutputPosition:
    """Where in a scope something is shown: first, or last."""

    TOP = 0
    BOTTOM = -1


def put_row(content: object = (), size: str | None = None, scope: str | None = None, position: int = -1) -> Output:
    """Show things side by side; as ``with put_row():`` also what is shown in the block.

    Args:
        content: Outputs and texts; None is a gap.
        size: How wide each is, gaps included, such as ``"30% 10px 60%"`` or ``"100px 1fr 2fr"``: px, %, ``fr`` (shares
            of what is left; so are numbers), ``auto``, ``minmax(100px, 1fr)``. When None, gaps have 10 px and the rest
            is equally wide.
        scope, position: As of `put_text`.

    Raises:
        ValueError: A size is none.
    """
    return _line("put_row()", "row", content, size, scope, position)


def put_column(content: object = (), size: str | None = None, scope: str | None = None, position: int = -1) -> Output:
    """Show things one below the other; like `put_row`, with heights as `size`; each its own when None."""
    return _line("put_column()", "column", content, size, scope, position)


def _line(what: str, direction: str, content: object, size: str | None, scope: str | None, position: int) -> Output:
    items = contents_of(content)
    share = "1fr" if direction == "row" else "auto"  # which fills up a height that a column is given
    tracks = _sizes(size, what) if size else " ".join(GAP if item is None else share for item in items)
    props: dict[str, object] = {
        "flow": "column" if direction == "row" else "row",
        "columns": tracks if direction == "row" else "",
        "rows": tracks if direction == "column" else "",
    }
    return _grid(what, props, [(item, 1, 1) for item in items], scope, position)


def put_grid(
    content: Sequence[Sequence[Any]],
    cell_width: str = "auto",
    cell_height: str = "auto",
    cell_widths: str | None = None,
    cell_heights: str | None = None,
    direction: str = "row",
    scope: str | None = None,
    position: int = -1,
) -> Output:
    """Show things in rows and columns.

    Args:
        content: Rows of outputs and texts; None is an empty cell, `span` takes several.
        cell_width: How wide each column is; as a size of `put_row`.
        cell_height: How high each row is.
        cell_widths: How wide the columns are, one after the other; instead of `cell_width`.
        cell_heights: How high the rows are, one after the other; instead of `cell_height`.
        direction: ``"row"``; or ``"column"``: `content` has columns rather than rows.
        scope, position: As of `put_text`.

    Raises:
        TypeError: A row is no list.
        ValueError: A size is none, or there is no such direction.
    """
    what = "put_grid()"
    if direction not in ("row", "column"):
        raise ValueError(f"{what} has the directions 'row' and 'column', not {direction!r}")
    if isinstance(content, str) or not isinstance(content, Iterable):
        raise TypeError(f"{what} takes a list of rows, not {content!r}")
    rows: list[list[Any]] = []
    for row in content:
        if not isinstance(row, list | tuple):
            raise TypeError(f"a row of {what} is a list, not {row!r}")
        rows.append(list(row))
    along, across = ("col", "row") if direction == "row" else ("row", "col")
    taken = [0] * len(rows)  # of each line
    for index, row in enumerate(rows):
        for cell in row:
            length, depth = (getattr(cell, along), getattr(cell, across)) if isinstance(cell, Span) else (1, 1)
            taken += [0] * (index + depth - len(taken))
            for line in range(index, index + depth):
                taken[line] += length
    longest = max(taken, default=0)
    rows += [[] for _ in range(len(taken) - len(rows))]
    cells: list[tuple[Any, int, int]] = []
    for row, count in zip(rows, taken, strict=True):
        cells += [(cell.content, cell.row, cell.col) if isinstance(cell, Span) else (cell, 1, 1) for cell in row]
        cells += [(None, 1, 1)] * (longest - count)
    columns, lines = (longest, len(rows)) if direction == "row" else (len(rows), longest)
    props: dict[str, object] = {
        "flow": direction,
        "columns": _sizes(cell_widths, what) if cell_widths else _repeated(columns, cell_width, what),
        "rows": _sizes(cell_heights, what) if cell_heights else _repeated(lines, cell_height, what),
    }
    return _grid(what, props, cells, scope, position)


def _grid(
    what: str, props: dict[str, object], cells: list[tuple[Any, int, int]], scope: str | None, position: int
) -> Output:
    inside = current_page(what).scopes.new_name()
    props["gaps"] = [index for index, (content, _, _) in enumerate(cells) if content is None]
    props["spans"] = [[index, row, col] for index, (_, row, col) in enumerate(cells) if (row, col) != (1, 1)]
    children = ["" if content is None else content for content, _, _ in cells]
    return Output(what, "grid", props, children=children, scope=scope, position=position, inside=inside)


def _sizes(text: str, what: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"{what} takes sizes as a text like '30% 10px 60%', not {text!r}")
    parts = []
    for part in _PART.findall(text):
        if _NUMBER.match(part):
            part = f"{part}fr"
        if not _SIZE.match(part):
            raise ValueError(f"{what} takes sizes like '100px', '30%', '2fr' or 'auto', not {part!r}")
        parts.append(part)
    return " ".join(parts)


def _repeated(count: int, size: str, what: str) -> str:
    return f"repeat({count}, {_sizes(size, what)})" if count else ""


def put_tabs(tabs: Sequence[Mapping[str, Any]], scope: str | None = None, position: int = -1) -> Output:
    """Show one of several things, which the user chooses.

    Args:
        tabs: Dicts with ``title`` and ``content``: an output, a text, or a list of them.
        scope, position: As of `put_text`.

    Raises:
        TypeError, ValueError: There is no tab, or one is none.
    """
    what = "put_tabs()"
    if not isinstance(tabs, list | tuple):
        raise TypeError(f"{what} takes a list of dicts, not {tabs!r}")
    if not tabs:
        raise ValueError(f"{what} needs one tab at least")
    titles, counts, children = [], [], []
    for tab in tabs:
        if not isinstance(tab, Mapping) or set(tab) != {"title", "content"}:
            raise ValueError(f"a tab of {what} is a dict with 'title' and 'content', not {tab!r}")
        items = contents_of(tab["content"])
        titles.append(str(tab["title"]))
        counts.append(len(items))
        children += items
    props = {"titles": titles, "counts": counts}
    return Output(what, "tabs", props, children=children, scope=scope, position=position)


def put_collapse(
    title: str, content: object = (), open: bool = False, scope: str | None = None, position: int = -1
) -> Output:
    """Show a title that the user opens to see what is below; as a ``with`` block it takes in what is shown there.

    Args:
        title: The title.
        content: An output, a text, or a list of them.
        open: Whether it is open at first.
        scope, position: As of `put_text`.
    """
    what = "put_collapse()"
    inside = current_page(what).scopes.new_name()
    props = {"title": str(title), "open": bool(open)}
    children = contents_of(content)
    return Output(what, "collapse", props, children=children, scope=scope, position=position, inside=inside)


def put_scrollable(
    content: object = (),
    height: int | tuple[int | None, int | None] | None = 400,
    keep_bottom: bool = False,
    border: bool = True,
    scope: str | None = None,
    position: int = -1,
    **kwargs: Any,
) -> Output:
    """Show things in a box that scrolls; as a ``with`` block it takes in what is shown there.

    Args:
        content: An output, a text, or a list of them.
        height: How high it is, in px; a pair: how high at least and at most; None: as high as its content.
        keep_bottom: Whether it follows its end as long as the user has not scrolled up.
        border: Whether it has a border.
        scope, position: As of `put_text`.

    Raises:
        TypeError: There is no such parameter.
        ValueError: The height is none.
    """
    what = "put_scrollable()"
    for name in kwargs:
        raise TypeError(f"{what} has no parameter {name!r}{'; height sets it' if name == 'max_height' else ''}")
    pair = tuple(height) if isinstance(height, tuple | list) else (height, height)
    is_right = len(pair) == 2 and all(each is None or (type(each) is int and each >= 0) for each in pair)
    if not is_right or (None not in pair and pair[0] > pair[1]):  # type: ignore[operator]
        raise ValueError(f"{what} takes px, a pair of px (least, most) or None as height, not {height!r}")
    inside = current_page(what).scopes.new_name()
    props = {"least": pair[0], "most": pair[1], "follows": bool(keep_bottom), "border": bool(border)}
    children = contents_of(content)
    return Output(what, "scrollable", props, children=children, scope=scope, position=position, inside=inside)


@overload
def style(outputs: Output, css_style: str) -> Output: ...
@overload
def style(outputs: ListT, css_style: str) -> ListT: ...
def style(outputs: Output | Sequence[Output], css_style: str) -> Output | Sequence[Output]:
    """Give one output or several CSS declarations; `Output.style` does it for one.

    Args:
        outputs: One, or a list.
        css_style: The declarations, such as ``"color: green"``.

    Returns:
        What was given.

    Raises:
        TypeError: It is no output.
    """
    for each in [outputs] if isinstance(outputs, Output) else outputs:
        if not isinstance(each, Output):
            raise TypeError(f"style() takes an output or a list of them, not {each!r}")
        each.style(css_style)
    return outputs


def contents_of(content: object) -> list[Any]:
    """One thing, or several in a list, as a list."""
    return list(content) if isinstance(content, list | tuple) else [content]
