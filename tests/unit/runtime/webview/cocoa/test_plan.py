"""What macOS is told, as plain data."""

from __future__ import annotations

import pytest

from deskapp.runtime.base import SERVICE_ARGUMENTS
from deskapp.runtime.menu import ROLES, Menu, MenuItem, Separator, Shortcut
from deskapp.runtime.webview.cocoa import _plan as plan
from deskapp.runtime.webview.cocoa._plan import COMMAND, CONTROL, OPTION, SHIFT, Rect
from deskapp.runtime.window import Screen, WindowMode, WindowSpec

SPEC = WindowSpec(url="http://127.0.0.1:1/")
FIRST = 900.0  # height of the screen with the menu bar


def test_a_place_on_the_desktop_is_upside_down_and_back() -> None:
    frame = Rect(100, 200, 400, 300)
    assert plan.flipped(frame, FIRST) == Rect(100, 400, 400, 300)
    assert plan.flipped(plan.flipped(frame, FIRST), FIRST) == frame
    x, y = plan.frame_origin(100, 400, 300, FIRST)
    assert (x, y) == (100, 200)


def test_a_screen_above_the_first_has_negative_places() -> None:
    values = plan.screen("LG", Rect(0, 900, 1920, 1080), Rect(0, 900, 1920, 1056), FIRST, 2.0, is_primary=False)
    found = Screen(**values)  # type: ignore[arg-type]
    assert (found.x, found.y, found.width, found.height) == (0, -1080, 1920, 1080)
    assert list(found.work_area) == [0, -1056, 1920, 1056]  # below its menu bar
    assert (found.name, found.scale, found.is_primary) == ("LG", 2.0, False)


def test_a_window_grows_downwards() -> None:
    frame = Rect(50, 300, 400, 328)
    grown = plan.resized(frame, 600, 500, title_height=28)
    assert (grown.width, grown.height) == (600, 528)
    assert grown.y + grown.height == frame.y + frame.height
    assert grown.x == frame.x


def test_a_window_is_centered_with_its_title_bar_in_the_area() -> None:
    area = Rect(0, 70, 1440, 805)
    assert plan.centered(800, 600, area) == (320, 172.5)
    x, y = plan.centered(2000, 1000, area)
    assert (x, y + 1000) == (0, 875)


@pytest.mark.parametrize("is_flipped", [True, False])
def test_places_in_a_zoomed_page_go_both_ways(is_flipped: bool) -> None:
    x, y = plan.page_point(10, 20, 2.0, 500, is_flipped=is_flipped)
    assert (x, y) == (20, 40 if is_flipped else 460)
    assert plan.dropped_at(x, y, 2.0, 500, is_flipped=is_flipped) == (10, 20)


@pytest.mark.parametrize(
    ("text", "key", "mask"),
    [
        ("Mod+O", "o", COMMAND),
        ("Ctrl+Shift+S", "s", CONTROL | SHIFT),
        ("Alt+Super+F5", "\uf708", OPTION | COMMAND),
        ("F1", "\uf704", 0),
        ("F24", "\uf71b", 0),
        ("Mod+Plus", "+", COMMAND),
        ("Mod+Left", "\uf702", COMMAND),
        ("Mod+Delete", "\uf728", COMMAND),
        ("Cmd+Enter", "\r", COMMAND),
        ("Mod+Ö", "ö", COMMAND),
    ],
)
def test_shortcuts_are_key_equivalents(text: str, key: str, mask: int) -> None:
    assert plan.key_equivalent(Shortcut.parse(text)) == (key, mask)


def test_every_role_has_the_key_that_everybody_knows_unless_it_is_given_another() -> None:
    assert set(plan.ROLE_KEYS) == set(ROLES)
    assert plan.item_key(None, "copy") == ("c", COMMAND)
    assert plan.item_key(None, "redo") == ("z", COMMAND | SHIFT)
    assert plan.item_key("Mod+K", "copy") == ("k", COMMAND)
    assert plan.item_key(None, "") == ("", 0)
    keys = [plan.item_key(None, role) for role in ROLES]
    assert len(set(keys)) == len(keys)


def test_roles_are_messages_to_whoever_has_the_keyboard_or_are_ours() -> None:
    ours = {"zoom_in", "zoom_out", "zoom_reset", "quit"}
    assert set(plan.ROLE_SELECTORS) | ours == set(ROLES)
    assert all(selector.endswith(":") for selector in plan.ROLE_SELECTORS.values())
    assert {role for role in plan.EDIT_MENU if role} < set(plan.ROLE_SELECTORS)


def test_an_application_that_brings_editing_is_found_however_deep() -> None:
    menu = Menu([
        Separator(),
        MenuItem("File", submenu=Menu([MenuItem("Deep", submenu=Menu([MenuItem(role="copy")]))])),
    ]).to_wire()  # fmt: skip
    assert plan.has_role(menu, "copy")
    assert not plan.has_role(menu, "paste")
    assert plan.item_text("&Save && close") == "Save & close"


@pytest.mark.parametrize(
    ("filters", "types"),
    [
        ([], None),
        ([("Images", ["*.png", "*.jpg"]), ("Text", ["*.txt", "*.png"])], ["png", "jpg", "txt"]),
        ([("Archives", ["*.tar.gz"])], ["gz"]),
        ([("Images", ["*.png"]), ("All", ["*"])], None),
        ([("Odd", ["data*.bin"])], None),
    ],
)
def test_filters_become_one_list_of_endings(filters: list[tuple[str, list[str]]], types: list[str] | None) -> None:
    assert plan.file_types(filters) == types


def test_boxes_answer_with_the_number_of_a_button() -> None:
    assert [plan.chosen_button(1000 + number, count=3, cancel=2) for number in range(3)] == [0, 1, 2]
    assert plan.chosen_button(-1001, count=3, cancel=2) == 2
    assert plan.button_keys(3, default=0, cancel=2) == ["\r", "", "\x1b"]
    assert plan.button_keys(1, default=0, cancel=0) == ["\r"]
    assert all(f'"{kind}"' in SERVICE_ARGUMENTS["message"] for kind in plan.ALERT_STYLES)


def test_the_theme_is_the_better_match() -> None:
    assert plan.theme("NSAppearanceNameDarkAqua") == "dark"
    assert plan.theme("NSAppearanceNameAqua") == "light"
    assert plan.theme(None) == "light"
    assert plan.rgb("#f00") == (1.0, 0.0, 0.0)
    assert plan.rgb(plan.BACKGROUNDS["light"]) == (1.0, 1.0, 1.0)


def test_a_window_loses_its_corner_and_keeps_the_rest() -> None:
    mask = plan.STYLE_TITLED | plan.STYLE_CLOSABLE | plan.STYLE_RESIZABLE
    assert plan.style_with(mask, resizable=False) == plan.STYLE_TITLED | plan.STYLE_CLOSABLE
    assert plan.style_with(plan.style_with(mask, resizable=False), resizable=True) == mask


@pytest.mark.parametrize(
    ("context_menu", "debug", "text", "refused"),
    [
        (None, False, False, True),
        (None, False, True, False),
        (None, True, False, False),
        (True, False, False, False),
        (False, True, True, True),
    ],
)
def test_context_menus_are_shown_where_there_is_text(
    context_menu: bool | None, debug: bool, text: bool, refused: bool
) -> None:
    spec = WindowSpec(url=SPEC.url, context_menu=context_menu, debug=debug)
    assert plan.is_menu_refused(spec, is_text=text) is refused


def test_windows_begin_in_full_screen_when_told_so() -> None:
    assert [mode for mode in WindowMode if plan.begins_in_full_screen(WindowSpec(url=SPEC.url, mode=mode))] == [
        WindowMode.FULLSCREEN,
        WindowMode.KIOSK,
    ]


def test_zoom_goes_in_steps_within_bounds() -> None:
    assert plan.zoomed(plan.zoomed(1.5, "zoom_in"), "zoom_out") == pytest.approx(1.5)
    assert (plan.zoomed(5.0, "zoom_in"), plan.zoomed(0.25, "zoom_out"), plan.zoomed(3, "zoom_reset")) == (5, 0.25, 1)


def test_each_folder_has_a_profile_of_its_own_for_ever() -> None:
    assert plan.profile_id("/a") == plan.profile_id("/a")
    assert plan.profile_id("/a") != plan.profile_id("/b")
    assert str(plan.profile_id("/a")) == "332e892d-0e80-596a-a5c8-964d78cc3d84"
