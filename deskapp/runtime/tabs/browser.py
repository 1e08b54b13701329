"""A tab in the user's browser: the last resort, which can open a page and nothing else."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from deskapp._lazy import LazyModule
from deskapp.errors import NotSupported, RuntimeFailed
from deskapp.runtime._find import (
    DEAD_SCREEN,
    NO_SCREEN,
    NO_SCREEN_REMEDY,
    find_browser,
    has_screen,
    screen_answers,
)
from deskapp.runtime.base import (
    OPEN_TIMEOUT_S,
    STOP_TIMEOUT_S,
    Availability,
    Runtime,
    RuntimeListener,
)
from deskapp.runtime.capabilities import BUILT_IN, able
from deskapp.runtime.window import WindowId, WindowSpec

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the host's process can start

SETTLED_AFTER_S = 2.0  # a browser that is waited for so long has opened, and is not going to return


class Browser(Runtime):
    """Opens pages in the user's browser. The tab is the browser's: nobody tells when it closes."""

    name = "browser"
    capabilities = BUILT_IN[name]

    def __init__(self, app_id: str, *, storage: Path | None = None) -> None:
        super().__init__(app_id, storage=storage)
        self._listener: RuntimeListener | None = None
        self._numbers = itertools.count(1)
        self._windows: set[WindowId] = set()

    @classmethod
    def availability(cls) -> Availability:
        browser = find_browser()
        if browser is None:
            return Availability(False, "no browser was found", "sudo apt install firefox-esr")
        if not has_screen():
            return Availability(False, NO_SCREEN, NO_SCREEN_REMEDY)
        if not screen_answers():  # what opens browsers does not tell when it could not
            return Availability(False, DEAD_SCREEN, NO_SCREEN_REMEDY)
        return Availability(True, f"{browser} opens pages")

    def start(self, listener: RuntimeListener) -> None:
        self._listener = listener

    async def open(self, window: WindowSpec, *, timeout_s: float = OPEN_TIMEOUT_S) -> WindowId:
        loop = asyncio.get_running_loop()
        result: asyncio.Future[bool] = loop.create_future()

        def settle(is_open: bool) -> None:
            if not result.done():
                result.set_result(is_open)

        def work() -> None:  # on a thread: some browsers are waited for until they end
            is_open = self._show(window.url)
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, is_open)

        threading.Thread(target=work, name="deskapp-browser", daemon=True).start()
        try:
            is_open = await asyncio.wait_for(result, min(timeout_s, SETTLED_AFTER_S))
        except asyncio.TimeoutError:
            is_open = True
        if not is_open:
            raise RuntimeFailed(self.name, why="could not open a page: no browser took it")
        id = WindowId(f"t{next(self._numbers)}")
        self._windows.add(id)
        return id

    def _show(self, url: str) -> bool:
        """Open a page and say whether a browser took it; called on a thread, and may take as long as the browser."""
        import webbrowser

        try:
            return webbrowser.open(url)
        except (OSError, webbrowser.Error):
            return False

    async def destroy(self, window: WindowId) -> None:
        """Forget the tab and report it closed; it stays in the browser until the user closes it."""
        if window in self._windows:
            self._windows.discard(window)
            if self._listener is not None:
                asyncio.get_running_loop().call_soon(self._listener.window_closed, window)

    async def _do(self, window: WindowId, verb: str, args: Sequence[object]) -> object:
        raise NotSupported(verb, self.name, able(verb))

    async def stop(self, *, timeout_s: float = STOP_TIMEOUT_S) -> None:
        for window in sorted(self._windows):
            await self.destroy(window)
