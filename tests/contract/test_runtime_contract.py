"""What every runtime does, the fake one and the real ones alike.

A test is made for the runtimes that have the abilities which it needs; `needs` names them.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import psutil
import pytest

from deskapp.errors import RuntimeFailed
from deskapp.runtime.base import Runtime
from deskapp.runtime.browsers.app import BrowserApp
from deskapp.runtime.browsers.find import KINDS as KINDS_OF_BROWSERS
from deskapp.runtime.capabilities import KINDS
from deskapp.runtime.chromium.app import ChromeApp
from deskapp.runtime.firefox.app import FirefoxApp
from deskapp.runtime.firefox.xul import FirefoxXulApp
from deskapp.runtime.webview.pywebview import PyWebview, PyWebviewGtk, PyWebviewQt
from deskapp.runtime.window import WindowId, WindowSpec
from deskapp.testing.fake_runtime import FakeRuntime, Faults
from tests.desktop.browser_apps import idle_program, like_an_installed_firefox, page_processes
from tests.desktop.pages import Pages
from tests.desktop.processes import descendants, is_alive, kill, web_processes
from tests.desktop.recorder import Recorder
from tests.desktop.screen import Screen

APP_ID = "org.example.contract"

Test = TypeVar("Test", bound=Callable[..., object])


def needs(*abilities: str) -> Callable[[Test], Test]:
    """What a runtime must have for a test: names of `capabilities`, or ``"destroy"``."""

    def note(test: Test) -> Test:
        test.abilities = abilities  # type: ignore[attr-defined]
        return test

    return note


def has_all(runtime: type[Runtime], abilities: tuple[str, ...]) -> bool:
    has = runtime.capabilities
    names = {name for field in fields(has) if field.name in KINDS for name in getattr(has, field.name)}
    return names | ({"destroy"} if has.can_destroy else set()) >= set(abilities)


class Stage(ABC):
    """A started runtime, its listener, and the hands of the user and the system."""

    runtime: Runtime
    url: str
    death_s = 0.2
    """Seconds within which the death of its process is known."""

    def __init__(self) -> None:
        self.listener = Recorder()

    async def open(self, title: str = "one", **wishes: object) -> WindowId:
        return await self.runtime.open(WindowSpec(self.url, title=title, width=500, height=300, **wishes))  # type: ignore[arg-type]

    @abstractmethod
    def titles(self) -> list[str]:
        """Titles of the windows on screen."""

    @abstractmethod
    def user_closes(self, title: str) -> None: ...
    @abstractmethod
    def crash_pages(self) -> None: ...
    @abstractmethod
    def kill_runtime(self) -> None: ...
    @abstractmethod
    def stall_runtime(self) -> None: ...
    @abstractmethod
    def processes(self) -> list[psutil.Process]: ...

    async def until_titles(self, *expected: str) -> None:
        deadline_s = time.monotonic() + 5
        while self.titles() != sorted(expected):
            assert time.monotonic() < deadline_s, (self.titles(), expected)
            await asyncio.sleep(0.01)


class FakeStage(Stage):
    url = "http://127.0.0.1:1/"
    runtime: FakeRuntime

    def __init__(self) -> None:
        super().__init__()
        self.runtime = FakeRuntime(APP_ID)

    def titles(self) -> list[str]:
        return sorted(window.title for window in self.runtime.windows.values() if window.is_visible)

    def user_closes(self, title: str) -> None:
        [id] = [id for id, window in self.runtime.windows.items() if window.title == title]
        self.runtime.user_closes(id)

    def crash_pages(self) -> None:
        for id in self.runtime.windows:
            self.runtime.crash_page(id)

    def kill_runtime(self) -> None:
        self.runtime.die()

    def stall_runtime(self) -> None:
        self.runtime.faults = Faults(never_shows=True)

    def processes(self) -> list[psutil.Process]:
        return []


class RealStage(Stage):
    runtime: PyWebview

    def __init__(self, cls: type[PyWebview], screen: Screen, url: str, storage: Path) -> None:
        super().__init__()
        self.screen, self.url = screen, url
        self.runtime = cls(APP_ID, storage=storage)

    def titles(self) -> list[str]:
        return self.screen.titles(self.runtime.pid)

    def user_closes(self, title: str) -> None:
        self.screen.close(self.runtime.pid, title)

    def crash_pages(self) -> None:
        for process in web_processes(self.runtime.pid):
            kill(process)

    def kill_runtime(self) -> None:
        assert self.runtime.pid is not None
        os.kill(self.runtime.pid, signal.SIGKILL)

    def stall_runtime(self) -> None:
        assert self.runtime.pid is not None
        os.kill(self.runtime.pid, signal.SIGSTOP)

    def processes(self) -> list[psutil.Process]:
        return [psutil.Process(self.runtime.pid), *descendants(self.runtime.pid)]


class BrowserStage(Stage):
    """A browser whose windows are processes; their titles are those of the pages.

    Args:
        cls: The runtime.
        screen: Where its windows appear.
        pages: Serves a page for each title.
        storage: Where profiles are kept.
        be_slow: Has the runtime find a program that runs and shows nothing.
    """

    runtime: BrowserApp

    def __init__(
        self, cls: type[BrowserApp], screen: Screen, pages: Pages, storage: Path, be_slow: Callable[[], None]
    ) -> None:
        super().__init__()
        self.screen, self.pages, self.url = screen, pages, pages.url
        self._be_slow = be_slow
        self.runtime = cls(APP_ID, storage=storage)
        if cls.kind == "firefox":
            self.death_s = 2.0  # so long the system may take to get its memory back
        self.pids: list[int] = []

    async def open(self, title: str = "one", **wishes: Any) -> WindowId:
        path = quote(f"/{title}")
        self.pages.html[path] = f"<title>{title}</title>"
        spec = WindowSpec(f"{self.url[:-1]}{path}", title=title, width=500, height=300, **wishes)
        window = await self.runtime.open(spec)
        pid = self.runtime.pid_of(window)
        assert pid is not None
        self.pids.append(pid)
        return window

    def titles(self) -> list[str]:
        return sorted(title for pid in self.pids for title in self.screen.titles(pid))

    def user_closes(self, title: str) -> None:
        [pid] = [pid for pid in self.pids if title in self.screen.titles(pid)]
        self.screen.close(pid, title)

    def crash_pages(self) -> None:
        for pid in self.pids:
            for process in page_processes(pid):
                kill(process)

    def kill_runtime(self) -> None:
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)

    def stall_runtime(self) -> None:
        self._be_slow()

    def processes(self) -> list[psutil.Process]:
        return [process for pid in self.pids for process in (psutil.Process(pid), *descendants(pid))]


BROWSERS: list[type[BrowserApp]] = [ChromeApp, FirefoxApp, FirefoxXulApp]
KNOWN: list[type[Runtime]] = [PyWebviewGtk, PyWebviewQt, *BROWSERS]
REAL = [cls for cls in KNOWN if cls.availability().ok or "screen" in cls.availability().reason]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test for each runtime that has what it needs."""
    abilities = getattr(metafunc.function, "abilities", ())
    marks = [pytest.mark.desktop, pytest.mark.once]
    patient = [
        *marks,
        pytest.mark.long,
        pytest.mark.timeout(90),
    ]  # Firefox takes seconds to start where others take a tenth of one
    kinds = [
        FakeRuntime,
        *(
            pytest.param(cls, marks=patient if cls in (FirefoxApp, FirefoxXulApp, PyWebviewQt) else marks, id=cls.name)
            for cls in REAL
            if has_all(cls, abilities)
        ),
    ]
    metafunc.parametrize("stage", kinds, indirect=True)


@pytest.fixture
async def stage(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    made: Stage
    if request.param is FakeRuntime:
        made = FakeStage()
    else:
        screen: Screen = request.getfixturevalue("screen")
        pages: Pages = request.getfixturevalue("pages")
        if issubclass(request.param, BrowserApp):
            variable = KINDS_OF_BROWSERS[request.param.kind].variable
            made = BrowserStage(
                request.param,
                screen,
                pages,
                tmp_path,
                lambda: monkeypatch.setenv(variable, str(idle_program(like_an_installed_firefox(tmp_path)))),
            )
        else:
            made = RealStage(request.param, screen, pages.url, tmp_path)
    made.runtime.start(made.listener)
    yield made
    await made.runtime.stop()


@needs("loaded")
async def test_an_opened_window_is_on_screen_and_reports_its_page_loaded(stage: Stage) -> None:
    window = await stage.open("my title")
    await stage.until_titles("my title")
    await stage.listener.until_reported("loaded", window)


@needs("loaded", "destroy")
async def test_two_windows_are_two(stage: Stage) -> None:
    one, two = await asyncio.gather(stage.open("one"), stage.open("two"))
    assert one != two
    await stage.until_titles("one", "two")
    await stage.listener.until_reported("loaded", one)
    await stage.listener.until_reported("loaded", two)
    await stage.runtime.destroy(one)
    await stage.listener.until_reported("closed", one)
    await stage.until_titles("two")
    assert stage.listener.count("closed", two) == 0


@needs("loaded", "set_title")
async def test_a_title_that_was_set_is_shown(stage: Stage) -> None:
    window = await stage.open()
    await stage.listener.until_reported("loaded", window)
    await stage.runtime.command(window, "set_title", "Ünïcode — “new” title")
    await stage.until_titles("Ünïcode — “new” title")


@needs("destroy", "closed")
async def test_a_destroyed_window_leaves_the_screen_and_is_reported_closed_once(stage: Stage) -> None:
    window = await stage.open()
    await stage.runtime.destroy(window)
    await stage.listener.until_reported("closed", window)
    await stage.runtime.destroy(window)
    await stage.runtime.stop()
    assert stage.titles() == []
    assert stage.listener.count("closed", window) == 1


@needs("closed")
async def test_a_window_that_the_user_closes_is_reported(stage: Stage) -> None:
    window = await stage.open()
    await stage.until_titles("one")
    stage.user_closes("one")
    await stage.listener.until_reported("closed", window)
    assert stage.listener.count("close_requested") == 0


@needs("confirm_close", "close_requested", "destroy")
async def test_a_window_that_asks_stays_until_it_is_destroyed(stage: Stage) -> None:
    window = await stage.open(confirm_close=True)
    await stage.until_titles("one")
    for times in (1, 2):
        stage.user_closes("one")
        await stage.listener.until_reported("close_requested", window, times=times)
    assert stage.titles() == ["one"]
    assert stage.listener.count("closed") == 0
    await stage.runtime.destroy(window)
    await stage.listener.until_reported("closed", window)
    await stage.until_titles()
    assert stage.listener.count("close_requested") == 2


@needs("load_url", "destroy")
async def test_a_command_to_a_window_that_is_gone_does_nothing(stage: Stage) -> None:
    window = await stage.open()
    kept = await stage.open("kept")
    await stage.runtime.destroy(window)
    await stage.listener.until_reported("closed", window)
    for verb, argument in (("set_title", "too late"), ("load_url", stage.url)):
        if stage.runtime.capabilities.can(verb):
            await stage.runtime.command(window, verb, argument)
    await stage.until_titles("kept")
    assert stage.listener.count("closed", kept) == 0


@needs("loaded", "destroy")
async def test_a_window_can_be_opened_after_the_last_one_closed(stage: Stage) -> None:
    first = await stage.open("first")
    await stage.runtime.destroy(first)
    second = await stage.open("second")
    await stage.listener.until_reported("loaded", second)
    await stage.until_titles("second")
    assert stage.listener.errors == []


@needs("visible", "show", "hide")
async def test_a_hidden_window_shows_when_told_to(stage: Stage) -> None:
    window = await stage.open(visible=False)
    assert stage.titles() == []
    await stage.runtime.command(window, "show")
    await stage.until_titles("one")
    await stage.runtime.command(window, "hide")
    await stage.until_titles()
    await stage.runtime.command(window, "show")
    await stage.until_titles("one")


@needs("resize", "move", "geometry")
async def test_size_and_place_are_reported_as_they_change(stage: Stage) -> None:
    window = await stage.open(x=100, y=80)
    seen = stage.listener.geometries
    await stage.runtime.command(window, "resize", 640, 420)
    await stage.listener.until(lambda: (seen[window].width, seen[window].height) == (640, 420))
    await stage.runtime.command(window, "move", 210, 140)
    await stage.listener.until(lambda: (seen[window].x, seen[window].y) == (210, 140))


@needs("maximize", "restore", "geometry")
async def test_a_maximized_window_is_restored_to_its_size(stage: Stage) -> None:
    window = await stage.open()
    seen = stage.listener.geometries
    await stage.runtime.command(window, "maximize")
    await stage.listener.until(lambda: seen[window].maximized)
    await stage.runtime.command(window, "restore")
    await stage.listener.until(lambda: not seen[window].maximized and seen[window].width == 500)


@needs("fullscreen", "geometry")
async def test_a_window_enters_and_leaves_fullscreen(stage: Stage) -> None:
    window = await stage.open()
    seen = stage.listener.geometries
    await stage.runtime.command(window, "fullscreen", True)
    await stage.listener.until(lambda: seen[window].fullscreen)
    await stage.runtime.command(window, "fullscreen", False)
    await stage.listener.until(lambda: not seen[window].fullscreen)


@needs("load_url", "loaded")
async def test_a_page_is_loaded_anew_on_demand(stage: Stage) -> None:
    window = await stage.open()
    await stage.listener.until_reported("loaded", window)
    await stage.runtime.command(window, "load_url", stage.url + "?again")
    await stage.listener.until_reported("loaded", window, times=2)


@needs("crashed", "load_url", "loaded")
async def test_a_crashed_page_is_reported_and_load_url_recovers_it(stage: Stage) -> None:
    window = await stage.open()
    await stage.listener.until_reported("loaded", window)
    stage.crash_pages()
    await stage.listener.until_reported("crashed", window, timeout_s=2)
    assert stage.titles() == ["one"]
    await stage.runtime.command(window, "load_url", stage.url)
    await stage.listener.until_reported("loaded", window, times=2)
    assert stage.listener.count("closed") == 0


@needs("closed")
async def test_the_death_of_a_runtime_closes_its_windows_and_is_reported_at_once(stage: Stage) -> None:
    one, two = await stage.open("one"), await stage.open("two")
    await stage.until_titles("one", "two")
    stage.kill_runtime()
    await stage.listener.until_reported("failed", timeout_s=stage.death_s)
    assert stage.listener.count("closed", one) == stage.listener.count("closed", two) == 1
    assert [error.exit_code for error in stage.listener.errors] == [-9]


@needs("closed")
async def test_stop_closes_every_window_and_leaves_no_process(stage: Stage) -> None:
    one, two = await stage.open("one", confirm_close=True), await stage.open("two")
    await stage.until_titles("one", "two")
    processes = stage.processes()
    await stage.runtime.stop()
    await stage.runtime.stop()
    assert [process for process in processes if is_alive(process)] == []
    assert stage.listener.count("closed", one) == stage.listener.count("closed", two) == 1
    assert stage.listener.errors == []


async def test_a_window_that_does_not_show_in_time_is_an_error_and_stop_ends_even_that_runtime(stage: Stage) -> None:
    stage.stall_runtime()
    processes = stage.processes()
    with pytest.raises(RuntimeFailed, match=r"0\.2 s"):
        await stage.runtime.open(WindowSpec(stage.url), timeout_s=0.2)
    await stage.runtime.stop(timeout_s=0.1)
    assert [process for process in processes if is_alive(process)] == []
