"""deskapp/desktop/opened.py."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from deskapp.desktop.opened import Opened, checked_schemes, read_arguments
from deskapp.errors import ConfigError


def test_addresses_and_files_are_told_apart(tmp_path: Path) -> None:
    for name in ("a.txt", "b c.txt", "--strange", "clock:x"):
        (tmp_path / name).touch()
    argv = [
        "clock:alarm/7", "CLOCK://a", "other:x", "a.txt", "./b c.txt", (tmp_path / "b c.txt").as_uri(), "gone.txt",
        "--strange", "-x", "https://example.org/", "", "--", "--strange",
    ]  # fmt: skip
    found = read_arguments(argv, tmp_path, ["clock"])
    assert found.urls == ("clock:alarm/7", "CLOCK://a")
    assert found.files == (
        tmp_path / "a.txt",
        tmp_path / "b c.txt",
        tmp_path / "b c.txt",
        tmp_path / "--strange",
    )
    assert found.argv == tuple(argv)
    assert found.cwd == tmp_path


def test_paths_are_absolute_wherever_they_were_given(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "a").touch()
    assert read_arguments(["../a", "."], tmp_path / "in").files == (tmp_path / "a", tmp_path / "in")


@pytest.mark.parametrize("argument", ["a\0b", "x" * 5000, "file://elsewhere/etc/passwd", "file:", "file:///%00"])
def test_what_can_be_no_file_is_none(argument: str, tmp_path: Path) -> None:
    assert read_arguments([argument], tmp_path).files in ((), (tmp_path,))


def test_it_travels_as_json(tmp_path: Path) -> None:
    found = Opened(("clock:x",), (tmp_path / "ä\udcff",), ("--a", "\udcff"), tmp_path)
    assert Opened.from_wire(json.loads(json.dumps(found.to_wire()))) == found


@pytest.mark.parametrize("change", [{"urls": "a"}, {"files": [1]}, {"argv": None}, {"cwd": 7}, {"cwd": None}])
def test_what_was_not_written_by_us_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"is n"):
        Opened.from_wire({**Opened().to_wire(), **change})


def test_schemes_are_written_in_several_ways() -> None:
    assert checked_schemes(["Clock", "web+clock:", "x-clock://"]) == ("clock", "web+clock", "x-clock")


@pytest.mark.parametrize("schemes", ["clock", [""], ["7up"], ["c"], ["a b"], ["http"], ["file"], ["javascript"]])
def test_schemes_that_cannot_be_are_refused(schemes: Any) -> None:
    with pytest.raises(ConfigError):
        checked_schemes(schemes)
