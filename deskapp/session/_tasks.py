"""Runs: what a program does in one page, from its begin to its end, and what belongs to that alone.

    Run              components in a page: lives as long as their session
    ├─ ThreadRun     a plain function, on a thread of its own
    └─ CoroutineRun  an async function, as a task of the program's asyncio loop

A run ends once: by itself when its function and what that has started are done, or from outside when its session
closes or its page is loaded anew. Calls that wait get `SessionClosedException` then, and so do later ones; after that,
and when its threads have had a moment to come to their end, the deferred functions are called, away from the loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import inspect
import logging
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import CancelledError, Future, InvalidStateError
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from deskapp.bridge.codec import Codec
from deskapp.errors import MessageTooLarge, SessionClosedException, SessionException
from deskapp.session._current import tie_thread, use_run

if TYPE_CHECKING:
    from deskapp.session._session import Session

logger = logging.getLogger("deskapp.script")

END_GRACE_S = 1.0
"""So long the deferred functions wait for threads and tasks of a run that was ended from outside."""

DEFERRED_TIMEOUT_S = 5.0
"""So long a deferred coroutine may take."""

WATCH_S = 0.25
"""How often a function that is done looks whether its session closed while it waits for its threads."""

THREAD_LIMIT_BYTES = 4 * 2**20
"""With more than this on its way to the page, a thread's call waits."""

LOOP_LIMIT_BYTES = 64 * 2**20
"""With more than this on its way to the page, a call on the loop, which cannot wait, fails."""


class Run:
    """What one run of a program in a page has: its `local` values, deferred functions, threads, calls that wait.

    Args:
        session: The page's session.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.values: dict[Any, Any] = {}
        self.facts: dict[str, Any] | None = None
        self.ending: SessionClosedException | None = None
        self.finished: Future[None] = Future()
        self._lock = threading.Lock()
        self._waits: set[Future[Any]] = set()
        self._deferred: list[Callable[[], object]] = []
        self._threads: list[threading.Thread] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._waiting: set[asyncio.Task[Any]] = set()
        self._no_tasks = threading.Event()
        self._no_tasks.set()
        self._aio: asyncio.AbstractEventLoop | None = None
        self._posted_bytes = 0
        self._is_cut = False  # ended from outside: what it had still to say is for a page that is gone
        self._codec = Codec()  # for threads: that of the session tells its page of components, which the loop does

    # -- calls to the page ---------------------------------------------------------------------------------------------

    @property
    def is_here(self) -> bool:
        """Whether the calling thread is the loop's, which must not block."""
        return self.session.loop.is_here

    def check(self) -> None:
        """Raise if the run has ended.

        Raises:
            SessionClosedException: It has.
        """
        if self.ending is not None:
            raise SessionClosedException(self.ending.code, self.ending.reason)

    def prepare(self, value: object, where: str) -> Any:
        """A value as it travels; what cannot is refused here, in the call that it was given to.

        Raises:
            CodecError: It cannot travel.
        """
        return (self.session._codec if self.is_here else self._codec).prepare(value, where)

    def tell(self, send: Callable[[], None], size_bytes: int) -> None:
        """Send something to the page, in the order of the calls of a thread, and wait for nothing but room.

        Args:
            send: Sends it; called on the loop's thread.
            size_bytes: About how much it is.

        Raises:
            SessionClosedException: The run has ended.
            MessageTooLarge: The page is too far behind, and this is the loop's thread.
        """
        self.check()
        if self.is_here:
            waiting = self.session.waiting_bytes + size_bytes
            if waiting > LOOP_LIMIT_BYTES:
                raise MessageTooLarge(waiting, LOOP_LIMIT_BYTES, "await session.drain() between many or large calls")
            send()
            return
        with self._lock:
            self._posted_bytes += size_bytes

        def work() -> None:
            with self._lock:
                self._posted_bytes -= size_bytes
            if not self._is_cut and self.session.ending is None:
                send()

        self.session.loop.call_soon(work)
        if self._posted_bytes + self.session.waiting_bytes > THREAD_LIMIT_BYTES:
            self.wait(self.ask(lambda done: self.session.when_room(THREAD_LIMIT_BYTES, done)))

    def ask(self, send: Callable[[Callable[[object, BaseException | None], None]], None]) -> Future[Any]:
        """Begin something that is answered; the end of the run answers it with `SessionClosedException`.

        Args:
            send: Called on the loop's thread with a function that takes the answer: a value, or an error.

        Raises:
            SessionClosedException: The run has ended.
        """
        future = self.open_wait()

        def work() -> None:
            if future.done():
                return
            try:
                send(lambda value, error: settle(future, value, error))
            except BaseException as error:  # a border: it belongs to the one who asked, on another thread perhaps
                settle(future, None, error)

        if self.is_here:
            work()
        else:
            self.session.loop.call_soon(work)
        return future

    def open_wait(self) -> Future[Any]:
        """A future that fails when the run ends.

        Raises:
            SessionClosedException: It has ended.
        """
        with self._lock:
            self.check()
            future: Future[Any] = Future()
            self._waits.add(future)
        return future

    def wait(self, future: Future[Any]) -> Any:
        """Block this thread until a future of this run is done."""
        try:
            return future.result()
        finally:
            self._close_wait(future)

    async def awaited(self, future: Future[Any]) -> Any:
        """Wait until a future of this run is done, without blocking."""
        task = asyncio.current_task()
        if task is not None:
            self._waiting.add(task)
        try:
            return await asyncio.wrap_future(future)
        finally:
            if task is not None:
                self._waiting.discard(task)
            self._close_wait(future)

    def _close_wait(self, future: Future[Any]) -> None:
        with self._lock:
            self._waits.discard(future)

    # -- what belongs to it --------------------------------------------------------------------------------------------

    def defer(self, func: Callable[[], object]) -> None:
        """Have a function called after the end.

        Raises:
            SessionClosedException: The run has ended.
        """
        with self._lock:
            self.check()
            self._deferred.append(func)
        self._note_loop()

    def add_thread(self, thread: threading.Thread) -> None:
        """Let a thread belong to this run.

        Raises:
            SessionClosedException: The run has ended.
        """
        with self._lock:
            self.check()
            if thread not in self._threads:
                self._threads.append(thread)
        tie_thread(thread, self)
        self._note_loop()

    def add_task(self, task: asyncio.Task[Any]) -> None:
        """Let a task of the loop belong to this run."""
        self._tasks.add(task)
        self._no_tasks.clear()
        self._note_loop()
        task.add_done_callback(self._task_done)

    def _task_done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not self._tasks:
            self._no_tasks.set()

    def start_task(self, coro_obj: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run a coroutine object as a task of this run; what it raises is logged."""
        task = asyncio.get_running_loop().create_task(self._guarded(coro_obj))
        task.add_done_callback(lambda _: coro_obj.close())  # one that never began would complain that it was forgotten
        self.add_task(task)
        return task

    async def _guarded(self, coro_obj: Coroutine[Any, Any, Any]) -> None:
        try:
            await coro_obj
        except SystemExit:
            logger.debug("a task of %r ended by SystemExit", self.session)  # the loop must not end by it
        except Exception as error:  # a border: code of the user's
            self.report(error)

    def _note_loop(self) -> None:
        if self._aio is None:
            self._aio = asyncio._get_running_loop()

    def report(self, error: BaseException) -> None:
        """Tell what went wrong in code of the user's; that the session closed is no news."""
        if self.ending is not None and isinstance(error, SessionClosedException):
            return
        logger.error("%s raised: %s", self.session.app_name, error, exc_info=error)

    # -- its end -------------------------------------------------------------------------------------------------------

    def close(self, ending: SessionClosedException) -> None:
        """End it from outside; on the loop's thread."""
        self._is_cut = True
        if not self._end(ending):
            return
        for task in list(self._tasks):
            if task not in self._waiting:  # those learn by what they wait for
                task.cancel()
        self._finish_apart()

    def _end(self, ending: SessionClosedException) -> bool:
        """Refuse all calls from now on; False if it has ended before."""
        with self._lock:
            if self.ending is not None:
                return False
            self.ending = ending
            waits, self._waits = self._waits, set()
        for future in waits:
            settle(future, None, SessionClosedException(ending.code, ending.reason))
        return True

    def _finish_apart(self) -> None:
        """Wait for what is left and call the deferred functions, on a thread, for neither may keep the loop."""
        if self._deferred or self._tasks or any(thread.is_alive() for thread in self._threads):
            name = f"deskapp-end-of-{self.session.app_name}"
            threading.Thread(target=self._finish, name=name, daemon=True).start()
        else:
            settle(self.finished, None, None)

    def _finish(self) -> None:
        deadline_s = time.monotonic() + END_GRACE_S
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, deadline_s - time.monotonic()))
        if not self._no_tasks.wait(max(0.0, deadline_s - time.monotonic())) and self._aio is not None:
            with contextlib.suppress(RuntimeError):  # the loop has been closed
                self._aio.call_soon_threadsafe(self._cancel_tasks)
        self._call_deferred()

    def _cancel_tasks(self) -> None:
        for task in list(self._tasks):
            task.cancel()

    def _call_deferred(self) -> None:
        """Call the deferred functions in their order; not on the loop's thread."""
        with use_run(self):
            for func in self._deferred:
                try:
                    result = func()
                    if inspect.iscoroutine(result):
                        self._await_deferred(result)
                except Exception as error:  # a border: the others are called all the same
                    logger.error("A deferred function of %s raised: %s", self.session.app_name, error, exc_info=error)
        settle(self.finished, None, None)

    def _await_deferred(self, coro_obj: Coroutine[Any, Any, Any]) -> None:
        aio = self._aio
        if aio is None or not aio.is_running():
            coro_obj.close()
            raise SessionException("it is a coroutine, and the program's loop has ended; defer a plain function")
        asyncio.run_coroutine_threadsafe(coro_obj, aio).result(DEFERRED_TIMEOUT_S)


class ScriptRun(Run):
    """One run of a function.

    Args:
        session: The page's session.
        script: The function.
    """

    def __init__(self, session: Session, script: Script) -> None:
        super().__init__(session)
        self.outcome: Future[Any] = Future()
        self._script = script

    def start(self) -> None:
        """Begin; on the loop's thread, once the page is there."""
        raise NotImplementedError

    def _settle(self, value: object, error: BaseException | None) -> None:
        if isinstance(error, SystemExit):
            error = None  # it ends this run, not the program that others are part of
        if error is not None:
            self.report(error)
            if self.ending is None:
                with contextlib.suppress(SessionException):
                    self.tell(self.session.show_stopped, 0)
        settle(self.outcome, value, error)

    def _is_over(self) -> SessionClosedException:
        return SessionClosedException(1000, f"{self.session.app_name} has come to its end")


class ThreadRun(ScriptRun):
    """One run of a plain function, on a thread of its own."""

    def start(self) -> None:
        """Start the thread."""
        self._note_loop()
        context = contextvars.copy_context()
        thread = threading.Thread(
            target=context.run, args=(self._work,), name=f"deskapp-script-{self.session.app_name}", daemon=True
        )
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        with use_run(self):
            try:
                value = self._script()
            except BaseException as error:  # a border: the top of a thread that is the user's
                self._settle(None, error)
            else:
                self._settle(value, None)
        for thread in self._threads[1:]:
            while thread.is_alive() and self.ending is None:
                thread.join(WATCH_S)
        if self._end(self._is_over()):
            self._call_deferred()


class CoroutineRun(ScriptRun):
    """One run of an async function, as a task of the program's loop."""

    def start(self) -> None:
        """Start the task, as soon as there is an asyncio loop."""
        context = contextvars.copy_context()
        self.session.loop.start_task(self._work, lambda _: None, context)

    async def _work(self) -> None:
        if self.ending is not None:
            return
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)  # not by `add_task`: it is over when those are done
        self._no_tasks.clear()
        self._note_loop()
        try:
            with use_run(self):
                await self._run_function()
            others = self._tasks - {task}
            while others and self.ending is None:
                await asyncio.wait(others)
                others = self._tasks - {task}
        except asyncio.CancelledError:
            if self._end(SessionClosedException(1001, "its task was cancelled")):
                self._finish_apart()
        finally:
            self._task_done(task)
        if self._end(self._is_over()):
            self._finish_apart()

    async def _run_function(self) -> None:
        try:
            value = await self._script()
        except asyncio.CancelledError:
            ending = self.ending or SessionClosedException(1001, "it was cancelled")
            settle(self.outcome, None, SessionClosedException(ending.code, ending.reason))
            raise
        except (Exception, SystemExit) as error:  # a border: code of the user's
            self._settle(None, error)
        else:
            self._settle(value, None)


@dataclass(frozen=True)
class Script:
    """A function with the arguments that it gets.

    Args:
        function: The function.
        args: Its positional arguments.
        kwargs: Its keyword arguments.
    """

    function: Callable[..., Any]
    args: tuple[object, ...] = ()
    kwargs: Mapping[str, object] = field(default_factory=dict)

    def __call__(self) -> Any:
        """Call it; a coroutine if it is async."""
        return self.function(*self.args, **self.kwargs)

    @property
    def is_async(self) -> bool:
        """Whether it runs as a coroutine on the loop, rather than on a thread."""
        call = getattr(self.function, "__call__", None)  # noqa: B004 (not whether it can be called)
        return inspect.iscoroutinefunction(self.function) or inspect.iscoroutinefunction(call)

    def make_run(self, session: Session) -> ScriptRun:
        """A run of it that has not begun."""
        return (CoroutineRun if self.is_async else ThreadRun)(session, self)


class ScriptHandle:
    """What `launch` returns for a function.

    Args:
        session: The session of its page.

    Attributes:
        session: The session of its page, with its window.
    """

    def __init__(self, session: Session) -> None:
        self.session = session

    def __repr__(self) -> str:
        return f"<ScriptHandle of {self.session.app_name!r}{', done' if self.done() else ''}>"

    def done(self) -> bool:
        """Whether the function has come to its end. One whose page is loaded anew begins again."""
        run = self.session.run
        return isinstance(run, ScriptRun) and run.outcome.done()

    def result(self) -> Any:
        """What the function returned.

        Raises:
            SessionException: It has not begun, or has not come to its end.
            Exception: What it raised; `SessionClosedException` if it was interrupted by the end of its session.
        """
        run = self.session.run
        if not isinstance(run, ScriptRun) or not run.outcome.done():
            raise SessionException(f"{self.session.app_name} has no result yet; done() says when it has.")
        return run.outcome.result()

    def close(self) -> None:
        """Close its window, and end it with that; any thread may do this."""
        loop = self.session.loop
        if loop.is_here:
            self.session.close()
        else:
            loop.call_soon(self.session.close)


class TaskHandler:
    """What `run_async` returns.

    Args:
        close: Ends the task.
        closed: Whether it has ended.
    """

    def __init__(self, close: Callable[[], None], closed: Callable[[], bool]) -> None:
        self._close = close
        self._closed = closed

    def close(self) -> None:
        """End the task where it waits; its ``finally`` blocks run. Nothing happens if it has ended."""
        self._close()

    def closed(self) -> bool:
        """Whether it has ended: by itself, by an error, or by `close`."""
        return self._closed()


def task_handler(task: asyncio.Task[Any], run: Run) -> TaskHandler:
    """A handler of a task."""
    is_closed = False

    def close() -> None:
        nonlocal is_closed
        is_closed = True
        if run.is_here:
            task.cancel()
        else:
            run.session.loop.call_soon(task.cancel)

    return TaskHandler(close, lambda: is_closed or task.done())


def settle(future: Future[Any], value: object, error: BaseException | None) -> None:
    """Give a future its outcome, unless it has one or was cancelled."""
    with contextlib.suppress(InvalidStateError, CancelledError):
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(value)
