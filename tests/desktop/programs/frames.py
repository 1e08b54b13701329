"""Windows whose program holds them; options: ``title``, ``runtime``, ``policy``, and ``wishes`` for `launch`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from deskapp import App, JsComponent, PyComponent, event, launch, run
from deskapp.runtime import Window
from tests.desktop.programs.say import OPTIONS, obey, run_and_tell, say


class Page(JsComponent):
    """Fills its page with a colour, and may hang."""

    main = event.ComponentProp(None, settable=True)
    color = event.StringProp("#2f6f4f", settable=True)

    def init(self) -> None:
        self.node.style.position = "fixed"
        self.node.style.inset = "0px"
        self.node.style.background = self.color
        if self.main is not None:
            self.main.page_is_there()

    @event.action
    def hang(self, seconds: float) -> None:
        end = time.time() + seconds
        while time.time() < end:
            self.spin = end


class Main(PyComponent):
    """The root of a window."""

    name = event.StringProp("")
    color = event.StringProp("#2f6f4f")

    def init(self) -> None:
        self.page = Page(main=self, color=self.color)
        window = self.session.window
        for what in ("size", "position", "state", "visible", "focused", "responding"):
            window.reaction(self.changed, what)

    def changed(self, *events: Any) -> None:
        for ev in events:
            say("changed", title=self.name, what=ev.type, value=ev.new_value)

    @event.action
    def page_is_there(self) -> None:
        say("seen", title=self.name)

    def _dispose(self) -> None:
        say("disposed", title=self.name)
        super()._dispose()


mains: dict[str, Main] = {}
answers: list[object] = []


def window_of(title: str) -> Window:
    window: Window | None = mains[title].session.window
    assert window is not None
    return window


def open_one(title: str, color: str = "#2f6f4f", **more: Any) -> None:
    wishes = {"size": (300, 200), "pos": (40, 60), **OPTIONS.get("wishes", {}), **more}
    made = App(Main, name=title, color=color).launch(OPTIONS.get("runtime", "app"), **wishes, title=title)
    assert isinstance(made, Main)
    mains[title] = made


def open_child(parent: str, title: str, options: dict[str, Any]) -> None:
    made = mains[parent].session.open_window(
        App(Main, name=title, color="#7f3f2f"), None, None, title=title, size=(200, 120), **options
    )
    assert isinstance(made, Main)
    mains[title] = made


def answer(*values: object) -> None:
    answers[:] = values


def ask_before_closing(title: str) -> None:
    async def decide() -> object:
        say("asked", title=title)
        return answers.pop(0)

    window_of(title).on_closing(decide)


def do(title: str, verb: str, *args: object) -> None:
    getattr(window_of(title), verb)(*args)


def hang(title: str, seconds: float) -> None:
    mains[title].page.hang(seconds)


COMMANDS: tuple[Callable[..., None], ...] = (open_one, open_child, answer, ask_before_closing, do, hang)

if __name__ == "__main__":
    if "url" in OPTIONS:
        shown = launch(OPTIONS["url"], OPTIONS.get("runtime", "app"), **OPTIONS.get("wishes", {}))
        shown.reaction(lambda *events: say("changed", what="title", value=events[-1].new_value), "title")
        say("has_asyncio_server", value="tornado" in sys.modules)
    else:
        open_one(OPTIONS.get("title", "one"))
    obey({f.__name__: f for f in COMMANDS})
    run_and_tell(lambda: run(OPTIONS.get("policy")))
