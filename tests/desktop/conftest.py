"""Pages and programs for tests that open windows; their screen is in `tests/conftest.py`."""

from __future__ import annotations

import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deskapp.runtime.webview.pywebview import PyWebview, PyWebviewGtk, PyWebviewQt
from tests.desktop.pages import Pages, serving
from tests.desktop.program import Start, starting
from tests.desktop.screen import Screen
from tests.desktop.windowed import App


@pytest.fixture
def pages() -> Iterator[Pages]:
    with serving() as pages:
        yield pages


@pytest.fixture
def start(screen: Screen, tmp_path: Path) -> Iterator[Start]:
    """Starts programs of tests/desktop/programs, or any command; ends what is left of them."""
    with starting(screen, tmp_path) as start:
        yield start


# The second one takes as long again: it is among the long ones.
@pytest.fixture(params=[PyWebviewGtk, pytest.param(PyWebviewQt, marks=pytest.mark.long)])
def runtime_class(request: pytest.FixtureRequest) -> type[PyWebview]:
    """The native runtimes, one after the other."""
    found: type[PyWebview] = request.param
    return found


@pytest.fixture
async def app(runtime_class: type[PyWebview], screen: Screen, pages: Pages) -> AsyncIterator[App]:
    app = App(runtime_class("org.example.windows"), screen, pages)
    yield app
    link = app.runtime._link
    await app.runtime.stop()
    if link is not None:  # what a host complains of is a fault of ours
        assert "Traceback" not in link.tail
        assert "CRITICAL" not in link.tail


@pytest.fixture
def session_bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A session bus with nobody on it; its address. Ask for it before `app`, whose host looks for it."""
    with _bus("--session") as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


@pytest.fixture
def system_bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bus that stands in for the machine's."""
    with _bus("--session") as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield address


@contextmanager
def _bus(kind: str) -> Iterator[str]:
    reading, writing = os.pipe()
    command = ["dbus-daemon", kind, "--nofork", "--nopidfile", f"--print-address={writing}"]
    daemon = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with open(reading, encoding="ascii") as stream:
            yield stream.readline().strip()
    finally:
        daemon.terminate()
        daemon.wait(timeout=5)
