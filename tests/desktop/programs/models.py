"""Models in a window, written as the documents write them; the page keeps what happens in it in ``window.seen``."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

from deskapp import App, JsComponent, PyComponent, RawJS, app, event, window
from tests.desktop.programs.say import OPTIONS, obey, run_and_tell, say

seen: Any = RawJS("(window.seen = [])")


def note(what: str, *facts: Any) -> None:
    """Remember something in the page."""
    seen.append([what] + list(facts))  # noqa: RUF005  JavaScript has no other way


info: Any = {"unit": "m"}


class Label(JsComponent):
    """A component beside the Models."""

    text = event.StringProp("", settable=True)
    model = event.AnyProp(None, settable=True)

    def init(self) -> None:
        self.made_with = self.text

    @event.reaction("model.shared")
    def show(self, *events: Any) -> None:
        if self.model is not None:
            self.node.textContent = f"shared is {self.model.shared}"


class Counter(PyComponent):
    """A component of Python that holds a Model, and that a Model holds."""

    model = event.AnyProp(None, settable=True)
    label = event.ComponentProp(None, settable=True)


class Child(app.Model):
    """Made in the init of another Model."""

    def init(self) -> None:
        self.sub = None

    class Both:
        @event.prop
        def foo(self: Any, v: Any = 2) -> Any:
            return int(v)

    @event.connect("foo")
    def in_python(self, *events: Any) -> None:
        say("child", values=[[e.old_value, e.new_value] for e in events])

    class JS:
        def init(self: Any) -> None:
            note("child init", self.foo, bool(self.sub))

        @event.connect("foo")
        def in_js(self: Any, *events: Any) -> None:
            note("child handler", *[e.new_value for e in events])


class Main(app.Model):
    """The root of the window."""

    CSS = "body { background: #2f6f4f }"

    def init(self, *args: Any) -> None:
        global main
        main = self
        say("init", args=list(args), shared=self.shared)
        self.sub = Child(foo=5)
        self.label = Label(text="by Python", model=self)
        self.counter = Counter(model=self, label=self.label)

    @event.prop
    def in_python(self, v: Any = 1) -> Any:
        return int(v)

    @event.connect("shared")
    def shared_changed(self, *events: Any) -> None:
        say("shared", values=[e.new_value for e in events])

    @event.connect("in_page")
    def page_changed(self, *events: Any) -> None:
        say("in_page", values=[[e.old_value, e.new_value] for e in events], has=hasattr(self, "in_page"))

    @event.connect("pressed", "a", "b")
    def heard(self, *events: Any) -> None:
        say("heard", types=[e.type for e in events], values=[e.get("new_value", e.get("n")) for e in events])

    class Both:
        @event.prop
        def shared(self: Any, v: Any = 10) -> Any:
            return int(v) + 1

        @event.prop
        def limited(self: Any, v: Any = 0) -> Any:
            return min(int(v), 100)

        @event.prop
        def text(self: Any, v: Any = "") -> Any:
            return str(v)

        @event.prop
        def a(self: Any, v: Any = 0) -> Any:
            return v

        @event.prop
        def b(self: Any, v: Any = 0) -> Any:
            return v

        @event.prop
        def other(self: Any, v: Any = None) -> Any:
            return v

        @event.emitter
        def pressed(self: Any, n: int) -> Any:
            return {"n": n}

    class JS:
        BAR = (1, 2, 3)

        @event.prop
        def in_page(self: Any, v: Any = 1) -> Any:
            return int(v)

        def init(self: Any) -> None:
            note("main init", self.shared, bool(self.sub), bool(self.sub.sub), self.BAR[1], info.unit)
            self.own = Label(text="by JavaScript")
            self.__secret = 3

        def reveal(self: Any, factor: int) -> None:
            note("revealed", self.__secret * factor)

        @event.connect("shared")
        def shared_changed_in_js(self: Any, *events: Any) -> None:
            note("main handler", *[e.new_value for e in events])

        @event.connect("in_python", "pressed")
        def python_changed(self: Any, *events: Any) -> None:
            note("from python", *[[e.type, e.n if e.type == "pressed" else e.new_value] for e in events])

        def receive_data(self: Any, data: Any, meta: Any) -> None:
            note("data", data.byteLength, window.Array.prototype.slice.call(window.Uint8Array(data)), meta)


models: dict[str, Any] = {}
main: Any = None


async def evaluate(number: int, code: str) -> None:
    try:
        say("value", number=number, value=await main.session.eval_js(code, m=main))
    except Exception as error:
        say("value", number=number, error=f"{type(error).__name__}: {error}")


def js(number: int, code: str) -> None:
    """Evaluate JavaScript in the page; ``m`` is the Main of it."""
    asyncio.ensure_future(evaluate(number, code)).add_done_callback(lambda _: None)


def py(number: int, code: str) -> None:
    """Evaluate Python; `m` is the Main."""
    say("value", number=number, value=eval(code, {"m": main, "models": models, "Child": Child, "gc": gc, "app": app}))


application = App(Main, *OPTIONS.get("args", []), **OPTIONS.get("props", {}))
commands: dict[str, Any] = {"js": js, "py": py, "set": lambda name, value: setattr(main, name, value), "stop": app.stop}
if OPTIONS.get("serve"):
    application.serve()
    say("serving", url=application.url)
    obey(commands)
    run_and_tell(app.start)
else:
    main = application.launch("webview", title="models")
    obey(commands)
    run_and_tell()
