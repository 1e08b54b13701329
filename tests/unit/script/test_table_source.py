"""Rows sorted, filtered, changed; each found again by its key and its id."""

from __future__ import annotations

import random
from typing import Any

import pytest

from deskapp.script.table_source import MAX_CONDITIONS, MAX_WINDOW, TableSource

ROWS = [
    {"name": "Béla", "age": 30, "ok": True},
    {"name": "anna", "age": None, "ok": False},
    {"name": "Carl", "age": 4.5, "ok": True},
    {"name": "", "age": 30, "ok": None},
]


def source(records: object = ROWS, **options: Any) -> TableSource:
    return TableSource(records, "f()", **options)


def column(table: TableSource, at: int, sort: list[Any] | None = None, **filters: Any) -> list[Any]:
    """Cells of a column in an order."""
    order = table.order(sort or [], {key.removeprefix("c"): model for key, model in filters.items()})
    return [row[at + 1] for row in table.window(0, MAX_WINDOW, order)]


def test_rows_have_keys_that_stay_with_them() -> None:
    table = source()
    assert table.window(1, 3, table.order()) == [[1, "anna", None, False], [2, "Carl", 4.5, True]]
    assert [row[0] for row in table.window(0, 9, table.order([[0, "asc"]]))] == [1, 0, 2, 3]
    assert table.number_columns == [False, True, False]
    assert len(table) == 4


def test_a_window_is_bounded() -> None:
    table = source([{"a": n} for n in range(MAX_WINDOW + 10)])
    assert len(table.window(0, 10**9, table.order())) == MAX_WINDOW
    assert table.window(-5, 1, table.order()) == [[0, 0]]
    assert table.window(5000, 5001, table.order()) == []


def test_rows_are_sorted_with_blank_cells_last_both_ways() -> None:
    table = source()
    assert column(table, 0, [[0, "asc"]]) == ["anna", "Béla", "Carl", ""]
    assert column(table, 0, [[0, "desc"]]) == ["Carl", "Béla", "anna", ""]
    assert column(table, 1, [[1, "desc"]]) == [30, 30, 4.5, None]


def test_rows_that_are_equal_keep_their_order_and_may_be_sorted_further() -> None:
    table = source()
    assert column(table, 0, [[1, "asc"]]) == ["Carl", "Béla", "", "anna"]
    assert column(table, 0, [[1, "desc"]]) == ["Béla", "", "Carl", "anna"]
    assert column(table, 0, [[2, "asc"], [0, "desc"]]) == ["anna", "Carl", "Béla", ""]


def test_values_of_several_types_are_sorted_numbers_first() -> None:
    table = source([{"a": value} for value in ("b", 3, [1], "A", 1.5, None)])
    assert column(table, 0, [[0, "asc"]]) == [1.5, 3, "[1]", "A", "b", None]


@pytest.mark.parametrize(
    ("model", "found"),
    [
        ({"type": "contains", "filter": "A"}, ["Béla", "anna", "Carl"]),
        ({"type": "notContains", "filter": "a"}, [""]),
        ({"type": "equals", "filter": "béla"}, ["Béla"]),
        ({"type": "notEqual", "filter": "béla"}, ["anna", "Carl", ""]),
        ({"type": "startsWith", "filter": "a"}, ["anna"]),
        ({"type": "endsWith", "filter": "L"}, ["Carl"]),
        ({"type": "blank"}, [""]),
        ({"type": "notBlank"}, ["Béla", "anna", "Carl"]),
        ({"operator": "OR", "conditions": [{"type": "blank"}, {"type": "startsWith", "filter": "b"}]}, ["Béla", ""]),
        (
            {
                "operator": "AND",
                "conditions": [{"type": "contains", "filter": "a"}, {"type": "endsWith", "filter": "a"}],
            },
            ["Béla", "anna"],
        ),
    ],
)
def test_texts_are_filtered(model: dict[str, Any], found: list[str]) -> None:
    assert column(source(), 0, c0=model) == found


@pytest.mark.parametrize(
    ("model", "found"),
    [
        ({"type": "equals", "filter": 30}, [0, 3]),
        ({"type": "notEqual", "filter": 30}, [2]),
        ({"type": "lessThan", "filter": 30}, [2]),
        ({"type": "lessThanOrEqual", "filter": 4.5}, [2]),
        ({"type": "greaterThan", "filter": 4.5}, [0, 3]),
        ({"type": "greaterThanOrEqual", "filter": 4.5}, [0, 2, 3]),
        ({"type": "inRange", "filter": 4, "filterTo": 5}, [2]),
        ({"type": "blank"}, [1]),
        ({"type": "notBlank"}, [0, 2, 3]),
    ],
)
def test_numbers_are_filtered(model: dict[str, Any], found: list[int]) -> None:
    table = source()
    assert list(table.order([], {"1": model})) == found


def test_bools_are_filtered_by_what_is_shown() -> None:
    assert list(source().order([], {"2": {"type": "equals", "filter": "true"}})) == [0, 2]


def test_several_filters_hold_at_once() -> None:
    filters = {"0": {"type": "contains", "filter": "a"}, "1": {"type": "equals", "filter": 30}}
    assert list(source().order([[0, "asc"]], filters)) == [0]


@pytest.mark.parametrize(
    ("sort", "filters", "why"),
    [
        ([[9, "asc"]], {}, "has 3 columns, and no column 9"),
        ([[0, "up"]], {}, "'asc' or 'desc', not 'up'"),
        ([["x", "asc"]], {}, "no column 'x'"),
        ([[0, "asc"]] * (MAX_CONDITIONS + 1), {}, f"at most {MAX_CONDITIONS} columns"),
        ([], {"0": {"type": "__class__", "filter": "x"}}, "cannot be filtered by"),
        ([], {"0": {"type": "contains", "filter": None}}, "cannot be filtered by"),
        ([], {"1": {"type": "contains", "filter": 3}}, "numbers cannot be filtered by 'contains'"),
        ([], {"1": {"type": "inRange", "filter": 3}}, "numbers cannot be filtered by 'inRange'"),
        ([], {"0": []}, r"an object, not \[\]"),
        ([], {"0": {"operator": "OR", "conditions": []}}, "has 1 to 20 conditions"),
    ],
)
def test_orders_that_make_no_sense_are_refused(sort: list[Any], filters: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        source().order(sort, filters)


def test_orders_are_kept_until_something_changes() -> None:
    table = source()
    first = table.order([[0, "asc"]])
    assert table.has_order([[0, "asc"]], {})
    assert table.order([[0, "asc"]]) is first
    for at in range(3):
        table.order([[at, "desc"]])
    table.order([[1, "asc"]])
    assert not table.has_order([[0, "asc"]], {})
    table.set_cell(0, ("name",), "Zoe", "f()")
    assert not table.has_order([[1, "asc"]], {})
    assert table.has_order([], {})


# -- changes -----------------------------------------------------------------------------------------------------------


def test_new_rows_have_new_numbers() -> None:
    table = source()
    table.insert({"name": "Dora", "else": 1}, "f()")
    table.insert([{"name": "Eva", "age": 1}, {"age": 2}], "f()", before=1)
    assert column(table, 0) == ["Béla", "Eva", None, "anna", "Carl", "", "Dora"]
    assert [row[0] for row in table.window(0, 9, table.order())] == [0, 5, 6, 1, 2, 3, 4]
    assert table.ids([6, 99, "x"]) == [6]


def test_rows_are_removed_by_their_ids_or_not_at_all() -> None:
    table = source()
    with pytest.raises(LookupError, match="finds no row 7"):
        table.remove([1, 7], "f()")
    assert table.remove([2, 0], "f()") == [2, 0]
    assert column(table, 0) == ["anna", ""]
    assert table.ids([0, 1, 3]) == [1, 3]
    table = source([{"a": n} for n in range(50)])
    table.remove(range(0, 50, 2), "f()")
    assert column(table, 0) == list(range(1, 50, 2))


def test_ids_may_be_values_of_a_column() -> None:
    table = source([{"k": {"id": "x"}, "v": 1}, {"k": {"id": "y"}, "v": 2}], id_path=("k", "id"))
    assert table.ids([1, 0]) == ["y", "x"]
    table.set_row("y", {"v": 3}, "f()")
    table.set_cell("x", ("v",), 4, "f()")
    assert [column(table, at) for at in (0, 1)] == [["x", "y"], [4, 3]]
    table.set_cell("x", ("k", "id"), "z", "f()")
    with pytest.raises(LookupError, match="no row 'x'"):
        table.remove(["x"], "f()")
    table.remove(["z"], "f()")
    table.insert({"k": {"id": "x"}}, "f()", before="y")
    assert table.ids([0, 1, 2]) == ["y", "x"]


def test_a_hidden_column_may_have_the_ids() -> None:
    table = source([{"id": 7, "v": 1}], id_path=("id",), paths=[("v",)])
    assert (table.paths, table.ids([0])) == ([("v",)], [7])
    table.replace([{"v": 2, "id": 8}], "f()")
    assert (column(table, 0), table.ids([1])) == ([2], [8])


@pytest.mark.parametrize("ids", [["x", "x"], ["x", None]])
def test_each_row_needs_an_id_of_its_own(ids: list[Any]) -> None:
    rows = [{"id": each} for each in ids]
    with pytest.raises(ValueError, match="needs an id of its own"):
        source(rows, id_path=("id",))
    table = source(rows[:1], id_path=("id",))
    with pytest.raises(ValueError, match="needs an id of its own"):
        table.insert(rows[1:], "f()")
    table.insert({"id": "y"}, "f()")
    with pytest.raises(ValueError, match="needs an id of its own"):
        table.set_row("y", rows[1], "f()")
    assert column(table, 0) == ["x", "y"]


def test_what_is_not_there_is_named() -> None:
    table = source()
    with pytest.raises(ValueError, match="finds no column 'id', which id_field names"):
        source(id_path=("id",))
    with pytest.raises(LookupError, match=r"no column 'a.b' in the table; there are 'name', 'age', 'ok'"):
        table.set_cell(0, ("a", "b"), 1, "f()")
    with pytest.raises(TypeError, match="takes a dict for a row"):
        table.set_row(0, [1], "f()")
    with pytest.raises(TypeError, match="takes rows, each a dict, not int"):
        table.insert(3, "f()")


def test_other_rows_may_come_in_their_place() -> None:
    table = source()
    table.order([[0, "asc"]])
    table.replace([{"x": 1}, {"x": 2}], "f()")
    assert (table.paths, len(table), table.ids([0, 1, 2])) == ([("x",)], 2, [0, 1])
    assert column(table, 0, [[0, "desc"]]) == [2, 1]


def test_a_long_column_is_sorted_as_python_sorts() -> None:
    values = [random.Random(1).random() for _ in range(5000)]
    table = source([{"v": value} for value in values])
    order = table.order([[0, "asc"]])
    assert [values[at] for at in order] == sorted(values)
