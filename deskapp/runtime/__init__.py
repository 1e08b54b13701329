"""What shows a page: the public names of the runtimes, none of which is imported before it is used.

Choosing is `deskapp.runtime.select.select(name)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskapp._lazy import lazy_names

if TYPE_CHECKING:
    from deskapp.runtime.base import Availability, Runtime, RuntimeListener
    from deskapp.runtime.capabilities import Capabilities
    from deskapp.runtime.handle import Window
    from deskapp.runtime.menu import Menu, MenuItem, Separator, Shortcut
    from deskapp.runtime.select import RuntimeReport, report
    from deskapp.runtime.window import Geometry, Screen, WindowId, WindowMode, WindowSpec
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "deskapp.runtime.base": ("Availability", "Runtime", "RuntimeListener"),
            "deskapp.runtime.capabilities": ("Capabilities",),
            "deskapp.runtime.handle": ("Window",),
            "deskapp.runtime.menu": ("Menu", "MenuItem", "Separator", "Shortcut"),
            "deskapp.runtime.select": ("RuntimeReport", "report"),
            "deskapp.runtime.window": ("Geometry", "Screen", "WindowId", "WindowMode", "WindowSpec"),
        },
    )

__all__ = [
    "Availability",
    "Capabilities",
    "Geometry",
    "Menu",
    "MenuItem",
    "Runtime",
    "RuntimeListener",
    "RuntimeReport",
    "Screen",
    "Separator",
    "Shortcut",
    "Window",
    "WindowId",
    "WindowMode",
    "WindowSpec",
    "report",
]
