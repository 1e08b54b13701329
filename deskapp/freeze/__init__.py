"""From a project to a program that runs without Python, and to its installers.

    spec = read_project(Path("."))       what ``[tool.deskapp]`` in pyproject.toml says, checked whole
    report = Build(spec).run()           the stages of `deskapp.freeze.build`

A ``.spec`` of PyInstaller's calls `collect`. What was frozen needs nothing of this package.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deskapp.freeze._project import read_class, read_project, read_script
    from deskapp.freeze._spec import DataFile, Entry, FileType, FreezeSpec, Mode, Scope
    from deskapp.freeze.build import Build, BuildReport

__all__ = [
    "Build",
    "BuildReport",
    "DataFile",
    "Entry",
    "FileType",
    "FreezeSpec",
    "Mode",
    "Scope",
    "read_class",
    "read_project",
    "read_script",
]

_PLACES = {
    "Build": "build",
    "BuildReport": "build",
    "read_class": "_project",
    "read_project": "_project",
    "read_script": "_project",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_PLACES.get(name, '_spec')}"), name)
