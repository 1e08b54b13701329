"""External programs that a build needs: found or not, what gets them, run with their output kept."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deskapp.errors import BuildFailed, ToolMissing

TAIL_LINES = 40

Log = Callable[[str], None]
"""Takes one line of a tool's output."""


@dataclass(frozen=True)
class Tool:
    """A program that somebody else made.

    Args:
        name: The command.
        remedy: The command that gets it.
    """

    name: str
    remedy: str

    def path(self) -> Path:
        """Where it is.

        Raises:
            ToolMissing: It is not on the path.
        """
        found = shutil.which(self.name)
        if found is None:
            raise ToolMissing(self.name, self.remedy)
        return Path(found)

    @property
    def is_here(self) -> bool:
        """Whether it is on the path."""
        return shutil.which(self.name) is not None

    def run(
        self,
        *arguments: str | Path,
        stage: str,
        cwd: Path | None = None,
        env: Mapping[str, str | None] | None = None,
        log: Log | None = None,
        secrets: Sequence[str] = (),
        stdin: str = "",
    ) -> str:
        """Run it to its end and return what it printed, both streams in the order in which they came.

        Args:
            *arguments: Of the command.
            stage: What is being done, for errors.
            cwd: Where it runs.
            env: Changes to our environment; None takes a variable away.
            log: Gets each line as it comes.
            secrets: Texts that never appear in log, result or error.
            stdin: What it can read there, at most a few lines; a password, say, which other users see in a command.

        Raises:
            ToolMissing: It is not here.
            BuildFailed: It ended with another code than 0.
        """
        command = [str(self.path()), *map(str, arguments)]
        return run(command, stage=stage, cwd=cwd, env=env, log=log, secrets=secrets, stdin=stdin)


def run(
    command: Sequence[str],
    *,
    stage: str,
    cwd: Path | None = None,
    env: Mapping[str, str | None] | None = None,
    log: Log | None = None,
    secrets: Sequence[str] = (),
    stdin: str = "",
) -> str:
    """Run a command to its end; see `Tool.run`."""
    environment = {key: value for key, value in {**os.environ, **(env or {})}.items() if value is not None}
    lines: list[str] = []
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,  # so that an interrupted build leaves none of the tool's own children behind
    ) as process:
        assert process.stdout is not None
        try:
            if process.stdin is not None:
                with contextlib.suppress(BrokenPipeError), process.stdin:  # it may have ended without reading
                    process.stdin.write(stdin)
            for line in process.stdout:
                line = _without(secrets, line.rstrip("\n"))
                lines.append(line)
                if log is not None:
                    log(line)
        except BaseException:
            _kill(process)
            raise
    if process.returncode != 0:
        tail = "\n".join(deque(lines, TAIL_LINES))
        shown = [_without(secrets, word) for word in command]
        raise BuildFailed(stage, command=shown, exit_code=process.returncode, log=tail)
    return "\n".join(lines)


def _without(secrets: Sequence[str], text: str) -> str:
    for secret in secrets:
        if secret:
            text = text.replace(secret, "…")
    return text


def run_until(
    command: Sequence[str], *, env: Mapping[str, str], cwd: Path, deadline_s: float
) -> tuple[str, int | None]:
    """Run a program, with all that it starts, to its end or to a deadline; nothing of it is left.

    Args:
        command: Program and arguments.
        env: Its environment, whole.
        cwd: Where it runs.
        deadline_s: Seconds that it may take.

    Returns:
        What it wrote, both streams in the order in which they came, and its exit code; None past the deadline.
    """
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        exit_code: int | None = None
        try:
            exit_code = process.wait(deadline_s)
        except subprocess.TimeoutExpired:
            pass
        finally:
            _kill(process)
            process.wait()
        output.seek(0)
        return output.read().decode("utf-8", "replace"), exit_code


def _kill(process: subprocess.Popen[Any]) -> None:
    """End a program and what is left of its process group."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
