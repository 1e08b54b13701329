"""Rows of all kinds, read into columns."""

from __future__ import annotations

import datetime
from collections import OrderedDict
from fractions import Fraction
from typing import Any

import numpy
import pytest

from deskapp.script.table_records import cell, cell_text, is_blank, is_number, read_records


def table(records: object, **options: Any) -> dict[str, list[Any]]:
    found = read_records(records, "f()", **options)
    assert all(len(column) == found.count for column in found.values)
    return {".".join(path): column for path, column in zip(found.paths, found.values, strict=True)}


def test_dicts_that_are_alike_become_columns() -> None:
    assert table([{"a": 1, "b": "x"}, {"a": 2, "b": None}]) == {"a": [1, 2], "b": ["x", None]}
    assert table(iter([{1: 2}])) == {"1": [2]}


def test_dicts_that_differ_have_gaps() -> None:
    assert table([{"a": 1}, {"b": 2}, {"b": 3, "a": 4}]) == {"a": [1, None, 4], "b": [None, 2, 3]}
    assert table([{"a": 1}, {}, {"a": 3}, {}]) == {"a": [1, None, 3, None]}


def test_dicts_in_dicts_become_columns_of_their_own() -> None:
    rows = [{"a": {"b": 1, "c": {"d": 2}}, "e": 3}, {"a": {"b": 4}, "e": {}}]
    assert table(rows) == {"a.b": [1, 4], "a.c.d": [2, None], "e": [3, {}]}
    assert table([OrderedDict(a=OrderedDict(b=1))]) == {"a.b": [1]}


def test_keys_that_are_written_alike_are_one_column() -> None:
    assert table([{1: "x", "1": "y"}]) == {"1": ["y"]}


def test_lists_stand_under_a_header() -> None:
    assert table([["a", "b"], [1, 2], (3, 4)]) == {"a": [1, 3], "b": [2, 4]}
    assert table([["a", "b"]]) == {"a": [], "b": []}


def test_columns_can_be_chosen() -> None:
    assert table([{"a": 1, "b": {"c": 2}}], paths=[("b", "c"), ("d",)]) == {"b.c": [2], "d": [None]}
    assert table([], paths=[("a",)]) == {"a": []}


@pytest.mark.parametrize(
    ("records", "error", "why"),
    [
        (3, TypeError, "takes rows, each a dict, or a data frame of pandas, not int"),
        ("text", TypeError, "not str"),
        ({"a": 1}, TypeError, "not dict"),
        ([], ValueError, r"no rows: say with column_order=\[…\]"),
        ([{"a": 1}, [1]], TypeError, r"was given \[1\] as row 1"),
        ([1, 2], TypeError, "was given 1 as a row"),
        ([["a", "a"], [1, 2]], ValueError, "two columns of the same name"),
        ([["a", "b"], [1]], ValueError, r"finds 2 names in the header, and \[1\] as row 1"),
    ],
)
def test_what_is_no_table_is_refused(records: object, error: type[Exception], why: str) -> None:
    with pytest.raises(error, match=why):
        read_records(records, "f()")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        ("x", "x"),
        (True, True),
        (3, 3),
        (2**60, str(2**60)),
        (0.5, 0.5),
        (float("nan"), None),
        (float("-inf"), "-inf"),
        (numpy.int8(3), 3),
        (numpy.float32(0.5), 0.5),
        (numpy.bool_(True), True),
        (datetime.date(2024, 2, 29), "2024-02-29"),
        (Fraction(1, 2), "1/2"),
        ([1, {"ä": None}], '[1, {"ä": null}]'),
        ({"a": Fraction(1, 2)}, '{"a": "1/2"}'),
    ],
)
def test_a_cell_shows(value: object, shown: object) -> None:
    assert cell(value) == shown
    assert type(cell(value)) is type(shown)


def test_what_counts_as_blank_and_as_a_number() -> None:
    values: list[object] = [None, "", float("nan"), 0, False, " ", []]
    assert [is_blank(value) for value in values] == [True] * 3 + [False] * 4
    kinds = [int, float, bool, str, numpy.int64, numpy.float32, numpy.bool_, Fraction]
    assert [is_number(kind) for kind in kinds] == [True, True, False, False, True, True, False, False]
    assert cell_text(True) == "true"
