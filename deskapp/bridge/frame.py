"""The layout of a frame: text, or a head of text with buffers behind it.

A frame is a batch of messages::

    text    [seq, ack, [message, …]]
    binary  u32le size of head | head: [seq, ack, [message, …], [size, …]] | 0…7 zeros | buffer | 0…7 zeros | …

The head and every buffer begin at a multiple of 8 bytes (the head at 4), so that JavaScript can lay a typed
array over any of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from deskapp.bridge.messages import AnyMessage, Count
from deskapp.errors import CodecError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskapp.bridge.buffers import Stored

_TEXT = msgspec.json.Decoder(tuple[Count, Count, list[AnyMessage]])
_HEAD = msgspec.json.Decoder(tuple[Count, Count, list[AnyMessage], list[Count]])


@dataclass(slots=True)
class Frame:
    """A decoded frame.

    Args:
        seq: Its number; 0 if its messages are not numbered.
        ack: Highest number that the sender had received.
        messages: In order; values are to be revived one message at a time.
        buffers: The raw buffers, laid over the received bytes.
        stored: The values in `messages` that wait for the bytes of a transfer.
    """

    seq: int
    ack: int
    messages: list[AnyMessage]
    buffers: list[memoryview] = field(default_factory=list)
    stored: list[Stored] = field(default_factory=list)


def join_frame(seq: int, ack: int, texts: Sequence[bytes], buffers: Sequence[memoryview | bytes] = ()) -> str | bytes:
    """Return the frame of messages that are text already."""
    if not buffers:
        return (b"[%d,%d,[%s]]" % (seq, ack, b",".join(texts))).decode()
    sizes = b",".join(b"%d" % len(buffer) for buffer in buffers)
    head = b"[%d,%d,[%s],[%s]]" % (seq, ack, b",".join(texts), sizes)
    parts: list[memoryview | bytes] = [len(head).to_bytes(4, "little"), head, bytes(-(4 + len(head)) % 8)]
    for buffer in buffers:
        parts += (buffer, bytes(-len(buffer) % 8))
    return b"".join(parts)


def split_frame(data: str | bytes) -> tuple[Frame, str | bytes]:
    """Take a frame apart, and return it with its text; its buffers are laid over `data`, not copied.

    Raises:
        CodecError: Its sizes do not fit.
        msgspec.MsgspecError: Its text is no frame.
    """
    if isinstance(data, str):
        return Frame(*_TEXT.decode(data)), data
    view = memoryview(data).toreadonly()
    end = 4 + int.from_bytes(view[:4], "little")
    if len(view) < 4 or end > len(view):
        raise CodecError("a binary frame ends inside its head")
    head = bytes(view[4:end])
    seq, ack, messages, sizes = _HEAD.decode(head)
    buffers = []
    for size in sizes:
        start = end + -end % 8
        end = start + size
        if end > len(view):
            raise CodecError("a binary frame ends inside a buffer")
        buffers.append(view[start:end])
    if end + -end % 8 != len(view):
        raise CodecError("a binary frame has bytes behind its last buffer")
    return Frame(seq, ack, messages, buffers), head
