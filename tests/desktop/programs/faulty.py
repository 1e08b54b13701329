"""A window whose parts do wrong things on command; everything else is to go on."""

from __future__ import annotations

import asyncio
from typing import Any

from deskapp import JsComponent, PyComponent, RawJS, event, launch, window
from tests.desktop.programs.say import OPTIONS, obey, run_and_tell, say


class Page(JsComponent):
    main: Any = event.ComponentProp(None, settable=True)
    level = event.IntProp(0, settable=True)
    trigger = event.IntProp(0, settable=True)

    @event.reaction("main")
    def report(self, *events: Any) -> None:
        if self.main is not None:
            self.main.alive(0)

    @event.action
    def answer(self, n: int) -> None:
        if self.main is not None:
            self.main.alive(n)

    @event.action
    def reload(self) -> None:
        window.location.reload()

    @event.action
    def raise_in_action(self) -> None:
        raise ValueError("thrown in an action of the page")

    @event.reaction("trigger")
    def raise_in_reaction(self, *events: Any) -> None:
        if self.trigger > 0:
            raise ValueError("thrown in a reaction of the page")

    @event.action
    def raise_later(self) -> None:
        window.setTimeout(self.do_raise_later, 1)

    def do_raise_later(self) -> None:
        RawJS("null.there_is_nothing")

    @event.action
    def reject(self) -> None:
        RawJS("Promise.reject(new Error('nobody caught this promise'))")

    @event.action
    def take_wrong_type(self) -> None:
        self.set_level("four")

    @event.action
    def mutate_python(self) -> None:
        self.main._mutate("count", 9)

    @event.action
    def call_undeclared(self) -> None:
        RawJS("this.main._session.invoke(this.main, 'secret', [])")

    @event.action
    def call_absent(self) -> None:
        self.main.there_is_no_such()

    @event.action
    def call_with_wrong_type(self) -> None:
        self.main.alive("seven")

    @event.action
    def call_with_too_many(self) -> None:
        self.main.alive(1, 2, 3)

    @event.action
    def make_broken_child(self) -> None:
        BrokenInPage()

    @event.action
    def send_unserialisable(self) -> None:
        self.main.take(window.document)


class BrokenInPage(JsComponent):
    def init(self) -> None:
        raise ValueError("thrown in init in the page")


class BrokenInPython(PyComponent):
    def init(self) -> None:
        raise ValueError("raised in init in Python")


class Main(PyComponent):
    count = event.IntProp(0, settable=True)
    anything = event.AnyProp(None, settable=True)
    trigger = event.IntProp(0, settable=True)

    def init(self) -> None:
        self.page = Page(main=self)

    @event.action
    def alive(self, n: int) -> None:
        say("alive", n=n)

    @event.action
    def take(self, value: Any) -> None:
        say("took", value=repr(value))

    def secret(self) -> None:
        say("secret")  # not an action: a page may not get here

    @event.action
    def raise_in_action(self) -> None:
        raise ValueError("raised in an action in Python")

    @event.reaction("trigger")
    def raise_in_reaction(self, *events: Any) -> None:
        if self.trigger:
            raise ValueError("raised in a reaction in Python")

    @event.action
    async def raise_in_async_action(self) -> None:
        raise ValueError("raised in an async action in Python")


def page(action: str, *args: object) -> None:
    getattr(main.page, action)(*args)


def python(action: str, *args: object) -> None:
    getattr(main, action)(*args)


def set_unserialisable() -> None:
    main.set_anything({"deep": [1, object()]})


def launch_broken() -> None:
    launch(BrokenInPython, "app")


def make_broken_child_from_python() -> None:
    with main:
        BrokenInPage()


def evaluate(code: str) -> None:
    async def ask() -> None:
        try:
            say("value", value=await main.session.eval_js(code))
        except Exception as error:
            say("eval_failed", kind=type(error).__name__, text=str(error))

    tasks.add(asyncio.get_running_loop().create_task(ask()))


tasks: set[asyncio.Task[None]] = set()


if __name__ == "__main__":
    main: Any = launch(Main, "app", size=(300, 200), **OPTIONS)
    functions: Any = (page, python, set_unserialisable, launch_broken, make_broken_child_from_python, evaluate)
    obey({f.__name__: f for f in functions})
    run_and_tell()
