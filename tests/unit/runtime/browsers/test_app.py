"""What browsers in app mode have in common, with programs that stand in for them."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deskapp.errors import NotSupported, RuntimeFailed, RuntimeUnavailable
from deskapp.runtime.browsers import app as module
from deskapp.runtime.browsers.app import BrowserApp, Launch
from deskapp.runtime.browsers.find import Program
from deskapp.runtime.capabilities import Capabilities
from deskapp.runtime.window import WindowSpec
from tests.desktop.browser_apps import processes_of, stand_in
from tests.desktop.recorder import Recorder

SPEC = WindowSpec("http://127.0.0.1:1/")


class Plain(BrowserApp):
    name = "plain-app"
    browser = "plain"
    kind = "chrome"
    capabilities = Capabilities(reports=frozenset({"closed"}), can_destroy=True)

    def _launch(self, program: Program, profile: Path, window: WindowSpec) -> Launch:
        return Launch([f"--profile={profile}", window.url], {"ADDED": "yes", "HOME": None})


class Stage:
    """A runtime whose browser is a program of the test."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.storage = folder / "storage"
        self.listener = Recorder()
        self._patch = monkeypatch
        self.runtime = Plain("org.example.plain", storage=self.storage)
        self.runtime.start(self.listener)

    def dying_browser(self, code: str) -> None:
        """One that ends, however long this machine needs to start it."""
        self._patch.setattr(module, "SETTLED_AFTER_S", 30.0)
        self.browser(code)

    def browser(self, code: str) -> None:
        self._patch.setenv("DESKAPP_CHROME", str(stand_in(self.folder, code)))


@pytest.fixture
async def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setattr(module, "SETTLED_AFTER_S", 0.3)
    stage = Stage(tmp_path, monkeypatch)
    stage.browser("time.sleep(60)")
    yield stage
    await stage.runtime.stop()
    assert processes_of(stage.storage) == []


async def test_starting_costs_nothing(stage: Stage) -> None:
    assert not stage.storage.exists()
    assert processes_of(stage.storage) == []


async def test_a_window_is_a_process_with_a_profile(stage: Stage) -> None:
    one, two = await asyncio.gather(stage.runtime.open(SPEC), stage.runtime.open(SPEC))
    assert {stage.runtime.profile_of(window) for window in (one, two)} == {
        stage.storage / "plain" / "1",
        stage.storage / "plain" / "2",
    }
    pid = stage.runtime.pid_of(one)
    assert pid is not None
    assert os.getsid(pid) == pid
    await stage.runtime.destroy(one)
    await stage.runtime.destroy(one)
    assert stage.listener.reports == [("closed", one)]
    assert (stage.runtime.pid_of(one), stage.runtime.profile_of(one)) == (None, None)
    again = await stage.runtime.open(SPEC)
    assert again not in (one, two)
    await stage.runtime.stop()
    await stage.runtime.stop()
    assert stage.listener.count("closed") == 3
    assert stage.listener.errors == []


async def test_a_browser_that_ends_before_its_window_shows_is_an_error_with_its_last_words(stage: Stage) -> None:
    stage.dying_browser("sys.exit('cannot open display')")
    with pytest.raises(RuntimeFailed, match=r"exit code 1 before its window showed.*\n.*cannot open display") as caught:
        await stage.runtime.open(SPEC)
    assert (caught.value.exit_code, caught.value.tail) == (1, "cannot open display")
    stage.dying_browser("print('Opening in existing browser session.')")
    with pytest.raises(RuntimeFailed, match=r"exit code 0 before.*\n.*existing browser"):
        await stage.runtime.open(SPEC)
    assert stage.listener.reports == []


async def test_a_window_that_does_not_show_in_time_is_an_error(stage: Stage) -> None:
    with pytest.raises(RuntimeFailed, match=r"within 0\.1 s"):
        await stage.runtime.open(SPEC, timeout_s=0.1)
    assert processes_of(stage.storage) == []
    assert stage.listener.reports == []


async def test_a_browser_that_leaves_by_itself_has_been_closed(stage: Stage) -> None:
    stage.browser("time.sleep(0.5)")
    window = await stage.runtime.open(SPEC)
    await stage.listener.until_reported("closed", window)
    assert stage.listener.errors == []


async def test_the_death_of_the_last_browser_is_the_failure_of_the_runtime(stage: Stage) -> None:
    one, two = await stage.runtime.open(SPEC), await stage.runtime.open(SPEC)
    for window, failures in ((one, 0), (two, 1)):
        pid = stage.runtime.pid_of(window)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await stage.listener.until_reported("closed", window, timeout_s=0.2)
        assert len(stage.listener.errors) == failures
    assert stage.listener.errors[0].exit_code == -signal.SIGKILL


async def test_a_browser_gets_the_environment_that_it_needs(stage: Stage) -> None:
    stage.dying_browser("sys.exit(str([os.environ.get('ADDED'), os.environ.get('HOME'), sys.argv[1:]]))")
    with pytest.raises(RuntimeFailed) as caught:
        await stage.runtime.open(SPEC)
    assert caught.value.tail == str(["yes", None, [f"--profile={stage.storage / 'plain' / '1'}", SPEC.url]])


async def test_a_confined_browser_keeps_its_profile_where_it_may_write(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = stage.folder / "home"
    monkeypatch.setattr(Path, "home", lambda: home)
    program = Program((str(stand_in(stage.folder, "time.sleep(60)")),), snap="chromium")
    monkeypatch.setattr(module, "find_program", lambda kind: program)
    window = await stage.runtime.open(SPEC)
    own = home / "snap/chromium/common/deskapp"
    assert stage.runtime.profile_of(window) == own / "org.example.plain/plain/1"
    unsaved = Plain("org.example.plain")
    window = await unsaved.open(SPEC)
    profile = unsaved.profile_of(window)
    assert profile is not None
    assert profile.parent == own
    await unsaved.stop()
    assert not profile.exists()


async def test_old_profiles_are_swept_while_a_window_opens(stage: Stage) -> None:
    for name in ("2", "3"):
        (stage.storage / "plain" / name).mkdir(parents=True)
        os.utime(stage.storage / "plain" / name, (0, 0))
    await stage.runtime.open(SPEC)
    await stage.runtime.stop()
    assert [path.name for path in (stage.storage / "plain").iterdir() if path.is_dir()] == ["1"]


async def test_a_listeners_fault_is_reported_and_harms_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(window: object) -> None:
        raise LookupError("in the listener")

    monkeypatch.setattr(stage.listener, "window_closed", fail)
    await stage.runtime.destroy(await stage.runtime.open(SPEC))
    assert "in the listener" in caplog.text
    again = await stage.runtime.open(SPEC)
    assert stage.runtime.profile_of(again) == stage.storage / "plain" / "1"


async def test_without_the_browser_it_is_not_available(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(module, "screen_answers", lambda: True)
    assert Plain.availability().ok
    monkeypatch.setattr(module, "screen_answers", lambda: False)
    assert "nothing answers" in Plain.availability().reason
    monkeypatch.setattr(module, "has_screen", lambda: False)
    assert "no screen" in Plain.availability().reason
    monkeypatch.setenv("DESKAPP_CHROME", str(stage.folder / "missing"))
    assert "DESKAPP_CHROME" in Plain.availability().reason
    with pytest.raises(RuntimeUnavailable, match="DESKAPP_CHROME"):
        await stage.runtime.open(SPEC)


async def test_a_command_that_it_does_not_name_is_refused(stage: Stage) -> None:
    window = await stage.runtime.open(SPEC)
    with pytest.raises(NotSupported, match="resize"):
        await stage.runtime.command(window, "resize", 1, 1)
