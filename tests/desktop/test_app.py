"""Programs of a user, from launch to exit code, with real windows."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.desktop.program import Program, Start
from tests.desktop.screen import wait_until

pytestmark = pytest.mark.desktop

GREEN = "#2f6f4f"
INTERRUPTED = 130
TERMINATED = 143


def test_three_windows_are_shown_and_run_returns_with_the_last_one_closed(start: Start) -> None:
    program = start("windows.py", titles=["one", "two", "three"])
    for title in ("one", "two", "three"):
        program.until("seen", title=title)
    assert program.titles() == ["one", "three", "two"]
    for title in ("one", "two", "three"):
        program.until_painted(title, GREEN)
    program.remember_family()
    program.close("two")
    program.until("disposed", title="two", timeout_s=1)
    program.close("one")
    program.until("disposed", title="one", timeout_s=1)
    wait_until(lambda: program.titles() == ["three"], timeout_s=1)
    assert not program.all("returned")
    closed_at_s = time.monotonic()
    program.close("three")
    program.until("returned", code=0, timeout_s=2)
    assert time.monotonic() - closed_at_s < 1
    assert program.wait(timeout_s=1) == 0
    program.assert_nothing_left()
    assert program.log == ""


def test_a_reload_makes_the_page_anew_from_what_python_holds(start: Start) -> None:
    program = start("windows.py")
    first = program.until("seen")
    assert (first["count"], first["level"], first["part_number"]) == (0, 0, 7)
    program.until("part", times=2)
    program.tell("raise_level", "one")
    program.until("raised_level", level=1)
    program.tell("set_count", "one", 41)
    program.tell("reload", "one")
    again = program.until("seen", times=2)
    assert (again["count"], again["level"], again["part_number"]) == (41, 1, 7)
    program.until_painted("one", GREEN)
    # What JavaScript had made is made anew; the component that Python made lives on, in both directions.
    program.until("part", times=4)
    assert [line["id"] is not None for line in program.all("part")] == [False, True, False, True]
    program.tell("raise_level", "one")
    program.until("raised_level", level=2)
    program.tell("tell_state", "one")
    state = program.until("state")
    assert (state["level"], state["status"]) == (2, 2)
    assert not program.all("disposed")
    program.close("one")
    assert program.wait() == 0
    assert "Traceback" not in program.log


@pytest.mark.parametrize(("send", "code"), [(Program.interrupt, INTERRUPTED), (Program.terminate, TERMINATED)])
def test_a_signal_ends_windows_components_and_processes_in_order(
    start: Start, send: Callable[[Program], None], code: int
) -> None:
    program = start("windows.py", titles=["one", "two"])
    for title in ("one", "two"):
        program.until("seen", title=title)
    family = program.remember_family()
    assert len(family) >= 3  # the host and its web processes
    send(program)
    assert program.wait(timeout_s=3) == code
    program.assert_nothing_left(timeout_s=0.5)
    order = [(line["event"], line.get("title")) for line in program.lines if line["event"] in ("disposed", "raised")]
    assert order == [("disposed", "two"), ("disposed", "one"), ("raised", None)]
    wait_until(lambda: program.shown() == [], timeout_s=1)
