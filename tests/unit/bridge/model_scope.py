"""A module in which Models use what a module has."""

from __future__ import annotations

from typing import Any

from deskapp import RawJS, app, event
from tests.unit.bridge import model_other
from tests.unit.bridge.model_other import imported

info = {"x": 1, "y": 2}
unused_value = {"z": 3}
library: Any = RawJS("window.library")


def helper(n: int) -> int:
    """Used by JavaScript."""
    return n + info["x"]


def unused() -> str:
    """Used by nobody."""
    return "unused"


class Point:
    """A plain class, used by JavaScript."""

    def __init__(self, x: int) -> None:
        self.x = x


class Scoped(app.Model):
    class Both:
        @event.prop
        def level(self, v: Any = 1) -> Any:
            return helper(v)

    class JS:
        LIMITS = (1, 2)

        @event.connect("level")
        def handler(self: Any, *events: Any) -> None:
            self.point = Point(imported(helper(info["y"])))
            library.draw(self.point)
            self.more = model_other.other_value["k"]


class Derived(Scoped):
    class JS:
        def init(self: Any) -> None:
            super().init()  # type: ignore[misc]
            self.level = 5
