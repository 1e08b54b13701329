from __future__ import annotations

import asyncio
import gc
import logging
import time
from typing import Any

import pytest

from deskapp import LocalProperty, PyComponent, event
from deskapp.bridge import messages
from deskapp.errors import CodecError, ProtocolError, SessionClosedException
from deskapp.session import _dispatch
from deskapp.session._dispatch import MAX_FAULTS, MAX_LINE, MAX_LINES, MAX_SHOWN
from deskapp.testing import AppHarness, Ref, TestClient
from tests.unit.session.classes import Label, Main


class Program:
    """A program with one session, its root and its page."""

    def __init__(self, app: AppHarness, cls: type = Main) -> None:
        self.app = app
        self.session = app.session(cls)
        self.main: Any = self.session.app
        self.page: TestClient = app.page(self.session)
        app.settle()

    def say(self, message: messages.Message) -> list[messages.FAULT]:
        """Send one message and return the faults that came of it."""
        before = len(self.page.of(messages.FAULT))
        self.page.send(message)
        self.app.settle()
        return self.page.of(messages.FAULT)[before:]


@pytest.fixture
def it(app: AppHarness) -> Program:
    return Program(app)


# -- INVOKE


class Keeper(PyComponent):
    secret = LocalProperty("s", settable=True)
    shown = event.StringProp("p", settable=True)


def test_a_local_property_is_neither_told_to_a_page_that_asks_nor_set_by_it(app: AppHarness) -> None:
    it = Program(app, Keeper)
    it.page.subscribe(it.main, "secret", "shown")
    [fault] = it.say(messages.INVOKE(it.main.id, "set_secret", ["from the page"], 0))
    assert (fault.name, fault.error) == ("set_secret", "NotDeclared")
    it.main.set_secret("ours").set_shown("x")
    app.settle()
    assert it.main.secret == "ours"
    assert [message.type for message in it.page.of(messages.EMIT)] == ["shown"]


def test_a_declared_action_is_called_with_what_was_sent(it: Program) -> None:
    assert it.say(messages.INVOKE(it.main.id, "add", [3], 0)) == []
    assert it.main.count == 3


def test_a_request_is_answered_by_a_result(it: Program) -> None:
    number = it.page.invoke(it.main, "add", 1, answered=True)
    it.app.settle()
    assert it.page.of(messages.RESULT) == [messages.RESULT(number, None, None)]


@pytest.mark.parametrize(
    "name",
    [
        "not_declared",
        "init",
        "dispose",
        "emit",
        "_mutate_count",
        "_mutate",
        "happened",
        "__class__",
        "session",
        "",
        "count",
    ],
)
def test_nothing_but_declared_actions_can_be_called(it: Program, name: str) -> None:
    (fault,) = it.say(messages.INVOKE(it.main.id, name, [], 7))
    assert (fault.error, fault.req) == ("NotDeclared", 7)
    assert it.main.heard == []
    assert it.main.count == 0


def test_a_setter_is_an_action_and_validates(it: Program) -> None:
    assert it.say(messages.INVOKE(it.main.id, "set_count", [4], 0)) == []
    (fault,) = it.say(messages.INVOKE(it.main.id, "set_count", ["x" * 10], 0))
    assert it.main.count == 4
    assert "Main_1.count" in fault.text


def test_a_wrong_argument_is_answered_and_the_action_is_not_called(it: Program) -> None:
    (fault,) = it.say(messages.INVOKE(it.main.id, "add", ["3"], 0))
    assert (fault.id, fault.name, fault.error) == (it.main.id, "add", "TypeError")
    assert it.main.count == 0


def test_an_action_of_a_javascript_component_cannot_be_called_in_python(it: Program) -> None:
    (fault,) = it.say(messages.INVOKE(it.main.label.id, "set_text", ["x"], 0))
    assert fault.error == "NotDeclared"


def test_a_failing_action_is_logged_with_traceback_component_and_name(
    it: Program, caplog: pytest.LogCaptureFixture
) -> None:
    (fault,) = it.say(messages.INVOKE(it.main.id, "fail", [], 9))
    assert (fault.error, fault.text, fault.req) == ("ZeroDivisionError", "by intent", 9)
    (record,) = [r for r in caplog.records if r.exc_info]
    assert "Main_1.fail" in record.getMessage()


def test_the_error_of_an_action_keeps_its_traceback_whatever_its_class(app: AppHarness, caplog: Any) -> None:
    class Odd(PyComponent):
        @event.action
        def go(self) -> None:
            raise ValueError("of the app's own")

    it = Program(app, Odd)
    it.say(messages.INVOKE(it.main.id, "go", [], 0))
    assert [r for r in caplog.records if r.exc_info and "of the app's own" in r.getMessage()]


def test_a_refused_message_does_not_stop_the_others_of_its_frame(it: Program) -> None:
    it.page.invoke(it.main, "nothing")
    it.page.invoke(it.main, "add", 1)
    it.app.settle()
    assert it.main.count == 1


def test_values_in_arguments_are_revived(it: Program) -> None:
    it.page.invoke(it.main, "keep", b"bytes", it.main.label, [it.main], float("inf"))
    it.app.settle()
    assert it.main.heard == [b"bytes", it.main.label, [it.main], float("inf")]


def test_an_action_runs_in_the_context_of_its_session(app: AppHarness) -> None:
    class Maker(PyComponent):
        made: Any = None

        @event.action
        def make(self) -> None:
            type(self).made = Label(text="new")

    it = Program(app, Maker)
    it.say(messages.INVOKE(it.main.id, "make", [], 0))
    assert Maker.made.session is it.session


# -- EMIT


def test_what_happens_in_the_page_is_shown_by_the_proxy(it: Program) -> None:
    label = it.main.label
    assert it.say(messages.EMIT(label.id, "text", "set", "new", -1)) == []
    assert label.text == "new"


def test_partial_mutations_of_the_page_are_applied(it: Program) -> None:
    label = it.main.label
    it.page.emit(label, "items", [1, 2, 3], "set")
    it.page.emit(label, "items", [9], "insert", 1)
    it.page.emit(label, "items", 1, "remove", 0)
    it.app.settle()
    assert label.items == [9, 2, 3]


@pytest.mark.parametrize(
    ("kind", "mutation", "value", "index"),
    [
        ("size", "set", "no number", -1),
        ("nothing", "set", 1, -1),
        ("_id", "set", "x", -1),
        ("session", "set", "x", -1),
        ("items", "insert", 3, 0),
        ("items", "insert", [1], -4),
        ("items", "remove", -1, 0),
        ("size", "insert", [1], 0),
        ("items", "replace", [1], [0, 0]),
        ("pressed", "", "no dict", -1),
        ("a:b", "", {}, -1),
        ("text", "", {"new_value": 5}, -1),
    ],
)
def test_what_no_object_can_do_is_refused_and_changes_nothing(
    it: Program, kind: str, mutation: Any, value: object, index: Any
) -> None:
    label = it.main.label
    events: list[object] = []
    label.reaction("text", lambda *e: events.extend(e))
    it.app.settle()
    events.clear()
    before = (label.text, label.size, list(label.items), label.id)
    (fault,) = it.say(messages.EMIT(label.id, kind, mutation, value, index))
    assert fault.name == kind
    assert (label.text, label.size, label.items, label.id) == before
    assert events == []


def test_a_python_component_cannot_be_mutated_by_the_page(it: Program) -> None:
    (fault,) = it.say(messages.EMIT(it.main.id, "count", "set", 5, -1))
    assert fault.error == "NotDeclared"
    assert it.main.count == 0


def test_plain_events_reach_the_reactions_that_listen(it: Program) -> None:
    heard: list[Any] = []
    it.main.label.reaction("pressed", lambda *events: heard.extend(events))
    it.app.settle()
    assert it.page.find(it.main.label).types == ["pressed"]
    it.page.emit(it.main.label, "pressed", {"n": 3, "type": "forged", "source": None})
    it.app.settle()
    assert [(e.type, e.source, e.n) for e in heard] == [("pressed", it.main.label, 3)]


# -- who is meant


def test_a_message_to_nobody_is_answered(it: Program) -> None:
    (fault,) = it.say(messages.EMIT("Nobody_9", "text", "set", "x", -1))
    assert (fault.id, fault.error) == ("Nobody_9", "LookupError")


def test_a_message_to_one_who_has_ended_is_dropped_in_silence(it: Program) -> None:
    label = it.main.label
    label.dispose()
    it.app.settle()
    assert it.say(messages.EMIT(label.id, "text", "set", "x", -1)) == []
    assert it.say(messages.INVOKE(label.id, "anything", [], 0)) == []


def test_another_sessions_components_are_out_of_reach(app: AppHarness) -> None:
    one, other = Program(app), Program(app)
    (fault,) = one.say(messages.INVOKE(f"{other.session.id}_{other.main.id}", "add", [1], 0))
    assert fault.error == "LookupError"
    one.page.invoke(one.main, "keep", Ref(other.session.id, other.main.id))
    app.settle()
    assert one.main.heard[-1] is not one.main
    assert type(one.main.heard[-1]).__name__ == "StubComponent"


# -- INSTANTIATE, DISPOSE, SUBSCRIBE


def test_an_object_made_in_the_page_gets_a_proxy_when_python_is_told(it: Program) -> None:
    it.page.make(Label, "Label_1js", {"text": "made there"})
    it.page.invoke(it.main, "keep", it.page.ref("Label_1js"))
    it.app.settle()
    (made,) = it.main.heard
    assert (type(made), made.id, made.text, made.session) == (Label, "Label_1js", "made there", it.session)


def test_making_the_same_object_twice_is_making_it_once(it: Program) -> None:
    it.page.make(Label, "Label_1js", {"text": "first"})
    it.page.invoke(it.main, "keep", it.page.ref("Label_1js"))
    it.app.settle()
    it.page.make(Label, "Label_1js", {"text": "second"})
    it.page.invoke(it.main, "keep", it.page.ref("Label_1js"))
    it.app.settle()
    assert it.main.heard[0] is it.main.heard[1]
    assert it.main.heard[0].text == "second"  # said later, as a mutation would have been


def test_a_page_makes_no_python_component(it: Program) -> None:
    module, name = it.session.js_name(Main)
    (fault,) = it.say(messages.INSTANTIATE("Main_1js", module, name, [], {}, [], [], 0))
    assert fault.error == "NotDeclared"


@pytest.mark.parametrize(("module", "name"), [("os", "system"), ("tests.unit.session.classes", "Nothing"), ("", "")])
def test_a_page_makes_only_what_it_was_given(it: Program, module: str, name: str) -> None:
    (fault,) = it.say(messages.INSTANTIATE("X_1js", module, name, [], {}, [], [], 0))
    assert fault.error == "NotDeclared"
    assert it.session.get_component_instance("X_1js") is None


def test_a_page_does_not_choose_ids_of_pythons_kind(it: Program) -> None:
    module, name = it.session.js_name(Label)
    (fault,) = it.say(messages.INSTANTIATE("Label_99", module, name, [], {}, [], [], 0))
    assert "may not choose" in fault.text


def test_an_object_with_a_wrong_value_is_not_made_at_all(it: Program) -> None:
    module, name = it.session.js_name(Label)
    it.say(messages.INSTANTIATE("Label_1js", module, name, [], {"text": "a", "size": "x"}, [], [], 0))
    assert it.session.get_component_instance("Label_1js") is None
    gc.collect()
    it.app.settle()
    assert it.page.of(messages.SUBSCRIBE, id="Label_1js") == []


def test_an_object_that_ends_in_the_page_ends_in_python(it: Program) -> None:
    label = it.main.label
    it.page.dispose(label)
    it.app.settle()
    assert label._disposed
    assert it.page.of(messages.DISPOSED, id=label.id)


def test_a_page_cannot_end_a_python_component(it: Program) -> None:
    (fault,) = it.say(messages.DISPOSE(it.main.id))
    assert fault.error == "NotDeclared"
    (fault,) = it.say(messages.DISPOSED(it.main.id))
    assert fault.error == "NotDeclared"
    assert it.session.get_component_instance(it.main.id) is not None
    assert not it.main._disposed


def test_plain_events_go_to_pages_that_asked_for_them(it: Program) -> None:
    it.main.happened("unheard")
    it.app.settle()
    it.page.subscribe(it.main, "happened")
    it.app.settle()
    it.main.happened("heard")
    it.app.settle()
    assert [m.value for m in it.page.of(messages.EMIT, type="happened")] == [{"what": "heard"}]
    it.page.subscribe(it.main)
    it.app.settle()
    it.main.happened("no more")
    it.app.settle()
    assert len(it.page.of(messages.EMIT, type="happened")) == 1


def test_a_javascript_component_is_not_subscribed_to_by_its_owner(it: Program) -> None:
    (fault,) = it.say(messages.SUBSCRIBE(it.main.label.id, ["text"]))
    assert fault.error == "NotDeclared"


# -- the rest


@pytest.mark.parametrize(
    ("level", "expected"),
    [("debug", "DEBUG"), ("log", "INFO"), ("info", "INFO"), ("warn", "WARNING"), ("error", "ERROR"), ("odd", "ERROR")],
)
def test_the_pages_console_is_logged(it: Program, caplog: pytest.LogCaptureFixture, level: str, expected: str) -> None:
    caplog.set_level(logging.DEBUG, "deskapp.page")
    it.page.log(level, "a line", "its stack")
    it.app.settle()
    assert [(r.levelname, r.getMessage()) for r in caplog.records if r.name == "deskapp.page"] == [
        (expected, "Main: a line\nits stack")
    ]


def test_a_page_that_talks_without_end_is_logged_in_part(it: Program, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "deskapp.page")
    for n in range(MAX_LINES + 50):
        it.page.log("info", str(n))
    it.app.settle()
    lines = [record.getMessage() for record in caplog.records if record.name == "deskapp.page"]
    assert len(lines) == MAX_LINES + 1
    assert "the rest is left out" in lines[-1]


def test_a_long_line_of_the_page_is_cut(it: Program, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "deskapp.page")
    it.page.log("info", "x" * (MAX_LINE + 1))
    it.app.settle()
    assert len(caplog.records[-1].getMessage()) == MAX_LINE + len("Main: ")


def test_after_a_while_a_talkative_page_is_heard_again(
    it: Program, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO, "deskapp.page")
    for _ in range(MAX_LINES + 5):
        it.page.log("info", "noise")
    it.app.settle()
    now = time.monotonic() + _dispatch.FAULT_SPAN_S
    monkeypatch.setattr("deskapp.session._dispatch.time.monotonic", lambda: now)
    it.page.log("info", "heard again")
    it.app.settle()
    assert caplog.records[-1].getMessage() == "Main: heard again"


def test_a_fault_of_the_page_is_logged_and_not_answered(it: Program, caplog: pytest.LogCaptureFixture) -> None:
    assert it.say(messages.FAULT("X_1", "text", "TypeError", "no", 0)) == []
    assert "the page refused text of X_1: TypeError: no" in caplog.text


def test_a_wish_to_the_window_that_it_does_not_know_is_refused(it: Program) -> None:
    (fault,) = it.say(messages.HOST("fly", None))
    assert "fly" in fault.text


def test_a_result_that_nobody_asked_for_is_dropped(it: Program) -> None:
    assert it.say(messages.RESULT(12, None, None)) == []


def test_what_only_python_says_breaks_the_rules(it: Program) -> None:
    with pytest.raises(ProtocolError):
        it.page.send_frame('[1,0,[["READY"]]]')


def test_a_hundred_refusals_in_ten_seconds_end_the_session(it: Program) -> None:
    for _ in range(MAX_FAULTS):
        it.page.invoke(it.main, "nothing")
    with pytest.raises(ProtocolError, match="had to be refused"):
        it.app.settle()


def test_fewer_refusals_do_not(it: Program) -> None:
    for _ in range(MAX_FAULTS - 1):
        it.page.invoke(it.main, "nothing")
    it.app.settle()
    assert len(it.page.of(messages.FAULT)) == MAX_FAULTS - 1
    it.page.invoke(it.main, "add", 1)
    it.app.settle()
    assert it.main.count == 1


def test_refusals_that_are_far_apart_do_not(it: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("deskapp.session._dispatch.time.monotonic", lambda: now[0])
    for _ in range(3 * MAX_FAULTS):
        now[0] += 0.2
        it.page.invoke(it.main, "nothing")
        it.app.settle()
    assert it.session.status == it.session.STATUS.CONNECTED


def test_texts_of_the_page_are_repeated_in_part(it: Program, caplog: pytest.LogCaptureFixture) -> None:
    (fault,) = it.say(messages.INVOKE("x" * 100_000, "y" * 100_000, [], 0))
    assert len(fault.id) <= MAX_SHOWN
    assert len(fault.text) <= MAX_SHOWN
    assert len(caplog.text) < 10 * MAX_SHOWN


def test_a_malformed_reference_is_the_fault_of_its_message_alone(it: Program) -> None:
    (fault,) = it.say(messages.INVOKE(it.main.id, "keep", [{"$": ["c", 1]}], 0))
    assert fault.error == CodecError.__name__
    assert it.session.status == it.session.STATUS.CONNECTED


async def test_who_waits_for_a_change_is_told_when_the_session_ends() -> None:
    with_asyncio = AppHarness()
    async with with_asyncio as app:
        session = app.session(Main)
        waiting = session._dispatch.next_change(lambda: False)
        session.close(1000, "over")
        with pytest.raises(SessionClosedException, match="over"):
            await asyncio.wait_for(waiting, 1)
