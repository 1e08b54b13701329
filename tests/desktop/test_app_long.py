"""Many windows and many programs: what goes wrong once in fifty times."""

from __future__ import annotations

import pytest

from tests.desktop.processes import descendants
from tests.desktop.program import Program, Start
from tests.desktop.screen import wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.long, pytest.mark.timeout(300)]

TITLES = [f"window {number}" for number in range(50)]


def open_many(start: Start) -> Program:
    program = start("windows.py", titles=TITLES)
    for title in TITLES:
        program.until("seen", title=title, timeout_s=120)
    wait_until(lambda: program.titles() == sorted(TITLES), what="fifty windows")
    program.remember_family()
    return program


def assert_all_ended(program: Program, exit_code: int = 0) -> None:
    assert program.wait(timeout_s=20) == exit_code
    program.assert_nothing_left(timeout_s=5)
    assert {line["title"] for line in program.all("disposed")} == set(TITLES)
    assert program.log.count("Traceback") == (exit_code == 130)  # that of KeyboardInterrupt


def test_fifty_windows_closed_at_once_by_their_program_right_after_they_loaded(start: Start) -> None:
    program = open_many(start)
    for title in TITLES:
        program.tell("close", title)
    program.until("returned", code=0, timeout_s=20)
    assert_all_ended(program)


def test_fifty_windows_closed_at_once_by_the_user(start: Start) -> None:
    program = open_many(start)
    for window in program.shown():
        program.screen.run("wmctrl", "-i", "-c", window.handle)
    program.until("returned", code=0, timeout_s=20)
    assert_all_ended(program)


def test_fifty_windows_are_ended_by_ctrl_c(start: Start) -> None:
    program = open_many(start)
    program.interrupt()
    assert_all_ended(program, exit_code=130)


def test_fifty_windows_closed_while_they_are_still_loading(start: Start) -> None:
    program = start("windows.py", titles=TITLES)
    program.until("seen", timeout_s=60)
    program.remember_family()
    for title in TITLES:
        program.tell("close", title)
    program.until("returned", code=0, timeout_s=60)
    assert_all_ended(program)


def test_fifty_windows_one_after_the_other_leave_nothing_behind(start: Start) -> None:
    program = start("windows.py", titles=["stays"])
    program.until("seen", title="stays")
    before = len(program.remember_family())
    for title in TITLES:
        program.tell("open_window", title)
        program.until("seen", title=title)
        program.tell("close", title)
        program.until("disposed", title=title)
    wait_until(lambda: len(descendants(program.process.pid)) <= before, what="as few processes as before")
    program.close("stays")
    assert program.wait() == 0
    program.assert_nothing_left()


def test_twenty_programs_one_after_the_other_open_two_windows_at_once_and_end(start: Start) -> None:
    for _ in range(20):
        program = start("windows.py", titles=["one", "two"])
        for title in ("one", "two"):
            program.until("seen", title=title)
        program.remember_family()
        for title in ("one", "two"):
            program.close(title)
        program.until("returned", code=0, timeout_s=2)
        assert program.wait(timeout_s=2) == 0
        program.assert_nothing_left()
        assert program.log == ""


@pytest.mark.parametrize("attempt", range(10))
def test_a_signal_at_any_moment_of_the_start_ends_the_program_and_leaves_nothing(start: Start, attempt: int) -> None:
    program = start("windows.py", titles=["one", "two"])
    program.until("running")
    program.remember_family()
    if attempt % 2:
        wait_until(lambda: program.titles(), what="a window")
        program.remember_family()
    program.interrupt()
    assert program.wait(timeout_s=8) == 130
    program.assert_nothing_left()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("runtime", ["webview-gtk", "webview-qt"])
def test_thirty_programs_one_after_the_other_open_a_window_and_close_it(start: Start, runtime: str) -> None:
    for turn in range(30):
        program = start("frames.py", runtime=runtime)
        program.until("seen", title="one", timeout_s=30)
        program.remember_family()
        program.close("one")
        assert program.wait(timeout_s=10) == 0, turn
        program.assert_nothing_left()
