"""A supervised child process that speaks JSON lines over pipes of its own.

What started it ends it with `end`, and if it cannot any more, the end of its pipe does.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deskapp._lazy import LazyModule
from deskapp.runtime._supervised import TAIL_LINES, SupervisedProcess

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the host's process can start

__all__ = ["TAIL_LINES", "ChildProcess"]

logger = logging.getLogger(__name__)


class ChildProcess(SupervisedProcess):
    """A child with a command pipe and an event pipe, which carry JSON lines.

    Args:
        command: Program and arguments; two descriptor numbers are appended: read commands, write events.
        name: For log lines.
        cwd: Working directory to start in.

    Raises:
        OSError: The program cannot be started.
    """

    def __init__(self, command: Sequence[str], *, name: str, cwd: Path) -> None:
        super().__init__(name)
        self._on_message: Callable[[dict[str, Any]], None] = lambda message: None
        commands_fd, self._commands_fd = os.pipe()
        events_own_fd, events_fd = os.pipe()
        self._own_fds += [self._commands_fd, events_own_fd]
        try:
            self._start([*command, str(commands_fd), str(events_fd)], pass_fds=(commands_fd, events_fd), cwd=cwd)
        finally:
            for fd in (commands_fd, events_fd):
                os.close(fd)
        os.set_blocking(self._commands_fd, False)
        self._listen(events_own_fd, self._take_message)
        self._end_at(events_own_fd)

    def send(self, message: dict[str, Any]) -> None:
        """Write one message; silently nothing if the child has ended.

        Raises:
            BlockingIOError: The child has not read for so long that the pipe is full.
        """
        if self.has_ended:
            return
        line = json.dumps(message, separators=(",", ":")).encode() + b"\n"
        with contextlib.suppress(BrokenPipeError):
            if os.write(self._commands_fd, line) != len(line):
                raise BlockingIOError(f"{self.name} does not read its commands")

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
        self._on_message = on_message
        self._attach(loop, on_end)

    def _take_message(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except ValueError:
            logger.error("%s sent what is no JSON: %.200r", self.name, line)
            return
        self._on_message(message)
