"""Web addresses and files in other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from deskapp.app import launcher
from deskapp.desktop.opening import check_path, check_target, open_target, reveal_path

if TYPE_CHECKING:
    from deskapp._call import Call


def open(target: str | Path) -> Call[None]:
    """Open a web address, or a file or folder, in the program that the user has for it.

    Files that are programs may be run by that: give no path that comes from strangers.

    Args:
        target: An address that begins with http, https or mailto, or a path that exists.

    Raises:
        ConfigError: It is neither.
        DesktopFailed: There is no program for it.
    """
    found, services = check_target(target), launcher().services
    return services.call(lambda: open_target(found), "native.open")


def reveal(path: str | Path) -> Call[None]:
    """Show a file or folder in the file manager, selected where the file manager can do that.

    Raises:
        ConfigError: There is no such thing.
        DesktopFailed: There is no file manager.
    """
    found, services = check_path(path, origin="native.reveal"), launcher().services
    return services.call(lambda: reveal_path(found), "native.reveal")
