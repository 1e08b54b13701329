"""`Run`: what a program does in one page, from its begin to its end, and what belongs to that alone.

A run ends once: by itself when its function and what that has started are done, or from outside when its session
closes or its page is loaded anew. Calls that wait get `SessionClosedException` then, and so do later ones; after that,
and when its threads have had a moment to come to their end, the deferred functions are called, away from the loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future, InvalidStateError, wait
from typing import TYPE_CHECKING, Any

from deskapp.bridge.codec import Codec
from deskapp.errors import MessageTooLarge, SessionClosedException, SessionException
from deskapp.session._steps import note_step, watched
from deskapp.session.current import tie_thread, use_run

if TYPE_CHECKING:
    from deskapp.session._session import Session

logger = logging.getLogger("deskapp.script")

END_GRACE_S = 1.0
"""So long the deferred functions wait for threads and tasks of a run that was ended from outside."""

DEFERRED_TIMEOUT_S = 5.0
"""So long a deferred coroutine may take."""

THREAD_LIMIT_BYTES = 4 * 2**20
"""With more than this on its way to the page, a thread's call waits."""

POLL_S = 0.1
"""How often a wait looks for what does not end it: Ctrl+C in a main thread on Windows, the end of the program."""

MAX_CALLBACKS = 100
"""So many callbacks of one page may be under way; people do not click faster."""

LOOP_LIMIT_BYTES = 64 * 2**20
"""With more than this on its way to the page, a call on the loop, which cannot wait, fails."""


Answer = Callable[[object], None]
Handler = Callable[[Any, Answer], None]
"""Takes what the user did, and a function for the answer that the page may wait for; on the loop's thread."""


class Posted:
    """Something on its way to the page.

    Args:
        send: Sends it; None once it is sent or withdrawn.
        size_bytes: About how much it is.
    """

    __slots__ = ("send", "size_bytes")

    def __init__(self, send: Callable[[], None], size_bytes: int) -> None:
        self.send: Callable[[], None] | None = send
        self.size_bytes = size_bytes


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
        self._callback_threads: set[threading.Thread] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._waiting: set[asyncio.Task[Any]] = set()
        self._no_tasks = threading.Event()
        self._no_tasks.set()
        self._aio: asyncio.AbstractEventLoop | None = None
        self.holds = False
        """Whether it waits for what the user does, so that it does not end with its function."""
        self.page: Any = None
        """What its page shows of it; whoever shows something keeps it here."""
        self._handlers: dict[str, Handler] = {}
        self._given = 0
        self._callbacks = 0
        self._outgoing: deque[Posted] = deque()
        self._is_flush_due = False
        self._posted_bytes = 0
        self.keeps_running = False
        """Whether what it does goes on after its session, and is waited for."""
        self._is_cut = False  # ended from outside: what it had still to say is for a page that is gone
        self._codec = Codec()  # for threads: that of the session tells its page of components, which the loop does

    # -- calls to the page ---------------------------------------------------------------------------------------------

    @property
    def is_here(self) -> bool:
        """Whether the calling thread is the loop's, which must not block."""
        return self.session.loop.is_here

    @property
    def is_on_loop(self) -> bool:
        """Whether its code runs on the loop, where it awaits; else on threads, which wait."""
        return True

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
            self.flush()
            self._check_room(size_bytes)
            send()
            return
        self._post(Posted(send, size_bytes))
        self._wait_for_room()

    def post(self, send: Callable[[], None], size_bytes: int) -> Posted:
        """Like `tell`, but a moment later, so that it can be withdrawn or changed until then.

        Raises:
            SessionClosedException: The run has ended.
            MessageTooLarge: The page is too far behind, and this is the loop's thread.
        """
        self.check()
        posted = Posted(send, size_bytes)
        if self.is_here:
            self._check_room(size_bytes)
            self._post(posted)
        else:
            self._post(posted)
            self._wait_for_room()
        return posted

    def withdraw(self, posted: Posted) -> bool:
        """Do not send it; False if it is sent."""
        with self._lock:
            is_waiting, posted.send = posted.send is not None, None
        return is_waiting

    def unless_sent(self, posted: Posted, change: Callable[[], None]) -> bool:
        """Change what is to be sent; False if it is sent."""
        with self._lock:
            if posted.send is None:
                return False
            change()
            return True

    def flush(self) -> None:
        """Send what was posted; on the loop's thread."""
        self._is_flush_due = False
        while self._outgoing:
            posted = self._outgoing.popleft()
            with self._lock:
                send, posted.send = posted.send, None
                self._posted_bytes -= posted.size_bytes
            if send is not None and not self._is_cut and self.session.ending is None:
                send()

    def _post(self, posted: Posted) -> None:
        with self._lock:
            self._posted_bytes += posted.size_bytes
            self._outgoing.append(posted)
            is_due, self._is_flush_due = self._is_flush_due, True
        if not is_due:
            self.session.loop.call_soon(self.flush)

    def _check_room(self, size_bytes: int) -> None:
        waiting = self.session.waiting_bytes + self._posted_bytes + size_bytes
        if waiting > LOOP_LIMIT_BYTES:
            raise MessageTooLarge(waiting, LOOP_LIMIT_BYTES, "await session.drain() between many or large calls")

    def _wait_for_room(self) -> None:
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
            self.flush()
            work()
        else:
            self._post(Posted(work, 0))
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
            return wait_for(future)
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

    # -- what the user does --------------------------------------------------------------------------------------------

    def listen(self, handler: Handler) -> str:
        """Have a function hear of what the user does with something.

        Returns:
            The id under which the page reports it.
        """
        with self._lock:
            self._given += 1
            name = str(self._given)
            self._handlers[name] = handler
        return name

    def ignore(self, name: str) -> None:
        """Hear nothing more of an id that `listen` gave."""
        self._handlers.pop(name, None)

    def hear(self, name: str, data: Any, answer: Answer) -> None:
        """The user has done something; on the loop's thread.

        Raises:
            LookupError: The id was never given out.
        """
        handler = self._handlers.get(name)
        if handler is not None:
            handler(data, answer)
        elif not (name.isdigit() and 0 < int(name) <= self._given):
            raise LookupError(f"nothing with the id {name!r} was shown")

    def lose_page(self) -> None:
        """The page was loaded anew, and shows nothing of what this run has shown."""
        self.page = None
        self._handlers.clear()

    def start_callback(self, func: Callable[[], object]) -> Future[Any]:
        """Call a function of the user's because the user did something: where it may use the functions of the session.

        Args:
            func: The function. What it raises is logged, and told the user.

        Returns:
            Its end: True, or False if it raised.

        Raises:
            SessionException: More than `MAX_CALLBACKS` are under way.
        """
        if self._callbacks >= MAX_CALLBACKS:
            raise SessionException(f"{MAX_CALLBACKS} callbacks of {self.session.app_name} are under way already")
        self._callbacks += 1
        done: Future[Any] = Future()
        done.add_done_callback(self._callback_done)
        self._begin_callback(func, done)
        return done

    def _begin_callback(self, func: Callable[[], object], done: Future[Any]) -> None:
        begun_s = time.monotonic()
        try:
            with use_run(self):
                result = func()
            note_step(begun_s, f"a callback of {self.session.app_name}")
            if inspect.iscoroutine(result):
                self.start_task(result).add_done_callback(lambda task: settle(done, not task.cancelled(), None))
                return
        except Exception as error:  # a border: code of the user's
            self.report(error)
            settle(done, False, None)
        else:
            settle(done, True, None)

    def _callback_done(self, _: Future[Any]) -> None:
        with self._lock:
            self._callbacks -= 1

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
            await watched(coro_obj, f"a task of {self.session.app_name}")
        except SystemExit:
            logger.debug("a task of %r ended by SystemExit", self.session)  # the loop must not end by it
        except Exception as error:  # a border: code of the user's
            self.report(error)

    def _note_loop(self) -> None:
        if self._aio is None:
            self._aio = asyncio._get_running_loop()

    def report(self, error: BaseException) -> None:
        """Tell what went wrong in code of the user's, the one who looks at the page too, if it shows anything."""
        if self._log(error) and self.ending is None and self.page is not None:
            with contextlib.suppress(SessionException):
                self.tell(self.page.show_fault, 0)

    def _log(self, error: BaseException) -> bool:
        if self.ending is not None and isinstance(error, SessionClosedException):
            return False  # that the session closed is no news
        logger.error("%s raised: %s", self.session.app_name, error, exc_info=error)
        return True

    # -- its end -------------------------------------------------------------------------------------------------------

    def close(self, ending: SessionClosedException) -> None:
        """End it from outside; on the loop's thread."""
        self._is_cut = True
        if not self._end(ending):
            return
        if not self.keeps_running:
            self._interrupt()
        self._finish_apart()

    def keep_running(self) -> None:
        """Let what it does go on after its session.

        Raises:
            SessionClosedException: The run has ended.
        """
        with self._lock:
            self.check()
            self.keeps_running = True
        self._note_loop()

    def stop_keeping(self) -> None:
        """End it as others end: the program does; on the loop's thread."""
        if self.keeps_running:
            self.keeps_running = False
            if self.ending is not None:
                self._interrupt()

    def _interrupt(self) -> None:
        for task in list(self._tasks):
            if task not in self._waiting:  # those learn by what they wait for
                task.cancel()

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
        threads = [*self._threads, *self._callback_threads]
        if self._deferred or self._tasks or any(thread.is_alive() for thread in threads):
            name = f"deskapp-end-of-{self.session.app_name}"
            threading.Thread(target=self._finish, name=name, daemon=True).start()
        else:
            settle(self.finished, None, None)

    def _finish(self) -> None:
        for thread in [*self._threads, *self._callback_threads]:
            while self.keeps_running and thread.is_alive():
                thread.join(POLL_S)
        while self.keeps_running and not self._no_tasks.wait(POLL_S):
            pass
        deadline_s = time.monotonic() + END_GRACE_S
        for thread in [*self._threads, *self._callback_threads]:
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


def wait_for(future: Future[Any]) -> Any:
    """Block this thread until a future is done, and return its value; Ctrl+C interrupts the main thread."""
    if sys.platform == "win32" and threading.current_thread() is threading.main_thread():
        while not future.done():  # Ctrl+C does not end a wait there
            wait((future,), POLL_S)
    return future.result()


def settle(future: Future[Any], value: object, error: BaseException | None) -> None:
    """Give a future its outcome, unless it has one or was cancelled."""
    with contextlib.suppress(InvalidStateError, CancelledError):
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(value)
