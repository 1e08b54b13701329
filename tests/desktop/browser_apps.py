"""Windows that are browsers: their processes, programs that stand in for one, and what their windows look like."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.desktop.processes import descendants, is_alive
from tests.desktop.screen import Screen, ShownWindow, wait_until


def page_processes(pid: int | None) -> list[psutil.Process]:
    """The processes below a browser that draw pages."""
    found = []
    for process in descendants(pid):
        try:
            command = process.cmdline()
        except psutil.NoSuchProcess:
            continue
        # Firefox calls them "tab" in their last argument.
        if "--type=renderer" in command or command[-1:] == ["tab"]:
            found.append(process)
    return found


def processes_of(profile: Path) -> list[psutil.Process]:
    """The living processes of browsers that run in a folder, or below it."""
    found = []
    for process in psutil.process_iter():
        try:
            command = " ".join(process.cmdline())
        except psutil.Error:
            continue
        if str(profile) in command and process.pid != os.getpid() and is_alive(process):
            found.append(process)
    return found


def until_nobody_runs_in(profile: Path, *, timeout_s: float = 5.0) -> None:
    """Wait until no process of a browser, and no guard of one, is left that runs in a folder or below it."""
    wait_until(lambda: not processes_of(profile), timeout_s=timeout_s, what=f"the end of {processes_of(profile)}")


def stand_in(folder: Path, code: str, *, name: str = "browser") -> Path:
    """A program that runs Python code in a browser's place."""
    path = folder / name
    path.write_text(f"#!{sys.executable}\nimport json, os, signal, sys, time\n{code}\n")
    path.chmod(0o755)
    return path


def like_an_installed_firefox(folder: Path) -> Path:
    """The folder, with the files beside a program by which it is taken for a Firefox of a Linux distribution."""
    (folder / "application.ini").write_text("[App]\nName=Firefox\n[Gecko]\nMinVersion=153\nMaxVersion=153\n")
    (folder / "browser").mkdir()
    (folder / "browser/omni.ja").touch()
    return folder


def idle_program(folder: Path) -> Path:
    """A browser that runs and never shows anything."""
    return stand_in(folder, "time.sleep(60)", name="idle-browser")


def window_of(screen: Screen, pid: int | None, *, timeout_s: float = 10.0) -> ShownWindow:
    """Wait for the one window of a browser."""
    wait_until(lambda: len(screen.windows(pid)) == 1, timeout_s=timeout_s, what=f"one window of {pid}")
    return screen.windows(pid)[0]


def content_size(screen: Screen, window: ShownWindow) -> tuple[int, int]:
    """Width and height of a window without its frame, as the X server has them."""
    lines = screen.run("xwininfo", "-id", window.handle).splitlines()
    facts = {key.strip(): value for key, _, value in (line.partition(":") for line in lines)}
    return int(facts["Width"]), int(facts["Height"])


def states(screen: Screen, window: ShownWindow) -> set[str]:
    """What the window manager says of a window, such as ``"MAXIMIZED_VERT"``."""
    text = screen.run("xprop", "-id", window.handle, "_NET_WM_STATE").partition("=")[2]
    return {word.strip().removeprefix("_NET_WM_STATE_") for word in text.split(",") if word.strip()}


def active_window(screen: Screen) -> int:
    """The window that has the keyboard, as the window manager says; 0 while there is none."""
    return int(
        screen.run("xprop", "-root", "-f", "_NET_ACTIVE_WINDOW", "32x", "=$0", "_NET_ACTIVE_WINDOW").partition("=")[2],
        16,
    )


def colors_at(screen: Screen, window: ShownWindow, *points: tuple[int, int]) -> list[str]:
    """Colours of a window's pixels as #rrggbb, by place from its top left corner; negative from the bottom right."""
    width, height = content_size(screen, window)
    found = []
    for x, y in points:
        crop = f"1x1+{x % width}+{y % height}"
        text = screen.run("import", "-window", window.handle, "-crop", crop, "-depth", "8", "txt:-")
        found.append(next(word for word in text.split() if word.startswith("#") and len(word) >= 7)[:7].lower())
    return found


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What is done in this context takes no longer."""
    begun_s = time.monotonic()
    yield
    taken_s = time.monotonic() - begun_s
    assert taken_s < seconds, f"took {taken_s:.3f} s"
