"""Menus of windows, used by pointer and keyboard."""

from __future__ import annotations

import asyncio
import time

import pytest

from deskapp.runtime.menu import Menu, MenuItem, Separator
from deskapp.runtime.window import WindowId
from tests.desktop.windowed import App

pytestmark = [pytest.mark.desktop, pytest.mark.once]

PAGE = """<body style="margin:0;background:#2f6f4f"><script>
    onresize = () => fetch('/said/' + innerWidth + 'x' + innerHeight);
    onkeydown = event => fetch('/said/key-' + event.key)</script>"""


def bar() -> Menu:
    """Numbers of the items: File 0, Open 1, Save as 2, Recent 3, first 4, Quit 5, View 6, Dark 7."""
    recent = Menu([MenuItem("&first")])
    file = Menu([
        MenuItem("&Open", shortcut="Ctrl+O"),
        MenuItem("&Save_as", shortcut="Ctrl+Shift+S", enabled=False),
        Separator(),
        MenuItem("&Recent", submenu=recent),
        MenuItem("&Quit && go", shortcut="F9"),
    ])  # fmt: skip
    return Menu([MenuItem("&File", submenu=file), MenuItem("&View", submenu=Menu([MenuItem("&Dark", checked=False)]))])


async def open_with(app: App, menu: Menu | None = None) -> tuple[WindowId, int]:
    """A window with a menu bar, and the bar's height."""
    app.pages.html["/menu"] = PAGE
    window = await app.open("menu", x=100, y=80)
    await app.until(lambda: app.color(250, 150) == "#2f6f4f")
    await app.runtime.command(window, "set_menu", (menu or bar()).to_wire())
    await app.until(lambda: app.place()[3] > 300)
    return window, app.place()[3] - 300


def chosen(app: App) -> list[object]:
    return [report[3] for report in app.listener.reports if report[0] == "menu" and report[2] == "bar"]


async def test_a_menu_bar_leaves_the_page_its_size(app: App) -> None:
    window, height = await open_with(app)
    await app.until(lambda: app.color(250, height + 5) == "#2f6f4f" and app.color(250, height + 299) == "#2f6f4f")
    assert app.color(250, height // 2) != "#2f6f4f"
    seen = app.listener.geometries
    await app.listener.until(lambda: (seen[window].width, seen[window].height) == (500, 300))
    await app.runtime.command(window, "resize", 520, 320)
    await app.until(lambda: app.place()[2:] == (520, 320 + height))
    await app.until_said("520x320")
    await app.listener.until(lambda: (seen[window].width, seen[window].height) == (520, 320))
    await app.runtime.command(window, "set_menu", None)
    await app.until(lambda: app.place()[2:] == (520, 320))
    await app.runtime.command(window, "set_menu", None)
    # The page never had another size. Chromium also tells it of the one that it opens with.
    assert {said for said in app.pages.said() if "x" in said} <= {"500x300", "520x320"}


async def test_an_item_is_chosen_with_the_pointer(app: App) -> None:
    _, height = await open_with(app)
    app.point(15, height // 2, "click", "1")
    await app.until(app.popups)
    [(x, y, _, _)] = app.popups()
    app.screen.run("xdotool", "mousemove", str(x + 20), str(y + 15), "click", "1")
    await app.listener.until(lambda: chosen(app) == [1])
    await app.until(lambda: not app.popups())


async def test_items_are_chosen_with_the_keyboard_also_in_submenus(app: App) -> None:
    await open_with(app)
    app.keys("alt+f")
    await app.until(app.popups)
    app.keys("r")
    await app.until(lambda: len(app.popups()) == 2)
    app.keys("f")
    await app.listener.until(lambda: chosen(app) == [4])


async def test_shortcuts_work_with_the_focus_in_the_page_and_only_of_items_that_can_be_chosen(app: App) -> None:
    _, height = await open_with(app)
    app.point(250, height + 150, "click", "1")
    app.keys("a")
    await app.until_said("key-a")
    app.keys("ctrl+shift+s", "ctrl+o", "F9")
    await app.listener.until(lambda: chosen(app) == [1, 5])
    assert "key-o" not in app.pages.said()


async def test_shortcuts_work_while_the_window_fills_the_screen(app: App) -> None:
    window, _ = await open_with(app)
    await app.runtime.command(window, "fullscreen", True)
    await app.until(lambda: app.place() == (0, 0, 1400, 1000))
    await app.until(lambda: app.color(700, 2) == "#2f6f4f")  # the page has all of it
    await app.listener.until(lambda: app.listener.geometries[window].height == 1000)
    app.keys("F9")
    await app.listener.until(lambda: chosen(app) == [5])
    await app.runtime.command(window, "fullscreen", False)
    await app.listener.until(lambda: app.listener.geometries[window].height == 300)


async def test_texts_marks_and_states_change_while_a_menu_is_open(app: App) -> None:
    menu = bar()
    window, _ = await open_with(app, menu)
    app.keys("alt+f")
    await app.until(app.popups)
    items = list(menu.items())
    items[1].text = "&X"
    items[2].enabled = True
    items[7].checked = True
    await app.runtime.command(window, "set_menu", menu.to_wire())
    assert len(app.popups()) == 1
    app.keys("x")
    await app.listener.until(lambda: chosen(app) == [1])
    await app.until(lambda: not app.popups())
    app.keys("alt+f")
    await app.until(app.popups)
    app.keys("s")
    await app.listener.until(lambda: chosen(app) == [1, 2])


async def test_a_mark_is_turned_on_and_off(app: App) -> None:
    menu = bar()
    window, _ = await open_with(app, menu)
    for count in (1, 2):
        app.keys("alt+v")
        await app.until(app.popups)
        app.keys("d")
        await app.listener.until(lambda count=count: chosen(app) == [7] * count)  # type: ignore[misc]
        await app.until(lambda: not app.popups())
        item = menu.item_at(7)
        assert item is not None
        item.checked = not item.checked
        await app.runtime.command(window, "set_menu", menu.to_wire())
    assert chosen(app) == [7, 7]  # what a program sets is no choice


EDIT = """<body style="margin:0;background:#2f6f4f"><input id=a autofocus value=words style="width:300px;height:60px">
    <script>oninput = () => fetch('/said/now-' + a.value); a.select();
    onresize = () => fetch('/said/' + innerWidth)</script>"""


async def test_roles_act_on_the_page_that_has_the_focus(app: App) -> None:
    app.pages.html["/edit"] = EDIT
    roles = [MenuItem(role=role, shortcut=key) for role, key in
        (("select_all", "F2"), ("cut", "F3"), ("paste", "F4"), ("undo", "F6"), ("zoom_in", "F7"), ("zoom_reset", "F8"))
    ]  # fmt: skip
    window = await app.open("edit")
    await app.until(lambda: app.color(400, 200) == "#2f6f4f")
    await app.runtime.command(window, "set_menu", Menu([MenuItem("Edit", submenu=Menu(roles))]).to_wire())
    await app.until(lambda: app.place()[3] > 300)
    app.keys("F2", "F3")
    await app.until_said("now-")
    app.keys("F4")
    await app.until_said("now-words")
    app.keys("F6")
    await app.until(lambda: app.pages.said().count("now-") == 2)
    app.keys("F7")
    await app.until(lambda: {"454", "455"} & set(app.pages.said()))
    app.keys("F8")
    await app.until(lambda: app.pages.said()[-1] == "500")
    await app.listener.until(lambda: chosen(app) == [1, 2, 3, 4, 5, 6])  # they are also told


async def test_roles_act_on_the_window(app: App) -> None:
    app.pages.html["/menu"] = PAGE
    roles = [MenuItem(role=role, shortcut=key) for role, key in (("fullscreen", "F2"), ("minimize", "F3"))]
    window = await app.open("menu", confirm_close=True)
    other = await app.open("menu", title="other")
    await app.runtime.command(window, "focus")
    menu = Menu([*roles, MenuItem(role="close", shortcut="F4"), MenuItem(role="quit", shortcut="F6")])
    await app.runtime.command(window, "set_menu", menu.to_wire())
    await app.until(lambda: app.place()[3] > 300 and app.active() == int(app.window().handle, 16))
    seen = app.listener.geometries
    app.keys("F2")
    await app.listener.until(lambda: seen[window].fullscreen)
    app.keys("F2")
    await app.listener.until(lambda: not seen[window].fullscreen)
    app.keys("F4")
    await app.listener.until_reported("close_requested", window)
    app.keys("F6")
    await app.listener.until_reported("closed", other)
    await app.listener.until_reported("close_requested", window, times=2)
    app.keys("F3")
    await app.listener.until(lambda: seen[window].minimized)


def popped() -> Menu:
    return Menu([MenuItem("&First"), Separator(), MenuItem("&More", submenu=Menu([MenuItem("&Second")]))])


@pytest.mark.parametrize(("keys", "item"), [(("f",), 0), (("m", "s"), 2), (("Escape",), None)])
async def test_a_menu_in_the_page_answers_the_chosen_item(app: App, keys: tuple[str, ...], item: int | None) -> None:
    app.pages.html["/menu"] = PAGE
    window = await app.open("menu", x=100, y=80, zoom=2.0)
    await app.until(lambda: app.color(250, 150) == "#2f6f4f")
    asked = asyncio.create_task(app.runtime.command(window, "popup_menu", popped().to_wire(), 60, 40))
    await app.until(app.popups)
    [(x, y, _, _)] = app.popups()
    left, top, _, _ = app.place()
    assert (x - left, y - top) == pytest.approx((120, 80), abs=12)
    for count, key in enumerate(keys, start=1):
        await app.until(lambda count=count: len(app.popups()) == count)  # type: ignore[misc]
        app.keys(key)
    assert await asyncio.wait_for(asked, 5) == item
    await app.until(lambda: not app.popups())


async def test_a_menu_in_the_page_ends_with_a_click_elsewhere_and_another_can_be_shown(app: App) -> None:
    app.pages.html["/menu"] = PAGE
    window = await app.open("menu", x=100, y=80)
    await app.until(lambda: app.color(250, 150) == "#2f6f4f")
    for _ in range(2):
        asked = asyncio.create_task(app.runtime.command(window, "popup_menu", popped().to_wire(), 60, 40))
        await app.until(app.popups)
        app.point(400, 250, "click", "1")
        assert await asyncio.wait_for(asked, 5) is None
        await app.until(lambda: not app.popups())


async def test_a_menu_in_the_page_ends_with_its_window(app: App) -> None:
    app.pages.html["/menu"] = PAGE
    window = await app.open("menu")
    await app.open(title="kept")
    await app.runtime.command(window, "focus")
    asked = asyncio.create_task(app.runtime.command(window, "popup_menu", popped().to_wire(), 60, 40))
    await app.until(app.popups)
    started_s = time.monotonic()
    await app.runtime.destroy(window)
    assert await asyncio.wait_for(asked, 5) is None
    await app.listener.until_reported("closed", window)
    assert time.monotonic() - started_s < 3
    await app.until(lambda: not app.popups())
