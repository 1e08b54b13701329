"""Models in real pages: a window of WebKitGTK, and Chromium."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from tests.desktop.program import Program, Start
from tests.desktop.screen import wait_until

pytestmark = pytest.mark.desktop


class Models:
    """The program of `programs/models.py`, and what it can be asked."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._numbers = itertools.count(1)

    def ask(self, language: str, code: str) -> Any:
        number = next(self._numbers)
        self.program.tell(language, number, code)
        line = self.program.until("value", number=number)
        assert "error" not in line, line["error"]
        return line["value"]

    def js(self, code: str) -> Any:
        """The value of a JavaScript expression; ``m`` is the Main."""
        return self.ask("js", code)

    def py(self, code: str) -> Any:
        """The value of a Python expression; ``m`` is the Main."""
        return self.ask("py", code)

    def set(self, name: str, value: object) -> None:
        """Assign in Python."""
        self.program.tell("set", name, value)

    def seen(self, what: str) -> list[Any]:
        """What the page has noted of one kind."""
        return [facts for kind, *facts in self.js("seen") if kind == what]

    def until_seen(self, what: str, *, times: int) -> list[Any]:
        wait_until(lambda: len(self.seen(what)) >= times, what=f"{what} in the page: {self.js('seen')}")
        return self.seen(what)

    def until(self, expression: str, value: object) -> None:
        """Wait until a Python expression has a value."""
        wait_until(lambda: self.py(expression) == value, what=f"{expression} == {value!r}")

    def shared(self) -> list[list[int]]:
        """The calls of Python's handler."""
        return [line["values"] for line in self.program.all("shared")]


@pytest.fixture
def models(start: Start) -> Iterator[Models]:
    program = start("models.py", args=["x", 1])
    yield Models(program)
    program.close("models")
    assert program.wait() == 0
    assert "Traceback" not in program.log, program.log


def test_everything_starts_in_the_documented_order_on_both_sides(models: Models) -> None:
    assert models.program.until("init") == {"event": "init", "args": ["x", 1], "shared": 11}
    assert models.js("seen") == [
        ["child init", 5, False],
        ["main init", 11, True, False, 2, "m"],
        ["child handler", 2, 5],
        ["main handler", 11],
    ]
    said = [line for line in models.program.lines if line["event"] in ("child", "shared")]
    assert said == [{"event": "child", "values": [[2, 2], [2, 5]]}, {"event": "shared", "values": [11]}]


def test_the_numbers_of_the_reference_come_out(models: Models) -> None:
    assert models.js("m.shared") == models.py("m.shared") == 11
    models.set("shared", 50)
    models.program.until("shared", values=[53])
    # Python 51, JavaScript 52, Python 53, and no further echo.
    models.py("m.session.co_roundtrip and 0")
    assert models.js("m.shared") == 52
    assert models.py("m.shared") == 53
    models.js("m.shared = 100, null")
    models.program.until("shared", values=[102])
    assert models.js("m.shared") == 101
    assert models.py("m.shared") == 102
    assert models.shared() == [[11], [51], [53], [102]]
    assert models.seen("main handler") == [[11], [52], [101]]
