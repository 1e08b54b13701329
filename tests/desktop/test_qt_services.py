"""What Qt's windows do with the desktop around them beyond what both toolkits do: the theme, buses, later windows."""

from __future__ import annotations

import asyncio

import psutil
import pytest

from deskapp.runtime.menu import Menu, MenuItem
from deskapp.runtime.webview.pywebview import PyWebview, PyWebviewQt
from tests.desktop.processes import is_alive
from tests.desktop.test_services import PORTAL, _emit, portal
from tests.desktop.windowed import App

__all__ = ["portal"]
pytestmark = [pytest.mark.desktop, pytest.mark.once]

LIGHT = "[<'org.freedesktop.appearance'>, <'color-scheme'>, <<uint32 2>>]"
DARK = LIGHT.replace("uint32 2", "uint32 1")


@pytest.fixture
def runtime_class() -> type[PyWebview]:
    return PyWebviewQt


@pytest.fixture(autouse=True)
def unknown_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that Qt has no theme for."""
    monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)


def brightness(color: str) -> int:
    return max(int(color[at : at + 2], 16) for at in (1, 3, 5))


async def test_a_dark_desktop_has_dark_windows_and_menus_from_the_first_moment(portal: str, app: App) -> None:
    window = await app.runtime.open(app.spec("hang", x=100, y=80))
    await app.until(app.shown)
    seen = {app.color(250, 150) for _ in range(8)}
    assert max(map(brightness, seen)) < 0x80, seen
    await app.runtime.command(window, "set_menu", Menu([MenuItem("&File", submenu=Menu())]).to_wire())
    await app.until(lambda: app.place()[3] > 300)
    await app.until(lambda: 0x28 < brightness(app.color(300, 5)) < 0x60)


async def test_the_theme_may_change_back_and_forth_and_a_chosen_background_stays(portal: str, app: App) -> None:
    app.pages.html["/asks"] = """<script>const query = matchMedia('(prefers-color-scheme: dark)');
        query.onchange = () => fetch('/said/' + query.matches)</script>"""
    await app.open("asks", x=20, y=50)
    await app.open(title="own", x=700, y=50, background="#2f6f4f")
    for count, (news, theme, said) in enumerate(((LIGHT, "light", "false"), (DARK, "dark", "true")), start=1):
        _emit(portal, PORTAL, "SettingChanged", "ssv", news)
        await app.listener.until(lambda theme=theme: ("service", None, "theme", theme) in app.listener.reports)  # type: ignore[misc]
        assert await app.runtime.service("theme") == theme
        await app.until(lambda count=count, said=said: app.pages.said()[count - 1 :] == [said])  # type: ignore[misc]
        assert app.color(250, 150, "own") == "#2f6f4f"
    assert app.listener.count("service") == 2


async def test_where_there_is_no_session_bus_none_is_started(
    app: App, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    runtime_folder = str(tmp_path_factory.mktemp("run"))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", runtime_folder)
    await app.runtime.stop()  # the host that was started with the old environment
    await app.open()
    daemons = [process for process in psutil.process_iter(["name"]) if process.info["name"] == "dbus-daemon"]
    assert [process for process in daemons if runtime_folder in _environment(process)] == []


def _environment(process: psutil.Process) -> str:
    try:
        return " ".join(process.environ().values())
    except psutil.Error:
        return ""


async def test_a_kept_host_opens_several_windows_at_once_after_its_last_one(app: App) -> None:
    await app.runtime.set_kept(True)
    window = await app.open()
    pid = app.runtime.pid
    await app.runtime.destroy(window)
    await app.listener.until_reported("closed", window)
    opened = await asyncio.gather(*(app.runtime.open(app.spec(title=title)) for title in ("two", "three", "four")))
    for window in opened:
        await app.listener.until_reported("loaded", window)
    assert app.runtime.pid == pid
    host = psutil.Process(pid)
    await app.runtime.stop()
    assert not is_alive(host)
    assert app.listener.errors == []


async def test_progress_is_also_a_property_of_the_window(app: App) -> None:
    window = await app.open()
    await app.runtime.command(window, "set_progress", 0.5)
    await app.until(lambda: app.xprop("_NET_WM_XAPP_PROGRESS").endswith("= 50\n"))
    await app.runtime.command(window, "set_progress", -1)
    await app.until(lambda: app.xprop("_NET_WM_XAPP_PROGRESS_PULSE").endswith("= 1\n"))
    await app.runtime.command(window, "set_progress", None)
    await app.until(lambda: app.xprop("_NET_WM_XAPP_PROGRESS").endswith("= 0\n"))
    assert app.xprop("_NET_WM_XAPP_PROGRESS_PULSE").endswith("= 0\n")
