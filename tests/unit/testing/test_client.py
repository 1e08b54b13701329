"""The page without a browser keeps the rules of a real one, and breaks them when told to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from deskapp.bridge import messages
from deskapp.errors import ProtocolError
from deskapp.testing import AppHarness, Ref, TestClient
from tests.unit.session.classes import Label, Main


@pytest.fixture
def app() -> Iterator[AppHarness]:
    with AppHarness() as harness:
        yield harness


def test_messages_are_found_by_kind_and_fields(app: AppHarness) -> None:
    main: Any = app.session(Main).app
    page = app.page(main)
    assert [m.id for m in page.of(messages.INSTANTIATE)] == [main.id, main.label.id]
    assert page.last(messages.INSTANTIATE).cls == "Label"
    assert page.last(messages.INSTANTIATE, cls="Main").id == main.id
    with pytest.raises(LookupError, match="no RESULT"):
        page.last(messages.RESULT)


def test_an_object_is_found_by_component_or_id(app: AppHarness) -> None:
    main: Any = app.session(Main).app
    page = app.page(main)
    assert page.find(main) is page.find(main.id)
    with pytest.raises(LookupError, match="no object 'Nobody_1'"):
        page.find("Nobody_1")


def test_mutations_are_followed(app: AppHarness) -> None:
    main: Any = app.session(Main).app
    page = app.page(main)
    main.set_items([1, 2])
    main.set_table({"a": 1})
    app.settle()
    with main:
        main._mutate_items([9], "insert", 1)
        main._mutate_items(1, "remove", 0)
        main._mutate_table({"b": 2}, "insert")
        main._mutate_table(["a"], "remove")
    app.settle()
    assert page.prop(main, "items") == [9, 2]
    assert page.prop(main, "table") == {"b": 2}


def test_an_obedient_page_reports_follows_and_ends(app: AppHarness) -> None:
    main: Any = app.session(Main).app
    app.page(main)
    assert main.label.text == "hello"
    main.label.set_text("next")
    app.settle()
    assert main.label.text == "next"
    main.label.dispose()
    app.settle()
    assert main.label._disposed


def test_a_page_that_does_not_obey_does_nothing_by_itself(app: AppHarness) -> None:
    main: Any = app.session(Main).app
    page = app.page(main, obedient=False)
    main.label.set_text("next")
    main.label.dispose()
    app.settle()
    assert main.label.text == ""
    assert not main.label._disposed
    assert page.of(messages.INVOKE)


def test_nothing_is_said_before_it_is_connected(app: AppHarness) -> None:
    session = app.session(Main)
    page = TestClient(session)
    assert not page.is_connected
    page.invoke("Main_1", "add", 1)
    page.settle()
    assert session.app.count == 0  # type: ignore[union-attr]


def test_a_reload_forgets_all_but_the_key(app: AppHarness) -> None:
    main: Any = app.session(Main).app
    page = app.page(main)
    page.make(Label, "Label_1js")
    heap, key = page.heap, page.key
    assert page.reload() == "rebuild"
    assert page.heap != heap
    assert page.key == key
    assert "Label_1js" not in page.objects


def test_references_are_values(app: AppHarness) -> None:
    main: Any = app.session(Main).app
    page = app.page(main)
    assert page.ref(main) == Ref(main.session.id, main.id)
    page.invoke(main, "keep", main, page.ref(main))
    app.settle()
    assert main.heard == [main, main]


def test_python_that_breaks_the_rules_is_found_out(app: AppHarness) -> None:
    page = app.page(app.session(Main))
    with pytest.raises(ProtocolError):
        page.take('[99,0,[["READY"]]]')
    with pytest.raises(ProtocolError):
        TestClient(app.session(Main)).take('[1,0,[["READY"]]]')


def test_a_page_says_only_what_pages_say(app: AppHarness) -> None:
    page = app.page(app.session(Main))
    with pytest.raises(ValueError, match="not for this side"):
        page.send(messages.READY())


def test_a_closed_page_says_nothing_more(app: AppHarness) -> None:
    session = app.session(Main)
    page = app.page(session)
    session.close(1000, "over")
    page.invoke("Main_1", "add", 1)
    page.settle()
    assert page.closed == messages.CLOSE(1000, "over")


def test_logs_and_failures_of_the_page_can_be_made(app: AppHarness, caplog: Any) -> None:
    page = app.page(app.session(Main))
    page.log("error", "a line")
    page.fail(1, "E", "text")
    app.settle()
    assert "a line" in caplog.text
