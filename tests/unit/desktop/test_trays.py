"""deskapp/desktop/trays.py: icons that are checked; what becomes of them: tests/unit/native/test_tray.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from deskapp.desktop.trays import checked_icon, checked_tooltip
from deskapp.errors import ConfigError


def test_an_icon_is_a_picture_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.PNG").touch()
    monkeypatch.chdir(tmp_path)
    assert checked_icon("a.PNG") == str(tmp_path / "a.PNG")


@pytest.mark.parametrize("icon", ["", "gone.png", ".", None, 7, b"a.png", "a\0.png", "a.txt"])
def test_what_is_no_picture_file_is_refused(icon: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").touch()
    with pytest.raises(ConfigError, match="icon"):
        checked_icon(icon)


def test_a_tooltip_is_a_short_text() -> None:
    assert checked_tooltip("x" * 500) == "x" * 127
    for wrong in (None, 7, "a\0b"):
        with pytest.raises(ConfigError):
            checked_tooltip(wrong)
