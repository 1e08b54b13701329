"""Many pages on one server of Flexx. Arguments: how many, and how often all are told something."""

from __future__ import annotations

from flexx import app, event, set_log_level

from benchmarks.children._crowd import Crowd


class Room(event.Component):  # type: ignore[misc]
    """What all pages share."""

    text = event.StringProp("", settable=True)


class View(app.JsComponent):  # type: ignore[misc]
    """The page's part."""

    text = event.StringProp("", settable=True)

    @event.reaction("text")  # type: ignore[untyped-decorator]
    def show(self, *events: object) -> None:
        """Runs in the page."""
        self.node.textContent = self.text


class Visitor(app.PyComponent):  # type: ignore[misc]
    """One for each page."""

    count = event.IntProp(0, settable=True)

    def init(self) -> None:
        """Begin."""
        self.room = room
        self.view = View()

    @event.reaction("room.text")  # type: ignore[untyped-decorator]
    def pass_on(self, *events: object) -> None:
        """Tell the own page."""
        self.view.set_text(self.room.text)


room = Room()

if __name__ == "__main__":
    set_log_level("warning")
    served = app.App(Visitor)
    served.serve()
    server = app.create_server(port=0)
    address = f"http://localhost:{server.serving[1]}/Visitor/"
    crowd = Crowd("flexx", address, tell_all=room.set_text, call_soon=event.loop.call_soon, stop=app.stop)
    crowd.begin()
    app.start()
    crowd.end()
