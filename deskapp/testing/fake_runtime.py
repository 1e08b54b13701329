"""`FakeRuntime`: the full Runtime contract without a screen, recorded; windows close on command."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from deskapp.errors import RuntimeFailed
from deskapp.runtime.base import (
    OPEN_TIMEOUT_S,
    STOP_TIMEOUT_S,
    Availability,
    Runtime,
    RuntimeListener,
)
from deskapp.runtime.capabilities import COMMANDS, OPTIONS, REPORTS, SERVICES, Capabilities
from deskapp.runtime.window import Geometry, WindowId, WindowMode, WindowSpec, check_side, check_url


@dataclass(frozen=True)
class Faults:
    """How a `FakeRuntime` misbehaves.

    Args:
        unavailable: Reason for not being available; empty if it is.
        refuse_open: What `open` fails with; empty if it works.
        never_shows: `open` waits until its time is over.
        never_loads: Windows show, their page never loads.
        slow_s: Seconds that every command takes.
        slow_load_s: Seconds from a window's showing to its page's load.
    """

    unavailable: str = ""
    refuse_open: str = ""
    never_shows: bool = False
    never_loads: bool = False
    slow_s: float = 0.0
    slow_load_s: float = 0.0


@dataclass
class FakeWindow:
    """What a real window would show."""

    spec: WindowSpec
    url: str
    title: str
    geometry: Geometry
    is_visible: bool = True
    has_focus: bool = True
    is_crashed: bool = False
    urls: list[str] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)


class FakeRuntime(Runtime):
    """A runtime whose windows are plain objects.

    What a test does in the user's or the system's place: `user_closes`, `user_moves`, `page_sets_title`,
    `crash_page`, `die`. What the application did is in `calls`, `windows` and `closed`.

    Attributes:
        faults: How to misbehave; set it on the object, or on a subclass to be handed out as a class.
        calls: Every command and service in order: its name and its arguments.
        answers: What services answer, and the command ``popup_menu``: a value by name, or a function that makes it.
        is_kept: Whether it was told to stay when no window is left.
        windows: The open windows.
        closed: Those that were open.
    """

    name = "fake"
    capabilities: ClassVar[Capabilities] = Capabilities(
        options=frozenset(OPTIONS),
        commands=frozenset(COMMANDS),
        reports=frozenset(REPORTS),
        services=frozenset(SERVICES),
        can_destroy=True,
    )
    faults: Faults = Faults()

    def __init__(self, app_id: str = "org.example.fake", *, storage: Path | None = None) -> None:
        super().__init__(app_id, storage=storage)
        self.calls: list[tuple[Any, ...]] = []
        self.windows: dict[WindowId, FakeWindow] = {}
        self.closed: dict[WindowId, FakeWindow] = {}
        self.answers: dict[str, Any] = {}
        self.is_kept = False
        self._listener: RuntimeListener | None = None
        self._numbers = itertools.count(1)
        self._death: RuntimeFailed | None = None
        self._opening: list[asyncio.Future[None]] = []

    @classmethod
    def availability(cls) -> Availability:
        reason = cls.faults.unavailable
        return Availability(not reason, reason or "always here", "" if not reason else "set no fault")

    def start(self, listener: RuntimeListener) -> None:
        self.calls.append(("start",))
        self._listener = listener

    async def open(self, window: WindowSpec, *, timeout_s: float = OPEN_TIMEOUT_S) -> WindowId:
        self.calls.append(("open", window))
        if self._listener is None:
            raise RuntimeFailed(self.name, why="was not started before a window was opened")
        if self._death is not None:
            raise self._death
        await self._show_up(timeout_s)
        if self.faults.refuse_open:
            raise RuntimeFailed(self.name, why=f"could not open a window: {self.faults.refuse_open}")
        id = WindowId(f"{self.name}-{next(self._numbers)}")
        geometry = Geometry(
            window.x or 0,
            window.y or 0,
            window.width,
            window.height,
            maximized=window.mode is WindowMode.MAXIMIZED,
            fullscreen=window.mode in (WindowMode.FULLSCREEN, WindowMode.KIOSK),
        )
        self.windows[id] = FakeWindow(window, window.url, window.title, geometry, is_visible=window.visible)
        self._load(id, window.url)
        return id

    async def destroy(self, window: WindowId) -> None:
        if await self._command("destroy", window):
            self._close(window)

    async def _do(self, window: WindowId, verb: str, args: Sequence[Any]) -> object:
        self._check(verb, args)
        found = await self._command(verb, window, *args)
        if found is None:
            return None
        if verb == "load_url":
            found.is_crashed = False
            self._load(window, args[0])
        elif verb in ("show", "hide"):
            self._set_visible(window, verb == "show")
        elif verb == "focus":
            self.user_focuses(window)
        elif verb == "end_page":
            self.crash_page(window)
        elif verb == "popup_menu":
            return self.answers.get("popup_menu")
        elif verb == "set_title":
            found.title = args[0]
        elif verb in _MOVES:
            changes = _MOVES[verb](*args)
            if changes:
                self.user_moves(window, replace(found.geometry, **changes))
        else:
            found.state[verb] = args[0] if len(args) == 1 else args or True
        return None

    def _check(self, verb: str, args: Sequence[Any]) -> None:
        if verb == "load_url":
            check_url(args[0])
        elif verb in ("resize", "set_min_size"):
            check_side("width", args[0])
            check_side("height", args[1])

    async def _serve(self, service: str, window: WindowId | None, args: Mapping[str, object]) -> object:
        self.calls.append((service, window, dict(args)))
        answer = self.answers.get(service)
        return answer(**args) if callable(answer) else answer

    async def set_kept(self, on: bool) -> None:
        """Stay when no window is left; recorded in `is_kept`."""
        self.is_kept = on

    def _set_visible(self, window: WindowId, is_visible: bool) -> None:
        found = self.windows[window]
        if found.is_visible != is_visible:
            found.is_visible = is_visible
            self._report(lambda to: to.visibility_changed(window, is_visible))

    async def stop(self, *, timeout_s: float = STOP_TIMEOUT_S) -> None:
        self.calls.append(("stop",))
        await asyncio.sleep(self.faults.slow_s)
        for window in list(self.windows):
            self._close(window)
        await asyncio.sleep(0)  # what was just reported arrives before this returns, as from a real one

    def user_closes(self, window: WindowId) -> None:
        """Press the close button: closes at once, or asks if the window was opened so."""
        if self.windows[window].spec.confirm_close:
            self._report(lambda to: to.close_requested(window))
        else:
            self._close(window)

    def user_moves(self, window: WindowId, geometry: Geometry) -> None:
        """Move or resize the window."""
        self.windows[window].geometry = geometry
        self._report(lambda to: to.geometry_changed(window, geometry))

    def user_focuses(self, window: WindowId) -> None:
        """Give the window the keyboard; the others lose it."""
        for id, other in self.windows.items():
            if other.has_focus != (id == window):
                other.has_focus = id == window
                self._report(partial(_tell_focus, id, other.has_focus))

    def user_drops(self, window: WindowId, paths: Sequence[str], x: int = 0, y: int = 0) -> None:
        """Drop files on the page."""
        self._report(lambda to: to.files_dropped(window, paths, x, y))

    def user_chooses(self, window: WindowId, menu: str, item: int) -> None:
        """Choose an item of the menu bar (``"bar"``)."""
        self._report(lambda to: to.menu_chosen(window, menu, item))

    def system_says(self, service: str, value: object) -> None:
        """Report news of a service, such as ``("theme", "dark")``."""
        self._report(lambda to: to.service_changed(service, value))

    def page_sets_title(self, window: WindowId, title: str) -> None:
        """The page sets ``document.title``."""
        self._report(lambda to: to.title_changed(window, title))

    def crash_page(self, window: WindowId) -> None:
        """The process that draws the page ends; `load_url` recovers it."""
        self.windows[window].is_crashed = True
        self._report(lambda to: to.page_crashed(window))

    def die(self, *, exit_code: int = -9, tail: str = "") -> None:
        """The whole runtime ends by itself."""
        error = self._death = RuntimeFailed(self.name, exit_code=exit_code, tail=tail)
        opening, self._opening = self._opening, []
        for future in opening:
            if not future.done():
                future.set_exception(error)
        is_told = bool(opening) and not self.windows
        for window in list(self.windows):
            self._close(window)
        if not is_told:
            self._report(lambda to: to.runtime_failed(error))

    async def _show_up(self, timeout_s: float) -> None:
        """Take the time that a window takes; `die` may come in between."""
        loop = asyncio.get_running_loop()
        shown: asyncio.Future[None] = loop.create_future()
        self._opening.append(shown)

        def settle() -> None:
            if not shown.done():
                shown.set_result(None)

        if not self.faults.never_shows:
            loop.call_later(self.faults.slow_s, settle)
        try:
            await asyncio.wait_for(shown, timeout_s)
        except asyncio.TimeoutError:
            raise RuntimeFailed(self.name, why=f"did not show a window within {timeout_s:g} s") from None
        finally:
            if shown in self._opening:
                self._opening.remove(shown)

    async def _command(self, verb: str, window: WindowId, *args: object) -> FakeWindow | None:
        self.calls.append((verb, window, *args))
        if self.faults.slow_s:
            await asyncio.sleep(self.faults.slow_s)
        return self.windows.get(window)

    def _load(self, window: WindowId, url: str) -> None:
        found = self.windows[window]
        found.url = url
        found.urls.append(url)

        def finish() -> None:
            if window in self.windows and not found.is_crashed and self._listener is not None:
                self._listener.window_loaded(window)

        if not self.faults.never_loads:
            asyncio.get_running_loop().call_later(self.faults.slow_load_s, finish)

    def _close(self, window: WindowId) -> None:
        if (found := self.windows.pop(window, None)) is not None:
            self.closed[window] = found
            self._report(lambda to: to.window_closed(window))

    def _report(self, tell: Callable[[RuntimeListener], None]) -> None:
        """Call the listener from the loop, as a pipe would, never from inside the command."""
        if self._listener is not None:
            asyncio.get_running_loop().call_soon(tell, self._listener)


def _tell_focus(window: WindowId, has_focus: bool, to: RuntimeListener) -> None:
    to.focus_changed(window, has_focus)


_MOVES: Mapping[str, Callable[..., dict[str, Any]]] = {
    "resize": lambda width, height: {"width": width, "height": height},
    "move": lambda x, y: {"x": x, "y": y},
    "center": lambda: {"x": 400, "y": 300},
    "maximize": lambda: {"maximized": True},
    "minimize": lambda: {"minimized": True},
    "restore": lambda: {"maximized": False, "minimized": False, "fullscreen": False},
    "fullscreen": lambda on: {"fullscreen": on},
}
"""What commands change of a window's geometry."""
