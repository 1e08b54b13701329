"""From a project to a program that runs without Python, and to its installers.

    spec = read_project(Path("."))       what ``[tool.deskapp]`` in pyproject.toml says, checked whole
    report = Build(spec).run()           the stages of `deskapp.freeze.build`

A ``.spec`` of PyInstaller's calls `collect`. PyInstaller loads `deskapp.freeze.hooks` through this package in every
build of everybody's, so every name is imported when it is first used. What was frozen needs nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskapp._lazy import lazy_names

if TYPE_CHECKING:
    from deskapp.freeze._collect import Parts, collect
    from deskapp.freeze._project import read_object, read_project, read_script
    from deskapp.freeze._prune import prune
    from deskapp.freeze._spec import (
        DataFile,
        Entry,
        FileType,
        FreezeSpec,
        LinuxOptions,
        MacOptions,
        Mode,
        Scope,
        WindowsOptions,
    )
    from deskapp.freeze.build import Build, BuildReport, Progress
    from deskapp.freeze.installers import Artifact, DistTree
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "deskapp.freeze._collect": ("Parts", "collect"),
            "deskapp.freeze._project": ("read_object", "read_project", "read_script"),
            "deskapp.freeze._prune": ("prune",),
            "deskapp.freeze._spec": (
                "DataFile",
                "Entry",
                "FileType",
                "FreezeSpec",
                "LinuxOptions",
                "MacOptions",
                "Mode",
                "Scope",
                "WindowsOptions",
            ),
            "deskapp.freeze.build": ("Build", "BuildReport", "Progress"),
            "deskapp.freeze.installers": ("Artifact", "DistTree"),
        },
    )

__all__ = [
    "Artifact",
    "Build",
    "BuildReport",
    "DataFile",
    "DistTree",
    "Entry",
    "FileType",
    "FreezeSpec",
    "LinuxOptions",
    "MacOptions",
    "Mode",
    "Parts",
    "Progress",
    "Scope",
    "WindowsOptions",
    "collect",
    "prune",
    "read_object",
    "read_project",
    "read_script",
]
