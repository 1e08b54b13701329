"""JavaScript libraries from npm: those of the examples, and those that deskapp's own pages of scripts use."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from devtools import frontend
from devtools.environment import STAMP, locked
from devtools.report import ROOT, SetupProblem, run, say

FOLDER = Path("examples")

LACKING = "some examples, and what scripts show and ask with libraries, lack these"


def libraries_problem() -> str | None:
    """Fetch the libraries if need be, and say so if they cannot be had; the rest of the project works without them."""
    if has_libraries():
        return None
    if not has_npm():
        say(f"there is no npm here, so {LACKING}. Going on; to have them, {frontend.GET_NPM}")
        return "there is no npm"
    try:
        fetch_libraries()
    except SetupProblem as problem:
        say(f"{problem} Going on; {LACKING}.")
        return str(problem)
    return None


def has_npm() -> bool:
    """Whether npm can be called."""
    return shutil.which("npm") is not None


def has_libraries() -> bool:
    """Whether just those are there that the lock files name now."""
    return _has_those_of_examples() and _has_own()


def fetch_libraries() -> None:
    """Have npm put in place what the lock files name.

    Raises:
        SetupProblem: npm could not.
    """
    with locked():  # somebody else may have just done it
        if not _has_own():
            say(f"making the JavaScript libraries of {frontend.TARGET.as_posix()}/")
            try:
                frontend.put_in_place(ROOT, _run)
            except frontend.FrontendProblem as problem:
                raise SetupProblem(str(problem)) from problem
        if not _has_those_of_examples():
            say(f"fetching the JavaScript libraries of {FOLDER}/")
            if _run([shutil.which("npm") or "npm", "--prefix", str(FOLDER), "ci"]) != 0:
                raise SetupProblem("npm could not fetch the libraries of the examples; what it said is above.")
            (ROOT / FOLDER / "node_modules" / STAMP).write_text(_fingerprint(), encoding="utf-8")


def _has_own() -> bool:
    # Tests use one more library that is in no bundle.
    return frontend.is_in_place(ROOT) and (ROOT / frontend.FOLDER / "node_modules" / "axe-core").is_dir()


def _has_those_of_examples() -> bool:
    stamp = ROOT / FOLDER / "node_modules" / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _fingerprint()


def _run(command: Sequence[str]) -> int:
    return run(command, env=frontend.certificates(), quiet=True)


def _fingerprint() -> str:
    names = ("package.json", "package-lock.json", ".npmrc")
    return hashlib.sha256(b"\0".join((ROOT / FOLDER / name).read_bytes() for name in names)).hexdigest()
