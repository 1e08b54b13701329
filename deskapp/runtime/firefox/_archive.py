"""Firefox's archive of code with files of ours in it, made once for each version of Firefox and of those files.

An archive is a zip whose list may stand at its front, where Firefox looks first. Ours is a copy of the installed one,
of which nothing is moved: what is added comes behind it, then a new list, which is looked for there because the old one
is no longer marked as one. Where the file system can share blocks between files, the copy takes no room.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import struct
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from deskapp.paths import ensure_private

_ENTRY = struct.Struct("<4s5H3I2H")
_LISTED = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_ENTRY_SIGNATURE, _LISTED_SIGNATURE, _END_SIGNATURE = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_VERSION = 20  # of the format; no feature of a later one is used
_FRONT = 4  # where a list at the front begins
_DAY = 0x21  # 1980-01-01, the first that the format knows

KEEP_S = 30 * 24 * 3600.0
"""Copies for a Firefox that is gone are removed after so long without use."""


def archive_with(installed: Path, added: Mapping[str, bytes], folder: Path) -> Path:
    """The path of an archive like `installed`, with the files of `added` instead of those of the same name, or besides.

    Args:
        installed: What came with Firefox.
        added: Contents by their path in the archive; `extended` prepares ``chrome.manifest``.
        folder: Where such archives are kept.

    Raises:
        OSError: It cannot be read or written.
        ValueError: It is no such archive.
    """
    ensure_private(folder)
    made = folder / f"{_key(installed, added)}.ja"
    if made.is_file():
        with contextlib.suppress(OSError):
            os.utime(made)
        return made
    _forget_old(folder)
    handle, part = tempfile.mkstemp(dir=folder, suffix=".part")
    try:
        with open(handle, "r+b") as target, installed.open("rb") as source:
            _copy(source.fileno(), target.fileno())
            _add(target.fileno(), added)
        os.replace(part, made)
    except BaseException:
        os.unlink(part)
        raise
    return made


def text_in(archive: Path, name: str) -> str:
    """The text of a file in an archive.

    Raises:
        OSError: The archive cannot be read.
        ValueError: It is no such archive, or has no such file.
    """
    with archive.open("rb") as file:
        for record in _records(_list_of(file.fileno())):
            if record.name == name:
                return record.content(file.fileno()).decode()
    raise ValueError(f"{archive} has no {name}")


class _Record:
    """One line of an archive's list."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        fields = _LISTED.unpack_from(raw)
        self.method, self.packed, self.offset = fields[4], fields[8], fields[16]
        self.name = raw[_LISTED.size : _LISTED.size + fields[10]].decode()

    def content(self, fd: int) -> bytes:
        head = _ENTRY.unpack(os.pread(fd, _ENTRY.size, self.offset))
        if head[0] != _ENTRY_SIGNATURE:
            raise ValueError(f"{self.name} is not where the list says")
        packed = os.pread(fd, self.packed, self.offset + _ENTRY.size + head[9] + head[10])
        return zlib.decompress(packed, wbits=-zlib.MAX_WBITS) if self.method == 8 else packed


def _key(installed: Path, added: Mapping[str, bytes]) -> str:
    stat = installed.stat()
    digest = hashlib.blake2b(f"{installed} {stat.st_size} {stat.st_mtime_ns}".encode(), digest_size=16)
    for name, content in sorted(added.items()):
        digest.update(f"\n{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _forget_old(folder: Path) -> None:
    for found in folder.iterdir():
        with contextlib.suppress(OSError):  # somebody else removes it, too
            if time.time() - found.stat().st_mtime > KEEP_S:
                found.unlink()


def _copy(source: int, target: int) -> None:
    left = os.fstat(source).st_size
    while left > 0:
        try:
            count = os.copy_file_range(source, target, left)
        except OSError:  # between file systems of different kinds
            count = os.sendfile(target, source, None, left) if hasattr(os, "sendfile") else 0
        if count == 0:
            raise OSError("the archive ended while it was copied")
        left -= count


def _add(fd: int, added: Mapping[str, bytes]) -> None:
    """Write files behind an archive, and a list of all."""
    records = [record.raw for record in _records(_list_of(fd)) if record.name not in added]
    place = os.fstat(fd).st_size
    for name, content in added.items():
        path = name.encode()
        facts = (_VERSION, 0, 0, 0, _DAY, zlib.crc32(content), len(content), len(content), len(path), 0)
        place += os.pwrite(fd, _ENTRY.pack(_ENTRY_SIGNATURE, *facts) + path + content, place)
        offset = place - _ENTRY.size - len(path) - len(content)
        records.append(_LISTED.pack(_LISTED_SIGNATURE, _VERSION, *facts, 0, 0, 0, 0, offset) + path)
    whole = b"".join(records)
    count = len(records)
    end = _END.pack(_END_SIGNATURE, 0, 0, count, count, len(whole), place, 0)
    os.pwrite(fd, whole + end, place)
    os.pwrite(fd, bytes(_FRONT), _FRONT)


def _list_of(fd: int) -> bytes:
    """The list of an archive, which says at its end where it is."""
    size = os.fstat(fd).st_size
    end = os.pread(fd, _END.size, max(0, size - _END.size))
    if len(end) != _END.size or not end.startswith(_END_SIGNATURE):
        raise ValueError("it does not end as an archive does")
    _, _, _, _, _, length, offset, _ = _END.unpack(end)
    found = os.pread(fd, length, offset)
    if not found.startswith(_LISTED_SIGNATURE):
        raise ValueError("it has no list of its files")
    return found


def _records(listed: bytes) -> Iterator[_Record]:
    at = 0
    while at < len(listed):
        fields = _LISTED.unpack_from(listed, at)
        if fields[0] != _LISTED_SIGNATURE:
            raise ValueError("its list of files is broken")
        end = at + _LISTED.size + fields[10] + fields[11] + fields[12]
        yield _Record(listed[at:end])
        at = end
