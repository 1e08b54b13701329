"""`prune`: takes out of PyInstaller's analysis what the program does not need; called by specs that deskapp writes.

PyInstaller's hooks bring along whatever a library could want. Hooks cannot take away what other hooks brought, so this
works on the finished tables: rows of name in the bundle, file, and kind.
"""

from __future__ import annotations

import posixpath
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from deskapp.errors import SpecError
from deskapp.freeze import _webkit
from deskapp.freeze._collect import Entry
from deskapp.freeze._licenses import license_texts
from deskapp.freeze._order import present_order
from deskapp.freeze._parts import LICENSES
from deskapp.freeze._spec import Mode
from deskapp.freeze._strip import lean_copies

SYSTEM_FOLDERS = ("/usr/", "/lib/", "/lib64/", "/etc/", "/bin/", "/sbin/")

SYSTEM_DATA = ("share/", "etc/", "lib/", "gi_typelibs/", "gio_modules/")
"""Where the hooks for GTK put the system's icons, translations, schemas and modules."""

RUN_TIME_HOOKS = ("pyi_rth_gi", "pyi_rth_gio", "pyi_rth_glib", "pyi_rth_gtk", "pyi_rth_gdkpixbuf", "pyi_rth_gstreamer")
"""They point GTK's variables at folders of the bundle, which only a program with GTK inside has."""

NOT_BUNDLED = (
    "libstdc++.so.6", "libgcc_s.so.1", "libX11.so.6", "libX11-xcb.so.1", "libXau.so.6", "libXdmcp.so.6",
    "libexpat.so.1", "libz.so.1",
)  # fmt: skip
"""Libraries that the system's graphics drivers use, too: another version of them in the process, and EGL fails."""

QT_UNNEEDED = (
    "Qt6/translations/", "Qt6/qml/", "Qt6/resources/qtwebengine_devtools_resources", "Qt6/lib/libQt6Quick3D",
    "Qt6/plugins/platformthemes/libqgtk3", "Qt6/plugins/qmltooling/", "Qt6/plugins/sqldrivers/",
    "Qt6/plugins/multimedia/",
)  # fmt: skip
"""Parts of Qt below the binding's folder that a page in a window never uses."""

ICON_SIZES = ("16x16", "32x32", "scalable", "symbolic")
ICON_KINDS = ("actions", "devices", "mimetypes", "places", "status", "ui")

LIBRARY = "base_library.zip"
"""The part of the standard library that Python needs before the program's own archive can be read."""

# Read before `zlib` can be imported; PyInstaller leaves the whole archive uncompressed for their sake.
_READ_FIRST = (
    "encodings/__init__",
    "encodings/aliases",
    "encodings/utf_8.",
    "encodings/ascii",
    "encodings/latin_1",
    "codecs",
    "io.",
    "abc.",
)

_METADATA_KEPT = ("METADATA", "entry_points.txt")
_LIBRARY_KINDS = ("BINARY", "EXTENSION")


class Analysis(Protocol):
    """What is used of PyInstaller's ``Analysis``."""

    pure: list[Entry]
    binaries: list[Entry]
    datas: list[Entry]
    scripts: list[Entry]

    def exclude_system_libraries(self, list_of_exceptions: list[str] | None = None) -> None: ...


def prune(a: Analysis, *, mode: str | Mode = Mode.SYSTEM) -> None:
    """Take out what the program does not need, make its libraries lean, and add the licences of what stays.

    On Windows and macOS there is no part of the system to take out, and libraries stay as they are.

    Args:
        a: The analysis; its tables are replaced.
        mode: As the product table has it: ``"system"``, ``"full"`` or ``"qt"``.

    Raises:
        SpecError: There is no such mode, or PyInstaller was not started by `deskapp freeze`.
        ToolMissing: A program that makes libraries lean is not here.
        BuildFailed: It ended with an error.
    """
    chosen = _checked(mode)
    build = present_order()
    if build is None:
        raise SpecError(
            "spec", "prune works in builds of `deskapp freeze` alone; build with: deskapp freeze --spec FILE"
        )
    work = Path(build.work)
    has_system = sys.platform.startswith("linux")
    if has_system and chosen is not Mode.FULL:
        a.exclude_system_libraries()
        a.scripts = [row for row in a.scripts if row[0] not in RUN_TIME_HOOKS]
        a.datas = [row for row in a.datas if not _is_system_data(row)]
    if chosen is Mode.QT:
        a.binaries, a.datas = _without_qt_parts(a.binaries), _without_qt_parts(a.datas)
    if has_system and chosen is Mode.FULL:
        a.binaries = [row for row in a.binaries if row[0] not in NOT_BUNDLED]
        a.datas = _without_picture_themes(a.datas)
    names = {row[0] for row in (*a.binaries, *a.datas)}
    a.binaries = [row for row in a.binaries if _is_whole(row, names)]
    a.datas = [row for row in a.datas if _is_whole(row, names) and _is_needed_metadata(row[0])]
    a.datas = [(name, _packed(file, work) if name == LIBRARY else file, kind) for name, file, kind in a.datas]
    texts = license_texts(
        (row[0] for row in a.pure), [*a.binaries, *a.datas], work / LICENSES, system=chosen is Mode.FULL
    )
    a.datas += [(f"{LICENSES}/{text.name}", str(text), "DATA") for text in texts]
    if has_system:
        lean = lean_copies(
            ((name, Path(file)) for name, file, kind in a.binaries if kind in _LIBRARY_KINDS), work / "libraries"
        )
        if chosen is Mode.FULL:
            _webkit.relocate(lean)
        a.binaries = [(name, str(lean.get(name, file)), kind) for name, file, kind in a.binaries]
        if chosen is Mode.FULL:
            a.scripts = [_webkit.run_time_hook(work), *a.scripts]
    # In the order of their names, whatever the order in which folders were read: so that two builds are equal.
    a.pure, a.binaries, a.datas = sorted(a.pure), sorted(a.binaries), sorted(a.datas)


def _checked(mode: str | Mode) -> Mode:
    try:
        return Mode(mode)
    except ValueError:
        raise SpecError(
            "mode", f"there is no mode {mode!r}; known are {', '.join(each.value for each in Mode)}"
        ) from None


def _is_system_data(row: Entry) -> bool:
    name, file, _ = row
    if name.startswith("gi_typelibs/"):  # rewritten copies, so not where the system has them
        return True
    return name.startswith(SYSTEM_DATA) and file.startswith(SYSTEM_FOLDERS)


def _is_whole(row: Entry, names: set[str]) -> bool:
    """Whether a row is no link to something that was taken out."""
    name, target, kind = row
    return kind != "SYMLINK" or posixpath.normpath(posixpath.join(posixpath.dirname(name), target)) in names


def _is_needed_metadata(name: str) -> bool:
    """Of a distribution's own files, what `importlib.metadata` is asked for; licences are collected elsewhere."""
    folder, _, rest = name.partition("/")
    return not folder.endswith(".dist-info") or rest in _METADATA_KEPT


def _without_qt_parts(rows: Iterable[Entry]) -> list[Entry]:
    return [row for row in rows if not any(f"/{part}" in f"/{row[0]}" for part in QT_UNNEEDED)]


def _without_picture_themes(rows: Iterable[Entry]) -> list[Entry]:
    """Of the icons, those that dialogs and menus show; no pointers, which the desktop has."""
    return [row for row in rows if not row[0].startswith("share/icons/") or _is_shown_icon(row[0])]


def _is_shown_icon(name: str) -> bool:
    _, _, theme, *rest = name.split("/")
    # Without its cache, GTK looks for what is there; the cache would name what is not.
    if rest == ["icon-theme.cache"]:
        return False
    if len(rest) < 2:
        return True
    return theme != "hicolor" and rest[0] in ICON_SIZES and rest[1] in ICON_KINDS


def _packed(library: str, work: Path) -> str:
    """A copy of the base library in which all is compressed but what is read before `zlib` is there."""
    target = work / LIBRARY.replace(".", "_packed.")
    with zipfile.ZipFile(library) as source, zipfile.ZipFile(target, "w") as packed:
        for item in sorted(source.infolist(), key=lambda item: item.filename):
            row = zipfile.ZipInfo(item.filename, date_time=(1980, 1, 1, 0, 0, 0))
            row.external_attr = item.external_attr
            row.compress_type = zipfile.ZIP_STORED if item.filename.startswith(_READ_FIRST) else zipfile.ZIP_DEFLATED
            packed.writestr(row, source.read(item))
    return str(target)
