"""A child process with all its descendants: started with the pipes it inherits, and ended as one.

POSIX has process groups, and descriptors that keep their numbers; Windows has jobs and inherited handles
(`_group_windows`).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from deskapp.runtime.process._pipe_ends import ChildPipes
from deskapp.runtime.process.supervised import _is_group_alive


class ProcessGroup(Protocol):
    """A child and its descendants."""

    process: subprocess.Popen[bytes]

    def terminate(self) -> None:
        """Ask all of them to end, where the system has a way to ask."""

    def kill(self) -> None:
        """End all of them."""

    def is_alive(self) -> bool:
        """Whether one of them still runs."""


class PosixGroup:
    """A process group in a session of its own, so that Ctrl+C in a terminal does not reach it.

    Args:
        command: Program and arguments; the numbers of two descriptors are appended: read commands, write events.
        pipes: What it inherits.
        cwd: Working directory to start in.

    Raises:
        OSError: The program cannot be started.
    """

    def __init__(self, command: Sequence[str], pipes: ChildPipes, cwd: Path) -> None:
        # A child that talks a lot while our loop is busy loses words instead of standing still.
        os.set_blocking(pipes.words, False)
        self.process = subprocess.Popen(
            [*command, str(pipes.commands), str(pipes.events)],
            stdin=subprocess.DEVNULL,
            stdout=pipes.words,
            stderr=pipes.words,
            pass_fds=(pipes.commands, pipes.events),
            cwd=cwd,
            start_new_session=True,
        )

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def is_alive(self) -> bool:
        return self._signal(0) and _is_group_alive(self.process.pid)

    def _signal(self, number: int) -> bool:
        """Send a signal to the whole group; False if there is nobody left."""
        try:
            os.killpg(self.process.pid, number)
        except (ProcessLookupError, PermissionError):
            return False
        return True


def start_group(command: Sequence[str], pipes: ChildPipes, cwd: Path) -> ProcessGroup:
    """Start a child the way this system has it.

    Raises:
        OSError: The program cannot be started.
    """
    if sys.platform == "win32":
        from deskapp.runtime.process._group_windows import JobGroup

        return JobGroup(command, pipes, cwd)
    return PosixGroup(command, pipes, cwd)
