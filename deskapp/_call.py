"""`Call`: what a function returns whose work is done on the program's asyncio loop, whichever thread called it.

answer = await native.confirm("Delete it?")        # on the loop, or on any other asyncio loop
answer = native.confirm("Delete it?").wait()       # on another thread
native.message("Done.")                            # nobody waits; if it fails, the log says so
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from deskapp._lazy import LazyModule
from deskapp.errors import DeskappError, WouldWaitForever

if TYPE_CHECKING:
    import asyncio
    import concurrent.futures as futures
    from contextvars import Context
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the host's process can start
    futures = LazyModule("concurrent.futures")

logger = logging.getLogger("deskapp")

T = TypeVar("T")

WATCH_S = 0.25
"""How often one who waits looks whether the loop still is; a loop that ended answers nobody."""


class Call(Generic[T]):
    """The result of a function, to be awaited, waited for, or left alone. Any thread may use it.

    It is made without a loop, and begins once `begin` gives it one; `start` does both.

    Args:
        work: Makes the coroutine that does the work; called on the loop, with the context variables of now.
        name: What is done, for messages, for example ``"native.confirm"``.
    """

    def __init__(self, work: Callable[[], Coroutine[Any, Any, T]], *, name: str = "") -> None:
        from contextvars import copy_context

        self._name = name or getattr(work, "__qualname__", "a call")
        self._job = _Job(work, copy_context())
        self._has_asked = False

    @classmethod
    def start(
        cls,
        work: Callable[[], Coroutine[Any, Any, T]],
        aio: asyncio.AbstractEventLoop,
        *,
        name: str = "",
        owner: threading.Thread | None = None,
    ) -> Call[T]:
        """Make a call and have it begin on an asyncio loop, once that runs; see `Call` and `begin`."""
        call = cls(work, name=name)
        call.begin(aio, owner=owner)
        return call

    def begin(self, aio: asyncio.AbstractEventLoop, *, owner: threading.Thread | None = None) -> None:
        """Do the work on `aio`, soon, or when it runs. If it has been closed, the call has failed.

        Args:
            aio: The loop.
            owner: The thread that runs it or will run it; the main thread when not given.
        """
        self._job.begin(aio, owner)

    def __await__(self) -> Generator[Any, None, T]:
        self._has_asked = True
        return self._joined().__await__()

    def wait(self, timeout_s: float | None = None) -> T:
        """Block this thread until the work is done, and return its result or raise what it raised.

        Args:
            timeout_s: Seconds to wait; the work goes on after that. None waits as long as the loop lives.

        Raises:
            WouldWaitForever: This is the thread that is to do the work.
            TimeoutError: It was not done in time.
            asyncio.CancelledError: It was cancelled, for one because the program ended.
        """
        future = self._job.future
        self._job.check_thread(self._name)
        self._has_asked = True
        deadline_s = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            left_s = WATCH_S if deadline_s is None else deadline_s - time.monotonic()
            try:
                return future.result(max(0.0, min(left_s, WATCH_S)))
            except futures.CancelledError:
                raise asyncio.CancelledError(f"{self._name} was cancelled") from None
            except futures.TimeoutError:
                if future.done():  # it is the work's own, or was done this moment
                    return future.result()
            if deadline_s is not None and time.monotonic() >= deadline_s:
                raise TimeoutError(f"{self._name} was not done within {timeout_s:g} s")
            self._job.check_alive(self._name)

    def done(self) -> bool:
        """Whether it has ended, with a result, an error, or cancelled."""
        return self._job.future.done()

    def cancel(self) -> None:
        """Have the work end where it stands; nothing happens if it is done."""
        self._job.future.cancel()

    def fail(self, error: BaseException) -> None:
        """End a call that has not begun, since no loop will ever do it."""
        self._job.fail(error)

    def __repr__(self) -> str:
        return f"<Call {self._name}{', done' if self.done() else ''}>"

    def __del__(self) -> None:
        job = getattr(self, "_job", None)
        if job is not None and not self._has_asked:
            job.future.add_done_callback(partial(_log_error, self._name))

    async def _joined(self) -> T:
        inner = asyncio.wrap_future(self._job.future)
        try:
            if not self._job.is_on(asyncio.get_running_loop()):
                while not (await asyncio.wait({inner}, timeout=WATCH_S))[0]:
                    self._job.check_alive(self._name)
            return await inner
        except asyncio.CancelledError:
            self.cancel()  # at once; what links the two futures does so a moment later
            raise


class _Job(Generic[T]):
    """Work on its way to a loop, and through it; holds nothing of the `Call`, which may be dropped at once."""

    def __init__(self, work: Callable[[], Coroutine[Any, Any, T]], context: Context) -> None:
        self.future: futures.Future[T] = futures.Future()
        self._work = work
        self._context = context
        self._aio: asyncio.AbstractEventLoop | None = None
        self._owner: threading.Thread | None = None

    def begin(self, aio: asyncio.AbstractEventLoop, owner: threading.Thread | None) -> None:
        self._aio, self._owner = aio, owner
        try:
            aio.call_soon_threadsafe(self._run, context=self._context)
        except RuntimeError:
            self.fail(DeskappError("The program has ended, and with it the loop that was to do this."))

    def fail(self, error: BaseException) -> None:
        with contextlib.suppress(futures.InvalidStateError):  # it was cancelled
            self.future.set_exception(error)

    def is_on(self, running: asyncio.AbstractEventLoop) -> bool:
        return self._aio is running

    def check_thread(self, name: str) -> None:
        """Refuse to block the thread that does the work, or will."""
        aio = self._aio
        if self.future.done():
            return
        if aio is not None and aio.is_running():
            is_ours = asyncio._get_running_loop() is aio
        else:
            is_ours = threading.current_thread() in (threading.main_thread(), self._owner)
        if is_ours:
            raise WouldWaitForever(name, is_running=aio is not None and aio.is_running())

    def check_alive(self, name: str) -> None:
        if self._aio is not None and self._aio.is_closed() and not self.future.done():
            raise DeskappError(f"The program ended before {name} was done.")

    def _run(self) -> None:
        """Runs on the loop."""
        if self.future.cancelled():
            return
        assert self._aio is not None
        try:
            task = self._aio.create_task(self._work())
        except Exception as error:  # a border: whatever it is, it belongs to the one who called
            self.fail(error)
            return
        task.add_done_callback(partial(_settle, self.future))
        self.future.add_done_callback(partial(_cancel, self._aio, task))


def _settle(future: futures.Future[T], task: asyncio.Task[T]) -> None:
    if task.cancelled():
        future.cancel()
        return
    error = task.exception()
    if not future.set_running_or_notify_cancel():
        return  # it was cancelled when it was about done
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(task.result())


def _cancel(aio: asyncio.AbstractEventLoop, task: asyncio.Task[Any], future: futures.Future[Any]) -> None:
    if future.cancelled() and not aio.is_closed():
        aio.call_soon_threadsafe(task.cancel)


def _log_error(name: str, future: futures.Future[Any]) -> None:
    """Tell of an error that nobody asked for."""
    if not future.cancelled() and (error := future.exception()) is not None:
        logger.error("%s failed: %s", name, error, exc_info=error)
