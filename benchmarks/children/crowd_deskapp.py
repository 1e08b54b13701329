"""Many pages on one server of deskapp. Arguments: how many, and how often all are told something."""

from __future__ import annotations

import logging

from benchmarks.children._crowd import Crowd
from deskapp import App, JsComponent, PyComponent, call_soon, event, start, stop


class Room(event.Component):
    """What all pages share."""

    text = event.StringProp("", settable=True)


class View(JsComponent):
    """The page's part."""

    text = event.StringProp("", settable=True)

    @event.reaction("text")
    def show(self, *events: event.Event) -> None:
        """Runs in the page."""
        self.node.textContent = self.text


class Visitor(PyComponent):
    """One for each page."""

    count = event.IntProp(0, settable=True)

    def init(self) -> None:
        """Begin."""
        self.room = room
        self.view = View()

    @event.reaction("room.text")
    def pass_on(self, *events: event.Event) -> None:
        """Tell the own page."""
        self.view.set_text(self.room.text)


room = Room()

if __name__ == "__main__":
    logging.getLogger("deskapp").setLevel(logging.WARNING)
    app = App(Visitor)
    app.serve()
    crowd = Crowd("deskapp", app.url, tell_all=room.set_text, call_soon=call_soon, stop=stop)
    crowd.begin()
    start()
    crowd.end()
