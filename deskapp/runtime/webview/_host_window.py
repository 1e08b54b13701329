"""One window of the host, and what host and toolkit ask of each other about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from deskapp.runtime.window import WindowSpec

Message = dict[str, Any]


NOT_HERE = "not here: "
"""Begins the answer to what this desktop lacks; the rest says what that is."""


class NotHere(Exception):
    """This desktop lacks what was asked for; the text says what that is."""


class Answer(Protocol):
    """Answers a command, once; an `error` in place of the value says why there is none."""

    def __call__(self, value: object = None, error: str = "") -> None: ...


class HostEvents(Protocol):
    """Where a toolkit reports what concerns no window."""

    def external(self, url: str) -> None: ...
    def changed(self, service: str, value: object) -> None: ...


class Toolkit(Protocol):
    """What the host asks of GTK or Qt; everything but `call_soon` on the GUI thread.

    Commands raise `NotHere` for what this desktop lacks. `view` is pywebview's `BrowserView`.
    """

    backend: str
    always_debug: bool

    # The loop.
    def prepare(self, backend: Any, events: HostEvents) -> None: ...
    def call_soon(self, func: Callable[[], None]) -> None: ...
    def call_later(self, delay_s: float, func: Callable[[], None]) -> None: ...
    def run_windowless(self) -> None: ...
    def leave_windowless(self) -> None: ...
    def keep(self, on: bool) -> None: ...
    def background(self) -> str: ...
    def finish(self) -> None: ...

    # A window's beginning and end.
    def attach(self, view: Any, spec: WindowSpec, events: WindowEvents, parent: Any | None = None) -> None: ...
    def release(self, view: Any) -> None: ...
    def close(self, view: Any) -> None: ...

    # Commands, as `capabilities.COMMANDS` has them.
    def set_title(self, view: Any, title: str) -> None: ...
    def load_url(self, view: Any, url: str) -> None: ...
    def resize(self, view: Any, width: int, height: int) -> None: ...
    def set_min_size(self, view: Any, width: int, height: int) -> None: ...
    def move(self, view: Any, x: int, y: int) -> None: ...
    def center(self, view: Any) -> None: ...
    def maximize(self, view: Any) -> None: ...
    def minimize(self, view: Any) -> None: ...
    def restore(self, view: Any) -> None: ...
    def fullscreen(self, view: Any, on: bool) -> None: ...
    def show(self, view: Any) -> None: ...
    def hide(self, view: Any) -> None: ...
    def focus(self, view: Any) -> None: ...
    def set_on_top(self, view: Any, on: bool) -> None: ...
    def set_resizable(self, view: Any, on: bool) -> None: ...
    def set_background(self, view: Any, color: str | None) -> None: ...
    def set_zoom(self, view: Any, factor: float) -> None: ...
    def set_icon(self, view: Any, path: str) -> None: ...
    def set_progress(self, view: Any, fraction: float | None) -> None: ...
    def request_attention(self, view: Any, on: bool) -> None: ...
    def set_menu(self, view: Any, menu: list[Message] | None) -> None: ...
    def popup_menu(self, view: Any, menu: list[Message], x: int, y: int, *, answer: Answer) -> None: ...
    def start_drag(self, view: Any) -> None: ...
    def start_resize(self, view: Any, edge: str) -> None: ...
    def hide_splash(self, view: Any) -> None: ...
    def print_page(self, view: Any, path: str | None, *, answer: Answer) -> None: ...
    def open_devtools(self, view: Any) -> None: ...
    def end_page(self, view: Any) -> None: ...

    # Services, as `capabilities.SERVICES` has them; answers may come later.
    def serve(self, service: str, view: Any | None, args: Message, answer: Answer) -> None: ...


class WindowEvents(Protocol):
    """Where a toolkit reports what happens to one window."""

    def shown(self) -> None: ...
    def loaded(self) -> None: ...
    def crashed(self) -> None: ...
    def title(self, text: str) -> None: ...
    def geometry(
        self, x: int, y: int, width: int, height: int, maximized: bool, fullscreen: bool, minimized: bool = False
    ) -> None: ...
    def focus(self, has_focus: bool) -> None: ...
    def visibility(self, is_visible: bool) -> None: ...
    def dropped(self, paths: list[str], x: int, y: int) -> None: ...
    def menu(self, menu: str, item: int) -> None: ...


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
    has_focus: bool = False
    is_visible: bool = False

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

    def geometry(
        self, x: int, y: int, width: int, height: int, maximized: bool, fullscreen: bool, minimized: bool = False
    ) -> None:
        values = (x, y, width, height, maximized, fullscreen, minimized)
        if values != self.last_geometry:
            self.last_geometry = values
            self.report("geometry", value=values)

    def focus(self, has_focus: bool) -> None:
        if has_focus != self.has_focus:
            self.has_focus = has_focus
            self.report("focus", value=has_focus)

    def visibility(self, is_visible: bool) -> None:
        if is_visible != self.is_visible:
            self.is_visible = is_visible
            self.report("visibility", value=is_visible)

    def dropped(self, paths: list[str], x: int, y: int) -> None:
        self.report("dropped", paths=paths, x=x, y=y)

    def menu(self, menu: str, item: int) -> None:
        self.report("menu", menu=menu, item=item)

    def report(self, name: str, **facts: object) -> None:
        if not self.is_closed:  # a dying page still has things to say that concern nobody
            self.emit({"on": name, "window": self.id, **facts})

    def answer(self, error: str = "") -> None:
        if self.request is not None:
            self.emit({"re": self.request, "error": error})
            self.request = None
