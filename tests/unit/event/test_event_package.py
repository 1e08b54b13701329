"""The package as a whole: what importing it does, and its public names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from deskapp import event

ROOT = Path(__file__).parents[3]
HEAVY = ("asyncio", "tornado", "pscript", "webview", "numpy", "difflib")


def test_importing_the_event_system_imports_nothing_heavy_and_starts_nothing() -> None:
    code = (
        "import sys, threading; import deskapp.event;"
        f"print([name for name in {HEAVY} if name in sys.modules], threading.active_count(),"
        " deskapp.event._loop._process_default)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=15, check=True
    )
    assert done.stdout.split("\n")[0] == "[] 1 None"


def test_every_public_name_exists() -> None:
    assert sorted(event.__all__) == event.__all__
    for name in event.__all__:
        assert getattr(event, name) is not None


def test_the_loop_of_the_package_is_the_current_one(loop: event.Loop) -> None:
    assert event.loop is loop


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="nothing_like_that"):
        _ = event.nothing_like_that
