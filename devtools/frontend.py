"""The front-end libraries of `deskapp/script/libraries`: whether they are there, and having npm and Node.js make them.

The build of a wheel runs this file by its path, so it imports nothing of the project.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

FOLDER = Path("packaging/frontend")
TARGET = Path("deskapp/script/libraries")
LICENSES = "LICENSES.md"
STAMP = "sources.sha256"
"""In TARGET; says what the libraries were made of. It travels with them, so that a build from an sdist needs no npm."""

SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
"""Of Debian, Ubuntu and their kin."""

GET_NPM = "install Node.js with npm, on Debian and Ubuntu: sudo apt-get install --no-install-recommends nodejs npm"

_SOURCES = ("package.json", "package-lock.json", ".npmrc", "build.mjs")


class FrontendProblem(Exception):
    """The libraries cannot be had; the text says why, and what to do."""


def is_in_place(root: Path) -> bool:
    """Whether just those libraries are there that the sources in FOLDER make now."""
    stamp = root / TARGET / STAMP
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != _fingerprint(root):
        return False
    return all((root / TARGET / name).is_file() for name in (LICENSES, *(entry.name for entry in _entries(root))))


def put_in_place(root: Path, run: Callable[[Sequence[str]], int]) -> None:
    """Fetch what the lock file names, and bundle it.

    Args:
        root: The project's folder.
        run: Runs a command and returns its exit code.

    Raises:
        FrontendProblem: npm is not there, or one of the two failed.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise FrontendProblem(f"There is no npm on PATH, which fetches the front-end libraries; {GET_NPM}")
    folder = str(root / FOLDER)
    for what, command in (
        ("fetch the front-end libraries", [npm, "--prefix", folder, "ci"]),
        ("bundle the front-end libraries", [npm, "--prefix", folder, "run", "build"]),
    ):
        code = run(command)
        if code != 0:
            raise FrontendProblem(f"npm could not {what} (exit code {code}); what it said is above.")
    (root / TARGET / STAMP).write_text(_fingerprint(root), encoding="utf-8")


def prepare_build(root: Path, version: str, run: Callable[[Sequence[str]], int]) -> None:
    """See to it that a wheel or an sdist has the libraries.

    Args:
        root: The project's folder.
        version: What kind of build Hatchling does; ``"editable"`` is an installation from a checkout, which can do
            without them.
        run: As of `put_in_place`.

    Raises:
        FrontendProblem: They are not there and cannot be made.
    """
    if version != "editable" and not is_in_place(root):
        put_in_place(root, run)


def certificates() -> dict[str, str]:
    """Have Node.js believe what the system believes: it has a list of its own, which knows no proxy of a company."""
    if "NODE_EXTRA_CA_CERTS" in os.environ or not SYSTEM_CERTIFICATES.is_file():
        return {}
    return {"NODE_EXTRA_CA_CERTS": str(SYSTEM_CERTIFICATES)}


def _entries(root: Path) -> list[Path]:
    return sorted((root / FOLDER / "entries").iterdir())


def _fingerprint(root: Path) -> str:
    files = [*(root / FOLDER / name for name in _SOURCES), *_entries(root)]
    return hashlib.sha256(b"\0".join(file.name.encode() + b"\0" + file.read_bytes() for file in files)).hexdigest()
