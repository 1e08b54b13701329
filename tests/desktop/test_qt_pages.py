"""What pages do in Qt's windows, and what is done to them: drops, downloads, fullscreen, files, dialogs."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deskapp.runtime.pywebview import PyWebview, PyWebviewQt
from tests.desktop.program import PROGRAMS
from tests.desktop.screen import Screen
from tests.desktop.windowed import App

pytestmark = [pytest.mark.desktop, pytest.mark.once]

# Chromium lets no press through to a page before there is something to see.
SEEN = """<script>new PerformanceObserver(() => requestAnimationFrame(() => setTimeout(() => fetch('/said/seen'))))
    .observe({type: 'paint', buffered: true})</script>"""


@pytest.fixture
def runtime_class() -> type[PyWebview]:
    return PyWebviewQt


@pytest.fixture
def drag(screen: Screen) -> Iterator[Callable[..., None]]:
    """Starts a window in the lower right corner out of which files can be dragged."""
    started = []

    def start(*paths: str) -> None:
        command = [sys.executable, str(PROGRAMS / "drag.py"), "1200", "800", *paths]
        started.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=5)


async def drop(app: App, x: int, y: int) -> None:
    """Drag from the source to a place in the window."""
    await app.until(lambda: "source" in app.screen.run("wmctrl", "-l"))
    left, top, _, _ = app.place()
    run = app.screen.run
    await app.until(lambda: "1280" in run("xdotool", "mousemove", "1280", "850", "getmouselocation"))
    run("xdotool", "mousedown", "1")
    for step in range(1, 11):  # drags begin, and targets answer, only after some way
        run("xdotool", "mousemove", str(1280 + (left + x - 1280) * step // 10), str(850 + (top + y - 850) * step // 10))
        await asyncio.sleep(0.03)
    for _ in range(4):
        run("xdotool", "mousemove_relative", "--", "1", "0", "mousemove_relative", "--", "-1", "0")
        await asyncio.sleep(0.05)
    run("xdotool", "mouseup", "1")


async def test_files_dropped_on_a_page_are_reported_with_their_paths_and_the_page_stays(
    app: App, drag: Callable[..., None], tmp_path: Path
) -> None:
    paths = [str(tmp_path / name) for name in ("a file.txt", "ü.txt")]
    for name in ("a file.txt", "ü.txt"):
        (tmp_path / name).write_text("content")
    app.pages.html["/plain"] = "<body style='background:#2f6f4f'>words" + SEEN
    window = await app.open("plain", x=100, y=80)
    await app.until_said("seen")
    drag(*paths)
    await drop(app, 200, 100)
    await app.listener.until_reported("dropped", window)
    [report] = [report for report in app.listener.reports if report[0] == "dropped"]
    assert report[2] == paths
    assert abs(report[3] - 200) <= 2  # type: ignore[operator]
    assert abs(report[4] - 100) <= 2  # type: ignore[operator]
    await app.runtime.command(window, "set_title", "one")  # after whatever the drop has begun
    assert app.listener.count("loaded", window) == 1
    assert app.color(400, 200) == "#2f6f4f"


async def test_the_pages_own_drop_goes_on_working_and_zoom_is_reckoned_with(
    app: App, drag: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("content")
    app.pages.html["/drops"] = (
        """<body style='background:#2f6f4f'>words<script>document.ondragover = event => event.preventDefault()
        document.ondrop = async event => { event.preventDefault(); const [file] = event.dataTransfer.files
            fetch('/said/' + [file.name, await file.text(), event.clientX, event.clientY].join()) }</script>"""
        + SEEN
    )
    window = await app.open("drops", x=100, y=80, zoom=2.0)
    await app.until_said("seen")
    drag(str(tmp_path / "a.txt"))
    await drop(app, 200, 100)
    await app.listener.until_reported("dropped", window)
    await app.until(lambda: any(word.startswith("a.txt") for word in app.pages.said()))
    [said] = [word for word in app.pages.said() if word.startswith("a.txt")]
    [report] = [report for report in app.listener.reports if report[0] == "dropped"]
    assert said == f"a.txt,content,{report[3]},{report[4]}"
    assert abs(report[3] - 100) <= 1  # type: ignore[operator]


DOWNLOADS = (
    """<body style="margin:0;font-size:80px"><a href="/file" download="data.bin" style="position:fixed;inset:0;
    background:#2f6f4f">get</a><script>setInterval(() => fetch('/said/tick'), 50)</script>"""
    + SEEN
)


async def start_download(app: App) -> None:
    app.pages.html["/file"] = "the data"
    app.pages.html["/downloads"] = DOWNLOADS
    await app.open("downloads")
    await app.until_said("seen")
    app.point(250, 150, "click", "1")
    await app.dialog("one")


async def test_a_download_goes_where_the_user_says_while_the_page_lives_on(app: App, tmp_path: Path) -> None:
    target = tmp_path / "chosen.bin"
    await start_download(app)
    ticks = len(app.pages.said())
    await app.until(lambda: len(app.pages.said()) > ticks + 3)
    app.keys("ctrl+a")
    app.type(str(target))
    app.keys("Return")
    await app.until(lambda: target.exists() and target.read_text() == "the data")
    await app.until(lambda: len(app.shown()) == 1)


async def test_a_download_that_is_cancelled_leaves_nothing_behind(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    await app.runtime.stop()  # the host that was started with the old environment
    await start_download(app)
    await app.until(lambda: [name for name in os.listdir(tmp_path) if name.startswith("deskapp-download-")])
    app.keys("Escape")
    await app.until(lambda: not [name for name in os.listdir(tmp_path) if name.startswith("deskapp-download-")])


async def test_an_element_fills_the_screen_and_gives_it_back(app: App) -> None:
    app.pages.html["/full"] = (
        """<body style="margin:0;background:#2f6f4f">words<div id=box style="background:#884422">box</div><script>
        onclick = () => document.fullscreenElement ? document.exitFullscreen() : box.requestFullscreen()
        document.onfullscreenchange = () => fetch('/said/' + (document.fullscreenElement ? 'full' : 'back'))
        </script>"""
        + SEEN
    )
    window = await app.open("full", x=100, y=80)
    seen = app.listener.geometries
    await app.until_said("seen")
    for leave in (lambda: app.point(250, 150, "click", "1"), lambda: app.keys("Escape")):
        app.point(250, 150, "click", "1")
        await app.listener.until(lambda: seen[window].fullscreen and seen[window].width == 1400)
        await app.until(lambda: app.screen.color_at(1300, 900) == "#884422")
        leave()
        await app.listener.until(lambda: not seen[window].fullscreen and seen[window].width == 500)
        await app.until(lambda: app.pages.said().count("full") == app.pages.said().count("back"))
    app.point(250, 150, "click", "1")
    await app.listener.until(lambda: seen[window].fullscreen)
    await app.runtime.command(window, "fullscreen", False)  # by other means than the page's
    await app.until(lambda: app.pages.said().count("back") == 3)


async def test_a_page_from_a_file_has_its_scripts_and_pictures_beside_it(app: App, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<title>page</title><script src='script.js'></script>")
    (tmp_path / "script.js").write_text("document.title = 'by a script'")
    spec = type(app.spec())((tmp_path / "page.html").as_uri(), title="one")
    window = await app.runtime.open(spec)
    await app.listener.until(lambda: ("title", window, "by a script") in app.listener.reports)
    (tmp_path / "script.js").write_text("document.title = 'and again'")
    await app.runtime.command(window, "load_url", (tmp_path / "page.html").as_uri())
    await app.listener.until(lambda: ("title", window, "and again") in app.listener.reports)


async def test_a_page_from_the_web_cannot_read_files(app: App, tmp_path: Path) -> None:
    (tmp_path / "secret.js").write_text("fetch('/said/read')")
    app.pages.html["/reads"] = f"""<script src="{(tmp_path / "secret.js").as_uri()}"
        onerror="fetch('/said/refused')"></script>"""
    await app.open("reads")
    await app.until_said("refused")
    assert "read" not in app.pages.said()


async def test_a_fixed_window_fills_the_screen_and_is_fixed_again(app: App) -> None:
    window = await app.open(resizable=False)
    seen = app.listener.geometries
    await app.runtime.command(window, "fullscreen", True)
    await app.listener.until(lambda: seen[window].fullscreen and seen[window].width == 1400)
    await app.runtime.command(window, "fullscreen", False)
    await app.listener.until(lambda: not seen[window].fullscreen and seen[window].width == 500)
    await app.until(lambda: "maximum size: 500 by 300" in app.xprop("WM_NORMAL_HINTS"))


async def test_what_waits_for_a_person_ends_with_its_window(app: App) -> None:
    app.pages.html["/words"] = "words" + SEEN
    window = await app.open("words")
    await app.open(title="other")
    await app.until_said("seen")
    runtime = app.runtime
    asked = [
        asyncio.create_task(runtime.service("file_dialog", window, kind="open", title="files")),
        asyncio.create_task(runtime.service("message", window, text="?", title="box", buttons=["A", "B"], cancel=1)),
    ]
    await app.until(lambda: {"files", "box"} <= set(app.screen.titles(runtime.pid)))
    await runtime.destroy(window)
    assert await asyncio.wait_for(asyncio.gather(*asked), 5) == [[], 1]
    await app.until(lambda: app.screen.titles(runtime.pid) == ["other"])


async def test_no_debug_window_opens_a_port(app: App) -> None:
    import psutil

    window = await app.open(debug=True)
    await app.runtime.command(window, "open_devtools")
    await app.until(lambda: len(app.shown()) == 2)
    family = [psutil.Process(app.runtime.pid), *psutil.Process(app.runtime.pid).children(recursive=True)]
    listening = [each for one in family for each in one.net_connections("inet") if each.status == psutil.CONN_LISTEN]
    assert listening == []
    await app.runtime.destroy(window)
    await app.until(lambda: app.shown() == [])
