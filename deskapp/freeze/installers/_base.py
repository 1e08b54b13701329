"""`Installer`, `DistTree` and `Artifact`: what every format of installer has in common."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.tools import Log, Tool

_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class DistTree:
    """A frozen program that works: a folder with the executable and what it needs.

    Attributes:
        path: The folder, ``dist/<slug>``; for a program of one file, the folder that holds that file alone.
        executable: The program in it; on macOS below ``<Name>.app/Contents/MacOS``.
    """

    path: Path
    executable: Path

    def files(self) -> Iterator[Path]:
        """Every file and symbolic link, relative to `path`, in a fixed order."""
        for found in sorted(self.path.rglob("*")):
            if found.is_symlink() or not found.is_dir():
                yield found.relative_to(self.path)

    @property
    def size(self) -> int:
        """Bytes of all files; a link counts nothing."""
        return sum((self.path / name).stat().st_size for name in self.files() if not (self.path / name).is_symlink())


@dataclass(frozen=True)
class Artifact:
    """A file that people get.

    Attributes:
        format: One of `deskapp.freeze.installers.FORMATS`.
        path: Where it is.
        size: Bytes.
        sha256: Of its content, in hexadecimal.
    """

    format: str
    path: Path
    size: int
    sha256: str

    @classmethod
    def of(cls, format: str, path: Path) -> Artifact:
        """The artifact that `path` now is.

        Raises:
            OSError: It cannot be read.
        """
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                digest.update(block)
        return cls(format, path, path.stat().st_size, digest.hexdigest())


class Installer(ABC):
    """A format in which a frozen program is handed to people.

    An installer reads the spec and the tree and changes neither; what it makes on the way lies in `work`, which is its
    own, and `target` gets finished files only, each by one rename.
    """

    format: ClassVar[str]
    platform: ClassVar[str]
    """``"linux"``, ``"win32"`` or ``"darwin"``: for whom it is; see `tools` for where it can be made."""

    def tools(self, spec: FreezeSpec) -> Sequence[Tool]:
        """Programs that `build` runs."""
        return ()

    def check(self, spec: FreezeSpec) -> None:  # noqa: B027
        """Refuse, before anything is built, what this format cannot say.

        Raises:
            SpecError: A key has a value that it cannot spell, or one is missing that it needs.
        """

    @abstractmethod
    def build(self, spec: FreezeSpec, tree: DistTree, *, target: Path, work: Path, log: Log) -> Artifact:
        """Make the installer.

        Args:
            spec: What the product is.
            tree: The frozen program.
            target: Folder that gets the finished file.
            work: An empty folder for everything else.
            log: Gets lines about what is going on.

        Raises:
            BuildFailed: A tool ended with an error.
            ToolMissing: A tool is not here.
        """
