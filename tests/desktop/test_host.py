"""The window host on a real screen: what pywebview and its toolkits do wrong is not to be seen from outside."""

from __future__ import annotations

import asyncio
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from deskapp.errors import RuntimeFailed
from deskapp.runtime.webview.pywebview import PyWebview, PyWebviewGtk, PyWebviewQt
from deskapp.runtime.window import WindowMode
from tests.desktop.pages import Pages
from tests.desktop.processes import descendants, is_alive, web_processes
from tests.desktop.screen import Screen, wait_until
from tests.desktop.windowed import App, png

pytestmark = [pytest.mark.desktop, pytest.mark.once]

APP_ID = "org.example.hosttest"
ROOT = Path(__file__).parents[2]


@pytest.fixture(params=[PyWebviewGtk, pytest.param(PyWebviewQt, marks=pytest.mark.long)])
def runtime_class(request: pytest.FixtureRequest) -> type[PyWebview]:
    found: type[PyWebview] = request.param
    return found


@pytest.fixture
async def app(runtime_class: type[PyWebview], screen: Screen, pages: Pages) -> AsyncIterator[App]:
    app = App(runtime_class(APP_ID), screen, pages)
    yield app
    await app.runtime.stop()


async def test_the_window_system_knows_the_application_by_its_id_title_and_size(app: App) -> None:
    await app.open(title="A title", width=640, height=360)
    [window] = app.shown()
    assert (window.title, window.width, window.height) == ("A title", 640, 360)
    assert window.wm_class.split(".")[:3] == APP_ID.split(".")


async def test_an_icon_file_becomes_the_windows_icon(app: App, tmp_path: Path) -> None:
    icon = tmp_path / "icon.png"
    icon.write_bytes(png(16))
    await app.open(icon=icon)
    [window] = app.shown()
    assert "Icon (16 x 16)" in app.screen.run("xprop", "-id", window.handle, "_NET_WM_ICON")


async def test_an_icon_that_cannot_be_read_leaves_a_window_without(app: App, tmp_path: Path) -> None:
    icon = tmp_path / "icon.png"
    icon.write_text("no picture")
    await app.open(icon=icon)
    assert len(app.shown()) == 1


@pytest.mark.parametrize("mode", [WindowMode.MAXIMIZED, WindowMode.FULLSCREEN, WindowMode.KIOSK])
async def test_a_window_opens_in_its_mode(app: App, mode: WindowMode) -> None:
    window = await app.open(mode=mode)
    seen = app.listener.geometries
    wished = "maximized" if mode is WindowMode.MAXIMIZED else "fullscreen"
    await app.listener.until(lambda: window in seen and getattr(seen[window], wished) and seen[window].width == 1400)


async def test_the_background_shows_until_the_page_paints(app: App) -> None:
    await app.runtime.open(app.spec("hang", background="#2f6f4f"))
    await app.until(lambda: app.screen.color_at(700, 500) == "#2f6f4f")


async def test_the_page_sees_nothing_of_pywebview_and_may_select_text(app: App) -> None:
    app.pages.html["/probe"] = """<p id=p>text<script>
        setTimeout(() => fetch("/said/" + [typeof window.pywebview, typeof window.qt, getComputedStyle(p).userSelect
            || getComputedStyle(p).webkitUserSelect, typeof window.webkit?.messageHandlers?.jsBridge].join()), 300)
        </script>"""
    await app.open("probe")
    await app.until(app.pages.said)
    kinds = app.pages.said()[0].split(",")
    assert kinds[:2] == ["undefined", "undefined"]
    assert kinds[2] in ("auto", "text")
    assert kinds[3] == "undefined"


async def test_pages_have_local_storage_even_when_nothing_is_kept(app: App) -> None:
    app.pages.html["/probe"] = "<script>localStorage.a = 'kept'; fetch('/said/' + localStorage.a)</script>"
    await app.open("probe")
    await app.until_said("kept")


async def test_windows_of_one_application_share_storage_and_find_it_again(
    runtime_class: type[PyWebview], screen: Screen, pages: Pages, tmp_path: Path
) -> None:
    pages.html["/set"] = "<script>localStorage.a = 'kept'; fetch('/said/set')</script>"
    pages.html["/get"] = "<script>fetch('/said/' + location.search.slice(1) + localStorage.a)</script>"
    first = App(runtime_class(APP_ID, storage=tmp_path), screen, pages)
    await first.open("set")
    await first.until_said("set")
    await first.open("get?same-", title="two")
    await first.until_said("same-kept")
    await first.runtime.stop()
    second = App(runtime_class(APP_ID, storage=tmp_path), screen, pages)
    await second.open("get?later-")
    await second.until_said("later-kept")
    await second.runtime.stop()


async def test_the_page_of_a_closed_window_stops_while_others_stay(app: App) -> None:
    app.pages.html["/tick"] = "<script>setInterval(() => fetch('/said/tick'), 20)</script>"
    ticking = await app.open("tick", title="ticking")
    await app.until_said("tick")
    await app.open(title="other")
    before = len(web_processes(app.runtime.pid))
    app.screen.close(app.runtime.pid, "ticking")
    await app.listener.until_reported("closed", ticking)
    await app.until(lambda: len(web_processes(app.runtime.pid)) == before - 1)
    ticks = len(app.pages.said())
    await app.open(title="third")  # takes longer than many ticks
    assert len(app.pages.said()) <= ticks + 1
    assert [window.title for window in app.shown()] == ["other", "third"]


async def test_a_page_that_cannot_be_had_is_not_reported_as_loaded(app: App) -> None:
    window = await app.open()
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        await app.runtime.command(window, "load_url", f"http://127.0.0.1:{nobody.getsockname()[1]}/")
        await asyncio.sleep(0.5)  # the span in which a refused connection is noticed
    assert app.listener.count("loaded") == 1
    await app.runtime.command(window, "load_url", app.pages.url)
    await app.listener.until_reported("loaded", window, times=2)


def _is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or not is_alive(psutil.Process(pid))


@pytest.mark.long
@pytest.mark.timeout(90)  # twenty hosts, one after the other
async def test_a_window_closed_right_after_its_page_loaded_always_ends(app: App) -> None:
    for _ in range(20):
        window = await app.open()
        pid = app.runtime.pid
        assert pid is not None
        await app.runtime.destroy(window)
        await app.listener.until_reported("closed", window, timeout_s=2)
        await app.until(functools.partial(_is_gone, pid), timeout_s=2)
    assert app.listener.errors == []


async def test_a_window_closed_before_its_page_loaded_ends(app: App) -> None:
    window = await app.runtime.open(app.spec("hang"))
    await app.runtime.destroy(window)
    await app.listener.until_reported("closed", window, timeout_s=2)


async def test_a_hung_application_loses_its_vote_after_five_seconds(app: App) -> None:
    window = await app.open(confirm_close=True)
    app.screen.close(app.runtime.pid, "one")
    pressed_at_s = time.monotonic()
    wait_until(lambda: not app.shown(), timeout_s=7)  # blocks the loop, which is the point
    assert time.monotonic() - pressed_at_s > 4.5
    await app.listener.until_reported("closed", window)


async def test_a_second_press_closes_a_window_of_a_hung_application(app: App) -> None:
    await app.open(confirm_close=True)
    app.screen.close(app.runtime.pid, "one")
    pressed_at_s = time.monotonic()
    wait_until(lambda: time.monotonic() - pressed_at_s > 1.1)
    app.screen.close(app.runtime.pid, "one")
    wait_until(lambda: not app.shown(), timeout_s=2)


async def test_an_application_that_takes_its_time_to_decide_is_not_overruled(app: App) -> None:
    window = await app.open(confirm_close=True)
    app.screen.close(app.runtime.pid, "one")
    await app.listener.until_reported("close_requested", window)
    await asyncio.sleep(5.5)  # the span in question
    assert len(app.shown()) == 1


async def test_whether_a_window_asks_can_be_changed(app: App) -> None:
    window = await app.open()
    await app.runtime.command(window, "set_confirm_close", True)
    app.screen.close(app.runtime.pid, "one")
    await app.listener.until_reported("close_requested", window)
    await app.runtime.command(window, "set_confirm_close", False)
    app.screen.close(app.runtime.pid, "one")
    await app.listener.until_reported("closed", window)


@pytest.mark.parametrize("target", ["", "target=_blank"])
async def test_links_that_lead_out_open_in_the_users_browser(
    app: App, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    app.pages.html["/links"] = f"""<body style="margin:0"><a {target} href="https://example.org/there"
        style="position:fixed;inset:0;background:#2f6f4f">out</a>"""
    await app.open("links")
    await click(app, lambda: opened)
    assert opened == ["https://example.org/there"]
    assert app.listener.count("loaded") == 1


async def test_links_within_the_application_stay_in_the_window(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    app.pages.html["/links"] = """<body style="margin:0"><a href="/inside"
        style="position:fixed;inset:0;background:#2f6f4f">in</a>"""
    app.pages.html["/inside"] = "<script>fetch('/said/inside')</script>"
    await app.open("links")
    await click(app, app.pages.said)
    assert (app.pages.said(), opened) == (["inside"], [])


async def test_a_download_asks_where_to_and_does_not_keep_the_host_from_ending(app: App) -> None:
    app.pages.html["/file"] = "data"
    app.pages.html["/links"] = """<body style="margin:0"><a href="/file" download="data.bin"
        style="position:fixed;inset:0;background:#2f6f4f">get</a>"""
    await app.open("links")
    host = psutil.Process(app.runtime.pid)
    await click(app, lambda: len(app.shown()) == 2)
    started_s = time.monotonic()
    await app.runtime.stop()
    assert time.monotonic() - started_s < 2
    assert not is_alive(host)


async def click(app: App, has_worked: Callable[[], object]) -> None:
    """Click into the window's middle once its page is painted."""
    [window] = app.shown()
    place = app.screen.run("xdotool", "getwindowgeometry", "--shell", str(int(window.handle, 16)))
    values = dict(line.split("=") for line in place.splitlines())
    x, y = int(values["X"]) + window.width // 2, int(values["Y"]) + window.height // 2
    await app.until(lambda: app.screen.color_at(x, y) == "#2f6f4f")
    app.screen.run("xdotool", "mousemove", str(x), str(y), "click", "1")
    await app.until(has_worked)


async def test_a_host_that_cannot_reach_a_screen_says_so_in_its_last_words(
    runtime_class: type[PyWebview], screen: Screen, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":987")
    app = App(runtime_class(APP_ID), screen, pages)
    with pytest.raises(RuntimeFailed, match=r"display|Gdk|xcb") as caught:
        await app.runtime.open(app.spec())
    assert caught.value.exit_code not in (None, 0)
    assert app.listener.reports == []
    await app.runtime.stop()


async def test_the_host_is_out_of_reach_of_the_terminals_ctrl_c(app: App) -> None:
    await app.open()
    assert app.runtime.pid is not None
    assert os.getsid(app.runtime.pid) == app.runtime.pid != os.getsid(0)


async def test_modules_in_the_users_folder_do_not_reach_the_host(
    runtime_class: type[PyWebview], screen: Screen, pages: Pages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("queue.py", "webview.py", "deskapp.py"):
        (tmp_path / name).write_text("raise RuntimeError('the wrong one')")
    monkeypatch.chdir(tmp_path)
    app = App(runtime_class(APP_ID), screen, pages)
    await app.open()
    assert psutil.Process(app.runtime.pid).cwd() == str(tmp_path)
    await app.runtime.stop()


APPLICATION = """
import asyncio, sys
from deskapp.runtime.base import RuntimeListener
from deskapp.runtime.select import select
from deskapp.runtime.window import WindowSpec
class Quiet(RuntimeListener):
    def window_loaded(self, window):
        print(runtime.pid, flush=True)
[cls] = select(sys.argv[1])
runtime = cls("org.example.orphan")
runtime.start(Quiet())
async def main():
    await runtime.open(WindowSpec(sys.argv[2]))
    await asyncio.Event().wait()
asyncio.run(main())
"""


def test_an_application_killed_outright_leaves_no_window_and_no_process(
    runtime_class: type[PyWebview], screen: Screen, pages: Pages
) -> None:
    command = [sys.executable, "-c", APPLICATION, runtime_class.name, pages.url]
    application = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert application.stdout is not None
    host = psutil.Process(int(application.stdout.readline()))
    family = [host, *descendants(host.pid)]
    application.send_signal(signal.SIGKILL)
    application.wait()
    application.stdout.close()
    wait_until(lambda: not any(is_alive(process) for process in family), timeout_s=2)


IN_PROCESS = """
import asyncio, json, sys, threading
from deskapp.runtime.base import RuntimeListener
from deskapp.runtime.select import select
from deskapp.runtime.window import WindowSpec
seen = []
class Listener(RuntimeListener):
    def window_loaded(self, window):
        seen.append("loaded"); loaded.set()
    def window_closed(self, window):
        seen.append("closed")
[cls] = select(sys.argv[1])
runtime = cls("org.example.inproc", inproc=True)
runtime.start(Listener())
async def work():
    global loaded
    loaded = asyncio.Event()
    window = await runtime.open(WindowSpec(sys.argv[2]))
    await asyncio.wait_for(loaded.wait(), 10)
    await runtime.command(window, "set_title", "in process")
    await runtime.stop()
thread = threading.Thread(target=lambda: asyncio.run(work()))
thread.start()
runtime.host.run()
thread.join()
print(json.dumps(seen), flush=True)
import os; os._exit(0)
"""


def test_a_host_can_run_on_the_applications_main_thread(
    runtime_class: type[PyWebview], screen: Screen, pages: Pages
) -> None:
    command = [sys.executable, "-c", IN_PROCESS, runtime_class.name, pages.url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == ["loaded", "closed"]
