"""deskapp/server/_site_archive.py: uploads of every kind of malice."""

from __future__ import annotations

import hashlib
import io
import stat
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from deskapp._publish import pack
from deskapp._publish_rules import SiteLimits
from deskapp.server._site_archive import PublishedFile, SiteRefusal, rewrite

FILES = {"index.html": b"<p>hello</p>", "a/b.js": b"1" * 200_000, "größe.txt": "ä".encode(), "empty": b""}
SMALL = SiteLimits(max_bytes=10**6, max_unpacked_bytes=300_000, max_files=5)


def stored(folder: Path, upload: bytes, limits: SiteLimits = SMALL) -> tuple[dict[str, PublishedFile], Path]:
    (folder / "upload").write_bytes(upload)
    archive = folder / "archive.zip"
    return rewrite(folder / "upload", archive, limits), archive


def refused(folder: Path, upload: bytes, limits: SiteLimits = SMALL) -> SiteRefusal:
    with pytest.raises(SiteRefusal) as caught:
        stored(folder, upload, limits)
    return caught.value


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


def test_every_file_is_where_it_is_said_to_be(tmp_path: Path) -> None:
    found, archive = stored(tmp_path, pack(FILES))
    whole = archive.read_bytes()
    assert {path: whole[file.offset : file.offset + file.size] for path, file in found.items()} == FILES
    assert {path: file.sha256 for path, file in found.items()} == {
        path: hashlib.sha256(content).hexdigest() for path, content in FILES.items()
    }


def test_the_archive_is_a_zip_file_for_people(tmp_path: Path) -> None:
    _, archive = stored(tmp_path, pack(FILES))
    with zipfile.ZipFile(archive) as ours:
        assert ours.testzip() is None
        assert {info.filename: ours.read(info) for info in ours.infolist()} == FILES
        assert {stat.S_IMODE(info.external_attr >> 16) for info in ours.infolist()} == {0o644}


def test_what_common_programs_zip_is_taken(tmp_path: Path) -> None:
    found, _ = stored(tmp_path, zipped(("index.html", b"x"), method=zipfile.ZIP_STORED))
    assert list(found) == ["index.html"]


@pytest.mark.parametrize("path", ["../evil", "/etc/passwd", "a\\..\\evil", "C:evil", "con", "a/../../b", "dir/"])
def test_paths_that_lead_elsewhere_are_refused(tmp_path: Path, path: str) -> None:
    error = refused(tmp_path, zipped(("index.html", b""), (path, b"")))
    assert error.status == 400
    assert "cannot be published" in error.why


def test_a_name_that_ends_at_a_zero_for_some_is_refused(tmp_path: Path) -> None:
    upload = zipped(("index.html", b""), ("evil.js_html", b"")).replace(b"evil.js_html", b"evil.js\0html")
    assert refused(tmp_path, upload).status == 400


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR, stat.S_IFSOCK])
def test_what_is_no_plain_file_is_refused(tmp_path: Path, kind: int) -> None:
    info = zipfile.ZipInfo("link")
    info.create_system, info.external_attr = 3, (kind | 0o777) << 16
    error = refused(tmp_path, zipped(("index.html", b""), (info, b"/etc/passwd")))
    assert (error.status, error.why) == (400, "'link' is no plain file")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    assert "same name" in refused(tmp_path, zipped(("index.html", b"a"), ("index.html", b"b"))).why
    assert "differ in case only" in refused(tmp_path, zipped(("index.html", b"a"), ("INDEX.html", b"b"))).why


def test_a_publication_without_index_is_refused(tmp_path: Path) -> None:
    assert "no 'index.html'" in refused(tmp_path, zipped(("a.html", b""))).why
    assert "no 'index.html'" in refused(tmp_path, zipped()).why


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unpacks_without_a_bound_is_refused(tmp_path: Path, method: int) -> None:
    error = refused(tmp_path, zipped(("index.html", b"x" * 1000), method=method))
    assert "use deflate" in error.why


def test_what_is_encrypted_is_refused(tmp_path: Path) -> None:
    upload = bytearray(zipped(("index.html", b"x")))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        upload[upload.index(mark) + at] |= 1
    assert refused(tmp_path, bytes(upload)).status == 400


def test_too_many_files_are_refused_before_they_are_looked_at(tmp_path: Path) -> None:
    error = refused(tmp_path, zipped(*((f"{n}", b"") for n in range(6))))
    assert (error.status, error.why) == (413, "6 files are too many, the most are 5")


def test_a_directory_larger_than_its_number_of_entries_is_refused(tmp_path: Path) -> None:
    whole = zipped(*((f"{n}", b"") for n in range(100)))
    upload = bytearray(whole)
    struct.pack_into("<HH", upload, len(whole) - 14, 1, 1)
    limits = SiteLimits(max_files=1)
    assert refused(tmp_path, bytes(upload), limits).status in (400, 413)


def test_a_bomb_is_noticed_by_what_it_says(tmp_path: Path) -> None:
    error = refused(tmp_path, zipped(("index.html", b"\0" * 300_001)))
    assert (error.status, error.why) == (413, "unpacked it is too large, the most are 300000 bytes")


def test_a_bomb_that_lies_about_its_size_is_noticed_while_it_unpacks(tmp_path: Path) -> None:
    whole = zipped(("index.html", b"\0" * 50_000_000))
    upload = bytearray(whole)
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", upload, upload.index(mark) + at, 10)
    error = refused(tmp_path, bytes(upload))
    assert error.status in (400, 413)
    assert (tmp_path / "archive.zip").stat().st_size < 400_000


def test_many_files_together_are_bounded_too(tmp_path: Path) -> None:
    assert refused(tmp_path, zipped(("index.html", b"a" * 200_000), ("b", b"b" * 200_000))).status == 413


def members_that_overlap() -> bytes:
    """Every entry of the directory points at the same packed bytes."""
    one = zipped(("index.html", b"\0" * 250_000))
    start = one.index(b"PK\x01\x02")
    entry = one[start:-22]
    entries = b"".join(entry.replace(b"index.html", name) for name in (b"index.html", b"inde1.html", b"inde2.html"))
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 3, 3, len(entries), start, 0)
    return one[:start] + entries + end


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, members_that_overlap()).status in (400, 413)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: b"",
        lambda whole: b"hello",
        lambda whole: b"PK\x05\x06" + bytes(18),
        lambda whole: whole[:-1],
        lambda whole: whole[:-22],
        lambda whole: b"#!/bin/sh\n" + whole,
        lambda whole: whole[:-2] + b"\x05\x00hello",
        lambda whole: whole.replace(b"PK\x03\x04", b"PK\x03\x05", 1),
        lambda whole: whole[:36] + b"\xff" * 8 + whole[44:],
        lambda whole: whole[: len(whole) // 2] + whole[len(whole) // 2 + 1 :],
    ],
)
def test_what_is_broken_is_refused(tmp_path: Path, spoil: Any) -> None:
    error = refused(tmp_path, spoil(pack(FILES)))
    assert error.status == 400


def test_no_byte_that_is_changed_does_more_than_a_refusal(tmp_path: Path) -> None:
    whole = zipped(("index.html", b"<p>hello</p>" * 3), ("a.js", b"1"))
    outcomes = set()
    for at in range(len(whole)):
        for value in (0, 0xFF, whole[at] ^ 1):
            spoiled = whole[:at] + bytes([value]) + whole[at + 1 :]
            (tmp_path / "archive.zip").unlink(missing_ok=True)
            try:
                found, _ = stored(tmp_path, spoiled)
                outcomes.add("taken")
                assert "index.html" in found
            except SiteRefusal as refusal:
                outcomes.add(str(refusal.status))
    assert outcomes <= {"taken", "400", "413"}
    assert {"taken", "400"} <= outcomes
