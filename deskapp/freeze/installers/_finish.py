"""What every installer ends with: the finished file is put in its place, and known by its digest."""

from __future__ import annotations

from pathlib import Path

from deskapp.freeze._place import put_in_place
from deskapp.freeze.installers._base import Artifact


def finish(format: str, made: Path, place: Path) -> Artifact:
    """Move `made` to `place` in one step, replacing what is there.

    Args:
        format: Of the installer.
        made: The whole file; it may be on another disk, and is gone afterwards.
        place: Where people find it.

    Raises:
        OSError: It cannot be put there.
    """
    put_in_place(made, place)
    return Artifact.of(format, place)
