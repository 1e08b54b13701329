"""Keys of menus as WinForms has them, numbers of its enumeration Keys, and which item a key chooses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deskapp.runtime.menu import Shortcut
from deskapp.runtime.webview._host_window import Message

# Numbers of System.Windows.Forms.Keys: virtual key codes, and modifiers above them.
MODIFIERS = {"Ctrl": 0x20000, "Mod": 0x20000, "Shift": 0x10000, "Alt": 0x40000}
NAMED = {
    "Backspace": 8, "Tab": 9, "Enter": 13, "Escape": 27, "Space": 32, "PageUp": 33, "PageDown": 34, "End": 35,
    "Home": 36, "Left": 37, "Up": 38, "Right": 39, "Down": 40, "Insert": 45, "Delete": 46,
    "Plus": 187, "=": 187, ",": 188, "-": 189, ".": 190,
    **{f"F{number}": 111 + number for number in range(1, 25)},
}  # fmt: skip
NO_KEY_OF_THEIR_OWN = frozenset({"Super"})  # Windows keeps them for itself


@dataclass(frozen=True)
class KeyCode:
    """A key with its modifiers.

    Args:
        name: What people read, for example ``"Ctrl+S"``.
        value: The value of System.Windows.Forms.Keys.
    """

    name: str
    value: int

    @property
    def key(self) -> int:
        """The number of the key alone, a virtual key code."""
        return self.value & 0xFFFF

    @property
    def modifiers(self) -> int:
        """The modifiers alone, as Control.ModifierKeys has them."""
        return self.value & ~0xFFFF


def key_code(shortcut: Shortcut) -> KeyCode | None:
    """A shortcut as WinForms has it; None for one that Windows cannot have."""
    if NO_KEY_OF_THEIR_OWN & set(shortcut.modifiers):
        return None
    number = NAMED.get(shortcut.key)
    if number is None and re.fullmatch("[A-Z0-9]", shortcut.key):
        number = ord(shortcut.key)
    if number is None:  # where it is on a keyboard depends on the layout
        return None
    value = number
    for modifier in shortcut.modifiers:
        value |= MODIFIERS[modifier]
    held = {"Ctrl" if name == "Mod" else name for name in shortcut.modifiers}
    return KeyCode("+".join([*(name for name in ("Ctrl", "Alt", "Shift") if name in held), shortcut.key]), value)


def accelerators(menu: Sequence[Message]) -> Iterator[tuple[KeyCode, Message]]:
    """All items of a menu bar that a key chooses, with their keys."""
    for entry in menu:
        if entry.get("separator"):
            continue
        if entry["items"] is not None:
            yield from accelerators(entry["items"])
        elif entry["shortcut"]:
            code = key_code(Shortcut.parse(entry["shortcut"]))
            if code is not None:
                yield code, entry


def find_accelerator(menu: Sequence[Message], key: int, modifiers: int) -> Message | None:
    """The item that a key chooses, if it may be chosen.

    Args:
        menu: As of Menu.to_wire.
        key: Virtual key code.
        modifiers: As Control.ModifierKeys has them.
    """
    for code, entry in accelerators(menu):
        if (code.key, code.modifiers) == (key, modifiers):
            return entry if entry["enabled"] else None
    return None
