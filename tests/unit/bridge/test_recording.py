"""deskapp/bridge/recording.py: frames of Python's, without what a recorded page gets by other ways or not at all."""

from __future__ import annotations

import json

from deskapp.bridge import messages
from deskapp.bridge.codec import Codec
from deskapp.bridge.frame import split_frame
from deskapp.bridge.protocol import Protocol
from deskapp.bridge.recording import UNBOUNDED, Recording

DEFINE = messages.DEFINE("js", "mod", "code <b>", "")
READY = messages.READY()


def recorded(*batches: list[messages.Message]) -> Recording:
    """What becomes of batches of messages; their values are to be prepared."""
    protocol = Protocol(Codec(), limits=UNBOUNDED)
    protocol.accept(0)
    recording = Recording()
    for batch in batches:
        for message in batch:
            protocol.send(message)
        for frame in protocol.frames():
            recording.write(frame)
    recording.close(1000, "")
    return recording


def test_definitions_are_taken_out_in_their_order() -> None:
    style = messages.DEFINE("css", "a.css", "", "https://x.example/a.css")
    recording = recorded([DEFINE, READY, style])
    assert recording.definitions == [DEFINE, style]
    assert recording.frames == ['[1,0,[["READY"]]]']


def test_questions_cookies_and_the_end_are_left_out() -> None:
    title = messages.NOTICE("title", "Über")
    dropped: list[messages.Message] = [
        messages.CALL(1, "1 + 1", {}),
        messages.NOTICE("cookie", {"url": "/x"}),
        messages.CLOSE(1000, ""),
    ]
    assert recorded([*dropped, title]).frames == ['[1,0,[["NOTICE","title","Über"]]]']


def test_the_greeting_is_about_a_socket() -> None:
    recording = Recording()
    recording.write(Codec().encode_frame(0, 0, [messages.WELCOME(1, "key", "new", "assets", "id", "app", 0)]))
    assert recording.frames == []


def test_frames_are_counted_anew_when_some_are_empty() -> None:
    recording = recorded([DEFINE], [READY], [DEFINE], [READY])
    assert [json.loads(frame)[0] for frame in recording.frames] == [1, 2]


def test_numbers_come_through_unchanged() -> None:
    values = [0.1, 1e300, -0.0, 2**53, 5e-324, 1.0]
    recording = recorded([messages.EMIT("a", "b", "set", values, -1)])
    [frame] = recording.frames
    assert [repr(value) for value in json.loads(frame)[2][0][4]] == [repr(value) for value in values]


def test_buffers_keep_their_place_behind_messages_that_go() -> None:
    codec = Codec()
    blobs = [codec.prepare(bytes([n]) * 10, "x") for n in (1, 2)]
    recording = recorded([messages.CALL(1, "", {"a": blobs[0]}), DEFINE, messages.EMIT("a", "b", "set", blobs[1], -1)])
    [frame] = recording.frames
    split, _ = split_frame(frame)
    assert [bytes(buffer) for buffer in split.buffers] == [b"\1" * 10, b"\2" * 10]
    [message] = codec.decode_frame(frame).messages
    assert isinstance(message, messages.EMIT)
    assert codec.revive(message.value) == b"\2" * 10  # the value still leads to its own bytes


def test_more_is_recorded_than_a_socket_would_take_at_once() -> None:
    batches: list[list[messages.Message]] = [[messages.EMIT("a", f"b{n}", "set", "x" * 2**19, -1)] for n in range(40)]
    assert len(recorded(*batches).frames) == 40
