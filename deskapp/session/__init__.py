"""Sessions: one page, one websocket, one window.

What is not needed before the first window's process has started is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskapp._lazy import lazy_names
from deskapp.session._owner import SessionOwner, Transport

if TYPE_CHECKING:
    from deskapp.session._cookie_secret import CookieSecret
    from deskapp.session._session import Session, Status
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "deskapp.session._cookie_secret": ("CookieSecret",),
            "deskapp.session._session": ("Session", "Status"),
        },
    )

__all__ = ["CookieSecret", "Session", "SessionOwner", "Status", "Transport"]
