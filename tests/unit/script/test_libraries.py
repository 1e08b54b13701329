"""deskapp/script/libraries.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskapp.errors import AssetMissing, LibraryMissing
from deskapp.script.libraries import LIBRARY_PATH, library, library_files, library_url
from tests.unit.script.folders import library_folder

__all__ = ["library_folder"]


def test_a_library_has_its_script_its_style_or_both(library_folder: Path) -> None:
    for file in ("grid.js", "pico.css", "highlighter.js", "highlighter.css"):
        (library_folder / file).write_text(file, encoding="utf-8")
    assert (library("grid").script, library("grid").style) == (library_folder / "grid.js", None)
    assert (library("pico").script, library("pico").style) == (None, library_folder / "pico.css")
    assert library("highlighter").name == "highlighter"
    assert library("highlighter").script == library_folder / "highlighter.js"
    assert library("highlighter").style == library_folder / "highlighter.css"


def test_pages_may_fetch_the_files_of_libraries_and_no_others(library_folder: Path) -> None:
    assert library_files() == {}
    for file in ("grid.js", "pico.css", "LICENSES.md", "other.js"):
        (library_folder / file).write_text(file, encoding="utf-8")
    assert library_files() == {"grid.js": library_folder / "grid.js", "pico.css": library_folder / "pico.css"}


def test_the_address_of_a_file_changes_with_its_content(library_folder: Path) -> None:
    file = library_folder / "grid.js"
    file.write_text("1", encoding="utf-8")
    first = library_url("grid.js")
    assert first == library_url("grid.js")
    file.write_text("2", encoding="utf-8")
    second = library_url("grid.js")
    assert first != second
    for url in (first, second):
        assert url.startswith(f"{LIBRARY_PATH}/")
        assert url.endswith("/grid.js")


def test_what_is_not_in_place_is_an_error_that_says_how_to_get_it(library_folder: Path) -> None:
    (library_folder / "highlighter.js").write_text("", encoding="utf-8")
    for call in (lambda: library("grid"), lambda: library_url("grid.js"), lambda: library("highlighter")):
        with pytest.raises(LibraryMissing, match=r"npm, then run: python3 dev\.py setup"):
            call()


def test_a_library_that_there_is_not_is_another_error(library_folder: Path) -> None:
    with pytest.raises(LookupError, match="no library 'gird'; there are 'editor', 'grid'") as found:
        library("gird")
    assert not isinstance(found.value, AssetMissing)
