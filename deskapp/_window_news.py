"""What runtimes report: news of a window change its `Window` and are told to its page, its end is for `Windows`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from deskapp._page_wishes import PAGE_DEFAULTS, window_facts
from deskapp.runtime.base import RuntimeListener

if TYPE_CHECKING:
    from deskapp._manager import AppManager
    from deskapp._window_record import WindowRecord
    from deskapp.errors import RuntimeFailed
    from deskapp.runtime.window import Geometry, WindowId

logger = logging.getLogger("deskapp.window")


class Life(Protocol):
    """Who decides what becomes of windows."""

    def window_loaded(self, window: WindowId) -> None: ...
    def window_closed(self, window: WindowId) -> None: ...
    def close_requested(self, window: WindowId) -> None: ...
    def page_crashed(self, window: WindowId) -> None: ...
    def runtime_failed(self, error: RuntimeFailed) -> None: ...


class WindowNews(RuntimeListener):
    """The listener of all runtimes of a program.

    Args:
        windows: The windows there are; a list that others change.
        life: Decides what becomes of them.
        manager: Returns what knows the apps.
        spawn: Has a coroutine run.
        on_service: Called with news of a service.
    """

    def __init__(
        self,
        windows: Sequence[WindowRecord],
        life: Life,
        *,
        manager: Callable[[], AppManager],
        spawn: Callable[[Coroutine[Any, Any, object]], None],
        on_service: Callable[[str, object], None],
    ) -> None:
        self._windows = windows
        self._manager = manager
        self._spawn = spawn
        self._on_service = on_service
        self._life = life

    def window_loaded(self, window: WindowId) -> None:
        """The page has loaded."""
        self._life.window_loaded(window)

    def window_closed(self, window: WindowId) -> None:
        """A window is gone, whoever closed it."""
        self._life.window_closed(window)

    def close_requested(self, window: WindowId) -> None:
        """The user wants to close a window that asks first."""
        self._life.close_requested(window)

    def page_crashed(self, window: WindowId) -> None:
        """The web process of a window died."""
        self._life.page_crashed(window)

    def runtime_failed(self, error: RuntimeFailed) -> None:
        """A runtime ended by itself."""
        self._life.runtime_failed(error)

    def geometry_changed(self, window: WindowId, geometry: Geometry) -> None:
        """A window was moved or resized."""
        if (found := self._find(window)) is not None:
            found.handle.take_geometry(geometry)
            self.tell_page(found)

    def focus_changed(self, window: WindowId, has_focus: bool) -> None:
        """A window got or lost the keyboard."""
        if (found := self._find(window)) is not None:
            found.handle.take("focused", has_focus)
            if found.session is not None:
                found.session.is_in_front = has_focus
            self.tell_page(found)

    def visibility_changed(self, window: WindowId, is_visible: bool) -> None:
        """A window was shown or hidden."""
        if (found := self._find(window)) is not None:
            found.handle.take("visible", is_visible)

    def files_dropped(self, window: WindowId, paths: Sequence[str], x: int, y: int) -> None:
        """Files were dropped on a page: Python hears of it, then the page."""
        if (found := self._find(window)) is not None:
            found.handle.dropped([Path(path) for path in paths], x, y)
            if found.session is not None:
                found.session.notify_page("dropped", {"paths": list(paths), "x": x, "y": y})

    def menu_chosen(self, window: WindowId, menu: str, item: int) -> None:
        """An item of a menu was chosen."""
        if (found := self._find(window)) is not None:
            found.handle.choose(menu, item)

    def service_changed(self, service: str, value: object) -> None:
        """There is news of a service."""
        self._on_service(service, value)

    def title_changed(self, window: WindowId, title: str) -> None:
        """The page calls itself something: the window follows."""
        found = self._find(window)
        if found is None or found.runtime is None or not title or title.startswith("127.0.0.1:"):
            return  # what engines call a page that says nothing yet; its address would show its ticket to everybody
        session = found.session
        if session is not None:
            spec = self._manager().spec(session.app_name)
            is_of_loader = spec is not None and title == spec.title
            if is_of_loader and session.title not in ("", title):
                return  # the page has loaded, and will hear in a moment what it is called
        found.handle.take("title", title)
        if found.runtime.capabilities.can("set_title"):
            self._spawn(found.runtime.command(window, "set_title", title))

    def tell_page(self, window: WindowRecord) -> None:
        """Tell the page of a window what has changed around it."""
        session = window.session
        if session is None:
            return
        facts = window_facts(window)
        news = {name: value for name, value in facts.items() if {**PAGE_DEFAULTS, **window.told}[name] != value}
        if news:
            window.told.update(news)
            session.notify_page("window", news)

    def _find(self, window: WindowId) -> WindowRecord | None:
        """The window that news are of; one that is about to get its name takes them, too."""
        for record in self._windows:
            if record.id == window:
                return record
        opening = [record for record in self._windows if record.is_opening and record.id is None]
        return opening[0] if len(opening) == 1 else None
