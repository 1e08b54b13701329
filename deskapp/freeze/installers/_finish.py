"""Putting a finished file at its place: what lay there before stays until that moment."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

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
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.part")
    try:
        shutil.move(made, beside)
        os.replace(beside, place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return Artifact.of(format, place)
