"""The bounds of a connection, in bytes and frames."""

from __future__ import annotations

from dataclasses import dataclass

KIB, MIB = 2**10, 2**20


@dataclass(frozen=True)
class Limits:
    """The bounds of a connection.

    Args:
        frame_bytes: Largest frame, either way.
        queue_bytes: What may wait and be unacknowledged together.
        transfer_bytes: What the peer may send in BUFFER messages before a message refers to it.
        chunk_bytes: Largest buffer inside a message's own frame, and size of the pieces of larger ones.
        batch_bytes: A frame with more than one message does not grow beyond this.
        in_flight_bytes: Once this is unacknowledged, nothing more is written.
        in_flight_frames: Likewise, in frames.
        ack_bytes: What may be received before an acknowledgement is due.
        ack_frames: Likewise, in frames.
    """

    frame_bytes: int = 64 * MIB
    queue_bytes: int = 128 * MIB
    transfer_bytes: int = 128 * MIB
    chunk_bytes: int = 1 * MIB
    batch_bytes: int = 1 * MIB
    in_flight_bytes: int = 8 * MIB
    in_flight_frames: int = 256
    ack_bytes: int = 256 * KIB
    ack_frames: int = 16
