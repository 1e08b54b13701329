"""Firefox's archive of code with files of ours in it."""

from __future__ import annotations

import os
import struct
import zipfile
from pathlib import Path

import pytest

from deskapp.runtime.firefox import _archive as archives

OLD = {"chrome.manifest": "manifest one.manifest\n", "a/module.mjs": "export {};\n" * 50, "b": ""}


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """An archive as Firefox has them: the list is at the front, behind a number."""
    plain = tmp_path / "plain.zip"
    with zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in OLD.items():
            file.writestr(name, text)
    data = plain.read_bytes()
    *_, length, offset, _ = archives._END.unpack(data[-archives._END.size :])
    room = 4 + length
    listed = bytearray(data[offset : offset + length])
    at = 0
    while at < length:
        fields = archives._LISTED.unpack_from(listed, at)
        struct.pack_into("<I", listed, at + 42, fields[16] + room)
        at += archives._LISTED.size + fields[10] + fields[11] + fields[12]
    end = archives._END.pack(b"PK\x05\x06", 0, 0, len(OLD), len(OLD), length, 4, 0)
    made = tmp_path / "omni.ja"
    made.write_bytes(struct.pack("<I", 0) + bytes(listed) + data[:offset] + end)
    return made


def test_what_is_added_is_there_and_all_else_as_it_was(installed: Path, tmp_path: Path) -> None:
    added = {"chrome.manifest": b"manifest one.manifest\nmore\n", "ours/x.mjs": b"1"}
    before = installed.read_bytes()
    made = archives.archive_with(installed, added, tmp_path / "made")
    assert installed.read_bytes() == before
    with zipfile.ZipFile(made) as file:
        assert file.testzip() is None
        found = {name: file.read(name) for name in file.namelist()}
    assert found == {**{name: text.encode() for name, text in OLD.items()}, **added}
    # The list is looked for at the front first, and a stale one must not be found there.
    assert made.read_bytes()[4:8] != b"PK\x01\x02"


def test_a_text_is_read_from_it(installed: Path) -> None:
    assert archives.text_in(installed, "chrome.manifest") == OLD["chrome.manifest"]
    assert archives.text_in(installed, "a/module.mjs") == OLD["a/module.mjs"]
    with pytest.raises(ValueError, match=r"has no nothing\.mjs"):
        archives.text_in(installed, "nothing.mjs")


def test_it_is_made_once_and_anew_for_another_firefox_or_other_files(installed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    first = archives.archive_with(installed, {"x": b"1"}, folder)
    stamp = first.stat().st_ino
    assert archives.archive_with(installed, {"x": b"1"}, folder).stat().st_ino == stamp
    assert archives.archive_with(installed, {"x": b"2"}, folder) != first
    os.utime(installed, (1, 1))
    assert archives.archive_with(installed, {"x": b"1"}, folder) != first


def test_one_that_nobody_used_for_long_goes_when_another_is_made(installed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    old = archives.archive_with(installed, {"x": b"1"}, folder)
    used = archives.archive_with(installed, {"x": b"2"}, folder)
    for path in (old, used):
        os.utime(path, (1, 1))
    archives.archive_with(installed, {"x": b"2"}, folder)
    new = archives.archive_with(installed, {"x": b"3"}, folder)
    assert set(folder.iterdir()) == {used, new}


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_archive_is_refused_and_leaves_nothing(content: bytes, tmp_path: Path) -> None:
    other = tmp_path / "other.ja"
    other.write_bytes(content)
    with pytest.raises((ValueError, OSError)):
        archives.archive_with(other, {"x": b"1"}, tmp_path / "made")
    assert list((tmp_path / "made").iterdir()) == []
