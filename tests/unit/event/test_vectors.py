"""Runs the vectors of tests/vectors/events; their language is explained in the README beside them."""

from __future__ import annotations

import json
import logging
import math
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from deskapp import event
from deskapp.event import Component, Event, Loop, Reaction

VECTORS = Path(__file__).parents[2] / "vectors" / "events"
SETTLE_LIMIT = 50

KINDS: dict[str, type[Exception]] = {
    kind.__name__: kind
    for kind in (TypeError, ValueError, AttributeError, IndexError, KeyError, RuntimeError, NotImplementedError)
}


class Frame:
    """What the names in a body stand for."""

    def __init__(self, component: Any = None, args: tuple[Any, ...] = (), events: tuple[Any, ...] = ()) -> None:
        self.component, self.args, self.events = component, args, events


class Runner(logging.Handler):
    """One case: its classes, variables and log."""

    def __init__(self, classes: dict[str, Any]) -> None:
        super().__init__(logging.WARNING)
        self.loop = Loop()
        self.log: list[str] = []
        self.variables: dict[str, Any] = {}
        self.names: dict[int, str] = {}
        self.making: list[str] = []
        self.classes: dict[str, type[Component]] = {"Component": Component}
        for name, spec in classes.items():
            self.classes[name] = self.make_class(name, spec)

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno < logging.ERROR:
            self.log.append("warning")
        else:
            assert record.exc_info is not None
            self.log.append(f"error {self.kind_of(record.exc_info[1])}")

    @staticmethod
    def kind_of(error: BaseException | None) -> str:
        if isinstance(error, NotImplementedError):  # which is a RuntimeError, too
            return "NotImplementedError"
        return next(name for name, kind in KINDS.items() if isinstance(error, kind))

    # Classes

    def make_class(self, name: str, spec: dict[str, Any]) -> type[Component]:
        namespace: dict[str, Any] = {}
        for attribute in spec.get("attributes", ()):
            namespace[attribute] = event.Attribute()
        for key, prop in spec.get("properties", {}).items():
            namespace[key] = self.make_property(prop)
        for key, steps in spec.get("actions", {}).items():
            namespace[key] = event.action(self.make_method(key, steps))
        for key, info in spec.get("emitters", {}).items():
            namespace[key] = event.emitter(self.make_emitter(key, info))
        for key, reaction in spec.get("reactions", {}).items():
            namespace[key] = self.make_reaction(key, reaction)
        if "init" in spec:
            namespace["init"] = self.make_method("init", spec["init"])
        base = self.classes[spec.get("base", "Component")]
        return types.new_class(name, (base,), {}, lambda body: body.update(namespace))

    def make_property(self, spec: dict[str, Any]) -> Any:
        kind = getattr(event, spec["type"] + "Prop")
        args = spec.get("args", [])
        if spec["type"] in ("Either", "Null"):
            args = [self.make_property(nested) for nested in args]
        keywords = {key: spec[key] for key in ("default", "settable") if key in spec}
        return kind(*args, **keywords)

    def make_method(self, name: str, steps: list[Any]) -> Callable[..., None]:
        def method(self: Any, *args: Any) -> None:
            runner.learn_name(self)
            runner.run(steps, Frame(self, args=args))

        runner = self
        method.__name__ = name
        return method

    def make_emitter(self, name: str, info: Any) -> Callable[..., Any]:
        def method(self: Any, *args: Any) -> Any:
            return runner.value(info, Frame(self, args=args))

        runner = self
        method.__name__ = name
        return method

    def make_reaction(self, name: str, spec: dict[str, Any]) -> Any:
        def method(self: Any, *events: Any) -> None:
            runner.run(spec["do"], Frame(self, events=events))

        runner = self
        method.__name__ = name
        if not spec.get("connections"):
            return event.reaction(method)
        return event.reaction(*spec["connections"], mode=spec.get("mode", "normal"))(method)

    # Steps

    def run(self, steps: list[Any], frame: Frame) -> None:
        for step in steps:
            self.step(step, frame)

    def step(self, step: list[Any], frame: Frame) -> None:
        verb, *rest = step
        getattr(self, "do_" + verb)(frame, *rest)

    def do_new(self, frame: Frame, name: str, kind: str, args: Any = (), keywords: Any = None) -> None:
        self.making.append(name)
        try:
            values = [self.value(arg, frame) for arg in args]
            made = self.classes[kind](*values, **{k: self.value(v, frame) for k, v in (keywords or {}).items()})
            self.learn_name(made)
        finally:
            self.making.pop()
        self.variables[name] = made

    def do_call(self, frame: Frame, path: str, name: str, *args: Any) -> None:
        getattr(self.get(path, frame), name)(*(self.value(arg, frame) for arg in args))

    def do_mutate(self, frame: Frame, path: str, name: str, value: Any, mutation: str = "set", index: Any = -1) -> None:
        self.get(path, frame)._mutate(name, self.value(value, frame), mutation, self.value(index, frame))

    def do_emit(self, frame: Frame, path: str, kind: str, info: Any = None) -> None:
        self.get(path, frame).emit(kind, self.value(info, frame))

    def do_let(self, frame: Frame, name: str, value: Any) -> None:
        self.variables[name] = self.value(value, frame)

    def do_attr(self, frame: Frame, path: str, name: str, value: Any) -> None:
        setattr(self.get(path, frame), name, self.value(value, frame))

    def do_connect(self, frame: Frame, name: str, path: str, connections: list[str], steps: list[Any]) -> None:
        def function(*events: Any) -> None:
            self.run(steps, Frame(events=events))

        function.__name__ = name
        self.variables[name] = self.get(path, frame).reaction(function, *connections)

    def do_disconnect(self, frame: Frame, path: str, kind: str, reaction: str | None = None) -> None:
        self.get(path, frame).disconnect(kind, self.variables[reaction] if reaction else None)

    def do_dispose(self, frame: Frame, path: str) -> None:
        self.get(path, frame).dispose()

    def do_with(self, frame: Frame, path: str, steps: list[Any]) -> None:
        with self.get(path, frame):
            self.run(steps, frame)

    def do_call_soon(self, frame: Frame, steps: list[Any]) -> None:
        self.loop.call_soon(self.run, steps, frame)

    def do_iter(self, frame: Frame, times: int = 1) -> None:
        for _ in range(times):
            self.loop.iter()

    def do_settle(self, frame: Frame) -> None:
        for _ in range(SETTLE_LIMIT):
            if not self.loop.has_pending():
                return
            self.loop.iter()
        pytest.fail("the loop did not settle")

    def do_if(self, frame: Frame, condition: Any, steps: list[Any], otherwise: Any = ()) -> None:
        self.run(steps if self.value(condition, frame) is True else otherwise, frame)

    def do_log(self, frame: Frame, *values: Any) -> None:
        self.log.append(" ".join(self.text(self.value(value, frame)) for value in values))

    def do_log_events(self, frame: Frame, label: str) -> None:
        self.log.append(" ".join([label, *(self.text(ev) for ev in frame.events)]))

    def do_mutate_array(self, frame: Frame, name: str, ev: Any) -> None:
        event.mutate_array(self.variables[name], self.value(ev, frame))

    def do_mutate_dict(self, frame: Frame, name: str, ev: Any) -> None:
        event.mutate_dict(self.variables[name], self.value(ev, frame))

    def do_raises(self, frame: Frame, kind: str, step: list[Any]) -> None:
        with pytest.raises(KINDS[kind]) as raised:
            self.step(step, frame)
        assert self.kind_of(raised.value) == kind, raised.value

    def do_raise(self, frame: Frame, kind: str, text: str) -> None:
        raise KINDS[kind](text)

    # Expressions

    def value(self, expression: Any, frame: Frame) -> Any:
        if isinstance(expression, list):
            return [self.value(item, frame) for item in expression]
        if not isinstance(expression, dict):
            return expression
        if len(expression) == 1:
            ((key, operand),) = expression.items()
            if key.startswith("$"):
                return self.evaluate(key[1:], operand, frame)
        return {key: self.value(item, frame) for key, item in expression.items()}

    def evaluate(self, operator: str, operand: Any, frame: Frame) -> Any:
        match operator:
            case "get":
                return self.get(operand, frame)
            case "arg":
                return frame.args[operand]
            case "args":
                return list(frame.args)
            case "event":
                index, key = operand if isinstance(operand, list) else (operand, None)
                return frame.events[index] if key is None else frame.events[index][key]
            case "count":
                return len(frame.events)
            case "func":
                return lambda: self.value(operand, frame)
            case "pending":
                return self.loop.has_pending()
            case "can_mutate":
                return self.loop.can_mutate(None if operand is None else self.get(operand, frame))
            case "types":
                return self.get(operand, frame).get_event_types()
            case "handlers":
                return [reaction.get_name() for reaction in self.get(operand[0], frame).get_event_handlers(operand[1])]
            case "nan":
                return math.nan
            case "inf":
                return math.inf * operand
        return self.calculate(operator, self.value(operand, frame))

    @staticmethod
    def calculate(operator: str, operand: Any) -> Any:
        match operator:
            case "item":
                return operand[0][operand[1]]
            case "len":
                return len(operand)
            case "add":
                total = operand[0]
                for term in operand[1:]:
                    total = total + term
                return total
            case "mul":
                return math.prod(operand)
            case "eq":
                return operand[0] == operand[1]
            case "lt":
                return operand[0] < operand[1]
            case "same":
                return operand[0] is operand[1]
            case "tuple":
                return tuple(operand)
        raise AssertionError(f"there is no expression ${operator}")

    def get(self, path: str, frame: Frame) -> Any:
        first, *rest = path.split(".")
        value = frame.component if first == "self" else self.variables[first]
        for name in rest:
            value = value[name] if type(value) is dict else getattr(value, name)
        return value

    # Texts

    def learn_name(self, component: Component) -> None:
        self.names.setdefault(id(component), self.making[-1] if self.making else "?")

    def text(self, value: Any, *, inside: bool = False) -> str:
        if isinstance(value, str):
            return json.dumps(value, ensure_ascii=False) if inside else value
        if value is None or isinstance(value, bool):
            return json.dumps(value)
        if isinstance(value, (int, float)):
            return str(int(value)) if math.isfinite(value) and value == int(value) else str(value)
        if isinstance(value, Component):
            self.learn_name(value)
            return self.names[id(value)]
        if isinstance(value, event.Color):
            return f"{value.hex}/{self.text(value.alpha)}"
        if isinstance(value, Event):
            return self.text_of_event(value)
        if isinstance(value, (list, tuple)):
            return f"[{', '.join(self.text(item, inside=True) for item in value)}]"
        if isinstance(value, dict):
            return "{" + ", ".join(f"{json.dumps(k)}: {self.text(v, inside=True)}" for k, v in value.items()) + "}"
        raise AssertionError(f"there is no text for {value!r}")

    def text_of_event(self, ev: Event) -> str:
        start = f"{self.text(ev.source)}.{ev.type}"
        if "mutation" not in ev:
            return start + self.text({key: value for key, value in ev.items() if key not in ("type", "source")})
        if ev.mutation == "set":
            return f"{start}:{self.text(ev.old_value)}->{self.text(ev.new_value)}"
        return f"{start}:{ev.mutation}@{self.text(ev.index)}={self.text(ev.objects)}"


@contextmanager
def listening(runner: Runner) -> Iterator[None]:
    propagate, event.logger.propagate = event.logger.propagate, False
    event.logger.addHandler(runner)
    try:
        yield
    finally:
        event.logger.removeHandler(runner)
        event.logger.propagate = propagate


def cases() -> Iterator[Any]:
    for path in sorted(VECTORS.glob("*.json")):
        file = json.loads(path.read_text("utf-8"))
        for case in file["cases"]:
            classes = {**file.get("classes", {}), **case.get("classes", {})}
            yield pytest.param(classes, case, id=f"{path.stem}: {case['title']}")


@pytest.mark.parametrize(("classes", "case"), [*cases()])
def test_vector(classes: dict[str, Any], case: dict[str, Any]) -> None:
    runner = Runner(classes)
    with listening(runner), event.use_loop(runner.loop):
        runner.run(case["steps"], Frame())
    assert runner.log == case["expect"]


def test_each_title_tells_one_case() -> None:
    titles = [param.id for param in cases()]
    assert len(titles) == len(set(titles))


def test_reactions_are_what_connect_makes() -> None:
    runner = Runner({"Foo": {"properties": {"foo": {"type": "Int"}}}})
    with event.use_loop(runner.loop):
        runner.run([["new", "a", "Foo"], ["connect", "r", "a", ["foo"], []]], Frame())
    assert isinstance(runner.variables["r"], Reaction)
    assert runner.variables["r"].get_name() == "r"
