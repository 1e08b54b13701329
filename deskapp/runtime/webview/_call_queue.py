"""Calls for another thread's message loop, which run while that loop is open to them, in order."""

from __future__ import annotations

import collections
import threading
import traceback
from collections.abc import Callable


class CallQueue:
    """Holds calls back until the loop is there.

    Args:
        poke: Have the loop's thread call `run` soon; called from any thread.
    """

    def __init__(self, poke: Callable[[], None]) -> None:
        self._poke = poke
        self._calls: collections.deque[Callable[[], None]] = collections.deque()
        self._lock = threading.Lock()
        self._is_open = False

    def put(self, func: Callable[[], None]) -> None:
        """Have `func` called; any thread may."""
        with self._lock:
            self._calls.append(func)
            is_open = self._is_open
        if is_open:
            self._poke()

    def open(self) -> None:
        """Let calls through, those that wait first."""
        with self._lock:
            self._is_open = True
        self._poke()

    def close(self) -> None:
        """Hold back what is not called yet."""
        with self._lock:
            self._is_open = False

    def run(self) -> None:
        """Make the calls that are there, on the loop's thread; one that fails is told on stderr."""
        with self._lock:
            count = len(self._calls)
        for _ in range(count):  # a call that puts another does not keep the loop from its own work
            with self._lock:
                if not self._is_open or not self._calls:  # a call ran a loop of its own, which made the others
                    return
                func = self._calls.popleft()
            try:
                func()
            except Exception:  # border: the loop's thread must not end, nor show a box, for one call
                traceback.print_exc()
