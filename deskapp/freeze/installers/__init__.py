"""Formats of installers: names as data, turned into classes on demand."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Mapping
from types import MappingProxyType

from deskapp.errors import SpecError
from deskapp.freeze.installers._base import Artifact, DistTree, Installer

__all__ = ["FORMATS", "Artifact", "DistTree", "Installer", "installer", "unknown_format"]

FORMATS: Mapping[str, str] = MappingProxyType({
    "deb": "deskapp.freeze.installers.deb:Deb",
    "rpm": "deskapp.freeze.installers.rpm:Rpm",
    "appimage": "deskapp.freeze.installers.appimage:AppImage",
    "flatpak": "deskapp.freeze.installers.flatpak:Flatpak",
    "tar.gz": "deskapp.freeze.installers.archive:TarGz",
    "zip": "deskapp.freeze.installers.archive:Zip",
    "nsis": "deskapp.freeze.installers.nsis:Nsis",
    "msi": "deskapp.freeze.installers.msi:Msi",
    "dmg": "deskapp.freeze.installers.dmg:Dmg",
})  # fmt: skip
"""Format → module and class."""


def unknown_format(format: str) -> str:
    """What is to be said of a format that there is none of."""
    near = difflib.get_close_matches(format, FORMATS, n=1)
    known = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(FORMATS)}."
    return f"there is no installer {format!r}; {known}"


def installer(format: str) -> Installer:
    """The installer of a format.

    Raises:
        SpecError: There is no such format.
    """
    if format not in FORMATS:
        raise SpecError("formats", unknown_format(format))
    module, _, name = FORMATS[format].partition(":")
    made: Installer = getattr(importlib.import_module(module), name)()
    return made
