"""Windows of different runtimes in one program."""

from __future__ import annotations

import pytest

from deskapp.runtime.select import report
from tests.desktop.program import Program, Start
from tests.desktop.screen import wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(90)]

RUNTIMES = ("webview-gtk", "webview-qt", "firefox-app", "chrome-app")


def shown_by_all(program: Program) -> dict[str, str]:
    """The handles of all windows on the screen, by the first word of their titles."""
    lines = program.screen.run("wmctrl", "-l").splitlines()
    return {line.split(maxsplit=3)[3].split()[0]: line.split()[0] for line in lines}


def test_every_runtime_shows_a_window_of_one_program_and_each_is_closed_alone(start: Start) -> None:
    assert set(RUNTIMES) <= {one.name for one in report()}
    program = start("mixed.py", runtimes=RUNTIMES)
    for name in RUNTIMES:
        program.until("seen", title=name, timeout_s=40)
    wait_until(lambda: set(RUNTIMES) <= set(shown_by_all(program)), what="four windows")
    program.remember_family()
    for count, name in enumerate(RUNTIMES, 1):
        program.screen.run("wmctrl", "-i", "-c", shown_by_all(program)[name])
        program.until("disposed", title=name)
        assert len(program.all("disposed")) == count
    assert program.until("returned")["code"] == 0
    program.wait()
    program.assert_nothing_left(timeout_s=5)
