from __future__ import annotations

from typing import Any

import pytest

from deskapp.bridge import messages
from deskapp.errors import CodecError, NotDeclared
from deskapp.session import Session
from deskapp.testing import AppHarness, Ref, TestClient
from tests.unit.session.classes import Main


@pytest.fixture
def page(app: AppHarness) -> TestClient:
    page = app.page(app.session(Main))
    page.messages.clear()
    return page


def send(page: TestClient, *command: object) -> messages.Message:
    page.session.send_command(*command)
    page.settle()
    (said,) = page.messages
    return said


@pytest.mark.parametrize(("name", "level"), [("PRINT", "log"), ("INFO", "info"), ("WARN", "warn"), ("ERROR", "error")])
def test_lines_go_to_the_pages_console(page: TestClient, name: str, level: str) -> None:
    assert send(page, name, "hi") == messages.NOTICE("console", {"level": level, "text": "hi"})


def test_a_line_may_be_made_of_anything(page: TestClient) -> None:
    assert send(page, "PRINT", 3) == messages.NOTICE("console", {"level": "log", "text": "3"})


def test_code_is_evaluated_and_nobody_waits(page: TestClient) -> None:
    assert send(page, "EXEC", "f()") == messages.CALL(0, "f()", {})
    page.messages.clear()
    assert send(page, "EVAL", "1 + 1") == messages.CALL(-1, "1 + 1", {})


def test_an_expression_may_be_about_a_component(page: TestClient) -> None:
    main: Any = page.session.app
    said = send(page, "EVAL", main.id, "count + 1")
    assert said == messages.CALL(-1, "$component.count + 1", {"$component": Ref(page.session.id, main.id)})


@pytest.mark.parametrize(("kind", "expected"), [("JS", "js"), ("JS-EVAL", "js"), ("CSS", "css"), ("css", "css")])
def test_scripts_and_styles_are_defined(page: TestClient, kind: str, expected: Any) -> None:
    assert send(page, "DEFINE", kind, "extra", "text") == messages.DEFINE(expected, "extra", "text", "")


def test_an_address_is_opened(page: TestClient) -> None:
    said = send(page, "OPEN", "https://example.org/")
    assert isinstance(said, messages.CALL)
    assert (said.req, said.args) == (0, {"url": "https://example.org/"})
    assert "window.open(url" in said.code


def test_an_action_of_an_object_in_the_page_is_asked_for(page: TestClient) -> None:
    label = page.session.app.label.id  # type: ignore[union-attr]
    assert send(page, "INVOKE", label, "set_text", ["x"]) == messages.INVOKE(label, "set_text", ["x"], 0)


def test_a_component_is_ended_by_its_id(page: TestClient) -> None:
    label = page.session.app.label.id  # type: ignore[union-attr]
    page.session.send_command("DISPOSE", label)
    page.settle()
    assert page.of(messages.DISPOSE, id=label)
    assert page.session.get_component_instance(label) is None


@pytest.mark.parametrize(
    ("command", "error", "words"),
    [
        ((), TypeError, "begins with its name"),
        ((3, "x"), TypeError, "begins with its name"),
        (("PRNT", "x"), ValueError, "did you mean 'PRINT'"),
        (("print", "x"), ValueError, "did you mean 'PRINT'"),
        (("NOPE",), ValueError, "It is one of PRINT, "),
        (("INSTANTIATE", "m", "C", "C_1", [], {}), ValueError, "by itself"),
        (("PING", 1), ValueError, "by itself"),
        (("PRINT",), TypeError, "send_command('PRINT', text)"),
        (("EVAL",), TypeError, "'EVAL'"),
        (("EXEC", 3), TypeError, "'EXEC'"),
        (("DEFINE", "JS", "name"), TypeError, "kind, name, code"),
        (("DEFINE", "HTML", "name", "x"), ValueError, "'HTML'"),
        (("OPEN", "javascript:alert(1)"), ValueError, "javascript"),
        (("OPEN", "file:///etc/passwd"), ValueError, "file"),
        (("INVOKE", "Label_9", "set_text", []), LookupError, "Label_9"),
        (("INVOKE", "Main_1", "add", [1]), NotDeclared, "Main_1"),
        (("INVOKE", "Main_1", "add"), TypeError, "component_id, action"),
        (("INVOKE", "Label_2", "dispose", []), NotDeclared, "dispose"),
        (("INVOKE", "Label_2", "set_text", [object()]), CodecError, "set_text"),
        (("EVAL", "Nobody_1", "x"), LookupError, "Nobody_1"),
        (("DISPOSE", "Nobody_1"), LookupError, "Nobody_1"),
    ],
)
def test_a_wrong_command_is_refused_and_nothing_is_sent(
    page: TestClient, command: tuple[object, ...], error: type[Exception], words: str
) -> None:
    with pytest.raises(error) as caught:
        page.session.send_command(*command)
    assert words in str(caught.value)
    page.settle()
    assert page.messages == []


def test_a_command_waits_for_the_page(app: AppHarness) -> None:
    session = app.session(Main)
    session.send_command("PRINT", "early")
    page = app.page(session)
    assert page.of(messages.NOTICE, name="console")


def test_a_closed_session_says_that_it_sends_nothing(app: AppHarness, caplog: pytest.LogCaptureFixture) -> None:
    session = app.session(Main)
    session.close()
    session.send_command("PRINT", "late")
    assert "Cannot send the command ('PRINT',); the app is closed" in caplog.text


def test_a_session_of_the_users_takes_commands_too() -> None:
    session = Session("mine")
    session.send_command("PRINT", "hi")
    assert session.status == 1
    session.close()
