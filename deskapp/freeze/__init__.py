"""From a project to an installer.

PyInstaller loads `deskapp.freeze.hooks` through this package in every build of everybody's, so every name is imported
when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskapp._lazy import lazy_names

if TYPE_CHECKING:
    from deskapp.freeze._collect import Parts, collect
    from deskapp.freeze._prune import prune
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "deskapp.freeze._collect": ("Parts", "collect"),
            "deskapp.freeze._prune": ("prune",),
        },
    )

__all__ = ["Parts", "collect", "prune"]
