"""What windows do when they are told to, as the window system sees it."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from deskapp.errors import NotSupported
from tests.desktop.processes import is_alive, web_processes
from tests.desktop.windowed import App, png

pytestmark = [pytest.mark.desktop, pytest.mark.once]

GREEN = "<body style='margin:0;background:#2f6f4f;height:100vh'>"


def min_and_max(app: App) -> tuple[str, str]:
    """The smallest and the largest size that the window manager grants, or ``""``."""
    hints = app.xprop("WM_NORMAL_HINTS")
    least, most = (re.search(rf"{what} size: (\d+ by \d+)", hints) for what in ("minimum", "maximum"))
    return least[1] if least else "", most[1] if most else ""


async def test_a_minimized_window_says_so_and_is_restored(app: App) -> None:
    window = await app.open()
    seen = app.listener.geometries
    await app.runtime.command(window, "minimize")
    await app.until(lambda: "_NET_WM_STATE_HIDDEN" in app.xprop("_NET_WM_STATE"))
    await app.listener.until(lambda: seen[window].minimized)
    await app.runtime.command(window, "restore")
    await app.until(lambda: "_NET_WM_STATE_HIDDEN" not in app.xprop("_NET_WM_STATE"))
    await app.listener.until(lambda: not seen[window].minimized)
    assert app.listener.count("hidden") == 0  # it was put away, not hidden


async def test_a_window_is_centered_with_its_frame_in_the_work_area(app: App) -> None:
    window = await app.open(x=30, y=40)
    await app.runtime.command(window, "center")

    def is_centered() -> bool:
        x, y, width, height = app.place()
        left, right, top, bottom = map(int, re.findall(r"\d+", app.xprop("_NET_FRAME_EXTENTS")))
        margins = (x - left, 1400 - x - width - right, y - top, 1000 - y - height - bottom)
        return abs(margins[0] - margins[1]) <= 1 and abs(margins[2] - margins[3]) <= 1

    await app.until(is_centered)


async def test_a_window_may_be_fixed_and_freed_again(app: App) -> None:
    window = await app.open(min_width=210, min_height=130)
    assert min_and_max(app) == ("210 by 130", "")
    await app.runtime.command(window, "set_resizable", False)
    await app.until(lambda: min_and_max(app) == ("500 by 300", "500 by 300"))
    await app.runtime.command(window, "resize", 520, 320)
    await app.until(lambda: min_and_max(app) == ("520 by 320", "520 by 320") and app.place()[2:] == (520, 320))
    await app.runtime.command(window, "set_resizable", True)
    await app.until(lambda: min_and_max(app) == ("210 by 130", ""))
    assert app.place()[2:] == (520, 320)


async def test_the_smallest_size_can_be_changed(app: App) -> None:
    window = await app.open()
    await app.runtime.command(window, "set_min_size", 333, 222)
    await app.until(lambda: min_and_max(app)[0] == "333 by 222")
    await app.runtime.command(window, "set_min_size", 600, 400)
    await app.until(lambda: app.place()[2:] == (600, 400))


async def test_a_window_is_kept_above_others_and_no_longer(app: App) -> None:
    window = await app.open()
    await app.runtime.command(window, "set_on_top", True)
    await app.until(lambda: "_NET_WM_STATE_ABOVE" in app.xprop("_NET_WM_STATE"))
    await app.runtime.command(window, "set_on_top", False)
    await app.until(lambda: "_NET_WM_STATE_ABOVE" not in app.xprop("_NET_WM_STATE"))


async def test_an_icon_can_be_changed(app: App, tmp_path: Path) -> None:
    window = await app.open()
    icon = tmp_path / "icon.png"
    icon.write_bytes(png(24))
    await app.runtime.command(window, "set_icon", str(icon))
    await app.until(lambda: "Icon (24 x 24)" in app.xprop("_NET_WM_ICON"))


async def test_a_window_asks_for_attention_until_it_has_the_keyboard(app: App) -> None:
    window = await app.open()
    other = await app.open(title="other")
    await app.until(lambda: app.active() == int(app.window("other").handle, 16))
    await app.runtime.command(window, "request_attention", True)
    await app.until(lambda: "_NET_WM_STATE_DEMANDS_ATTENTION" in app.xprop("_NET_WM_STATE"))
    await app.runtime.command(window, "focus")
    await app.until(lambda: "_NET_WM_STATE_DEMANDS_ATTENTION" not in app.xprop("_NET_WM_STATE"))
    await app.runtime.command(other, "focus")
    await app.until(lambda: app.active() == int(app.window("other").handle, 16))
    assert "_NET_WM_STATE_DEMANDS_ATTENTION" not in app.xprop("_NET_WM_STATE")


async def test_zoom_scales_the_page(app: App) -> None:
    app.pages.html["/zoomed"] = "<script>onresize = () => fetch('/said/' + innerWidth)</script>"
    window = await app.open("zoomed")
    await app.runtime.command(window, "set_zoom", 2.0)
    await app.until_said("250")
    await app.runtime.command(window, "set_zoom", 1.0)
    await app.until_said("250", "500")


async def test_the_colour_behind_a_page_can_be_changed(app: App) -> None:
    window = await app.open()
    await app.runtime.command(window, "set_background", "#123456")
    await app.until(lambda: app.color(400, 200) == "#123456")
    await app.runtime.command(window, "set_background", None)
    await app.until(lambda: app.color(400, 200) == "#ffffff")


async def test_hiding_and_showing_and_the_keyboard_are_reported(app: App) -> None:
    window = await app.open()
    await app.listener.until_reported("visible", window)
    await app.listener.until_reported("focus", window)
    await app.open(title="other")
    await app.listener.until_reported("blur", window)
    await app.runtime.command(window, "hide")
    await app.listener.until_reported("hidden", window)
    await app.runtime.command(window, "show")
    await app.listener.until_reported("visible", window, times=2)
    await app.listener.until_reported("focus", window, times=2)


# With words in it, and said when they show: Chromium lets no press through to a page before there is something to see.
DRAGGED = (
    GREEN
    + """drag me<script>onmousedown = () => fetch('/said/down'); new PerformanceObserver(() =>
    requestAnimationFrame(() => setTimeout(() => fetch('/said/seen')))).observe({type: 'paint', buffered: true})
    </script>"""
)


async def test_a_page_lets_the_pointer_move_its_window(app: App) -> None:
    app.pages.html["/dragged"] = DRAGGED
    window = await app.open("dragged", x=100, y=80, frameless=True)
    await app.until_said("seen")
    app.point(100, 100, "mousedown", "1")
    await app.until_said("down")
    await app.runtime.command(window, "start_drag")
    try:
        await app.until(lambda: _moved(app) != (100, 80))
        assert app.place()[2:] == (500, 300)
    finally:
        app.screen.run("xdotool", "mouseup", "1")
    at = app.place()[:2]
    app.screen.run("xdotool", "mousemove_relative", "60", "60")
    await app.listener.until(lambda: (app.listener.geometries[window].x, app.listener.geometries[window].y) == at)
    assert app.place()[:2] == at


def _moved(app: App) -> tuple[int, int]:
    app.screen.run("xdotool", "mousemove_relative", "10", "10")
    return app.place()[:2]


async def test_a_page_lets_the_pointer_resize_its_window_by_an_edge(app: App) -> None:
    app.pages.html["/dragged"] = DRAGGED
    window = await app.open("dragged", x=100, y=80)
    await app.until_said("seen")
    app.point(490, 290, "mousedown", "1")
    await app.until_said("down")
    await app.runtime.command(window, "start_resize", "se")
    try:
        await app.until(lambda: _moved(app) and app.place()[2] > 520 and app.place()[3] > 320)
    finally:
        app.screen.run("xdotool", "mouseup", "1")
    await app.listener.until(lambda: app.listener.geometries[window].width > 520)


async def test_a_window_does_not_stick_to_a_pointer_whose_button_is_up(app: App) -> None:
    app.pages.html["/dragged"] = DRAGGED
    window = await app.open("dragged", x=100, y=80)
    await app.until_said("seen")
    app.point(100, 100, "click", "1")
    await app.until_said("down")
    before = app.place()
    await app.runtime.command(window, "start_drag")
    app.screen.run("xdotool", "mousemove_relative", "50", "50", "mousemove_relative", "5", "5")
    await app.runtime.command(window, "set_title", "one")  # whatever follows is obeyed later
    assert app.place() == before


async def test_a_page_is_printed_into_a_pdf_file(app: App, tmp_path: Path) -> None:
    app.pages.html["/print"] = "<h1>Printed</h1>"
    window = await app.open("print")
    path = tmp_path / "a page.pdf"
    await app.runtime.command(window, "print_page", str(path))
    assert path.read_bytes().startswith(b"%PDF")
    assert b"%%EOF" in path.read_bytes()[-64:]


async def test_the_dialog_for_printing_leaves_the_page_alive_and_ends_with_its_window(app: App) -> None:
    app.pages.html["/tick"] = "<script>setInterval(() => fetch('/said/tick'), 50)</script>"
    window = await app.open("tick")
    asked = asyncio.create_task(app.runtime.command(window, "print_page", None))
    await app.dialog("one")
    app.keys("Escape")
    assert await asyncio.wait_for(asked, 5) is None
    again = asyncio.create_task(app.runtime.command(window, "print_page", None))
    await app.dialog("one")
    ticks = len(app.pages.said())
    await app.until(lambda: len(app.pages.said()) > ticks + 3)
    await app.runtime.command(window, "set_title", "still obeys")
    await app.until(lambda: "still obeys" in app.screen.titles(app.runtime.pid))
    host = psutil.Process(app.runtime.pid)
    started_s = time.monotonic()
    await app.runtime.stop()
    assert time.monotonic() - started_s < 3
    assert not is_alive(host)
    await asyncio.wait_for(again, 5)


async def test_developer_tools_open_where_they_were_asked_for(app: App) -> None:
    window = await app.open(debug=True, width=900, height=700)
    before = len(web_processes(app.runtime.pid))
    await app.runtime.command(window, "open_devtools")
    await app.until(lambda: len(web_processes(app.runtime.pid)) > before)  # they are a page, too


async def test_a_window_without_debug_has_no_developer_tools(app: App) -> None:
    window = await app.open()
    with pytest.raises(NotSupported, match="debug"):
        await app.runtime.command(window, "open_devtools")


async def test_a_page_that_is_ended_is_reported_as_crashed_and_can_be_loaded_again(app: App) -> None:
    window = await app.open()
    [process] = web_processes(app.runtime.pid)
    await app.runtime.command(window, "end_page")
    await app.listener.until_reported("crashed", window)
    await app.until(lambda: not is_alive(process))
    await app.runtime.command(window, "load_url", app.pages.url)
    await app.listener.until_reported("loaded", window, times=2)


async def test_a_page_closes_its_window(app: App) -> None:
    app.pages.html["/closes"] = "<script>setTimeout(() => close(), 100)</script>"
    window = await app.runtime.open(app.spec("closes"))
    await app.listener.until_reported("closed", window)


async def test_a_page_that_closes_a_window_that_asks_only_asks(app: App) -> None:
    app.pages.html["/closes"] = "<script>setTimeout(() => close(), 100)</script>"
    window = await app.open("closes", confirm_close=True)
    await app.listener.until_reported("close_requested", window)
    assert app.listener.count("closed") == 0


@contextmanager
def watching_bus(address: str, interface: str) -> Iterator[list[str]]:
    """What dbus-monitor hears of an interface, as lines that grow while the context lasts."""
    command = ["dbus-monitor", "--address", address, f"interface='{interface}'"]
    monitor = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert monitor.stdout is not None
    os.set_blocking(monitor.stdout.fileno(), False)
    lines = _Lines(monitor.stdout.fileno())
    try:
        yield lines
    finally:
        monitor.terminate()
        monitor.wait(timeout=5)
        monitor.stdout.close()


class _Lines(list[str]):
    def __init__(self, fd: int) -> None:
        super().__init__()
        self._fd = fd

    def text(self) -> str:
        """All that was heard so far."""
        try:
            while data := os.read(self._fd, 65536):
                self.append(data.decode())
        except BlockingIOError:
            pass
        return re.sub(r"\s+", " ", "".join(self))


async def test_progress_goes_over_the_bus_to_docks(session_bus: str, app: App) -> None:
    window = await app.open()
    with watching_bus(session_bus, "com.canonical.Unity.LauncherEntry") as heard:
        assert isinstance(heard, _Lines)
        await app.until(lambda: "NameAcquired" in heard.text())
        await app.runtime.command(window, "set_progress", 0.25)
        await app.until(lambda: "double 0.25" in heard.text() and "boolean true" in heard.text())
        assert 'string "application://org.example.windows.desktop"' in heard.text()
        assert "boolean false" not in heard.text()
        await app.runtime.command(window, "set_progress", None)
        await app.until(lambda: "boolean false" in heard.text())
