"""devtools/display.py and what the demo needs to know of windows."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from devtools.demo import _family
from devtools.display import screen

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="virtual screens are Linux's"),
]


def is_there(display: str) -> bool:
    """Whether an X server answers."""
    return subprocess.run(["xdpyinfo", "-display", display], capture_output=True, check=False).returncode == 0


@pytest.mark.desktop
@pytest.mark.usefixtures("screen")
def test_a_screen_that_is_there_is_used() -> None:
    with screen() as where:
        assert where.is_virtual is False
        assert where.env == {}


@pytest.mark.desktop
@pytest.mark.parametrize("display", [None, ":9999"])
def test_without_one_a_virtual_screen_with_a_window_manager_lives_as_long_as_the_block(
    display: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    if display:
        monkeypatch.setenv("DISPLAY", display)
    with screen() as where:
        assert where.is_virtual
        assert is_there(where.env["DISPLAY"])
        managers = subprocess.run(["wmctrl", "-m"], env={**os.environ, **where.env}, capture_output=True, check=False)
        assert b"Openbox" in managers.stdout
    assert not is_there(where.env["DISPLAY"])


def test_the_family_of_a_process_has_its_grandchildren() -> None:
    inner = "import time, os; print(os.getpid(), flush=True); time.sleep(60)"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    child = subprocess.Popen([sys.executable, "-c", outer], stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert child.stdout is not None
        grandchild = int(child.stdout.readline())
        assert {child.pid, grandchild} <= _family(child.pid)
        assert os.getpid() not in _family(child.pid)
    finally:
        os.killpg(child.pid, 9)
        child.communicate()
