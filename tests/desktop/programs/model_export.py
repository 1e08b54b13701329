"""Exports an app that is based on a Model; the argument is the file."""

from __future__ import annotations

import sys
from typing import Any

from deskapp import App, app, event


class Saved(app.Model):
    """Python does its part when it is exported, JavaScript whenever the page is opened."""

    def init(self) -> None:
        self.sub = Part(n=5)
        self.send_data(b"12345", {"kind": "digits"})

    class Both:
        @event.prop
        def shared(self: Any, v: Any = 10) -> Any:
            return int(v) + 1

    class JS:
        def init(self: Any) -> None:
            self.at_init = [self.shared, self.sub.n]

        @event.connect("shared")
        def changed(self: Any, *events: Any) -> None:
            self.last = events[-1].new_value

        def receive_data(self: Any, data: Any, meta: Any) -> None:
            self.got = [data.byteLength, meta.kind]


class Part(app.Model):
    """A part of it."""

    class Both:
        @event.prop
        def n(self: Any, v: Any = 1) -> Any:
            return v


if __name__ == "__main__":
    App(Saved).export(sys.argv[1], link=0)
