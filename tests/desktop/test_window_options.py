"""How windows open, as the window system sees it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deskapp.runtime.webview.pywebview import PyWebview, PyWebviewGtk
from tests.desktop.pages import Pages
from tests.desktop.screen import Screen, wait_until
from tests.desktop.windowed import App, png

pytestmark = [pytest.mark.desktop, pytest.mark.once]

GREEN = "<body style='margin:0;background:#2f6f4f'><p>some words to select</p>"


async def test_a_frameless_window_has_the_pages_size_and_may_be_resized(app: App) -> None:
    await app.open(frameless=True, x=60, y=50)
    assert re.findall(r"\d+", app.xprop("_NET_FRAME_EXTENTS")) in (["0", "0", "0", "0"], ["1", "1", "1", "1"])
    assert app.place()[2:] == (500, 300)
    assert "maximum size" not in app.xprop("WM_NORMAL_HINTS")
    flags, _, decorations, *_ = re.findall(r"0x[0-9a-f]+", app.xprop("_MOTIF_WM_HINTS"))
    assert int(flags, 16) & 2
    assert decorations == "0x0"


async def test_a_frameless_window_is_resized_at_its_border(app: App) -> None:
    app.pages.html["/green"] = GREEN
    window = await app.open("green", frameless=True, x=100, y=80)
    await app.until(lambda: app.color(250, 150) == "#2f6f4f")
    app.point(499, 150, "mousedown", "1")
    try:
        await app.until(lambda: _wider(app) > 540)
    finally:
        app.screen.run("xdotool", "mouseup", "1")
    await app.listener.until(lambda: app.listener.geometries[window].width > 540)
    assert app.place()[3] == 300


def _wider(app: App) -> int:
    app.screen.run("xdotool", "mousemove_relative", "10", "0")
    return app.place()[2]


@pytest.fixture
def compositor(screen: Screen) -> Iterator[None]:
    """What mixes transparent windows with what is below them."""
    command = ["picom", "--backend", "xrender", "--config", "/dev/null"]
    picom = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: "_NET_WM_CM_S0" in _selections(screen), what="the compositor")
    yield
    picom.terminate()
    picom.wait(timeout=5)


def _selections(screen: Screen) -> str:
    """The compositing manager's window bears the name of its selection, in picom."""
    tree = screen.run("xwininfo", "-root", "-tree")
    return "_NET_WM_CM_S0" if "picom" in tree else ""


CLEAR = "<body style='margin:0;background:transparent'><p style='background:#2f6f4f;height:50px;margin:0'>"


async def test_the_desktop_shows_through_a_transparent_window(compositor: None, app: App) -> None:
    app.pages.html["/below"] = "<body style='background:#884422'>"
    app.pages.html["/clear"] = CLEAR
    await app.open("below", title="below", x=100, y=80, width=700, height=500)
    await app.until(lambda: app.color(350, 250, "below") == "#884422")
    await app.open("clear", transparent=True, frameless=True, x=200, y=180)
    await app.until(lambda: app.color(250, 20) == "#2f6f4f")
    await app.until(lambda: app.color(250, 200) == "#884422")


async def test_without_a_compositor_a_transparent_window_has_its_background(app: App) -> None:
    app.pages.html["/clear"] = CLEAR
    await app.open("clear", transparent=True, background="#446688")
    await app.until(lambda: app.color(250, 20) == "#2f6f4f")
    await app.until(lambda: app.color(250, 200) == "#446688")


async def test_a_window_opens_above_others(app: App) -> None:
    await app.open(on_top=True)
    await app.until(lambda: "_NET_WM_STATE_ABOVE" in app.xprop("_NET_WM_STATE"))


async def test_a_page_opens_at_its_zoom(app: App) -> None:
    # Chromium may run a page's first script before it has told it of its size and zoom.
    app.pages.html["/zoomed"] = "<script>(onresize = () => fetch('/said/' + innerWidth))()</script>"
    await app.open("zoomed", zoom=1.25)
    await app.until_said("400")


async def test_a_window_stays_above_its_parent(app: App) -> None:
    parent = await app.open(title="parent")
    child = await app.open(title="child", parent=parent)
    handle = int(app.window("parent").handle, 16)
    assert re.findall(r"0x[0-9a-f]+", app.xprop("WM_TRANSIENT_FOR", "child")) == [hex(handle)]
    assert "_NET_WM_STATE_MODAL" not in app.xprop("_NET_WM_STATE", "child")
    await app.runtime.destroy(parent)
    await app.listener.until_reported("closed", parent)
    await app.runtime.destroy(child)
    await app.listener.until_reported("closed", child)


CLICKS = GREEN + "<script>onclick = () => fetch('/said/' + location.search.slice(1))</script>"


async def test_a_modal_window_keeps_input_from_its_parent_only_and_only_while_it_is_open(app: App) -> None:
    app.pages.html["/clicks"] = CLICKS
    parent = await app.open("clicks?parent", title="parent", x=20, y=50)
    await app.open("clicks?other", title="other", x=20, y=450)
    child = await app.open("clicks?child", title="child", parent=parent, modal=True, x=700, y=50)
    assert "_NET_WM_STATE_MODAL" in app.xprop("_NET_WM_STATE", "child")
    for title in ("parent", "other", "child"):
        await app.until(lambda title=title: app.color(450, 250, title) == "#2f6f4f")  # type: ignore[misc]
        app.point(450, 250, "click", "1", title=title)
    await app.until_said("child", "other")
    assert "parent" not in app.pages.said()
    app.screen.close(app.runtime.pid, "parent")
    await app.runtime.destroy(child)
    await app.listener.until_reported("closed", child)
    assert app.listener.count("closed", parent) == 0
    app.point(450, 250, "click", "1", title="parent")
    await app.until_said("parent")


async def test_a_window_may_stay_out_of_the_task_bar(app: App) -> None:
    await app.open(skip_taskbar=True)
    await app.until(lambda: "_NET_WM_STATE_SKIP_TASKBAR" in app.xprop("_NET_WM_STATE"))


@pytest.mark.parametrize(
    ("wish", "on_text", "elsewhere"), [(None, True, False), (True, True, True), (False, False, False)]
)
async def test_where_the_engine_shows_its_context_menu(
    app: App, wish: bool | None, on_text: bool, elsewhere: bool
) -> None:
    app.pages.html["/menu"] = """<body style="margin:0;background:#2f6f4f"><input style="position:fixed;left:0;top:0;
        width:200px;height:100px" value=words><script>oncontextmenu = () => fetch('/said/asked')</script>"""
    await app.open("menu", context_menu=wish)
    await app.until(lambda: app.color(400, 200) == "#2f6f4f")
    for count, (x, y), is_shown in ((1, (100, 50), on_text), (2, (400, 200), elsewhere)):
        app.point(x, y, "click", "3")
        await app.until(lambda count=count: app.pages.said().count("asked") == count)  # type: ignore[misc]
        if is_shown:
            await app.until(app.popups)
            app.keys("Escape")
            await app.until(lambda: not app.popups())
        else:
            assert not await _comes_soon(app)


async def _comes_soon(app: App) -> bool:
    try:
        await app.until(app.popups, timeout_s=0.7)
    except AssertionError:
        return False
    return True


def reds(app: App) -> int:
    """How many pixels of a window are of the red that marks a misspelt word."""
    left, top, width, height = app.place()
    crop = f"{width}x{height}+{left}+{top}"
    text = app.screen.run("import", "-window", "root", "-crop", crop, "-depth", "8", "txt:-")
    found = 0
    for color in re.findall(r"#([0-9A-F]{6})", text):
        red, green, blue = (int(color[at : at + 2], 16) for at in (0, 2, 4))
        found += red > 150 and green < 120 and blue < 120
    return found


TEXT = """<body style="margin:0"><textarea autofocus style="width:480px;height:200px;font-size:30px;border:0;
    outline:0"></textarea>"""


@pytest.mark.parametrize("runtime_class", [PyWebviewGtk])  # Qt's dictionaries: test_qt_spelling
@pytest.mark.parametrize(("languages", "is_marked"), [(("en_US",), True), (None, False)])
async def test_misspelt_words_are_marked_where_spelling_is_checked(
    app: App, languages: tuple[str, ...] | None, is_marked: bool
) -> None:
    app.pages.html["/text"] = (
        TEXT + "<script>oninput = () => fetch('/said/' + document.activeElement.value.length)</script>"
    )
    # A window that checks makes the other prove that it is left alone.
    await app.open("text", title="checks", spell_check=("en_US",), x=20, y=20)
    await app.open("text", spell_check=languages, x=600, y=20)
    await app.until(lambda: app.active() == int(app.window().handle, 16))
    app.point(200, 100, "click", "1")
    app.type("wrxngly zzspelt words ")
    await app.until_said("22")
    if is_marked:
        await app.until(lambda: reds(app) > 20 or app.type("wrxngly "), timeout_s=8)
    else:
        app.point(200, 100, "click", "1", title="checks")
        app.type("wrxngly zzspelt words ")
        await app.until(lambda: _reds_of(app, "checks") > 20 or app.type("wrxngly "), timeout_s=8)
        assert reds(app) == 0


def _reds_of(app: App, title: str) -> int:
    left, top, width, height = app.place(title)
    crop = f"{width}x{height}+{left}+{top}"
    text = app.screen.run("import", "-window", "root", "-crop", crop, "-depth", "8", "txt:-")
    return len(re.findall(r"#(?:[C-F][0-9A-F])(?:[0-6][0-9A-F]){2}", text))


async def test_a_splash_picture_is_shown_in_the_middle_until_it_is_ended(app: App, tmp_path: Path) -> None:
    splash = tmp_path / "splash.png"
    splash.write_bytes(png(100))
    app.pages.html["/green"] = GREEN
    window = await app.open("green", splash=splash, background="#446688")
    await app.until(lambda: app.color(250, 150) == "#ff0000")
    assert app.color(215, 115) == "#ff0000"
    assert app.color(190, 90) == "#446688"
    await app.runtime.command(window, "hide_splash")
    await app.until(lambda: app.color(250, 150) == "#2f6f4f" and app.color(190, 90) == "#2f6f4f")
    await app.runtime.command(window, "hide_splash")


async def test_a_splash_picture_is_there_before_the_page_answers(app: App, tmp_path: Path) -> None:
    splash = tmp_path / "splash.png"
    splash.write_bytes(png(100))
    await app.runtime.open(app.spec("hang", splash=splash))
    await app.until(app.shown)
    await app.until(lambda: app.color(250, 150) == "#ff0000")


async def test_a_splash_picture_larger_than_its_window_is_made_smaller(app: App, tmp_path: Path) -> None:
    splash = tmp_path / "splash.png"
    splash.write_bytes(png(900))
    await app.runtime.open(app.spec("hang", splash=splash, background="#446688"))
    await app.until(app.shown)
    await app.until(lambda: app.color(250, 150) == "#ff0000")
    assert app.place()[2:] == (500, 300)
    assert app.color(20, 150) == "#446688"


async def test_a_splash_picture_that_cannot_be_read_leaves_a_window_without(app: App, tmp_path: Path) -> None:
    (tmp_path / "splash.png").write_text("no picture")
    app.pages.html["/green"] = GREEN
    await app.open("green", splash=tmp_path / "splash.png")
    await app.until(lambda: app.color(250, 150) == "#2f6f4f")


async def test_a_file_is_shown_and_nothing_is_served_for_it(app: App, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<title>from a file</title>" + GREEN)
    spec = app.spec()
    window = await app.runtime.open(type(spec)((tmp_path / "page.html").as_uri(), title="one", width=500, height=300))
    await app.listener.until_reported("loaded", window)
    await app.until(lambda: ("title", window, "from a file") in app.listener.reports)
    await app.until(lambda: app.color(250, 150) == "#2f6f4f")
    host = psutil.Process(app.runtime.pid)
    assert [each for each in host.net_connections("inet") if each.status == psutil.CONN_LISTEN] == []
    assert app.listener.count("loaded") == 1


async def test_a_hidden_window_loads_its_page_and_is_not_to_be_seen(app: App) -> None:
    app.pages.html["/says"] = "<script>fetch('/said/here')</script>"
    window = await app.open("says", visible=False)
    await app.until_said("here")
    assert app.shown() == []
    assert app.listener.count("visible") == 0
    await app.runtime.command(window, "show")
    await app.listener.until_reported("visible", window)
    await app.until(lambda: app.shown() and app.place()[2:] == (500, 300))


@pytest.mark.parametrize("runtime_class", [PyWebviewGtk])  # Qt asks the portal: test_qt_services
@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_a_window_without_a_background_has_that_of_the_theme(
    runtime_class: type[PyWebview], screen: Screen, pages: Pages, scheme: str, desktop: None
) -> None:
    pages.html["/asks"] = "<script>fetch('/said/' + matchMedia('(prefers-color-scheme: dark)').matches)</script>"
    app = App(runtime_class("org.example.windows"), screen, pages)
    await app.runtime.open(app.spec("hang"))
    await app.until(lambda: len(app.shown()) == 1)
    seen = []
    for _ in range(5):
        seen.append(app.color(250, 150))
    await app.open("asks", title="two")
    await app.until_said("true" if scheme == "dark" else "false")
    await app.until(lambda: (int(app.color(250, 150)[1:3], 16) < 64) == (scheme == "dark"))
    if scheme == "dark":
        assert "#ffffff" not in seen  # no flash, whenever one looks
    await app.runtime.stop()


@pytest.fixture
def desktop(scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings by which a desktop without a portal says whether it is dark."""
    settings = tmp_path / "config/gtk-3.0/settings.ini"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"[Settings]\ngtk-application-prefer-dark-theme={int(scheme == 'dark')}\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
