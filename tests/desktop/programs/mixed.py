"""One window for each of the runtimes in the option ``runtimes``."""

from __future__ import annotations

from typing import Any

from deskapp import App, JsComponent, PyComponent, event
from tests.desktop.programs.say import OPTIONS, run_and_tell, say


class Note(JsComponent):
    """Tells when it is in the page."""

    main = event.ComponentProp(None, settable=True)

    @event.reaction("main")
    def tell(self, *events: Any) -> None:
        if self.main is not None:
            self.node.textContent = self.main.name
            self.main.seen()


class Main(PyComponent):
    """The root of a window."""

    name = event.StringProp("")

    def init(self) -> None:
        self.note = Note(main=self)

    @event.action
    def seen(self) -> None:
        say("seen", title=self.name)

    def _dispose(self) -> None:
        say("disposed", title=self.name)
        super()._dispose()


if __name__ == "__main__":
    for runtime in OPTIONS["runtimes"]:
        App(Main, name=runtime).launch(runtime, title=runtime, size=(300, 200))
    run_and_tell()
