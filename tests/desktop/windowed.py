"""An application's runtime on a screen, with the eyes and hands of a test: windows, properties, pointer, keys."""

from __future__ import annotations

import asyncio
import re
import struct
import subprocess
import time
import zlib
from collections.abc import Callable

from deskapp.runtime.webview.pywebview import PyWebview
from deskapp.runtime.window import WindowId, WindowSpec
from tests.desktop.pages import Pages
from tests.desktop.recorder import Recorder
from tests.desktop.screen import Screen, ShownWindow


def png(side_px: int, *, color: bytes = b"\xff\0\0") -> bytes:
    """A square picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0)
    rows = (b"\0" + color * side_px) * side_px
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class App:
    """A started runtime with what a test needs around it."""

    def __init__(self, runtime: PyWebview, screen: Screen, pages: Pages) -> None:
        self.runtime, self.screen, self.pages = runtime, screen, pages
        self.listener = Recorder()
        runtime.start(self.listener)

    async def open(self, path: str = "", **wishes: object) -> WindowId:
        """Open a window on ``/path`` and wait for its page, and for the window manager to have taken it in."""
        spec = self.spec(path, **wishes)
        count = len(self.shown()) + (spec.visible and not spec.skip_taskbar)
        window = await self.runtime.open(spec)
        await self.listener.until_reported("loaded", window)
        await self.until(lambda: len(self.shown()) >= count)
        return window

    def spec(self, path: str = "", **wishes: object) -> WindowSpec:
        return WindowSpec(self.pages.url + path, **{"title": "one", "width": 500, "height": 300, **wishes})  # type: ignore[arg-type]

    def shown(self) -> list[ShownWindow]:
        return self.screen.windows(self.runtime.pid)

    def window(self, title: str = "one") -> ShownWindow:
        """The window on screen with this title."""
        [window] = [window for window in self.shown() if window.title == title]
        return window

    async def dialog(self, *others: str) -> ShownWindow:
        """The one window that is none of `others`, once it is on screen and has the keyboard."""
        await self.until(lambda: len(self._besides(others)) == 1, timeout_s=10)
        [window] = self._besides(others)
        await self.until(lambda: self.active() == int(window.handle, 16), timeout_s=10)
        return window

    def _besides(self, titles: tuple[str, ...]) -> list[ShownWindow]:
        return [window for window in self.shown() if window.title not in titles]

    def active(self) -> int:
        """The handle of the window that has the keyboard, by the window manager."""
        found = re.search(r"0x[0-9a-f]+", self.screen.run("xprop", "-root", "_NET_ACTIVE_WINDOW"))
        return int(found[0], 16) if found else 0

    def xprop(self, name: str, title: str = "one") -> str:
        """A property of a window, as xprop shows it."""
        return self.screen.run("xprop", "-id", self.window(title).handle, name)

    def place(self, title: str = "one") -> tuple[int, int, int, int]:
        """Left, top, width and height of what is inside of a window's frame."""
        text = self.screen.run("xwininfo", "-id", self.window(title).handle)
        lines = ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height")
        x, y, width, height = (int(text.partition(f"{line}:")[2].split()[0]) for line in lines)
        return x, y, width, height

    def color(self, x: int, y: int, title: str = "one") -> str:
        """The colour at a place inside of a window."""
        left, top, _, _ = self.place(title)
        return self.screen.color_at(left + x, top + y)

    def point(self, x: int, y: int, *then: str, title: str = "one") -> None:
        """Put the pointer to a place inside of a window, and go on with other commands of xdotool."""
        left, top, _, _ = self.place(title)
        self.screen.run("xdotool", "mousemove", str(left + x), str(top + y), *then)

    def keys(self, *keys: str) -> None:
        """Press keys, such as ``ctrl+s``, in the window that has the keyboard."""
        self.screen.run("xdotool", "key", *keys)

    def type(self, text: str) -> None:
        self.screen.run("xdotool", "type", text)

    def popups(self) -> list[tuple[int, int, int, int]]:
        """Left, top, width and height of the menus on screen."""
        found = []
        for line in self.screen.run("xwininfo", "-root", "-children").splitlines():
            if match := re.match(r"\s+(0x[0-9a-f]+) .*?  (\d+)x(\d+)\+\S+\s+\+(-?\d+)\+(-?\d+)", line):
                handle, width, height, x, y = match[1], *map(int, match.groups()[1:])
                if width > 10 and height > 10 and self._is_menu(handle):
                    found.append((x, y, width, height))
        return found

    def _is_menu(self, handle: str) -> bool:
        try:
            kind = self.screen.run("xprop", "-id", handle, "_NET_WM_WINDOW_TYPE")
            return "_MENU" in kind and "IsViewable" in self.screen.run("xwininfo", "-id", handle)
        except subprocess.CalledProcessError:  # gone meanwhile
            return False

    async def until(self, condition: Callable[[], object], *, timeout_s: float = 5.0) -> None:
        """Wait for something outside of this process, with the loop running."""
        deadline_s = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < deadline_s, condition
            await asyncio.sleep(0.01)

    async def until_said(self, *words: str) -> None:
        """Wait until pages have reported these."""
        try:
            await self.until(lambda: set(words) <= set(self.pages.said()))
        except AssertionError:
            raise AssertionError(f"pages said {self.pages.said()}, not {words}") from None
