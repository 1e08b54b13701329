"""Sessions: one page, one websocket, one window."""

from deskapp.session._cookie_secret import CookieSecret
from deskapp.session._owner import SessionOwner, Transport
from deskapp.session._session import Session, Status

__all__ = ["CookieSecret", "Session", "SessionOwner", "Status", "Transport"]
