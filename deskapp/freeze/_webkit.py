"""WebKitGTK inside a program: its files, and how the library finds its helper programs wherever the program lies.

The path of the helpers is compiled into libwebkit2gtk, and Debian's build heeds no variable that would change it. So
the copy in the bundle gets another path of the same length, which goes through a descriptor:

    /usr/lib/x86_64-linux-gnu/webkit2gtk-4.1        as compiled
    /proc/self/fd/99/////////////webkit2gtk-4.1     in the bundle: 99 is the bundle's folder

A run-time hook opens the folder under that number before anything else runs. Children inherit it: WebKit's helpers
must, and nobody else is harmed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from deskapp._bundle_environment import LENT as BUNDLE_LENT
from deskapp.errors import BuildFailed

FD = 99
HOOK = "deskapp_rth_webkit"

HELPERS = ("WebKitNetworkProcess", "WebKitWebProcess", "WebKitGPUProcess")
"""Programs that WebKit starts; which of them there are depends on its version."""

INJECTED = "injected-bundle"

# The longer one is there in every sandbox; the other fits in the place of /usr/lib64.
_BEGINNINGS = (f"/proc/self/fd/{FD}".encode(), f"/dev/fd/{FD}".encode())
_LIBRARY = re.compile(r"libwebkit2gtk-4\.[01]\.so\.\d+")
_COMPILED = re.compile(rb"(?P<folder>/usr/lib(?:64|/[\w-]+)?)/(?P<name>webkit2gtk-4\.[01])(?=[\0/])")

LENT = (
    "GDK_PIXBUF_MODULE_FILE", "GIO_MODULE_DIR", "GI_TYPELIB_PATH", "GTK_DATA_PREFIX", "GTK_EXE_PREFIX", "GTK_PATH",
    "PANGO_LIBDIR", "PANGO_SYSCONFDIR", "WEBKIT_INJECTED_BUNDLE_PATH", "XDG_DATA_DIRS",
)  # fmt: skip
"""Variables that run-time hooks point into the bundle, and that programs of the system must not get."""

_HOOK_TEXT = f'''\
"""Lets WebKit find its helper programs in this program's folder; written by deskapp."""

import os
import sys


def _keep_what_was():
    # The process of the windows is this program again, and finds noted what its parent found.
    if "{BUNDLE_LENT}" not in os.environ:
        os.environ["{BUNDLE_LENT}"] = "{":".join(LENT)}"
        for name in os.environ["{BUNDLE_LENT}"].split(":"):
            if name in os.environ:
                os.environ[name + "_ORIG"] = os.environ[name]


def _point_webkit_here():
    folder = os.open(sys._MEIPASS, os.O_RDONLY | os.O_DIRECTORY)
    if folder != {FD}:
        os.dup2(folder, {FD}, inheritable=True)
        os.close(folder)
    os.set_inheritable({FD}, True)
    for name in ("webkit2gtk-4.1", "webkit2gtk-4.0"):
        place = os.path.join(sys._MEIPASS, name, "{INJECTED}")
        if os.path.isdir(place):
            os.environ["WEBKIT_INJECTED_BUNDLE_PATH"] = place


_keep_what_was()
_point_webkit_here()
del _keep_what_was, _point_webkit_here
'''


def relocated(library: bytes) -> tuple[bytes, int]:
    """The content of a library with the path of its helpers changed, and how many times it stood there."""

    def change(found: re.Match[bytes]) -> bytes:
        room = len(found.group(0)) - len(found.group("name"))
        for beginning in _BEGINNINGS:
            if len(beginning) < room:
                return beginning + b"/" * (room - len(beginning)) + found.group("name")
        return found.group(0)  # shorter than any of ours

    changed = _COMPILED.sub(change, library)
    count = sum(1 for found in _COMPILED.finditer(library)) - sum(1 for found in _COMPILED.finditer(changed))
    assert len(changed) == len(library)
    return changed, count


def relocate(libraries: Mapping[str, Path]) -> None:
    """Change libwebkit2gtk among the libraries of a bundle, in place.

    Args:
        libraries: Name in the bundle → a copy that may be changed.

    Raises:
        BuildFailed: There is none, or the path is not in it.
    """
    found = [file for name, file in libraries.items() if _LIBRARY.fullmatch(name)]
    if not found:
        raise BuildFailed(
            "WebKit", command=["prune", "full"], exit_code=1,
            log="libwebkit2gtk is not among the program's libraries; get it with: "
            "sudo apt install gir1.2-webkit2-4.1",
        )  # fmt: skip
    for file in found:
        content, count = relocated(file.read_bytes())
        if count == 0:
            raise BuildFailed(
                "WebKit", command=["prune", "full"], exit_code=1,
                log=f"{file.name} does not have the path of its helper programs where Debian's and Ubuntu's has it; "
                'use mode = "system", which takes WebKit from the system',
            )  # fmt: skip
        file.write_bytes(content)


def run_time_hook(folder: Path) -> tuple[str, str, str]:
    """Write the hook that opens the descriptor, and return its row for the analysis' scripts."""
    file = folder / f"{HOOK}.py"
    file.write_text(_HOOK_TEXT, encoding="utf-8")
    return HOOK, str(file), "PYSOURCE"


def helper_files(library_folders: tuple[Path, ...]) -> list[tuple[str, str]]:
    """WebKit's helper programs and its injected bundle, as pairs of file and folder in the bundle.

    Args:
        library_folders: Where the system has libraries, for example ``/usr/lib/x86_64-linux-gnu``.
    """
    for folder in library_folders:
        for version in ("webkit2gtk-4.1", "webkit2gtk-4.0"):
            place = folder / version
            found = [(str(place / name), version) for name in HELPERS if (place / name).is_file()]
            if found:
                injected = sorted((place / INJECTED).glob("*.so"))
                return [*found, *((str(file), f"{version}/{INJECTED}") for file in injected)]
    return []
