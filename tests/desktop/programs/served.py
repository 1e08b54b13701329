"""A served app: each page gets an instance of its own; options: ``name``, ``fails`` in ``init``."""

from __future__ import annotations

from typing import Any

from deskapp import JsComponent, PyComponent, app, event, start, stop, window
from tests.desktop.programs.say import OPTIONS, obey, run_and_tell, say


class Page(JsComponent):
    main = event.ComponentProp(None, settable=True)

    @event.reaction("main")
    def report(self, *events: Any) -> None:
        if self.main is not None:
            self.main.seen()

    @event.action
    def reload(self) -> None:
        window.location.reload()


class Visit(PyComponent):
    count = event.IntProp(0, settable=True)

    def init(self) -> None:
        visits.append(self)
        self.number = len(visits)
        if OPTIONS.get("fails"):
            raise ValueError("on purpose")
        self.page = Page(main=self)
        say("made", number=self.number, query=getattr(self.session.request, "query", None))

    @event.action
    def seen(self) -> None:
        say("seen", number=self.number, count=self.count)

    @event.reaction("count")
    def tell_count(self, *events: Any) -> None:
        if self.count:
            say("count", number=self.number, count=self.count)

    def _dispose(self) -> None:
        say("disposed", number=self.number)
        super()._dispose()


visits: list[Visit] = []


def reload(number: int) -> None:
    visits[number - 1].page.reload()


def set_count(number: int, count: int) -> None:
    visits[number - 1].set_count(count)


def launch_too() -> None:
    app.launch(Visit, "app", title="launched")


if __name__ == "__main__":
    application = app.App(Visit)
    application.serve(OPTIONS.get("name"))
    say("serving", url=application.url)
    obey({"stop": stop, "reload": reload, "set_count": set_count, "launch_too": launch_too})
    run_and_tell(start)
