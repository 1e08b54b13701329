"""A product and a tree that tests of installers for Windows pack, and a Windows to install them on."""

from __future__ import annotations

import os
from pathlib import Path

from deskapp.freeze._spec import Entry, FileType, FreezeSpec, Scope, WindowsOptions
from deskapp.freeze.installers import DistTree
from deskapp.freeze.tools import Tool

GOLDEN = Path(__file__).parent / "golden"

# Everything that a script or a database of installers has its own way to spell.
ODD_NAME = 'Ada\'s `Größe` 日本 & "Maß" $INSTDIR 50%'


def product(
    *, name: str = "Body Mass", version: str = "1.2.3", scope: Scope = Scope.USER, kinds: bool = True
) -> FreezeSpec:
    """A product that says all that an installer for Windows uses."""
    return FreezeSpec(
        name=name,
        version=version,
        app_id="org.example.BodyMass",
        entry=Entry(module="body_mass", name="App"),
        project=Path("/project"),
        summary='Weighs $ and "mass" of <bodies> & more',
        author="Ada & Söhne",
        homepage="https://body.example/?a=1&b=2",
        license="MIT",
        copyright="© 2031 Ada",
        url_schemes=("bodymass",) if kinds else (),
        file_types=(FileType("note", "application/x-note", "Note"),) if kinds else (),
        windows=WindowsOptions(scope=scope),
    )


def tree_in(folder: Path, *, slug: str = "body-mass", program: bytes = b"MZ stand-in", extra: str = "") -> DistTree:
    """A frozen program of a few files, some of them oddly named."""
    files = {
        f"{slug}.exe": program,
        "_internal/python3.dll": b"library",
        "_internal/base_library.zip": b"z" * 3000,
        "_internal/data/größe $x [1] {2}.txt": b"data",
        "_internal/data/empty": b"",
    }
    if extra:
        files[extra] = b"extra"
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return DistTree(folder, folder / f"{slug}.exe")


def waiting_program(folder: Path) -> bytes:
    """A program of Windows that runs for a minute, made by the compiler that makes installers."""
    source, made = folder / "wait.nsi", folder / "wait.exe"
    lines = ["Target amd64-unicode", "SilentInstall silent", "RequestExecutionLevel user", "OutFile wait.exe"]
    source.write_text("\n".join([*lines, "Section", "Sleep 60000", "SectionEnd", ""]), encoding="utf-8")
    Tool("makensis", "apt-get install nsis").run("-V2", source, stage="test", cwd=folder)
    return made.read_bytes()


def same_as_golden(text: str, name: str) -> bool:
    """Whether a generated text is the one that was read and kept; ``WRITE_GOLDEN=1`` keeps this one instead."""
    file = GOLDEN / name
    if os.environ.get("WRITE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    return file.read_text(encoding="utf-8") == text


def quiet(line: str) -> None:
    """Takes a line of a tool's output and keeps none."""
