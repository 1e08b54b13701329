"""The connection without its socket; what both languages do is in tests/vectors/protocol."""

from __future__ import annotations

import datetime
import json
import random
from collections import deque
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from deskapp.bridge.codec import Codec
from deskapp.bridge.frame import join_frame
from deskapp.bridge.limits import Limits
from deskapp.bridge.messages import (
    DISPOSE,
    DISPOSED,
    EMIT,
    HELLO,
    INVOKE,
    MAX_INT,
    MESSAGES,
    READY,
    WELCOME,
    AnyMessage,
    Message,
)
from deskapp.bridge.protocol import Protocol, Side, State, greeting
from deskapp.errors import MessageTooLarge, ProtocolError

VECTORS = Path(__file__).parents[2] / "vectors" / "protocol"


def scripts() -> list[Any]:
    found = []
    for path in sorted(VECTORS.glob("*.json")):
        for script in json.loads(path.read_text(encoding="utf-8"))["scripts"]:
            found.append(pytest.param(script, id=f"{path.stem}: {script['title']}"))
    return found


def _build(expr: Any) -> Any:
    if isinstance(expr, list):
        return [_build(item) for item in expr]
    if not isinstance(expr, dict):
        return expr
    match expr.get("@"):
        case None:
            return {key: _build(item) for key, item in expr.items()}
        case ["bytes", text]:
            return bytes.fromhex(text)
        case ["array", dtype, shape, items]:
            return np.array(items, dtype=dtype).reshape(shape)
    raise AssertionError(f"unknown expression {expr}")


def _message(array: list[Any], codec: Codec) -> Message:
    name, *values = array
    prepared = [codec.prepare(_build(value), name) for value in values]
    return MESSAGES[name](*prepared)


def _frame(expr: Any) -> str | bytes:
    if isinstance(expr, list):
        return json.dumps(expr, ensure_ascii=False, separators=(",", ":"))
    if "text" in expr:
        return str(expr["text"])
    if "hex" in expr:
        return bytes.fromhex(expr["hex"])
    *start, sizes = expr["head"]
    messages = [json.dumps(message, separators=(",", ":")).encode() for message in start[2]]
    buffers = [bytes.fromhex(buffer) for buffer in expr["buffers"]]
    assert sizes == [len(buffer) for buffer in buffers]
    return join_frame(start[0], start[1], messages, buffers)


def _plain(message: Message, codec: Codec) -> list[Any]:
    def plain(value: Any) -> Any:
        match codec.revive(value):
            case list() as items:
                return [plain(item) for item in items]
            case dict() as items:
                return {key: plain(item) for key, item in items.items()}
            case bytes() as data:
                return {"@": ["bytes", data.hex()]}
            case np.ndarray() as array:
                return {"@": ["array", array.dtype.name, list(array.shape), array.ravel().tolist()]}
            case other:
                return other

    return [type(message).__name__, *(plain(value) for value in msgspec.structs.astuple(message))]


def _look(protocol: Protocol, name: str) -> Any:
    value = getattr(protocol, name)
    if isinstance(value, State):
        return value.name.lower()
    return _plain(value, protocol.codec) if isinstance(value, Message) else value


def _step(protocol: Protocol, step: list[Any]) -> None:
    codec = protocol.codec
    match step:
        case ["send", message]:
            protocol.send(_message(message, codec))
        case ["too_large", message]:
            with pytest.raises(MessageTooLarge):
                protocol.send(_message(message, codec))
        case ["frames", expected]:
            assert protocol.frames() == [_frame(frame) for frame in expected]
        case ["receive", frame, expected]:
            assert [_plain(message, codec) for message in protocol.receive(_frame(frame))] == expected
        case ["refused", frame, code]:
            with pytest.raises(ProtocolError) as caught:
                protocol.receive(_frame(frame))
            assert caught.value.close_code == code
        case ["accept", last_seq, expected]:
            assert protocol.accept(last_seq) is expected
        case ["ping", n]:
            assert protocol.ping() == n
        case ["check", expected]:
            assert {name: _look(protocol, name) for name in expected} == expected
        case [name]:
            getattr(protocol, name)()
        case _:
            raise AssertionError(f"unknown step {step}")


@pytest.mark.parametrize("script", scripts())
def test_the_connection_does_as_the_vectors_say(script: Any) -> None:
    protocol = Protocol(side=Side[script["side"].upper()], limits=Limits(**script["limits"]))
    for number, step in enumerate(script["steps"]):
        try:
            _step(protocol, step)
        except AssertionError as error:
            raise AssertionError(f"step {number} {json.dumps(step)[:300]}: {error}") from error


class Wire:
    """Two ends and the bytes between them, which may be lost at any moment."""

    def __init__(self, limits: Limits) -> None:
        self.python = Protocol(side=Side.PYTHON, limits=limits)
        self.page = Protocol(side=Side.CLIENT, limits=limits)
        self.to_page: deque[str | bytes] = deque()
        self.to_python: deque[str | bytes] = deque()
        self.connect()

    def connect(self) -> None:
        self.to_page.clear()
        self.to_python.clear()
        self.python.suspend()
        self.page.suspend()
        assert self.python.accept(self.page.last_received)
        assert self.page.accept(self.python.last_received)

    def move(self, received: list[Message], *, page: bool) -> None:
        source, target, queue = (
            (self.python, self.page, self.to_page) if page else (self.page, self.python, self.to_python)
        )
        queue.extend(source.frames())
        if queue:
            received += target.receive(queue.popleft())

    def settle(self, at_page: list[Message], at_python: list[Message]) -> None:
        for _ in range(10000):
            self.move(at_page, page=True)
            self.move(at_python, page=False)
            if self.to_page or self.to_python or self.python.waiting_bytes or self.page.waiting_bytes:
                continue
            if self.python.is_settled and self.page.is_settled:
                return
            self.python.ping()
        raise AssertionError("the connection does not settle")


@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_lost_doubled_or_reordered_whatever_the_socket_does(seed: int) -> None:
    chance = random.Random(seed)
    limits = Limits(
        chunk_bytes=16, batch_bytes=200, in_flight_bytes=300, in_flight_frames=5, ack_frames=3, ack_bytes=100
    )
    wire = Wire(limits)
    at_page: list[Message] = []
    at_python: list[Message] = []
    sent_to_page: list[list[Any]] = []
    sent_to_python: list[list[Any]] = []
    for n in range(400):
        match chance.randrange(6):
            case 0 | 1:
                value = {"n": n, "data": chance.randbytes(chance.choice([0, 3, 40]))}
                source, sent = chance.choice([(wire.python, sent_to_page), (wire.page, sent_to_python)])
                source.send(EMIT("A", "event", "", source.codec.prepare(value, "x"), -1))
                sent.append([n, value["data"]])
            case 2 | 3:
                wire.move(at_page, page=True)
            case 4:
                wire.move(at_python, page=False)
            case _:
                if chance.random() < 0.3:
                    wire.connect()
    wire.settle(at_page, at_python)
    for codec, received, sent in (
        (wire.page.codec, at_page, sent_to_page),
        (wire.python.codec, at_python, sent_to_python),
    ):
        values: list[Any] = [codec.revive(message.value) for message in received if isinstance(message, EMIT)]
        assert [[value["n"], value["data"]] for value in values] == sent
    assert wire.python.in_flight_bytes == wire.page.in_flight_bytes == 0


@pytest.mark.parametrize("seed", range(8))
def test_a_peer_that_is_behind_sees_fewer_changes_in_the_same_order(seed: int) -> None:
    chance = random.Random(seed)
    wire = Wire(Limits(in_flight_frames=1, ack_frames=1))
    sent: list[list[Any]] = []
    at_page: list[Message] = []
    latest: dict[str, int] = {}
    for n in range(300):
        name = chance.choice("xyz")
        mutation = chance.choice(["set", "set", "set", "set", ""])
        message = EMIT("A", name, mutation, n, -1)  # type: ignore[arg-type]
        wire.python.send(message)
        sent.append(_plain(message, wire.python.codec))
        if mutation:
            latest[name] = n
        if chance.random() < 0.1:
            wire.move(at_page, page=True)
        if chance.random() < 0.05:
            wire.move([], page=False)
    wire.settle(at_page, [])
    received = [_plain(message, wire.page.codec) for message in at_page]
    rest = iter(sent)
    assert all(message in rest for message in received)  # a subsequence
    assert len(received) < len(sent)
    assert [message for message in received if not message[3]] == [message for message in sent if not message[3]]
    assert {message[2]: message[4] for message in received if message[3]} == latest


def test_damaged_bytes_are_refused_or_understood_and_a_refusal_changes_nothing() -> None:
    chance = random.Random(11)
    page = Protocol(side=Side.CLIENT)
    page.accept(0)
    page.send(INVOKE("A", "go", [page.codec.prepare(bytes(5), "x")], 0))
    (good,) = page.frames()
    assert isinstance(good, bytes)
    texts = [b'[1,0,[["DISPOSED","A"]]]', b'[0,0,[["PING",3]]]', b'[1,0,[["BUFFER","b1",0,9]],[3]]', good]
    refused: list[tuple[int, bool]] = []
    for _ in range(3000):
        python = Protocol()
        python.accept(0)
        python.send(DISPOSE("A"))
        python.frames()
        damaged = bytearray(chance.choice(texts))
        for _ in range(chance.randint(1, 5)):
            damaged[chance.randrange(len(damaged))] = chance.choice(b'[]{}",0123456789-eE\x00\xff') & 0xFF
        data: str | bytes = bytes(damaged)
        if chance.random() < 0.5:
            data = bytes(damaged).decode("latin-1")
        before = _state_of(python)
        try:
            python.receive(data)
        except ProtocolError as error:
            refused.append((error.close_code, _state_of(python) == before))
    assert set(refused) <= {(4400, True), (4413, True)}
    assert len(refused) > 1000


def _state_of(protocol: Protocol) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for part in (protocol, protocol._outbox, protocol._transfers):
        kept.update({f"{type(part).__name__}.{name}": value for name, value in vars(part).items()})
    left_out = ("Protocol._outbox", "Protocol._transfers", "Protocol.codec", "Outbox._codec", "Outbox._entry")
    return {name: repr(value) for name, value in kept.items() if name not in left_out}


def test_the_greeting_is_read_apart_and_must_be_alone() -> None:
    codec = Codec()
    hello = HELLO(1, "ticket", None, 0, "navigate", "page", "/app/", "")
    assert greeting(codec.decode_frame(codec.encode_frame(0, 0, [hello])), HELLO) == hello
    wrong: list[tuple[int, list[AnyMessage]]] = [
        (1, [hello]),
        (0, [hello, hello]),
        (0, []),
        (0, [WELCOME(1, "k", "new", "a", "s", "app", 0)]),
    ]
    for seq, messages in wrong:
        with pytest.raises(ProtocolError):
            greeting(codec.decode_frame(codec.encode_frame(seq, 0, messages)), HELLO)


def test_a_message_for_the_other_direction_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="HOST"):
        Protocol().send(_message(["HOST", "drag", None], Codec()))


def test_a_page_can_ask_for_a_rebuild_with_a_number_that_was_never_given() -> None:
    python = Protocol()
    assert python.accept(0)
    python.send(READY())
    python.frames()
    assert not python.accept(MAX_INT)


def test_a_large_array_is_never_joined_into_one_frame_nor_copied_before() -> None:
    python = Protocol()
    python.accept(0)
    array = np.frombuffer(bytes(5 * 2**20), "f4")
    python.send(EMIT("A", "x", "set", python.codec.prepare(array, "A.x"), -1))
    assert max(map(len, python.frames())) < 2**20 + 1024


def test_received_buffers_of_pieces_are_read_only() -> None:
    limits = Limits(chunk_bytes=8)
    wire = Wire(limits)
    wire.python.send(EMIT("A", "x", "set", wire.python.codec.prepare(np.arange(4.0), "A.x"), -1))
    received: list[Message] = []
    wire.settle(received, [])
    (message,) = received
    assert isinstance(message, EMIT)
    array: Any = wire.page.codec.revive(message.value)
    assert array.tolist() == [0, 1, 2, 3]
    assert not array.flags.writeable


def test_times_survive_the_way_through_both_ends() -> None:
    wire = Wire(Limits())
    now = datetime.datetime(2026, 11, 21, 8, 5, 0, 123456, tzinfo=datetime.timezone.utc)
    wire.python.send(EMIT("A", "x", "set", wire.python.codec.prepare(now, "A.x"), -1))
    received: list[Message] = []
    wire.settle(received, [])
    assert isinstance(received[0], EMIT)
    assert received[0].value == now


def test_disposing_answers_travel_both_ways() -> None:
    wire = Wire(Limits())
    wire.python.send(DISPOSE("A"))
    wire.page.send(DISPOSED("B"))
    at_page: list[Message] = []
    at_python: list[Message] = []
    wire.settle(at_page, at_python)
    assert (at_page, at_python) == ([DISPOSE("A")], [DISPOSED("B")])
