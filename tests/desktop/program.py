"""A program of a user as a test sees it: a process with lines on its stdout, windows, and a family of processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.desktop.processes import descendants, is_alive
from tests.desktop.screen import Screen, ShownWindow, wait_until

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "programs"
START_TIMEOUT_S = 15.0

Line = dict[str, Any]


class Program:
    """Started in a process group of its own, as a terminal does.

    Args:
        command: What to run, after the interpreter.
        screen: Where its windows appear.
        home: A directory of its own for everything that it keeps.
        env: Further environment variables; None takes one away.
    """

    def __init__(
        self, command: list[str], *, screen: Screen, home: Path, env: Mapping[str, str | None] | None = None
    ) -> None:
        self.screen = screen
        self.lines: list[Line] = []
        self.home = home
        self._news = threading.Condition()
        self._log = home / f"stderr-{id(self)}.txt"
        self._log_start = 0
        self._family: dict[int, psutil.Process] = {}
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                cwd=home,
                env=environment(screen, home, env or {}),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        self._reader = threading.Thread(target=self._read, name="test-program-reader", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for raw in self.process.stdout:
            try:
                line = json.loads(raw)
            except ValueError:
                line = None
            with self._news:
                self.lines.append(line if isinstance(line, dict) else {"event": "text", "text": raw.decode()})
                self._news.notify_all()

    # -- what it says --------------------------------------------------------------------------------------------------

    @property
    def log(self) -> str:
        """Everything on stderr so far, or since `forget`."""
        return self._log.read_bytes()[self._log_start :].decode(errors="replace")

    @property
    def text(self) -> str:
        """Everything on stdout that is no JSON."""
        return "".join(line["text"] for line in self.lines if line["event"] == "text")

    def forget(self) -> None:
        """Look only at what it says from now on."""
        with self._news:
            self.lines = []
        self._log_start = self._log.stat().st_size

    def all(self, event: str, **facts: object) -> list[Line]:
        """The lines so far that say this."""
        return [line for line in self.lines if line["event"] == event and facts.items() <= line.items()]

    def until(self, event: str, *, times: int = 1, timeout_s: float = START_TIMEOUT_S, **facts: object) -> Line:
        """Wait until the program has said this so often; return the last such line."""
        with self._news:
            if self._news.wait_for(lambda: len(self.all(event, **facts)) >= times, timeout_s):
                return self.all(event, **facts)[times - 1]
        raise AssertionError(f"{event} {facts} not within {timeout_s} s; said: {self.lines}\nstderr: {self.log}")

    def until_logged(self, *words: str, timeout_s: float = 5.0) -> None:
        """Wait until stderr has all of these."""
        deadline_s = time.monotonic() + timeout_s
        while missing := [word for word in words if word not in self.log]:
            assert time.monotonic() < deadline_s, f"{missing} not within {timeout_s} s; stderr: {self.log}"
            time.sleep(0.01)

    # -- what it is told -----------------------------------------------------------------------------------------------

    def tell(self, command: str, *args: object) -> None:
        """Give a command of its `obey`."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([command, *args]).encode() + b"\n")
        self.process.stdin.flush()

    def interrupt(self) -> None:
        """Ctrl+C: the terminal sends it to the whole foreground process group."""
        os.killpg(self.process.pid, signal.SIGINT)

    def terminate(self) -> None:
        """SIGTERM to the program alone, as a session manager or a service does."""
        self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """kill -9 of the program alone."""
        self.process.send_signal(signal.SIGKILL)

    # -- its windows and processes -------------------------------------------------------------------------------------

    @property
    def host(self) -> psutil.Process:
        """The process of its windows."""
        found: list[psutil.Process] = []

        def look() -> bool:
            found[:] = [p for p in descendants(self.process.pid) if "deskapp.runtime.webview.host" in _command(p)]
            return bool(found)

        wait_until(look, what=f"the window host; {self.log}")
        return found[0]

    def shown(self) -> list[ShownWindow]:
        """Its windows, on whichever of its processes."""
        hosts = [p.pid for p in descendants(self.process.pid) if "deskapp.runtime.webview.host" in _command(p)]
        return [window for pid in (self.process.pid, *hosts) for window in self.screen.windows(pid)]

    def window(self, title: str, *, timeout_s: float = 5) -> ShownWindow:
        """Wait for the window of this title; while another one goes, the list may for a moment be empty."""
        found: list[ShownWindow] = []

        def look() -> bool:
            found[:] = [window for window in self.shown() if window.title == title]
            return bool(found)

        wait_until(look, timeout_s=timeout_s, what=f"a window {title!r}")
        [window] = found
        return window

    def titles(self) -> list[str]:
        """Titles of its windows, sorted."""
        return sorted(window.title for window in self.shown())

    def close(self, title: str) -> None:
        """Press the close button of a window."""
        self.screen.run("wmctrl", "-i", "-c", self.window(title).handle)

    def color_in(self, title: str) -> str:
        """The colour in the middle of a window, as the screen shows it."""
        window = self.window(title)
        middle = f"1x1+{window.width // 2}+{window.height // 2}"
        text = self.screen.run("import", "-window", window.handle, "-crop", middle, "-depth", "8", "txt:-")
        return next(word for word in text.split() if word.startswith("#") and len(word) >= 7)[:7].lower()

    def until_painted(self, title: str, color: str) -> None:
        """Wait until a window shows this colour."""
        wait_until(lambda: self.color_in(title) == color, what=f"{title!r} in {color}")

    def remember_family(self) -> list[psutil.Process]:
        """Note all of its processes, before something ends them."""
        self._family.update({process.pid: process for process in descendants(self.process.pid)})
        return list(self._family.values())

    # -- how it ends ---------------------------------------------------------------------------------------------------

    def wait(self, *, timeout_s: float = 10.0) -> int:
        """Wait for its end; the exit code as a shell tells it, 128 and more for a signal."""
        try:
            code = self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it runs on after {timeout_s} s; said: {self.lines}\nstderr: {self.log}") from None
        self._reader.join(5)
        return code if code >= 0 else 128 - code

    def assert_nothing_left(self, *, timeout_s: float = 2.0) -> None:
        """No process of the remembered family lives, and nobody in the program's process group."""

        def left() -> list[str]:
            names = [_command(process) for process in self._family.values() if is_alive(process)]
            return names + [_command(process) for process in psutil.process_iter() if _is_of_group(process, self)]

        deadline_s = time.monotonic() + timeout_s
        while remaining := left():
            assert time.monotonic() < deadline_s, f"left behind after {timeout_s} s: {remaining}"
            time.sleep(0.01)

    def end(self) -> None:
        """Whatever the test left: end it."""
        self.remember_family()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(5)
        for process in self._family.values():
            if is_alive(process):
                process.kill()
        self._reader.join(5)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


Start = Callable[..., Program]


@contextmanager
def starting(screen: Screen, home: Path) -> Iterator[Start]:
    """Give a function that starts programs of tests/desktop/programs, or any command; end what is left of them."""
    started: list[Program] = []

    def start(
        program: str | Path | None = None,
        *,
        command: list[str] | None = None,
        env: Mapping[str, str | None] | None = None,
        **options: object,
    ) -> Program:
        if command is None:
            command = [str(PROGRAMS / str(program)), json.dumps(options)]
        started.append(Program(command, screen=screen, home=home, env=env))
        return started[-1]

    try:
        yield start
    finally:
        for one in started:
            one.end()


def environment(screen: Screen, home: Path, changes: Mapping[str, str | None]) -> dict[str, str]:
    """The environment of a person who has only what is in `home`."""
    values: dict[str, str | None] = {
        **os.environ,
        "DISPLAY": screen.display,
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "DESKAPP_TOOLKIT": os.environ.get("DESKAPP_TOOLKIT", "gtk"),
        **{f"XDG_{name.upper()}_HOME": str(home / name) for name in ("config", "cache", "data", "state")},
        **changes,
    }
    values.pop("WAYLAND_DISPLAY", None)
    return {name: value for name, value in values.items() if value is not None}


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _is_of_group(process: psutil.Process, program: Program) -> bool:
    try:
        return os.getpgid(process.pid) == program.process.pid and is_alive(process)
    except ProcessLookupError:
        return False
