"""Large buffers that travel in pieces, ahead of the message that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deskapp.bridge.messages import BUFFER
from deskapp.errors import MessageTooLarge, ProtocolError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskapp.bridge.buffers import Stored
    from deskapp.bridge.frame import Frame


@dataclass
class Transfer:
    """A large buffer on its way out, or in: `data` is filled up to `done`."""

    id: str
    data: memoryview
    done: int = 0


class Transfers:
    """What has come in by BUFFER messages, until a message refers to it.

    Args:
        limit_bytes: What they may hold together.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._bytes = 0
        self._coming: dict[str, Transfer] = {}

    def add(self, frame: Frame) -> None:
        """Take the piece of a buffer that `frame` consists of.

        Raises:
            ProtocolError: It consists of something else, or the piece is not the next one; nothing was changed.
        """
        message = frame.messages[0]
        if not isinstance(message, BUFFER) or len(frame.messages) != 1 or len(frame.buffers) != 1:
            raise ProtocolError("a BUFFER is not alone in its frame, with one buffer")
        (chunk,) = frame.buffers
        transfer = self._coming.get(message.id)
        done, total = (transfer.done, len(transfer.data)) if transfer else (0, message.total)
        if message.offset != done or message.total != total or not chunk or done + len(chunk) > total:
            raise ProtocolError(f"a piece of buffer {message.id[:20]!r} does not follow the one before")
        if transfer is None:
            if self._bytes + total > self._limit_bytes:
                raise MessageTooLarge(self._bytes + total, self._limit_bytes)
            transfer = self._coming[message.id] = Transfer(message.id, memoryview(bytearray(total)))
            self._bytes += total
        transfer.data[done : done + len(chunk)] = chunk
        transfer.done += len(chunk)

    def fill(self, waiting: Sequence[Stored]) -> None:
        """Give values of one frame their bytes, which are then theirs alone.

        Raises:
            ProtocolError: A buffer is not there, or not what the value takes; nothing was changed.
        """
        taken: dict[str, memoryview] = {}
        for stored in waiting:
            transfer = self._coming.get(stored.id)
            if transfer is None or transfer.done < len(transfer.data) or stored.id in taken:
                raise ProtocolError(f"no buffer {stored.id[:20]!r} was transferred")
            stored.check(transfer.data)
            taken[stored.id] = transfer.data
        for stored in waiting:
            stored.data = taken[stored.id].toreadonly()
        for name in taken:
            self._bytes -= len(self._coming.pop(name).data)
