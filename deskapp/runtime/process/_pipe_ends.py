"""A child's pipes, and our ends of them: served by the event loop, or by threads where loops cannot watch pipes.

    POSIX     read: `LoopReader` (add_reader)      write: `DirectWriter` (a pipe that does not block)
    Windows   read: `ThreadReader`                 write: `ThreadWriter`

Whoever takes what was read gets ``b""`` last, at the end of the pipe.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import asyncio

PIECE_BYTES = 1 << 16
HELD_BYTES = 1 << 16
WAITING_BYTES = 1 << 22  # more than that in front of a child that does not read is an error

Take = Callable[[bytes], None]


@dataclass(frozen=True)
class ChildPipes:
    """The child's ends of its pipes, as descriptors of this process; whoever made them closes them.

    Args:
        commands: The child reads it.
        events: The child writes it.
        words: The child's stdout and stderr.
    """

    commands: int
    events: int
    words: int


class Reader(Protocol):
    """Reads a pipe and has what it read taken on a loop's thread."""

    def attach(self, loop: asyncio.AbstractEventLoop, take: Take) -> None: ...
    def detach(self) -> None: ...
    def drain(self) -> bool:
        """Have taken what is there now; whether nothing more is worth waiting for."""

    def close(self) -> None: ...


class Writer(Protocol):
    """Writes whole lines to a pipe, without ever waiting for its reader."""

    def write(self, line: bytes) -> None:
        """Write `line`.

        Raises:
            BlockingIOError: The reader has not read for so long that there is no room.
        """

    def close(self) -> None: ...


class LoopReader:
    """A pipe that the loop itself watches.

    Args:
        fd: Owned from now on.
    """

    def __init__(self, fd: int) -> None:
        os.set_blocking(fd, False)
        self._fd = fd
        self._loop: asyncio.AbstractEventLoop | None = None
        self._take: Take = lambda data: None
        self._is_at_end = False

    def attach(self, loop: asyncio.AbstractEventLoop, take: Take) -> None:
        self.detach()
        self._take = take
        if not self._is_at_end:
            self._loop = loop
            loop.add_reader(self._fd, self._read)

    def detach(self) -> None:
        loop, self._loop = self._loop, None
        if loop is not None and not loop.is_closed():
            loop.remove_reader(self._fd)

    def drain(self) -> bool:
        while not self._is_at_end and self._read():
            pass
        return True

    def close(self) -> None:
        self.detach()
        os.close(self._fd)

    def _read(self) -> bool:
        """Whether there was something."""
        try:
            data = os.read(self._fd, PIECE_BYTES)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data:
            self._is_at_end = True
            self.detach()
        self._take(data)
        return True


class ThreadReader:
    """A pipe that a thread reads.

    The thread ends at the end of the pipe, and closes it then: a descriptor that somebody reads cannot be closed
    on Windows.

    Args:
        fd: Owned from now on.
        name: For the thread.
        keeps_all: Read on when what was read is taken; else whoever writes never waits, and loses what is older
            than `HELD_BYTES` and not taken yet.
    """

    def __init__(self, fd: int, name: str, *, keeps_all: bool) -> None:
        self._fd = fd
        self._keeps_all = keeps_all
        self._loop: asyncio.AbstractEventLoop | None = None
        self._take: Take = lambda data: None
        self._held = b""
        self._is_read_out = self._is_at_end = self._is_closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def attach(self, loop: asyncio.AbstractEventLoop, take: Take) -> None:
        with self._changed:
            self._loop, self._take = loop, take
            self._announce()

    def detach(self) -> None:
        with self._changed:
            self._loop = None

    def drain(self) -> bool:
        self._deliver()
        return self._is_at_end

    def close(self) -> None:
        """Let the thread go, which reads what is still to come and keeps nothing of it."""
        with self._changed:
            self._loop, self._held, self._is_closed = None, b"", True
            self._changed.notify_all()

    def _announce(self) -> None:
        if self._loop is not None and (self._held or self._is_read_out):
            with contextlib.suppress(RuntimeError):  # the loop was closed; the next one is told when it is attached
                self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        with self._changed:
            held, self._held = self._held, b""
            is_last = self._is_read_out and not self._is_at_end
            self._is_at_end = self._is_read_out
            take = self._take
            self._changed.notify_all()
        if held:
            take(held)
        if is_last:
            take(b"")

    def _work(self) -> None:
        data = b"more"
        while data:
            try:
                data = os.read(self._fd, PIECE_BYTES)
            except OSError:
                data = b""
            with self._changed:
                if self._is_closed:
                    continue
                self._held = (self._held + data)[-HELD_BYTES:]
                self._is_read_out = not data
                self._announce()
                if self._keeps_all:
                    self._changed.wait_for(lambda: not self._held)
        os.close(self._fd)


class DirectWriter:
    """A pipe that takes what it has room for.

    Args:
        fd: Owned from now on.
    """

    def __init__(self, fd: int) -> None:
        os.set_blocking(fd, False)
        self._fd = fd

    def write(self, line: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):  # its end is told by the other pipe
            if os.write(self._fd, line) != len(line):
                raise BlockingIOError("half a line was written")

    def close(self) -> None:
        os.close(self._fd)


class ThreadWriter:
    """A pipe that a thread writes to, with room for `WAITING_BYTES` in front of it.

    Args:
        fd: Owned from now on.
        name: For the thread.
    """

    def __init__(self, fd: int, name: str) -> None:
        self._fd = fd
        self._waiting = bytearray()
        self._is_closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def write(self, line: bytes) -> None:
        with self._changed:
            if len(self._waiting) + len(line) > WAITING_BYTES:
                raise BlockingIOError(f"{len(self._waiting)} bytes wait already")
            self._waiting += line
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._waiting.clear()
            self._is_closed = True
            self._changed.notify_all()

    def _work(self) -> None:
        with open(self._fd, "wb", buffering=0) as stream, contextlib.suppress(OSError):
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._waiting or self._is_closed)
                    data = bytes(self._waiting[:PIECE_BYTES])
                    del self._waiting[:PIECE_BYTES]
                if not data:
                    return
                while data:  # a pipe may take a part
                    data = data[stream.write(data) :]
