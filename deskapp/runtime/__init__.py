"""What shows a page: the public names of the runtimes, none of which is imported before it is used.

Choosing is `deskapp.runtime.select.select(name)`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deskapp.runtime.base import Availability, Capabilities, Runtime, RuntimeListener
    from deskapp.runtime.select import RuntimeReport, report
    from deskapp.runtime.window import Geometry, WindowId, WindowMode, WindowSpec

__all__ = [
    "Availability",
    "Capabilities",
    "Geometry",
    "Runtime",
    "RuntimeListener",
    "RuntimeReport",
    "WindowId",
    "WindowMode",
    "WindowSpec",
    "report",
]

_HOMES = {
    "base": ("Availability", "Capabilities", "Runtime", "RuntimeListener"),
    "select": ("RuntimeReport", "report"),
    "window": ("Geometry", "WindowId", "WindowMode", "WindowSpec"),
}


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
