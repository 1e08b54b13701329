"""Locks of files as deskapp takes them; a program that names this library itself has all of it."""

from deskapp.freeze._order import present_order
from deskapp.freeze._parts import is_named, source_files

_build = present_order()
excludedimports = []
if _build is not None and not is_named("filelock", source_files(_build.modules, _build.path)):
    excludedimports = [
        "filelock._async_lock", "filelock._soft._lease", "filelock._soft._read_write", "filelock._sqlite",
        "filelock.asyncio", "sqlite3",
    ]  # fmt: skip
