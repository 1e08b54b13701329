"""What pages themselves wish of their window: questions, the whole screen, printing, permissions."""

from __future__ import annotations

import pytest

from deskapp.runtime.menu import Menu, MenuItem
from tests.desktop.windowed import App

pytestmark = [pytest.mark.desktop, pytest.mark.once]

GREEN = "<body style='margin:0;background:#2f6f4f;height:100vh'>"
TICKS = "<script>setInterval(() => fetch('/said/tick'), 50)</script>"


@pytest.mark.parametrize(
    ("question", "keys", "answer"),
    [
        ("alert('words')", ["Return"], "undefined"),
        ("confirm('words?')", ["Return"], "true"),
        ("confirm('words?')", ["Escape"], "false"),
        ("prompt('words?', 'old')", ["n", "e", "w", "Return"], "new"),
    ],
)
async def test_a_question_of_a_page_holds_up_no_other_page_and_no_command(
    app: App, question: str, keys: list[str], answer: str
) -> None:
    app.pages.html["/ticks"] = TICKS
    app.pages.html["/asks"] = f"{GREEN}<script>onclick = () => fetch('/said/' + {question})</script>"
    await app.open("ticks", title="other", x=20, y=500)
    window = await app.open("asks", x=20, y=50)
    await app.until(lambda: app.color(250, 280) == "#2f6f4f")
    app.point(250, 280, "click", "1")
    await app.until(lambda: app.color(250, 280) != "#2f6f4f" or len(app.shown()) == 3)
    ticks = len(app.pages.said())
    if app.runtime.toolkit == "gtk":  # in Qt the network of all pages waits with the one that asks
        await app.until(lambda: len(app.pages.said()) > ticks + 3)
    await app.runtime.command(window, "resize", 510, 310)
    await app.until(lambda: app.place()[2:] == (510, 310))
    app.keys(*keys)
    await app.until_said(answer)


async def test_an_element_fills_the_screen_and_comes_back_also_under_a_menu_bar(app: App) -> None:
    app.pages.html["/fills"] = """<body style="margin:0;background:#446688;height:100vh"><div id=box
        style="width:100px;height:100px;background:#2f6f4f" onclick="box.requestFullscreen()"></div>"""
    window = await app.open("fills", x=100, y=80)
    await app.runtime.command(window, "set_menu", Menu([MenuItem("File", submenu=Menu([MenuItem("x")]))]).to_wire())
    await app.until(lambda: app.place()[3] > 300)
    height = app.place()[3] - 300
    await app.until(lambda: app.color(50, height + 50) == "#2f6f4f")
    app.point(50, height + 50, "click", "1")
    seen = app.listener.geometries
    await app.listener.until(lambda: seen[window].fullscreen)
    await app.until(lambda: all(app.screen.color_at(x, y) == "#2f6f4f" for x, y in ((2, 2), (1390, 990))))
    app.keys("Escape")
    await app.listener.until(lambda: not seen[window].fullscreen)
    await app.until(lambda: app.color(300, height + 200) == "#446688" and app.place()[2:] == (500, 300 + height))


async def test_a_page_that_prints_gets_the_systems_dialog(app: App) -> None:
    app.pages.html["/prints"] = TICKS + "<script>setTimeout(print, 300)</script>"
    await app.open("prints")
    await app.dialog("one")
    app.keys("Escape")
    await app.until(lambda: len(app.shown()) == 1)
    ticks = len(app.pages.said())
    await app.until(lambda: len(app.pages.said()) > ticks + 3)


async def test_a_page_is_not_told_where_it_is(app: App) -> None:
    app.pages.html["/where"] = """<script>navigator.geolocation.getCurrentPosition(() => fetch('/said/told'),
        error => fetch('/said/refused-' + error.code))</script>"""
    await app.open("where")
    await app.until_said("refused-1")
