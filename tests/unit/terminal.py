"""A prompt in a terminal of its own: what a person types, and what the terminal shows."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 30.0
IDLE_S = 0.15  # longer than a prompt takes to see that nobody types

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|\r")


class Terminal:
    """A program that was started in a terminal.

    Args:
        command: What to run, after the interpreter.
        env: Its environment.
    """

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        import pexpect

        self._pexpect: Any = pexpect
        self._child: Any = pexpect.spawn(
            sys.executable, list(command), env=dict(env), encoding="utf-8", timeout=TIMEOUT_S, dimensions=(50, 200)
        )
        self._child.delaybeforesend = None
        self._number = 0

    @property
    def pid(self) -> int:
        """The program's process."""
        return int(self._child.pid)

    def ask(self, *lines: str) -> str:
        """Type lines and return what is shown until they were run."""
        for line in lines:
            self._child.send(line + "\r" if not line.endswith("\n") else line)
        self._number += 1
        # Typed text is shown as well, so the mark is one that only the run of it has.
        self._child.send(f"print('mark', {self._number} + 1000)\r")
        self.expect(f"mark {self._number + 1000}")
        return self.shown

    def ask_until(self, lines: Sequence[str], is_right: Callable[[str], bool]) -> str:
        """Ask, and leave the prompt alone for a moment, until what is shown is right; return it."""
        deadline_s = time.monotonic() + TIMEOUT_S
        while not is_right(shown := self.ask(*lines)):
            assert time.monotonic() < deadline_s, f"not within {TIMEOUT_S} s: {shown}"
            self._child.expect_exact([self._pexpect.TIMEOUT], timeout=IDLE_S)
        return shown

    def paste(self, text: str) -> None:
        """Paste lines that belong together; prompts that indent by themselves take them as they are."""
        self._child.send(f"\x1b[200~{text}\n\x1b[201~\r\r")

    def type(self, text: str) -> None:
        """Press keys."""
        self._child.send(text)

    def expect(self, text: str) -> None:
        """Wait until the terminal shows this."""
        self._child.expect_exact(text)

    @property
    def shown(self) -> str:
        """What was shown up to what was last expected."""
        return _CONTROL.sub("", str(self._child.before))

    def interrupt(self) -> None:
        """Press Ctrl+C."""
        self._child.sendintr()

    def interrupt_until(self, text: str) -> None:
        """Press Ctrl+C, again and again, until the terminal shows this."""
        for _ in range(100):
            self._child.sendintr()
            if self._child.expect_exact([text, self._pexpect.TIMEOUT], timeout=0.1) == 0:
                return
        raise AssertionError(f"{text!r} was not shown: {self.shown}")

    def leave(self) -> int:
        """Press Ctrl+D and return the exit code."""
        # A key that is pressed before the prompt is there is lost in some of them.
        for _ in range(20):
            self._child.sendeof()
            if self._child.expect([self._pexpect.EOF, self._pexpect.TIMEOUT], timeout=TIMEOUT_S / 20) == 0:
                break
        self._child.close()
        return int(self._child.exitstatus if self._child.exitstatus is not None else 128 + self._child.signalstatus)

    def end(self) -> None:
        """Whatever is left of it: end it."""
        self._child.close(force=True)


@contextmanager
def terminal(*command: str, **env: str) -> Iterator[Terminal]:
    """A program in a terminal for the time of a ``with`` block.

    Args:
        *command: What to run, after the interpreter.
        **env: Changes to the environment.
    """
    changes = {
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm",
        "NO_COLOR": "1",
        "PYTHON_COLORS": "0",
        "PROMPT_TOOLKIT_NO_CPR": "1",  # this terminal does not say where its cursor is; IPython would wait for it
    }
    # What a line prints comes at once; else the echo of typed keys would come between its words.
    opened = Terminal(command, {**os.environ, **changes, **env, "PYTHONUNBUFFERED": ""})
    try:
        yield opened
    finally:
        opened.end()
