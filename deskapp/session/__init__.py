"""Sessions: one page, one websocket, one window."""

from deskapp.session._session import Session

__all__ = ["Session"]
