"""Shared libraries as they are handed over: without symbols and without search paths of the building machine."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deskapp.errors import BuildFailed
from deskapp.freeze.tools import Tool

STRIP = Tool("strip", "sudo apt install binutils")
PATCHELF = Tool("patchelf", "sudo apt install patchelf")
TOOLS = (STRIP, PATCHELF)

_ELF = b"\x7fELF"
_WORKERS = 4


def is_elf(file: Path) -> bool:
    """Whether a file is a program or library of Linux."""
    with file.open("rb") as stream:
        return stream.read(4) == _ELF


def is_repaired(name: str) -> bool:
    """Whether a library was put into a wheel by auditwheel: it is stripped already, and `strip` can break it."""
    return any(part.endswith(".libs") for part in Path(name).parts[:-1])


def kept_search_paths(paths: str) -> str:
    """Of a RUNPATH, what is relative to the library itself: how wheels find the libraries that they bring along."""
    return ":".join(path for path in paths.split(":") if path == "$ORIGIN" or path.startswith("$ORIGIN/"))


def lean_copy(source: Path, target: Path, *, name: str) -> None:
    """Copy a library without its symbols and without absolute search paths; what is no ELF file is copied as it is.

    Args:
        source: The library.
        target: The copy.
        name: Its name in the bundle.

    Raises:
        ToolMissing: ``strip`` or ``patchelf`` is not here.
        BuildFailed: One of them ended with an error.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o755)
    if not is_elf(target):
        return
    if not is_repaired(name):
        _run(STRIP, "--strip-unneeded", target)
    before = _run(PATCHELF, "--print-rpath", target).strip()
    after = kept_search_paths(before)
    if after != before:
        _run(PATCHELF, *(["--set-rpath", after] if after else ["--remove-rpath"]), target)


def lean_copies(files: Iterable[tuple[str, Path]], folder: Path) -> dict[str, Path]:
    """Make lean copies of many libraries, several at a time; see `lean_copy`.

    Args:
        files: Name in the bundle, and library.
        folder: Gets the copies.

    Returns:
        The copy of each name.
    """
    jobs = [(name, source, folder / name) for name, source in files]

    def work(job: tuple[str, Path, Path]) -> None:
        lean_copy(job[1], job[2], name=job[0])

    with ThreadPoolExecutor(_WORKERS) as pool:
        for _ in pool.map(work, jobs):
            pass
    return {name: target for name, _, target in jobs}


def search_paths(files: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Every library with an absolute search path in it, with that path.

    Raises:
        ToolMissing: ``patchelf`` is not here.
    """
    for file in files:
        if not file.is_symlink() and is_elf(file):
            found = subprocess.run(
                [str(PATCHELF.path()), "--print-rpath", str(file)], capture_output=True, text=True, check=False
            )
            # What is linked statically has no dynamic section, and so no path either.
            paths = found.stdout.strip() if found.returncode == 0 else ""
            if paths and kept_search_paths(paths) != paths:
                yield file, paths


def _run(tool: Tool, *arguments: str | Path) -> str:
    command = [str(tool.path()), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BuildFailed("strip", command=command, exit_code=done.returncode, log=done.stderr.strip())
    return done.stdout
