"""A stranger's program as a test sees it: what it prints, what its pages show, and what its names mean."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.desktop.program import Program, Start

PROGRAMS = Path(__file__).parent / "programs"
DEADLINE_S = 10.0
PAUSE_S = 0.02


class Stranger:
    """One running program.

    Args:
        program: Its process.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self._numbers = itertools.count(1)

    def python(self, code: str) -> Any:
        """Evaluate an expression, or run a statement, among the names of the program."""
        return self._ask("python", code)

    def page(self, code: str, session: int = 0) -> Any:
        """Evaluate JavaScript in the page of a session, counted from 0."""
        return self._ask("page", code, session)

    def until_page(self, code: str, value: object, session: int = 0) -> None:
        """Wait until JavaScript gives this value."""
        self._until(lambda: self.page(code, session), value, code)

    def until_python(self, code: str, value: object) -> None:
        """Wait until an expression gives this value."""
        self._until(lambda: self.python(code), value, code)

    def until_printed(self, *lines: str) -> None:
        """Wait until the program has printed these lines, and nothing else before, between and after them."""
        self._until(lambda: self.printed, list(lines), "the lines that it prints")

    def until_printed_lines(self, count: int) -> None:
        """Wait until the program has printed so many lines."""
        self._until(lambda: len(self.printed) >= count, True, f"{count} lines that it prints")

    @property
    def printed(self) -> list[str]:
        """Lines that it printed."""
        return self.program.text.splitlines()

    def show(self) -> None:
        """Wait until its first window is there, and its page connected."""
        self._until(
            lambda: bool(self.python("__import__('deskapp').app.manager.sessions[0].status == 2")), True, "page"
        )

    def close(self, *logged: str) -> None:
        """Close its windows as a user does; it ends by itself, and has logged these words, or nothing at all."""
        for title in self.program.titles():
            self.program.close(title)
        assert self.program.wait() == 0
        log = self.program.log
        if not logged:
            assert log == ""
        assert [word for word in logged if word not in log] == []
        assert "Traceback" not in log

    def _ask(self, kind: str, code: str, *more: object) -> Any:
        number = next(self._numbers)
        self.program.tell(*([number, kind, code, *more]))  # type: ignore[arg-type]
        line = self.program.until("answer", number=number)
        assert "error" not in line, f"{code}: {line['error']}"
        return line["value"]

    def _until(self, look: Callable[[], object], value: object, what: str) -> None:
        deadline_s = time.monotonic() + DEADLINE_S
        while (found := look()) != value:
            if time.monotonic() > deadline_s or self.program.process.poll() is not None:
                raise AssertionError(
                    f"{what}: {found!r}, not {value!r}; it printed {self.printed}; its log: {self.program.log}"
                )
            time.sleep(PAUSE_S)


class Strangers:
    """Starts programs of tests/documents/programs in windows.

    Args:
        start: How programs are started.
    """

    def __init__(self, start: Start) -> None:
        self._start = start

    def __call__(self, name: str, *arguments: str, env: Mapping[str, str | None] | None = None) -> Stranger:
        """Start one, and wait until its first window is there."""
        stranger = self.begin(name, *arguments, env=env)
        stranger.show()
        return stranger

    def begin(self, name: str, *arguments: str, env: Mapping[str, str | None] | None = None) -> Stranger:
        """Start one, and wait for nothing."""
        command = ["-m", "tests.documents.watched", os.fspath(PROGRAMS / name), *arguments]
        return Stranger(self._start(command=command, env=env))
