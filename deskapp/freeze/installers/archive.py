"""`TarGz` and `Zip`: the program as it is, to be unpacked anywhere and run.

    <slug>-<version>/…          the frozen program; on macOS its <Name>.app

Executables stay executable and links stay links; the same input gives the same bytes. What integrates the program into
a desktop is left to the formats that install.
"""

from __future__ import annotations

import stat
import zipfile
from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path, PurePosixPath
from typing import ClassVar

from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.installers._base import Artifact, DistTree, Installer
from deskapp.freeze.installers._binary import platform_of
from deskapp.freeze.installers._finish import finish
from deskapp.freeze.installers._linux_layout import Member, tree_members
from deskapp.freeze.installers._tar import write_tar_gz
from deskapp.freeze.installers._times import build_time
from deskapp.freeze.metadata import file_version
from deskapp.freeze.tools import Log

# A zip cannot say an earlier time; APPNOTE.TXT 4.4.6.
_FIRST_ZIP_TIME = 315_532_800
_MADE_BY_UNIX = 3


class _Archive(Installer):
    """What both have in common: names and members."""

    suffix: ClassVar[str]

    def check(self, spec: FreezeSpec) -> None:
        """Refuse what a file's name cannot say."""
        file_version(spec.version)
        build_time()

    def build(self, spec: FreezeSpec, tree: DistTree, *, target: Path, work: Path, log: Log) -> Artifact:
        folder = f"{spec.slug}-{file_version(spec.version)}"
        found = platform_of(tree.executable)
        name = f"{folder}-{found}{self.suffix}" if found is not None else f"{folder}{self.suffix}"
        members = sorted(tree_members(tree, PurePosixPath(folder)), key=lambda member: member.path.parts)
        made = work / name
        self._write(made, members, build_time())
        return finish(self.format, made, target / name)

    @abstractmethod
    def _write(self, path: Path, members: Sequence[Member], time: int) -> None:
        """Write the archive."""


class TarGz(_Archive):
    """Makes ``<slug>-<version>-linux-<machine>.tar.gz``."""

    format = "tar.gz"
    platform = "linux"
    suffix = ".tar.gz"

    def _write(self, path: Path, members: Sequence[Member], time: int) -> None:
        write_tar_gz(path, members, time=time)


class Zip(_Archive):
    """Makes ``<slug>-<version>-<system>-<machine>.zip``."""

    format = "zip"
    platform = "win32"
    suffix = ".zip"

    def _write(self, path: Path, members: Sequence[Member], time: int) -> None:
        moment = datetime.fromtimestamp(max(time, _FIRST_ZIP_TIME), tz=timezone.utc).timetuple()[:6]
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for member in members:
                info = zipfile.ZipInfo(str(member.path), moment)
                info.create_system = _MADE_BY_UNIX  # else nobody looks at the permissions
                info.compress_type = zipfile.ZIP_DEFLATED
                if member.link is not None:
                    info.external_attr = (stat.S_IFLNK | 0o777) << 16
                    archive.writestr(info, member.link)
                else:
                    info.external_attr = (stat.S_IFREG | member.mode) << 16
                    archive.writestr(info, member.content(), compresslevel=9)
