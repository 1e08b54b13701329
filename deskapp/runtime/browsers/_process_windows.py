"""A browser as a supervised process where pipes cannot be waited for by an event loop: on Windows.

A thread waits for the process, a file takes what it says, and a job ends it with the application. All of it but the job
runs on every system.
"""

from __future__ import annotations

import collections
import contextlib
import logging
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deskapp._lazy import LazyModule
from deskapp.runtime.process.job import Job
from deskapp.runtime.process.supervised import FORCE_TIMEOUT_S, TAIL_LINES, Ending

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the browser's process can start

logger = logging.getLogger(__name__)

ASK_TIMEOUT_S = 2.0


def close_command(pid: int) -> list[str]:
    """What asks the windows of a process, and of those that it has started, to close."""
    return ["taskkill", "/PID", str(pid), "/T"]


class WindowsBrowser(Ending):
    """One browser with one window; to `BrowserApp` the same as `BrowserProcess`.

    Args:
        command: Program and arguments.
        name: For log lines.
        env: Its environment.

    Raises:
        OSError: The program cannot be started.
    """

    speaks = False

    def __init__(self, command: Sequence[str], *, name: str, env: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.tail = ""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._on_end: Callable[[], None] = lambda: None
        self._is_told_to_end = False
        self._words = tempfile.TemporaryFile()  # noqa: SIM115  it is read and closed at the end
        self._job = Job()
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=self._words, stderr=self._words, env=env
            )
        except BaseException:
            self._words.close()
            self._job.close()
            raise
        self._job.take(getattr(self._process, "_handle", 0))
        threading.Thread(target=self._wait, name="deskapp-browser-end", daemon=True).start()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """Exit code; None while it runs."""
        return self._process.returncode

    def attach(
        self,
        loop: asyncio.AbstractEventLoop,
        on_end: Callable[[], None],
        on_message: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        """Deliver the end on `loop`; may be called again with another loop. It has no messages."""
        self._on_end = on_end
        if self._loop is loop or self.has_ended:
            return
        self._loop, self._ended = loop, asyncio.Event()
        if self._process.returncode is not None:  # before anybody listened, or while the other loop was closed
            loop.call_soon(self._finish)

    def send(self, message: Mapping[str, Any]) -> None:
        """Nothing: it is never started so that it would listen."""

    async def close(self, *, timeout_s: float) -> None:
        """Ask the browser to end, then force it.

        Args:
            timeout_s: Seconds for the orderly end.
        """
        if not self.has_ended and not self._is_told_to_end:
            self._is_told_to_end = True
            await asyncio.to_thread(self._ask_to_close)
        if not await self.wait(timeout_s):
            logger.warning("%s did not end within %.1f s and is terminated", self.name, timeout_s)
            self._process.kill()
            self._job.close()
            await self.wait(FORCE_TIMEOUT_S)
        self._job.close()

    def _ask_to_close(self) -> None:
        if sys.platform != "win32":
            self._process.terminate()
            return
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(close_command(self.pid), capture_output=True, timeout=ASK_TIMEOUT_S, check=False)

    def _wait(self) -> None:
        """On a thread of its own."""
        self._process.wait()
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed; the next one is told when it attaches
                loop.call_soon_threadsafe(self._finish)

    def _finish(self) -> None:
        if self.has_ended:
            return
        self.has_ended = True
        with self._words as words:
            words.seek(0)
            lines = collections.deque((line.decode(errors="replace").rstrip() for line in words), maxlen=TAIL_LINES)
        self.tail = "\n".join(lines)
        if self._ended is not None:
            self._ended.set()
        self._on_end()
