"""What the desktop offers beside windows: dialogs, messages, the clipboard, screens, theme, sleep and the tray."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from deskapp.errors import NotSupported
from deskapp.runtime.menu import Menu, MenuItem
from deskapp.runtime.webview.pywebview import PyWebview
from deskapp.runtime.window import WindowId
from tests.desktop.pages import Pages
from tests.desktop.processes import is_alive
from tests.desktop.screen import Screen, wait_until
from tests.desktop.windowed import App, png

pytestmark = [pytest.mark.desktop, pytest.mark.once]

FILE = {"title": "Choose", "folder": "", "name": "", "filters": [], "multiple": False}
MESSAGE = {"detail": "", "title": "Said", "kind": "info", "default": 0, "cancel": 0}


def ask(app: App, service: str, window: WindowId | None = None, **args: object) -> asyncio.Task[object]:
    return asyncio.create_task(app.runtime.service(service, window, **args))


async def answer(task: asyncio.Task[object]) -> object:
    return await asyncio.wait_for(task, 5)


async def test_a_file_is_opened_and_a_page_goes_on_while_the_dialog_is_open(app: App, tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    app.pages.html["/tick"] = "<script>setInterval(() => fetch('/said/tick'), 50)</script>"
    window = await app.open("tick")
    asked = ask(app, "file_dialog", window, **{**FILE, "kind": "open", "folder": str(tmp_path)})
    dialog = await app.dialog("one")
    assert dialog.title == "Choose"
    assert f"{int(app.window().handle, 16):#x}" in app.xprop("WM_TRANSIENT_FOR", "Choose")
    ticks = len(app.pages.said())
    await app.until(lambda: len(app.pages.said()) > ticks + 3)
    await app.runtime.command(window, "set_title", "one")
    app.type(str(tmp_path / "a.txt"))
    await _press_until_gone(app, "Return")
    assert await answer(asked) == [str(tmp_path / "a.txt")]


async def _press_until_gone(app: App, key: str, title: str = "Choose") -> None:
    """What was typed may still be looked up; the key counts when it has been."""
    deadline_s = time.monotonic() + 8
    while title in app.screen.titles(app.runtime.pid):
        assert time.monotonic() < deadline_s
        app.keys(key)
        try:
            await app.until(lambda: title not in app.screen.titles(app.runtime.pid), timeout_s=0.7)
        except AssertionError:
            continue


async def test_a_dialog_that_is_cancelled_answers_nothing(app: App, tmp_path: Path) -> None:
    window = await app.open()
    for kind in ("open", "folder", "save"):
        asked = ask(app, "file_dialog", window, **{**FILE, "kind": kind, "folder": str(tmp_path)})
        await app.dialog("one")
        app.keys("Escape")
        assert await answer(asked) == []
        await app.until(lambda: len(app.shown()) == 1)


async def test_a_folder_is_chosen(app: App, tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    window = await app.open()
    asked = ask(app, "file_dialog", window, **{**FILE, "kind": "folder", "folder": str(tmp_path)})
    await app.dialog("one")
    await _press_until_gone(app, "Return")
    assert await answer(asked) in ([str(tmp_path)], [str(tmp_path / "inside")])


async def test_several_files_of_the_wished_kind_are_opened(app: App, tmp_path: Path) -> None:
    for name in ("a.png", "B.PNG", "c.txt"):
        (tmp_path / name).touch()
    window = await app.open()
    wishes = {"kind": "open", "folder": str(tmp_path), "multiple": True, "filters": [["Pictures", ["*.png"]]]}
    asked = ask(app, "file_dialog", window, **{**FILE, **wishes})
    dialog = await app.dialog("one")
    left, top, width, height = app.place(dialog.title)
    app.screen.run("xdotool", "mousemove", str(left + width // 2), str(top + height // 2), "click", "1")
    app.keys("ctrl+a")
    await _press_until_gone(app, "alt+o")
    chosen = await answer(asked)
    assert isinstance(chosen, list)
    assert sorted(chosen) == sorted(str(tmp_path / name) for name in ("a.png", "B.PNG"))


async def test_saving_proposes_a_name_and_asks_before_a_file_is_overwritten(app: App, tmp_path: Path) -> None:
    (tmp_path / "there.txt").touch()
    window = await app.open()
    asked = ask(app, "file_dialog", window, **{**FILE, "kind": "save", "folder": str(tmp_path), "name": "new.txt"})
    await app.dialog("one")
    await _press_until_gone(app, "Return")
    assert await answer(asked) == [str(tmp_path / "new.txt")]
    asked = ask(app, "file_dialog", window, **{**FILE, "kind": "save", "folder": str(tmp_path), "name": "there.txt"})
    await app.dialog("one")
    app.keys("Return")
    await app.until(lambda: len(app.shown()) == 3)  # the question
    assert not asked.done()
    app.keys("Escape")
    await app.until(lambda: len(app.shown()) == 2)
    assert not asked.done()
    app.keys("Escape")
    assert await answer(asked) == []


async def test_dialogs_end_with_their_window_and_do_not_keep_the_host(app: App, tmp_path: Path) -> None:
    (tmp_path / "there.txt").touch()
    window = await app.open()
    await app.open(title="kept")
    opening = ask(app, "file_dialog", window, **{**FILE, "kind": "open"})
    saying = ask(app, "message", window, **{**MESSAGE, "text": "words", "buttons": ["A", "B", "C"], "cancel": 1})
    await app.until(lambda: len(app.shown()) == 4)
    await app.runtime.destroy(window)
    assert await answer(opening) == []
    assert await answer(saying) == 1
    await app.until(lambda: app.screen.titles(app.runtime.pid) == ["kept"])
    last = await app.open(title="last")
    asked = ask(app, "file_dialog", last, **{**FILE, "kind": "save", "folder": str(tmp_path), "name": "there.txt"})
    await app.dialog("kept", "last")
    app.keys("Return")
    await app.until(lambda: len(app.shown()) == 4)
    host = psutil.Process(app.runtime.pid)
    started_s = time.monotonic()
    await app.runtime.stop()
    assert time.monotonic() - started_s < 3
    assert not is_alive(host)
    assert await answer(asked) == []


async def test_a_message_answers_the_number_of_the_button(app: App) -> None:
    window = await app.open()
    wishes = {**MESSAGE, "text": "Save <it>?", "detail": "a & b", "kind": "question", "default": 1, "cancel": 2}
    wishes["buttons"] = ["No_w", "Later", "Never"]
    for key, number in (("Return", 1), ("Escape", 2), ("shift+Tab Return", 0)):
        asked = ask(app, "message", window, **wishes)
        await app.dialog("one")
        app.keys(*key.split())
        assert await answer(asked) == number
        await app.until(lambda: len(app.shown()) == 1)
    asked = ask(app, "message", window, **wishes)
    await app.dialog("one")
    app.screen.close(app.runtime.pid, "Said")
    assert await answer(asked) == 2


async def test_text_goes_to_the_clipboard_and_comes_from_it(app: App) -> None:
    await app.open()
    await app.runtime.service("clipboard", do="set", format="text", value="Wörter\nund mehr")
    assert app.screen.run("xclip", "-selection", "clipboard", "-o") == "Wörter\nund mehr"
    assert await app.runtime.service("clipboard", do="get", format="text") == "Wörter\nund mehr"
    assert await app.runtime.service("clipboard", do="get", format="image") is None
    assert await app.runtime.service("clipboard", do="get", format="files") is None
    _copy(app, b"by another", "UTF8_STRING")
    await app.until(lambda: app.screen.run("xclip", "-selection", "clipboard", "-o") == "by another")
    assert await app.runtime.service("clipboard", do="get", format="text") == "by another"


def _copy(app: App, data: bytes, target: str) -> None:
    """Put something on the clipboard as another program does."""
    command = ["xclip", "-display", app.screen.display, "-selection", "clipboard", "-t", target, "-i"]
    subprocess.run(command, input=data, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


async def _until_got(app: App, format: str, is_right: Callable[[object], bool]) -> None:
    """Wait until our program, too, has heard that the clipboard belongs to another one now."""
    deadline_s = time.monotonic() + 5
    while not is_right(got := await app.runtime.service("clipboard", do="get", format=format)):
        assert time.monotonic() < deadline_s, got
        await asyncio.sleep(0.05)


def _pasted_picture(app: App) -> bytes:
    command = ["xclip", "-display", app.screen.display, "-selection", "clipboard", "-t", "image/png", "-o"]
    return subprocess.run(command, check=True, capture_output=True).stdout


async def test_pictures_go_to_the_clipboard_and_come_from_it(app: App, tmp_path: Path) -> None:
    await app.open()
    await app.runtime.service("clipboard", do="set", format="image", value=base64.b64encode(png(7)).decode())
    copied = tmp_path / "copied.png"
    copied.write_bytes(_pasted_picture(app))
    assert "7x7" in app.screen.run("identify", str(copied))
    _copy(app, png(9, color=b"\0\0\xff"), "image/png")

    def is_the_other(got: object) -> bool:
        assert isinstance(got, str)
        copied.write_bytes(base64.b64decode(got))
        return "9x9" in app.screen.run("identify", str(copied))

    await _until_got(app, "image", is_the_other)
    assert await app.runtime.service("clipboard", do="get", format="text") is None


async def test_files_go_to_the_clipboard_and_come_from_it(app: App, tmp_path: Path) -> None:
    await app.open()
    paths = [str(tmp_path / "one file"), str(tmp_path / "zwei ü")]
    uris = [Path(path).as_uri() for path in paths]
    await app.runtime.service("clipboard", do="set", format="files", value=paths)

    def pasted(target: str) -> list[str]:
        return app.screen.run("xclip", "-selection", "clipboard", "-t", target, "-o").split()

    assert pasted("text/uri-list") == uris
    assert pasted("x-special/gnome-copied-files") == ["copy", *uris]
    assert await app.runtime.service("clipboard", do="get", format="files") == paths
    _copy(app, f"{uris[1]}\r\n".encode(), "text/uri-list")
    await _until_got(app, "files", lambda got: got == paths[1:])
    await app.runtime.service("clipboard", do="set", format="text", value="no file")
    assert await app.runtime.service("clipboard", do="get", format="files") is None


async def test_the_clipboard_keeps_what_was_set_when_the_window_is_gone(app: App) -> None:
    window = await app.open()
    await app.open(title="kept")
    await app.runtime.service("clipboard", window, do="set", format="text", value="stays")
    await app.runtime.destroy(window)
    await app.listener.until_reported("closed", window)
    assert app.screen.run("xclip", "-selection", "clipboard", "-o") == "stays"


async def test_the_screens_are_told(app: App) -> None:
    await app.open()
    screens = await app.runtime.service("screens")
    assert isinstance(screens, list)
    [screen] = screens
    area = tuple(screen.pop("work_area"))
    name = screen.pop("name")
    assert screen == {"x": 0, "y": 0, "width": 1400, "height": 1000, "scale": 1.0, "is_primary": True}
    assert area == (0, 0, 1400, 1000)
    assert isinstance(name, str)


async def test_a_screen_that_changes_is_reported(app: App) -> None:
    await app.open()
    await app.runtime.service("screens")
    add = ("--newmode", "small", "60", "1200", "1210", "1220", "1230", "900", "910", "920", "930")
    app.screen.run("xrandr", *add)
    app.screen.run("xrandr", "--addmode", "screen", "small")
    try:
        app.screen.run("xrandr", "--output", "screen", "--mode", "small")
        await app.listener.until(lambda: ("service", None, "screens", None) in app.listener.reports)
        screens = await app.runtime.service("screens")
        assert isinstance(screens, list)
        assert (screens[0]["width"], screens[0]["height"]) == (1200, 900)
    finally:
        app.screen.run("xrandr", "--output", "screen", "--mode", "1400x1000")
    await app.until(lambda: "1400x1000" in app.screen.run("xwininfo", "-root"))


PANEL = "panel_items = S\npanel_position = bottom center horizontal\npanel_size = 100% 40\nstrut_policy = follow_size\n"


@pytest.fixture
def panel(screen: Screen, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A task bar with a tray at the lower edge of the screen."""
    config = tmp_path / "tint2rc"
    config.write_text(PANEL)
    quiet = subprocess.DEVNULL
    panel = subprocess.Popen(["tint2", "-c", str(config)], stdout=quiet, stderr=quiet)
    try:
        wait_until(lambda: "960" in screen.run("xprop", "-root", "_NET_WORKAREA"), what="the panel")
        yield panel
    finally:
        panel.terminate()
        panel.wait(timeout=5)
        wait_until(lambda: "960" not in screen.run("xprop", "-root", "_NET_WORKAREA"), what="the panel's end")


async def test_panels_are_left_out_of_the_work_area_and_windows_are_centered_in_it(
    panel: subprocess.Popen[bytes], app: App
) -> None:
    window = await app.open(x=10, y=30)
    screens = await app.runtime.service("screens")
    assert isinstance(screens, list)
    assert tuple(screens[0]["work_area"]) == (0, 0, 1400, 960)
    await app.runtime.command(window, "center")

    def margins() -> tuple[int, int]:
        _, y, _, height = app.place()
        _, _, top, bottom = map(int, re.findall(r"\d+", app.xprop("_NET_FRAME_EXTENTS")))
        return y - top, 960 - y - height - bottom

    await app.until(lambda: abs(margins()[0] - margins()[1]) <= 1)


PORTAL = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings"


@pytest.fixture
def portal(session_bus: str) -> Iterator[str]:
    """A portal that says that the desktop is dark; the bus it is on."""
    with _mocked(session_bus, *PORTAL) as address:
        code = "ret = dbus.UInt32(1) if args[1] == 'color-scheme' else dbus.UInt32(0)"
        _add_method(address, PORTAL, "Read", "ss", "v", code)
        _add_method(address, PORTAL, "ReadOne", "ss", "v", code)
        everything = "ret = {'org.freedesktop.appearance': {'color-scheme': dbus.UInt32(1, variant_level=1)}}"
        _add_method(address, PORTAL, "ReadAll", "as", "a{sa{sv}}", everything)
        yield address


def _mocked(address: str, name: str, path: str, interface: str) -> Mocked:
    return Mocked(address, name, path, interface)


class Mocked:
    """An object on a bus, by python3-dbusmock of the system's own Python."""

    def __init__(self, address: str, name: str, path: str, interface: str) -> None:
        self._address = address
        command = ["/usr/bin/python3", "-m", "dbusmock", "--session", name, path, interface]
        environment = {"DBUS_SESSION_BUS_ADDRESS": address, "PATH": "/usr/bin:/bin"}
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet)
        self._name = name

    def __enter__(self) -> str:
        asked = "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner"
        wait_until(lambda: "true" in _call(self._address, asked[0], asked[1], asked[2], self._name), what=self._name)
        return self._address

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=5)


def _call(address: str, name: str, path: str, method: str, *args: str) -> str:
    # Some clients of a bus, such as those for accessibility, never answer.
    command = [
        "gdbus",
        "call",
        "--timeout",
        "3",
        "--address",
        address,
        "--dest",
        name,
        "--object-path",
        path,
        "--method",
        method,
    ]
    done = subprocess.run([*command, "--", *args], capture_output=True, text=True, timeout=10, check=False)
    return done.stdout


def _add_method(address: str, place: tuple[str, str, str], name: str, takes: str, gives: str, code: str) -> None:
    mock = "org.freedesktop.DBus.Mock.AddMethod"
    _call(address, place[0], place[1], mock, place[2], name, takes, gives, code)


def _emit(address: str, place: tuple[str, str, str], signal: str, takes: str, args: str) -> None:
    _call(address, place[0], place[1], "org.freedesktop.DBus.Mock.EmitSignal", place[2], signal, takes, args)


async def test_the_portal_tells_the_theme_and_its_changes_and_windows_follow(portal: str, app: App) -> None:
    app.pages.html["/asks"] = """<script>let query = matchMedia('(prefers-color-scheme: dark)');
        fetch('/said/' + query.matches); query.onchange = () => fetch('/said/now-' + query.matches)</script>"""
    await app.open("asks")
    assert await app.runtime.service("theme") == "dark"
    await app.until_said("true")
    await app.until(lambda: int(app.color(250, 150)[1:3], 16) < 64)
    _emit(portal, PORTAL, "SettingChanged", "ssv", "[<'org.freedesktop.appearance'>, <'color-scheme'>, <<uint32 2>>]")
    await app.listener.until(lambda: ("service", None, "theme", "light") in app.listener.reports)
    await app.until_said("now-false")
    await app.until(lambda: app.color(250, 150) == "#ffffff")


async def test_a_desktop_that_says_nothing_is_light(app: App) -> None:
    await app.open()
    assert await app.runtime.service("theme") == "light"


LOGIND = "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager"


async def test_sleep_and_waking_up_are_reported(system_bus: str, app: App) -> None:
    await app.open()
    assert await app.runtime.service("power") is False
    with _mocked(system_bus, *LOGIND) as address:
        assert await app.runtime.service("power") is True
        for word, said in (("true", "suspend"), ("false", "resume")):
            _emit(address, LOGIND, "PrepareForSleep", "b", f"[<{word}>]")
            await app.listener.until(lambda said=said: ("service", None, "power", said) in app.listener.reports)  # type: ignore[misc]
    assert [report[3] for report in app.listener.reports if report[0] == "service"] == ["suspend", "resume"]


async def test_a_desktop_without_a_tray_says_so(app: App) -> None:
    await app.open()
    with pytest.raises(NotSupported, match="tray"):
        await app.runtime.service("tray", do="set", id="a", icon="none", tooltip="", menu=None)


def tray_menu() -> list[dict[str, object]]:
    return Menu([MenuItem("&Show"), MenuItem("&Leave")]).to_wire()


def news(app: App) -> list[object]:
    return [report[3] for report in app.listener.reports if report[0] == "service"]


async def test_an_icon_in_the_tray_is_clicked_and_its_menu_used(
    panel: subprocess.Popen[bytes], app: App, tmp_path: Path
) -> None:
    icon = tmp_path / "icon.png"
    icon.write_bytes(png(24))
    await app.runtime.set_kept(True)
    await app.runtime.service("tray", do="set", id="a", icon=str(icon), tooltip="Here", menu=tray_menu())
    await app.until(lambda: _icon_place(app) is not None, timeout_s=10)
    place = _icon_place(app)
    assert place is not None
    app.screen.run("xdotool", "mousemove", *map(str, place), "click", "1")
    await app.listener.until(lambda: news(app) == [{"id": "a", "what": "activate"}])
    app.screen.run("xdotool", "click", "3")
    await app.until(app.popups)
    app.keys("l")
    await app.listener.until(lambda: news(app)[1:] == [{"id": "a", "what": "menu", "item": 1}])
    await app.runtime.service("tray", do="remove", id="a")
    await app.until(lambda: _icon_place(app) is None)


def _icon_place(app: App) -> tuple[int, int] | None:
    """Where the red icon is on the screen's lower edge."""
    text = app.screen.run("import", "-window", "root", "-crop", "1400x40+0+960", "-depth", "8", "txt:-")
    found = re.search(r"^(\d+),(\d+):.*#FF0000", text, re.MULTILINE)
    return (int(found[1]) + 8, int(found[2]) + 964) if found else None


async def test_services_work_before_the_first_window_and_after_the_last_and_the_host_stays_while_kept(
    runtime_class: type[PyWebview], screen: Screen, pages: Pages
) -> None:
    app = App(runtime_class("org.example.windows"), screen, pages)
    await app.runtime.service("clipboard", do="set", format="text", value="early")
    asked = ask(app, "message", None, **{**MESSAGE, "text": "before any window", "buttons": ["OK"]})
    await app.dialog()
    app.keys("Return")
    assert await answer(asked) == 0
    await app.runtime.set_kept(True)
    pid = app.runtime.pid
    for title in ("first", "second"):
        window = await app.open(title=title)
        await app.runtime.destroy(window)
        await app.listener.until_reported("closed", window)
        await app.until(lambda: not app.shown())
    assert await app.runtime.service("clipboard", do="get", format="text") == "early"
    window = await app.open(title="third")
    await app.runtime.set_kept(False)
    assert app.runtime.pid == pid
    host = psutil.Process(pid)
    await app.runtime.destroy(window)
    await app.until(lambda: not is_alive(host))
    await app.runtime.stop()
    assert app.listener.errors == []


async def test_a_kept_host_without_windows_leaves_when_it_is_no_longer_kept_and_when_it_is_stopped(
    runtime_class: type[PyWebview], screen: Screen, pages: Pages
) -> None:
    app = App(runtime_class("org.example.windows"), screen, pages)
    await app.runtime.set_kept(True)
    window = await app.open()
    await app.runtime.destroy(window)
    await app.listener.until_reported("closed", window)
    host = psutil.Process(app.runtime.pid)
    assert await app.runtime.service("theme") in ("light", "dark")
    await app.runtime.set_kept(False)
    await app.until(lambda: not is_alive(host))
    await app.runtime.set_kept(True)
    assert json.dumps(await app.runtime.service("screens"))
    host = psutil.Process(app.runtime.pid)
    await app.runtime.stop()
    assert not is_alive(host)
    assert app.listener.errors == []
