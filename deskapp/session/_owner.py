"""`SessionOwner`: what a session asks of whoever made it, so that it need not know servers or windows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from deskapp.errors import DeskappError, ProtocolError

if TYPE_CHECKING:
    from deskapp.bridge.link import LinkedObject
    from deskapp.runtime.base import Runtime
    from deskapp.runtime.handle import Window
    from deskapp.session._session import Session
    from deskapp.session._tasks import ScriptHandle


class SessionOwner:
    """Decides about a session's life.

    The launcher's windows are one, the manager (for tabs) another, the test harness a third. By itself it owns
    sessions that nobody manages: they end when asked to, and have no window.
    """

    def close_session(self, session: Session, code: int, reason: str) -> None:
        """End a session: its window closes if it has one, then `session.end()` is called."""
        session.end(code, reason)

    def session_connected(self, session: Session) -> None:
        """A page has connected, for the first time or again."""

    def page_greeted(self, session: Session) -> None:
        """A new page is told what there is: what it must know of its window before it shows anything goes here."""

    def session_suspended(self, session: Session, *, left: bool) -> None:
        """The socket is gone. `left` tells that the page said goodbye (closed or navigated away)."""

    def page_silent(self, session: Session) -> bool:
        """The page has not answered for long; True if its connection is to be kept all the same."""
        return False

    def page_heard(self, session: Session) -> None:
        """A page of which `page_silent` was told answers again."""

    def page_asks(self, session: Session, verb: str, data: object) -> None:
        """The page wishes something of the window around it.

        Raises:
            ProtocolError: There is no such wish, or it makes no sense here.
        """
        raise ProtocolError(f"no window of ours is around this page, so it cannot wish for {verb!r}")

    def runtime_of(self, session: Session) -> Runtime | None:
        """The runtime that shows the session in a window; None for a browser's tab, and while there is no window."""
        return None

    def window_of(self, session: Session) -> Window | None:
        """The window that shows the session; None for a tab of a served app."""
        return None

    def go_app(self, session: Session, name: str, new_window: bool) -> None:
        """Show another app, beside the session's page or in its place.

        Raises:
            LookupError: There is no such app, or it cannot be reached from there.
        """
        self.check_app(session, name)

    def check_app(self, session: Session, name: str) -> None:
        """Raise what `go_app` would raise; on any thread."""
        raise LookupError(f"{session!r} belongs to no program that has other apps, so it cannot show {name!r}")

    def open_window(
        self,
        session: Session,
        target: Any,
        properties: Mapping[str, object] | None,
        runtime: str | None,
        options: Mapping[str, object],
    ) -> LinkedObject | ScriptHandle:
        """Open a window that belongs to the session's.

        Raises:
            DeskappError: The session has no window.
        """
        raise DeskappError(
            f"{session!r} has no window that others could belong to: it is a tab, a notebook, or nobody shows it. "
            "Windows are opened by apps that were started with launch()."
        )


class Transport(Protocol):
    """Carries frames to one page; a websocket, or a list in a test."""

    def write(self, frame: str | bytes) -> None:
        """Send one frame; never blocks."""

    def close(self, code: int, reason: str) -> None:
        """End the connection."""
