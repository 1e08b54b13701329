"""What a program asks of the desktop around its windows: dialogs, clipboard, tray, notifications and the like.

    from deskapp import native

    path = await native.open_file(filters=[("Pictures", ["*.png", "*.jpg"])])

Functions return a `Call`: await it in an async action or coroutine; on another thread, ``.wait()`` for it; or let it
go, then the log tells if it fails. They may be called from any thread, also before `run`, which then does them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskapp._lazy import lazy_names

if TYPE_CHECKING:
    from deskapp._call import Call
    from deskapp.desktop.opened import Opened
    from deskapp.desktop.surroundings import Desktop
    from deskapp.native import autostart, clipboard
    from deskapp.native._desktop import desktop, screens, theme
    from deskapp.native._dialogs import ask, choose_folder, confirm, message, open_file, open_files, save_file
    from deskapp.native._instance import single_instance
    from deskapp.native._notify import notify
    from deskapp.native._opening import open, reveal
    from deskapp.native._tray import Tray
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "deskapp._call": ("Call",),
            "deskapp.desktop.opened": ("Opened",),
            "deskapp.desktop.surroundings": ("Desktop",),
            "deskapp.native._desktop": ("desktop", "screens", "theme"),
            "deskapp.native._dialogs": (
                "ask",
                "choose_folder",
                "confirm",
                "message",
                "open_file",
                "open_files",
                "save_file",
            ),
            "deskapp.native._instance": ("single_instance",),
            "deskapp.native._notify": ("notify",),
            "deskapp.native._opening": ("open", "reveal"),
            "deskapp.native._tray": ("Tray",),
        },
        submodules=("autostart", "clipboard"),
    )

__all__ = [
    "Call",
    "Desktop",
    "Opened",
    "Tray",
    "ask",
    "autostart",
    "choose_folder",
    "clipboard",
    "confirm",
    "desktop",
    "message",
    "notify",
    "open",
    "open_file",
    "open_files",
    "reveal",
    "save_file",
    "screens",
    "single_instance",
    "theme",
]
