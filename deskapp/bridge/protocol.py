"""The connection without its socket: order, repetition after a loss, back-pressure, large buffers in pieces.

One `Protocol` belongs to one session and outlives its sockets. Messages go in by `send`, frames to be written come
out of `frames`; what the socket receives goes in by `receive`, messages come out.

Frames with numbered messages count from 1 in each direction and are kept until the peer acknowledges them, so that
they can be written once more on the next socket. All else travels in frames with number 0 and is forgotten with its
socket. An epoch ends when the page is made anew: both sides then begin at 1 again, with nothing waiting.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from enum import Enum, auto
from typing import TypeVar

from deskapp.bridge.codec import Codec
from deskapp.bridge.frame import Frame, join_frame
from deskapp.bridge.limits import Limits
from deskapp.bridge.messages import (
    ACK,
    BOTH,
    BUFFER,
    CLOSE,
    MESSAGES,
    PING,
    PONG,
    SPEC,
    TO_PAGE,
    TO_PYTHON,
    Message,
)
from deskapp.bridge.outbox import Entry, Outbox, about
from deskapp.bridge.transfers import Transfers
from deskapp.errors import MessageTooLarge, ProtocolError

AMessage = TypeVar("AMessage", bound=Message)


class Side(Enum):
    """Who speaks."""

    PYTHON = auto()
    CLIENT = auto()


class State(Enum):
    """Where a connection stands."""

    WAITING = auto()  # no peer in this epoch yet
    CONNECTED = auto()
    SUSPENDED = auto()  # the socket is lost, the peer may come back
    CLOSED = auto()


def _directions(outward: str, inward: str) -> tuple[dict[type, bool], dict[type, bool]]:
    """What one side sends and what it receives, and whether that is numbered."""
    handshake = ("HELLO", "WELCOME")  # they are over before frames get to a protocol
    return (
        {MESSAGES[row.name]: row.numbered for row in SPEC.values() if row.way in (outward, BOTH)},
        {
            MESSAGES[row.name]: row.numbered
            for row in SPEC.values()
            if row.way in (inward, BOTH) and row.name not in handshake
        },
    )


# Made once: there is a protocol for each of perhaps a thousand pages.
_DIRECTIONS: Mapping[Side, tuple[Mapping[type, bool], Mapping[type, bool]]] = {
    Side.PYTHON: _directions(TO_PAGE, TO_PYTHON),
    Side.CLIENT: _directions(TO_PYTHON, TO_PAGE),
}


class Protocol:
    """One end of a session's connection.

    Not for several threads at once.

    Args:
        codec: Turns messages into frames.
        side: Which end this is.
        limits: The bounds.
    """

    def __init__(self, codec: Codec | None = None, *, side: Side = Side.PYTHON, limits: Limits | None = None) -> None:
        self.codec = codec or Codec()
        self.limits = limits or Limits()
        self.state = State.WAITING
        self.closed_with: CLOSE | None = None
        self._outgoing, self._incoming = _DIRECTIONS[side]
        self._reset()

    def _reset(self) -> None:
        # Outward
        self._outbox = Outbox(self.codec, self.limits)
        self._seq = 0
        self._sent: deque[tuple[int, str | bytes]] = deque()  # number and frame
        self._sent_bytes = 0
        self._overflowed = False
        # Inward
        self.last_received = 0
        self._transfers = Transfers(self.limits.transfer_bytes)
        self._reset_socket()

    def _reset_socket(self) -> None:
        """Forget what concerns one socket alone."""
        self._control: list[Message] = []
        self._close: CLOSE | None = None
        self._pong: int | None = None
        self.last_ping = 0
        self.last_pong = 0
        self._resend = False
        self._owed_frames = 0
        self._owed_bytes = 0

    # What others may ask

    @property
    def waiting_bytes(self) -> int:
        """Bytes that were sent by `send` and are not in a frame yet."""
        return self._outbox.waiting_bytes

    @property
    def in_flight_bytes(self) -> int:
        """Bytes of the frames that the peer has not acknowledged."""
        return self._sent_bytes

    @property
    def is_behind(self) -> bool:
        """Whether what is sent now would wait for the peer."""
        return self.state is not State.CONNECTED or not self._has_room()

    @property
    def is_settled(self) -> bool:
        """Whether nothing waits and neither side owes the other an acknowledgement; else a PING soon makes it so."""
        return not (self._sent or self._outbox or self._owed_frames)

    @property
    def is_heard(self) -> bool:
        """Whether the other side has acknowledged everything that was said to it."""
        return not (self._sent or self._outbox)

    @property
    def must_rebuild(self) -> bool:
        """Whether history was dropped because it grew beyond its bound; only a new epoch helps."""
        return self._overflowed

    @property
    def awaits_pong(self) -> bool:
        """Whether a PING on this socket was not answered yet."""
        return self.last_pong < self.last_ping

    # Life

    def accept(self, last_seq: int) -> bool:
        """Begin with a new socket, whose peer has received everything up to frame `last_seq`.

        Returns:
            True: the peer's gaps can be filled, `frames` does so. False: they cannot, and nothing was changed;
            begin a new epoch.
        """
        acknowledged = self._seq - len(self._sent)
        if self.state is State.CLOSED or self._overflowed or not acknowledged <= last_seq <= self._seq:
            return False
        self._reset_socket()
        self._trim(last_seq)
        self._resend = bool(self._sent)
        self.state = State.CONNECTED
        return True

    def suspend(self) -> None:
        """The socket is lost: keep what the peer may need when it comes back."""
        if self.state is State.CONNECTED:
            self._reset_socket()
            self.state = State.SUSPENDED

    def new_epoch(self) -> None:
        """Drop everything that waits or could be repeated, and count from 1 again."""
        if self.state is not State.CLOSED:
            self._reset()
            self.state = State.WAITING

    def close(self) -> None:
        """End for good; whatever is sent or received from now on is dropped."""
        self._reset()
        self.state = State.CLOSED

    # Outward

    def send(self, message: Message) -> None:
        """Queue a message; its values are prepared by the codec.

        While the peer is behind, a ``set`` takes the place of earlier mutations of the same property, unless
        something else than a ``set`` was queued after them: the peer sees fewer changes, never another order.
        Messages that are not numbered belong to the present socket; without one they are dropped.

        Raises:
            MessageTooLarge: The message, or all that waits, passes its bound; nothing was queued.
        """
        if self.state is State.CLOSED or self._overflowed:
            return
        numbered = self._outgoing.get(type(message))
        if numbered is None:
            raise ValueError(f"a {type(message).__name__} is not for this side to send")
        if not numbered:
            if self.state is State.CONNECTED:
                self._send_control(message)
            return
        outbox = self._outbox
        entry = outbox.make_entry(message)
        replaced = outbox.replaced_by(message) if self.is_behind else ()
        size = outbox.bytes_with(entry, replaced) + self._sent_bytes
        if size > self.limits.queue_bytes:
            self._overflow(entry, size)
            return
        outbox.put(entry, replaced)

    def ping(self) -> int:
        """Queue a PING and return its number."""
        n = self.last_ping + 1
        self.send(PING(n))
        return n

    def _send_control(self, message: Message) -> None:
        if isinstance(message, CLOSE):
            self._close = message
            return
        if isinstance(message, PING):
            self.last_ping = max(self.last_ping, message.n)
        self._control.append(message)

    def _overflow(self, entry: Entry, size: int) -> None:
        # Somebody is there to be told, unless the page is away: then its history is worth less than the memory.
        if self.state is not State.SUSPENDED or entry.total_bytes > self.limits.queue_bytes:
            is_by_itself = entry.total_bytes > self.limits.queue_bytes
            raise MessageTooLarge(size, self.limits.queue_bytes, about(entry.message) if is_by_itself else "")
        last_received = self.last_received
        self._reset()
        self.last_received = last_received
        self._overflowed = True

    def frames(self) -> list[str | bytes]:
        """Return what is to be written to the socket now, in order; each frame is returned once per socket."""
        if self.state is not State.CONNECTED:
            return []
        out: list[str | bytes] = []
        if self._pong is not None:
            self._control.append(PONG(self._pong))
            self._pong = None
        if self._control:
            out.append(self.codec.encode_frame(0, self.last_received, self._control))
            self._control = []
        if self._resend:
            out += [data for _, data in self._sent]
            self._resend = False
        while self._outbox and self._has_room():
            out.append(self._number(*self._outbox.take()))
        if self._close is not None:
            out.append(self.codec.encode_frame(0, self.last_received, [self._close]))
            self._close = None
        limits = self.limits
        if out:
            self._owed_frames = self._owed_bytes = 0
        elif self._owed_frames >= limits.ack_frames or self._owed_bytes >= limits.ack_bytes:
            out.append(self.codec.encode_frame(0, self.last_received, [ACK(self.last_received)]))
            self._owed_frames = self._owed_bytes = 0
        return out

    def _has_room(self) -> bool:
        return self._sent_bytes < self.limits.in_flight_bytes and len(self._sent) < self.limits.in_flight_frames

    def _number(self, texts: list[bytes], buffers: list[memoryview]) -> str | bytes:
        self._seq += 1
        data = join_frame(self._seq, self.last_received, texts, buffers)
        self._sent.append((self._seq, data))
        self._sent_bytes += len(data)
        return data

    def _trim(self, ack: int) -> None:
        while self._sent and self._sent[0][0] <= ack:
            self._sent_bytes -= len(self._sent.popleft()[1])

    # Inward

    def receive(self, data: str | bytes) -> list[Message]:
        """Take one frame from the socket and return the messages to act on, in order.

        Repeated frames give nothing; acknowledgements, pieces of buffers, PING and PONG are consumed. Values that
        belong to extensions are still to be revived by the codec, message by message.

        Raises:
            ProtocolError: The frame breaks a rule; nothing was changed by it. Close with the error's code.
        """
        if self.state is State.CLOSED:
            return []
        if self.state is not State.CONNECTED:
            raise ProtocolError("a frame came before the greeting was over")
        frame = self.codec.decode_frame(data, limit=self.limits.frame_bytes)
        self._check(frame)
        if frame.seq == 0:
            messages = self._receive_control(frame)
        elif frame.seq <= self.last_received:
            messages = []
        elif frame.seq == self.last_received + 1:
            messages = self._receive_numbered(frame)
            self.last_received = frame.seq
        else:
            raise ProtocolError(f"frame {frame.seq} came after frame {self.last_received}")
        if frame.seq:
            self._owed_frames += 1
            self._owed_bytes += len(data)
        self._trim(frame.ack)
        return messages

    def _check(self, frame: Frame) -> None:
        if frame.ack > self._seq:
            raise ProtocolError(f"frame {frame.ack} was acknowledged, but {self._seq} was the last one")
        if not frame.messages:
            raise ProtocolError("a frame holds no message")
        for message in frame.messages:
            numbered = self._incoming.get(type(message))
            if numbered is None:
                raise ProtocolError(f"a {type(message).__name__} may not come from this side at this time")
            if numbered != (frame.seq > 0):
                raise ProtocolError(f"a {type(message).__name__} came in a frame with number {frame.seq}")

    def _receive_control(self, frame: Frame) -> list[Message]:
        for message in frame.messages:
            if isinstance(message, ACK) and message.seq > self._seq:
                raise ProtocolError(f"frame {message.seq} was acknowledged, but {self._seq} was the last one")
            if isinstance(message, PONG) and message.n > self.last_ping:
                raise ProtocolError(f"PONG {message.n} answers a PING that was never sent")
        for message in frame.messages:
            match message:
                case ACK(seq=seq):
                    self._trim(seq)
                case PING(n=n):
                    self._pong = max(self._pong or 0, n)
                case PONG(n=n):
                    self.last_pong = max(self.last_pong, n)
                case CLOSE():
                    self.close()
                    self.closed_with = message
                    return [message]
        return []

    def _receive_numbered(self, frame: Frame) -> list[Message]:
        if any(isinstance(message, BUFFER) for message in frame.messages):
            self._transfers.add(frame)
            return []
        self._transfers.fill(frame.stored)
        return list(frame.messages)


def greeting(frame: Frame, kind: type[AMessage]) -> AMessage:
    """Return the HELLO or WELCOME that `frame` must consist of.

    Raises:
        ProtocolError: It is something else.
    """
    if frame.seq or len(frame.messages) != 1 or not isinstance(frame.messages[0], kind):
        raise ProtocolError(f"the first frame must be {kind.__name__}")
    return frame.messages[0]
