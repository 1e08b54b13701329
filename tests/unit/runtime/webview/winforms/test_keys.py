"""Keys of menus as Windows has them."""

from __future__ import annotations

import pytest

from deskapp.runtime.menu import Menu, MenuItem, Separator, Shortcut
from deskapp.runtime.webview.winforms._keys import accelerators, find_accelerator, key_code

CONTROL, SHIFT, ALT = 0x20000, 0x10000, 0x40000


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("Ctrl+O", CONTROL | 79, "Ctrl+O"),
        ("Mod+Shift+S", CONTROL | SHIFT | 83, "Ctrl+Shift+S"),
        ("Alt+F4", ALT | 115, "Alt+F4"),
        ("F24", 135, "F24"),
        ("Ctrl+Plus", CONTROL | 187, "Ctrl+Plus"),
        ("Ctrl+-", CONTROL | 189, "Ctrl+-"),
        ("Ctrl+0", CONTROL | 48, "Ctrl+0"),
        ("Ctrl+Mod+PageUp", CONTROL | 33, "Ctrl+PageUp"),
    ],
)
def test_shortcuts_are_numbers_of_the_enumeration_keys(text: str, value: int, shown: str) -> None:
    code = key_code(Shortcut.parse(text))
    assert code is not None
    assert (code.value, code.name) == (value, shown)
    assert code.key | code.modifiers == value


@pytest.mark.parametrize("text", ["Super+A", "Ctrl+Ä", "Ctrl+;"])
def test_what_windows_or_its_keyboards_keep_for_themselves_is_none(text: str) -> None:
    assert key_code(Shortcut.parse(text)) is None


def test_a_key_chooses_its_item_wherever_it_is() -> None:
    menu = Menu([
        MenuItem("&File", submenu=Menu([
            MenuItem("&Open", shortcut="Ctrl+O"),
            Separator(),
            MenuItem("&Save", shortcut="Ctrl+S", enabled=False),
            MenuItem("More", submenu=Menu([MenuItem("&Deep", shortcut="F7")])),
        ])),
        MenuItem("&Quit", role="quit", shortcut="Mod+Q"),
    ]).to_wire()  # fmt: skip
    assert [code.name for code, _ in accelerators(menu)] == ["Ctrl+O", "Ctrl+S", "F7", "Ctrl+Q"]
    found = find_accelerator(menu, 118, 0)
    assert found is not None
    assert found["text"] == "&Deep"
    assert find_accelerator(menu, 83, CONTROL) is None  # not enabled
    assert find_accelerator(menu, 79, CONTROL | SHIFT) is None
    assert find_accelerator(menu, 79, 0) is None
