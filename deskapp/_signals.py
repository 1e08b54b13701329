"""Ctrl+C and SIGTERM, heard for the time of a ``with`` block."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio


@contextlib.contextmanager
def plain_signals(on_signal: Callable[[int], object]) -> Iterator[None]:
    """Hear of Ctrl+C and SIGTERM while the window system has the main thread."""
    previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in previous:
        signal.signal(number, lambda found, _frame: on_signal(found))
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def loop_signals(aio: asyncio.AbstractEventLoop, on_signal: Callable[[int], object]) -> Iterator[None]:
    """Hear of Ctrl+C and SIGTERM while a ``with`` block runs; a second one acts as if nobody listened."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous: dict[int, Any] = {}

    def restore() -> None:
        for number, handler in previous.items():
            with contextlib.suppress(NotImplementedError, RuntimeError):
                aio.remove_signal_handler(number)
            signal.signal(number, handler)
        previous.clear()

    def caught(number: int) -> None:
        restore()
        on_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        previous[number] = signal.getsignal(number)
        try:
            aio.add_signal_handler(number, caught, number)
        except NotImplementedError:  # Windows: asyncio has no signal handlers there
            signal.signal(number, lambda found, _frame: aio.call_soon_threadsafe(caught, found))
    try:
        yield
    finally:
        restore()
