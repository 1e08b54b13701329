"""Values to frames and back; what both languages do is in tests/vectors/codec."""

from __future__ import annotations

import datetime
import json
import math
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deskapp.bridge.codec import MAX_DEPTH, Codec, Extension
from deskapp.bridge.frame import join_frame
from deskapp.bridge.messages import EMIT, FAULT, READY
from deskapp.errors import CodecError, MessageTooLarge, ProtocolError

VECTORS = Path(__file__).parents[2] / "vectors" / "codec"


class Thing:
    def __init__(self, id: str) -> None:
        self.id = id


def _thing(body: list[Any]) -> Thing:
    session, id = body
    assert session == "s1"
    return Thing(id)


@pytest.fixture
def codec() -> Codec:
    return Codec([Extension("c", (Thing,), lambda thing: ["s1", thing.id], _thing)])


def cases(name: str) -> list[Any]:
    found = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))["cases"]
    return [pytest.param(case, id=case["name"]) for case in found if case.get("only") != "js"]


# Values that JSON cannot say are written as {"@": [kind, …]} in the vectors.


def _build(expr: Any) -> Any:
    if isinstance(expr, list):
        return [_build(item) for item in expr]
    if not isinstance(expr, dict):
        return expr
    if "@" not in expr:
        return {key: _build(item) for key, item in expr.items()}
    match expr["@"]:
        case ["float", text]:
            return float(text)
        case ["int", text]:
            return int(text)
        case ["tuple", *items]:
            return tuple(_build(item) for item in items)
        case ["bytes", text]:
            return bytes.fromhex(text)
        case ["bytearray", text]:
            return bytearray.fromhex(text)
        case ["memoryview", text]:
            return memoryview(bytes.fromhex(text))
        case ["array", dtype, shape, items]:
            return np.array(items, dtype=dtype).reshape(shape)
        case ["datetime", text]:
            return datetime.datetime.fromisoformat(text)
        case ["date", text]:
            return datetime.date.fromisoformat(text)
        case ["thing", id]:
            return Thing(id)
        case ["dict", pairs]:
            return dict(pairs)
        case ["set"]:
            return {1}
        case ["object"]:
            return object()
        case ["function"]:
            return len
        case ["complex"]:
            return 1j
        case ["npint"]:
            return np.int32(1)
        case ["surrogate"]:
            return "a\ud800"
        case ["surrogate key"]:
            return {"a\ud800": 1}
        case ["cycle"]:
            cycle: list[Any] = []
            cycle.append(cycle)
            return cycle
    raise AssertionError(f"unknown expression {expr}")


def _describe(value: Any) -> Any:
    """Return the expression for a value, with kinds that == would not tell apart."""
    match value:
        case float():
            return {"@": ["float", repr(value)]} if value != value or value in (math.inf, -math.inf, 0.0) else value
        case list():
            return [_describe(item) for item in value]
        case dict():
            return {key: _describe(item) for key, item in value.items()}
        case np.ndarray():
            return {"@": ["array", value.dtype.name, list(value.shape), value.ravel().tolist()]}
        case bytes() | datetime.date():
            return {"@": [type(value).__name__, value.hex() if isinstance(value, bytes) else value.isoformat()]}
        case Thing():
            return {"@": ["thing", value.id]}
    assert value is None or type(value) in (str, int, bool)
    return value


def _frame(codec: Codec, wire: Any, buffers: list[str]) -> str | bytes:
    text = json.dumps(["EMIT", "A_1", "p", "set", wire, -1]).encode()
    # What json.dumps writes with spaces, the other side writes without.
    return join_frame(1, 0, [text.replace(b'{"$": ', b'{"$":')], [bytes.fromhex(each) for each in buffers])


@pytest.mark.parametrize("case", [case for case in cases("values") if "value" in case.values[0]])
def test_a_value_is_written_as_the_vectors_say(case: Any, codec: Codec) -> None:
    value = codec.prepare(_build(case["value"]), "A_1.p")
    data = codec.encode_frame(1, 0, [EMIT("A_1", "p", "set", value, -1)])
    head = json.loads(data if isinstance(data, str) else data[4 : 4 + int.from_bytes(data[:4], "little")])
    assert head[2][0][4] == case.get("wire_python", case["wire"])
    assert [bytes(buffer).hex() for buffer in codec.decode_frame(data).buffers] == case.get("buffers", [])


@pytest.mark.parametrize("case", cases("values"))
def test_a_value_arrives_as_the_vectors_say(case: Any, codec: Codec) -> None:
    frame = codec.decode_frame(_frame(codec, case["wire"], case.get("buffers", [])))
    (message,) = frame.messages
    assert isinstance(message, EMIT)
    expected = _describe(_build(case.get("back", case.get("value"))))
    assert _describe(codec.revive(message.value)) == expected


@pytest.mark.parametrize("case", cases("refused"))
def test_a_value_is_refused_with_its_place(case: Any, codec: Codec) -> None:
    with pytest.raises(CodecError) as caught:
        codec.prepare(_build(case["value"]), "A_1.p")
    assert caught.value.where == case["where"]
    assert str(caught.value).startswith(f"{case['where']}: ")


@pytest.mark.parametrize("case", cases("frames"))
def test_a_frame_is_equal_to_the_byte(case: Any, codec: Codec) -> None:
    data = case["text"] if "text" in case else bytes.fromhex(case["hex"])
    frame = codec.decode_frame(data)
    assert (frame.seq, frame.ack) == (case["seq"], case["ack"])
    texts = [json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() for message in case["messages"]]
    buffers = [bytes.fromhex(buffer) for buffer in case.get("buffers", [])]
    assert join_frame(case["seq"], case["ack"], texts, buffers) == data
    assert [bytes(buffer) for buffer in frame.buffers] == buffers
    if not buffers:
        assert codec.encode_frame(frame.seq, frame.ack, frame.messages) == data


@pytest.mark.parametrize("case", cases("evil"))
def test_a_malformed_frame_is_refused_with_a_code(case: Any, codec: Codec) -> None:
    with pytest.raises(ProtocolError) as caught:
        codec.decode_frame(case["text"] if "text" in case else bytes.fromhex(case["hex"]))
    assert caught.value.close_code == case["code"]


def test_damaged_frames_are_refused_or_read_never_anything_else(codec: Codec) -> None:
    random_source = random.Random(7)
    value = codec.prepare({"a": np.arange(6.0), "b": b"xyz", "n": [math.nan, Thing("A")], "t": ["x"] * 3}, "A_1.p")
    binary = codec.encode_frame(3, 1, [EMIT("A_1", "p", "set", value, -1), READY()])
    text = codec.encode_frame(3, 1, [EMIT("A_1", "p", "set", codec.prepare([math.nan, {"$": 1}], "x"), -1)])
    assert isinstance(binary, bytes)
    assert isinstance(text, str)
    codes: list[int] = []
    for _ in range(4000):
        damaged = bytearray(random_source.choice([binary, text.encode()]))
        for _ in range(random_source.randint(1, 4)):
            at = random_source.randrange(len(damaged))
            match random_source.randrange(4):
                case 0:
                    damaged[at] = random_source.randrange(256)
                case 1:
                    del damaged[at : at + random_source.randint(1, 9)]
                case 2:
                    damaged[at:at] = random_source.choice([b"[", b"]", b'"', b"{", b"9", b"-1", b",null", b"\xff"])
                case _:
                    damaged = damaged[:at] or damaged
            if not damaged:
                damaged = bytearray(b"[")
        data = bytes(damaged)
        for received in (data, data.decode("utf-8", "replace")):
            try:
                codec.decode_frame(received)
            except ProtocolError as error:
                codes.append(error.close_code)
    assert set(codes) <= {4400, 4413}
    assert len(codes) > 1000


def test_a_frame_above_the_limit_is_refused_before_it_is_read(codec: Codec) -> None:
    with pytest.raises(MessageTooLarge) as caught:
        codec.decode_frame("x" * 101, limit=100)
    assert caught.value.close_code == 4413


def test_later_changes_do_not_reach_a_prepared_value(codec: Codec) -> None:
    inner = [1]
    array = np.arange(3)
    data = bytearray(b"abc")
    value = {"list": inner, "array": array, "data": data}
    prepared = codec.prepare(value, "A_1.p")
    inner.append(2)
    array[0] = 7
    data[0] = 0
    value["new"] = [3]
    frame = codec.decode_frame(codec.encode_frame(1, 0, [EMIT("A_1", "p", "set", prepared, -1)]))
    assert isinstance(frame.messages[0], EMIT)
    revived: Any = codec.revive(frame.messages[0].value)
    assert set(revived) == {"list", "array", "data"}
    assert (revived["list"], revived["array"].tolist(), revived["data"]) == ([1], [0, 1, 2], b"abc")


def test_read_only_buffers_are_not_copied(codec: Codec) -> None:
    data = bytes(1000)
    array = np.frombuffer(data, "f4").reshape(2, 125)
    for value in (data, memoryview(data), array):
        prepared: Any = codec.prepare(value, "A_1.p")
        assert np.shares_memory(np.frombuffer(prepared.data, "u1"), np.frombuffer(data, "u1"))


def test_a_read_only_view_of_a_writable_array_is_copied(codec: Codec) -> None:
    array = np.arange(4)
    view = array[:2]
    view.flags.writeable = False
    prepared: Any = codec.prepare(view, "A_1.p")
    assert not np.shares_memory(np.frombuffer(prepared.data, "u1"), array)


def test_received_arrays_lie_in_the_received_bytes_and_are_read_only(codec: Codec) -> None:
    value = codec.prepare(np.arange(1000.0), "A_1.p")
    data = codec.encode_frame(1, 0, [EMIT("A_1", "p", "set", value, -1)])
    assert isinstance(data, bytes)
    frame = codec.decode_frame(data)
    assert isinstance(frame.messages[0], EMIT)
    array: Any = codec.revive(frame.messages[0].value)
    assert np.shares_memory(array, np.frombuffer(data, "u1"))
    assert not array.flags.writeable


@pytest.mark.parametrize(
    "array",
    [np.arange(6).reshape(2, 3).T, np.arange(10)[::2], np.arange(3, dtype=">i4"), np.asfortranarray(np.eye(3))],
)
def test_arrays_of_any_layout_arrive_with_their_items(array: Any, codec: Codec) -> None:
    value = codec.prepare(array, "A_1.p")
    frame = codec.decode_frame(codec.encode_frame(1, 0, [EMIT("A_1", "p", "set", value, -1)]))
    assert isinstance(frame.messages[0], EMIT)
    revived: Any = codec.revive(frame.messages[0].value)
    assert revived.dtype.name == array.dtype.name
    assert revived.tolist() == array.tolist()


def test_a_typed_memoryview_travels_as_an_array(codec: Codec) -> None:
    view = memoryview(np.arange(6, dtype="f4").tobytes()).cast("f", [2, 3])
    value = codec.prepare(view, "A_1.p")
    frame = codec.decode_frame(codec.encode_frame(1, 0, [EMIT("A_1", "p", "set", value, -1)]))
    assert isinstance(frame.messages[0], EMIT)
    revived: Any = codec.revive(frame.messages[0].value)
    assert revived.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_every_second_byte_travels(codec: Codec) -> None:
    prepared: Any = codec.prepare(memoryview(b"abcdef")[::2], "A_1.p")
    assert bytes(prepared.data) == b"ace"


def test_memoryviews_of_other_formats_are_refused(codec: Codec) -> None:
    for view in (memoryview(np.zeros(3, "c8")), memoryview(np.zeros((4, 4), "f4")[:, ::2])):  # type: ignore[arg-type]
        with pytest.raises(CodecError, match="memoryview"):
            codec.prepare(view, "A_1.p")


def test_subclasses_of_plain_types_travel_as_plain_values(codec: Codec) -> None:
    class Level(int):
        pass

    class Name(str):
        __slots__ = ()

    prepared: Any = codec.prepare([Level(3), np.float64(0.5), {Name("k"): Name("v")}], "A_1.p")
    assert prepared == [3, 0.5, {"k": "v"}]
    assert [type(item) for item in prepared[:2]] == [int, float]
    assert [type(item) for pair in prepared[2].items() for item in pair] == [str, str]


def test_a_whole_float_may_come_back_as_an_int_but_leaves_as_a_float(codec: Codec) -> None:
    assert codec.encode_frame(1, 0, [EMIT("A", "p", "set", codec.prepare(2.0, "x"), -1)]) == (
        '[1,0,[["EMIT","A","p","set",2.0,-1]]]'
    )


def test_values_without_tags_are_revived_by_doing_nothing(codec: Codec) -> None:
    frame = codec.decode_frame(
        '[1,0,[["EMIT","A","p","set",{"a":[1]},-1],["EMIT","A","q","set",{"$":["f","nan"]},-1]]]'
    )
    first, second = frame.messages
    assert isinstance(first, EMIT)
    assert isinstance(second, EMIT)
    assert codec.revive(first.value) is first.value
    assert math.isnan(second.value)  # type: ignore[arg-type]


def test_any_part_of_a_value_can_be_revived_by_itself(codec: Codec) -> None:
    frame = codec.decode_frame('[1,0,[["INVOKE","A","x",[1,{"k":[{"$":["c","s1","B"]}]}],0]]]')
    args: Any = frame.messages[0].args  # type: ignore[union-attr]
    inner: Any = codec.revive(args[1])
    assert isinstance(inner["k"][0], Thing)


def test_an_extension_that_fails_concerns_its_message_alone(codec: Codec) -> None:
    frame = codec.decode_frame('[1,0,[["EMIT","A","p","set",{"$":["c","other","B"]},-1],["READY"]]]')
    assert isinstance(frame.messages[0], EMIT)
    with pytest.raises(AssertionError):
        codec.revive(frame.messages[0].value)


def test_a_value_that_was_not_prepared_cannot_be_sent(codec: Codec) -> None:
    with pytest.raises(CodecError, match="prepared"):
        codec.encode_frame(1, 0, [EMIT("A", "p", "set", 1j, -1)])


def test_half_characters_in_the_texts_of_errors_are_replaced(codec: Codec) -> None:
    data = codec.encode_frame(1, 0, [FAULT("A", "p", "ValueError", "bad \ud800 \U0001f600", 0)])
    assert data == '[1,0,[["FAULT","A","p","ValueError","bad \ufffd \U0001f600",0]]]'


def test_lists_may_be_as_deep_as_the_limit(codec: Codec) -> None:
    value: list[Any] = []
    for _ in range(MAX_DEPTH - 1):
        value = [value]
    assert codec.prepare(value, "x") == value


def test_sums_that_overflow_are_not_taken_for_infinities(codec: Codec) -> None:
    assert codec.prepare([1e308, 1e308], "x") == [1e308, 1e308]
    assert codec.prepare([math.inf, -math.inf], "x") == [{"$": ["f", "inf"]}, {"$": ["f", "-inf"]}]


def test_without_numpy_arrays_arrive_as_memoryviews_and_numpy_is_not_imported() -> None:
    script = """
import sys
from deskapp.bridge.codec import Codec
from deskapp.bridge.messages import EMIT
codec = Codec()
prepared = codec.prepare([memoryview(bytes(8)).cast("f"), b"x"], "x")
frame = codec.encode_frame(1, 0, [EMIT("A", "p", "set", prepared, -1)])
assert "numpy" not in sys.modules
sys.modules["numpy"] = None
(message,) = codec.decode_frame(frame).messages
array, data = codec.revive(message.value)
assert (array.format, array.shape, data) == ("f", (2,), b"x"), array
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=15)
