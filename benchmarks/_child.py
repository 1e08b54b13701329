"""Running one measurement in a process of its own, with a deadline."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULT = "benchmark-result: "
END_TIMEOUT_S = 5.0


class Failed(Exception):
    """A child gave no result; the text says why."""


@dataclass(frozen=True)
class Places:
    """What all children of a run share.

    Args:
        env: Their environment: a screen, and folders of their own for caches and data.
        toolkit: ``"gtk"`` or ``"qt"``.
        scale: Multiplies the number of repetitions.
    """

    env: Mapping[str, str]
    toolkit: str
    scale: float

    def times(self, number: int, *, least: int = 3) -> int:
        """How often to repeat what is normally repeated `number` times."""
        return max(least, round(number * self.scale))


def tell(result: object) -> None:
    """Hand a result to the parent; called in a child."""
    print(RESULT + json.dumps(result), flush=True)


def run(places: Places, module: str, *arguments: object, timeout_s: float = 60.0) -> Any:
    """Run ``benchmarks.children.<module>`` and return what it told."""
    command = [sys.executable, "-m", f"benchmarks.children.{module}", *map(str, arguments)]
    return run_command(places, command, timeout_s=timeout_s)


def run_command(places: Places, command: Sequence[str], *, timeout_s: float = 60.0) -> Any:
    """Run a command that tells a result; None if it ends well without one.

    The environment variable BENCHMARK_SPAWNED_S has the time (of the system's clock) at which it was started.

    Raises:
        Failed: It ended with an error, or not within `timeout_s`.
    """
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**_environment(places), "BENCHMARK_SPAWNED_S": repr(time.time())},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, errors = child.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        _end_group(child)
        _, errors = child.communicate()
        raise Failed(f"no result within {timeout_s:g} s\n{_tail(errors)}") from None
    finally:
        _end_group(child)
    told = [line for line in out.splitlines() if line.startswith(RESULT)]
    if told:
        return json.loads(told[-1].removeprefix(RESULT))
    if child.returncode:
        raise Failed(f"exit code {child.returncode}\n{_tail(errors)}")
    return None


class Talker:
    """A child that goes on telling results.

    Args:
        process: The child, with a pipe for its stdout.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._told: queue.Queue[Any] = queue.Queue()
        threading.Thread(target=self._read, name="benchmark-talker", daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(RESULT):
                self._told.put(json.loads(line.removeprefix(RESULT)))

    def next(self, *, timeout_s: float = 60.0) -> Any:
        """What it tells next.

        Raises:
            Failed: It told nothing within `timeout_s`.
        """
        try:
            return self._told.get(timeout=timeout_s)
        except queue.Empty:
            raise Failed(f"nothing came within {timeout_s:g} s; exit code {self._process.poll()}") from None


@contextlib.contextmanager
def talker(places: Places, module: str) -> Iterator[Talker]:
    """Run ``benchmarks.children.<module>`` until the end of the block."""
    command = [sys.executable, "-m", f"benchmarks.children.{module}"]
    with program(places, command, stdout=subprocess.PIPE) as process:
        yield Talker(process)


@contextlib.contextmanager
def program(
    places: Places, command: Sequence[str], *, stdout: int = subprocess.DEVNULL, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Run a command that is told to end at the end of the block, with all that it has started."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**_environment(places), **(env or {})},
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(END_TIMEOUT_S)
        _end_group(process)
        process.wait()


def _environment(places: Places) -> dict[str, str]:
    environment = {**os.environ, **places.env, "DESKAPP_TOOLKIT": places.toolkit}
    # As with an installed program, what is imported is compiled already.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def _end_group(child: subprocess.Popen[str]) -> None:
    """End what the child has left behind: windows, browsers. The group is its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def _tail(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[-12:])
