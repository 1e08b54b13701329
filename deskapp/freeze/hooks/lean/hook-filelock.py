"""Locks of files as deskapp takes them; a program that names this library itself has all of it."""

from deskapp.freeze._build import present_build
from deskapp.freeze._parts import is_named

_build = present_build()
excludedimports = []
if _build is not None and not is_named("filelock", _build.modules, _build.path):
    excludedimports = [
        "filelock._async_lock", "filelock._soft._lease", "filelock._soft._read_write", "filelock._sqlite",
        "filelock.asyncio", "sqlite3",
    ]  # fmt: skip
