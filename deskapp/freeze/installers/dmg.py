"""The disk image of macOS: the bundle beside a link to Applications, signed and notarized with credentials."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Sequence
from pathlib import Path

from deskapp.freeze import _mac_bundle
from deskapp.freeze._mac_bundle import CODESIGN, XCRUN
from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.installers._base import Artifact, DistTree, Installer
from deskapp.freeze.metadata import file_version
from deskapp.freeze.tools import Log, Tool, run

HDIUTIL = Tool("hdiutil", CODESIGN.remedy)

_VOLUME_CHARACTERS = 27  # of HFS+


class Dmg(Installer):
    """``<slug>-<version>-<machine>.dmg``; only macOS can make one, see `commands` for how."""

    format = "dmg"
    platform = "darwin"

    def tools(self, spec: FreezeSpec) -> Sequence[Tool]:
        signing = [CODESIGN] if _mac_bundle.identity(spec) else []
        notarizing = [XCRUN] if _mac_bundle.notary_keychain(spec) is not None else []
        return (HDIUTIL, *signing, *notarizing)

    def check(self, spec: FreezeSpec) -> None:
        _mac_bundle.check(spec)

    def build(self, spec: FreezeSpec, tree: DistTree, *, target: Path, work: Path, log: Log) -> Artifact:
        self.check(spec)
        for tool in self.tools(spec):
            tool.path()
        app = _mac_bundle.bundle(tree)
        stage = work / "image"
        stage.mkdir()
        shutil.copytree(app, stage / f"{app_name(spec)}.app", symlinks=True)
        (stage / "Applications").symlink_to("/Applications")
        # One is built for Apple silicon, another for Intel, and people get both from one place.
        made = work / f"{spec.slug}-{file_version(spec.version)}-{platform.machine().lower()}.dmg"
        for command in commands(spec, stage, made):
            run(command, stage="dmg", log=log)
        target.mkdir(parents=True, exist_ok=True)
        made.replace(target / made.name)
        return Artifact.of(self.format, target / made.name)


def commands(spec: FreezeSpec, stage: Path, made: Path) -> tuple[tuple[str, ...], ...]:
    """What makes an image of a folder, and signs and notarizes it if the product says how.

    Args:
        spec: What the product is.
        stage: What the image shows.
        made: The image.
    """
    create = ("hdiutil", "create", "-volname", volume_name(spec), "-srcfolder", str(stage), "-fs", "HFS+")
    found: list[tuple[str, ...]] = [
        (*create, "-format", "UDZO", "-imagekey", "zlib-level=9", "-ov", str(made)),
        ("hdiutil", "verify", str(made)),
    ]
    identity = _mac_bundle.identity(spec)
    if identity:
        found.append(("codesign", "--force", "--sign", identity, "--timestamp", str(made)))
        found.append(("codesign", "--verify", "--verbose=2", str(made)))
    keychain = _mac_bundle.notary_keychain(spec)
    if keychain is not None:
        found.extend(_mac_bundle.notarize_commands(made, keychain=keychain))
    return tuple(found)


def app_name(spec: FreezeSpec) -> str:
    """The bundle's name in Applications, without ``.app``: ``/`` and ``:`` are no part of one there."""
    return " ".join(spec.name.replace("/", " ").replace(":", " ").split()).lstrip(".") or spec.slug


def volume_name(spec: FreezeSpec) -> str:
    """What Finder calls the opened image."""
    return app_name(spec)[:_VOLUME_CHARACTERS].strip()
