"""Which loop lives on which thread; the only room that crosses threads by itself.

Usually everything of the application runs on the main thread and the window in a process of its own. With an
in-process window host the window system takes the main thread, and the application's asyncio loop lives on a thread
called ``deskapp-app``.
"""

from __future__ import annotations

import threading
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from deskapp._lazy import LazyModule
from deskapp.errors import DeskappError

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the host's process can start

T = TypeVar("T")

JOIN_TIMEOUT_S = 5.0
APP_THREAD = "deskapp-app"


class AppThread:
    """Runs one coroutine on an asyncio loop of its own thread, while the caller's thread does something else.

    Args:
        loop: An asyncio loop that is not running.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None
        self._result: Any = None

    def start(self, main: Coroutine[Any, Any, T]) -> None:
        """Begin to run `main`."""
        self._thread = threading.Thread(target=self._run, args=(main,), name=APP_THREAD, daemon=True)
        self._thread.start()

    def join(self, *, timeout_s: float = JOIN_TIMEOUT_S) -> Any:
        """Wait for the coroutine and return its result, or raise what it raised.

        Args:
            timeout_s: Seconds to wait.

        Raises:
            DeskappError: It did not end in time.
        """
        thread = self._thread
        if thread is None:
            raise DeskappError("the application's thread was never started")
        thread.join(timeout_s)
        if thread.is_alive():
            raise DeskappError(
                f"The application did not end within {timeout_s:g} s after its last window closed; "
                "something in it blocks the thread 'deskapp-app'."
            )
        if self._error is not None:
            raise self._error
        return self._result

    def _run(self, main: Coroutine[Any, Any, Any]) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._result = self._loop.run_until_complete(main)
        except BaseException as error:  # a thread's top: carried over to the thread that joins
            self._error = error
