"""Steps of coroutines on the program's loop, from await to await: who keeps the loop for long is told of."""

from __future__ import annotations

import logging
import time
import types
from collections.abc import Coroutine, Generator
from typing import Any, TypeVar

logger = logging.getLogger("deskapp.script")

T = TypeVar("T")

SLOW_S = 1.0
"""A step that takes longer keeps all pages of the program waiting for too long."""


@types.coroutine
def watched(coro_obj: Coroutine[Any, Any, T], name: str) -> Generator[Any, Any, T]:
    """Await a coroutine, and log a step of it that keeps the loop for long.

    Args:
        coro_obj: The coroutine object.
        name: What it is called in the log.
    """
    value: Any = None
    error: BaseException | None = None
    while True:
        begun_s = time.monotonic()
        try:
            waits_for = coro_obj.send(value) if error is None else coro_obj.throw(error)
        except StopIteration as stop:
            result: T = stop.value
            return result
        finally:
            note_step(begun_s, name)
        value, error = None, None
        try:
            value = yield waits_for
        except BaseException as thrown:  # cancellation, and the end: they are the coroutine's
            error = thrown


def note_step(begun_s: float, name: str) -> None:
    """Log a step that has kept the loop for long.

    Args:
        begun_s: When it began, as of `time.monotonic`.
        name: Whose step it was.
    """
    taken_s = time.monotonic() - begun_s
    if taken_s >= SLOW_S:
        logger.warning(
            "%s has kept the program's loop for %.1f s, and all its pages waiting; await asyncio.sleep() or "
            "asyncio.to_thread(), or make it a plain function, which has a thread of its own",
            name,
            taken_s,
        )
