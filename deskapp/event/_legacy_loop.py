"""`ForeignLoop`: lets something else than asyncio drive the event loop, as `Loop.integrate` of the older API could."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

CallLater = Callable[[Callable[[], object]], object]
"""Gets a function without arguments, and has it called soon, on the thread that owns the event loop."""


class ForeignLoop:
    """As much of an asyncio loop as the event loop needs, over one function; it runs no coroutines.

    Args:
        call_later: Has a function called soon; other threads may call it.
    """

    def __init__(self, call_later: CallLater) -> None:
        self._call_later = call_later

    def call_soon(self, func: Callable[..., object], *args: Any) -> None:
        """Have a function called soon."""
        self._call_later(lambda: func(*args))

    call_soon_threadsafe = call_soon

    def is_closed(self) -> bool:
        """It never is: nobody can tell."""
        return False

    def create_task(self, coroutine: Any) -> NoReturn:
        """Refuse: coroutines are asyncio's.

        Raises:
            RuntimeError: Always.
        """
        coroutine.close()
        raise RuntimeError("async actions need asyncio: integrate() the event loop without a function of your own")
