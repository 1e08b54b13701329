"""Functions as programs: how they run in a page, and what their callers hold of them.

Run              components in a page: lives as long as their session
├─ ThreadRun     a plain function, on a thread of its own
└─ CoroutineRun  an async function, as a task of the program's asyncio loop
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import inspect
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from deskapp.errors import SessionClosedException, SessionException
from deskapp.session._steps import watched
from deskapp.session.current import use_run
from deskapp.session.run import Run, logger, settle

if TYPE_CHECKING:
    from deskapp.session._session import Session

WATCH_S = 0.25
"""How often a function that is done looks whether its session closed while it waits for its threads."""


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
            self._log(error)
            if self.ending is None:
                with contextlib.suppress(SessionException):
                    self.tell(self.session.show_stopped, 0)
        settle(self.outcome, value, error)

    def _is_over(self) -> SessionClosedException:
        return SessionClosedException(1000, f"{self.session.app_name} has come to its end")


class ThreadRun(ScriptRun):
    """One run of a plain function, on a thread of its own."""

    @property
    def is_on_loop(self) -> bool:
        """No: it has threads."""
        return False

    def start(self) -> None:
        """Start the thread."""
        self._note_loop()
        context = contextvars.copy_context()
        thread = threading.Thread(
            target=context.run, args=(self._work,), name=f"deskapp-script-{self.session.app_name}", daemon=True
        )
        self._threads.append(thread)
        thread.start()

    def _begin_callback(self, func: Callable[[], object], done: Future[Any]) -> None:
        name = f"deskapp-callback-{self.session.app_name}"
        thread = threading.Thread(target=self._call_back, args=(func, done), name=name, daemon=True)
        self._callback_threads.add(thread)
        thread.start()

    def _call_back(self, func: Callable[[], object], done: Future[Any]) -> None:
        is_ok = False
        try:
            with use_run(self):
                func()
            is_ok = True
        except SystemExit:
            logger.debug("a callback of %r ended by SystemExit", self.session)
        except Exception as error:  # a border: the top of a thread that is the user's
            self.report(error)
        finally:
            self._callback_threads.discard(threading.current_thread())
            settle(done, is_ok, None)

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
        if self.holds:
            return  # until the page goes
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
            if self.holds and self.ending is None:
                return  # until the page goes
        except asyncio.CancelledError:
            if self._end(SessionClosedException(1001, "its task was cancelled")):
                self._finish_apart()
        finally:
            self._task_done(task)
        if self._end(self._is_over()):
            self._finish_apart()

    async def _run_function(self) -> None:
        try:
            value = await watched(self._script(), self.session.app_name)
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
