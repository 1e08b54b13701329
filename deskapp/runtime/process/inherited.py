"""The child's end of a pipe that its parent passes by number; light, since the host begins with it."""

from __future__ import annotations

import os
import sys


def inherited(number: str, flags: int) -> int:
    """The descriptor behind a number on the child's command line.

    Args:
        number: A descriptor; a handle on Windows.
        flags: ``os.O_RDONLY`` or ``os.O_WRONLY``.
    """
    if sys.platform == "win32":
        import msvcrt

        fd = msvcrt.open_osfhandle(int(number), flags | os.O_NOINHERIT)
    else:
        fd = int(number)
    os.set_inheritable(fd, False)  # a process of ours that held it would hide our end from the application
    return fd
