"""Functions that are called when the user does something."""

from __future__ import annotations

import inspect
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from deskapp.errors import WrongKindOfSession
from deskapp.script.page import ScriptPage

MAX_QUEUED = 1000
"""So many clicks may wait for one that is under way."""


def add_callback(
    page: ScriptPage,
    func: Callable[..., object],
    what: str,
    *,
    serial: bool = False,
    drops: bool = False,
    is_bare: bool = False,
) -> str:
    """Have a function called when the user does something; until the page goes, the program then does not end.

    Args:
        page: The page.
        func: Called with what the page reports if that is not None.
        what: Who asks, for messages.
        serial: Whether its calls are made one after the other.
        drops: Whether what happens during a call is dropped.
        is_bare: Whether it is called without arguments, whatever the page reports.

    Returns:
        The id under which the page reports.

    Raises:
        TypeError: It cannot be called.
        WrongKindOfSession: It is async, and the session that of a plain function.
    """
    check_callback(page, func, what)
    callback = Callback(page, func, serial=serial, drops=drops, is_bare=is_bare)
    page.run.holds = True
    return page.run.listen(callback.hear)


def check_callback(page: ScriptPage, func: object, what: str) -> None:
    """Refuse what cannot be called when the user does something; for those who wrap it.

    Raises:
        TypeError: It cannot be called.
        WrongKindOfSession: It is async, and the session that of a plain function.
    """
    if not callable(func):
        raise TypeError(f"{what} takes a function to call, not {func!r}")
    if is_async(func) and not page.run.is_on_loop:
        raise WrongKindOfSession(what, "cannot await in the session of a plain function; give it a plain one.")


def is_async(func: Callable[..., object]) -> bool:
    """Whether a function is async, also one with some arguments given (`functools.partial`)."""
    while hasattr(func, "func") and hasattr(func, "keywords"):
        func = func.func
    return inspect.iscoroutinefunction(func) or inspect.iscoroutinefunction(getattr(func, "__call__", None))  # noqa: B004


class Callback:
    """A function, and its calls that wait.

    Args:
        page: The page.
        func: Called with what the page reports if that is not None.
        serial: Whether its calls are made one after the other.
        drops: Whether what happens during a call is dropped.
        is_bare: Whether it is called without arguments, whatever the page reports.
    """

    def __init__(
        self, page: ScriptPage, func: Callable[..., object], *, serial: bool, drops: bool, is_bare: bool
    ) -> None:
        self._page = page
        self._func = func
        self._is_bare = is_bare
        self._serial = serial
        self._drops = drops
        self._lock = threading.Lock()
        self._is_busy = False
        self._queue: deque[Any] = deque()

    def hear(self, data: Any, answer: Callable[[object], None]) -> None:
        """The user did it; on the loop's thread."""
        run = self._page.run
        if run.ending is not None:
            return
        if (self._serial or self._drops) and self._is_kept(data, answer):
            return
        self._start(data, answer)

    def _is_kept(self, data: Any, answer: Callable[[object], None]) -> bool:
        """Whether another call is under way, for which this one has to wait, or is dropped."""
        with self._lock:
            if not self._is_busy:
                self._is_busy = True
                return False
            is_queued = self._serial and len(self._queue) < MAX_QUEUED
            if is_queued:
                self._queue.append((data, answer))
        if not is_queued:
            answer(None)  # the page may wait for it
        return True

    def _start(self, data: Any, answer: Callable[[object], None]) -> None:
        func = self._func if data is None or self._is_bare else lambda: self._func(data)
        run = self._page.run
        try:
            done = run.start_callback(func)
        except BaseException:
            self._is_busy = False
            raise
        done.add_done_callback(lambda _: run.session.loop.call_soon(self._ended, answer))

    def _ended(self, answer: Callable[[object], None]) -> None:
        answer(None)
        if not (self._serial or self._drops):
            return
        with self._lock:
            following = self._queue.popleft() if self._queue and self._page.run.ending is None else None
            self._is_busy = following is not None
        if following is not None:
            self._start(*following)
