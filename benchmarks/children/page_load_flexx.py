"""One page load from Flexx."""

from __future__ import annotations

from flexx import app, event, set_log_level

from benchmarks.children._page_load import Load


class View(app.JsComponent):  # type: ignore[misc]
    """The page's part."""

    main = event.ComponentProp(None, settable=True)

    @event.reaction("main")  # type: ignore[untyped-decorator]
    def tell(self, *events: object) -> None:
        """Runs in the page."""
        if self.main is not None:
            self.main.ready()


class Visitor(app.PyComponent):  # type: ignore[misc]
    """The app."""

    def init(self) -> None:
        """Begin."""
        self.view = View(main=self)

    @event.action  # type: ignore[untyped-decorator]
    def ready(self) -> None:
        """The page's code runs."""
        load.done()


load = Load(app.stop)

if __name__ == "__main__":
    set_log_level("warning")
    app.App(Visitor).serve()
    server = app.create_server(port=0)
    load.begin(server.serving[1], "/Visitor/")
    app.start()
    load.end()
