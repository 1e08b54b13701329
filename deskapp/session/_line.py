"""The line to one page: the protocol on whatever transport is there, written at the end of each turn."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from deskapp.bridge import messages
from deskapp.bridge.protocol import Protocol
from deskapp.errors import ProtocolError

if TYPE_CHECKING:
    from deskapp.bridge.codec import Codec
    from deskapp.bridge.limits import Limits
    from deskapp.event import Loop
    from deskapp.session._owner import Transport

logger = logging.getLogger("deskapp.session")


class Line:
    """Sends messages in order and hands in what arrives; survives the loss of its transport.

    Args:
        codec: Makes frames of messages.
        loop: At the end of its turns, what was said is written.
        limits: Bounds of the queues, in bytes.
        on_flushed: Called after frames were written.
        on_broken: Called with the error when the rules of the protocol cannot be kept any longer.
    """

    def __init__(
        self,
        codec: Codec,
        loop: Loop,
        limits: Limits | None,
        *,
        on_flushed: Callable[[], None],
        on_broken: Callable[[ProtocolError], None],
    ) -> None:
        self.protocol = Protocol(codec, limits=limits)
        self.transport: Transport | None = None
        self.is_flush_due = False
        """Whether somebody will flush; then no one else need ask the loop for it."""
        self._codec = codec
        self._loop = loop
        self._on_flushed = on_flushed
        self._on_broken = on_broken

    @property
    def is_behind(self) -> bool:
        """Whether the page has more to catch up with than may be under way."""
        return self.protocol.is_behind or self.protocol.waiting_bytes > 0

    def send(self, message: Any) -> None:
        """Queue a message; it is written at the end of the loop's turn."""
        self.protocol.send(message)
        if not self.is_flush_due:
            self.is_flush_due = True
            self._loop.call_at_end(self.flush)

    def write_at_once(self, message: Any) -> None:
        """Write an unnumbered message before everything that is queued; there is a transport."""
        assert self.transport is not None
        self.transport.write(self._codec.encode_frame(0, 0, [message]))

    def flush(self) -> None:
        """Write what may be written now."""
        self.is_flush_due = False
        transport = self.transport
        if transport is None:
            return
        try:
            frames = self.protocol.frames()
        except ProtocolError as error:
            self._on_broken(error)
            return
        for frame in frames:
            transport.write(frame)
        self._on_flushed()

    def take(self, transport: Transport) -> None:
        """Go on over a new transport; an older one is closed."""
        previous, self.transport = self.transport, transport
        if previous is not None:
            previous.close(1000, "the page has opened another connection")

    def lose(self) -> None:
        """The transport is gone; what was not acknowledged is kept for the next one."""
        self.transport = None
        self.protocol.suspend()

    def end(self, code: int, reason: str) -> None:
        """Say goodbye, if somebody is there, and close."""
        transport, self.transport = self.transport, None
        if transport is not None:
            self.protocol.send(messages.CLOSE(code, reason))
            for frame in self.protocol.frames():
                transport.write(frame)
            transport.close(code, reason)
        self.protocol.close()
