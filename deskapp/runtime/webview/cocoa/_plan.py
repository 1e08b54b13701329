"""What macOS is told, as plain data: places on its upside-down desktop, keys of menus, answers of boxes.

Nothing here imports what exists on macOS only; the rest of this room hands these values on.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from deskapp.runtime.menu import Shortcut, plain_text
from deskapp.runtime.window import WindowMode, WindowSpec

# NSEvent.ModifierFlags.
SHIFT, CONTROL, OPTION, COMMAND = 1 << 17, 1 << 18, 1 << 19, 1 << 20
MODIFIERS: Mapping[str, int] = MappingProxyType(
    {"Ctrl": CONTROL, "Alt": OPTION, "Shift": SHIFT, "Super": COMMAND, "Mod": COMMAND}
)

# Characters that stand for keys: control codes, and the Unicode range that NSEvent.h keeps for function keys.
NAMED_KEYS: Mapping[str, str] = MappingProxyType({
    "Enter": "\r", "Escape": "\x1b", "Tab": "\t", "Space": " ", "Backspace": "\x08", "Delete": "\uf728",
    "Insert": "\uf727", "Home": "\uf729", "End": "\uf72b", "PageUp": "\uf72c", "PageDown": "\uf72d",
    "Up": "\uf700", "Down": "\uf701", "Left": "\uf702", "Right": "\uf703", "Plus": "+",
    **{f"F{number}": chr(0xF703 + number) for number in range(1, 25)},
})  # fmt: skip

# What a role does: the message that goes to whoever has the keyboard, and the key that everybody knows for it.
ROLE_SELECTORS: Mapping[str, str] = MappingProxyType({
    "undo": "undo:", "redo": "redo:", "cut": "cut:", "copy": "copy:", "paste": "paste:", "select_all": "selectAll:",
    "minimize": "performMiniaturize:", "close": "performClose:", "fullscreen": "toggleFullScreen:",
})  # fmt: skip
ROLE_KEYS: Mapping[str, str] = MappingProxyType({
    "undo": "Mod+Z", "redo": "Mod+Shift+Z", "cut": "Mod+X", "copy": "Mod+C", "paste": "Mod+V", "select_all": "Mod+A",
    "minimize": "Mod+M", "close": "Mod+W", "fullscreen": "Ctrl+Mod+F", "zoom_in": "Mod+Plus", "zoom_out": "Mod+-",
    "zoom_reset": "Mod+0", "quit": "Mod+Q",
})  # fmt: skip
EDIT_MENU = ("undo", "redo", "", "cut", "copy", "paste", "select_all")
"""The menu without which a Mac's keys for editing do nothing; an empty role is a line."""

ZOOM_STEP = 1.1
STATUS_PART = 0.8  # of the menu bar's thickness, for a picture in it

FIRST_BUTTON_RETURN = 1000  # NSAlertFirstButtonReturn
ALERT_STYLES: Mapping[str, int] = MappingProxyType({"warning": 0, "question": 1, "info": 1, "error": 2})
"""NSAlertStyle: warning, informational, critical."""

SIGKILL = 9
MOUSE_EVENT = (
    "mouseEventWithType_location_modifierFlags_timestamp_windowNumber_context_eventNumber_clickCount_pressure_"
)
MODAL_OK = 1  # NSModalResponseOK

# NSWindow.StyleMask and NSWindow.CollectionBehavior.
STYLE_TITLED, STYLE_CLOSABLE, STYLE_MINIATURIZABLE, STYLE_RESIZABLE = 1, 2, 4, 8
STYLE_FULL_SCREEN = 1 << 14
FULL_SCREEN_PRIMARY = 1 << 7
LEVEL_NORMAL, LEVEL_FLOATING = 0, 3
CRITICAL_REQUEST, INFORMATIONAL_REQUEST = 0, 10  # NSRequestUserAttentionType

NAVIGATION_LINK = 0  # WKNavigationTypeLinkActivated
POLICY_CANCEL, POLICY_ALLOW, POLICY_DOWNLOAD = 0, 1, 2

DARK_APPEARANCES = ("NSAppearanceNameDarkAqua", "NSAppearanceNameAqua")
BACKGROUNDS: Mapping[str, str] = MappingProxyType({"light": "#ffffff", "dark": "#1e1e1e"})

POWER_NOTIFICATIONS: Mapping[str, str] = MappingProxyType(
    {"NSWorkspaceWillSleepNotification": "suspend", "NSWorkspaceDidWakeNotification": "resume"}
)

_PROFILES = uuid.UUID("9a2f6f0e-3c51-4c5e-9d7f-5f8f0d6e6a11")  # of which those of profiles are made


@dataclass(frozen=True)
class Rect:
    """A rectangle; whether its origin is a top or a bottom corner depends on where it comes from."""

    x: float
    y: float
    width: float
    height: float


def flipped(rect: Rect, first_screen_height: float) -> Rect:
    """A rectangle of Cocoa's desktop, whose zero is the first screen's bottom left, from its top left; and back."""
    return Rect(rect.x, first_screen_height - rect.y - rect.height, rect.width, rect.height)


def frame_origin(x: int, y: int, frame_height: float, first_screen_height: float) -> tuple[float, float]:
    """Cocoa's origin of a frame whose top left corner shall be at this place."""
    return float(x), first_screen_height - y - frame_height


def resized(frame: Rect, width: float, height: float, *, title_height: float) -> Rect:
    """A frame whose page gets a size while its top left corner stays."""
    whole = height + title_height
    return Rect(frame.x, frame.y + frame.height - whole, width, whole)


def centered(width: float, height: float, area: Rect) -> tuple[float, float]:
    """Cocoa's origin of a frame in the middle of an area; the title bar stays below the area's top."""
    y = area.y + (area.height - height) / 2
    return area.x + max(0.0, (area.width - width) / 2), min(y, area.y + area.height - height)


def page_point(x: float, y: float, zoom: float, page_height: float, *, is_flipped: bool) -> tuple[float, float]:
    """A place in CSS pixels of the page as a point of its view."""
    return x * zoom, y * zoom if is_flipped else page_height - y * zoom


def dropped_at(x: float, y: float, zoom: float, page_height: float, *, is_flipped: bool) -> tuple[int, int]:
    """A point of the page's view as a place in CSS pixels."""
    return round(x / zoom), round((y if is_flipped else page_height - y) / zoom)


def screen(
    name: str, frame: Rect, visible: Rect, first_height: float, scale: float, *, is_primary: bool
) -> dict[str, object]:
    """A screen with the fields of `deskapp.runtime.window.Screen`; Cocoa's points are logical pixels."""
    whole, area = flipped(frame, first_height), flipped(visible, first_height)
    return {
        "name": name, "x": round(whole.x), "y": round(whole.y), "width": round(whole.width),
        "height": round(whole.height), "scale": scale, "is_primary": is_primary,
        "work_area": [round(value) for value in (area.x, area.y, area.width, area.height)],
    }  # fmt: skip


def key_equivalent(shortcut: Shortcut) -> tuple[str, int]:
    """Character and modifiers of a menu item's key.

    The character is lower case: an upper-case one would mean Shift as well.
    """
    mask = 0
    for modifier in shortcut.modifiers:
        mask |= MODIFIERS[modifier]
    return NAMED_KEYS.get(shortcut.key, shortcut.key.lower()), mask


def item_key(shortcut: str | None, role: str) -> tuple[str, int]:
    """Character and modifiers of an item of `Menu.to_wire`; empty for one without a key."""
    text = shortcut or ROLE_KEYS.get(role, "")
    return key_equivalent(Shortcut.parse(text)) if text else ("", 0)


def item_text(text: str) -> str:
    """An item's text; macOS marks no letters."""
    return plain_text(text)


def file_types(filters: Sequence[tuple[str, Sequence[str]]]) -> list[str] | None:
    """Endings that a file dialog accepts; None accepts all.

    macOS has one list where other systems let the user choose a filter, so all filters go into it.
    """
    found: dict[str, None] = {}
    for _, patterns in filters:
        for pattern in patterns:
            match = re.fullmatch(r"\*\.([^*?]+)", pattern)
            if match is None:  # "*" and what macOS cannot say
                return None
            found[match.group(1).rpartition(".")[2]] = None
    return list(found) or None


def chosen_button(response: int, *, count: int, cancel: int) -> int:
    """Which button was pressed; `cancel` for a box that was ended without one."""
    number = response - FIRST_BUTTON_RETURN
    return number if 0 <= number < count else cancel


def button_keys(count: int, *, default: int, cancel: int) -> list[str]:
    """Key equivalents of a box's buttons: Enter for the default, Escape for the one that cancels."""
    keys = ["\x1b" if number == cancel else "" for number in range(count)]
    if 0 <= default < count:
        keys[default] = "\r"
    return keys


def theme(best_appearance: str | None) -> str:
    """``"dark"`` or ``"light"``, of the best match for `DARK_APPEARANCES`."""
    return "dark" if best_appearance == DARK_APPEARANCES[0] else "light"


def rgb(color: str) -> tuple[float, float, float]:
    """Red, green and blue of ``#rgb`` or ``#rrggbb``, from 0 to 1."""
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    return int(digits[0:2], 16) / 255, int(digits[2:4], 16) / 255, int(digits[4:6], 16) / 255


def style_with(mask: int, *, resizable: bool) -> int:
    """A window's style mask, with or without the corner to resize it."""
    return mask | STYLE_RESIZABLE if resizable else mask & ~STYLE_RESIZABLE


def is_menu_refused(spec: WindowSpec, *, is_text: bool) -> bool:
    """Whether a context menu would only offer what belongs to a browser."""
    if spec.context_menu is not None:
        return not spec.context_menu
    return not (spec.debug or is_text)


# WebKit names its items, whatever the language: those that a menu over text has and others have not.
TEXT_ITEMS = frozenset({
    "WKMenuItemIdentifierCopy", "WKMenuItemIdentifierPaste", "WKMenuItemIdentifierLookUp",
    "WKMenuItemIdentifierSpellingMenu", "WKMenuItemIdentifierSpeechMenu",
})  # fmt: skip


def zoomed(factor: float, role: str) -> float:
    """The zoom factor after a menu item with the role zoom_in, zoom_out or zoom_reset was chosen."""
    if role == "zoom_reset":
        return 1.0
    return max(0.25, min(5.0, factor * ZOOM_STEP if role == "zoom_in" else factor / ZOOM_STEP))


def begins_in_full_screen(spec: WindowSpec) -> bool:
    """Whether a window opens in fullscreen."""
    return spec.mode in (WindowMode.FULLSCREEN, WindowMode.KIOSK)


def profile_id(storage: str) -> uuid.UUID:
    """The identity of the store that keeps what pages of one folder keep; WebKit chooses the place itself."""
    return uuid.uuid5(_PROFILES, json.dumps(storage))


def has_role(menu: Sequence[Mapping[str, object]], role: str) -> bool:
    """Whether an item of a menu, as of `Menu.to_wire`, has a role."""
    for entry in menu:
        inner = entry.get("items")
        if entry.get("role") == role or (isinstance(inner, list) and has_role(inner, role)):
            return True
    return False
