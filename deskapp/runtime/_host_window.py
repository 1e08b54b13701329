"""One window of the host, and what host and toolkit ask of each other about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from deskapp.runtime.window import WindowSpec

Message = dict[str, Any]


class Toolkit(Protocol):
    """What the host asks of GTK or Qt; everything but `call_soon` on the GUI thread."""

    backend: str
    always_debug: bool

    def prepare(self, backend: Any, open_external: Callable[[str], None]) -> None: ...
    def call_soon(self, func: Callable[[], None]) -> None: ...
    def call_later(self, delay_s: float, func: Callable[[], None]) -> None: ...
    def attach(self, view: Any, spec: WindowSpec, events: WindowEvents) -> None: ...
    def release(self, view: Any) -> None: ...
    def finish(self) -> None: ...
    def close(self, view: Any) -> None: ...
    def set_title(self, view: Any, title: str) -> None: ...
    def load_url(self, view: Any, url: str) -> None: ...
    def show(self, view: Any) -> None: ...
    def hide(self, view: Any) -> None: ...
    def resize(self, view: Any, width: int, height: int) -> None: ...
    def move(self, view: Any, x: int, y: int) -> None: ...
    def maximize(self, view: Any) -> None: ...
    def restore(self, view: Any) -> None: ...
    def focus(self, view: Any) -> None: ...
    def fullscreen(self, view: Any, on: bool) -> None: ...


class WindowEvents(Protocol):
    """Where a toolkit reports what happens to one window."""

    def shown(self) -> None: ...
    def loaded(self) -> None: ...
    def crashed(self) -> None: ...
    def title(self, text: str) -> None: ...
    def geometry(self, x: int, y: int, width: int, height: int, maximized: bool, fullscreen: bool) -> None: ...


@dataclass
class HostWindow:
    """One window of the host, from its command to its end; receives its native events."""

    id: str
    request: int | None
    spec: WindowSpec
    emit: Callable[[Message], None]
    run_waiting: Callable[[HostWindow], None]
    uid: str = ""
    view: Any = None
    asks: bool = False
    is_shown: bool = False
    is_granted: bool = False
    is_closed: bool = False
    asked_at_s: float | None = None
    waiting: list[Message] = field(default_factory=list)
    last_geometry: tuple[object, ...] = ()

    def shown(self) -> None:
        if not self.is_shown:
            self.is_shown = True
            self.answer()
            self.run_waiting(self)

    def loaded(self) -> None:
        self.report("loaded")

    def crashed(self) -> None:
        self.report("crashed")

    def title(self, text: str) -> None:
        self.report("title", text=text)

    def geometry(self, x: int, y: int, width: int, height: int, maximized: bool, fullscreen: bool) -> None:
        values = (x, y, width, height, maximized, fullscreen)
        if values != self.last_geometry:
            self.last_geometry = values
            self.report("geometry", value=values)

    def report(self, name: str, **facts: object) -> None:
        if not self.is_closed:  # a dying page still has things to say that concern nobody
            self.emit({"on": name, "window": self.id, **facts})

    def answer(self, error: str = "") -> None:
        if self.request is not None:
            self.emit({"re": self.request, "error": error})
            self.request = None
