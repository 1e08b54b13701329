"""Whether this program starts when its user logs in.

These functions read and write one small file, or one value of the registry, at once: they return no `Call`.
"""

from __future__ import annotations

from collections.abc import Sequence

from deskapp.app import launcher
from deskapp.desktop.autostart import checked_arguments, entry_for, program_command

__all__ = ["disable", "enable", "is_enabled"]


def enable(args: Sequence[str] = (), *, name: str = "") -> None:
    """Have this program started at the next login, and at those after it.

    Args:
        args: Arguments for it, for example ``["--hidden"]``.
        name: What people call it; its id when empty.

    Raises:
        ConfigError: An argument is impossible.
        DesktopFailed: The program was typed at a prompt, or its command line is too long for Windows.
        OSError: The entry cannot be written; what was there is unchanged.
    """
    command = program_command(checked_arguments(args))
    entry_for(launcher().app_id, name).write(command)


def disable() -> None:
    """No longer have it started; that it was not is no error.

    Raises:
        OSError: The entry cannot be removed.
    """
    entry_for(launcher().app_id).remove()


def is_enabled() -> bool:
    """Whether it will be started at the next login. The user may change that elsewhere at any time."""
    return entry_for(launcher().app_id).is_there()
