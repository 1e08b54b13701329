"""Exit codes and the order of the end, seen from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).with_name("programs.py")
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither SIGINT to others nor SIGTERM")


class Running:
    """A program in a process of its own."""

    def __init__(self, name: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", str(PROGRAMS), name],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_for(self, line: str) -> None:
        assert self.process.stdout is not None
        for found in self.process.stdout:
            if found.strip() == line:
                return
        raise AssertionError(f"the program ended without saying {line!r}: {self.process.communicate()}")

    def end(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=15)
        return self.process.returncode, out, err


@pytest.fixture
def running(request: pytest.FixtureRequest) -> Iterator[Running]:
    program = Running(request.param)
    yield program
    if program.process.poll() is None:
        program.process.kill()
        program.process.communicate()


@pytest.mark.parametrize("running", ["waits", "blocks", "serves"], indirect=True)
def test_ctrl_c_ends_in_order_with_130(running: Running) -> None:
    running.wait_for("running")
    running.process.send_signal(signal.SIGINT)
    code, out, err = running.end()
    # Python's own way to end by Ctrl+C is to die by the signal itself, which shells show as 130.
    assert code in (130, -signal.SIGINT)
    assert "KeyboardInterrupt" in err
    if running.process.args[-1] != "serves":  # type: ignore[index]
        assert out.split() == ["disposed", "stopped"]


@pytest.mark.parametrize("running", ["waits", "blocks"], indirect=True)
def test_sigterm_ends_in_order_with_143(running: Running) -> None:
    running.wait_for("running")
    running.process.send_signal(signal.SIGTERM)
    code, out, err = running.end()
    assert (code, out.split(), err) == (143, ["disposed", "stopped"], "")


@pytest.mark.parametrize("running", ["hangs"], indirect=True)
def test_a_second_ctrl_c_does_not_wait(running: Running) -> None:
    running.wait_for("running")
    running.process.send_signal(signal.SIGINT)
    running.wait_for("hanging")
    running.process.send_signal(signal.SIGINT)
    code, _, err = running.end()
    assert code in (130, -signal.SIGINT)
    assert "KeyboardInterrupt" in err


@pytest.mark.parametrize("running", ["closes"], indirect=True)
def test_closing_the_window_ends_with_0(running: Running) -> None:
    code, out, err = running.end()
    assert (code, out.split(), err) == (0, ["disposed", "stopped"], "")


@pytest.mark.parametrize("running", ["dies"], indirect=True)
def test_a_window_host_that_dies_ends_with_1_and_its_last_words(running: Running) -> None:
    code, out, err = running.end()
    assert code == 1
    assert "stopped" in out
    assert "RuntimeFailed" in err
    assert "its last words" in err
