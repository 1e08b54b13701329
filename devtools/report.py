"""Running commands, telling what happens, and the table at the end."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class SetupProblem(Exception):
    """Something a command cannot do without; its text says how to get it."""


def say(text: str) -> None:
    """One line to the person at the terminal, in order with what child processes write."""
    print(f"dev.py: {text}", flush=True)


def run(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, quiet: bool = False) -> int:
    """Show and run a command in the project's root; `quiet` shows its output only if it fails."""
    words = [str(word) for word in command]
    print(f"$ {shlex.join(words)}", flush=True)
    environment = None if env is None else {**os.environ, **env}
    if not quiet:
        return subprocess.run(words, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL).returncode
    done = subprocess.run(
        words, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        sys.stdout.buffer.write(done.stdout)
        sys.stdout.flush()
    return done.returncode


def run_aside(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, gently: bool = True) -> int:
    """Run a command in the project's root while others run, and show it with all its output once it has ended.

    Args:
        command: Program and arguments.
        env: Changes to our environment.
        gently: It gets what the others leave of the processors, where the system knows such a thing.
    """
    words = [str(word) for word in command]
    first = ["nice"] if gently and shutil.which("nice") else []
    done = subprocess.run(
        [*first, *words],
        cwd=ROOT,
        env=None if env is None else {**os.environ, **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    sys.stdout.write(f"$ {shlex.join(words)}\n{done.stdout}")  # in one piece
    sys.stdout.flush()
    return done.returncode


@dataclass
class Steps:
    """Steps that all run, whatever the ones before them did, and their table."""

    rows: list[tuple[str, str, float]] = field(default_factory=list)
    failed: bool = False
    started: float = field(default_factory=time.monotonic)

    def do(self, name: str, step: Callable[[], int]) -> None:
        """Run one step; an exit code other than 0, or a `SetupProblem`, is a failure."""
        self.do_together({name: step})

    def do_together(self, steps: Mapping[str, Callable[[], int]], *, at_once: int = 2) -> None:
        """Run steps that do not disturb each other, some at a time, begun in their order; each is a row.

        Only the first may write to the terminal while it runs, see `run_aside` for the others.
        """
        print(f"\n=== {', '.join(steps)}", flush=True)
        with ThreadPoolExecutor(at_once) as pool:
            rows = list(pool.map(_timed, steps, steps.values()))
        self.failed |= any(outcome == "FAILED" for _, outcome, _ in rows)
        self.rows += rows

    def leave_out(self, name: str, why: str) -> None:
        """Note a step that cannot run here and is not needed to pass."""
        print(f"\n=== {name}", flush=True)
        say(f"NOT RUN: {why}")
        self.rows.append((name, f"not run: {why}", 0.0))

    def finish(self) -> int:
        """Print the table; the exit code of the whole."""
        width = max((len(name) for name, _, _ in self.rows), default=0)
        print("\n" + "=" * (width + 24))
        for name, outcome, seconds in self.rows:
            print(f"{name.ljust(width)}  {seconds:7.1f} s  {outcome}")
        total = time.monotonic() - self.started
        print(f"{'all'.ljust(width)}  {total:7.1f} s  {'FAILED' if self.failed else 'ok'}", flush=True)
        return 1 if self.failed else 0


def _timed(name: str, step: Callable[[], int]) -> tuple[str, str, float]:
    started = time.monotonic()
    try:
        outcome = "ok" if step() == 0 else "FAILED"
    except SetupProblem as problem:
        say(f"{name}: {problem}")
        outcome = "FAILED"
    return name, outcome, time.monotonic() - started
