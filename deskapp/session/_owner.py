"""`SessionOwner`: what a session asks of whoever made it, so that it need not know servers or windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from deskapp.runtime.base import Runtime
    from deskapp.session._session import Session


class SessionOwner(Protocol):
    """Decides about a session's life. The launcher is one, the manager (for tabs) another, the test harness a third."""

    def close_session(self, session: Session, code: int, reason: str) -> None:
        """End a session: its window closes if it has one, then `session.end()` is called."""

    def session_connected(self, session: Session) -> None:
        """A page has connected, for the first time or again."""

    def session_suspended(self, session: Session, *, left: bool) -> None:
        """The socket is gone. `left` tells that the page said goodbye (closed or navigated away)."""

    def runtime_of(self, session: Session) -> Runtime | None:
        """The runtime that shows the session in a window; None for a browser's tab, and while there is no window."""


class Transport(Protocol):
    """Carries frames to one page; a websocket, or a list in a test."""

    def write(self, frame: str | bytes) -> None:
        """Send one frame; never blocks."""

    def close(self, code: int, reason: str) -> None:
        """End the connection."""


class UnownedSession:
    """The owner of a session that nobody manages: it ends when asked to."""

    def close_session(self, session: Session, code: int, reason: str) -> None:
        """End the session at once."""
        session.end(code, reason)

    def session_connected(self, session: Session) -> None:
        """Nobody counts the pages of such a session."""

    def session_suspended(self, session: Session, *, left: bool) -> None:
        """Such a session waits for its page for ever; whoever made it closes it."""

    def runtime_of(self, session: Session) -> None:
        """Nobody knows what shows it."""
