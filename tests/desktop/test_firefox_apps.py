"""Windows of Firefox as a user sees them: with the browser around the page hidden, and without the browser."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest
from PIL import Image

from deskapp.errors import RuntimeFailed
from deskapp.runtime.browsers.app import BrowserApp
from deskapp.runtime.firefox.app import FirefoxApp
from deskapp.runtime.firefox.xul import FirefoxXulApp
from deskapp.runtime.window import WindowId, WindowMode, WindowSpec
from tests.desktop.browser_apps import colors_at, content_size, processes_of, states, until_nobody_runs_in, window_of
from tests.desktop.logging_proxy import logging_proxy
from tests.desktop.pages import Pages
from tests.desktop.processes import descendants, is_alive
from tests.desktop.program import Start
from tests.desktop.recorder import Recorder
from tests.desktop.screen import Screen, ShownWindow

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(60)]

APP_ID = "org.example.FirefoxApp"
GREEN = "#13ab57"
PAGE = (
    f"<title>green page</title><body style='background: {GREEN}'>"
    "<script>onload = () => fetch(`/said/loaded ${innerWidth}x${innerHeight}`)</script>"
)
# Firefox (140 and 153 ESR alike) keeps mouse and keys from a page until three frames and 100 ms after it began to load:
# `dom.input_events.security.minNumTicks` and `minTimeElapsedInMS`. What is clicked or pressed sooner is lost.
HEARS = "onmousemove = () => { onmousemove = null; fetch('/said/hears') };"
SHARED_CODE = ".cache/deskapp/firefox/"  # the browser's with ours in it, for all applications
SHOW_TIMEOUT_S = 20.0  # on a machine that does much else


class Desk:
    """A runtime with its listener, and eyes and hands for what it shows."""

    def __init__(self, kind: type[BrowserApp], screen: Screen, pages: Pages, storage: Path | None) -> None:
        self.screen, self.pages = screen, pages
        self.listener = Recorder()
        self.runtime = kind(APP_ID, storage=storage)
        self.runtime.start(self.listener)

    async def open(self, path: str = "", **wishes: object) -> WindowId:
        spec = {"width": 500, "height": 300, **wishes}
        return await self.runtime.open(WindowSpec(self.pages.url + path, **spec))  # type: ignore[arg-type]

    async def open_loaded(self, path: str = "", **wishes: object) -> WindowId:
        """A window whose page says that it has loaded."""
        before = len(self.pages.said())
        window = await self.open(path, **wishes)
        await until(lambda: any(word.startswith("loaded") for word in self.pages.said()[before:]))
        return window

    def pid(self, window: WindowId) -> int:
        pid = self.runtime.pid_of(window)
        assert pid is not None
        return pid

    def shown(self, window: WindowId) -> ShownWindow:
        return window_of(self.screen, self.pid(window), timeout_s=SHOW_TIMEOUT_S)

    def is_all_green(self, window: WindowId) -> bool:
        """Nothing but the page: no bar at the top, no bubble, no border."""
        corners = [(x, y) for x in (2, 250, -3) for y in (2, 30, 60, -3)]
        return set(colors_at(self.screen, self.shown(window), *corners)) == {GREEN}

    def corner(self, window: WindowId) -> tuple[int, int]:
        """Where the frame begins on the screen."""
        handle = self.shown(window).handle
        facts = self.screen.run("xwininfo", "-id", handle)
        x, y = (int(re.findall(rf"Absolute upper-left {axis}: +(-?\d+)", facts)[0]) for axis in "XY")
        left, _, top, _ = (int(side) for side in re.findall(r"\d+", self.property(handle, "_NET_FRAME_EXTENTS")))
        return x - left, y - top

    def property(self, handle: str, name: str) -> str:
        return self.screen.run("xprop", "-id", handle, name).partition("=")[2]

    async def until_heard(self, window: WindowId, x: int, y: int) -> None:
        """Move the mouse at a place until the page, which has `HEARS`, says that it hears it; so it hears keys, too."""
        handle, step = self.shown(window).handle, 0

        def moved() -> bool:
            nonlocal step
            step += 1
            self.screen.run("xdotool", "mousemove", "--window", handle, str(x + step % 2), str(y))
            return "hears" in self.pages.said()

        await until(moved)

    async def click(self, window: WindowId, x: int, y: int) -> None:
        """Click where the page is green, once it hears clicks."""
        await until(lambda: colors_at(self.screen, self.shown(window), (x, y)) == [GREEN])
        await self.until_heard(window, x, y)
        self.screen.run("xdotool", "mousemove", "--window", self.shown(window).handle, str(x), str(y), "click", "1")

    def press(self, window: WindowId, *keys: str) -> None:
        self.screen.run("xdotool", "windowfocus", "--sync", self.shown(window).handle, "key", *keys)

    def visible(self, window: WindowId) -> int:
        """How many windows there are to be seen, lists and menus that are open included."""
        found = self.screen.run("xdotool", "search", "--onlyvisible", "--pid", str(self.pid(window)))
        return len(found.split())

    def close(self, window: WindowId) -> None:
        self.screen.run("wmctrl", "-i", "-c", self.shown(window).handle)


@pytest.fixture(params=[FirefoxApp, FirefoxXulApp], ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> type[BrowserApp]:
    found: type[BrowserApp] = request.param
    return found


@pytest.fixture
def storage(tmp_path: Path) -> Path:
    return tmp_path / "storage"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        monkeypatch.delenv(f"XDG_{name}_HOME", raising=False)
    return home


@pytest.fixture
async def desk(kind: type[BrowserApp], screen: Screen, pages: Pages, storage: Path, home: Path) -> AsyncIterator[Desk]:
    pages.html["/"] = PAGE
    desk = Desk(kind, screen, pages, storage)
    yield desk
    await desk.runtime.stop()
    assert processes_of(storage) == []


async def until(condition: Callable[[], object], *, timeout_s: float = SHOW_TIMEOUT_S) -> None:
    """Wait for what the window system shows; the loop goes on."""
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline_s, f"not within {timeout_s} s"
        await asyncio.sleep(0.02)


def has_lock(profile: Path) -> bool:
    """Whether there is the link by which Firefox locks a profile; it leads nowhere."""
    return os.path.lexists(profile / "lock")


def files_in(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()]


def only(kind: type[BrowserApp]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("kind", [kind], indirect=True, ids=[kind.name])


async def test_a_window_is_the_page_and_nothing_of_the_browser(desk: Desk, tmp_path: Path) -> None:
    icon = tmp_path / "icon.png"
    Image.new("RGB", (64, 64), "#d03060").save(icon)
    window = await desk.open_loaded(width=640, height=420, x=150, y=120, icon=icon)
    shown = desk.shown(window)
    await until(lambda: desk.shown(window).title == "green page")
    assert shown.wm_class.endswith(f".{APP_ID}")
    assert content_size(desk.screen, shown) == (640, 420)
    assert desk.corner(window) == (150, 120)
    await until(lambda: desk.is_all_green(window))
    picture = desk.screen.run("xprop", "-id", shown.handle, "-f", "_NET_WM_ICON", "32x", " = $0+\n", "_NET_WM_ICON")
    assert "0xffd03060" in picture
    # One page, and nothing besides: no welcome, no privacy notice, no second window.
    assert desk.pages.said() == ["loaded%20640x420"]
    assert len(desk.screen.windows(desk.pid(window))) == 1


@pytest.mark.long
async def test_an_address_may_hold_anything(desk: Desk) -> None:
    strange = '?a=1&b=<2>&c="3"&d=\'4\'&e=5|6&f=%7C;%20\\#fragment&"|'
    await desk.open_loaded(strange)
    [asked] = [path for path in desk.pages.asked if path.startswith("/?")]
    for part in ("a=1", "&b=%3C2%3E", "&c=%223%22", "&d=", "&e=5", "6&f=%7C;%20"):
        assert part in asked


@pytest.mark.long
async def test_the_address_is_in_no_command_line(desk: Desk) -> None:
    window = await desk.open_loaded("?secret=ticket")
    process = psutil.Process(desk.pid(window))
    commands = [" ".join(one.cmdline()) for one in (process, *descendants(process.pid))]
    assert len(commands) > 2
    assert not [command for command in commands if "ticket" in command]


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
    window = await desk.open_loaded(mode=mode)
    await until(lambda: states(desk.screen, desk.shown(window)) >= expected)
    await until(lambda: desk.is_all_green(window))


@pytest.mark.long
async def test_a_small_window_is_as_small_as_it_is_wished(desk: Desk) -> None:
    window = await desk.open_loaded(width=260, height=140, min_width=210, min_height=110)
    shown = desk.shown(window)
    await until(lambda: content_size(desk.screen, shown) == (260, 140))
    desk.screen.run("wmctrl", "-i", "-r", shown.handle, "-e", "0,-1,-1,100,50")
    await until(lambda: content_size(desk.screen, shown) == (210, 110))


async def test_closing_is_noticed_and_what_the_page_has_stored_is_kept(desk: Desk) -> None:
    desk.pages.html["/kept"] = """<title>kept</title><script>
        fetch("/said/visits " + localStorage.getItem("visits"));
        localStorage.setItem("visits", 1 + Number(localStorage.getItem("visits")));
        onload = () => fetch("/said/loaded");
    </script>"""
    for visits in ("null", "1"):
        window = await desk.open_loaded("kept")
        assert f"visits%20{visits}" in desk.pages.said()
        desk.close(window)
        await desk.listener.until_reported("closed", window, timeout_s=5)
    assert desk.listener.errors == []


@pytest.mark.long
async def test_what_a_page_has_stored_is_kept_though_the_application_closes_the_window(desk: Desk) -> None:
    desk.pages.html["/kept"] = """<title>kept</title><script>
        fetch("/said/found " + localStorage.getItem("word"));
        localStorage.setItem("word", "here");
        onload = () => fetch("/said/loaded");
    </script>"""
    for found in ("null", "here"):
        window = await desk.open_loaded("kept")
        assert f"found%20{found}" in desk.pages.said()
        await desk.runtime.destroy(window)
    assert desk.listener.errors == []


async def test_after_a_kill_the_same_profile_shows_our_page_only(desk: Desk) -> None:
    window = await desk.open_loaded("?before")
    profile = desk.runtime.profile_of(window)
    assert profile is not None
    family = descendants(desk.pid(window))
    os.kill(desk.pid(window), signal.SIGKILL)
    await desk.listener.until_reported("closed", window, timeout_s=5)
    [error] = desk.listener.errors
    assert error.exit_code == -signal.SIGKILL
    await until(lambda: not any(is_alive(process) for process in family))
    assert has_lock(profile)  # what Firefox leaves when it dies
    again = await desk.open_loaded("?after")
    assert desk.runtime.profile_of(again) == profile
    await until(lambda: desk.is_all_green(again))
    assert [path for path in desk.pages.asked if path.startswith("/?")] == ["/?before", "/?after"]
    assert len(desk.screen.windows(desk.pid(again))) == 1


@pytest.mark.long
async def test_a_profile_that_another_program_has_is_left_alone(
    desk: Desk, start: Start, storage: Path, kind: type[BrowserApp]
) -> None:
    other = start("browser_window.py", runtime=kind.name, url=desk.pages.url, storage=str(storage))
    line = other.until("open", timeout_s=SHOW_TIMEOUT_S)
    folder = storage / kind.browser
    assert line["profile"] == str(folder / "1")
    window = await desk.open_loaded()
    assert desk.runtime.profile_of(window) == folder / "2"
    await until(lambda: desk.is_all_green(window))
    other.kill()
    until_nobody_runs_in(folder / "1", timeout_s=10)


@pytest.mark.long
async def test_a_link_to_a_new_window_opens_one_without_a_browser(desk: Desk) -> None:
    desk.pages.html["/links"] = (
        f"<title>links</title><body style='margin: 0'><script>{HEARS} onload = () => fetch('/said/loaded')</script>"
        "<a href='/?blank' target=_blank style='position: fixed; inset: 0; background: #13ab57'>open</a>"
    )
    window = await desk.open_loaded("links", x=20, y=20)
    pid = desk.pid(window)
    await desk.click(window, 100, 100)
    await until(lambda: len(desk.screen.windows(pid)) == 2)
    await until(lambda: "green page" in desk.screen.titles(pid))
    [second] = [shown for shown in desk.screen.windows(pid) if shown.title.startswith("green page")]
    corners = [(x, y) for x in (2, 100, -3) for y in (2, 30, 60, -3)]
    await until(lambda: set(colors_at(desk.screen, second, *corners)) == {GREEN})


@pytest.mark.long
async def test_windows_that_a_page_has_opened_go_with_the_application_s(desk: Desk) -> None:
    desk.pages.html["/opener"] = (
        "<title>opener</title><body style='height: 100vh; background: #13ab57' "
        "onclick=\"made = open('/', '', 'width=300,height=200');"
        f"fetch('/said/open ' + (made !== null))\"><script>{HEARS} onload = () => fetch('/said/loaded')</script>"
    )
    window = await desk.open_loaded("opener", x=20, y=20)
    pid = desk.pid(window)
    await desk.click(window, 100, 100)
    await until(lambda: desk.screen.titles(pid) == ["green page", "opener"])
    assert "open%20true" in desk.pages.said()
    desk.screen.close(pid, "opener")
    await desk.listener.until_reported("closed", window, timeout_s=5)
    assert desk.screen.titles(pid) == []


@pytest.mark.long
@only(FirefoxApp)
async def test_keys_of_a_browser_do_nothing(desk: Desk) -> None:
    desk.pages.html["/keys"] = f"{PAGE}<script>{HEARS}</script>"
    window = await desk.open_loaded("keys")
    await desk.until_heard(window, 100, 100)
    pid, asked = desk.pid(window), len(desk.pages.asked)
    desk.press(window, "ctrl+n", "ctrl+t", "ctrl+shift+p", "ctrl+shift+n", "ctrl+l", "ctrl+u", "ctrl+shift+t")
    desk.press(window, "F5")  # this one does: what came before it has been dealt with
    await until(lambda: len(desk.pages.asked) > asked)
    await until(lambda: desk.is_all_green(window))
    assert len(desk.screen.windows(pid)) == 1


@pytest.mark.long
@only(FirefoxXulApp)
async def test_dialogs_of_a_page_carry_its_title_and_its_answers_come_back(desk: Desk) -> None:
    desk.pages.html["/ask"] = f"""<title>questions</title><body style="height: 100vh; background: #13ab57"><script>
        {HEARS}
        onload = () => fetch("/said/loaded");
        onclick = () => fetch("/said/" + [alert("one"), confirm("two"), prompt("three", "four")].join());
    </script>"""
    window = await desk.open_loaded("ask", x=20, y=20)
    pid = desk.pid(window)
    await desk.click(window, 100, 100)
    for _ in range(3):
        await until(lambda: desk.screen.titles(pid) == ["questions", "questions"])
        [dialog] = [shown for shown in desk.screen.windows(pid) if (shown.width, shown.height) != (500, 300)]
        desk.screen.run("xdotool", "windowfocus", "--sync", dialog.handle, "key", "Return")
        await until(lambda handle=dialog.handle: handle not in [w.handle for w in desk.screen.windows(pid)])  # type: ignore[misc]
    await until(lambda: ",true,four" in desk.pages.said())


@pytest.mark.long
async def test_a_list_opens_and_takes_a_choice(desk: Desk) -> None:
    desk.pages.html["/list"] = f"""<title>list</title><body style="margin: 0"><script>
        {HEARS}
        onload = () => fetch("/said/loaded");
    </script><select style="width: 200px; height: 40px" onchange="fetch('/said/chose ' + value)">
        <option>one<option>two<option>three</select>"""
    window = await desk.open_loaded("list", x=20, y=20)
    assert desk.visible(window) == 1
    await desk.until_heard(window, 300, 200)
    desk.press(window, "Tab", "alt+Down")
    await until(lambda: desk.visible(window) == 2)
    desk.press(window, "Down", "Down", "Return")
    await until(lambda: "chose%20three" in desk.pages.said())


@pytest.mark.long
async def test_a_download_goes_to_the_folder_for_downloads_without_a_question(desk: Desk, home: Path) -> None:
    desk.pages.html["/download"] = f"""<title>download</title><body style="height: 100vh; background: #13ab57"><script>
        {HEARS}
        onload = () => fetch("/said/loaded");
        onclick = () => document.querySelector("a").click();
    </script><a href="data:text/plain,hello" download="a.txt"></a>"""
    window = await desk.open_loaded("download", x=20, y=20)
    await desk.click(window, 100, 100)
    path = home / "Downloads/a.txt"
    await until(lambda: files_in(home / "Downloads") == ["a.txt"] and path.read_text() == "hello")
    assert len(desk.screen.windows(desk.pid(window))) == 1


@pytest.mark.long
async def test_nothing_is_left_outside_the_profile_but_folders_that_firefox_has_anyway(desk: Desk, home: Path) -> None:
    window = await desk.open_loaded()
    desk.close(window)
    await desk.listener.until_reported("closed", window, timeout_s=5)
    known = ("Downloads", ".cache/mozilla", ".config/mozilla", ".mozilla", ".cache/dconf", ".cache/mesa_shader_cache",
             ".config/dconf", ".cache/fontconfig", ".local/share/recently-used.xbel")  # fmt: skip
    left = [name for name in files_in(home) if not name.startswith(SHARED_CODE)]
    assert [name for name in left if not name.startswith(known)] == []
    assert [name for name in left if "deskapp" in name or APP_ID in name] == []


@pytest.mark.long
@pytest.mark.parametrize(("theme", "expected"), [("Adwaita:dark", "dark"), ("Adwaita", "light")])
async def test_a_page_learns_whether_the_desktop_is_dark(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, theme: str, expected: str
) -> None:
    monkeypatch.setenv("GTK_THEME", theme)
    desk.pages.html["/theme"] = """<title>theme</title><script>
        fetch("/said/" + (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
        onload = () => fetch("/said/loaded");
    </script>"""
    await desk.open_loaded("theme")
    assert expected in desk.pages.said()


@pytest.mark.long
@only(FirefoxXulApp)
async def test_a_window_that_asks_is_not_closed_by_its_user(desk: Desk) -> None:
    window = await desk.open_loaded(confirm_close=True)
    desk.close(window)
    await desk.listener.until_reported("close_requested", window)
    await desk.runtime.command(window, "set_confirm_close", False)
    desk.close(window)
    await desk.listener.until_reported("closed", window, timeout_s=5)
    assert desk.listener.count("close_requested") == 1


async def test_a_firefox_that_cannot_start_says_why(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":987")
    with pytest.raises(RuntimeFailed, match=r"(?s)before its window showed.*987") as caught:
        await desk.open()
    assert caught.value.exit_code == 1
    assert desk.listener.reports == []


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_thirty_windows_one_after_the_other_leave_nothing(
    desk: Desk, storage: Path, kind: type[BrowserApp]
) -> None:
    fds = len(os.listdir("/proc/self/fd"))
    children = len(psutil.Process().children())
    for number in range(30):
        if number % 3 == 0:
            window = await desk.open_loaded()
            desk.close(window)
            await desk.listener.until_reported("closed", window)
        else:
            await desk.runtime.destroy(await desk.open())
    await desk.runtime.stop()
    assert desk.listener.count("closed") == 30
    assert desk.listener.errors == []
    assert processes_of(storage) == []
    assert len(os.listdir("/proc/self/fd")) == fds
    assert len(psutil.Process().children()) == children
    assert [path.name for path in sorted((storage / kind.browser).iterdir()) if path.is_dir()] == ["1"]


@pytest.mark.long
@pytest.mark.timeout(180)
async def test_a_window_says_nothing_to_the_world(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with logging_proxy() as proxy:
        for name, value in proxy.environment().items():
            monkeypatch.setenv(name, value)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        desk.pages.html[
            "/curious"
        ] = f"""<title>curious</title><body style="height: 100vh; background: #13ab57"><script>
            {HEARS}
            onload = () => fetch("/said/loaded");
            onclick = () => ["http", "https"].map(kind => new Image().src = kind + "://pictures.example/one.png");
        </script>"""
        window = await desk.open_loaded("curious", x=20, y=20)
        await asyncio.sleep(75)  # so long a bare profile asks fourteen hosts
        assert proxy.asked == []
        # A page's own requests are seen, so the browser's would have been.
        await desk.click(window, 100, 100)
        await until(lambda: len(proxy.asked) >= 2)
        assert {"CONNECT pictures.example:443", "GET http://pictures.example/one.png"} <= set(proxy.asked)
