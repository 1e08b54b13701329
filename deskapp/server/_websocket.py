"""One websocket: lets its page in by the first message, then passes frames both ways; nothing else."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

from tornado import websocket

from deskapp.bridge import messages
from deskapp.bridge.codec import Codec
from deskapp.errors import AccessDenied, ProtocolError, TooManySessions, VersionMismatch
from deskapp.server._heartbeat import Heartbeat

if TYPE_CHECKING:
    from deskapp.server._application import Site
    from deskapp.session import Session

logger = logging.getLogger("deskapp.server")

HELLO_LIMIT_BYTES = 4096
HELLO_DEADLINE_S = 5.0
MAX_UNGREETED = 1000
"""So many sockets may stand open before their first message; whoever comes then may try again."""

OLD_PAGE_GRACE_S = 0.5
OLD_PAGE_ANSWER_S = 1.0

NO_KEY = 4401
NO_HELLO = 4408
SECOND_PAGE = 4409
TOO_LARGE = 4413
TOO_MANY = 4429
APP_FAILED = 4450


class SocketTransport:
    """Writes to one websocket; what a session knows of it.

    Args:
        handler: The websocket.
    """

    def __init__(self, handler: websocket.WebSocketHandler) -> None:
        self._handler = handler
        self.is_closing = False

    def write(self, frame: str | bytes) -> None:
        """Send one frame; if the socket is gone the frame stays in the replay window."""
        if self.is_closing:
            return
        try:
            sent = self._handler.write_message(frame, binary=not isinstance(frame, str))
        except websocket.WebSocketClosedError:
            return
        sent.add_done_callback(_forget_failure)

    def close(self, code: int, reason: str) -> None:
        """End the connection."""
        self.is_closing = True
        # A close frame carries at most 123 bytes of reason (RFC 6455, 5.5).
        self._handler.close(code, reason.encode()[:120].decode(errors="ignore"))


class SocketHandler(websocket.WebSocketHandler):
    """Speaks the wire with one page."""

    def initialize(self, site: Site) -> None:
        """Take what the handlers share."""
        self.site = site
        self._session: Session | None = None
        self._heartbeat: Heartbeat | None = None
        self._admission: asyncio.Task[None] | None = None
        self._hello_deadline: asyncio.TimerHandle | None = None
        self._transport = SocketTransport(self)

    # -- Tornado's side ------------------------------------------------------------------------------------------------

    def check_origin(self, origin: str) -> bool:
        """Accept pages of this very server; `prepare` has checked already, with a missing Origin refused."""
        return self.site.allows_origin(self.request)

    async def get(self, *args: Any, **kwargs: Any) -> None:
        """Upgrade to a websocket if the Origin is right; Tornado asks only about Origins that are there."""
        refusal = 0
        if not self.site.allows_origin(self.request):
            refusal = 403
        elif len(self.site.ungreeted) >= MAX_UNGREETED:
            refusal = 503
        if refusal:
            self.set_status(refusal)
            self.finish(f"{refusal} {self._reason}\n")
            return
        await super().get(*args, **kwargs)

    def get_websocket_protocol(self) -> websocket.WebSocketProtocol | None:
        """Tornado's protocol, but for the code with which it refuses a frame, and how large the first one may be."""
        found = super().get_websocket_protocol()
        if isinstance(found, websocket.WebSocketProtocol13):
            # Of strangers no more is kept in memory than a HELLO needs.
            found.params.max_message_size = HELLO_LIMIT_BYTES
            return _Protocol(self, found.mask_outgoing, found.params)
        return found

    def get_compression_options(self) -> None:
        """No compression: on loopback it makes large frames several times slower."""
        return None

    def open(self, *args: str, **kwargs: str) -> None:
        """Wait for the HELLO, for a limited time."""
        self.set_nodelay(True)
        self.site.ungreeted.add(self)
        self._hello_deadline = asyncio.get_running_loop().call_later(
            HELLO_DEADLINE_S, self._transport.close, NO_HELLO, "no greeting came"
        )

    def on_message(self, data: str | bytes) -> None:
        """Pass a frame on; the first one decides which session this is."""
        if self._transport.is_closing:
            return
        try:
            if self._session is not None:
                if self._heartbeat is not None:
                    self._heartbeat.heard()
                self._session.receive(data)
            elif self._admission is None:
                self._admission = asyncio.get_running_loop().create_task(self._admit(_read_hello(data)))
            else:
                raise ProtocolError("a second message before the first was answered")
        except ProtocolError as error:
            self._break_off(error)

    def on_close(self) -> None:
        """The socket is gone."""
        self._transport.is_closing = True
        self.site.ungreeted.discard(self)
        if self._hello_deadline is not None:
            self._hello_deadline.cancel()
        if self._heartbeat is not None:
            self._heartbeat.stop()
        if self._admission is not None:
            self._admission.cancel()
        if self._session is not None:
            self._session.disconnect(self._transport, left=self.close_code == 1001)

    # -- admission -----------------------------------------------------------------------------------------------------

    async def _admit(self, hello: messages.HELLO) -> None:
        try:
            session = await self._find_session(hello)
            if self._transport.is_closing:
                return
            self._session = session
            self.site.ungreeted.discard(self)
            self._heartbeat = Heartbeat(session, self.site.settings, self._on_silence, session.heard_again)
            if self._hello_deadline is not None:
                self._hello_deadline.cancel()
            self._hello_deadline = self._admission = None
            if isinstance(self.ws_connection, websocket.WebSocketProtocol13):
                self.ws_connection.params.max_message_size = self.max_message_size
            session.take_request(self.request)  # a window's session was made before its page made any request
            session.connect(self._transport, hello)
        except AccessDenied as error:
            logger.warning("A page was refused: %s", error.what)
            self._transport.close(NO_KEY, "open this window from the app")
        except TooManySessions as error:
            logger.warning("A page was refused: %s", error)
            self._transport.close(TOO_MANY, "as many people use this app as it admits; try again later")
        except ProtocolError as error:
            self._break_off(error)
        except Exception:  # a border: the app of a served page may fail in any way
            logger.exception("A page could not be served")
            self._transport.close(APP_FAILED, "the app could not start; its log says why")

    async def _find_session(self, hello: messages.HELLO) -> Session:
        site = self.site
        if hello.ticket:
            session_id = site.tickets.spend(hello.ticket)
            session = site.manager.get_session_by_id(session_id) if session_id else None
            if session is not None:
                return session
            spent_for = site.tickets.spent_for(hello.ticket)
            if spent_for is not None:
                session = site.manager.get_session_by_id(spent_for)
                if session is not None and session.page == hello.page:
                    return session  # its first connection broke before the answer came
                logger.error("A launch ticket was used twice: somebody else may have read the window's address")
        session = site.manager.find_by_key(hello.key) if hello.key else None
        name = hello.path.strip("/")
        if session is not None and (site.keeps_sessions(session) or hello.page == session.page):
            await self._wait_for_old_page(session, hello)
            return session
        if session is not None:
            session.close(1000, "the page was loaded anew")
        spec = site.manager.spec(name)
        if spec is None or not site.manager.is_served(name):
            raise AccessDenied(f"no valid ticket or key for {hello.path!r}")
        self.request.path, self.request.query = hello.path, hello.query.lstrip("?")
        return site.manager.create_session(spec, request=self.request)

    async def _wait_for_old_page(self, session: Session, hello: messages.HELLO) -> None:
        """Let a page that is going away go; refuse a second one while the first is alive."""
        if hello.page == session.page or session.status is not session.STATUS.CONNECTED:
            return
        deadline = time.monotonic() + OLD_PAGE_GRACE_S
        while time.monotonic() < deadline:
            await asyncio.sleep(0.02)
            if session.status is not session.STATUS.CONNECTED:
                return
        if await session.is_alive(OLD_PAGE_ANSWER_S):
            raise ProtocolError("this app is open in another window already", close_code=SECOND_PAGE)

    def _break_off(self, error: ProtocolError) -> None:
        """Close the connection, and with it the session: its page does not keep the rules."""
        logger.warning("A connection is closed with %d: %s", error.close_code, error)
        session = self._session
        self._transport.close(error.close_code, str(error))
        if session is not None and error.close_code != SECOND_PAGE:
            session.close(error.close_code, str(error))

    def too_large(self) -> None:
        """A frame was so large that it was not even read."""
        if self._session is None:
            self._break_off(ProtocolError("the first message must be a short HELLO", close_code=NO_HELLO))
        else:
            self._break_off(ProtocolError("a frame is larger than 'max_message_bytes' admits", close_code=TOO_LARGE))

    def _on_silence(self) -> bool:
        """Drop a connection whose page does not answer, unless it is kept for a page that hangs; True if so.

        The page may come back with a new one.
        """
        if self._session is not None and self._session.silent():
            return True
        logger.warning("A page of %r does not answer", self._session and self._session.app_name)
        self._transport.is_closing = True
        if self.ws_connection is not None:
            self.ws_connection._abort()
        if self._session is not None:
            self._session.disconnect(self._transport, left=False)
        return False


class _Protocol(websocket.WebSocketProtocol13):
    """Tornado closes a socket with 1009 when a frame is too large, which not every engine hands to the page."""

    def close(self, code: int | None = None, reason: str | None = None) -> None:
        """Close; a frame that is too large ends the session, as other broken rules do."""
        handler = self.handler
        if code == 1009 and isinstance(handler, SocketHandler):
            handler.too_large()
        else:
            super().close(code, reason)


def _read_hello(data: str | bytes) -> messages.HELLO:
    """Decode the first message of a connection and nothing else."""
    if len(data) > HELLO_LIMIT_BYTES or not isinstance(data, str):
        raise ProtocolError("the first message must be a short HELLO", close_code=NO_HELLO)
    frame = Codec().decode_frame(data)
    hello = frame.messages[0] if len(frame.messages) == 1 else None
    if not isinstance(hello, messages.HELLO):
        raise ProtocolError("the first message must be HELLO", close_code=NO_HELLO)
    if hello.version != messages.PROTOCOL_VERSION:
        raise VersionMismatch(messages.PROTOCOL_VERSION, hello.version)
    if not (hello.path.isprintable() and hello.query.isprintable()):  # browsers escape them, and both go into a request
        raise ProtocolError("path and query of a page have no control characters", close_code=NO_HELLO)
    return hello


def _forget_failure(sent: asyncio.Future[None]) -> None:
    """A frame that could not be written is repeated after the reconnect; nobody needs to hear of it here."""
    if not sent.cancelled():
        sent.exception()
