"""What a freezer's launcher sets in the environment for the bundle's own libraries, and how others do without it."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # `typing` takes longer to import than all of this

if TYPE_CHECKING:
    from collections.abc import Mapping

# Where it keeps what was there before: LD_LIBRARY_PATH_ORIG and so on.
_VARIABLES = ("LD_LIBRARY_PATH", "LIBPATH", "DYLD_LIBRARY_PATH")
_PREFIXES = ("_PYI_", "_MEIPASS", "_DESKAPP_")

LENT = "_DESKAPP_LENT"
"""Names, with ``:`` between them, of further variables that a bundle with a toolkit in it has set for itself."""


def without_bundle(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment of a frozen program as it was before the freezer's launcher."""
    found = dict(environ)
    for name in (*_VARIABLES, *filter(None, environ.get(LENT, "").split(":"))):
        before = found.pop(f"{name}_ORIG", None)
        if before is not None:
            found[name] = before
        else:
            found.pop(name, None)
    return {name: value for name, value in found.items() if not name.startswith(_PREFIXES)}


def leave_bundle() -> None:
    """Take the bundle's variables out of this process's environment: for one that only starts programs of the system.

    Such as the process of the windows, whose pages live in processes of the system's WebKit. What the dynamic linker
    was told when this process began stays in force for it.
    """
    if not getattr(sys, "frozen", False):
        return
    wanted = without_bundle(os.environ)
    for name in list(os.environ):
        if name not in wanted:
            del os.environ[name]
    os.environ.update(wanted)
