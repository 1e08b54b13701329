"""Messages that wait for their turn to be written: fewer of them while the peer is behind, then in batches.

Large buffers go ahead of their message in pieces, so that neither has to wait for memory in one lump.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from deskapp.bridge.messages import BUFFER, EMIT
from deskapp.bridge.transfers import Transfer
from deskapp.errors import MessageTooLarge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskapp.bridge.buffers import Buffer
    from deskapp.bridge.codec import Codec
    from deskapp.bridge.limits import Limits
    from deskapp.bridge.messages import Message


class Entry:
    """A message that waits; its large buffers, the transfers, go ahead of it."""

    __slots__ = ("inline", "inline_bytes", "message", "own_bytes", "refs", "text", "total_bytes", "transfers")

    def __init__(self, message: Message) -> None:
        self.message = message
        self.text = b""
        # Most messages have no buffers; three empty lists would double the cost of one.
        self.refs: list[int | str] | tuple[()] = ()  # how the text names its buffers, in order
        self.inline: list[memoryview] | tuple[()] = ()
        self.transfers: list[tuple[str, memoryview]] | tuple[()] = ()
        self.inline_bytes = 0
        self.own_bytes = 0  # text and inline buffers
        self.total_bytes = 0

    def place(self, data: memoryview, transfer: str) -> int | str:
        """Add a buffer, inline unless there is a name for its transfer; return what the text calls it."""
        if isinstance(self.refs, tuple) or isinstance(self.inline, tuple) or isinstance(self.transfers, tuple):
            self.refs, self.inline, self.transfers = [], [], []
        ref = transfer or len(self.inline)
        self.refs.append(ref)
        if transfer:
            self.transfers.append((transfer, data))
        else:
            self.inline.append(data)
            self.inline_bytes += len(data)
        return ref


class Outbox:
    """The numbered messages of one epoch that are not in a frame yet, in order.

    Args:
        codec: Writes them.
        limits: The bounds.
    """

    def __init__(self, codec: Codec, limits: Limits) -> None:
        self._codec = codec
        self._limits = limits
        self.waiting_bytes = 0
        # Ordered, because finding the first of a plain dict walks over all that was deleted before.
        self._entries: OrderedDict[int, Entry] = OrderedDict()
        self._serial = 0
        self._replaceable: dict[tuple[str, str], list[int]] = {}
        self._head: Entry | None = None  # its transfers have begun
        self._transfers: list[Transfer] = []  # an empty deque takes 0.7 KiB, for each page
        self._next_transfer = 1
        self._entry: Entry | None = None  # is being made

    def __bool__(self) -> bool:
        return bool(self._transfers or self._head or self._entries)

    # In

    def make_entry(self, message: Message) -> Entry:
        """Write a message, without queueing it.

        Raises:
            MessageTooLarge: It does not fit into a frame, its transfers apart.
        """
        entry = self._entry = Entry(message)
        entry.text = self._codec.encode_message(message, self._place)
        entry.own_bytes = entry.total_bytes = len(entry.text)
        if entry.refs:
            entry.own_bytes += entry.inline_bytes
            entry.total_bytes = entry.own_bytes + sum(len(data) for _, data in entry.transfers)
        # The frame adds its numbers and sizes; 64 bytes, and 32 for each buffer, are more than enough.
        framed = entry.own_bytes + 64 + 32 * len(entry.inline)
        if framed > self._limits.frame_bytes:
            raise MessageTooLarge(framed, self._limits.frame_bytes, about(message))
        return entry

    def _place(self, buffer: Buffer) -> int | str:
        entry = self._entry
        assert entry is not None, "buffers are met while an entry is made"
        if len(buffer.data) + entry.inline_bytes <= self._limits.chunk_bytes:
            return entry.place(buffer.data, "")
        name = f"b{self._next_transfer}"
        self._next_transfer += 1
        return entry.place(buffer.data, name)

    def replaced_by(self, message: Message) -> Sequence[int]:
        """Return the queued mutations whose place `message` may take."""
        if isinstance(message, EMIT) and message.mutation == "set":
            return [n for n in self._replaceable.get((message.id, message.type), ()) if n in self._entries]
        return ()

    def bytes_with(self, entry: Entry, replaced: Sequence[int]) -> int:
        """Return how much would wait after `put`."""
        waiting = self.waiting_bytes + entry.total_bytes
        for serial in replaced:
            waiting -= self._entries[serial].total_bytes
        return waiting

    def put(self, entry: Entry, replaced: Sequence[int]) -> None:
        """Queue `entry`, in place of the mutations that `replaced_by` found."""
        self.waiting_bytes = self.bytes_with(entry, replaced)
        for serial in replaced:
            del self._entries[serial]
        self._serial += 1
        self._entries[self._serial] = entry
        self._remember(entry.message, self._serial, bool(replaced))

    def _remember(self, message: Message, serial: int, has_replaced: bool) -> None:
        """Keep `_replaceable`: per property, the queued mutations that its next ``set`` may replace."""
        if not isinstance(message, EMIT) or not message.mutation:
            self._replaceable.clear()
            return
        key = (message.id, message.type)
        if has_replaced:
            self._replaceable[key] = [serial]
        elif message.mutation == "set":
            self._replaceable.setdefault(key, []).append(serial)
        else:
            # A partial mutation bars the way to every other property's, not to those of its own.
            self._replaceable = {key: [*self._replaceable.get(key, ()), serial]}

    # Out

    def take(self) -> tuple[list[bytes], list[memoryview]]:
        """Return what the next frame consists of: texts of messages and their buffers. There must be something."""
        if not self._transfers:
            batch = self._take_batch()
            if batch is not None:
                return batch
        return self._take_chunk()

    def _take_chunk(self) -> tuple[list[bytes], list[memoryview]]:
        transfer = self._transfers[0]
        start = transfer.done
        transfer.done = min(start + self._limits.chunk_bytes, len(transfer.data))
        chunk = transfer.data[start : transfer.done]
        if transfer.done == len(transfer.data):
            self._transfers.pop(0)
        self.waiting_bytes -= len(chunk)
        message = BUFFER(transfer.id, start, len(transfer.data))
        return [self._codec.encode_message(message, self._place)], [chunk]

    def _take_batch(self) -> tuple[list[bytes], list[memoryview]] | None:
        """Take as many messages as go together; None if the next one's transfers have to go first."""
        texts: list[bytes] = []
        buffers: list[memoryview] = []
        size = 0
        while self._head or self._entries:
            entry = self._head
            if entry is None:
                serial, entry = next(iter(self._entries.items()))
                if entry.transfers and texts:
                    break
                if texts and size + entry.own_bytes > self._limits.batch_bytes:
                    break
                del self._entries[serial]
                if entry.transfers:
                    self._head = entry
                    self._transfers.extend(Transfer(name, data) for name, data in entry.transfers)
                    return None
            self._head = None
            texts.append(self._text_at(entry, len(buffers)))
            buffers += entry.inline
            size += entry.own_bytes
            self.waiting_bytes -= entry.own_bytes
        if not self._entries:
            self._replaceable.clear()
        return texts, buffers

    def _text_at(self, entry: Entry, first: int) -> bytes:
        """Return the entry's text with its inline buffers counted from `first`."""
        if not first or not entry.inline:
            return entry.text
        refs = iter(entry.refs)

        def place(buffer: Buffer) -> int | str:
            ref = next(refs)
            return ref + first if isinstance(ref, int) else ref

        return self._codec.encode_message(entry.message, place)


def about(message: Message) -> str:
    """What a message is about, for a person: component and property, where it has them."""
    name = str(getattr(message, "type", "") or getattr(message, "action", "") or type(message).__name__)
    return f"{getattr(message, 'id', '')}.{name}".lstrip(".")
