"""Coroutines of components: run in stretches from await to await, each a phase of the loop."""

from __future__ import annotations

import types
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextlib import nullcontext
from contextvars import Context, copy_context
from functools import partial
from typing import TYPE_CHECKING, Any

from deskapp.event._log import log_failure

if TYPE_CHECKING:
    import asyncio

    from deskapp.event._component import Component
    from deskapp.event._loop import Loop

Tracking = dict[tuple[int, str], "Component"]
Call = Callable[[], Awaitable[Any]]


def in_stretches(
    loop: Loop,
    component: Component | None,
    coroutine: Coroutine[Any, Any, Any],
    *,
    action: str | None = None,
    tracking: Tracking | None = None,
) -> Awaitable[Any]:
    """Drive a coroutine so that each stretch between two awaits is a phase of the loop.

    Args:
        loop: The loop of the component.
        component: Whose context the stretches run in.
        coroutine: What to run.
        action: Name of the action that this is; its stretches may mutate.
        tracking: Where to note property reads; for auto reactions.
    """

    @types.coroutine
    def drive() -> Generator[Any, Any, Any]:
        # Contexts entered with `with component:` belong to this task, also across its awaits.
        active: list[Component] = []
        enter = component._enter if component is not None else None
        resume: Callable[[Any], Any] = coroutine.send
        value: Any = None
        while True:
            was_asleep = loop._begin_stretch()
            before = loop._enter_phase(active, in_action=action is not None)
            outer = loop._tracking, loop._stretch
            loop._tracking = tracking
            loop._stretch = (component, action) if component is not None and action is not None else None
            try:
                with nullcontext() if enter is None else enter():
                    # Caught here, since a context manager must not see the end of the coroutine as a failure.
                    try:
                        awaited = resume(value)
                    except StopIteration as end:
                        return end.value
            finally:
                loop._tracking, loop._stretch = outer
                loop._leave_phase(before)
                if was_asleep:
                    loop._end_stretch()
            try:
                value = yield awaited
                resume = coroutine.send
            except BaseException as error:  # cancellation, or what the awaited thing raised: for the coroutine
                value, resume = error, coroutine.throw

    return drive()


class Series:
    """Calls of one coroutine function on one component, one after the other.

    Args:
        loop: The loop of the component.
        what: Names component and member in log messages.
        overlap: Whether calls may run at the same time instead.
    """

    __slots__ = ("_epoch", "_loop", "_overlap", "_starting", "_tasks", "_waiting", "_what")

    def __init__(self, loop: Loop, what: str, *, overlap: bool = False) -> None:
        self._loop = loop
        self._what = what
        self._overlap = overlap
        self._waiting: deque[tuple[Call, Context]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._starting = 0  # calls whose tasks wait for an asyncio loop
        self._epoch = 0  # of which the calls before are cancelled

    @property
    def is_busy(self) -> bool:
        """Whether a call runs, or is about to."""
        return bool(self._tasks or self._starting)

    def call(self, run: Call) -> None:
        """Run a coroutine in a task of its own, after those before it, with the context variables of now."""
        if self.is_busy and not self._overlap:
            self._waiting.append((run, copy_context()))
        else:
            self._start(run, copy_context())

    def cancel(self) -> None:
        """Forget the calls that wait and cancel those that run."""
        self._waiting.clear()
        self._starting = 0
        self._epoch += 1
        for task in tuple(self._tasks):
            task.cancel()

    def _start(self, run: Call, context: Context) -> None:
        self._starting += 1
        self._loop.start_task(lambda: self._guarded(run), partial(self._started, self._epoch), context)

    def _started(self, epoch: int, task: asyncio.Task[None]) -> None:
        if epoch == self._epoch:
            self._starting -= 1
        else:
            task.cancel()  # there was no asyncio loop when it was called, and it was cancelled before there was one
        self._tasks.add(task)  # asyncio itself holds tasks weakly
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._waiting and not self.is_busy:
            self._start(*self._waiting.popleft())

    async def _guarded(self, run: Call) -> None:
        try:
            await run()
        except Exception as error:
            log_failure(self._what, error)
