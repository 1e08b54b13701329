"""What only windows of GTK do: properties that task bars read, and icons by an indicator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskapp.runtime.webview.pywebview import PyWebviewGtk
from tests.desktop.pages import Pages
from tests.desktop.screen import Screen
from tests.desktop.test_services import _add_method, _call, _mocked, news, tray_menu
from tests.desktop.windowed import App, png

pytestmark = [pytest.mark.desktop, pytest.mark.once]

WATCHER = "org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher", "org.kde.StatusNotifierWatcher"


@pytest.fixture
def runtime_class() -> type[PyWebviewGtk]:
    return PyWebviewGtk


async def test_progress_is_also_a_property_of_the_window(app: App) -> None:
    window = await app.open()
    await app.runtime.command(window, "set_progress", 0.5)
    await app.until(lambda: app.xprop("_NET_WM_XAPP_PROGRESS").endswith("= 50\n"))
    await app.runtime.command(window, "set_progress", -1)
    await app.until(lambda: app.xprop("_NET_WM_XAPP_PROGRESS_PULSE").endswith("= 1\n"))
    await app.runtime.command(window, "set_progress", None)
    await app.until(lambda: app.xprop("_NET_WM_XAPP_PROGRESS").endswith("= 0\n"))
    assert app.xprop("_NET_WM_XAPP_PROGRESS_PULSE").endswith("= 0\n")


@pytest.fixture
def watcher(session_bus: str) -> Iterator[str]:
    """Somebody who watches for indicators, as GNOME's extension and KDE do; the bus it is on."""
    with _mocked(session_bus, *WATCHER) as address:
        _call(address, *WATCHER[:2], "org.freedesktop.DBus.Mock.AddProperty", WATCHER[2],
              "IsStatusNotifierHostRegistered", "<true>")  # fmt: skip
        code = "self.registered = getattr(self, 'registered', []) + [args[0]]"
        _add_method(address, WATCHER, "RegisterStatusNotifierItem", "s", "", code)
        _add_method(address, WATCHER, "Registered", "", "as", "ret = getattr(self, 'registered', [])")
        yield address


async def test_an_icon_is_an_indicator_where_somebody_watches_for_them(
    watcher: str, app: App, tmp_path: Path, screen: Screen, pages: Pages
) -> None:
    icon = tmp_path / "icon.png"
    icon.write_bytes(png(24))
    await app.runtime.set_kept(True)
    await app.runtime.service("tray", do="set", id="a", icon=str(icon), tooltip="Here", menu=tray_menu())
    registered = f"{WATCHER[2]}.Registered"
    await app.until(lambda: "NotificationItem" in _call(watcher, *WATCHER[:2], registered))
    found = re.search(r"'(/[^']*NotificationItem[^']*)'", _call(watcher, *WATCHER[:2], registered))
    assert found is not None
    name, path = _owner(watcher, app.runtime.pid, found[1]), found[1]
    properties = _call(watcher, name, path, "org.freedesktop.DBus.Properties.GetAll", "org.kde.StatusNotifierItem")
    assert str(icon) in properties
    assert "'Active'" in properties
    layout = "com.canonical.dbusmenu.GetLayout"
    menu = f"{path}/Menu"
    await app.until(lambda: "_Leave" in _call(watcher, name, menu, layout, "0", "-1", "[]"))
    text = _call(watcher, name, menu, layout, "0", "-1", "[]")
    number = re.search(r"\((\d+), \{[^}]*'label': <'_Leave'>", text)
    assert number is not None
    _call(watcher, name, menu, "com.canonical.dbusmenu.Event", number[1], "clicked", "<0>", "0")
    await app.listener.until(lambda: news(app) == [{"id": "a", "what": "menu", "item": 1}])
    await app.runtime.service("tray", do="set", id="a", icon=str(icon), tooltip="Without menu", menu=None)
    await app.until(lambda: "Without menu" in _call(watcher, name, menu, layout, "0", "-1", "[]"))
    _call(watcher, name, path, "org.kde.StatusNotifierItem.SecondaryActivate", "1", "1")
    await app.listener.until(lambda: news(app)[1:] == [{"id": "a", "what": "activate"}])
    await app.runtime.service("tray", do="remove", id="a")
    get = "org.freedesktop.DBus.Properties.Get"
    status = (name, path, get, "org.kde.StatusNotifierItem", "Status")
    await app.until(lambda: "'Active'" not in _call(watcher, *status))


def _owner(address: str, pid: int | None, path: str) -> str:
    """Which connection of a process has an object; an item registers with its path only."""
    bus = "org.freedesktop.DBus"
    for found in re.findall(r"'(:[^']+)'", _call(address, bus, "/", f"{bus}.ListNames")):
        name = str(found)
        if f"uint32 {pid}," not in _call(address, bus, "/", f"{bus}.GetConnectionUnixProcessID", name):
            continue  # somebody who may never answer
        if "Status" in _call(address, name, path, f"{bus}.Introspectable.Introspect"):
            return name
    raise AssertionError(f"nobody has {path}")
