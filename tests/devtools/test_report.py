"""devtools/report.py."""

from __future__ import annotations

import sys
import threading

import pytest

from devtools.report import SetupProblem, Steps, run


def refuse() -> int:
    """A step that cannot be done here."""
    raise SetupProblem("node is missing")


def test_every_step_runs_and_one_failure_fails_the_whole(capsys: pytest.CaptureFixture[str]) -> None:
    steps = Steps()
    steps.do("first", lambda: 3)
    steps.do("second", lambda: 0)
    assert steps.finish() == 1
    told = capsys.readouterr().out
    assert [line.split()[-1] for line in told.splitlines()[-3:]] == ["FAILED", "ok", "FAILED"]


def test_a_setup_problem_is_a_failure_with_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    steps = Steps()
    steps.do("client", refuse)
    assert steps.finish() == 1
    assert "node is missing" in capsys.readouterr().out


def test_a_step_left_out_is_told_and_fails_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    steps = Steps()
    steps.leave_out("3.10", "there is no Python 3.10 here")
    assert steps.finish() == 0
    told = capsys.readouterr().out
    assert told.count("there is no Python 3.10 here") == 2


def test_steps_together_all_run_and_each_has_its_row(capsys: pytest.CaptureFixture[str]) -> None:
    steps = Steps()
    meeting = threading.Barrier(2, timeout=10)

    def meet() -> int:
        meeting.wait()
        return 0

    steps.do_together({"one": meet, "four": meet, "two": lambda: 3, "three": refuse})
    assert steps.finish() == 1
    told = capsys.readouterr().out
    assert [line.split()[-1] for line in told.splitlines()[-5:]] == ["ok", "ok", "FAILED", "FAILED", "FAILED"]
    assert "node is missing" in told


@pytest.mark.parametrize(("code", "shown"), [(0, False), (4, True)])
def test_quiet_commands_speak_only_when_they_fail(
    code: int, shown: bool, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run([sys.executable, "-c", f"print('so ' 'it is'); raise SystemExit({code})"], quiet=True) == code
    assert (b"so it is" in capfdbinary.readouterr().out) is shown
