"""`ExitPolicy`: when `run` returns."""

from __future__ import annotations

import enum


class ExitPolicy(enum.Enum):
    """When `run` returns by itself."""

    LAST_WINDOW = "last_window"
    """When the last window has closed; without windows, when the last page of all served apps is gone."""

    MAIN_WINDOW = "main_window"
    """When the first window has closed; it takes the others with it."""

    NEVER = "never"
    """Only when `stop` is called: for programs that live on in the tray."""
