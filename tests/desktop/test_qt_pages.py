"""What pages do in Qt's windows beyond what both toolkits are tested for: downloads, fullscreen, files, ports."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest

from deskapp.runtime.webview.pywebview import PyWebview, PyWebviewQt
from tests.desktop.windowed import App

pytestmark = [pytest.mark.desktop, pytest.mark.once]

# Chromium lets no press through to a page before there is something to see.
SEEN = """<script>new PerformanceObserver(() => requestAnimationFrame(() => setTimeout(() => fetch('/said/seen'))))
    .observe({type: 'paint', buffered: true})</script>"""


@pytest.fixture
def runtime_class() -> type[PyWebview]:
    return PyWebviewQt


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
    for key in ("", "Escape"):
        app.point(250, 150, "click", "1")
        await app.listener.until(lambda: seen[window].fullscreen and seen[window].width == 1400)
        await app.until(lambda: app.screen.color_at(1300, 900) == "#884422")
        if key:
            app.keys(key)
        else:
            app.point(250, 150, "click", "1")
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


async def test_no_debug_window_opens_a_port(app: App) -> None:
    window = await app.open(debug=True)
    await app.runtime.command(window, "open_devtools")
    await app.until(lambda: len(app.shown()) == 2)
    family = [psutil.Process(app.runtime.pid), *psutil.Process(app.runtime.pid).children(recursive=True)]
    listening = [each for one in family for each in one.net_connections("inet") if each.status == psutil.CONN_LISTEN]
    assert listening == []
    await app.runtime.destroy(window)
    await app.until(lambda: app.shown() == [])
