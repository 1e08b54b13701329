"""One page load from deskapp."""

from __future__ import annotations

import logging
import os

from benchmarks.children._page_load import Load
from deskapp import App, JsComponent, PyComponent, create_server, event, start, stop


class View(JsComponent):
    """The page's part."""

    main = event.ComponentProp(None, settable=True)

    @event.reaction("main")
    def tell(self, *events: event.Event) -> None:
        """Runs in the page."""
        if self.main is not None:
            self.main.ready()


class Visitor(PyComponent):
    """The app."""

    def init(self) -> None:
        """Begin."""
        self.view = View(main=self)

    @event.action
    def ready(self) -> None:
        """The page's code runs."""
        load.done()


load = Load(stop)

if __name__ == "__main__":
    logging.getLogger("deskapp").setLevel(logging.WARNING)
    os.environ["DESKAPP_HOST_ALLOW_LIST"] = f"127.0.0.1:{load.port}"  # which is where the browser comes from
    server = create_server()
    App(Visitor).serve()
    assert server.serving is not None
    load.begin(server.serving[1], "/Visitor/")
    start()
    load.end()
