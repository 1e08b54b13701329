"""What sender and site of a publication agree on: names, tokens, files, and the words of the request.

A publication is one POST to the site, with the zipped files as its body:

    POST / HTTP/1.1
    Authorization: Bearer <token>
    Deskapp-Name: clock
    Content-Type: application/zip

The answer is JSON, ``{"url": "/clock/"}``, or an error's status with one line of plain text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

NAME_HEADER = "Deskapp-Name"
BODY_TYPE = "application/zip"
INDEX = "index.html"

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_TOKEN = re.compile(r"[!-~]{8,200}")

MAX_PATH_CHARS = 240
MAX_PATH_PARTS = 16

# What Windows cannot have as the name of a file, with or without an ending.
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{kind}{n}" for kind in ("com", "lpt") for n in "0123456789¹²³")})
_FORBIDDEN = frozenset('<>:"|?*\\')


@dataclass(frozen=True)
class SiteLimits:
    """How much a site takes.

    Attributes:
        max_bytes: Size of one upload.
        max_unpacked_bytes: Size of one app.
        max_files: Files of one app.
        max_apps: Apps of the site.
    """

    max_bytes: int = 64 * 2**20
    max_unpacked_bytes: int = 256 * 2**20
    max_files: int = 2000
    max_apps: int = 100


def fault_of_name(name: object) -> str:
    """What keeps `name` from being that of a published app; empty if nothing does."""
    if not isinstance(name, str) or NAME.fullmatch(name) is None:
        return "a name begins with a letter and has up to 64 letters, digits, '-' and '_': it is part of an address"
    if name.lower() in _DEVICES:
        return "Windows keeps this name for a device"
    return ""


def fault_of_token(token: object) -> str:
    """What keeps `token` from being the secret of a publication; empty if nothing does. It does not tell the token."""
    if not isinstance(token, str) or _TOKEN.fullmatch(token) is None:
        return (
            "a token has 8 to 200 letters, digits or signs of ASCII, and no spaces; "
            'this makes a good one: python -c "import secrets; print(secrets.token_urlsafe())"'
        )
    return ""


def fault_of_paths(paths: Iterable[str]) -> str:
    """What keeps files of these relative paths from being a publication; empty if nothing does."""
    whole: dict[str, str] = {}
    for path in paths:
        fault = _fault_of_path(path)
        if fault:
            return f"the file {path[:MAX_PATH_CHARS]!r} cannot be published: {fault}"
        # Not every system tells A from a, so nobody may depend on it.
        other = whole.setdefault(path.casefold(), path)
        if other != path:
            return f"the files {other!r} and {path!r} differ in case only"
    for path in whole.values():
        parts = path.casefold().split("/")
        for count in range(1, len(parts)):
            above = "/".join(parts[:count])
            if above in whole:
                return f"{whole[above]!r} cannot be a file and the directory of {path!r}"
    return "" if INDEX in whole.values() else f"there is no {INDEX!r} among the files"


def _fault_of_path(path: str) -> str:
    parts = path.split("/")
    if len(path) > MAX_PATH_CHARS or len(parts) > MAX_PATH_PARTS:
        return f"a path has at most {MAX_PATH_CHARS} characters in {MAX_PATH_PARTS} parts"
    if not all(parts) or "." in parts or ".." in parts:
        return "a path is relative and has no empty part, '.' or '..'"
    if not path.isprintable() or _FORBIDDEN.intersection(path):
        return "a path has no control characters, and none of " + " ".join(sorted(_FORBIDDEN))
    if unicodedata.normalize("NFC", path) != path:
        return "its letters and accents must be composed (Unicode NFC)"
    for part in parts:
        if part != part.strip() or part.endswith("."):
            return "no part of a path begins or ends with a space, or ends with '.'"
        if part.partition(".")[0].rstrip().lower() in _DEVICES:
            return "Windows keeps this name for a device"
    return ""
