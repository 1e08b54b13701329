"""Rows, columns, grids, tabs, what opens and what scrolls: what the page is told, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from deskapp.output import (
    put_collapse,
    put_column,
    put_grid,
    put_row,
    put_scrollable,
    put_tabs,
    put_text,
    span,
    style,
)
from tests.unit.script.showing import Stage, library_folder, stage

__all__ = ["library_folder", "stage"]


def grid(props: dict[str, Any]) -> tuple[str, str, str]:
    return props["flow"], props["columns"], props["rows"]


async def test_a_row_has_gaps_and_equal_shares_and_a_column_what_it_needs_unless_told_otherwise(stage: Stage) -> None:
    def show() -> None:
        put_row(["a", None, put_text("b")])
        put_row("alone")
        put_row(["a", "b", "c", "d"], size="30% 10px minmax(100px, 1fr) 2.5")
        put_column(["a", None], size="fit-content(5em) calc(10px + (1em * 2))")
        put_column(["a", None])

    shown = await stage.show(show)
    assert [grid(props) for _, props in shown.specs] == [
        ("column", "1fr 10px 1fr", ""),
        ("column", "1fr", ""),
        ("column", "30% 10px minmax(100px, 1fr) 2.5fr", ""),
        ("row", "", "fit-content(5em) calc(10px + (1em * 2))"),
        ("row", "", "auto 10px"),
    ]
    first = shown.specs[0][1]
    assert first["gaps"] == [1]
    assert first["children"][:2] == ["a", ""]
    assert first["children"][2][1] == "text"


async def test_the_block_of_a_row_shows_in_it(stage: Stage) -> None:
    def show() -> None:
        with put_row():
            put_text("inside")
        put_text("outside")

    shown = await stage.show(show)
    assert [data[1] for data in shown.told("put")] == ["ROOT", shown.specs[0][1]["scope"], "ROOT"]


async def test_a_grid_fills_its_lines(stage: Stage) -> None:
    def show() -> None:
        put_grid([["a", "b", "c"], [None, span("d", col=2)], ["e"]], cell_width="100px", cell_heights="1 2 auto")
        put_grid([[span("a", row=2), "b"], ["c"]], direction="column", cell_height="2em")
        put_grid([[span("deep", row=3), "b"]])
        put_grid([])

    shown = await stage.show(show)
    across, down, deep, empty = [props for _, props in shown.specs]
    assert grid(across) == ("row", "repeat(3, 100px)", "1fr 2fr auto")
    assert across["children"] == ["a", "b", "c", "", "d", "e", "", ""]
    assert (across["gaps"], across["spans"]) == ([3, 6, 7], [[4, 1, 2]])
    assert grid(down) == ("column", "repeat(2, auto)", "repeat(3, 2em)")
    assert down["children"] == ["a", "b", "c", "", ""]
    assert grid(deep) == ("row", "repeat(2, auto)", "repeat(3, auto)")
    assert deep["children"] == ["deep", "b", "", ""]
    assert grid(empty) == ("row", "", "")


async def test_tabs_boxes_and_what_opens_take_contents_of_any_kind(stage: Stage) -> None:
    def show() -> None:
        put_tabs([{"title": "<A>", "content": "text"}, {"title": 2, "content": [put_text("x"), "y"]}])
        put_collapse("<T>", ["a", put_text("b")], open=True)
        put_scrollable("long", height=(10, 20), keep_bottom=True, border=False)
        put_scrollable(height=None)
        with put_collapse("block"):
            put_text("inside")

    shown = await stage.show(show)
    tabs, opens, scrolls, free, block, inside = [props for _, props in shown.specs]
    assert (tabs["titles"], tabs["counts"]) == (["<A>", "2"], [1, 2])
    assert [each if isinstance(each, str) else each[1] for each in tabs["children"]] == ["text", "text", "y"]
    assert (opens["title"], opens["open"], len(opens["children"])) == ("<T>", True, 2)
    assert [scrolls[name] for name in ("least", "most", "follows", "border")] == [10, 20, True, False]
    assert (free["least"], free["most"], free["children"]) == (None, None, [])
    assert shown.told("put")[5][1] == block["scope"]
    assert inside["text"] == "inside"


async def test_style_is_for_one_or_for_several(stage: Stage) -> None:
    def show() -> bool:
        one, several = put_text("a"), [put_text("b"), put_text("c")]
        return style(one, "color: red") is one and style(several, "color: blue") is several

    shown = await stage.show(show)
    assert shown.returned == [True]
    assert [props["style"] for _, props in shown.specs] == ["color: red", "color: blue", "color: blue"]


@pytest.mark.parametrize(
    ("call", "kind", "why"),
    [
        (lambda: put_row(["a"], size="wide"), ValueError, "takes sizes like .* not 'wide'"),
        (lambda: put_row(["a"], size="1px;color:red"), ValueError, "not '1px;color:red'"),
        (lambda: put_row(["a"], size="calc(1px;)"), ValueError, "takes sizes like"),
        (lambda: put_row(["a"], size=3), TypeError, "sizes as a text like"),  # type: ignore[arg-type]
        (lambda: put_grid([["a"]], cell_width="x"), ValueError, "not 'x'"),
        (lambda: put_grid([["a"]], direction="up"), ValueError, "'row' and 'column', not 'up'"),
        (lambda: put_grid(["a"]), TypeError, "a row of put_grid.. is a list, not 'a'"),
        (lambda: put_grid("a"), TypeError, "takes a list of rows"),
        (lambda: put_grid(3), TypeError, "takes a list of rows"),  # type: ignore[arg-type]
        (lambda: put_tabs([]), ValueError, "one tab at least"),
        (lambda: put_tabs("a"), TypeError, "a list of dicts"),  # type: ignore[arg-type]
        (lambda: put_tabs([{"title": "a"}]), ValueError, "with 'title' and 'content'"),
        (lambda: put_tabs(["a"]), ValueError, "not 'a'"),  # type: ignore[list-item]
        (lambda: put_scrollable(height=-1), ValueError, "not -1"),
        (lambda: put_scrollable(height=(20, 10)), ValueError, r"not \(20, 10\)"),
        (lambda: put_scrollable(height="1px"), ValueError, "not '1px'"),  # type: ignore[arg-type]
        (lambda: put_scrollable(max_height=3), TypeError, "no parameter 'max_height'; height sets it"),
        (lambda: put_scrollable(wide=3), TypeError, "no parameter 'wide'$"),
        (lambda: style(["a"], "color: red"), TypeError, "takes an output or a list"),  # type: ignore[type-var]
        (lambda: style(put_text("a"), 3), TypeError, "takes CSS"),  # type: ignore[call-overload]
    ],
)
async def test_what_is_no_layout_is_refused_in_the_call(
    stage: Stage, call: Callable[[], Any], kind: type[Exception], why: str
) -> None:
    with pytest.raises(kind, match=why):
        await stage.show(call)
