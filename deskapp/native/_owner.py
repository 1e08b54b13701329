"""Which window a dialog belongs to when nobody says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskapp.bridge import link as links
from deskapp.errors import WindowClosed

if TYPE_CHECKING:
    from deskapp.runtime.handle import Window


def owner_of(window: Window | None, asked: str) -> Window | None:
    """The window that is meant: the one given, else that of the session whose code runs; None if it has none.

    Raises:
        WindowClosed: It is gone.
    """
    if window is None:
        window = getattr(links.current(), "window", None)
    if window is not None and window.closed:
        raise WindowClosed(window.title, asked)
    return window
