from __future__ import annotations

import os
import platform
import struct
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from deskapp.errors import SpecError
from deskapp.freeze.installers import DistTree, installer
from deskapp.freeze.installers._binary import platform_of
from deskapp.freeze.installers._times import DEFAULT_EPOCH, VARIABLE
from tests.unit.freeze.trees import GREETING, build, listing, make_tree, product, run

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the program is an ELF file, made by gcc")


@pytest.fixture(autouse=True)
def _no_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@linux_only
@pytest.mark.parametrize(("format", "unpack"), [("tar.gz", ("tar", "-xzf")), ("zip", ("unzip", "-q"))])
def test_what_is_unpacked_runs(tmp_path: Path, format: str, unpack: tuple[str, ...]) -> None:
    tree = make_tree(tmp_path)
    made = build(format, product(tmp_path), tree, tmp_path / "first")
    assert made.name == f"body-mass-1.2rc1-linux-{platform.machine()}.{format}"
    (tmp_path / "unpacked").mkdir()
    run(*unpack, made, cwd=tmp_path / "unpacked")
    folder = tmp_path / "unpacked" / "body-mass-1.2rc1"
    assert listing(tmp_path / "unpacked")[0] == folder.name
    assert listing(folder) == listing(tree.path)
    assert os.readlink(folder / "_internal/lib/latest.so") == "_fast.cpython-311.so"
    assert (folder / GREETING).read_bytes() == (tree.path / GREETING).read_bytes()
    assert run(folder / "body-mass", "one") == "Grüße!\n1 argument(s)\n"


@linux_only
@pytest.mark.parametrize("format", ["tar.gz", "zip"])
def test_the_same_input_makes_the_same_bytes(tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for place in ("one", "other place"):
        (tmp_path / place).mkdir()
        tree = make_tree(tmp_path / place)
        os.utime(tree.executable, (time.time() - 9000, time.time() - 9000))
        made.append(build(format, product(tmp_path), tree, tmp_path / place / "made"))
        monkeypatch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
    monkeypatch.undo()
    time.tzset()
    assert made[0].read_bytes() == made[1].read_bytes()


@linux_only
def test_members_bear_the_time_of_the_build_and_no_name_of_a_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "1900000000")
    tree = make_tree(tmp_path)
    with tarfile.open(build("tar.gz", product(tmp_path), tree, tmp_path / "tar")) as archive:
        assert {(m.mtime, m.uid, m.uname) for m in archive.getmembers()} == {(1900000000, 0, "root")}
    with zipfile.ZipFile(build("zip", product(tmp_path), tree, tmp_path / "zip")) as archive_2:
        assert {info.date_time for info in archive_2.infolist()} == {(2030, 3, 17, 17, 46, 40)}
    monkeypatch.setenv(VARIABLE, "1")  # before a zip's first day
    with zipfile.ZipFile(build("zip", product(tmp_path), tree, tmp_path / "old")) as archive_3:
        assert {info.date_time[0] for info in archive_3.infolist()} == {1980}


def test_the_name_tells_the_system_that_the_program_is_for(tmp_path: Path) -> None:
    root = tmp_path / "dist"
    root.mkdir()
    program = root / "body-mass.exe"
    program.write_bytes(windows_program(0x8664))
    made = build("zip", product(tmp_path, version="1!1.2.post3"), DistTree(root, program), tmp_path / "made")
    assert made.name == "body-mass-1.2.post3-windows-x64.zip"
    with zipfile.ZipFile(made) as archive:
        assert archive.namelist() == ["body-mass-1.2.post3/body-mass.exe"]
        assert archive.read("body-mass-1.2.post3/body-mass.exe") == program.read_bytes()
        assert archive.infolist()[0].external_attr >> 16 == 0o100755


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\x7fELF\x02\x01\x01" + bytes(11) + struct.pack("<H", 62), "linux-x86_64"),
        (b"\x7fELF\x02\x01\x01" + bytes(11) + struct.pack("<H", 183), "linux-aarch64"),
        (b"\x7fELF\x02\x02\x01" + bytes(11) + struct.pack(">H", 22), "linux-s390x"),
        (b"\xcf\xfa\xed\xfe" + struct.pack("<I", 0x0100000C), "macos-arm64"),
        (b"\xca\xfe\xba\xbe" + bytes(8), "macos-universal2"),
        (b"", "None"),
        (b"\x7fELF", "None"),
        (b"MZ", "None"),
        (b"MZ" + bytes(58) + struct.pack("<I", 9999) + bytes(9), "None"),
        (b"#!/bin/sh\n", "None"),
    ],
)
def test_programs_are_told_apart(tmp_path: Path, content: bytes, found: str) -> None:
    (tmp_path / "program").write_bytes(content)
    assert str(platform_of(tmp_path / "program")) == found


def test_programs_for_windows_are_told_apart(tmp_path: Path) -> None:
    for machine, name in ((0x8664, "x64"), (0xAA64, "arm64"), (0x14C, "x86")):
        (tmp_path / "program").write_bytes(windows_program(machine))
        assert str(platform_of(tmp_path / "program")) == f"windows-{name}"


@pytest.mark.parametrize("format", ["tar.gz", "zip"])
def test_a_version_that_is_none_is_refused_by_its_key(tmp_path: Path, format: str) -> None:
    with pytest.raises(SpecError) as caught:
        installer(format).check(product(tmp_path, version="../1"))
    assert caught.value.key == "version"


def test_the_default_time_can_be_said_by_every_format() -> None:
    assert time.gmtime(DEFAULT_EPOCH)[:3] == (2020, 1, 1)


def windows_program(machine: int) -> bytes:
    return b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<H", machine) + bytes(20)
