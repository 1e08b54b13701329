"""What of the hands in GTK needs no screen."""

from __future__ import annotations

import re

import pytest

from deskapp.runtime.menu import Menu, MenuItem, Separator
from deskapp.runtime.webview.gtk._dialogs import _whatever_case
from deskapp.runtime.webview.gtk._menus import _mnemonic, _shape


@pytest.mark.parametrize(
    ("text", "shown"),
    [("&Open", "_Open"), ("Save && go", "Save & go"), ("a_b", "a__b"), ("C&&&ut", "C&_ut"), ("end&", "end&"), ("", "")],
)
def test_the_keyboards_letter_is_marked_as_gtk_has_it(text: str, shown: str) -> None:
    assert _mnemonic(text) == shown


def test_patterns_for_files_take_upper_and_lower_case() -> None:
    assert _whatever_case("*.png") == "*.[pP][nN][gG]"
    assert _whatever_case("*.7z") == "*.7[zZ]"
    assert re.fullmatch(_whatever_case("ab"), "aB")


def test_only_what_changes_a_menus_places_changes_its_shape() -> None:
    item, mark = MenuItem("a", shortcut="F5"), MenuItem("b", checked=False)
    menu = Menu([item, Separator(), MenuItem("more", submenu=Menu([mark]))])
    before = _shape(menu.to_wire())
    item.text, item.enabled, mark.checked = "other", False, True
    assert _shape(menu.to_wire()) == before
    mark.checked = None
    assert _shape(menu.to_wire()) != before
    menu.entries = menu.entries[1:]
    assert _shape(menu.to_wire()) != before
