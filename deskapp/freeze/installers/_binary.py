"""What an executable or library is: for which system and processor, and what it needs of an ELF system.

Read here, because neither ``file`` nor ``readelf`` is on every machine that builds. ELF as in its specification:

    header ─ e_machine, e_phoff ─▶ program headers ─ PT_DYNAMIC ─▶ DT_NEEDED*, DT_SONAME, DT_STRTAB, DT_VERNEED
                                                   └ PT_LOAD: where addresses lie in the file
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MACHINES = {3: "i386", 40: "armhf", 62: "x86_64", 183: "aarch64", 243: "riscv64", 21: "ppc64le", 22: "s390x"}
_PE_MACHINES = {0x14C: "x86", 0x8664: "x64", 0xAA64: "arm64"}
_MACH_MACHINES = {0x01000007: "x86_64", 0x0100000C: "arm64"}
_MACH_MAGIC = b"\xcf\xfa\xed\xfe"
_FAT_MAGIC = b"\xca\xfe\xba\xbe"

_PT_LOAD, _PT_DYNAMIC, _PT_INTERP = 1, 2, 3
_DT_NEEDED, _DT_STRTAB, _DT_SONAME, _DT_VERNEED, _DT_VERNEEDNUM = 1, 5, 14, 0x6FFFFFFE, 0x6FFFFFFF


@dataclass(frozen=True)
class Elf:
    """What the loader of an ELF file does with it.

    Attributes:
        machine: As ``uname -m`` has it, such as ``"x86_64"``.
        is_64_bit: Whether addresses have 64 bits.
        is_program: Whether it names its own loader, as executables do.
        needed: Names of the libraries that are loaded with it.
        soname: The name under which others need it; empty for none.
        versions: Library → versions of its symbols that it needs, such as ``"GLIBC_2.34"``.
    """

    machine: str
    is_64_bit: bool
    is_program: bool
    needed: tuple[str, ...]
    soname: str
    versions: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Platform:
    """For which machines a program is.

    Attributes:
        system: ``"linux"``, ``"windows"`` or ``"macos"``.
        machine: As that system calls its processor.
    """

    system: str
    machine: str

    def __str__(self) -> str:
        return f"{self.system}-{self.machine}"


def platform_of(path: Path) -> Platform | None:
    """For which system and processor the program at `path` is; None if it is no program of a kind known here.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"\x7fELF") and len(head) >= 20:
        order = "<" if head[5] == 1 else ">"
        (machine,) = struct.unpack_from(f"{order}H", head, 18)
        return Platform("linux", _MACHINES.get(machine, f"machine{machine}"))
    if head.startswith(b"MZ") and len(head) >= 64:
        (at,) = struct.unpack_from("<I", head, 60)
        if head[at : at + 4] == b"PE\0\0":
            (machine,) = struct.unpack_from("<H", head, at + 4)
            return Platform("windows", _PE_MACHINES.get(machine, f"machine{machine}"))
    if head.startswith(_MACH_MAGIC) and len(head) >= 8:
        (machine,) = struct.unpack_from("<I", head, 4)
        return Platform("macos", _MACH_MACHINES.get(machine, f"machine{machine}"))
    if head.startswith(_FAT_MAGIC):
        return Platform("macos", "universal2")
    return None


def is_elf(path: Path) -> bool:
    """Whether a file begins as ELF files do.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def read_elf(path: Path) -> Elf | None:
    """What the loader does with the ELF file at `path`; None if it is no such file, or a broken one.

    Raises:
        OSError: It cannot be read.
    """
    if not is_elf(path):
        return None
    try:
        return _read(path.read_bytes())
    except (struct.error, IndexError, UnicodeDecodeError):
        return None


def elf_size(path: Path) -> int:
    """Where an ELF file ends by its own account, in bytes; what lies behind is somebody else's.

    Raises:
        OSError: It cannot be read.
        ValueError: It is no ELF file, or a broken one.
    """
    data = path.read_bytes()
    if not data.startswith(b"\x7fELF"):
        raise ValueError(f"{path} is no ELF file")
    try:
        is_64_bit, order = data[4] == 2, "<" if data[5] == 1 else ">"
        (sections,) = struct.unpack_from(f"{order}Q" if is_64_bit else f"{order}I", data, 40 if is_64_bit else 32)
        size, count = struct.unpack_from(f"{order}HH", data, 58 if is_64_bit else 46)
        segments = [at + length for _kind, at, _address, length in _segments(data, is_64_bit, order)]
    except (struct.error, IndexError) as error:
        raise ValueError(f"{path} is a broken ELF file") from error
    ends: list[int] = [sections + size * count, *segments]
    return max(ends)


def _read(data: bytes) -> Elf:
    is_64_bit, order = data[4] == 2, "<" if data[5] == 1 else ">"
    (machine,) = struct.unpack_from(f"{order}H", data, 18)
    segments = list(_segments(data, is_64_bit, order))
    loads = [(address, at, size) for kind, at, address, size in segments if kind == _PT_LOAD]
    entries: list[tuple[int, int]] = []
    for kind, at, _address, size in segments:
        if kind == _PT_DYNAMIC:
            layout = struct.Struct(f"{order}QQ" if is_64_bit else f"{order}II")
            entries = list(layout.iter_unpack(data[at : at + size - size % layout.size]))
    tags = dict(reversed(entries))  # the first of each counts

    def place(address: int) -> int:
        for start, at, size in loads:
            if start <= address < start + size:
                return at + address - start
        raise IndexError(address)

    def text(offset: int) -> str:
        start = place(tags[_DT_STRTAB]) + offset
        return data[start : data.index(b"\0", start)].decode()

    versions = {}
    if _DT_VERNEED in tags:
        count = tags.get(_DT_VERNEEDNUM, 0)
        for name, needed in _versions(data, place(tags[_DT_VERNEED]), count, order):
            versions[text(name)] = tuple(text(one) for one in needed)
    return Elf(
        machine=_MACHINES.get(machine, f"machine{machine}"),
        is_64_bit=is_64_bit,
        is_program=any(kind == _PT_INTERP for kind, *_ in segments),
        needed=tuple(text(value) for tag, value in entries if tag == _DT_NEEDED),
        soname=text(tags[_DT_SONAME]) if _DT_SONAME in tags else "",
        versions=versions,
    )


def _segments(data: bytes, is_64_bit: bool, order: str) -> Iterator[tuple[int, int, int, int]]:
    """Kind, offset in the file, address and size in the file of each program header."""
    if is_64_bit:
        (start,) = struct.unpack_from(f"{order}Q", data, 32)
        size, count = struct.unpack_from(f"{order}HH", data, 54)
    else:
        (start,) = struct.unpack_from(f"{order}I", data, 28)
        size, count = struct.unpack_from(f"{order}HH", data, 42)
    for index in range(count):
        at = start + index * size
        if is_64_bit:
            kind, _flags, offset, address, _physical, length = struct.unpack_from(f"{order}IIQQQQ", data, at)
        else:
            kind, offset, address, _physical, length = struct.unpack_from(f"{order}IIIII", data, at)
        yield kind, offset, address, length


def _versions(data: bytes, at: int, count: int, order: str) -> Iterator[tuple[int, list[int]]]:
    """Of each library: where its name is, and where the names of the needed versions are."""
    for _ in range(count):
        _version, names, file, first, following = struct.unpack_from(f"{order}HHIII", data, at)
        needed, one = [], at + first
        for _ in range(names):
            _hash, _flags, _other, name, after = struct.unpack_from(f"{order}IHHII", data, one)
            needed.append(name)
            one += after
        yield file, needed
        at += following
