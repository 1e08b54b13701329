"""A browser as a supervised process: it shows one window, and does not outlive the application.

Two shells of the system stand by, which cost a millisecond each. One holds the browser back until the other, the
guard, knows its process group, and then becomes the browser. The guard waits at a pipe that nobody but this process can
write to; when that ends, however this process died, it ends the group. So there is no moment at which ``kill -9`` of
the application leaves a browser.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deskapp._lazy import LazyModule
from deskapp.runtime.process.supervised import SupervisedProcess

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the host's process can start

logger = logging.getLogger(__name__)

SHELL = "/bin/sh"

# Whoever waits here reads the end of the pipe, and ends, if the application dies first.
WAIT_AND_BECOME = 'read -r go && exec "$@" </dev/null >&2'
WAIT_AND_BECOME_WITH_PIPES = 'read -r go && exec "$@" 3<&0 4>&1 </dev/null >&2'

GUARD = """
read -r group || exit 0
read -r never
kill -s TERM "$group"
tries=0
while kill -s 0 -- "-$group" && [ "$tries" -lt 20 ]; do sleep 0.1 || sleep 1; tries=$((tries + 1)); done
kill -s KILL -- "-$group"
[ -z "$1" ] || rm -rf -- "$1"
"""


class BrowserProcess(SupervisedProcess):
    """One browser with one window.

    Args:
        command: Program and arguments.
        name: For log lines.
        env: Its environment.
        speaks: Give it a pipe for commands at descriptor 3 and one for events at 4, whose messages are JSON ended by
            NUL, which is what ``--remote-debugging-pipe`` of Chromium means.
        litter: A folder that is to be removed if this process dies.

    Raises:
        OSError: The shell of the system cannot be started.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        name: str,
        env: Mapping[str, str] | None = None,
        speaks: bool = False,
        litter: Path | None = None,
    ) -> None:
        super().__init__(name)
        self._on_message: Callable[[dict[str, Any]], None] = lambda message: None
        self._is_told_to_end = False
        self.speaks = speaks
        lifeline_fd, self._lifeline_fd = os.pipe()
        stdin_fd, self._commands_fd = os.pipe()
        events_fd, stdout_fd = os.pipe() if speaks else (-1, None)
        self._own_fds += [self._lifeline_fd, self._commands_fd] + ([events_fd] if speaks else [])
        theirs = [fd for fd in (lifeline_fd, stdin_fd, stdout_fd) if fd is not None]
        guard: subprocess.Popen[bytes] | None = None
        try:
            quiet = subprocess.DEVNULL
            guard = self._guard = subprocess.Popen(
                [SHELL, "-c", GUARD, "deskapp-guard", str(litter or "")],
                stdin=lifeline_fd,
                stdout=quiet,
                stderr=quiet,
                cwd="/",
                start_new_session=True,
            )
            script = WAIT_AND_BECOME_WITH_PIPES if speaks else WAIT_AND_BECOME
            self._start([SHELL, "-c", script, name, *command], stdin=stdin_fd, stdout=stdout_fd, env=env)
        except BaseException:
            self._close_own_ends()
            if guard is not None:
                guard.wait()
            raise
        finally:
            for fd in theirs:
                os.close(fd)
        os.write(self._lifeline_fd, b"%d\n" % self.pid)
        os.write(self._commands_fd, b"go\n")
        os.set_blocking(self._commands_fd, False)
        if speaks:
            self._listen(events_fd, self._take_message, separator=b"\0")
        end_fd = _end_of(self._process)
        self._own_fds.append(end_fd)
        self._end_at(end_fd)

    def attach(
        self,
        loop: asyncio.AbstractEventLoop,
        on_end: Callable[[], None],
        on_message: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        """Deliver the end, and messages if there are any, on `loop`; may be called again with another loop.

        Args:
            loop: The running loop.
            on_end: Called once, when the browser has ended; exit code and tail are known by then.
            on_message: Called with every message.
        """
        if on_message is not None:
            self._on_message = on_message
        self._attach(loop, on_end)

    def send(self, message: Mapping[str, Any]) -> None:
        """Write one message; silently nothing if the browser has ended.

        Raises:
            BlockingIOError: The browser has not read for so long that the pipe is full.
        """
        if self.has_ended:
            return
        data = json.dumps(message, separators=(",", ":")).encode() + b"\0"
        with contextlib.suppress(BrokenPipeError):
            if os.write(self._commands_fd, data) != len(data):
                raise BlockingIOError(f"{self.name} does not read its commands")

    async def close(self, *, timeout_s: float) -> None:
        """Ask the browser to end, then force it; afterwards no process of its group is left.

        Args:
            timeout_s: Seconds for the orderly end.
        """
        if not self.has_ended and not self._is_told_to_end:  # hearing it twice, Chromium drops what it was to write
            self._is_told_to_end = True
            self._process.terminate()  # it alone: the processes of its pages are its own to end
        await self.end(timeout_s=timeout_s)

    def _take_message(self, data: bytes) -> None:
        if not data:
            return  # what is left at the pipe's end
        try:
            message = json.loads(data)
        except ValueError:
            logger.error("%s sent what is no JSON: %.200r", self.name, data)
            return
        self._on_message(message)

    def _close_own_ends(self) -> None:
        guard = getattr(self, "_guard", None)
        if guard is not None and hasattr(self, "_process"):
            guard.kill()  # before its pipe ends, which would have it act
            guard.wait()
        super()._close_own_ends()


def _end_of(process: subprocess.Popen[bytes]) -> int:
    """A descriptor that can be read once the process has ended."""
    if hasattr(os, "pidfd_open"):
        with contextlib.suppress(OSError):  # Linux before 5.3, or a sandbox that forbids it
            return os.pidfd_open(process.pid)
    return _end_by_thread(process)


def _end_by_thread(process: subprocess.Popen[bytes]) -> int:
    """The same where the system has no such thing: a thread waits, and closes its end of a pipe."""
    own_fd, its_fd = os.pipe()

    def wait() -> None:
        process.wait()
        os.close(its_fd)

    threading.Thread(target=wait, name="deskapp-browser-end", daemon=True).start()
    return own_fd
