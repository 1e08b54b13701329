"""Hooks that PyInstaller finds by the entry point ``pyinstaller40``, and those that a build of deskapp's adds.

`hook-deskapp.py` is for everybody who freezes a program that imports deskapp, with whatever spec. What is in ``lean``
and ``full`` decides for other libraries and is used by specs that call `deskapp.freeze.collect` only.
"""

from __future__ import annotations

from pathlib import Path

from deskapp.freeze._spec import Mode


def get_hook_dirs() -> list[str]:
    """Folders of hooks for every program that imports deskapp."""
    return [str(Path(__file__).parent)]


def build_hook_dirs(mode: Mode) -> list[str]:
    """Folders of hooks for a program that `deskapp freeze` builds."""
    folder = Path(__file__).parent
    return [*get_hook_dirs(), str(folder / "lean"), *([str(folder / "full")] if mode is Mode.FULL else [])]


def introspection_hooks() -> list[str]:
    """Names of the modules ``gi.repository.…`` for which PyInstaller would bring libraries and data along."""
    import PyInstaller

    hooks = Path(PyInstaller.__file__).parent / "hooks"
    return sorted(file.stem.removeprefix("hook-") for file in hooks.glob("hook-gi.repository.*.py"))
