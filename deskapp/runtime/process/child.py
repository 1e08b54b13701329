"""A supervised child process that speaks JSON lines over pipes of its own.

No signal handlers, no atexit hooks: what started a child ends it with `end`, and if it cannot any
more, the end of its pipe does.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deskapp._lazy import LazyModule
from deskapp.runtime.process._group import start_group
from deskapp.runtime.process._pipe_ends import (
    ChildPipes,
    DirectWriter,
    LoopReader,
    Reader,
    ThreadReader,
    ThreadWriter,
    Writer,
)
from deskapp.runtime.process.supervised import MAX_LINE_BYTES, REAP_STEP_S, REAP_TIMEOUT_S, Family

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the host's process can start

logger = logging.getLogger(__name__)


class ChildProcess(Family):
    """A child with a command pipe and an event pipe.

    Args:
        command: Program and arguments; two numbers are appended, for `inherited.inherited`: read commands,
            write events.
        name: For log lines.
        cwd: Working directory to start in.
        threads: Serve the pipes by threads; None does so where loops cannot watch pipes.

    Raises:
        OSError: The program cannot be started.
    """

    def __init__(self, command: Sequence[str], *, name: str, cwd: Path, threads: bool | None = None) -> None:
        super().__init__(name)
        self._partial: dict[Callable[[bytes], None], bytes] = {}
        self._on_message: Callable[[dict[str, Any]], None] = lambda message: None
        theirs_commands, commands = os.pipe()
        events, theirs_events = os.pipe()
        words, theirs_words = os.pipe()
        try:
            self._group = start_group(command, ChildPipes(theirs_commands, theirs_events, theirs_words), cwd)
        except BaseException:
            for fd in (commands, events, words):
                os.close(fd)
            raise
        finally:
            for fd in (theirs_commands, theirs_events, theirs_words):
                os.close(fd)
        self._commands: Writer
        self._events: Reader
        self._words: Reader
        if sys.platform == "win32" if threads is None else threads:
            self._commands = ThreadWriter(commands, f"{name}-commands")
            self._events = ThreadReader(events, f"{name}-events", keeps_all=True)
            self._words = ThreadReader(words, f"{name}-words", keeps_all=False)
        else:
            self._commands, self._events, self._words = DirectWriter(commands), LoopReader(events), LoopReader(words)

    def send(self, message: dict[str, Any]) -> None:
        """Write one message; silently nothing if the child has ended.

        Raises:
            BlockingIOError: The child has not read for so long that the pipe is full.
        """
        if self.has_ended:
            return
        line = json.dumps(message, separators=(",", ":")).encode() + b"\n"
        try:
            self._commands.write(line)
        except BlockingIOError:
            raise BlockingIOError(f"{self.name} does not read its commands") from None

    def attach(
        self,
        loop: asyncio.AbstractEventLoop,
        on_message: Callable[[dict[str, Any]], None],
        on_end: Callable[[], None],
    ) -> None:
        """Deliver messages and the end on `loop`; may be called again with another loop.

        Args:
            loop: The running loop.
            on_message: Called with every message of the child.
            on_end: Called once, when the child has ended; exit code and tail are known by then.
        """
        self._on_message, self._on_end = on_message, on_end
        if self._loop is loop or self.has_ended:
            return
        self._loop = loop
        self._ended = asyncio.Event()
        self._events.attach(loop, lambda data: self._take(data, self._take_message))
        self._words.attach(loop, lambda data: self._take(data, self._take_words))

    def _take(self, data: bytes, take: Callable[[bytes], None]) -> None:
        *lines, rest = (self._partial.pop(take, b"") + data).split(b"\n")
        self._partial[take] = rest[:MAX_LINE_BYTES]
        for line in lines:
            take(line)
        if not data and take == self._take_message:
            self._reap(time.monotonic() + REAP_TIMEOUT_S)

    def _take_message(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except ValueError:
            logger.error("%s sent what is no JSON: %.200r", self.name, line)
            return
        self._on_message(message)

    def _reap(self, deadline_s: float) -> None:
        """Wait for the exit code and the last words; the pipe's end comes a moment before them."""
        assert self._loop is not None
        process = self._group.process
        # A descendant may hold the pipe of words open for as long as it likes.
        is_done = process.poll() is not None and self._words.drain()
        if not is_done and time.monotonic() < deadline_s:
            self._loop.call_later(REAP_STEP_S, self._reap, deadline_s)
            return
        if process.returncode is None:  # it closed its pipe and lives on: no use to anybody
            self._group.kill()
            process.wait()
            self._words.drain()
        if rest := self._partial.pop(self._take_words, b""):
            self._take_words(rest)
        self._loop = None
        for end in (self._commands, self._events, self._words):
            end.close()
        self.has_ended = True
        assert self._ended is not None
        self._ended.set()
        self._on_end()
