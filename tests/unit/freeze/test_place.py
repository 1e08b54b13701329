"""deskapp/freeze/_place.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskapp.freeze._place import put_in_place


def folder(path: Path, text: str) -> Path:
    path.mkdir()
    (path / "file").write_text(text)
    return path


def test_a_folder_takes_the_place_of_another_whole(tmp_path: Path) -> None:
    place = folder(tmp_path / "place", "old")
    (place / "more").write_text("")
    put_in_place(folder(tmp_path / "made", "new"), place)
    assert [path.name for path in place.iterdir()] == ["file"]
    assert (place / "file").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["place"]


def test_a_file_takes_the_place_of_another_and_folders_are_made(tmp_path: Path) -> None:
    for text in ("one", "two"):
        (tmp_path / "made").write_text(text)
        put_in_place(tmp_path / "made", tmp_path / "a/b/place")
        assert (tmp_path / "a/b/place").read_text() == text
    assert [path.name for path in (tmp_path / "a/b").iterdir()] == ["place"]


def test_what_an_interruption_has_put_aside_is_put_back_first(tmp_path: Path) -> None:
    folder(tmp_path / ".place.old", "old")
    with pytest.raises(FileNotFoundError):
        put_in_place(tmp_path / "nothing", tmp_path / "place")
    assert (tmp_path / "place/file").read_text() == "old"
    put_in_place(folder(tmp_path / "made", "new"), tmp_path / "place")
    assert (tmp_path / "place/file").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["place"]
