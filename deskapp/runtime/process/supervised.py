"""A supervised child process: its end noticed at once, its last words kept, its whole family ended.

No signal handlers, no atexit hooks: what started a child ends it with `end`; a subclass says what does if that cannot.
"""

from __future__ import annotations

import collections
import contextlib
import logging
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deskapp._lazy import LazyModule
from deskapp.runtime.process._group import PosixGroup, ProcessGroup

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the host's process can start

logger = logging.getLogger(__name__)

TAIL_LINES = 40
MAX_LINE_BYTES = 1 << 20
READ_BYTES = 1 << 16
REAP_TIMEOUT_S = 1.0  # between the end of the pipe and the exit code
REAP_STEP_S = 0.002
FORCE_TIMEOUT_S = 1.0  # for each of terminate and kill
ORPHANS_TIMEOUT_S = 0.3  # for grandchildren to see that their parent is gone
ORPHANS_STEP_S = 0.01


@dataclass
class _Stream:
    """A pipe from the child, cut into pieces at a separator."""

    take: Callable[[bytes], None]
    separator: bytes
    rest: bytes = b""

    def feed(self, data: bytes) -> None:
        *pieces, rest = (self.rest + data).split(self.separator)
        self.rest = rest[:MAX_LINE_BYTES]
        for piece in pieces:
            self.take(piece)


class Ending:
    """The end of a process, to be waited for; whoever notices it sets `has_ended`, then `_ended`."""

    has_ended = False
    _ended: asyncio.Event | None = None

    async def wait(self, timeout_s: float) -> bool:
        """Whether it ended within `timeout_s` seconds; needs `attach` first."""
        if self.has_ended or self._ended is None:
            return self.has_ended
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._ended.wait(), timeout_s)
        return self.has_ended


class Family(Ending):
    """A child with all its descendants, which are ended together, and its stderr kept as a bounded tail.

    Ctrl+C in a terminal does not reach them. Subclasses start it, and notice its end.

    Args:
        name: For log lines.
    """

    _group: ProcessGroup

    def __init__(self, name: str) -> None:
        self.name = name
        self._tail: collections.deque[str] = collections.deque(maxlen=TAIL_LINES)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._on_end: Callable[[], None] = lambda: None

    @property
    def pid(self) -> int:
        """Process id; on POSIX also the id of the child's process group."""
        return self._group.process.pid

    @property
    def exit_code(self) -> int | None:
        """Exit code, negative for a signal; None while it runs."""
        return self._group.process.returncode

    @property
    def tail(self) -> str:
        """The last lines that the child wrote to stderr."""
        return "\n".join(self._tail)

    async def end(self, *, timeout_s: float) -> None:
        """Wait for an orderly end, then force it; afterwards no process of the child's group is left.

        Args:
            timeout_s: Seconds for the orderly end.
        """
        if not await self.wait(timeout_s):
            logger.warning("%s did not end within %.1f s and is terminated", self.name, timeout_s)
            self._group.terminate()
            if not await self.wait(FORCE_TIMEOUT_S):
                self._group.kill()
                await self.wait(FORCE_TIMEOUT_S)
        deadline_s = time.monotonic() + ORPHANS_TIMEOUT_S
        # Nobody tells when a grandchild ends, so it is asked.
        while self._group.is_alive() and time.monotonic() < deadline_s:
            await asyncio.sleep(ORPHANS_STEP_S)
        self._group.kill()

    def _take_words(self, line: bytes) -> None:
        words = line.decode(errors="replace").rstrip()
        self._tail.append(words)
        logger.debug("%s: %s", self.name, words)


class SupervisedProcess(Family):
    """A child in a session of its own, whose pipes are watched by the loop: not on Windows.

    Subclasses start it with `_start`, and say with `_listen` and `_end_at` what is read and what tells its end.

    Args:
        name: For log lines.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._streams: dict[int, _Stream] = {}
        self._end_fd = -1
        self._own_fds: list[int] = []

    def _start(
        self,
        command: Sequence[str],
        *,
        stdin: int = subprocess.DEVNULL,
        stdout: int | None = None,
        pass_fds: Sequence[int] = (),
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        """Start it; its stdout goes with stderr unless it is given.

        Raises:
            OSError: The program cannot be started; what was opened for it so far is closed.
        """
        self._stderr_fd, stderr_fd = os.pipe()
        self._own_fds.append(self._stderr_fd)
        try:
            # A child that talks a lot while our loop is busy loses words instead of standing still.
            os.set_blocking(stderr_fd, False)
            self._process = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=stderr_fd if stdout is None else stdout,
                stderr=stderr_fd,
                pass_fds=pass_fds,
                cwd=cwd,
                env=env,
                start_new_session=True,
            )
            self._group = PosixGroup(self._process)
        except BaseException:
            self._close_own_ends()
            raise
        finally:
            os.close(stderr_fd)
        self._listen(self._stderr_fd, self._take_words)

    def _listen(self, fd: int, take: Callable[[bytes], None], *, separator: bytes = b"\n") -> None:
        """Give `take` the pieces that come out of a pipe of ours."""
        os.set_blocking(fd, False)
        self._streams[fd] = _Stream(take, separator)

    def _end_at(self, fd: int) -> None:
        """Take the child for ended when `fd` is at its end."""
        self._end_fd = fd

    def _attach(self, loop: asyncio.AbstractEventLoop, on_end: Callable[[], None]) -> None:
        self._on_end = on_end
        if self._loop is loop or self.has_ended:
            return
        self._detach()
        self._loop = loop
        self._ended = asyncio.Event()
        for fd in self._streams:
            loop.add_reader(fd, self._read, fd)
        if self._end_fd not in self._streams:
            loop.add_reader(self._end_fd, self._come_to_end)

    def _read(self, fd: int) -> None:
        try:
            data = os.read(fd, READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._streams[fd].feed(data)
        if not data and self._loop is not None:
            self._loop.remove_reader(fd)
            if fd == self._end_fd:
                self._come_to_end()

    def _come_to_end(self) -> None:
        assert self._loop is not None
        self._loop.remove_reader(self._end_fd)
        self._reap(time.monotonic() + REAP_TIMEOUT_S)

    def _reap(self, deadline_s: float) -> None:
        """Wait for the exit code; the pipe's end comes a moment before it."""
        assert self._loop is not None
        if self._process.poll() is None and time.monotonic() < deadline_s:
            self._loop.call_later(REAP_STEP_S, self._reap, deadline_s)
            return
        if self._process.returncode is None:  # it closed its pipe and lives on: no use to anybody
            self._group.kill()
            self._process.wait()
        self._drain_stderr()
        self._detach()
        self._close_own_ends()
        self.has_ended = True
        assert self._ended is not None
        self._ended.set()
        self._on_end()

    def _drain_stderr(self) -> None:
        stream = self._streams[self._stderr_fd]
        with contextlib.suppress(OSError):
            while data := os.read(self._stderr_fd, READ_BYTES):
                stream.feed(data)
        if stream.rest:
            self._take_words(stream.rest)
            stream.rest = b""

    def _detach(self) -> None:
        loop, self._loop = self._loop, None
        if loop is not None and not loop.is_closed():
            for fd in {*self._streams, self._end_fd}:
                loop.remove_reader(fd)

    def _close_own_ends(self) -> None:
        fds, self._own_fds = self._own_fds, []
        for fd in fds:
            os.close(fd)
