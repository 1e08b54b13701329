"""Tables of any length: what the page is told, what it may ask, and what programs may change."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest

from deskapp.errors import CodecError, SessionNotFoundException, WrongKindOfSession
from deskapp.output import datatable_insert, datatable_remove, datatable_update, put_datatable
from deskapp.script import datatable
from deskapp.script.table_source import TableSource
from deskapp.testing import AppHarness
from tests.unit.script.data_page import Page, libraries, library_folder, shown

__all__ = ["libraries", "library_folder"]

pytestmark = pytest.mark.usefixtures("libraries")

ROWS = [{"name": f"n{at}", "age": at % 7} for at in range(250)]


@pytest.fixture
async def harness() -> AsyncIterator[AppHarness]:
    async with AppHarness() as harness:
        yield harness


async def asked(harness: AppHarness, page: Page, start: int = 0, stop: int = 100, **question: Any) -> dict[str, Any]:
    name = page.put("datatable")["rows"]
    answer: dict[str, Any] = await page.ask(harness, name, {"start": start, "stop": stop, **question})
    return answer


async def test_the_first_rows_come_with_the_table_and_others_when_they_are_asked_for(harness: AppHarness) -> None:
    _, page = await shown(harness, lambda: put_datatable(ROWS, height="50vh", instance_id="people"))
    props = page.put("datatable")
    assert (len(props["first"]["rows"]), props["first"]["total"]) == (datatable.FIRST_ROWS, 250)
    assert [(each["name"], each["number"]) for each in props["columns"]] == [("name", False), ("age", True)]
    assert (props["height"], props["label"], props["multiple"], props["select"]) == ("50vh", "people", False, "")
    answer = await asked(harness, page, 248, 348)  # the function has ended
    assert answer == {"rows": [[248, "n248", 3], [249, "n249", 4]], "total": 250}
    answer = await asked(harness, page, sort=[[1, "desc"]], filter={"0": {"type": "contains", "filter": "9"}})
    assert answer["total"] == 43
    assert answer["rows"][0] == [69, "n69", 6]


async def test_long_tables_are_sorted_off_the_loop(harness: AppHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datatable, "MAX_ROWS_ON_LOOP", 10)
    threads = []
    order = TableSource.order

    def noted(self: Any, *args: Any) -> Any:
        threads.append(threading.current_thread().name)
        return order(self, *args)

    _, page = await shown(harness, lambda: put_datatable(ROWS))
    monkeypatch.setattr(TableSource, "order", noted)
    assert (await asked(harness, page, sort=[[0, "desc"]]))["rows"][0][1] == "n99"
    assert (await asked(harness, page, 1, 2, sort=[[0, "desc"]]))["rows"] == [[98, "n98", 0]]  # it is at hand now
    assert threads == ["deskapp-table", threading.main_thread().name]


async def test_what_a_page_may_not_ask_is_refused(
    harness: AppHarness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(datatable, "MAX_ROWS_ON_LOOP", 10)
    _, page = await shown(harness, lambda: put_datatable(ROWS))
    assert await asked(harness, page, sort=[[5, "asc"]]) == {"error": "the table has 2 columns, and no column 5"}
    for question in (None, {"start": "x"}, {"start": 0, "stop": 1, "sort": [[1]]}):
        page.do(page.put("datatable")["rows"], question)
        await harness.quiet()
    assert "a table is asked for rows with an object, not None" in caplog.text
    assert "rows of a table have whole numbers, not 'x' to None" in caplog.text
    assert (await asked(harness, page, 0, 1))["total"] == 250


async def test_functions_are_called_with_the_ids_of_chosen_rows(harness: AppHarness) -> None:
    calls: list[Any] = []

    def main() -> None:
        actions = [("Open", lambda row: calls.append(("open", row))), None]
        put_datatable(ROWS, actions, lambda row: calls.append(("select", row)), id_field="name")
        put_datatable(ROWS, [("Open", lambda rows: calls.append(rows))], multiple_select=True)

    _, page = await shown(harness, main, ends=False)
    await harness.until(lambda: len(page.scripts("put")) == 2)
    one, many = page.put("datatable", 0), page.put("datatable", 1)
    assert [each and each["label"] for each in one["actions"]] == ["Open", None]
    page.do(one["select"], [3])
    await harness.until(lambda: calls == [("select", "n3")])
    page.do(one["actions"][0]["on"], [4])
    await harness.until(lambda: calls[1:] == [("open", "n4")])
    page.do(many["actions"][0]["on"], [4, 2, 999])
    await harness.until(lambda: calls[2:] == [[4, 2]])


async def test_coroutines_are_called_in_the_session_of_one(harness: AppHarness) -> None:
    calls: list[Any] = []

    async def select(row: Any) -> None:
        calls.append(row)

    async def main() -> None:
        put_datatable(ROWS, onselect=select)

    _, page = await shown(harness, main, ends=False)
    await harness.until(lambda: page.scripts("put"))
    page.do(page.put("datatable")["select"], [5])
    await harness.until(lambda: calls == [5])

    def plain() -> None:
        with pytest.raises(WrongKindOfSession):
            put_datatable(ROWS, onselect=select)

    await shown(harness, plain)


async def test_the_page_is_told_once_that_something_changed_until_it_asks(harness: AppHarness) -> None:
    def main() -> None:
        put_datatable(ROWS, instance_id="t")
        for age in range(100):
            datatable_update("t", age, row_id=3, field="age")
        datatable_update("t", {"name": "other"}, row_id=4)
        datatable_insert("t", {"name": "first"}, row_id=0)
        datatable_insert("t", [{"name": "last"}])

    _, page = await shown(harness, main)
    assert page.changes("changed") in ([], [[]])  # none if the table itself had not left
    answer = await asked(harness, page, 0, 252)
    assert (answer["total"], answer["rows"][0][1:], answer["rows"][-1][1:]) == (252, ["first", None], ["last", None])
    assert answer["rows"][4:6] == [[3, "n3", 99], [4, "other", None]]


async def test_pages_learn_which_rows_have_gone_and_when_all_are_others(harness: AppHarness) -> None:
    go = threading.Event()

    def main() -> None:
        put_datatable(ROWS, instance_id="t")
        go.wait(5)
        datatable_remove("t", [1, 2])
        datatable_remove("t", 0)
        datatable_update("t", [{"x": 1}])

    handle, page = await shown(harness, main, ends=False)
    await harness.until(lambda: page.scripts("put"))
    go.set()
    await harness.until(handle.done)
    await harness.until(lambda: page.changes("columns"))
    assert [sorted(keys) for keys in page.changes("changed")][:2] == [[1, 2], [0]]
    assert [each["name"] for each in page.changes("columns")[0]] == ["x"]
    assert (await asked(harness, page))["rows"] == [[0, 1]]


async def test_a_table_that_has_gone_is_forgotten(harness: AppHarness) -> None:
    go = threading.Event()

    def main() -> None:
        put_datatable(ROWS, instance_id="t")
        go.wait(5)
        with pytest.raises(LookupError, match="finds no table 't' in the page; there are: none with an instance_id"):
            datatable_remove("t", 1)

    handle, page = await shown(harness, main, ends=False)
    await harness.until(lambda: page.scripts("put"))
    page.do(page.put("datatable")["gone"])
    await harness.quiet()
    go.set()
    await harness.until(handle.done)
    handle.result()


async def test_columns_have_their_properties(harness: AppHarness) -> None:
    rows = [{"a": {"b": 1}, "b": 2, "c": 3}]
    arguments: dict[Any, Any] = {"b": {"width": 70}, ("a", "b"): {"pinned": "left"}}
    options = {"rowHeight": 30}

    def main() -> None:
        put_datatable(rows, column_args=arguments, grid_args=options, column_order={"b": None, "a": {"b": None}})

    _, page = await shown(harness, main)
    assert page.put("datatable")["columns"] == [
        {"name": "b", "number": True, "args": {"width": 70}},
        {"name": "a.b", "number": True, "args": {"width": 70, "pinned": "left"}},
    ]
    assert page.put("datatable")["options"] == options


async def test_a_long_table_is_not_as_high_as_its_rows(harness: AppHarness, caplog: pytest.LogCaptureFixture) -> None:
    _, page = await shown(harness, lambda: put_datatable(ROWS, height="auto"))
    assert page.put("datatable")["height"] == "auto"
    _, page = await shown(harness, lambda: put_datatable([{"a": 1}] * 1001, height="auto"))
    assert page.put("datatable")["height"] == "600px"
    assert "1001 rows, too many for height='auto'" in caplog.text


WRONG: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"records": 3}, TypeError, "takes rows"),
    ({"records": []}, ValueError, "column_order"),
    ({"enterprise_key": "x"}, ValueError, "AG Grid Community, which takes no enterprise_key"),
    ({"theme": "alpin"}, ValueError, "no theme 'alpin'; did you mean 'alpine'"),
    ({"actions": ["Open"]}, TypeError, "a label and a function, or None, not 'Open'"),
    ({"actions": [("Open", None)]}, TypeError, "a label and a function"),
    ({"onselect": 3}, TypeError, "takes a function to call, not 3"),
    ({"height": 0}, TypeError, "takes px, or a height of CSS"),
    ({"height": -3}, ValueError, "above zero, not -3"),
    ({"id_field": 3}, TypeError, "the keys that lead to it, not by 3"),
    ({"id_field": "age"}, ValueError, "an id of its own"),
    ({"column_order": "name"}, TypeError, "names of columns as column_order, not 'name'"),
    ({"column_order": ["a", "a"]}, ValueError, "each once"),
    ({"column_args": {"name": 3}}, TypeError, "a dict of properties for column 'name', not 3"),
    ({"grid_args": {"rowData": []}}, ValueError, "sets rowData of the grid itself"),
    ({"grid_args": {"onSortChanged": print}}, CodecError, "put_datatable"),
    ({"column_args": {"name": {"valueFormatter": print}}}, CodecError, "put_datatable"),
]


@pytest.mark.parametrize(("wrong", "error", "why"), WRONG)
async def test_bad_arguments_are_refused_before_anything_is_sent(
    harness: AppHarness, wrong: dict[str, Any], error: type[Exception], why: str
) -> None:
    def main() -> None:
        with pytest.raises(error, match=why):
            put_datatable(**{"records": ROWS, **wrong})

    _, page = await shown(harness, main)
    assert page.scripts("put") == []


async def test_tables_are_known_by_their_names(harness: AppHarness) -> None:
    def main() -> None:
        put_datatable(ROWS, instance_id="a")
        with pytest.raises(LookupError, match="finds no table 'b' in the page; there are: 'a'"):
            datatable_update("b", [])
        with pytest.raises(ValueError, match="say which one with row_id"):
            datatable_update("a", 1, field="age")
        with pytest.raises(LookupError, match="finds no row 999"):
            datatable_insert("a", {}, row_id=999)

    await shown(harness, main)


def test_outside_of_sessions_there_are_no_tables() -> None:
    with pytest.raises(SessionNotFoundException):
        put_datatable(ROWS)
    with pytest.raises(SessionNotFoundException):
        datatable_remove("t", 1)
