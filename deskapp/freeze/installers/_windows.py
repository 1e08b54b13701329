"""What installers for Windows have in common: names of folders and keys, registry values.

A text that names something below the folder of the program begins it with `FOLDER`, which each format spells its own
way: ``$INSTDIR`` here, ``[INSTALLDIR]`` there.

Nothing becomes the default program for a kind of document: a program offers itself (``OpenWithProgids`` and
``RegisteredApplications``), and people choose, as
https://learn.microsoft.com/windows/win32/shell/default-programs asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from deskapp._icon import Icon
from deskapp.errors import SpecError
from deskapp.freeze._spec import FileType, FreezeSpec
from deskapp.freeze.installers._base import DistTree

FOLDER = "\0"
"""Stands for the folder into which the program is installed, without a backslash at its end."""

ICON_FOLDER = "document-icons"
"""Below `FOLDER`: the icons of documents."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_MAX_FOLDER = 64
_MAX_PROG_ID = 39  # https://learn.microsoft.com/windows/win32/shell/fa-progids
_MAX_MODEL_ID = 128


@dataclass(frozen=True)
class RegistryValue:
    r"""One value of text.

    Attributes:
        key: Below ``HKEY_CURRENT_USER`` or ``HKEY_LOCAL_MACHINE``, for example ``Software\Classes\.note``.
        name: Empty for the key's default value.
        text: With `FOLDER` for the folder of the program.
    """

    key: str
    name: str
    text: str


def folder_name(name: str) -> str:
    """`name` as a folder or shortcut on Windows can have it.

    Raises:
        SpecError: Nothing is left of it.
    """
    plain = re.sub(r"\s+", " ", _FORBIDDEN.sub(" ", name)).strip()[:_MAX_FOLDER].rstrip(". ")
    if not plain:
        raise SpecError("name", f"{name!r} cannot be the name of a folder on Windows; use letters or digits")
    return f"{plain} app" if _DEVICES.fullmatch(plain) else plain


def publisher(spec: FreezeSpec) -> str:
    """As the list of programs shows it."""
    return spec.windows.publisher or spec.author or spec.name


def app_user_model_id(spec: FreezeSpec) -> str:
    """What the running program calls itself towards the task bar, so that window and shortcut are one there."""
    return re.sub(r"\s+", "", spec.app_id)[:_MAX_MODEL_ID]


def prog_id(spec: FreezeSpec, kind: FileType) -> str:
    """The name under which the registry has a kind of document: at most 39 of letters, digits and periods."""
    ending = re.sub(r"[^A-Za-z0-9]", "", kind.extension)
    known = re.sub(r"[^A-Za-z0-9.]", "", spec.app_id)
    return f"{known[-(_MAX_PROG_ID - len(ending) - 1) :].lstrip('.0123456789')}.{ending}"


def executable(tree: DistTree) -> PureWindowsPath:
    """The program, relative to the folder into which it is installed."""
    return PureWindowsPath(*tree.executable.relative_to(tree.path).parts)


def write_icons(spec: FreezeSpec, folder: Path) -> dict[str, Path]:
    """Make the icons of documents that have their own; extension → file in `folder`.

    Raises:
        ToolMissing: Pillow is not installed.
        AssetMissing: A picture is not there or cannot be read.
    """
    made: dict[str, Path] = {}
    for kind in spec.file_types:
        if kind.icon is not None:
            made[kind.extension] = folder / f"{kind.extension}.ico"
            made[kind.extension].write_bytes(Icon(kind.icon).ico())
    return made


def check_files(tree: DistTree) -> tuple[PureWindowsPath, ...]:
    """Every file of the tree as Windows names it; links are followed when they are packed.

    Raises:
        SpecError: A name that Windows does not allow, or two that it does not tell apart.
    """
    found: dict[str, PureWindowsPath] = {}
    for name in tree.files():
        for part in name.parts:
            if _FORBIDDEN.search(part) or part[-1] in ". " or _DEVICES.fullmatch(part):
                raise SpecError("data", f"{str(name)!r} cannot be the name of a file on Windows; rename {part!r}")
        path = PureWindowsPath(*name.parts)
        other = found.setdefault(str(path).casefold(), path)
        if other is not path:
            raise SpecError("data", f"Windows does not tell {str(path)!r} and {str(other)!r} apart; rename one")
    return tuple(found.values())


def registry(spec: FreezeSpec, program: PureWindowsPath) -> tuple[RegistryValue, ...]:
    """What says which addresses and documents the program opens; nothing if it opens none."""
    return tuple(_registry(spec, program))


def _registry(spec: FreezeSpec, program: PureWindowsPath) -> Iterator[RegistryValue]:
    if not (spec.url_schemes or spec.file_types):
        return
    path = f"{FOLDER}\\{program}"
    command = f'"{path}" "%1"'
    capabilities = f"Software\\{spec.app_id}\\Capabilities"
    classes = "Software\\Classes"
    yield RegistryValue("Software\\RegisteredApplications", spec.app_id, capabilities)
    yield RegistryValue(capabilities, "ApplicationName", spec.name)
    yield RegistryValue(capabilities, "ApplicationDescription", spec.summary or spec.name)
    yield RegistryValue(capabilities, "ApplicationIcon", f'"{path}",0')
    for scheme in spec.url_schemes:
        key = f"{classes}\\{scheme}"
        yield RegistryValue(key, "", f"URL:{spec.name}")
        yield RegistryValue(key, "URL Protocol", "")
        yield RegistryValue(f"{key}\\DefaultIcon", "", f'"{path}",0')
        yield RegistryValue(f"{key}\\shell\\open\\command", "", command)
        yield RegistryValue(f"{capabilities}\\URLAssociations", scheme, scheme)
    for kind in spec.file_types:
        known = prog_id(spec, kind)
        key = f"{classes}\\{known}"
        own = kind.icon is not None
        icon = f'"{FOLDER}\\{ICON_FOLDER}\\{kind.extension}.ico"' if own else f'"{path}",0'
        yield RegistryValue(key, "", kind.description)
        yield RegistryValue(key, "AppUserModelID", app_user_model_id(spec))
        yield RegistryValue(f"{key}\\DefaultIcon", "", icon)
        yield RegistryValue(f"{key}\\shell\\open\\command", "", command)
        yield RegistryValue(f"{classes}\\.{kind.extension}\\OpenWithProgids", known, "")
        yield RegistryValue(f"{capabilities}\\FileAssociations", f".{kind.extension}", known)
        if kind.mime:
            yield RegistryValue(f"{capabilities}\\MIMEAssociations", kind.mime, known)
