"""What Python says to a page, kept for pages that will never meet Python.

A recorded page gets its scripts and styles as elements of its document, where a security policy can name them; so they
are taken out of the frames here. Questions and cookies go too: there will be nobody to take the answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from deskapp.bridge.frame import join_frame, split_frame
from deskapp.bridge.limits import Limits
from deskapp.bridge.messages import DEFINE, WELCOME

UNBOUNDED = Limits(queue_bytes=2**40, in_flight_bytes=2**40, in_flight_frames=2**40)
"""Nobody acknowledges what is recorded."""

_LEFT_OUT = ("DEFINE", "CALL", "CLOSE")


@dataclass
class Recording:
    """A transport that keeps what is written to it.

    Attributes:
        definitions: Scripts and styles, in the order in which the page needs them.
        frames: All else, as frames that a page may be given one after the other.
        handed_over: Names of data that a `Model` sent to its twin; nobody else knows their addresses.
    """

    definitions: list[DEFINE] = field(default_factory=list)
    frames: list[str | bytes] = field(default_factory=list)
    handed_over: set[str] = field(default_factory=set)

    def write(self, frame: str | bytes) -> None:
        """Take one frame of Python's."""
        split, head = split_frame(frame)
        if any(isinstance(message, WELCOME) for message in split.messages):
            return  # it is about a socket
        self.definitions += [message for message in split.messages if isinstance(message, DEFINE)]
        messages = [message for message in json.loads(head)[2] if not _is_left_out(message)]
        self.handed_over.update(str(name) for name in _handed_over(messages) if name)
        if messages:
            texts = [json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode() for message in messages]
            self.frames.append(join_frame(len(self.frames) + 1, 0, texts, split.buffers))

    def close(self, code: int, reason: str) -> None:
        """There is no connection that could end."""


def _is_left_out(message: list[object]) -> bool:
    return message[0] in _LEFT_OUT or message[:2] == ["NOTICE", "cookie"]


def _handed_over(messages: list[list[Any]]) -> Iterator[object]:
    for message in messages:
        if message[0] == "INVOKE" and message[2] == "$data":
            yield message[3][2]  # of [url, meta, name]; empty if the address was given out before
