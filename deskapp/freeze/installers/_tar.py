"""Members of tar archives that are the same wherever and whenever they are written."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from deskapp.freeze.installers._linux_layout import FOLDER_MODE, Member


def add_folder(archive: tarfile.TarFile, name: str, *, time: int) -> None:
    """Add a folder of root's.

    Args:
        archive: Open for writing.
        name: In the archive, with a slash at its end.
        time: Of its last change, in seconds since 1970.
    """
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.mtime = tarfile.DIRTYPE, FOLDER_MODE, time
    archive.addfile(_of_root(info))


def add_member(archive: tarfile.TarFile, name: str, member: Member, *, time: int) -> bytes:
    """Add a file or link of root's, and return its content; a link has none.

    Raises:
        OSError: The file that it is copied from cannot be read.
    """
    info = tarfile.TarInfo(name)
    info.mode, info.mtime = member.mode, time
    if member.link is not None:
        info.type, info.linkname, info.mode = tarfile.SYMTYPE, member.link, 0o777
        archive.addfile(_of_root(info))
        return b""
    content = member.content()
    info.size = len(content)
    archive.addfile(_of_root(info), io.BytesIO(content))
    return content


def write_tar_gz(path: Path, members: Sequence[Member], *, time: int) -> None:
    """Write members, and the folders that they are in, to a compressed archive.

    Args:
        path: The archive.
        members: What goes in, under their own paths.
        time: Of every last change, in seconds since 1970.

    Raises:
        OSError: A file cannot be read, or the archive not be written.
    """
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", 9, file, mtime=0) as packed,
        # pax is what everybody reads, and it says names of any length in UTF-8.
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT, encoding="utf-8") as archive,
    ):
        for folder in parents([member.path for member in members]):
            add_folder(archive, f"{folder}/", time=time)
        for member in members:
            add_member(archive, str(member.path), member, time=time)


def parents(paths: list[PurePosixPath]) -> list[PurePosixPath]:
    """Every folder that the paths are in, outermost first."""
    found = {parent for path in paths for parent in path.parents if parent != PurePosixPath(".")}
    return sorted(found, key=lambda path: path.parts)


def _of_root(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = "root"
    return info
