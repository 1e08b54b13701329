"""A served app that knows its visitors by a cookie, and whose pages share state."""

from __future__ import annotations

from typing import Any

from deskapp import JsComponent, PyComponent, app, event, start, stop, window
from tests.desktop.programs.say import obey, run_and_tell, say


class Board(event.Component):
    """Belongs to no page."""

    text = event.StringProp("", settable=True)


class Pane(JsComponent):
    text = event.StringProp("", settable=True)
    other = event.ComponentProp(None, settable=True)
    shared = event.ComponentProp(None, settable=True)

    @event.reaction("text")
    def show(self, *events: Any) -> None:
        self.node.textContent = self.text

    @event.reaction("other")
    def show_other(self, *events: Any) -> None:
        if self.other is not None:
            window.other = self.other.uid  # type: ignore[attr-defined]

    @event.reaction("!shared.count")
    def show_count(self, *events: Any) -> None:
        if self.shared is not None:
            window.count = self.shared.count  # type: ignore[attr-defined]

    @event.action
    def ask_shared(self) -> None:
        self.shared.add(1)  # type: ignore[union-attr]


class Visit(PyComponent):
    visits = event.IntProp(0)
    count = event.IntProp(0, settable=True)
    text = event.StringProp("", settable=True)

    def init(self) -> None:
        self._mutate_visits(int(self.session.get_cookie("visits", "0")) + 1)
        self.session.set_cookie("visits", str(self.visits), httponly=True)
        self.session.set_cookie("plain", "seen by scripts")
        self.pane = Pane(text=lambda: f"{self.visits} {board.text}")
        pages.append(self)
        say("visit", number=len(pages), visits=self.visits, plain=self.session.get_cookie("plain"))

    @event.action
    def add(self, n: int) -> None:
        self._mutate_count(self.count + n)

    @event.reaction("count")
    def tell_count(self, *events: Any) -> None:
        say("count", count=self.count)

    @event.action
    def clear(self) -> None:
        self.session.set_cookie("visits", None)


board = Board()
pages: list[Visit] = []


def set_text(text: str) -> None:
    board.set_text(text)


def introduce() -> None:
    """Show the first page's components to the second page."""
    first, second = pages[:2]
    second.pane.set_other(first.pane)
    second.pane.set_shared(first)
    second.session.call_after_roundtrip(lambda: say("introduced", same=second.pane.other is first.pane))


def ask() -> None:
    pages[1].pane.ask_shared()


def clear(number: int) -> None:
    pages[number - 1].clear()


if __name__ == "__main__":
    application = app.App(Visit)
    application.serve("")
    say("serving", url=application.url)
    obey({"stop": stop, "set_text": set_text, "introduce": introduce, "ask": ask, "clear": clear})
    run_and_tell(start)
