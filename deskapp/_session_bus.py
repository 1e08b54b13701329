"""Whether this session has a D-Bus; where there is none, libraries would start one that nobody ends."""

from __future__ import annotations

import os
import sys

VARIABLE = "DBUS_SESSION_BUS_ADDRESS"

NO_BUS = "disabled:"
"""An address that no library connects to."""


def has_session_bus() -> bool:
    """Whether there is one, as far as the environment and the usual place tell; False on Windows and macOS."""
    if not sys.platform.startswith("linux"):
        return False
    address = os.environ.get(VARIABLE)
    if address:
        return address != NO_BUS
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return bool(runtime) and os.path.exists(os.path.join(runtime, "bus"))


def without_new_bus() -> dict[str, str]:
    """What the environment of a toolkit or browser needs so that it starts no bus, where there is none."""
    return {} if has_session_bus() or not sys.platform.startswith("linux") else {VARIABLE: NO_BUS}
