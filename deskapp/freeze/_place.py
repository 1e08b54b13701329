"""Putting what is finished in its place: what lay there before stays until that moment, and stays if it fails."""

from __future__ import annotations

import shutil
from pathlib import Path


def put_in_place(made: Path, place: Path) -> None:
    """Move a file or folder to where another one of its kind may be.

    Args:
        made: What is finished; it may be on another file system, and is gone afterwards.
        place: Where people find it; its folder is made if need be.

    Raises:
        OSError: It cannot be put there; what was there is there.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh, old = place.with_name(f".{place.name}.new"), place.with_name(f".{place.name}.old")
    if old.exists() and not place.exists():  # this was interrupted between two renames
        old.rename(place)
    _remove(old)
    _remove(fresh)
    try:
        shutil.move(made, fresh)  # across file systems it copies; what follows is renames
        if fresh.is_dir() and place.is_dir():  # one with something in it cannot be replaced at once
            place.rename(old)
            try:
                fresh.rename(place)
            except BaseException:
                old.rename(place)
                raise
        else:
            fresh.replace(place)
    finally:
        _remove(fresh)
    _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
