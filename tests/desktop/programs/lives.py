"""A served app that looks at the lives of components on both sides, and at what a session can do, in a real page."""

from __future__ import annotations

import asyncio
import gc
import logging
import time
import weakref
from collections.abc import Awaitable, Callable
from typing import Any

from deskapp import JsComponent, LocalProperty, PyComponent, app, event, start, stop
from deskapp.errors import ClientError, SessionClosedException
from tests.desktop.programs.say import obey, run_and_tell, say

WAIT_S = 10.0


class Leaf(JsComponent):
    text = event.StringProp("", settable=True)
    hidden = LocalProperty("of this side", settable=True)

    @event.action
    def shout(self):  # type: ignore[no-untyped-def]
        self._mutate_text(self.text.upper())

    @event.action
    def end(self):  # type: ignore[no-untyped-def]
        self.dispose()

    @event.emitter
    def poked(self, n):  # type: ignore[no-untyped-def]
        return {"n": n}

    @event.action
    def poke(self, n):  # type: ignore[no-untyped-def]
        self.poked(n)


class Tree(JsComponent):
    main = event.ComponentProp(None, settable=True)
    leaf = event.ComponentProp(None, settable=True)

    def init(self):  # type: ignore[no-untyped-def]
        self.kept = []

    @event.action
    def grow(self, text):  # type: ignore[no-untyped-def]
        leaf = Leaf(text=text)
        self.kept.append(leaf)
        self.set_leaf(leaf)

    @event.action
    def forget(self):  # type: ignore[no-untyped-def]
        self.set_leaf(None)

    @event.action
    def show_again(self):  # type: ignore[no-untyped-def]
        self.set_leaf(self.kept[0])

    @event.action
    def count_up(self):  # type: ignore[no-untyped-def]
        self.main.add(2)  # type: ignore[union-attr]

    @event.reaction("!main.rang")
    def heard(self, *events):  # type: ignore[no-untyped-def]
        for one in events:
            self.main.add(one.n)  # type: ignore[union-attr]


class Main(PyComponent):
    count = event.IntProp(0)

    def init(self) -> None:
        self.tree = Tree(main=self)
        tasks.append(asyncio.get_running_loop().create_task(look(self)))

    @event.action
    def add(self, n: int) -> None:
        self._mutate_count(self.count + n)

    @event.emitter
    def rang(self, n: int) -> dict[str, object]:
        return {"n": n}


class Lines(logging.Handler):
    """What the page's console said."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


async def until(condition: Callable[[], object]) -> None:
    deadline_s = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline_s, condition
        await asyncio.sleep(0.01)


async def in_page(main: Main, name: str) -> object:
    """Whether the page has a component of this id."""
    return await main.session.co_eval("deskapp.session.get_component_instance(name) !== null", name=name)


async def error_of(main: Main, code: str, **args: object) -> str:
    """What JavaScript says that it must not do."""
    try:
        value = await main.session.co_eval(code, **args)
    except ClientError as error:
        return str(error)
    raise AssertionError(f"{code} gave {value!r}")


# -- components


async def proxies_of_python_components(main: Main) -> None:
    main.tree.count_up()
    await until(lambda: main.count == 2)  # an action, from the page
    assert await main.session.co_eval("deskapp.session.get_component_instance(n).count", n=main.id) == 2
    main.rang(5)  # an event that JavaScript listens to
    await until(lambda: main.count == 7)


async def python_components_are_made_in_python_only(main: Main) -> None:
    code = "new (deskapp.session.get_component_instance(n).constructor)()"
    assert "can only be made in Python" in await error_of(main, code, n=main.id)


async def python_components_end_in_python_only(main: Main) -> None:
    with main:
        child = PyComponent()
    name = child.id
    assert await in_page(main, name)
    code = "deskapp.session.get_component_instance(n).dispose()"
    assert "can only be disposed there" in await error_of(main, code, n=name)
    child.dispose()
    assert not await in_page(main, name)


async def python_components_end_when_collected(main: Main) -> None:
    with main:
        child = PyComponent()
    name = child.id
    assert await in_page(main, name)
    del child
    await asyncio.sleep(0)  # the loop delivers the events of the construction, and lets go of it
    gc.collect()
    await main.session.co_roundtrip()
    assert not await in_page(main, name)


async def javascript_components_of_python(main: Main) -> None:
    with main:
        leaf = Leaf(text="made in Python")
    name = leaf.id
    assert leaf.shout() is leaf
    await until(lambda: leaf.text == "MADE IN PYTHON")
    heard: list[int] = []
    leaf.reaction(lambda *events: heard.extend(one.n for one in events), "poked")
    leaf.poke(3)
    await until(lambda: heard == [3])
    assert not hasattr(leaf, "hidden")
    assert await main.session.co_eval("leaf.hidden", leaf=leaf) == "of this side"
    leaf.dispose()
    assert not leaf._disposed  # the page says when
    await until(lambda: leaf._disposed)
    assert not await in_page(main, name)


async def javascript_components_of_the_page(main: Main) -> None:
    main.tree.grow("made in JavaScript")
    await until(lambda: main.tree.leaf is not None)
    leaf: Any = main.tree.leaf
    assert (type(leaf), leaf.text) == (Leaf, "made in JavaScript")
    assert leaf.id.endswith("js")
    name, gone = leaf.id, weakref.ref(leaf)
    main.tree.forget()
    await until(lambda: main.tree.leaf is None)
    del leaf
    await main.session.co_roundtrip()
    await main.session.co_roundtrip()
    gc.collect()
    assert gone() is None
    assert await in_page(main, name)  # it lives on without its Python half
    await main.session.co_eval("deskapp.session.get_component_instance(n).set_text('changed')", n=name)
    main.tree.show_again()
    await until(lambda: main.tree.leaf is not None)
    leaf = main.tree.leaf
    assert leaf.id == name
    await until(lambda: leaf.text == "changed")  # before it was shown again, or right after
    leaf.end()
    await until(lambda: leaf._disposed)
    assert not await in_page(main, name)


# -- the session


async def round_trips(main: Main) -> None:
    session = main.session
    thing = Lines()
    kept = weakref.ref(thing)
    session.keep_alive(thing, 2)
    del thing
    gc.collect()
    assert kept() is not None
    called: list[str] = []
    session.call_after_roundtrip(called.append, "back")
    await until(lambda: called == ["back"])
    await until(lambda: gc.collect() >= 0 and kept() is None)
    await session.co_roundtrip()


async def questions(main: Main) -> None:
    session = main.session
    assert await session.co_eval("1 + a", a=2) == 3
    assert await session.eval_js("await Promise.resolve('later')") == "later"
    assert "ReferenceError: nope" in await error_of(main, "nope()")
    assert "RangeError: by intent" in await error_of(main, "throw new RangeError('by intent')")
    try:
        await session.co_eval("new Promise(() => {})", timeout_s=0.1)
    except asyncio.TimeoutError:
        pass
    else:
        raise AssertionError("no deadline")


async def commands(main: Main) -> None:
    session, lines = main.session, Lines()
    logging.getLogger("deskapp.page").addHandler(lines)
    logging.getLogger("deskapp.page").setLevel(logging.INFO)
    session.send_command("EVAL", "'the value is ' + (40 + 2)")
    session.send_command("EVAL", main.id, "count")
    session.send_command("EXEC", "window.done = 'executed'")
    session.send_command("EXEC", "undefined_thing()")
    session.send_command("DEFINE", "JS", "extra", "window.defined = 'as a script';")
    session.send_command("DEFINE", "CSS", "extra.css", "body { color: rgb(1, 2, 3); }")
    session.send_command("PRINT", "only printed")
    session.send_command("INVOKE", main.tree.id, "count_up", [])
    session.eval("'the older way'")
    before = main.count
    await session.co_roundtrip()
    said = "\n".join(lines.lines)
    assert "the value is 42" in said
    assert f": {before}" in said
    assert "undefined_thing" in said
    assert "only printed" not in said
    assert await session.co_eval("[window.done, window.defined]") == ["executed", "as a script"]
    assert await session.co_eval("getComputedStyle(document.body).color") == "rgb(1, 2, 3)"
    await until(lambda: main.count == before + 2)


async def members(main: Main) -> None:
    session = main.session
    assert (session.status, session.app, session.app_name) == (2, main, "Main")
    assert session.runtime is None  # a browser
    assert session.request.path == "/Main/"
    assert Main.__module__ in session.present_modules
    assert session.get_component_instance(main.id) is main
    assert session.get_component_instance("nobody") is None
    url = session.add_data("blob.txt", b"some data")
    assert await session.co_eval(f"(await fetch('{url}')).status") == 200
    assert await session.co_eval(f"await (await fetch('{url}')).text()") == "some data"
    session.remove_data("blob.txt")
    assert await session.co_eval(f"(await fetch('{url}')).status") == 404


async def its_end(main: Main) -> None:
    asking = asyncio.ensure_future(main.session.co_eval("new Promise(() => {})"))
    await asyncio.sleep(0)
    main.session.close()
    try:
        await asking
    except SessionClosedException:
        pass
    else:
        raise AssertionError("an answer after the end")
    assert (main.session.status, main.session.app, main._disposed) == (0, None, True)


CHECKS: tuple[Callable[[Main], Awaitable[None]], ...] = (
    proxies_of_python_components,
    python_components_are_made_in_python_only,
    python_components_end_in_python_only,
    python_components_end_when_collected,
    javascript_components_of_python,
    javascript_components_of_the_page,
    round_trips,
    questions,
    commands,
    members,
    its_end,
)

tasks: list[asyncio.Task[None]] = []


async def look(main: Main) -> None:
    await until(lambda: main.session.status == 2)
    for check in CHECKS:
        try:
            await check(main)
        except BaseException as error:
            line = error.__traceback__.tb_next.tb_lineno if error.__traceback__ and error.__traceback__.tb_next else 0
            say("failed", check=check.__name__, line=line, why=repr(error))
            raise
        say("passed", check=check.__name__)
    say("done")


if __name__ == "__main__":
    application = app.App(Main)
    application.serve()
    say("serving", url=application.url)
    obey({"stop": stop})
    run_and_tell(start)
