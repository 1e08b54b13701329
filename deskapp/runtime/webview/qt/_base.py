"""What the hands in Qt share: the modules of Qt, and what is known of each window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from deskapp.runtime.webview._host_window import WindowEvents
from deskapp.runtime.window import WindowSpec


@dataclass(frozen=True)
class QtModules:
    """Qt's modules, imported in the order that it wants, and its application object."""

    core: Any
    gui: Any
    widgets: Any
    engine: Any
    application: Any

    @property
    def is_x11(self) -> bool:
        return bool(self.application.platformName() == "xcb")


@dataclass
class QtWindow:
    """What pywebview's `BrowserView` does not know of its window."""

    view: Any
    spec: WindowSpec
    events: WindowEvents
    min_size: tuple[int, int]
    is_resizable: bool
    background: str | None
    is_transparent: bool = False
    zoom: float = 1.0
    fixed_size: Any = None
    owner: Any = None
    bar: Any = None
    menu: Any = None
    popups: dict[int, Any] = field(default_factory=dict)
    splash: Any = None
    splash_picture: Any = None
    devtools: Any = None
    state_before_page: Any = None
    escape: Any = None
    watchers: list[Any] = field(default_factory=list)
    endings: dict[int, Callable[[], None]] = field(default_factory=dict)

    @property
    def bar_height(self) -> int:
        """How much of the window's height its menu bar takes from the page."""
        if self.bar is None or self.view.isFullScreen():  # where it is hidden
            return 0
        return int(self.bar.sizeHint().height())

    def page_size(self) -> tuple[int, int]:
        """The size of the page's area; the layout may not have given it that yet."""
        size = self.view.size()
        return size.width(), size.height() - self.bar_height

    def when_gone(self, end: Callable[[], None]) -> Callable[[], None]:
        """Have `end` called if the window goes; returns what takes that back."""
        key = id(end)
        self.endings[key] = end

        def forget() -> None:
            self.endings.pop(key, None)

        return forget

    def end_all(self) -> None:
        """The window is gone: end what waits for a person at it."""
        while self.endings:
            self.endings.popitem()[1]()


class QtHands:
    """Base of the classes that obey commands."""

    def __init__(self, qt: QtModules) -> None:
        self._qt = qt
        self._windows: dict[str, QtWindow] = {}

    def call_later(self, delay_s: float, func: Callable[[], None]) -> None:
        self._qt.core.QTimer.singleShot(int(delay_s * 1000), func)

    def _of(self, view: Any) -> QtWindow:
        return self._windows[view.uid]
