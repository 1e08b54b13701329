"""`Flatpak`: what flatpak-builder needs to make a Flatpak, in one archive.

    <slug>-<version>-flatpak/
      <app id>.json     the manifest
      files/…           what comes below /app; see `_linux_layout`

A Flatpak is made where its runtime is installed, some 2 GB, so this is as far as a build goes by itself. Unpack it, and

    flatpak install flathub org.gnome.Platform//48 org.gnome.Sdk//48
    flatpak-builder --user --install --force-clean build <app id>.json

WebKitGTK is the runtime's. The program may show windows (Wayland, else X11), draw with the graphics card, play sound,
use the network, notify and have an icon in the tray; files come through the portals of the desktop. What it needs
beyond that is added to ``finish-args``.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path, PurePosixPath

from deskapp.errors import SpecError
from deskapp.freeze._spec import FreezeSpec, Mode
from deskapp.freeze.installers._base import Artifact, DistTree, Installer
from deskapp.freeze.installers._finish import finish
from deskapp.freeze.installers._linux_layout import Member, check_layout, linux_layout
from deskapp.freeze.installers._linux_needs import window_programs
from deskapp.freeze.installers._tar import write_tar_gz
from deskapp.freeze.installers._times import build_time
from deskapp.freeze.metadata import file_version, flatpak_id, package_name
from deskapp.freeze.tools import Log

# The runtime that has GTK 3 and WebKitGTK's API 4.1.
RUNTIME, SDK, RUNTIME_VERSION = "org.gnome.Platform", "org.gnome.Sdk", "48"
PERMISSIONS = (
    "--share=ipc",  # shared memory of X11
    "--socket=wayland",
    "--socket=fallback-x11",
    "--device=dri",
    "--socket=pulseaudio",
    "--share=network",
    "--talk-name=org.freedesktop.Notifications",
    "--talk-name=org.kde.StatusNotifierWatcher",
)


class Flatpak(Installer):
    """Makes ``<slug>-<version>-flatpak.tar.gz``."""

    format = "flatpak"
    platform = "linux"

    def check(self, spec: FreezeSpec) -> None:
        """Refuse what a Flatpak cannot say, and programs that open a browser: there is none inside.

        Raises:
            SpecError: A name cannot be said, or the windows need a browser.
        """
        check_layout(spec)
        flatpak_id(spec.app_id)
        programs = window_programs(spec)
        if programs and "gtk" not in programs and "browser" not in programs and spec.mode is Mode.SYSTEM:
            raise SpecError(
                "runtime",
                f"{spec.runtime!r} starts a browser, and there is none inside a Flatpak: take 'webview', or leave "
                "'flatpak' out of linux.formats",
            )

    def build(self, spec: FreezeSpec, tree: DistTree, *, target: Path, work: Path, log: Log) -> Artifact:
        time = build_time()
        folder = PurePosixPath(f"{package_name(spec.name)}-{file_version(spec.version)}-flatpak")
        members = [Member(folder / f"{spec.app_id}.json", data=manifest(spec).encode())]
        # Below /app lies what elsewhere lies below /usr.
        for member in linux_layout(spec, tree):
            members.append(replace(member, path=folder / "files" / member.path.relative_to("usr")))
        made = work / f"{folder}.tar.gz"
        write_tar_gz(made, members, time=time)
        return finish(self.format, made, target / made.name)


def manifest(spec: FreezeSpec) -> str:
    """The manifest for flatpak-builder, as JSON.

    Raises:
        SpecError: A name cannot be said.
    """
    name = package_name(spec.name)
    module = {
        "name": name,
        "buildsystem": "simple",
        # Everything is stripped already, and the start-up program carries more than a linker put into it.
        "build-options": {"strip": False, "no-debuginfo": True},
        "build-commands": ["cp -a . /app"],
        "sources": [{"type": "dir", "path": "files"}],
    }
    value = {
        "id": flatpak_id(spec.app_id),
        "runtime": RUNTIME,
        "runtime-version": RUNTIME_VERSION,
        "sdk": SDK,
        "command": name,
        "finish-args": list(PERMISSIONS),
        "modules": [module],
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
