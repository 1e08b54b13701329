"""Pages that send anything that is well-formed: nothing raises out, nothing undeclared is called."""

from __future__ import annotations

import json
import logging
import random
from typing import Any

import pytest

from deskapp import JsComponent, LocalProperty, Model, PyComponent, event
from deskapp.bridge import messages
from deskapp.bridge.messages import SPEC, TO_PAGE, Field
from deskapp.errors import ProtocolError
from deskapp.session import _dispatch
from deskapp.testing import AppHarness, TestClient
from deskapp.testing.client import MemoryTransport

NUMBER_OF_MESSAGES = 3000


class Shown(JsComponent):
    text = event.StringProp("", settable=True)
    items = event.ListProp([], settable=True)
    table = event.DictProp({}, settable=True)
    other = event.ComponentProp(settable=True)


class Pair(Model):
    @event.prop
    def ours(self, v: Any = 0) -> Any:
        return v

    @event.emitter
    def said(self, text: str) -> Any:
        return {"text": text}

    @event.connect("shared", "ours", "said", "pressed", "sync_props")
    def note(self, *events: Any) -> None:
        assert {ev.type for ev in events} <= {"shared", "ours", "said", "pressed", "sync_props"}
        assert all(type(ev.new_value) is int for ev in events if ev.type == "shared")
        self.session.app.calls.extend(ev.type for ev in events if ev.type in ("ours", "said"))

    class Both:
        @event.prop
        def shared(self, v: Any = 0) -> Any:
            return int(v)

    class JS:
        @event.emitter
        def pressed(self, n: int) -> Any:
            return {"n": n}


class Target(PyComponent):
    number = event.IntProp(0, settable=True)
    items = event.ListProp([], settable=True)
    hidden = LocalProperty("", settable=True)

    def init(self) -> None:
        self.shown = Shown()
        self.calls: list[str] = []
        self.pair = Pair()

    @event.action
    def allowed(self, n: int, text: str = "") -> None:
        assert type(n) is int
        assert type(text) is str
        self.calls.append("allowed")

    @event.action
    def raising(self) -> None:
        raise RuntimeError("by intent")

    def __getattribute__(self, name: str) -> Any:
        if name == "forbidden":
            object.__getattribute__(self, "calls").append("forbidden")
        return super().__getattribute__(name)

    def forbidden(self, *args: object) -> None:
        self.calls.append("forbidden was called")


class Hostile:
    """Makes random messages, most of them almost right."""

    def __init__(self, seed: int, target: Target) -> None:
        self.random = random.Random(seed)
        self.names = [
            target.id, target.shown.id, target.pair.id, "ours", "said", "shared", "pressed", "sync_props", "Pair",
            "$received", "$set", "$run", "hidden", "set_hidden", "new_value", "old_value", "Shown_1js", "Shown_2js",
            "Nobody_3", "", "js", target.uid, "__class__", "allowed", "raising", "forbidden", "init", "dispose",
            "number", "items", "text", "table", "other", "set_number", "set_items", "_mutate_number", "_dispose",
            "session", "emit", "reaction", "a:b", "*", "!", __name__, "Shown", "Target", "os", "system",
            "deskapp.bridge.component", "JsComponent", "PyComponent", "x" * 3000, "\u0000", "ü", "'; DROP TABLE",
            "../..", "error", "info",
        ]  # fmt: skip
        self.session_id = target.session.id
        self.right: list[list[object]] = [
            ["INVOKE", target.id, "allowed", [3, "x"], 0],
            ["INVOKE", target.id, "set_number", [4], 1],
            ["EMIT", target.shown.id, "text", "set", "x", -1],
            ["EMIT", target.shown.id, "items", "insert", [1], 0],
            ["EMIT", target.shown.id, "table", "remove", ["x"], -1],
            ["EMIT", target.shown.id, "pressed", "", {}, -1],
            ["INSTANTIATE", "Shown_1js", __name__, "Shown", [], {"text": "a"}, [], [], 0],
            ["SUBSCRIBE", target.id, ["number", "hidden"]],
            ["SUBSCRIBE", target.pair.id, ["said"]],
            ["EMIT", target.pair.id, "shared", "set", 3, [0, 1]],
            ["EMIT", target.pair.id, "shared", "", {"new_value": 3, "old_value": 2}, -1],
            ["EMIT", target.pair.id, "ours", "set", 3, [0, 1]],
            ["EMIT", target.pair.id, "pressed", "", {"n": 3}, -1],
            ["EMIT", target.pair.id, "said", "", {"text": "x"}, -1],
            ["EMIT", target.pair.id, "$received", "", {"name": "x"}, -1],
            ["INVOKE", target.id, "set_hidden", ["x"], 0],
            ["DISPOSE", "Shown_1js"],
        ]

    def value(self, depth: int = 0) -> object:
        choice = self.random.randrange(13 if depth < 3 else 9)
        match choice:
            case 0:
                return self.random.choice([None, True, False])
            case 1 | 2:
                return self.random.choice([0, 1, -1, 3, 2**53, -(2**53), 10**6])
            case 3:
                return self.random.choice([0.5, -0.0, 1e308])
            case 4 | 5:
                return self.random.choice(self.names)
            case 6:
                return {"$": ["f", self.random.choice(["nan", "inf", "-inf"])]}
            case 7:
                return {"$": ["c", self.random.choice([self.session_id, "other"]), self.random.choice(self.names)]}
            case 8:
                return {"$": ["t", "2024-01-01T00:00:00Z"]}
            case 9 | 10:
                return [self.value(depth + 1) for _ in range(self.random.randrange(4))]
            case _:
                return {self.random.choice(self.names): self.value(depth + 1) for _ in range(self.random.randrange(4))}

    def field(self, field: Field) -> object:
        if field.choices:
            return self.random.choice(field.choices)
        match field.type:
            case "int":
                return self.random.choice([0, 0, 1, -1, 7, 2**53])
            case "count":
                return self.random.choice([0, 1, 7, 2**53])
            case "str":
                return self.random.choice(self.names)
            case "str?":
                return self.random.choice([None, *self.names])
            case "strings" | "strings?":
                return [self.random.choice(self.names) for _ in range(self.random.randrange(4))]
            case "list":
                return [self.value() for _ in range(self.random.randrange(4))]
            case "dict":
                return {self.random.choice(self.names): self.value() for _ in range(self.random.randrange(3))}
            case "ints":
                return self.random.choice([-1, 0, 1, 99, [0], [0, 0], 2**53])
            case "errors?":
                return self.random.choice([None, {"name": "E", "text": "t", "stack": "s"}, {}])
        return self.value()

    def message(self) -> list[object]:
        rows = [row for row in SPEC.values() if row.numbered and row.way != TO_PAGE and row.name != "BUFFER"]
        if self.random.random() < 0.3:
            row = self.random.choice(rows)
            return [row.name, *map(self.field, row.fields)]
        name, *values = self.random.choice(self.right)
        is_wrong = self.random.random() < 0.8
        return [
            name,
            *(
                self.field(field) if is_wrong and self.random.random() < 0.3 else value
                for field, value in zip(SPEC[str(name)].fields, values, strict=True)
            ),
        ]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_a_page_says_stays_with_its_message(
    seed: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(_dispatch, "FAULT_SPAN_S", 0.0)  # it may go on as long as it likes
    caplog.set_level(logging.CRITICAL, "deskapp")
    with AppHarness() as app:
        session = app.session(Target)
        target: Any = session.app
        other: Any = app.session(Target).app
        session.connect(MemoryTransport(lambda frame: None), TestClient(session).hello())
        hostile = Hostile(seed, target)
        app.settle()
        target.calls.clear()
        with caplog.at_level(logging.ERROR, "deskapp.event"):
            for number in range(1, NUMBER_OF_MESSAGES + 1):
                session.receive(json.dumps([number, 0, [hostile.message()]], ensure_ascii=False))
                app.loop.iter()
        assert "AssertionError" not in caplog.text
        assert set(target.calls) <= {"allowed"}
        assert "allowed" in target.calls
        assert session.status is session.STATUS.CONNECTED
        assert session.get_component_instance(target.id) is not None
        assert not target._disposed
        assert (target.hidden, target.pair.ours, type(target.pair.shared), target.pair._disposed) == ("", 0, int, False)
        assert (other.number, other.shown.text, other.pair.shared) == (0, "", 0)
        assert type(target.number) is int
        assert not any(isinstance(c, PyComponent) for c in session.components() if c is not target)


def test_a_page_that_says_nothing_right_is_shown_the_door() -> None:
    with AppHarness() as app:
        session = app.session(Target)
        assert isinstance(session.app, Target)
        session.connect(MemoryTransport(lambda frame: None), TestClient(session).hello())
        hostile = Hostile(1, session.app)

        def speak() -> None:
            for number in range(1, NUMBER_OF_MESSAGES + 1):
                session.receive(json.dumps([number, 0, [hostile.message()]], ensure_ascii=False))

        with pytest.raises(ProtocolError, match="had to be refused"):
            speak()


def test_messages_that_hide_in_each_other_are_no_messages() -> None:
    with AppHarness() as app:
        session = app.session(Target)
        page = TestClient(session)
        page.connect()
        page.invoke(session.app or "", "set_items", [["INVOKE", "Target_1", "forbidden", [], 0]])
        page.send(messages.LOG("info", json.dumps(["INVOKE", "Target_1", "forbidden", [], 0]), ""))
        app.settle()
        assert "forbidden" not in session.app.calls  # type: ignore[union-attr]
