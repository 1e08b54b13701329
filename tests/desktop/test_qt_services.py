"""What Qt's windows do with the desktop around them: theme, sleep, tray, and a host without windows."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deskapp.errors import NotSupported
from deskapp.runtime.menu import Menu, MenuItem
from deskapp.runtime.pywebview import PyWebview, PyWebviewQt
from tests.desktop.desktop_bus import Desktop, playing
from tests.desktop.processes import is_alive
from tests.desktop.screen import Screen, wait_until
from tests.desktop.windowed import App, png

pytestmark = [pytest.mark.desktop, pytest.mark.once]

SCHEME_PAGE = """<script>const dark = matchMedia('(prefers-color-scheme: dark)')
    const say = () => fetch('/said/' + (dark.matches ? 'dark' : 'light')); dark.onchange = say; say()</script>"""


@pytest.fixture
def runtime_class() -> type[PyWebview]:
    return PyWebviewQt


@pytest.fixture
def portal(session_bus: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """A desktop that Qt does not know, whose portal says that it is dark."""
    monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)
    with playing("portal", session_bus, "dark") as desktop:
        yield desktop


async def test_a_dark_desktop_has_dark_windows_pages_and_menus_from_the_first_moment(portal: Desktop, app: App) -> None:
    app.pages.html["/asks"] = SCHEME_PAGE
    await app.runtime.open(app.spec("hang"))
    await app.until(lambda: len(app.shown()) == 1)
    seen = {app.color(250, 150) for _ in range(8)}
    assert not any(int(color[1:3], 16) > 0x80 for color in seen), seen
    window = await app.open("asks", title="two", x=100, y=500)
    await app.until_said("dark")
    await app.runtime.command(window, "set_menu", Menu([MenuItem("&File", submenu=Menu())]).to_wire())
    await app.until(lambda: int(app.color(300, 5, "two")[1:3], 16) < 0x60)


async def test_windows_follow_the_desktop_when_its_theme_changes(portal: Desktop, app: App) -> None:
    app.pages.html["/asks"] = SCHEME_PAGE
    await app.open("asks")
    await app.until_said("dark")
    assert await app.runtime.service("theme") == "dark"
    await app.until(lambda: app.color(250, 150) != "#ffffff")
    portal.say("light")
    await app.listener.until(lambda: ("service", None, "theme", "light") in app.listener.reports)
    await app.until_said("light")
    await app.until(lambda: app.color(250, 150) == "#ffffff")
    assert await app.runtime.service("theme") == "light"
    portal.say("dark")
    await app.listener.until(lambda: ("service", None, "theme", "dark") in app.listener.reports)
    await app.until(lambda: app.color(250, 150) != "#ffffff")
    assert app.listener.count("service") == 2


async def test_a_background_of_its_own_stays_when_the_theme_changes(portal: Desktop, app: App) -> None:
    await app.open(background="#2f6f4f")
    portal.say("light")
    await app.listener.until(lambda: ("service", None, "theme", "light") in app.listener.reports)
    assert app.color(250, 150) == "#2f6f4f"


async def test_without_a_bus_the_desktop_is_light_and_none_is_started(
    app: App, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    await app.runtime.stop()  # the host that was started with the old environment
    assert await app.runtime.service("theme") == "light"
    await app.open()
    daemons = [process for process in psutil.process_iter(["name"]) if process.info["name"] == "dbus-daemon"]
    assert [process for process in daemons if str(tmp_path) in _environment(process)] == []


def _environment(process: psutil.Process) -> str:
    try:
        return " ".join(process.environ().values())
    except psutil.Error:
        return ""


async def test_sleep_is_reported(system_bus: str, app: App) -> None:
    with playing("login", system_bus) as login:
        assert await app.runtime.service("power") is True
        assert await app.runtime.service("power") is True
        login.say("suspend")
        await app.listener.until(lambda: ("service", None, "power", "suspend") in app.listener.reports)
        login.say("resume")
        await app.listener.until(lambda: ("service", None, "power", "resume") in app.listener.reports)
    assert app.listener.count("service") == 2


async def test_a_machine_that_does_not_tell_of_sleep_says_so(system_bus: str, app: App) -> None:
    assert await app.runtime.service("power") is False


async def test_a_desktop_without_a_tray_says_so(app: App, tmp_path: Path) -> None:
    (tmp_path / "icon.png").write_bytes(png(22))
    with pytest.raises(NotSupported, match="no tray"):
        await app.runtime.service("tray", do="set", id="a", icon=str(tmp_path / "icon.png"), tooltip="", menu=None)


@pytest.fixture
def tray(screen: Screen) -> Iterator[None]:
    """A tray in the top left corner."""
    command = ["trayer", "--edge", "top", "--align", "left", "--widthtype", "request", "--height", "24"]
    trayer = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: "panel" in screen.run("xwininfo", "-root", "-tree"), what="the tray")
    yield
    trayer.terminate()
    trayer.wait(timeout=5)


def in_tray(app: App) -> list[tuple[int, int]]:
    """Centres of the icons of the host on screen."""
    found = []
    for line in app.screen.run("xwininfo", "-root", "-tree").splitlines():
        match = re.search(r'"org.example.windows"\): .*? (\d+)x(\d+)\+\S+\s+\+(-?\d+)\+(-?\d+)', line)
        if match and 10 < int(match[1]) < 40:
            width, height, x, y = map(int, match.groups())
            found.append((x + width // 2, y + height // 2))
    return found


async def test_an_icon_in_the_tray_tells_of_clicks_and_of_its_menu(tray: None, app: App, tmp_path: Path) -> None:
    icon = tmp_path / "icon.png"
    icon.write_bytes(png(22))
    menu = Menu([MenuItem("&Show"), MenuItem("&Other")])
    args = {"do": "set", "id": "main", "icon": str(icon), "tooltip": "tip"}
    await app.runtime.set_kept(True)
    await app.runtime.service("tray", **args, menu=menu.to_wire())
    await app.until(lambda: "#ff0000" in {app.screen.color_at(*at) for at in in_tray(app)})
    [(x, y)] = in_tray(app)
    app.screen.run("xdotool", "mousemove", str(x), str(y), "click", "1")
    activated = ("service", None, "tray", {"id": "main", "what": "activate"})
    await app.listener.until(lambda: activated in app.listener.reports)
    app.screen.run("xdotool", "mousemove", str(x), str(y), "click", "3")
    await app.until(app.popups)
    app.keys("Down", "Down", "Return")
    chosen = ("service", None, "tray", {"id": "main", "what": "menu", "item": 1})
    await app.listener.until(lambda: chosen in app.listener.reports)
    await app.runtime.service("tray", do="remove", id="main")
    await app.until(lambda: in_tray(app) == [])


async def test_services_are_there_before_the_first_window_and_windows_after_them(app: App) -> None:
    await app.runtime.service("clipboard", do="set", format="text", value="early")
    pid = app.runtime.pid
    assert await app.runtime.service("clipboard", do="get", format="text") == "early"
    window = await app.open()
    assert await app.runtime.service("clipboard", do="get", format="text") == "early"
    assert app.runtime.pid == pid
    await app.runtime.destroy(window)
    await app.listener.until_reported("closed", window)
    assert app.listener.errors == []


async def test_a_host_that_was_only_asked_for_services_ends(app: App) -> None:
    await app.runtime.service("screens")
    host = psutil.Process(app.runtime.pid)
    await app.runtime.stop()
    assert not is_alive(host)


@pytest.fixture
async def kept(app: App) -> App:
    await app.runtime.set_kept(True)
    return app


async def test_a_kept_host_stays_after_its_last_window_and_opens_others(kept: App) -> None:
    first = await kept.open()
    pid = kept.runtime.pid
    for title in ("two", "three"):
        await kept.runtime.destroy(first)
        await kept.listener.until_reported("closed", first)
        assert await kept.runtime.service("theme") == "light"
        first, other = await asyncio.gather(
            kept.runtime.open(kept.spec(title=title)), kept.runtime.open(kept.spec(title="other"))
        )
        await kept.listener.until_reported("loaded", other)
        assert kept.runtime.pid == pid
        await kept.runtime.destroy(other)
    kept.screen.close(pid, "three")
    await kept.listener.until_reported("closed", first)
    assert await kept.runtime.service("theme") == "light"
    host = psutil.Process(pid)
    await kept.runtime.set_kept(False)
    await kept.until(lambda: not is_alive(host))
    await kept.open(title="of another host")
    assert kept.listener.errors == []
    assert kept.runtime.pid != pid


async def test_a_kept_host_without_windows_ends_when_it_is_told_to(kept: App) -> None:
    window = await kept.open()
    await kept.runtime.destroy(window)
    await kept.listener.until_reported("closed", window)
    host = psutil.Process(kept.runtime.pid)
    await kept.runtime.stop()
    assert not is_alive(host)
    assert host.wait(timeout=1) in (0, None)


async def test_a_host_that_is_no_longer_kept_ends_with_its_last_window(kept: App) -> None:
    window = await kept.open()
    host = psutil.Process(kept.runtime.pid)
    await kept.runtime.set_kept(False)
    await kept.runtime.command(window, "set_title", "still here")
    await kept.runtime.destroy(window)
    await kept.until(lambda: not is_alive(host))
    assert kept.listener.errors == []


async def test_the_clipboards_pictures_and_files_are_those_of_others(app: App, tmp_path: Path) -> None:
    await app.runtime.service("clipboard", do="set", format="files", value=[str(tmp_path / "a b.txt")])
    kinds = app.screen.run("xclip", "-o", "-selection", "clipboard", "-t", "TARGETS")
    assert "text/uri-list" in kinds
    copied = app.screen.run("xclip", "-o", "-selection", "clipboard", "-t", "x-special/gnome-copied-files")
    assert copied.splitlines() == ["copy", (tmp_path / "a b.txt").as_uri()]
