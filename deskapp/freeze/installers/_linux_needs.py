"""What a frozen program needs of a Linux system: libraries, by reading its files; what shows its windows, by rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from deskapp.freeze._spec import FreezeSpec, Mode
from deskapp.freeze.installers._base import DistTree
from deskapp.freeze.installers._binary import Elf, read_elf
from deskapp.runtime.select import DEFAULT, WEBVIEWS

# As `deskapp.runtime.select` does, for the system that is built for instead of the one that builds.
_EXPANDED = {
    "app": ("webview", "firefox-app", "chrome-app", "edge-app"),
    "pywebview": ("webview",),
    "default-browser": ("browser",),
}
# Names that mean the same program.
_PROGRAMS = {
    "webview-gtk": "gtk",
    "webview-qt": "qt",
    "firefox-app": "firefox",
    "firefox-browser": "firefox",
    "firefox-xul-app": "firefox",
    "chrome-app": "chrome",
    "chrome-browser": "chrome",
    "edge-app": "edge",
    "edge-browser": "edge",
    "browser": "browser",
}


@dataclass(frozen=True)
class Library:
    """A library of the system.

    Attributes:
        soname: Its name for the loader.
        versions: Versions of its symbols that are needed, such as ``"GLIBC_2.34"``, sorted.
        is_64_bit: Whether the files that need it have 64 bits.
    """

    soname: str
    versions: tuple[str, ...]
    is_64_bit: bool


@dataclass(frozen=True)
class Binaries:
    """The ELF files of a frozen program.

    Attributes:
        machine: As ``uname -m`` has it; that of the program.
        files: Every ELF file, absolute.
        libraries: What they need of the system, by soname.
        folders: Folders of the program that hold libraries.
    """

    machine: str
    files: tuple[Path, ...]
    libraries: tuple[Library, ...]
    folders: tuple[Path, ...]

    @property
    def glibc(self) -> str:
        """The newest version of the C library that is asked for, such as ``"2.35"``; empty for none."""
        found = {version for library in self.libraries for version in library.versions}
        numbers = [tuple(map(int, text[6:].split("."))) for text in found if re.fullmatch(r"GLIBC_[0-9.]+", text)]
        return ".".join(map(str, max(numbers))) if numbers else ""

    @property
    def girepository(self) -> str:
        """Which library of GObject introspection the program is linked to: ``"1.0"`` or ``"2.0"``."""
        is_new = any(library.soname.startswith("libgirepository-2.0.") for library in self.libraries)
        return "2.0" if is_new else "1.0"


def read_binaries(tree: DistTree) -> Binaries:
    """Read every ELF file of a program.

    Raises:
        OSError: A file cannot be read.
    """
    found: dict[Path, Elf] = {}
    names = set()  # under which the program brings libraries along
    for name in tree.files():
        path = tree.path / name
        if path.is_symlink():
            names.add(name.name)
            continue
        elf = read_elf(path)
        if elf is not None:
            found[path] = elf
            names.update({name.name, elf.soname})
    versions: dict[str, set[str]] = {}
    for elf in found.values():
        for soname in elf.needed:
            if soname not in names:
                versions.setdefault(soname, set()).update(elf.versions.get(soname, ()))
    program = found.get(tree.executable)
    is_64_bit = program is None or program.is_64_bit
    return Binaries(
        machine="noarch" if program is None else program.machine,
        files=tuple(found),
        libraries=tuple(Library(soname, tuple(sorted(versions[soname])), is_64_bit) for soname in sorted(versions)),
        folders=tuple(sorted({path.parent for path in found})),
    )


def window_programs(spec: FreezeSpec) -> tuple[str, ...]:
    """What of the system shows the windows, best first, of ``gtk``, ``firefox``, ``chrome``, ``edge`` and ``browser``.

    Empty if the program brings it along, or has no windows: after what is brought along nothing is needed.
    """
    if spec.runtime is None:
        return ()
    found: dict[str, None] = {}
    for name in _expand(spec.runtime):
        program = _PROGRAMS.get(name)
        if program == "gtk" and spec.mode is Mode.SYSTEM:
            found["gtk"] = None
        elif program == "gtk" and spec.mode is Mode.FULL:
            break
        elif program == "qt":
            if spec.mode is Mode.QT:
                break
        elif program is not None and program != "gtk":
            found[program] = None
    return tuple(found)


def opened_libraries(spec: FreezeSpec) -> tuple[str, ...]:
    """Libraries of the system that are opened by name at run time, so that no file of the program tells of them.

    WebKit that is brought along draws with the drivers of the machine, which only the system has.
    """
    if spec.runtime is None or spec.mode is not Mode.FULL or "webview-gtk" not in _expand(spec.runtime):
        return ()
    return ("libEGL.so.1", "libGL.so.1", "libGLESv2.so.2")


def _expand(runtime: str) -> list[str]:
    names: list[str] = []
    waiting = re.split(r"\s+or\s+|[,|]", (runtime or DEFAULT).strip().lower())
    while waiting:
        name = waiting.pop(0).strip()
        if name == "webview":
            names += WEBVIEWS["linux"]
        elif name in _EXPANDED:
            waiting[:0] = _EXPANDED[name]
        else:
            names.append(name)
    return names
