"""The window of a program that is a script, from the first call that needs it to the end of the process.

    the main thread     the script: blocked in calls that wait; owns no component
    ``deskapp-app``     the program's loop, with launcher, server and session
    a child process     the window

The script's end is followed by that of its window: the process stays until the user has closed it. After an error, and
after ``sys.exit()``, nobody is kept waiting: the window closes with the process.
"""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures.thread  # noqa: F401  before `_register_atexit`, which calls the last one first
import os
import re
import signal
import sys
import threading
from concurrent.futures import Future
from opcode import opname
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

from deskapp import app
from deskapp._logging import log_shown
from deskapp._spec import RESERVED, AppSpec, title_from_class_name
from deskapp._threads import AppThread
from deskapp.errors import SessionClosedException
from deskapp.event import current_loop
from deskapp.session import MainScript
from deskapp.session.run import Run, settle, wait_for

if TYPE_CHECKING:
    from deskapp.launcher import Launcher

STOP_TIMEOUT_S = 20.0
"""Seconds that the loop's thread has to end in after its window has closed."""


class ScriptWindow:
    """The program as a script with a window.

    Args:
        frame: That of the script itself, which tells at the end how the script has ended.
    """

    def __init__(self, frame: FrameType) -> None:
        self._frame = frame
        self._pid = os.getpid()
        self._script = MainScript(_is_running)
        self._aio = asyncio.new_event_loop()
        self._thread = AppThread(self._aio)
        self._ended: Future[None] = Future()
        self._launcher: Launcher | None = None
        self._failure: BaseException | None = None
        self._is_stopped = False
        self._is_closing_heard = False
        self._is_finished = False
        self._excepthook = sys.excepthook

    def open(self) -> None:
        """Begin to open the window; waits for nothing."""
        # Public means come too late: by the time that another thread sees the main thread's end, `concurrent.futures`
        # takes no work any more, and the window may stay for hours.
        getattr(threading, "_register_atexit")(self._at_exit)  # noqa: B009  (type checkers do not know it)
        sys.excepthook = self._show_error
        self._thread.start(self._main())

    def run(self) -> Run | None:
        """The run of the script, once its page is there; None to who must not wait for that, or has no part in it.

        Raises:
            RuntimeUnavailable: No runtime can show the window here.
            RuntimeFailed: None has shown it, or its page.
            SessionClosedException: The user closed the window before its page was there.
        """
        begun = self._script.begun
        if os.getpid() != self._pid:  # a fork, in which there is no thread but the one that made it
            return None
        if not begun.done() and asyncio._get_running_loop() is self._aio:
            return None
        run: Run = wait_for(begun)
        return run

    async def _main(self) -> None:
        """On the loop's thread: from the window's begin to its end."""
        begun = self._script.begun
        try:
            current_loop().integrate()
            self._launcher = launcher = app.launcher()
            with log_shown(launcher.settings.log_level):
                launcher.launch_script(_spec(self._script, self._frame))
                if self._is_stopped:
                    launcher.stop()
                await launcher.run_async()
        except BaseException as error:  # the top of a thread: raised in the script's first call, or told at its end
            if begun.done():
                self._failure = error
            settle(begun, None, error)
        finally:
            settle(begun, None, SessionClosedException(1000, "the window was closed"))
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            settle(self._ended, None, None)

    # -- the end -------------------------------------------------------------------------------------------------------

    def hear_closing(self, error: BaseException) -> bool:
        """Whether what the script ended by says no more than that its page has gone; that is no fault of its own."""
        self._is_closing_heard = isinstance(error, SessionClosedException)
        return self._is_closing_heard

    def stop(self) -> None:
        """Close the window; from any thread."""
        self._is_stopped = True
        if self._launcher is not None:
            self._launcher.stop()

    def finish(self) -> None:
        """After the end of the script: let its window end, or wait until the user closes it.

        Raises:
            KeyboardInterrupt: After Ctrl+C meanwhile, once everything has ended in order.
            RuntimeFailed: A runtime ended by itself.
        """
        if self._is_finished:
            return
        self._is_finished = True
        is_interrupted = False
        try:
            if not self._has_ended_well():
                self.stop()
            wait_for(self._ended)
        except KeyboardInterrupt:
            is_interrupted = True
            self.stop()
        self._thread.join(timeout_s=STOP_TIMEOUT_S)
        self._aio.close()
        if is_interrupted:
            raise KeyboardInterrupt
        if self._failure is not None:
            raise self._failure

    def _has_ended_well(self) -> bool:
        """Whether it came to its last line, or heard that its page has gone; not by another error, or by an exit."""
        # Nobody tells of a SystemExit; but a frame that is over knows its last instruction.
        last = opname[self._frame.f_code.co_code[self._frame.f_lasti]]
        return self._is_closing_heard or last.startswith("RETURN")

    def _at_exit(self) -> None:
        """When the main thread is done, and before other threads are waited for."""
        if os.getpid() != self._pid:
            return
        try:
            self.finish()
        except KeyboardInterrupt:
            _leave(signal.SIGINT)
        except BaseException as error:  # the top of the program
            self._excepthook(type(error), error, error.__traceback__)
            _leave(None)

    def _show_error(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if self.hear_closing(error):
            raise SystemExit(0)  # heeded by Python also where it is about to exit with code 1
        self._excepthook(kind, error, trace)


def _spec(script: MainScript, frame: FrameType) -> AppSpec:
    """The script as an app, with the name of its file."""
    names = frame.f_globals
    spec = names.get("__spec__")
    if spec is not None:
        stem = next((part for part in reversed(spec.name.split(".")) if part != "__main__"), "")
    else:
        stem = Path(names.get("__file__") or "").stem
    stem = stem or "script"
    title = title_from_class_name(stem)
    name = re.sub(r"[^A-Za-z0-9_]", "_", stem)
    if not name.isidentifier() or name in RESERVED:
        name = "script"
    return AppSpec(script, name, title=f"{title[:1].upper()}{title[1:]}")


def _is_running() -> None:
    """Stands for the function that a script is not."""


def _leave(number: int | None) -> None:
    """End this process now, by a signal or with exit code 1: no exception could change its exit code any more."""
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    if number is not None and sys.platform != "win32":
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(1 if number is None else 128 + number)
