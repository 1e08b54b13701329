"""Formats of installers: names as data, turned into classes on demand."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Mapping
from types import MappingProxyType

from deskapp.errors import SpecError
from deskapp.freeze.installers._base import Artifact, DistTree, Installer

__all__ = ["FORMATS", "Artifact", "DistTree", "Installer", "installer"]

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


def installer(format: str) -> Installer:
    """The installer of a format.

    Raises:
        SpecError: There is no such format.
    """
    place = FORMATS.get(format)
    if place is None:
        near = difflib.get_close_matches(format, FORMATS, n=1)
        known = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(FORMATS)}."
        raise SpecError("formats", f"there is no installer {format!r}; {known}")
    module, _, name = place.partition(":")
    made: Installer = getattr(importlib.import_module(module), name)()
    return made
