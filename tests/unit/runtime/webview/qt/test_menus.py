"""Shortcuts as Qt writes them."""

from __future__ import annotations

import pytest

from deskapp.runtime.menu import Shortcut
from deskapp.runtime.webview.qt._menus import key_sequence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ctrl+o", "Ctrl+O"),
        ("Mod+Shift+S", "Shift+Ctrl+S"),
        ("Super+Enter", "Meta+Return"),
        ("Alt+PageUp", "Alt+PgUp"),
        ("ctrl+plus", "Ctrl++"),
        ("F9", "F9"),
    ],
)
def test_a_shortcut_is_written_as_qt_reads_it(text: str, expected: str) -> None:
    assert key_sequence(str(Shortcut.parse(text))) == expected
