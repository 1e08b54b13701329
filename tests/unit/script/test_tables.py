"""Tables: rows of lists and of dicts, heads, spans, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from deskapp.output import put_table, put_text, span
from tests.unit.script.showing import Stage, library_folder, stage

__all__ = ["library_folder", "stage"]

SCORES = [{"name": "Wang", "userId": 1}, {"name": "Liu", "other": 2}]


@pytest.mark.parametrize(
    ("tdata", "header", "lengths", "cells"),
    [
        ([["a", 1], ["<b>", None]], None, [2, 2], ["a", "1", "<b>", "None"]),
        ([["a", 1]], ["x", "y"], [2, 2], ["x", "y", "a", "1"]),
        ([["a"], [], (1, 2)], None, [1, 0, 2], ["a", "1", "2"]),
        ((range(2), "ab".partition("b")), None, [2, 3], ["0", "1", "a", "b", ""]),
        ([], None, [], []),
        ([], ["x"], [1], ["x"]),
        ([], [("X", "x")], [1], ["X"]),
        (SCORES, None, [3, 3, 3], ["Name", "UserId", "Other", "Wang", "1", "", "Liu", "", "2"]),
        (SCORES, ["other", "name"], [2, 2, 2], ["other", "name", "", "Wang", "2", "Liu"]),
        (SCORES, [("Who", "name")], [1, 1, 1], ["Who", "Wang", "Liu"]),
    ],
)
async def test_rows_become_cells(stage: Stage, tdata: Any, header: Any, lengths: list[int], cells: list[str]) -> None:
    shown = await stage.show(lambda: put_table(tdata, header))
    assert shown.props == {"lengths": lengths, "spans": [], "children": cells}


async def test_cells_may_be_outputs_and_take_the_room_of_several(stage: Stage) -> None:
    rows: list[Any] = [["C"], [span("E", col=2)]]
    shown = await stage.show(lambda: put_table([*rows, [put_text("t"), 1]], header=[span("A", row=2), "B"]))
    assert shown.props["spans"] == [[0, 2, 1], [3, 1, 2]]
    texts = shown.props["children"]
    assert texts[:4] == ["A", "B", "C", "E"]
    assert texts[4][1:] == ["text", {"text": "t", "inline": False}]
    assert rows == [["C"], [span("E", col=2)]]


@pytest.mark.parametrize(
    ("call", "kind", "why"),
    [
        (lambda: put_table("text"), TypeError, "takes a list of rows, not 'text'"),
        (lambda: put_table({"a": 1}), TypeError, "takes a list of rows"),
        (lambda: put_table(3), TypeError, "takes a list of rows"),  # type: ignore[arg-type]
        (lambda: put_table(["ab"]), TypeError, "a row of put_table.. is a list or a dict, not 'ab'"),
        (lambda: put_table([["a"], 3]), TypeError, "not 3"),  # type: ignore[list-item]
        (lambda: put_table([["a"], {"a": 1}]), TypeError, "either lists or dicts"),
        (lambda: put_table([{"a": 1}, ["a"]]), TypeError, "either lists or dicts"),
        (lambda: put_table([["a"]], "ab"), TypeError, "takes a list as header"),
        (lambda: put_table([{"a": 1}], [("a", "b", "c")]), ValueError, "a pair of label and key"),
        (lambda: span("a", row=0), ValueError, "span.row=.*from 1 to 1000, not 0"),
        (lambda: span("a", col=1.5), ValueError, "not 1.5"),  # type: ignore[arg-type]
    ],
)
async def test_what_is_no_table_is_refused_in_the_call(
    stage: Stage, call: Callable[[], Any], kind: type[Exception], why: str
) -> None:
    with pytest.raises(kind, match=why):
        await stage.show(call)
