"""What every runtime promises: `Runtime`, its `Capabilities`, and the `RuntimeListener` that it reports to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from deskapp.errors import RuntimeFailed
from deskapp.runtime.window import Geometry, WindowId, WindowSpec

OPEN_TIMEOUT_S = 20.0
COMMAND_TIMEOUT_S = 5.0
STOP_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Capabilities:
    """What a runtime can do, as data, so that nobody has to test for platforms.

    Args:
        reports_load: `RuntimeListener.window_loaded` is called.
        reports_close: `RuntimeListener.window_closed` is called when the user closes a window.
        reports_geometry: `RuntimeListener.geometry_changed` is called.
        reports_crash: `RuntimeListener.page_crashed` is called and `load_url` recovers the page.
        can_ask_close: `WindowSpec.confirm_close` is honoured.
        can_set_title: `set_title` works.
        can_navigate: `load_url` works.
        can_place: `move`, `resize`, `maximize`, `restore`, `focus`, `fullscreen` work.
        can_hide: `show` and `hide` work.
        can_destroy: `destroy` takes the window from the screen.
    """

    reports_load: bool = False
    reports_close: bool = False
    reports_geometry: bool = False
    reports_crash: bool = False
    can_ask_close: bool = False
    can_set_title: bool = False
    can_navigate: bool = False
    can_place: bool = False
    can_hide: bool = False
    can_destroy: bool = False


@dataclass(frozen=True)
class Availability:
    """Whether a runtime can work on this machine.

    Args:
        ok: True if nothing that it needs is missing.
        reason: What was found, or what is missing.
        remedy: The command that gets what is missing; empty if `ok`.
    """

    ok: bool
    reason: str = ""
    remedy: str = ""


class RuntimeListener(Protocol):
    """Who a runtime reports to. Every method is called on the asyncio loop's thread."""

    def window_loaded(self, window: WindowId) -> None:
        """The page of `window` finished loading, for the first time or again."""

    def window_closed(self, window: WindowId) -> None:
        """`window` is gone; called once, whoever closed it."""

    def close_requested(self, window: WindowId) -> None:
        """The user wants to close a window opened with `confirm_close`; `Runtime.destroy` grants it."""

    def geometry_changed(self, window: WindowId, geometry: Geometry) -> None:
        """`window` was moved, resized, maximized or restored."""

    def title_changed(self, window: WindowId, title: str) -> None:
        """The page of `window` calls itself `title`; the title bar still shows the old text."""

    def page_crashed(self, window: WindowId) -> None:
        """The process that draws the page ended; the window is still there and `load_url` recovers it."""

    def runtime_failed(self, error: RuntimeFailed) -> None:
        """The runtime ended by itself; every window was reported closed before."""


class Runtime(ABC):
    """Something that shows pages in windows.

    One object serves all windows of one application. `start` may be called before an event loop
    runs; everything else is called on the loop's thread.

    Args:
        app_id: Identity of the application towards the desktop (task bar, WM_CLASS) and in paths.
        storage: Folder for what pages keep; None keeps nothing beyond the runtime's life.
    """

    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    def __init__(self, app_id: str, *, storage: Path | None = None) -> None:
        self.app_id = app_id
        self.storage = storage

    @classmethod
    @abstractmethod
    def availability(cls) -> Availability:
        """Whether this runtime can work here; imports nothing heavy and starts nothing."""

    @abstractmethod
    def start(self, listener: RuntimeListener) -> None:
        """Start whatever takes time to start, without waiting for it.

        Raises:
            RuntimeUnavailable: Its program cannot be started.
        """

    @abstractmethod
    async def open(self, window: WindowSpec, *, timeout_s: float = OPEN_TIMEOUT_S) -> WindowId:
        """Show a window and return its id, once it is on screen.

        Args:
            window: What to show and where.
            timeout_s: Seconds to wait for the window; must be positive.

        Raises:
            RuntimeFailed: The runtime ended, or `timeout_s` passed, before the window showed.
        """

    @abstractmethod
    async def destroy(self, window: WindowId) -> None:
        """Close `window` without asking; a window that is gone already is no error."""

    @abstractmethod
    async def set_title(self, window: WindowId, title: str) -> None:
        """Put `title` into the title bar."""

    @abstractmethod
    async def load_url(self, window: WindowId, url: str) -> None:
        """Load `url` into `window`; also recovers a page that crashed."""

    @abstractmethod
    async def show(self, window: WindowId) -> None:
        """Bring a hidden window up."""

    @abstractmethod
    async def hide(self, window: WindowId) -> None:
        """Take a window from the screen; its page keeps running."""

    @abstractmethod
    async def resize(self, window: WindowId, width: int, height: int) -> None:
        """Give the page's area this size in logical pixels."""

    @abstractmethod
    async def move(self, window: WindowId, x: int, y: int) -> None:
        """Put the frame's corner there, in logical pixels (no effect on Wayland)."""

    @abstractmethod
    async def maximize(self, window: WindowId) -> None:
        """Fill the screen's work area."""

    @abstractmethod
    async def restore(self, window: WindowId) -> None:
        """Back to the normal state from maximized, minimized or fullscreen."""

    @abstractmethod
    async def focus(self, window: WindowId) -> None:
        """Bring `window` to the front and give it the keyboard."""

    @abstractmethod
    async def fullscreen(self, window: WindowId, on: bool) -> None:
        """Enter or leave fullscreen."""

    @abstractmethod
    async def stop(self, *, timeout_s: float = STOP_TIMEOUT_S) -> None:
        """Close all windows and end every process of this runtime; may be called twice.

        Args:
            timeout_s: Seconds given to an orderly end, before it is forced.
        """
