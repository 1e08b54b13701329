"""What shows a page: the public names of the runtimes, none of which is imported before it is used.

Choosing is `deskapp.runtime.select.select(name)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskapp._lazy import lazy_names

if TYPE_CHECKING:
    from deskapp.runtime.base import Availability, Capabilities, Runtime, RuntimeListener
    from deskapp.runtime.select import RuntimeReport, report
    from deskapp.runtime.window import Geometry, WindowId, WindowMode, WindowSpec
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "deskapp.runtime.base": ("Availability", "Capabilities", "Runtime", "RuntimeListener"),
            "deskapp.runtime.select": ("RuntimeReport", "report"),
            "deskapp.runtime.window": ("Geometry", "WindowId", "WindowMode", "WindowSpec"),
        },
    )

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
