"""Component classes that the tests of sessions share."""

from __future__ import annotations

from deskapp import JsComponent, PyComponent, event


class Label(JsComponent):
    text = event.StringProp("", settable=True)
    size = event.IntProp(1, settable=True)
    items = event.ListProp([], settable=True)
    target = event.AnyProp(None, settable=True)

    @event.emitter
    def pressed(self, n):  # type: ignore[no-untyped-def]
        return {"n": n}


class Main(PyComponent):
    count = event.IntProp(0, settable=True)
    anything = event.AnyProp(None, settable=True)
    items = event.ListProp([], settable=True)
    table = event.DictProp({}, settable=True)
    label = event.AnyProp(None, settable=True)

    def init(self) -> None:
        self._mutate_label(Label(text="hello"))
        self.heard: list[object] = []

    @event.action
    def add(self, n: int) -> None:
        self._mutate_count(self.count + n)

    @event.action
    def fail(self) -> None:
        raise ZeroDivisionError("by intent")

    @event.action
    def keep(self, *values: object) -> None:
        self.heard.extend(values)

    @event.emitter
    def happened(self, what: str) -> dict[str, object]:
        return {"what": what}

    def not_declared(self) -> None:
        self.heard.append("not_declared was called")
