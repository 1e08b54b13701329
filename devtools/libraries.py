"""The JavaScript libraries of the examples, which npm fetches as `examples/package-lock.json` says."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from devtools.environment import STAMP, locked
from devtools.report import ROOT, SetupProblem, run, say

FOLDER = Path("examples")
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
"""Of Debian, Ubuntu and their kin."""

GET_NPM = "install Node.js with npm, on Debian and Ubuntu: sudo apt-get install --no-install-recommends nodejs npm"


def libraries_problem() -> str | None:
    """Fetch the libraries if need be, and say so if they cannot be had; the rest of the project works without them."""
    if has_libraries():
        return None
    if not has_npm():
        say(f"there is no npm here, so some examples lack their libraries. Going on; to have them, {GET_NPM}")
        return "there is no npm"
    try:
        fetch_libraries()
    except SetupProblem as problem:
        say(f"{problem} Going on; some examples lack their libraries.")
        return str(problem)
    return None


def has_npm() -> bool:
    """Whether npm can be called."""
    return shutil.which("npm") is not None


def has_libraries() -> bool:
    """Whether just those are there that the lock file names now."""
    stamp = ROOT / FOLDER / "node_modules" / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _fingerprint()


def fetch_libraries() -> None:
    """Have npm put in place what the lock file names.

    Raises:
        SetupProblem: npm could not.
    """
    with locked():
        if has_libraries():  # somebody else has just done it
            return
        say(f"fetching the JavaScript libraries of {FOLDER}/")
        if run([shutil.which("npm") or "npm", "--prefix", FOLDER, "ci"], env=_certificates(), quiet=True) != 0:
            raise SetupProblem("npm could not fetch the libraries of the examples; what it said is above.")
        (ROOT / FOLDER / "node_modules" / STAMP).write_text(_fingerprint(), encoding="utf-8")


def _certificates() -> dict[str, str]:
    """Have Node.js believe what the system believes: it has a list of its own, which knows no proxy of a company."""
    if "NODE_EXTRA_CA_CERTS" in os.environ or not SYSTEM_CERTIFICATES.is_file():
        return {}
    return {"NODE_EXTRA_CA_CERTS": str(SYSTEM_CERTIFICATES)}


def _fingerprint() -> str:
    names = ("package.json", "package-lock.json", ".npmrc")
    return hashlib.sha256(b"\0".join((ROOT / FOLDER / name).read_bytes() for name in names)).hexdigest()
