"""A browser that a thread waits for; what is of Windows alone is data."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deskapp.errors import RuntimeFailed
from deskapp.runtime.browsers import app as browsers_app
from deskapp.runtime.browsers._process_windows import WindowsBrowser, close_command
from deskapp.runtime.browsers.find import find_program
from deskapp.runtime.chromium.app import ChromeApp
from deskapp.runtime.window import WindowSpec
from tests.desktop.browser_apps import processes_of, stand_in
from tests.desktop.recorder import Recorder


class Child:
    """A process and how often it ended."""

    def __init__(self, program: Path, **options: dict[str, str]) -> None:
        self.ended = 0
        self.process = WindowsBrowser([str(program)], name="browser", **options)
        self.process.attach(asyncio.get_running_loop(), self._end)

    def _end(self) -> None:
        self.ended += 1

    async def until(self, condition: Callable[[], object], timeout_s: float = 5.0) -> None:
        deadline_s = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < deadline_s
            await asyncio.sleep(0.002)


async def test_the_end_comes_with_exit_code_and_last_words(tmp_path: Path) -> None:
    child = Child(stand_in(tmp_path, "print('out'); sys.stdout.flush(); sys.exit('no ' + os.environ['ONE'])"), env={
        **os.environ, "ONE": "display"
    })  # fmt: skip
    await child.until(lambda: child.ended)
    assert (child.process.exit_code, child.process.has_ended) == (1, True)
    assert child.process.tail.splitlines() == ["out", "no display"]
    assert await child.process.wait(0)
    await child.process.close(timeout_s=1)
    assert child.ended == 1


async def test_a_killed_browser_is_noticed_at_once(tmp_path: Path) -> None:
    child = Child(stand_in(tmp_path, "time.sleep(60)"))
    os.kill(child.process.pid, signal.SIGKILL)
    await child.until(lambda: child.ended, timeout_s=0.1)


async def test_closing_asks_and_then_forces(tmp_path: Path) -> None:
    obedient = Child(stand_in(tmp_path, "time.sleep(60)"))
    await obedient.process.close(timeout_s=5)
    assert obedient.process.exit_code == -signal.SIGTERM
    marker = tmp_path / "deaf"
    deaf = Child(
        stand_in(tmp_path, f"signal.signal(signal.SIGTERM, signal.SIG_IGN); open({str(marker)!r}, 'w'); time.sleep(60)")
    )
    await deaf.until(marker.exists)
    await deaf.process.close(timeout_s=0.1)
    assert deaf.process.exit_code == -signal.SIGKILL


def test_a_browser_that_ended_while_no_loop_ran_is_told_to_the_next(tmp_path: Path) -> None:
    async def begin() -> Child:
        return Child(stand_in(tmp_path, "sys.exit(3)"))

    async def go_on(child: Child) -> None:
        deadline_s = time.monotonic() + 5
        while child.process.exit_code is None:
            assert time.monotonic() < deadline_s
            await asyncio.sleep(0.01)
        child.process.attach(asyncio.get_running_loop(), child._end)
        await child.until(lambda: child.ended)

    child = asyncio.run(begin())
    asyncio.run(go_on(child))
    assert (child.ended, child.process.exit_code) == (1, 3)


def test_a_program_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        WindowsBrowser([str(tmp_path / "missing")], name="browser")


def test_windows_is_asked_to_close_the_windows_of_a_whole_family() -> None:
    assert close_command(12) == ["taskkill", "/PID", "12", "/T"]


async def test_a_runtime_works_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsers_app, "SETTLED_AFTER_S", 0.3)
    monkeypatch.setenv("DESKAPP_CHROME", str(stand_in(tmp_path, "time.sleep(60)")))
    runtime, listener = ChromeApp("org.example.windows", storage=tmp_path / "storage"), Recorder()
    runtime.start(listener)
    spec = WindowSpec("http://127.0.0.1:1/")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "win32")
        command = runtime._launch(find_program("chrome"), tmp_path / "profile", spec)
        assert not command.speaks
    monkeypatch.setattr(ChromeApp, "_launch", lambda *args: command)
    monkeypatch.setattr(browsers_app, "BrowserProcess", lambda command, **options: WindowsBrowser(
        command, name=options["name"], env=options["env"]
    ))  # fmt: skip
    window = await runtime.open(spec)
    await runtime.destroy(window)
    assert listener.reports == [("closed", window)]
    monkeypatch.setenv("DESKAPP_CHROME", str(stand_in(tmp_path, "sys.exit('no display')")))
    monkeypatch.setattr(browsers_app, "SETTLED_AFTER_S", 30.0)
    with pytest.raises(RuntimeFailed, match="no display"):
        await runtime.open(spec)
    await runtime.stop()
    assert processes_of(tmp_path / "profile") == []
