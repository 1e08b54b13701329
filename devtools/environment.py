"""Virtual environments: the project's own in `.venv`, one for each further Python in `.venvs/`."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from devtools.report import ROOT, SetupProblem, run, say

STAMP = "deskapp-stamp"
FULL = ("gtk", "qt", "examples", "test-notebook", "dev")
LEAST = ("test",)
FURTHER_PYTHONS = ("3.10", "3.11", "3.12", "3.13")


def ensure_environment(folder: Path, interpreter: Path, extras: tuple[str, ...]) -> Path:
    """The Python of an environment in `folder` with the project (editable) and `extras`, made or renewed if need be."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = folder / STAMP
    with locked():
        wanted = _fingerprint(interpreter, extras)
        if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8").splitlines()[0] == wanted:
            return python
        say(f"setting up {folder.relative_to(ROOT)} with {', '.join(extras)}; the first time takes a minute or more")
        if not _is_whole(python, interpreter):
            shutil.rmtree(folder, ignore_errors=True)
            if run([interpreter, "-m", "venv", folder], quiet=True) != 0:
                raise SetupProblem(f"{interpreter} could not make a virtual environment; what it said is above.")
        stamp.unlink(missing_ok=True)
        left_out = _install(python, extras)
        stamp.write_text("\n".join([wanted, *left_out]) + "\n", encoding="utf-8")
    return python


def left_out(folder: Path) -> list[str]:
    """The extras that could not be installed into the environment in `folder`."""
    return (folder / STAMP).read_text(encoding="utf-8").split()[1:]


def further_interpreters() -> dict[str, Path | None]:
    """Where the other Pythons are that the project supports; None for one that is not on this machine."""
    own = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return {version: find_interpreter(version) for version in FURTHER_PYTHONS if version != own}


def find_interpreter(version: str) -> Path | None:
    """An interpreter of `version` ("3.12") that runs and can make environments.

    A name on PATH is not enough: pyenv puts shims there which fail unless that version is selected. The interpreters
    themselves lie beside the shims.
    """
    name = f"python{version}"
    places = [Path(place) for place in os.environ.get("PATH", "").split(os.pathsep) if place]
    roots = [place.parent for place in places if place.name == "shims"] + [Path.home() / ".pyenv"]
    candidates = [place / name for place in places]
    for root in roots:
        candidates += sorted(root.glob(f"versions/{version}.*/bin/{name}"), key=_by_release, reverse=True)
    for candidate in candidates:
        is_program = candidate.is_file() and os.access(candidate, os.X_OK)
        # Debian's own Pythons come without ensurepip, which environments need.
        if is_program and _version_of(candidate) == version and _can_import(candidate, "ensurepip"):
            return candidate
    return None


def _by_release(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", path.parent.parent.name)]


def _version_of(python: Path) -> str | None:
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        told = subprocess.run([str(python), "--version"], capture_output=True, text=True, timeout=20)
        found = re.match(r"Python (\d+\.\d+)", told.stdout) if told.returncode == 0 else None
        return found.group(1) if found else None
    return None


def _is_whole(python: Path, interpreter: Path) -> bool:
    """Whether an environment is there, works, and is of the interpreter's version."""
    return python.exists() and _version_of(python) == _version_of(interpreter) and _can_import(python, "pip")


def _can_import(python: Path, module: str) -> bool:
    return subprocess.run([str(python), "-c", f"import {module}"], capture_output=True).returncode == 0


def _fingerprint(interpreter: Path, extras: tuple[str, ...]) -> str:
    told = subprocess.run([str(interpreter), "-c", "import sys; print(sys.version)"], capture_output=True, text=True)
    parts = [
        (ROOT / "pyproject.toml").read_bytes(),
        told.stdout.encode(),
        str(ROOT).encode(),
        " ".join(extras).encode(),
    ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _install(python: Path, extras: tuple[str, ...]) -> list[str]:
    """Install the project with `extras`, if need be without GTK, which is compiled here. Returns what was left out."""
    pip: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--no-warn-script-location", "-e"]
    if run([*pip, f".[{','.join(extras)}]"], quiet=True) == 0:
        return []
    if "gtk" in extras:
        say("could not be installed with GTK (what pip said is above); trying without.")
        if run([*pip, f".[{','.join(extra for extra in extras if extra != 'gtk')}]"]) == 0:
            return ["gtk"]
    raise SetupProblem(
        "pip could not install the project; what it said is above. Check the network and pip's configuration."
    )


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """One set-up at a time in this folder; where directories cannot be locked, none is."""
    if os.name != "posix":
        yield
        return
    import fcntl

    handle = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another dev.py is setting this folder up; waiting for it.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
