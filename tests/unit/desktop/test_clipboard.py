"""deskapp/desktop/clipboard.py."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from deskapp.desktop.clipboard import PNG, checked_text, file_values, files_from, picture_from, picture_value
from deskapp.errors import ConfigError, DesktopFailed

PICTURE = PNG + b"rest"


def test_a_picture_travels_in_base64_and_back(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(PICTURE)
    assert base64.b64decode(picture_value(PICTURE)) == PICTURE
    assert picture_value(file) == picture_value(str(file)) == picture_value(PICTURE)
    assert picture_from(picture_value(PICTURE)) == PICTURE
    assert picture_from(None) is None


@pytest.mark.parametrize("image", [b"", b"GIF89a", b"\x89PNG", 7, None])
def test_what_is_no_png_is_refused(image: object) -> None:
    with pytest.raises(ConfigError, match="no PNG picture"):
        picture_value(image)  # type: ignore[arg-type]


def test_a_picture_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.png.*No such file"):
        picture_value(tmp_path / "gone.png")
    with pytest.raises(ConfigError, match="cannot be read"):
        picture_value("a\0b")


@pytest.mark.parametrize("value", ["?", "aGVsbG8=", 7])
def test_a_picture_that_cannot_be_read_is_no_picture(value: object) -> None:
    with pytest.raises(DesktopFailed, match="no picture"):
        picture_from(value)


def test_files_are_absolute_and_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a").touch()
    assert file_values(["a", tmp_path]) == [str(tmp_path / "a"), str(tmp_path)]
    assert files_from([str(tmp_path)]) == [tmp_path]
    assert files_from(None) == []
    with pytest.raises(ConfigError, match="no such file"):
        file_values(["b"])
    with pytest.raises(ConfigError, match="list of paths"):
        file_values("a")
    with pytest.raises(DesktopFailed):
        files_from("a")


def test_a_text_is_a_text() -> None:
    assert checked_text("Grüße\n") == "Grüße\n"
    for wrong in (7, None, "a\0b", "\ud800"):
        with pytest.raises(ConfigError):
            checked_text(wrong)
