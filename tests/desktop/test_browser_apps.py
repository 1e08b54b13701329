"""Windows of Chromium as a user sees them, and what is left of them in every kind of end."""

from __future__ import annotations

import asyncio
import io
import os
import re
import select
import signal
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest
from PIL import Image

from deskapp.errors import NotSupported, RuntimeFailed
from deskapp.runtime.chromium.app import ChromeApp
from deskapp.runtime.window import WindowId, WindowMode, WindowSpec
from tests.desktop.browser_apps import (
    active_window,
    colors_at,
    content_size,
    page_processes,
    processes_of,
    states,
    until_nobody_runs_in,
    window_of,
)
from tests.desktop.logging_proxy import logging_proxy
from tests.desktop.pages import Pages
from tests.desktop.processes import descendants, is_alive, kill
from tests.desktop.program import Program, Start
from tests.desktop.recorder import Recorder
from tests.desktop.screen import Screen, ShownWindow, wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.once]

APP_ID = "org.example.BrowserApp"
GREEN = "#13ab57"
PAGE = f"<title>green page</title><body style='background: {GREEN}'>"


class Desk:
    """A runtime with its listener, and eyes for what it shows."""

    def __init__(self, screen: Screen, pages: Pages, storage: Path | None) -> None:
        self.screen, self.pages = screen, pages
        self.listener = Recorder()
        self.runtime = ChromeApp(APP_ID, storage=storage)
        self.runtime.start(self.listener)

    async def open(self, path: str = "", **wishes: object) -> WindowId:
        spec = {"width": 500, "height": 300, **wishes}
        return await self.runtime.open(WindowSpec(self.pages.url + path, **spec))  # type: ignore[arg-type]

    def pid(self, window: WindowId) -> int:
        pid = self.runtime.pid_of(window)
        assert pid is not None
        return pid

    def shown(self, window: WindowId) -> ShownWindow:
        return window_of(self.screen, self.pid(window))

    def is_all_green(self, window: WindowId) -> bool:
        """Nothing but the page: no bar at the top, no bubble, no border."""
        corners = [(x, y) for x in (2, 250, -3) for y in (2, 30, 60, -3)]
        return set(colors_at(self.screen, self.shown(window), *corners)) == {GREEN}

    def corner(self, window: WindowId) -> tuple[int, int]:
        """Where the page's area begins on the screen."""
        facts = self.screen.run("xwininfo", "-id", self.shown(window).handle)
        x, y = (int(re.findall(rf"Absolute upper-left {axis}: +(-?\d+)", facts)[0]) for axis in "XY")
        return x, y


@pytest.fixture
def storage(tmp_path: Path) -> Path:
    return tmp_path / "storage"


@pytest.fixture
async def desk(screen: Screen, pages: Pages, storage: Path) -> AsyncIterator[Desk]:
    pages.html["/"] = PAGE
    desk = Desk(screen, pages, storage)
    yield desk
    await desk.runtime.stop()
    assert processes_of(storage) == []


async def until(condition: Callable[[], object], *, timeout_s: float = 10.0) -> None:
    """Wait for what the window system shows; the loop goes on."""
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline_s, f"not within {timeout_s} s"
        await asyncio.sleep(0.02)


async def test_a_window_is_the_page_and_nothing_of_the_browser(desk: Desk) -> None:
    window = await desk.open(width=700, height=500, x=150, y=120)
    shown = desk.shown(window)
    assert shown.wm_class == f"127.0.0.1.{APP_ID}"
    await until(lambda: desk.shown(window).title == "green page")
    assert content_size(desk.screen, shown) == (700, 500)
    assert desk.corner(window) == (150, 120)
    await until(lambda: desk.is_all_green(window))


@pytest.mark.long
async def test_a_window_without_a_place_is_in_the_middle(desk: Desk) -> None:
    window = await desk.open(width=600, height=400)
    await until(lambda: _is_near(desk.corner(window), (400, 300)))


async def test_the_icon_of_the_page_is_that_of_the_window(desk: Desk) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (32, 32), "#d03060").save(picture, "png")
    desk.pages.files["/icon.png"] = ("image/png", picture.getvalue())
    desk.pages.html["/with-icon"] = "<title>icon</title><link rel=icon href=/icon.png>"
    window = await desk.open("with-icon")

    def icon_is_ours() -> bool:
        handle = desk.shown(window).handle
        text = desk.screen.run("xprop", "-id", handle, "-f", "_NET_WM_ICON", "32x", " = $0+\n", "_NET_WM_ICON")
        return "0xffd03060" in text

    await until(icon_is_ours)


async def test_the_title_bar_follows_the_page(desk: Desk) -> None:
    desk.pages.html["/late"] = (
        "<title>first</title><script>setTimeout(() => document.title = 'später – ✓', 300)</script>"
    )
    window = await desk.open("late")
    await until(lambda: desk.shown(window).title == "später – ✓")


@pytest.mark.long
@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (WindowMode.MAXIMIZED, {"MAXIMIZED_VERT", "MAXIMIZED_HORZ"}),
        (WindowMode.FULLSCREEN, {"FULLSCREEN"}),
        (WindowMode.KIOSK, {"FULLSCREEN"}),
    ],
)
async def test_a_window_opens_in_its_mode(desk: Desk, mode: WindowMode, expected: set[str]) -> None:
    window = await desk.open(mode=mode)
    await until(lambda: states(desk.screen, desk.shown(window)) >= expected)
    await until(lambda: desk.is_all_green(window))


async def test_a_window_does_what_it_is_told(desk: Desk) -> None:
    window = await desk.open(x=50, y=60)
    await desk.listener.until_reported("loaded", window)
    shown, command = desk.shown(window), desk.runtime.command
    await command(window, "maximize")
    await until(lambda: "MAXIMIZED_VERT" in states(desk.screen, shown))
    await command(window, "fullscreen", True)
    await until(lambda: "FULLSCREEN" in states(desk.screen, shown))
    await command(window, "fullscreen", False)
    await until(lambda: "FULLSCREEN" not in states(desk.screen, shown))
    await command(window, "minimize")
    await until(lambda: "HIDDEN" in states(desk.screen, shown))
    await command(window, "restore")
    await until(lambda: not states(desk.screen, shown) & {"HIDDEN", "MAXIMIZED_VERT", "FULLSCREEN"})
    await command(window, "resize", 640, 420)
    await until(lambda: content_size(desk.screen, shown) == (640, 420))
    await command(window, "move", 210, 140)
    await until(lambda: desk.corner(window) == (210, 140))
    await command(window, "center")
    await until(lambda: _is_near(desk.corner(window), (380, 290)))
    assert content_size(desk.screen, shown) == (640, 420)


@pytest.mark.long
async def test_focus_brings_a_window_to_the_front(desk: Desk) -> None:
    one, two = await desk.open(x=50, y=60), await desk.open(x=80, y=90)
    for window in (one, two, one):
        handle = int(desk.shown(window).handle, 16)
        await desk.runtime.command(window, "focus")
        await until(lambda handle=handle: active_window(desk.screen) == handle)  # type: ignore[misc]
    await desk.runtime.command(two, "minimize")
    await until(lambda: "HIDDEN" in states(desk.screen, desk.shown(two)))
    await desk.runtime.command(two, "focus")
    await until(lambda: "HIDDEN" not in states(desk.screen, desk.shown(two)))


@pytest.mark.long
async def test_a_page_is_printed_into_a_file(desk: Desk, tmp_path: Path) -> None:
    desk.pages.html["/long"] = "<title>long</title>" + "<p>many words</p>" * 3000
    window = await desk.open("long")
    await desk.listener.until_reported("loaded", window)
    path = tmp_path / "page.pdf"
    await desk.runtime.command(window, "print_page", str(path))
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    assert content.count(b"/Type /Page\n") > 10
    with pytest.raises(RuntimeFailed, match="print_page"):
        await desk.runtime.command(window, "print_page", str(tmp_path / "page.pdf" / "no-folder"))


@pytest.mark.long
async def test_without_a_path_the_page_is_printed_by_a_dialog(desk: Desk) -> None:
    window = await desk.open(width=900, height=600)
    await desk.listener.until_reported("loaded", window)
    await until(lambda: desk.is_all_green(window))
    await desk.runtime.command(window, "print_page", None)
    await until(lambda: colors_at(desk.screen, desk.shown(window), (700, 450)) == ["#ffffff"])


async def test_what_it_cannot_do_is_refused_by_name(desk: Desk) -> None:
    window = await desk.open()
    with pytest.raises(NotSupported, match="webview-gtk"):
        await desk.runtime.command(window, "set_on_top", True)
    with pytest.raises(RuntimeFailed, match="load_url"):
        await desk.runtime.command(window, "load_url", "http://127.0.0.1:1/")


async def test_the_end_of_a_browser_is_noticed_at_once(desk: Desk) -> None:
    window = await desk.open()
    ending = os.pidfd_open(desk.pid(window))
    os.kill(desk.pid(window), signal.SIGKILL)
    # The system takes its time to take such a process apart; what counts is when it has.
    await asyncio.to_thread(select.select, [ending], [], [], 10)
    await desk.listener.until_reported("closed", window, timeout_s=0.1)
    os.close(ending)
    [error] = desk.listener.errors
    assert error.exit_code == -signal.SIGKILL


@pytest.mark.long
async def test_one_browser_that_is_killed_leaves_the_others_and_its_profile_starts_clean(desk: Desk) -> None:
    one, two = await desk.open(), await desk.open()
    await desk.listener.until_reported("loaded", one)
    profile = desk.runtime.profile_of(one)
    family = descendants(desk.pid(one))
    os.kill(desk.pid(one), signal.SIGKILL)
    await desk.listener.until_reported("closed", one)
    assert desk.listener.count("closed", two) == desk.listener.count("failed") == 0
    await until(lambda: not any(is_alive(process) for process in family))
    again = await desk.open()
    assert desk.runtime.profile_of(again) == profile
    await desk.listener.until_reported("loaded", again)
    await until(lambda: desk.is_all_green(again))


@pytest.mark.long
async def test_a_window_closed_by_the_user_is_closed_though_it_opened_others(desk: Desk) -> None:
    opening = "document.body.onclick = null; open('/', '', 'popup,width=200,height=150')"
    desk.pages.html["/opener"] = f'<title>opener</title><body style="height: 100vh" onclick="{opening}">'
    window = await desk.open("opener", x=100, y=100)
    await desk.listener.until_reported("loaded", window)
    pid, shown = desk.pid(window), desk.shown(window)

    def click() -> bool:  # until the page is painted, it hears nothing
        if len(desk.screen.titles(pid)) < 2:
            desk.screen.run("xdotool", "mousemove", "--window", shown.handle, "100", "100", "click", "1")
        return desk.screen.titles(pid) == ["green page", "opener"]

    await until(click)
    desk.screen.close(pid, "opener")
    await desk.listener.until_reported("closed", window)
    await until(lambda: desk.screen.titles(pid) == [])  # those that it opened go after it
    assert desk.listener.errors == []


@pytest.mark.long
async def test_what_a_page_keeps_is_there_again_and_not_in_a_second_window(desk: Desk, storage: Path) -> None:
    desk.pages.html["/kept"] = """<script>
        fetch("/said/" + localStorage.getItem("visits"));
        localStorage.setItem("visits", 1 + Number(localStorage.getItem("visits")));
    </script>"""
    for expected in (["null"], ["null", "1"]):
        window = await desk.open("kept")
        await until(lambda expected=expected: desk.pages.said() == expected)  # type: ignore[misc]
        await desk.listener.until_reported("loaded", window)
        await desk.runtime.destroy(window)
    one = await desk.open("kept")
    await until(lambda: desk.pages.said() == ["null", "1", "2"])
    two = await desk.open("kept")
    await until(lambda: desk.pages.said() == ["null", "1", "2", "null"])
    assert [desk.runtime.profile_of(window) for window in (one, two)] == [storage / "chrome/1", storage / "chrome/2"]


@pytest.mark.long
async def test_without_storage_nothing_is_kept(screen: Screen, pages: Pages, tmp_path: Path) -> None:
    desk = Desk(screen, pages, None)
    window = await desk.open()
    profile = desk.runtime.profile_of(window)
    assert profile is not None
    assert profile.is_dir()
    await desk.runtime.stop()
    assert not profile.exists()


async def test_a_browser_that_cannot_start_says_why(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":987")
    with pytest.raises(RuntimeFailed, match=r"(?s)before its window showed.*(DISPLAY|X server)") as caught:
        await desk.open()
    assert caught.value.exit_code == 1
    assert desk.listener.reports == []


@pytest.mark.long
async def test_an_opening_that_is_given_up_leaves_nothing(desk: Desk, storage: Path) -> None:
    with pytest.raises(RuntimeFailed, match=r"within 0\.05 s"):
        await desk.runtime.open(WindowSpec(desk.pages.url), timeout_s=0.05)
    assert processes_of(storage) == []
    opening = asyncio.ensure_future(desk.open())
    await until(lambda: processes_of(storage))
    opening.cancel()
    await asyncio.wait({opening})
    assert processes_of(storage) == []
    assert desk.listener.reports == []


# -- programs ----------------------------------------------------------------------------------------------------------


def start_program(start: Start, pages: Pages, storage: Path) -> Program:
    return start("browser_window.py", runtime="chrome-app", url=pages.url, storage=str(storage))


def test_two_programs_share_a_folder_of_profiles(start: Start, pages: Pages, storage: Path) -> None:
    programs = [start_program(start, pages, storage) for _ in range(2)]
    lines = [program.until("open") for program in programs]
    assert {line["profile"] for line in lines} == {str(storage / "chrome/1"), str(storage / "chrome/2")}
    for program, line in zip(programs, lines, strict=True):
        [title] = program.screen.titles(line["pid"])
        program.screen.close(line["pid"], title)
        program.until("closed", timeout_s=5)
        assert program.wait() == 0
    assert processes_of(storage) == []
    again = start_program(start, pages, storage)
    assert again.until("open")["profile"] == str(storage / "chrome/1")


def test_a_program_that_is_killed_leaves_no_browser(start: Start, pages: Pages, storage: Path) -> None:
    program = start_program(start, pages, storage)
    program.until("open")
    assert processes_of(storage)
    program.kill()
    until_nobody_runs_in(storage, timeout_s=2)


@pytest.mark.long
def test_not_even_a_browser_that_hangs_is_left_of_a_program_that_is_killed(
    start: Start, pages: Pages, storage: Path
) -> None:
    program = start_program(start, pages, storage)
    os.kill(program.until("open")["pid"], signal.SIGSTOP)
    program.kill()
    until_nobody_runs_in(storage, timeout_s=8)


@pytest.mark.long
@pytest.mark.parametrize("delay_s", [0.0, 0.005, 0.02, 0.1, 0.3])
def test_a_program_killed_while_it_opens_a_window_leaves_no_browser(
    start: Start, pages: Pages, storage: Path, delay_s: float
) -> None:
    program = start_program(start, pages, storage)
    program.until("opening")
    time.sleep(delay_s)  # the moment is what is tried
    program.kill()
    program.process.wait(5)
    until_nobody_runs_in(storage)


def test_an_app_runs_in_a_browser_window_from_launch_to_exit_code(start: Start, tmp_path: Path) -> None:
    program = start("windows.py", runtime="chrome-app", titles=["one", "two"])
    for title in ("one", "two"):
        program.until("seen", title=title)
    family = program.remember_family()
    browsers = [process for process in family if "--app=" in " ".join(process.cmdline())]
    pids: dict[str, int] = {}

    def look() -> bool:
        pids.clear()
        pids.update({title: process.pid for process in browsers for title in program.screen.titles(process.pid)})
        return sorted(pids) == ["one", "two"]

    wait_until(look, what="two windows with the titles of their sessions")
    # A page that crashes is loaded anew, from what Python holds.
    for process in page_processes(pids["one"]):
        kill(process)
    program.until("seen", title="one", times=2)
    wait_until(look, what="the title of the session in the new page")
    program.screen.close(pids["one"], "one")
    program.until("disposed", title="one", timeout_s=3)
    program.tell("close", "two")
    program.until("returned", code=0, timeout_s=5)
    assert program.wait() == 0
    program.assert_nothing_left()


@pytest.mark.long
@pytest.mark.timeout(180)
async def test_thirty_windows_one_after_the_other_leave_nothing(desk: Desk, storage: Path) -> None:
    fds = len(os.listdir("/proc/self/fd"))
    children = len(psutil.Process().children())
    for number in range(30):
        window = await desk.open()
        if number % 3 == 0:
            await desk.listener.until_reported("loaded", window)
            desk.screen.close(desk.pid(window), desk.shown(window).title)
            await desk.listener.until_reported("closed", window)
        else:
            await desk.runtime.destroy(window)
    await desk.runtime.stop()
    assert desk.listener.count("closed") == 30
    assert desk.listener.errors == []
    assert processes_of(storage) == []
    assert len(os.listdir("/proc/self/fd")) == fds
    assert len(psutil.Process().children()) == children
    assert [path.name for path in sorted((storage / "chrome").iterdir()) if path.is_dir()] == ["1"]


@pytest.mark.long
@pytest.mark.timeout(150)
async def test_a_window_says_nothing_to_the_world(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with logging_proxy() as proxy:
        for name, value in proxy.environment().items():
            monkeypatch.setenv(name, value)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        desk.pages.html["/curious"] = (
            "<img src=http://pictures.example/one.png><img src=https://pictures.example/two.png>"
        )
        window = await desk.open()
        await desk.listener.until_reported("loaded", window)
        await asyncio.sleep(75)  # so long a bare profile asks five hosts
        assert proxy.asked == []
        # A page's own requests are seen, so the browser's would have been.
        await desk.runtime.command(window, "load_url", desk.pages.url + "curious")
        await until(lambda: len(proxy.asked) >= 2)
        assert sorted(proxy.asked)[:2] == ["CONNECT pictures.example:443", "GET http://pictures.example/one.png"]


def _is_near(place: tuple[int, int], wished: tuple[int, int]) -> bool:
    """The frame is not known to the page, which counts the middle."""
    return all(abs(one - other) <= 30 for one, other in zip(place, wished, strict=True))
