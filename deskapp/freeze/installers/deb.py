"""`Deb`: a package for Debian, Ubuntu and their kin, written here byte by byte.

    ar
    ├─ debian-binary       "2.0"
    ├─ control.tar.xz      control, md5sums
    └─ data.tar.xz         see `_linux_layout`, and:
                           usr/share/doc/<slug>/{copyright,changelog.gz}
                           usr/share/lintian/overrides/<slug>

The format is deb(5). No tool is needed; where ``dpkg-shlibdeps`` is, it tells the dependencies better than our table.
The same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import shutil
import tarfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from deskapp.errors import SpecError
from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.installers._base import Artifact, DistTree, Installer
from deskapp.freeze.installers._debian_control import (
    ARCHITECTURES,
    changelog,
    control,
    copyright_text,
    has_address,
    lintian_overrides,
)
from deskapp.freeze.installers._debian_depends import debian_depends
from deskapp.freeze.installers._finish import finish
from deskapp.freeze.installers._linux_layout import Member, check_layout, gzipped, linux_layout
from deskapp.freeze.installers._linux_needs import read_binaries
from deskapp.freeze.installers._tar import add_folder, add_member, parents
from deskapp.freeze.installers._times import build_date, build_time
from deskapp.freeze.metadata import debian_version, package_name
from deskapp.freeze.tools import Log

_LZMA: Mapping[str, int] = {"id": lzma.FILTER_LZMA2, "preset": 9}
# Makes machine code for these processors 3 % smaller, and costs nothing.
_X86: Mapping[str, int] = {"id": lzma.FILTER_X86}


class Deb(Installer):
    """Makes ``<slug>_<version>_<architecture>.deb``."""

    format = "deb"
    platform = "linux"

    def check(self, spec: FreezeSpec) -> None:
        """Refuse what a package cannot say: names, version, categories; a licence file that is not there."""
        check_layout(spec)
        _licenses(spec)

    def build(self, spec: FreezeSpec, tree: DistTree, *, target: Path, work: Path, log: Log) -> Artifact:
        time = build_time()
        if not has_address(spec):
            log("the package names nobody to write to: give author_email or linux.maintainer")
        binaries = read_binaries(tree)
        depends = debian_depends(spec, binaries, work=work / "depends", log=log)
        members = _members(spec, tree)
        data = work / "data.tar.xz"
        installed_kib, sums = _write_data(data, members, time, machine=binaries.machine)
        text = control(spec, machine=binaries.machine, installed_kib=installed_kib, depends=depends)
        head = _control_archive({"control": text, "md5sums": sums}, time)
        architecture = ARCHITECTURES.get(binaries.machine, binaries.machine)
        # Without the epoch, as everywhere in file names.
        version = debian_version(spec.version).rpartition(":")[2]
        path = target / f"{package_name(spec.name)}_{version}_{architecture}.deb"
        unfinished = work / path.name
        with unfinished.open("wb") as file, data.open("rb") as content:
            file.write(b"!<arch>\n")
            _add_part(file, "debian-binary", io.BytesIO(b"2.0\n"), 4, time)
            _add_part(file, "control.tar.xz", io.BytesIO(head), len(head), time)
            _add_part(file, "data.tar.xz", content, data.stat().st_size, time)
        return finish(self.format, unfinished, path)


def _members(spec: FreezeSpec, tree: DistTree) -> list[Member]:
    """Everything that the package installs, by path."""
    name, share = package_name(spec.name), PurePosixPath("usr/share")
    documents = {
        share / "doc" / name / "copyright": copyright_text(spec, licenses=_licenses(spec)).encode(),
        share / "doc" / name / "changelog.gz": gzipped(changelog(spec, date=build_date())),
        share / "lintian" / "overrides" / name: lintian_overrides(spec).encode(),
    }
    members = [*linux_layout(spec, tree), *(Member(path, data=data) for path, data in documents.items())]
    return sorted(members, key=lambda member: member.path.parts)


def _licenses(spec: FreezeSpec) -> list[str]:
    texts = []
    for path in spec.license_files:
        try:
            texts.append(path.read_text(encoding="utf-8", errors="replace"))
        except OSError as error:
            raise SpecError("license_files", f"{str(path)!r} cannot be read ({error.strerror})") from error
    return texts


def _write_data(path: Path, members: list[Member], time: int, *, machine: str) -> tuple[int, str]:
    """Write ``data.tar.xz``; return what it takes on a disk in KiB, and the text of ``md5sums``."""
    sums, blocks = [], 0
    folders = parents([member.path for member in members])
    filters = [_X86, _LZMA] if machine in ("x86_64", "i386") else [_LZMA]
    with lzma.open(path, "wb", filters=filters) as packed, _tar(packed) as archive:
        add_folder(archive, "./", time=time)
        # Folders and what is in them, each after the folder that it is in.
        entries: list[tuple[tuple[str, ...], Member | None]] = [(folder.parts, None) for folder in folders]
        entries += [(member.path.parts, member) for member in members]
        for parts, member in sorted(entries, key=lambda entry: entry[0]):
            name = "./" + "/".join(parts)
            blocks += 1  # deb-substvars(5): a folder or link counts as 1 KiB, a file is rounded up
            if member is None:
                add_folder(archive, f"{name}/", time=time)
                continue
            content = add_member(archive, name, member, time=time)
            if member.link is None:
                blocks += max(0, -(-len(content) // 1024) - 1)
                sums.append(f"{hashlib.md5(content, usedforsecurity=False).hexdigest()}  {member.path}\n")
    return blocks, "".join(sums)


def _control_archive(files: Mapping[str, str], time: int) -> bytes:
    buffer = io.BytesIO()
    with lzma.open(buffer, "wb", filters=[_LZMA]) as packed, _tar(packed) as archive:
        add_folder(archive, "./", time=time)
        for name, text in files.items():
            add_member(archive, f"./{name}", Member(PurePosixPath(name), data=text.encode()), time=time)
    return buffer.getvalue()


def _tar(file: lzma.LZMAFile) -> tarfile.TarFile:
    # dpkg reads the old GNU format best: names of any length and in any alphabet.
    return tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT, encoding="utf-8", errors="surrogateescape")


def _add_part(file: BinaryIO, name: str, content: BinaryIO, size: int, time: int) -> None:
    """A member of an ar archive: a header of 60 bytes, the content, and a newline where its length is odd."""
    file.write(f"{name:<16}{time:<12}{0:<6}{0:<6}{'100644':<8}{size:<10}`\n".encode("ascii"))
    shutil.copyfileobj(content, file)
    if size % 2:
        file.write(b"\n")
