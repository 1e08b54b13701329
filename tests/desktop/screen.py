"""A screen of our own for tests that open windows: Xvfb with a window manager, and what is seen on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

START_TIMEOUT_S = 10.0
TOOLS = ("Xvfb", "openbox", "wmctrl", "xprop", "xdotool", "import")


@dataclass(frozen=True)
class ShownWindow:
    """A line of `wmctrl -lpGx`."""

    handle: str
    pid: int
    x: int
    y: int
    width: int
    height: int
    wm_class: str
    title: str


@dataclass(frozen=True)
class Screen:
    """The screen, as the window system tells of it."""

    display: str

    def run(self, *command: str) -> str:
        """The output of an X client."""
        environment = {**os.environ, "DISPLAY": self.display}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=10, check=True)
        return done.stdout

    def windows(self, pid: int | None) -> list[ShownWindow]:
        """The windows that the process `pid` shows."""
        found = []
        try:
            listing = self.run("wmctrl", "-lpGx")
        except subprocess.CalledProcessError:  # what it says of a screen without any window
            return []
        for line in listing.splitlines():
            handle, _, owner, x, y, width, height, wm_class, _, *title = line.split(maxsplit=9)
            if int(owner) == pid:
                numbers = (int(x), int(y), int(width), int(height))
                found.append(ShownWindow(handle, int(owner), *numbers, wm_class, title[0] if title else ""))
        return found

    def titles(self, pid: int | None) -> list[str]:
        """Titles of the windows of `pid`, sorted."""
        return sorted(window.title for window in self.windows(pid))

    def close(self, pid: int | None, title: str) -> None:
        """Press the close button of a window."""
        [window] = [window for window in self.windows(pid) if window.title == title]
        self.run("wmctrl", "-i", "-c", window.handle)

    def color_at(self, x: int, y: int) -> str:
        """The colour of one pixel as #rrggbb."""
        text = self.run("import", "-window", "root", "-crop", f"1x1+{x}+{y}", "-depth", "8", "txt:-")
        return next(word for word in text.split() if word.startswith("#") and len(word) >= 7)[:7].lower()


def wait_until(condition: Callable[[], object], *, timeout_s: float = 10.0, what: str = "") -> None:
    """Wait, blocking, for something that nobody announces."""
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline_s, f"not within {timeout_s} s: {what or condition}"
        time.sleep(0.01)


@contextmanager
def own_screen() -> Iterator[Screen]:
    """Start an X server and a window manager, and end both."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    assert not missing, f"{missing} are needed: sudo apt install xvfb openbox wmctrl x11-utils xdotool imagemagick"
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    with open(reading, encoding="ascii") as stream:
        display = f":{stream.readline().strip()}"
    screen = Screen(display)
    quiet = subprocess.DEVNULL
    manager = subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": display}, stdout=quiet, stderr=quiet)
    try:
        wait_until(
            lambda: "not found" not in screen.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"),
            timeout_s=START_TIMEOUT_S,
            what="the window manager",
        )
        yield screen
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(timeout=5)
