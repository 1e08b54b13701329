"""What Windows is told, as plain data."""

from __future__ import annotations

import ctypes
import json
import sys

import pytest

from deskapp.runtime.base import SERVICE_ARGUMENTS
from deskapp.runtime.menu import ROLES
from deskapp.runtime.webview.winforms import _plan as plan
from deskapp.runtime.webview.winforms._plan import Box
from deskapp.runtime.window import Screen, WindowSpec

SPEC = WindowSpec(url="http://127.0.0.1:1/")


def test_edges_are_the_hit_test_codes_of_winuser_h() -> None:
    assert plan.HIT_EDGES == {"w": 10, "e": 11, "n": 12, "nw": 13, "ne": 14, "s": 15, "sw": 16, "se": 17}


@pytest.mark.parametrize(("dpi", "device"), [(96, 101), (120, 126), (144, 152), (192, 202)])
def test_sizes_survive_the_way_to_device_pixels_and_back(dpi: int, device: int) -> None:
    assert plan.to_device(101, dpi) == device
    assert plan.to_logical(device, dpi) == 101


def test_a_place_in_a_zoomed_page() -> None:
    assert plan.page_point(10, 20, 1.5, 192) == (30, 60)


def test_a_frame_is_centered_in_the_work_area_and_never_beyond_its_corner() -> None:
    area = Box(1920, 40, 1920, 1040)
    assert plan.centered((800, 600), area) == (2480, 260)
    assert plan.centered((3000, 2000), area) == (1920, 40)


def test_a_screen_has_the_fields_of_screens_in_logical_pixels() -> None:
    values = plan.screen(r"\\.\DISPLAY2", Box(2880, 0, 2880, 1800), Box(2880, 0, 2880, 1740), 144, is_primary=False)
    found = Screen(**values)  # type: ignore[arg-type]
    assert (found.name, found.x, found.y, found.width, found.height) == ("DISPLAY2", 1920, 0, 1920, 1200)
    assert list(found.work_area) == [1920, 0, 1920, 1160]
    assert (found.scale, found.is_primary) == (1.5, False)


@pytest.mark.parametrize(("value", "theme"), [(0, "dark"), (1, "light"), (None, "light")])
def test_the_theme_is_what_apps_shall_use(value: object, theme: str) -> None:
    assert plan.theme(value) == theme
    assert plan.rgb(plan.BACKGROUNDS[theme])


@pytest.mark.parametrize(("color", "values"), [("#08f", (0, 136, 255)), ("#102030", (16, 32, 48))])
def test_colors_are_three_numbers(color: str, values: tuple[int, int, int]) -> None:
    assert plan.rgb(color) == values


@pytest.mark.parametrize(
    ("fraction", "told"),
    [(None, (0, 0)), (-1, (1, 0)), (0.0, (2, 0)), (0.256, (2, 256)), (1.0, (2, 1000)), (7, (2, 1000))],
)
def test_progress_is_a_state_and_a_value(fraction: float | None, told: tuple[int, int]) -> None:
    assert plan.progress(fraction) == told


def test_attention_is_asked_for_on_the_task_bar_until_the_user_comes() -> None:
    assert plan.flash(True) == 0x2 | 0xC
    assert plan.flash(False) == 0


@pytest.mark.parametrize(
    ("filters", "text", "extension"),
    [
        ([], "", ""),
        ([("Images", ["*.png"])], "Images (*.png)|*.png", "png"),
        ([("A", ["*.tar.gz", "*.b"]), ("All", ["*"])], "A (*.tar.gz;*.b)|*.tar.gz;*.b|All (*.*)|*.*", "gz"),
        ([("this|that", ["*.txt"])], "this/that (*.txt)|*.txt", "txt"),
        ([("All", ["*"])], "All (*.*)|*.*", ""),
        ([("Data", ["data?.*", "*.dat"])], "Data (data?.*;*.dat)|data?.*;*.dat", "dat"),
    ],
)
def test_filters_of_file_dialogs(filters: list[tuple[str, list[str]]], text: str, extension: str) -> None:
    assert plan.file_filter(filters) == text
    assert plan.default_extension(filters) == extension
    assert text.count("|") == max(0, 2 * len(filters) - 1)  # WinForms refuses any other number


def test_message_boxes_answer_with_the_number_of_a_button() -> None:
    ids = plan.button_ids(3)
    assert ids == [100, 101, 102]
    assert [plan.chosen_button(id, count=3, cancel=2) for id in ids] == [0, 1, 2]
    assert plan.chosen_button(plan.ID_CANCEL, count=3, cancel=2) == 2
    assert plan.chosen_button(103, count=3, cancel=1) == 1
    assert all(f'"{kind}"' in SERVICE_ARGUMENTS["message"] for kind in plan.TASK_DIALOG_ICONS)


def test_pages_are_no_browser_unless_they_are_debugged() -> None:
    settings = plan.page_settings(SPEC)
    assert not settings["AreDevToolsEnabled"]
    assert not settings["AreBrowserAcceleratorKeysEnabled"]
    assert not settings["IsWebMessageEnabled"]
    debugged = plan.page_settings(WindowSpec(url=SPEC.url, debug=True))
    assert {key for key in settings if settings[key] != debugged[key]} == {
        "AreDevToolsEnabled",
        "AreBrowserAcceleratorKeysEnabled",
    }
    assert not plan.page_settings(WindowSpec(url=SPEC.url, context_menu=False))["AreDefaultContextMenusEnabled"]


@pytest.mark.parametrize(
    ("context_menu", "debug", "editable", "selection", "refused"),
    [
        (None, False, False, False, True),
        (None, False, True, False, False),
        (None, False, False, True, False),
        (None, True, False, False, False),
        (True, False, False, False, False),
        (False, True, True, True, True),
    ],
)
def test_context_menus_are_shown_where_there_is_text(
    context_menu: bool | None, debug: bool, editable: bool, selection: bool, refused: bool
) -> None:
    spec = WindowSpec(url=SPEC.url, context_menu=context_menu, debug=debug)
    assert plan.is_menu_refused(spec, is_editable=editable, has_selection=selection) is refused


def test_roles_that_edit_are_commands_of_the_devtools_protocol() -> None:
    assert set(plan.EDITING) < set(ROLES)
    assert json.loads(plan.editing_event("select_all")) == {"type": "rawKeyDown", "commands": ["selectAll"]}


def test_zoom_goes_in_steps_within_bounds() -> None:
    assert plan.zoomed(1.0, "zoom_in") == pytest.approx(1.1)
    assert plan.zoomed(plan.zoomed(1.5, "zoom_in"), "zoom_out") == pytest.approx(1.5)
    assert plan.zoomed(3.0, "zoom_reset") == 1.0
    assert (plan.zoomed(5.0, "zoom_in"), plan.zoomed(0.25, "zoom_out")) == (5.0, 0.25)


def test_icons_are_read_in_their_own_way() -> None:
    assert plan.is_icon_file(r"C:\a\B.ICO")
    assert not plan.is_icon_file("b.png")


@pytest.mark.skipif(sys.maxsize < 2**32, reason="the numbers are those of 64 bits")
def test_the_layouts_are_those_of_64_bit_windows() -> None:
    assert ctypes.sizeof(plan.FlashInfo) == 32
    assert plan.FlashInfo.dwFlags.offset == 16
    # commctrl.h packs the two of task dialogs without gaps.
    assert ctypes.sizeof(plan.TaskDialogButton) == 12
    assert ctypes.sizeof(plan.TaskDialogConfig) == 160
    assert plan.TaskDialogConfig.hwndParent.offset == 4
    assert plan.TaskDialogConfig.pszMainIcon.offset == 36
    assert plan.TaskDialogConfig.pButtons.offset == 64
    assert plan.TaskDialogConfig.cxWidth.offset == 156
