"""What both servers of the crowd do: start the pages, weigh themselves, tell all pages something, tell the result."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import psutil

from benchmarks._child import tell
from benchmarks.crowds import raise_file_limit

WARM = 50
"""Memory is counted from this page on: what the first ones bring into memory is there once."""

PAUSE_S = 0.1


class Crowd:
    """Runs the pages in a process of their own, and listens to it on a thread.

    Args:
        kind: ``"deskapp"`` or ``"flexx"``.
        address: Of the app's page.
        tell_all: Action of what all pages share; takes a text.
        call_soon: Calls a function on the components' thread.
        stop: Ends the program.
    """

    def __init__(
        self,
        kind: str,
        address: str,
        *,
        tell_all: Callable[[str], object],
        call_soon: Callable[..., Any],
        stop: Callable[[], Any],
    ) -> None:
        raise_file_limit()
        self.command = [sys.executable, "-m", "benchmarks.children.crowd_pages", kind, address, sys.argv[1]]
        self.pages, self.broadcasts = int(sys.argv[1]), int(sys.argv[2])
        self.tell_all, self.call_soon, self.stop = tell_all, call_soon, stop
        self.sizes: dict[int, int] = {}
        self.taken: list[float] = []
        self.told_at = 0.0

    def begin(self) -> None:
        """Open the pages; the rest happens while the server runs."""
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.thread = threading.Thread(target=self._listen, name="crowd", daemon=True)
        self.thread.start()

    def end(self) -> None:
        """Close the pages, and tell what was measured."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)
        self.thread.join(10)
        per_page = (self.sizes[self.pages] - self.sizes[WARM]) / (self.pages - WARM)
        tell({"memory": [per_page / 1024], "broadcast": [taken * 1000 for taken in self.taken[1:]]})

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            word, *numbers = line.split()
            if word == "connected" and int(numbers[0]) in (WARM, self.pages):
                time.sleep(PAUSE_S)
                self.call_soon(self._weigh, int(numbers[0]))
            elif word == "mark":
                self.taken.append(float(numbers[1]) - self.told_at)
                time.sleep(PAUSE_S)
                self.call_soon(self._next)
        if len(self.taken) <= self.broadcasts:
            self.call_soon(self.stop)

    def _weigh(self, count: int) -> None:
        gc.collect()
        self.sizes[count] = psutil.Process().memory_info().rss
        if count == self.pages:
            self._next()

    def _next(self) -> None:
        if len(self.taken) > self.broadcasts:
            self.stop()
            return
        self.told_at = time.perf_counter()
        self.tell_all(f"mark-{len(self.taken):04}")
