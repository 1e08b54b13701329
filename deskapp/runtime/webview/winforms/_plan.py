"""What Windows is told, as plain data: numbers of its interfaces, and the values that options and commands become.

Nothing here imports what exists on Windows only; the rest of this room hands these values on.
"""

from __future__ import annotations

import ctypes
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PureWindowsPath
from types import MappingProxyType

from deskapp.runtime.window import WindowSpec

PLAIN_DPI = 96

WM_NCLBUTTONDOWN = 0x00A1
HIT_CAPTION = 2
HIT_EDGES: Mapping[str, int] = MappingProxyType(
    {"w": 10, "e": 11, "n": 12, "nw": 13, "ne": 14, "s": 15, "sw": 16, "se": 17}
)
"""Codes of WM_NCHITTEST for the edges of a frame."""

FLASH_STOP, FLASH_TRAY, FLASH_UNTIL_FOREGROUND = 0, 2, 12

PROGRESS_NONE, PROGRESS_BUSY, PROGRESS_NORMAL = 0, 1, 2
PROGRESS_TOTAL = 1000

THEME_KEY = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
THEME_VALUE = "AppsUseLightTheme"
BACKGROUNDS: Mapping[str, str] = MappingProxyType({"light": "#ffffff", "dark": "#202020"})

POWER_MODES: Mapping[str, str] = MappingProxyType({"Suspend": "suspend", "Resume": "resume"})
"""Microsoft.Win32.PowerModes, as far as it concerns sleep."""

PAGE_ENDED = frozenset({"RenderProcessExited"})
ALL_PAGES_ENDED = frozenset({"BrowserProcessExited"})
"""CoreWebView2ProcessFailedKind: what `load_url` mends, and what nothing mends."""

TASK_DIALOG_ICONS: Mapping[str, int] = MappingProxyType(
    {"warning": 0xFFFF, "error": 0xFFFE, "info": 0xFFFD, "question": 0}
)
"""TD_WARNING_ICON and its like, as resource numbers; there is none for questions any more."""
FIRST_BUTTON = 100  # 1 to 9 are IDOK, IDCANCEL and so on
ID_CANCEL = 2
TDF_ALLOW_DIALOG_CANCELLATION, TDF_POSITION_RELATIVE_TO_WINDOW = 0x0008, 0x1000

EDITING: Mapping[str, str] = MappingProxyType({
    "undo": "undo", "redo": "redo", "cut": "cut", "copy": "copy", "paste": "paste", "select_all": "selectAll",
})  # fmt: skip
"""Roles of menu items, and the editing commands of Chromium that do them."""

ZOOM_STEP = 1.1
TOOLTIP_LENGTH = 63  # NotifyIcon refuses longer ones


@dataclass(frozen=True)
class Box:
    """A rectangle in device pixels."""

    x: int
    y: int
    width: int
    height: int


def to_device(value: float, dpi: int) -> int:
    """Logical pixels as device pixels."""
    return round(value * dpi / PLAIN_DPI)


def to_logical(value: float, dpi: int) -> int:
    """Device pixels as logical pixels."""
    return round(value * PLAIN_DPI / dpi)


def page_point(x: float, y: float, zoom: float, dpi: int) -> tuple[int, int]:
    """A place in CSS pixels of the page as device pixels of its control."""
    return to_device(x * zoom, dpi), to_device(y * zoom, dpi)


def centered(size: tuple[int, int], area: Box) -> tuple[int, int]:
    """Where a frame of `size` has its corner in the middle of `area`; never above or left of the area's own corner."""
    return area.x + max(0, (area.width - size[0]) // 2), area.y + max(0, (area.height - size[1]) // 2)


def screen(name: str, bounds: Box, work: Box, dpi: int, *, is_primary: bool) -> dict[str, object]:
    """A screen with the fields of `deskapp.runtime.window.Screen`."""
    x, y, width, height = (to_logical(value, dpi) for value in (bounds.x, bounds.y, bounds.width, bounds.height))
    area = [to_logical(value, dpi) for value in (work.x, work.y, work.width, work.height)]
    plain = name.removeprefix("\\\\.\\")
    return {
        "name": plain, "x": x, "y": y, "width": width, "height": height, "work_area": area, "scale": dpi / PLAIN_DPI,
        "is_primary": is_primary,
    }  # fmt: skip


def theme(apps_use_light: object) -> str:
    """``"dark"`` or ``"light"``, of the value in the registry; Windows before 10 has none, and is light."""
    return "dark" if apps_use_light == 0 else "light"


def rgb(color: str) -> tuple[int, int, int]:
    """Red, green and blue of ``#rgb`` or ``#rrggbb``."""
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def progress(fraction: float | None) -> tuple[int, int]:
    """State and value, out of `PROGRESS_TOTAL`, of a button in the task bar."""
    if fraction is None:
        return PROGRESS_NONE, 0
    if fraction < 0:
        return PROGRESS_BUSY, 0
    return PROGRESS_NORMAL, round(min(fraction, 1.0) * PROGRESS_TOTAL)


def flash(on: bool) -> int:
    """Flags of FlashWindowEx: only the task bar's button, until the user comes; or no longer."""
    return FLASH_TRAY | FLASH_UNTIL_FOREGROUND if on else FLASH_STOP


def file_filter(filters: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Filters of a file dialog as WinForms has them: ``"Images (*.png;*.jpg)|*.png;*.jpg"``."""
    parts = []
    for label, patterns in filters:
        shown = label.replace("|", "/")
        joined = ";".join("*.*" if pattern == "*" else pattern for pattern in patterns)
        parts.append(f"{shown} ({joined})|{joined}")
    return "|".join(parts)


def default_extension(filters: Sequence[tuple[str, Sequence[str]]]) -> str:
    """What a saved file's name gets if the user writes none: ``"png"``; empty if the first filter has none."""
    for pattern in filters[0][1] if filters else ():
        extension = pattern.rpartition(".")[2]
        if pattern.startswith("*.") and extension and "*" not in extension and "?" not in extension:
            return extension
    return ""


def is_icon_file(path: str) -> bool:
    """Whether System.Drawing.Icon reads it; other pictures are read as bitmaps first."""
    return PureWindowsPath(path).suffix.lower() == ".ico"


def page_settings(spec: WindowSpec) -> dict[str, bool]:
    """Properties of CoreWebView2Settings for a window."""
    return {
        "AreBrowserAcceleratorKeysEnabled": spec.debug,  # F5, Ctrl+P and their like belong to browsers
        "AreDefaultContextMenusEnabled": spec.context_menu is not False,  # then asked each time: `is_menu_refused`
        "AreDefaultScriptDialogsEnabled": True,
        "AreDevToolsEnabled": spec.debug,
        "AreHostObjectsAllowed": False,
        "IsBuiltInErrorPageEnabled": False,
        "IsScriptEnabled": True,
        "IsStatusBarEnabled": False,
        "IsSwipeNavigationEnabled": False,
        "IsWebMessageEnabled": False,
        "IsZoomControlEnabled": True,
    }


def is_menu_refused(spec: WindowSpec, *, is_editable: bool, has_selection: bool) -> bool:
    """Whether a context menu would only offer what belongs to a browser."""
    if spec.context_menu is not None:
        return not spec.context_menu
    return not (spec.debug or is_editable or has_selection)


def editing_event(role: str) -> str:
    """The parameters of Input.dispatchKeyEvent, of the DevTools protocol, that carry an editing command."""
    return json.dumps({"type": "rawKeyDown", "commands": [EDITING[role]]})


def zoomed(factor: float, role: str) -> float:
    """The zoom factor after a menu item with the role zoom_in, zoom_out or zoom_reset was chosen."""
    if role == "zoom_reset":
        return 1.0
    return max(0.25, min(5.0, factor * ZOOM_STEP if role == "zoom_in" else factor / ZOOM_STEP))


def button_ids(count: int) -> list[int]:
    """Numbers of a message box's buttons."""
    return [FIRST_BUTTON + number for number in range(count)]


def chosen_button(result: int, *, count: int, cancel: int) -> int:
    """Which button was pressed; `cancel` for a box that was closed."""
    number = result - FIRST_BUTTON
    return number if 0 <= number < count else cancel


class FlashInfo(ctypes.Structure):
    """FLASHWINFO."""

    _fields_ = (
        ("cbSize", ctypes.c_uint32),
        ("hwnd", ctypes.c_void_p),
        ("dwFlags", ctypes.c_uint32),
        ("uCount", ctypes.c_uint32),
        ("dwTimeout", ctypes.c_uint32),
    )


class TaskDialogButton(ctypes.Structure):
    """TASKDIALOG_BUTTON."""

    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("nButtonID", ctypes.c_int32), ("pszButtonText", ctypes.c_wchar_p))


class TaskDialogConfig(ctypes.Structure):
    """TASKDIALOGCONFIG; icons are numbers of resources in the field of a pointer."""

    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (
        ("cbSize", ctypes.c_uint32),
        ("hwndParent", ctypes.c_void_p),
        ("hInstance", ctypes.c_void_p),
        ("dwFlags", ctypes.c_uint32),
        ("dwCommonButtons", ctypes.c_uint32),
        ("pszWindowTitle", ctypes.c_wchar_p),
        ("pszMainIcon", ctypes.c_void_p),
        ("pszMainInstruction", ctypes.c_wchar_p),
        ("pszContent", ctypes.c_wchar_p),
        ("cButtons", ctypes.c_uint32),
        ("pButtons", ctypes.POINTER(TaskDialogButton)),
        ("nDefaultButton", ctypes.c_int32),
        ("cRadioButtons", ctypes.c_uint32),
        ("pRadioButtons", ctypes.c_void_p),
        ("nDefaultRadioButton", ctypes.c_int32),
        ("pszVerificationText", ctypes.c_wchar_p),
        ("pszExpandedInformation", ctypes.c_wchar_p),
        ("pszExpandedControlText", ctypes.c_wchar_p),
        ("pszCollapsedControlText", ctypes.c_wchar_p),
        ("pszFooterIcon", ctypes.c_void_p),
        ("pszFooter", ctypes.c_wchar_p),
        ("pfCallback", ctypes.c_void_p),
        ("lpCallbackData", ctypes.c_void_p),
        ("cxWidth", ctypes.c_uint32),
    )
