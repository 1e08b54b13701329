"""An uploaded zip file: checked, and written anew as the one file that a published app is.

    upload, from anybody                    archive, ours
    ┌──────────────────────────┐            ┌─────────────────────────────┐
    │ members, packed in some  │  checked,  │ members, not packed, each a │
    │ way, under any names     │ ─────────► │ contiguous run of bytes     │
    │ directory of members     │            │ directory of members        │
    └──────────────────────────┘            └─────────────────────────────┘

Nothing is ever written under a name that an upload brings. The archive is a zip file too, for people with `unzip`.
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from deskapp._publish_rules import MAX_PATH_CHARS, SiteLimits, fault_of_paths

PIECE_BYTES = 65536

# The end of a zip file without comment: signature, disks, number and size of the entries, start (APPNOTE 4.3.16).
_END = struct.Struct("<4s4H2LH")
_ENTRY_BYTES = 46 + 4 * MAX_PATH_CHARS + 256

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others unpack without a bound
_ENCRYPTED = 0x1


class SiteRefusal(Exception):
    """What a site does not accept.

    Args:
        status: The HTTP status of the answer.
        why: One line for the sender.
    """

    def __init__(self, status: int, why: str) -> None:
        super().__init__(status, why)
        self.status, self.why = status, why


@dataclass(frozen=True)
class PublishedFile:
    """Where in its archive a file is, and what it is.

    Attributes:
        offset: First byte.
        size: Number of bytes.
        sha256: Of its content, in hex.
    """

    offset: int
    size: int
    sha256: str


def rewrite(upload: Path, archive: Path, limits: SiteLimits) -> dict[str, PublishedFile]:
    """Check an upload and write its files to an archive of ours; return what is where.

    Args:
        upload: A zip file that anybody may have made.
        archive: Does not exist yet.
        limits: How many files, and how large they may be unpacked.

    Raises:
        SiteRefusal: It is no zip file, or holds what a publication may not.
    """
    try:
        _check_end(upload, limits)
        with zipfile.ZipFile(upload) as source:
            members = _members(source, limits)
            with archive.open("xb") as file:
                found = _copy(source, members, file, limits)
                file.flush()
                os.fsync(file.fileno())
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        struct.error,
        ValueError,
    ) as bad:
        raise SiteRefusal(400, f"this is no zip file that can be read: {bad}") from bad
    return found


def _check_end(upload: Path, limits: SiteLimits) -> None:
    """Look at the size of the directory before `zipfile` makes an object of each entry."""
    with upload.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        if size < _END.size:
            raise zipfile.BadZipFile("it is too short")
        file.seek(size - _END.size)
        mark, _, _, _, count, directory, start, comment = _END.unpack(file.read(_END.size))
    if mark != b"PK\x05\x06" or comment:
        raise zipfile.BadZipFile("it does not end as one; a comment is not taken")
    if count > limits.max_files:
        raise SiteRefusal(413, f"{count} files are too many, the most are {limits.max_files}")
    if directory > count * _ENTRY_BYTES or start + directory + _END.size != size:
        raise zipfile.BadZipFile("its directory does not fit")


def _members(source: zipfile.ZipFile, limits: SiteLimits) -> list[zipfile.ZipInfo]:
    members = source.infolist()
    if len(members) > limits.max_files:
        raise SiteRefusal(413, f"{len(members)} files are too many, the most are {limits.max_files}")
    names = [info.filename for info in members]
    if len(set(names)) < len(names):
        raise SiteRefusal(400, "two files have the same name")
    fault = fault_of_paths(names)
    if fault:
        raise SiteRefusal(400, fault)
    for info in members:
        kind = stat.S_IFMT(info.external_attr >> 16)
        if info.orig_filename != info.filename or kind not in (0, stat.S_IFREG):
            raise SiteRefusal(400, f"{info.filename!r} is no plain file")
        if info.flag_bits & _ENCRYPTED or info.compress_type not in _METHODS:
            raise SiteRefusal(400, f"{info.filename!r} is packed in a way that is not taken; use deflate")
    if sum(info.file_size for info in members) > limits.max_unpacked_bytes:
        raise _too_large(limits)
    return members


def _copy(
    source: zipfile.ZipFile, members: list[zipfile.ZipInfo], file: IO[bytes], limits: SiteLimits
) -> dict[str, PublishedFile]:
    found: dict[str, PublishedFile] = {}
    left = limits.max_unpacked_bytes
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as target:
        for info in sorted(members, key=lambda one: one.filename):
            ours = zipfile.ZipInfo(info.filename)
            ours.create_system, ours.external_attr = 3, 0o100644 << 16
            ours.file_size = info.file_size
            digest, size = hashlib.sha256(), 0
            with source.open(info) as packed, target.open(ours, "w") as unpacked:
                offset = file.tell()
                # What the directory says of a file's size was written by whoever made it; bytes are counted here.
                while piece := packed.read(PIECE_BYTES):
                    size += len(piece)
                    if size > left:
                        raise _too_large(limits)
                    digest.update(piece)
                    unpacked.write(piece)
            left -= size
            found[info.filename] = PublishedFile(offset, size, digest.hexdigest())
    return found


def _too_large(limits: SiteLimits) -> SiteRefusal:
    return SiteRefusal(413, f"unpacked it is too large, the most are {limits.max_unpacked_bytes} bytes")
