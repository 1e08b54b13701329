"""Windows with a page each, filled with a colour; options: ``titles`` and wishes for `launch`."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from deskapp import App, JsComponent, PyComponent, call_soon, event, window
from deskapp.app import launcher
from tests.desktop.programs.say import OPTIONS, obey, run_and_tell, say


class Part(JsComponent):
    """Made by JavaScript alone."""

    number = event.IntProp(0, settable=True)


class Light(JsComponent):
    """Fills its page with a colour."""

    main = event.ComponentProp(None, settable=True)
    color = event.StringProp("", settable=True)
    level = event.IntProp(0, settable=True)
    part = event.ComponentProp(None, settable=True)

    def init(self) -> None:
        self.set_part(Part(number=7))

    @event.reaction("color")
    def paint(self, *events: Any) -> None:
        self.node.style.position = "fixed"
        self.node.style.inset = "0px"
        self.node.style.background = self.color

    @event.reaction("main")
    def report(self, *events: Any) -> None:
        if self.main is not None:
            self.main.seen(self.color, self.level, self.main.count)

    @event.action
    def reload(self) -> None:
        window.location.reload()

    @event.action
    def ask_for_window(self, title: str) -> None:
        if self.main is not None:
            self.main.open_another(title)

    @event.action
    def raise_level(self) -> None:
        self.set_level(self.level + 1)
        if self.main is not None:
            self.main.raised(self.level)


class Main(PyComponent):
    """The root of a window."""

    name = event.StringProp("")
    color = event.StringProp("#2f6f4f")
    count = event.IntProp(0, settable=True)

    def init(self) -> None:
        self.light = Light(main=self, color=self.color)

    @event.action
    def seen(self, color: str, level: int, count: int) -> None:
        part = self.light.part
        say(
            "seen",
            title=self.name,
            color=color,
            level=level,
            count=count,
            part=part and part.id,
            part_number=part and part.number,
        )

    @event.action
    def raised(self, level: int) -> None:
        say("raised_level", title=self.name, level=level)

    @event.action
    def open_another(self, title: str) -> None:
        open_window(title)

    @event.reaction("light.part")
    def part_came(self, *events: Any) -> None:
        say("part", title=self.name, id=self.light.part and self.light.part.id)

    def _dispose(self) -> None:
        say("disposed", title=self.name)
        if OPTIONS.get("hangs_at_end"):
            say("hangs")
            time.sleep(60)
        super()._dispose()


mains: dict[str, Main] = {}


def open_window(title: str, color: str = "#2f6f4f") -> None:
    wishes = {"size": (300, 200), "pos": (40 + 330 * (len(mains) % 4), 60 + 250 * (len(mains) // 4 % 4))}
    made = App(Main, name=title, color=color).launch(
        OPTIONS.get("runtime", "app"), **{**wishes, **OPTIONS.get("wishes", {})}, title=title
    )
    assert isinstance(made, Main)
    mains[title] = made


def reload(title: str) -> None:
    mains[title].light.reload()


def set_count(title: str, count: int) -> None:
    mains[title].set_count(count)


def raise_level(title: str) -> None:
    mains[title].light.raise_level()


def ask_for_window(title: str, new: str) -> None:
    mains[title].light.ask_for_window(new)


def go_deaf() -> None:
    """Let nobody connect any more, as a firewall would."""
    http = launcher().server._http
    assert http is not None
    http.stop()


def set_title(title: str, new: str) -> None:
    mains[title].session.set_title(new)


def close(title: str) -> None:
    mains[title].session.close()


def be_busy(seconds: float) -> None:
    time.sleep(seconds)


def tell_state(title: str) -> None:
    light = mains[title].light
    say("state", title=title, level=light.level, part=light.part and light.part.id, status=mains[title].session.status)


COMMANDS: tuple[Callable[..., None], ...] = (
    open_window,
    ask_for_window,
    reload,
    set_count,
    raise_level,
    set_title,
    close,
    be_busy,
    go_deaf,
    tell_state,
)

if __name__ == "__main__":
    for title in OPTIONS.get("titles", ["one"]):
        open_window(title, OPTIONS.get("color", "#2f6f4f"))
    obey({f.__name__: f for f in COMMANDS})
    if OPTIONS.get("deaf"):
        call_soon(go_deaf)
    run_and_tell()
