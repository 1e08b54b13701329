"""A child process with all its descendants: started with the pipes it inherits, and ended as one.

POSIX has process groups, and descriptors that keep their numbers; Windows has jobs and inherited handles
(`_group_windows`).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from deskapp.runtime.process._pipe_ends import ChildPipes


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
    """A process group.

    Args:
        process: Its first process, which was started in a session of its own.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

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

    Args:
        command: Program and arguments; two numbers are appended: read commands, write events.
        pipes: What it inherits.
        cwd: Working directory to start in.

    Raises:
        OSError: The program cannot be started.
    """
    if sys.platform == "win32":
        from deskapp.runtime.process._group_windows import JobGroup

        return JobGroup(command, pipes, cwd)
    # A child that talks a lot while our loop is busy loses words instead of standing still.
    os.set_blocking(pipes.words, False)
    process = subprocess.Popen(
        [*command, str(pipes.commands), str(pipes.events)],
        stdin=subprocess.DEVNULL,
        stdout=pipes.words,
        stderr=pipes.words,
        pass_fds=(pipes.commands, pipes.events),
        cwd=cwd,
        start_new_session=True,
    )
    return PosixGroup(process)


def _is_group_alive(group: int) -> bool:
    """Whether a process of `group` still runs; the dead that nobody collects do not count.

    Where the first process of the system collects no orphans, as in many containers, they stay in the
    process table. True where there is no /proc to tell.
    """
    if not os.path.exists("/proc/self/stat"):
        return True
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError):
                # "pid (name) state parent group …"; the name may hold anything, also parentheses.
                state, _, its_group = Path("/proc", name, "stat").read_text().rpartition(")")[2].split()[:3]
                if int(its_group) == group and state not in "ZX":
                    return True
    return False
