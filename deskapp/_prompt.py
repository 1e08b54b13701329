"""Iterates an asyncio loop on the main thread while a plain Python prompt waits for a line; no second thread.

Python calls ``PyOS_InputHook`` when its prompt waits: about 0.1 s after the last key, and once more at each key
(https://docs.python.org/3/c-api/veryhigh.html#c.PyOS_InputHook). The classic prompt and that of 3.13 both do.

    the person is idle    the hook runs the loop until a key is pressed, so what happens in windows is handled at once
    the person types      the hook lets the loop do what is ready and gives the key to the prompt
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any

from deskapp._lazy import LazyModule

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the host's process can start

logger = logging.getLogger("deskapp")

IDLE_S = 0.08
"""The classic prompt waits 0.1 s for a key before it calls the hook; if it calls sooner there is one."""

KEY_POLL_S = 0.02
"""How often a Windows console is asked for keys; there is nothing to wait on."""

REDELIVERY_S = 0.005
"""Between the end of the hook and the Ctrl+C that it caught."""


class PromptHook:
    """Lets a plain prompt iterate an asyncio loop. To be made and used on the main thread.

    Args:
        aio: The loop; nobody else runs it.
    """

    def __init__(self, aio: asyncio.AbstractEventLoop) -> None:
        self._aio = aio
        self._callback = ctypes.CFUNCTYPE(ctypes.c_int)(self._called)
        self._previous: int | None = None
        self._left_s = 0.0
        self._is_running = False
        self._is_interrupted = False
        self._on_sigint: Any = None
        self._on_sigalrm: Any = None
        self.is_installed = False

    def install(self) -> None:
        """Begin to iterate."""
        if self.is_installed:
            return
        self._previous = _hook().value
        if self._previous is not None:
            logger.warning("Another library's windows were served at this prompt; deskapp's are from now on.")
        self._on_sigint = signal.signal(signal.SIGINT, self._interrupted)
        self._set(ctypes.cast(self._callback, ctypes.c_void_p).value)
        self.is_installed = True

    def remove(self) -> None:
        """Iterate no more; what others had installed is in place again."""
        if not self.is_installed:
            return
        self.is_installed = False
        self._set(self._previous)
        if signal.getsignal(signal.SIGINT) == self._interrupted:
            signal.signal(signal.SIGINT, self._on_sigint)

    def _set(self, address: int | None) -> None:
        _hook().value = address

    # -- called by the prompt ------------------------------------------------------------------------------------------

    def _called(self) -> int:
        """The hook itself. Nothing may be raised into C, which could not pass it on."""
        self._is_running = True  # first: from here on Ctrl+C is only noted
        try:
            self._restore()
            # Else it is input() in another thread, or in a coroutine: no loop can be iterated there.
            is_at_prompt = threading.current_thread() is threading.main_thread() and _no_loop_runs()
            if is_at_prompt and not self._is_interrupted:
                with _printable():
                    if self._prompt_is_busy(sys._getframe().f_back):
                        self._run_once()
                    else:
                        self._run_until_key()
        except KeyboardInterrupt:
            self._is_interrupted = True
        except Exception:  # a border: the prompt goes on whatever happened
            logger.exception("The event loop failed at the prompt")
        self._left_s = time.monotonic()
        if self._is_interrupted:
            self._cancel_line()
        self._is_running = False
        return 0

    def _prompt_is_busy(self, caller: FrameType | None) -> bool:
        """Whether the prompt has read more keys than it has looked at, and only wants to pass by."""
        # The prompt of Python 3.13 reads whatever there is at once; only itself can tell what is left of it.
        reader = caller.f_locals.get("self") if caller is not None else None
        wait = getattr(getattr(reader, "console", None), "wait", None)
        if wait is not None:
            return bool(wait(0))
        return time.monotonic() - self._left_s < IDLE_S

    def _run_once(self) -> None:
        self._aio.call_soon(self._aio.stop)
        self._aio.run_forever()

    def _run_until_key(self) -> None:
        with _watched_input(self._aio) as can_be_watched:
            if can_be_watched:
                self._aio.run_forever()
            else:
                self._run_once()  # input from a file is always ready

    # -- Ctrl+C --------------------------------------------------------------------------------------------------------

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        """Ctrl+C: never raised in the midst of our callbacks, which would lose what they were doing."""
        if self._is_running and not self._is_interrupted:
            self._is_interrupted = True
            self._aio.call_soon_threadsafe(self._aio.stop)
        elif frame is not None and frame.f_code is PromptHook._called.__code__:
            self._is_interrupted = True
        elif hasattr(signal, "setitimer") and frame is not None:
            # The user's own code runs, or a callback that does not end: raised from a function in C, a moment later,
            # it leaves no trace of this file.
            self._in_a_moment(self._on_sigint)
        elif callable(self._on_sigint):
            self._on_sigint(number, frame)

    def _cancel_line(self) -> None:
        """Let the prompt have the Ctrl+C.

        Raised here it would get lost in C. A signal that comes while the prompt waits cancels the line; until then the
        hook is away, for the prompt would call it before it looks at the signal.
        """
        self._is_interrupted = False
        if hasattr(signal, "setitimer"):  # else Windows, where the line cannot be cancelled from here
            self._set(None)
            self._in_a_moment(self._cancelled)

    def _cancelled(self, _number: int, frame: FrameType | None) -> None:
        self._restore()
        shown = sys.excepthook

        def show(kind: type[BaseException], error: BaseException, _trace: object) -> None:
            sys.excepthook = shown
            shown(kind, error.with_traceback(None), None)  # as without us: one line

        sys.excepthook = show
        if callable(self._on_sigint):
            self._on_sigint(signal.SIGINT, frame)

    def _in_a_moment(self, handler: Any) -> None:
        """Have a signal handler called when this one, and the hook, are over."""
        self._on_sigalrm = self._on_sigalrm or signal.getsignal(signal.SIGALRM)
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, REDELIVERY_S)

    def _restore(self) -> None:
        """Have hook and SIGALRM as they were before a Ctrl+C."""
        if self._on_sigalrm is not None:
            signal.signal(signal.SIGALRM, self._on_sigalrm)
            self._on_sigalrm = None
        if self.is_installed:
            self._set(ctypes.cast(self._callback, ctypes.c_void_p).value)


def _no_loop_runs() -> bool:
    return asyncio._get_running_loop() is None


def _hook() -> ctypes.c_void_p:
    return ctypes.c_void_p.in_dll(ctypes.pythonapi, "PyOS_InputHook")


@contextlib.contextmanager
def _watched_input(aio: asyncio.AbstractEventLoop) -> Iterator[bool]:
    """Stop the loop when there is something to read on stdin; gives False if that cannot be known."""
    if sys.platform == "win32":
        with _polled_console(aio.call_later, aio.stop):
            yield True
        return
    try:
        aio.add_reader(0, aio.stop)
    except (OSError, NotImplementedError, ValueError):  # a file, or nothing at all
        yield False
        return
    try:
        yield True
    finally:
        aio.remove_reader(0)


@contextlib.contextmanager
def _polled_console(call_later: Callable[..., asyncio.TimerHandle], stop: Callable[[], None]) -> Iterator[None]:
    """Look for keys of a Windows console again and again."""
    import msvcrt

    timers: list[asyncio.TimerHandle] = []

    def look() -> None:
        if getattr(msvcrt, "kbhit")():  # noqa: B009 (known to type checkers on Windows alone)
            stop()
        else:
            timers[:] = [call_later(KEY_POLL_S, look)]

    look()
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()


@contextlib.contextmanager
def _printable() -> Iterator[None]:
    """Let what callbacks print begin at the left margin: the prompt of 3.13 has the terminal in raw mode meanwhile."""
    try:
        import termios

        terminal = sys.stdout.fileno() if os.isatty(sys.stdout.fileno()) else None
    except (ImportError, OSError, ValueError, AttributeError):
        terminal = None
    if terminal is None:
        yield
        return
    raw = termios.tcgetattr(terminal)
    if raw[1] & termios.OPOST:
        yield
        return
    cooked = [*raw[:1], raw[1] | termios.OPOST | termios.ONLCR, *raw[2:]]
    termios.tcsetattr(terminal, termios.TCSADRAIN, cooked)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, raw)
