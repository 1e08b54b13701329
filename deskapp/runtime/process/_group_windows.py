"""A child process on Windows: its handles are passed by number, and a job ends it with all its descendants.

Not run on the machine that deskapp is made on, see docs/reference/not-run.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from deskapp.runtime.process._pipe_ends import ChildPipes
from deskapp.runtime.process.job import Job

if sys.platform == "win32":
    import msvcrt

    class JobGroup:
        """A child in a job.

        It becomes a member a moment after it was started; it has not begun to run Python by then.

        Args:
            command: Program and arguments; the numbers of two handles are appended: read commands, write events.
            pipes: What it inherits.
            cwd: Working directory to start in.

        Raises:
            OSError: The program cannot be started, or put into a job.
        """

        def __init__(self, command: Sequence[str], pipes: ChildPipes, cwd: Path) -> None:
            handles = [msvcrt.get_osfhandle(fd) for fd in (pipes.commands, pipes.events)]
            for handle in handles:
                os.set_handle_inheritable(handle, True)
            self._job = Job()  # its handle is closed by the system when this process ends, and ends the rest
            self.process = subprocess.Popen(
                [*command, *map(str, handles)],
                stdin=subprocess.DEVNULL,
                stdout=pipes.words,
                stderr=pipes.words,
                cwd=cwd,
                # Only these are inherited, and those of stdin, stdout and stderr.
                startupinfo=subprocess.STARTUPINFO(lpAttributeList={"handle_list": handles}),
                # Neither a console window nor the Ctrl+C of ours.
                creationflags=subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP,
            )
            try:
                self._job.take(int(self.process._handle))  # type: ignore[attr-defined]
            except OSError:
                self.process.kill()
                raise

        def terminate(self) -> None:
            """Windows has no way to ask a process without windows of its own; its pipe was closed to no avail."""
            self.kill()

        def kill(self) -> None:
            self._job.kill()

        def is_alive(self) -> bool:
            return self._job.is_alive()
