"""Files that the user drops on a page, by a program that speaks the window system's own protocol."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop.screen import Screen, wait_until
from tests.desktop.windowed import App

pytestmark = [pytest.mark.desktop, pytest.mark.once]

PROGRAM = Path(__file__).parent / "programs/drags.py"
TAKES = """<body style="margin:0;background:#2f6f4f;height:100vh"><script>
    ondragover = event => { event.preventDefault(); document.body.style.background = "#446688" };
    ondrop = event => { event.preventDefault();
        fetch("/said/" + [event.clientX, event.clientY].join()) }
    </script>"""
LEAVES = "<body style='margin:0;background:#2f6f4f;height:100vh'>"


@pytest.fixture
def drag(screen: Screen) -> Iterator[Callable[..., None]]:
    """Opens a window to drag files from, takes them up, and holds them over a place; letting go is left to the test."""
    programs = []

    def start(x: int, y: int, *paths: Path) -> None:
        program = subprocess.Popen([sys.executable, str(PROGRAM), "20", "700", *map(str, paths)])
        programs.append(program)
        wait_until(lambda: screen.titles(program.pid) == ["files"], what="the window to drag from")
        screen.run("xdotool", "mousemove", "60", "750", "mousedown", "1")
        screen.run("xdotool", "mousemove", "90", "740", "mousemove", "150", "700", "mousemove", "200", "600")
        screen.run("xdotool", "mousemove", str(x - 5), str(y - 5), "mousemove", str(x), str(y))

    yield start
    screen.run("xdotool", "mouseup", "1")
    for program in programs:
        program.terminate()
        program.wait(timeout=5)


def dropped(app: App) -> list[tuple[object, ...]]:
    return [report[2:] for report in app.listener.reports if report[0] == "dropped"]


async def test_dropped_files_are_told_with_their_paths_and_their_place_and_the_page_has_them_too(
    app: App, drag: Callable[..., None], tmp_path: Path
) -> None:
    files = [tmp_path / "one file.txt", tmp_path / "zwei ü%.txt"]
    for file in files:
        file.touch()
    app.pages.html["/takes"] = TAKES
    await app.open("takes", x=300, y=100, zoom=2.0)
    await app.until(lambda: app.color(250, 150) == "#2f6f4f")
    left, top, _, _ = app.place()
    drag(left + 200, top + 120, *files)
    await app.until(lambda: _held_over(app, left + 200, top + 120) == "#446688")  # the page takes part
    app.screen.run("xdotool", "mouseup", "1")
    await app.listener.until(lambda: dropped(app))
    [(paths, x, y)] = dropped(app)
    assert paths == [str(file) for file in files]
    assert (x, y) == pytest.approx((100, 60), abs=3)  # Qt wants to know of fewer movements than there are
    # Which files a page itself gets to see is the engine's affair: WebKitGTK has shown it none since CVE-2025-13947.
    await app.until_said(f"{x},{y}")


def _held_over(app: App, x: int, y: int) -> str:
    app.screen.run("xdotool", "mousemove", str(x + 1), str(y), "mousemove", str(x), str(y))
    return app.color(20, 20)


async def test_a_page_that_takes_no_files_stays_where_it_is(
    app: App, drag: Callable[..., None], tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    file.write_text("<body style='background:red'>")
    app.pages.html["/leaves"] = LEAVES
    window = await app.open("leaves", x=300, y=100)
    await app.until(lambda: app.color(250, 150) == "#2f6f4f")
    left, top, _, _ = app.place()
    drag(left + 200, top + 120, file)
    for _ in range(3):
        _held_over(app, left + 200, top + 120)
    app.screen.run("xdotool", "mouseup", "1")
    await app.listener.until(lambda: dropped(app))
    [(paths, x, y)] = dropped(app)
    assert (paths, x, y) == ([str(file)], pytest.approx(200, abs=6), pytest.approx(120, abs=6))
    await app.runtime.command(window, "set_zoom", 1.0)
    with pytest.raises(AssertionError):  # the span in which a page would load
        await app.until(lambda: app.color(250, 150) != "#2f6f4f", timeout_s=1.5)
    assert app.listener.count("loaded") == 1
