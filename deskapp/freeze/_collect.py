"""`collect`: everything about a program that its spec does not say itself; called by specs that deskapp writes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from deskapp.errors import SpecError
from deskapp.freeze._order import Order, present_order
from deskapp.freeze._parts import (
    BEHIND_WORDS,
    EAST_ASIAN_CODECS,
    LICENSES,
    OF_OTHER_SYSTEMS,
    SIGNS_OF_ENCODINGS,
    TOOLKIT_LIBRARIES,
    is_named,
    left_out,
    source_files,
    toolkits_of,
)
from deskapp.freeze._spec import Mode
from deskapp.freeze.hooks import build_hook_dirs, introspection_hooks
from deskapp.freeze.precompile import MANIFEST

Entry = tuple[str, str, str]
"""Name in the bundle, file, and kind, as PyInstaller's tables of contents have it."""

# Loaded by PyGObject when a library is first asked for.
_OVERRIDES = ("GLib", "GObject", "Gdk", "GdkPixbuf", "Gio", "GioUnix", "Gtk", "Pango")


@dataclass(frozen=True)
class Parts:
    """What `collect` found; the attributes are what PyInstaller's ``Analysis`` and ``EXE`` take under these names.

    Attributes:
        entry: The start-up script.
        pathex: Folders in which modules are looked for.
        hiddenimports: Modules that are imported by name.
        excludes: Modules that this program cannot need.
        hookspath: Folders of hooks.
        hooksconfig: What hooks are told.
        files: Data files, as ``a.datas`` has them.
        icon: Of the executable; None on Linux.
        version: Version resource; for Windows alone.
        manifest: Manifest of the executable; for Windows alone.
    """

    entry: str
    pathex: list[str]
    hiddenimports: list[str]
    excludes: list[str]
    hookspath: list[str]
    hooksconfig: dict[str, object]
    files: list[Entry]
    icon: str | None
    version: str | None
    manifest: str | None


def collect(*, data: Sequence[tuple[str, str]] = ()) -> Parts:
    """What this build found out about the program.

    Args:
        data: Files and folders that travel with the program: where each is, relative to the project, and where it goes.

    Raises:
        SpecError: PyInstaller was not started by `deskapp freeze`, or something of `data` is not there.
    """
    build = present_order()
    if build is None:
        why = "this spec needs what `deskapp freeze` finds out; build with: deskapp freeze --spec FILE"
        raise SpecError("spec", why)
    out = left_out(build.runtimes)
    return Parts(
        entry=build.entry,
        pathex=list(build.path),
        hiddenimports=[*build.modules, *_toolkit_modules(build), *_libraries_behind_words(build)],
        excludes=[*out, *_excluded_libraries(build)],
        hookspath=build_hook_dirs(build.mode),
        hooksconfig=_hooks_config(build.mode),
        files=_files(build, data),
        icon=build.icon,
        version=build.version_info,
        manifest=build.windows_manifest,
    )


def _toolkit_modules(build: Order) -> list[str]:
    toolkits = toolkits_of(build.runtimes)
    found = []
    if "gtk" in toolkits:
        found += ["webview.platforms.gtk", *(f"gi.overrides.{name}" for name in _OVERRIDES)]
    if "qt" in toolkits:
        found += [f"qtpy.{name}" for name in ("QtCore", "QtGui", "QtWidgets", "QtNetwork", "QtPrintSupport", "QtDBus")]
        found += [f"qtpy.{name}" for name in ("QtWebChannel", "QtWebEngineCore", "QtWebEngineWidgets")]
        found += ["webview.platforms.qt"]
    if "edge" in toolkits:
        found += ["webview.platforms.winforms", "webview.platforms.edgechromium", "clr"]
    if "cocoa" in toolkits:
        found += ["webview.platforms.cocoa", "AppKit", "Foundation", "WebKit", "PyObjCTools.AppHelper"]
    return found


def _libraries_behind_words(build: Order) -> list[str]:
    """Libraries that deskapp imports only when a function is called, where the program has the function's name."""
    return [
        library
        for word, library in BEHIND_WORDS.items()
        if find_spec(library) is not None and is_named(word, source_files(build.modules, build.path))
    ]


def _excluded_libraries(build: Order) -> list[str]:
    """Libraries of toolkits that nobody asked for, and what would bring the system's own along."""
    toolkits = toolkits_of(build.runtimes)
    out = [name for name in OF_OTHER_SYSTEMS.get(sys.platform, ()) if not _is_wanted(name, build)]
    if sys.platform.startswith("linux"):
        may_decode = any(_is_wanted(word, build) for word in SIGNS_OF_ENCODINGS)
        out += [name for name in EAST_ASIAN_CODECS if not may_decode and name not in build.modules]
    if not toolkits:
        for names in TOOLKIT_LIBRARIES.values():
            out += [name for name in names if not _is_wanted(name, build)]
    # The modules come from the system's introspection data at run time. Not to have them here also keeps the run-time
    # hooks out which point GLib at folders of the bundle that are not there: with `pyi_rth_gio` and no TLS library in
    # its folder, every https page fails and http goes on working.
    if build.mode is not Mode.FULL and sys.platform.startswith("linux"):
        out += introspection_hooks()
    return out


def _is_wanted(name: str, build: Order) -> bool:
    """Whether the program imports a library itself, or its product lists it."""
    if any(each.partition(".")[0] == name for each in build.modules):
        return True
    return is_named(name, source_files(build.modules, build.path))


def _hooks_config(mode: Mode) -> dict[str, object]:
    if mode is not Mode.FULL:
        return {}
    return {
        "gi": {
            "icons": ["Adwaita"],
            "themes": ["Adwaita"],
            "languages": ["en"],
            "module-versions": {"Gtk": "3.0", "Gdk": "3.0", "Soup": "3.0"},
        }
    }


def _files(build: Order, data: Sequence[tuple[str, str]]) -> list[Entry]:
    found: list[Entry] = []
    if build.manifest is not None:
        found.append((MANIFEST, build.manifest, "DATA"))
    found += [(Path(picture).name, picture, "DATA") for picture in build.pictures]
    found += [(f"{LICENSES}/{Path(text).name}", text, "DATA") for text in build.license_files]
    for source, target in data:
        place = Path(build.project, source)
        if place.is_dir():
            inside = sorted(file for file in place.rglob("*") if file.is_file())
            found += [((Path(target) / file.relative_to(place)).as_posix(), str(file), "DATA") for file in inside]
        elif place.is_file():
            found.append((Path(target).as_posix(), str(place), "DATA"))
        else:
            raise SpecError("data", f"there is no file or folder {str(place)!r}")
    return found
