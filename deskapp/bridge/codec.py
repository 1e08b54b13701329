"""Messages to frames and back: values that JSON lacks, nothing changed in silence.

What JSON cannot say is written as ``{"$": [tag, …]}``:

    f  "nan" "inf" "-inf", or another number that JSON text would change
    t  date and time, ISO 8601          d  date, ISO 8601
    b  buffer → bytes                   a  buffer, dtype, shape → array
    o  a dict that has a key "$" itself
    …  one tag per `Extension`

where *buffer* is an index into the frame's buffers, or the name of a transfer made of earlier BUFFER messages.

Values are checked by `Codec.prepare` before they are sent. It refuses what the other language cannot hold, and
names the place. Stated changes: a tuple arrives as a list; 1.0 may come back as 1; a JavaScript object puts keys
that look like array indices first.
"""

from __future__ import annotations

import datetime
import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import msgspec

from deskapp.bridge.buffers import Buffer, Stored, buffer_of, buffer_of_array, check_array, from_bytes
from deskapp.bridge.frame import Frame, join_frame, split_frame
from deskapp.bridge.messages import MAX_INT, SPEC, Message
from deskapp.errors import CodecError, MessageTooLarge

MAX_FRAME_BYTES = 64 * 2**20
MAX_DEPTH = 100
"""Levels of lists and dicts inside each other; deeper is taken for a value that contains itself."""

_MARK = '{"$":'
_VALUE_FIELDS = {
    row.name: tuple((f.name, f.type) for f in row.fields if f.type in ("any", "list", "dict")) for row in SPEC.values()
}

Place = Callable[[Buffer], "int | str"]
_Path = tuple[Any, Any] | None  # (path of the container, key), innermost last


@dataclass(frozen=True)
class Extension:
    """A kind of value of its own, made known to a `Codec`.

    Args:
        tag: Its name on the wire.
        types: Classes whose instances are meant.
        encode: Gives the JSON values that follow the tag: a list of them, or a single one.
        decode: Takes the list of what followed the tag. What it raises concerns that message alone.
    """

    tag: str
    types: tuple[type, ...]
    encode: Callable[[Any], object]
    decode: Callable[[list[Any]], object]


class _Extended:
    """An incoming value that an extension decodes when its message's turn comes."""

    __slots__ = ("body", "extension")

    def __init__(self, extension: Extension, body: list[object]) -> None:
        self.extension, self.body = extension, body


class _List(list[object]):
    """A list that holds something to revive, somewhere inside."""


class _Dict(dict[str, object]):
    """A dict that holds something to revive, somewhere inside."""


_UNREVIVED = frozenset({_List, _Dict, _Extended, Stored})


class Codec:
    """Turns messages into frames and frames into messages.

    Not for several threads at once.

    Args:
        extensions: Kinds of values that the wire carries by tags of their own.
    """

    def __init__(self, extensions: Sequence[Extension] = ()) -> None:
        self._extensions = {extension.tag: extension for extension in extensions}
        self._of_type: dict[type, Extension | None] = {}
        self._encoder = msgspec.json.Encoder(enc_hook=self._place_buffer)
        self._place: Place = _refuse_buffer

    # Values, outward

    def prepare(self, value: object, where: str) -> object:
        """Return a copy of `value` that is safe to send, and that later changes of `value` do not reach.

        Read-only buffers are not copied, writable ones once.

        Args:
            value: Anything.
            where: What the value is, for the error's text; for example ``"Clock_1.text"``.

        Raises:
            CodecError: Something inside the value cannot travel; the error says what and where.
        """
        try:
            return self._walk(value, None, 0)
        except _Refusal as refusal:
            raise CodecError(refusal.what, where=where + refusal.path) from None

    def _walk(self, value: Any, path: _Path, depth: int) -> object:
        kind = type(value)
        if kind is str:
            if not value.isascii():
                _check_text(value, path)
            return value
        if kind is int:
            if not -MAX_INT <= value <= MAX_INT:
                _refuse(f"{value} is beyond ±2^53, where JavaScript rounds; send it as a float or a str", path)
            return value
        if kind is float:
            return value if math.isfinite(value) else {"$": ["f", str(value)]}
        if value is None or kind is bool:
            return value
        if kind is list or kind is tuple:
            return self._walk_list(value, path, depth)
        if kind is dict:
            return self._walk_dict(value, path, depth)
        return self._walk_other(value, kind, path, depth)

    def _walk_list(self, value: Sequence[Any], path: _Path, depth: int) -> list[object]:
        if depth >= MAX_DEPTH:
            _refuse(f"nested deeper than {MAX_DEPTH} levels, or contains itself", path)
        kinds = set(map(type, value))
        # Long lists are mostly of one kind; these checks run in C. A finite sum means that all items are finite.
        if len(kinds) == 1 and (
            (float in kinds and math.isfinite(sum(value)))
            or (int in kinds and min(value) >= -MAX_INT and max(value) <= MAX_INT)
            or (str in kinds and all(map(str.isascii, value)))
        ):
            return list(value)
        return [self._walk(item, (path, i), depth + 1) for i, item in enumerate(value)]

    def _walk_dict(self, value: Mapping[Any, Any], path: _Path, depth: int) -> dict[str, object]:
        if depth >= MAX_DEPTH:
            _refuse(f"nested deeper than {MAX_DEPTH} levels, or contains itself", path)
        copy: dict[str, object] = {}
        for key, item in value.items():
            if type(key) is not str:
                if not isinstance(key, str):
                    _refuse(f"the key {key!r} is not a str", path)
                key = str.__str__(key)
            if not key.isascii():
                _check_text(key, path)
            copy[key] = self._walk(item, (path, key), depth + 1)
        return {"$": ["o", copy]} if "$" in copy else copy

    def _walk_other(self, value: Any, kind: type, path: _Path, depth: int) -> object:
        extension = self._extension_for(kind)
        if extension is not None:
            body = extension.encode(value)
            return {"$": [extension.tag, *body] if isinstance(body, (list, tuple)) else [extension.tag, body]}
        numpy = sys.modules.get("numpy")
        try:
            if isinstance(value, (bytes, bytearray, memoryview)):
                return buffer_of(value)
            if numpy is not None and isinstance(value, numpy.ndarray):
                return buffer_of_array(value, numpy)
        except CodecError as error:
            _refuse(error.what, path)
        if isinstance(value, datetime.datetime):
            return {"$": ["t", value.isoformat()]}
        if isinstance(value, datetime.date):
            return {"$": ["d", value.isoformat()]}
        for base, plain in ((str, str.__str__), (int, int), (float, float)):
            if isinstance(value, base):
                return self._walk(plain(value), path, depth)
        if isinstance(value, (list, tuple)):
            return self._walk_list(value, path, depth)
        if isinstance(value, dict):
            return self._walk_dict(value, path, depth)
        hint = "; use its item()" if numpy is not None and isinstance(value, numpy.generic) else ""
        _refuse(f"a {kind.__module__}.{kind.__qualname__} cannot travel{hint}", path)

    def _extension_for(self, kind: type) -> Extension | None:
        try:
            return self._of_type[kind]
        except KeyError:
            found = next((e for e in self._extensions.values() if issubclass(kind, e.types)), None)
            self._of_type[kind] = found
            return found

    # Values, inward

    def revive(self, value: object) -> object:
        """Return `value`, taken from a decoded message, with its extensions and buffers in place.

        Costs nothing where there are none.

        Raises:
            Exception: Whatever an extension's ``decode`` raises.
        """
        kind = type(value)
        if kind not in _UNREVIVED:
            return value
        if isinstance(value, _List):
            return [self.revive(item) for item in value]
        if isinstance(value, _Dict):
            return {key: self.revive(item) for key, item in value.items()}
        if isinstance(value, Stored):
            assert value.data is not None, "the protocol fills in stored buffers"
            return from_bytes(value.data, value.dtype, value.shape)
        assert isinstance(value, _Extended)
        return value.extension.decode([self.revive(item) for item in value.body])

    def _resolve(self, value: Any, frame: Frame, depth: int) -> Any:
        """Replace what is tagged inside `value`, as far as this frame alone allows."""
        if depth > 2 * MAX_DEPTH:
            raise CodecError(f"a value is nested deeper than {2 * MAX_DEPTH} levels")
        if type(value) is list:
            items = [self._resolve(item, frame, depth + 1) for item in value]
            return items if _UNREVIVED.isdisjoint(map(type, items)) else _List(items)
        if type(value) is not dict:
            return value
        if "$" in value:
            body = value["$"]
            if len(value) != 1 or type(body) is not list or not body or type(body[0]) is not str:
                raise CodecError("a tagged value is malformed")
            return self._resolve_tag(body[0], body[1:], frame, depth + 1)
        return self._resolve_dict(value, frame, depth)

    def _resolve_dict(self, value: dict[str, Any], frame: Frame, depth: int) -> dict[str, Any]:
        copy = {key: self._resolve(item, frame, depth + 1) for key, item in value.items()}
        return copy if _UNREVIVED.isdisjoint(map(type, copy.values())) else _Dict(copy)

    def _resolve_tag(self, tag: str, body: list[Any], frame: Frame, depth: int) -> object:
        extension = self._extensions.get(tag)
        if extension is not None:
            return _Extended(extension, [self._resolve(item, frame, depth) for item in body])
        match tag, body:
            case "f", [str(text)]:
                return _parse(float, text)
            case "t", [str(text)]:
                # Python 3.10's fromisoformat does not know the Z of JavaScript.
                return _parse(datetime.datetime.fromisoformat, text[:-1] + "+00:00" if text.endswith("Z") else text)
            case "d", [str(text)]:
                return _parse(datetime.date.fromisoformat, text)
            case "o", [dict(inner)]:
                return self._resolve_dict(inner, frame, depth)
            case "b", [ref]:
                return self._resolve_buffer(ref, "", [], frame)
            case "a", [ref, str(dtype), list(shape)]:
                check_array(dtype, shape)
                return self._resolve_buffer(ref, dtype, shape, frame)
        raise CodecError(f"a value with the tag {tag[:20]!r} is unknown or malformed")

    def _resolve_buffer(self, ref: object, dtype: str, shape: list[int], frame: Frame) -> object:
        if type(ref) is str:
            stored = Stored(ref, dtype, shape)
            frame.stored.append(stored)
            return stored
        if type(ref) is int and 0 <= ref < len(frame.buffers):
            return from_bytes(frame.buffers[ref], dtype, shape)
        raise CodecError(f"buffer {ref!r} is not in this frame")

    # Frames

    def encode_frame(self, seq: int, ack: int, messages: Sequence[Message]) -> str | bytes:
        """Return one frame with all of `messages`, whose values are prepared; all buffers lie in it."""
        buffers: list[memoryview] = []

        def place(buffer: Buffer) -> int:
            buffers.append(buffer.data)
            return len(buffers) - 1

        return join_frame(seq, ack, [self.encode_message(message, place) for message in messages], buffers)

    def encode_message(self, message: Message, place: Place) -> bytes:
        """Return the JSON text of one message.

        Args:
            message: Its values are prepared.
            place: Called with each buffer, in order; returns how the text refers to it.
        """
        self._place = place
        try:
            return self._encoder.encode(message)
        except UnicodeEncodeError:
            # Prepared values were checked; names and texts of errors are not worth a refusal.
            return self._encoder.encode(_scrub(msgspec.structs.astuple(message), type(message).__name__))

    def _place_buffer(self, value: object) -> object:
        if type(value) is Buffer:
            return value.tagged(self._place(value))
        raise CodecError(f"a {type(value).__qualname__} was sent without being prepared")

    def decode_frame(self, data: str | bytes, *, limit: int = MAX_FRAME_BYTES) -> Frame:
        """Return the frame in `data`, validated; its buffers are laid over `data`, not copied.

        Args:
            data: As received: str from a text frame, bytes from a binary one.
            limit: Bytes (characters of a text frame) that are allowed.

        Raises:
            CodecError: It is no frame, or no frame that this side understands.
            MessageTooLarge: It is larger than `limit`.
        """
        if len(data) > limit:
            raise MessageTooLarge(len(data), limit)
        try:
            frame, text = split_frame(data)
            if _MARK in text if isinstance(text, str) else _MARK.encode() in text:
                for message in frame.messages:
                    for name, type_name in _VALUE_FIELDS[type(message).__name__]:
                        value = self._resolve(getattr(message, name), frame, 0)
                        if type_name == "dict" and not isinstance(value, dict):
                            raise CodecError(f"{type(message).__name__}.{name} is no dict")
                        msgspec.structs.force_setattr(message, name, value)
        except CodecError:
            raise
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise CodecError(f"a frame cannot be read: {error}") from error
        return frame


class _Refusal(Exception):
    def __init__(self, what: str, path: _Path) -> None:
        super().__init__(what)
        self.what = what
        keys = []
        while path is not None:
            path, key = path
            keys.append(f"[{json.dumps(key)}]")
        self.path = "".join(reversed(keys))


def _refuse(what: str, path: _Path) -> NoReturn:
    raise _Refusal(what, path)


def _refuse_buffer(buffer: Buffer) -> int:
    raise CodecError("no place for a buffer here")


def _check_text(text: str, path: _Path) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        _refuse("the text holds half a character (a lone surrogate)", path)


def _scrub(value: Any, *first: object) -> list[object]:
    """Copy a message's fields, with U+FFFD in place of lone surrogates."""

    def clean(item: Any) -> Any:
        if isinstance(item, str):
            return item.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if isinstance(item, dict):
            return {clean(key): clean(each) for key, each in item.items()}
        if isinstance(item, (list, tuple)):
            return [clean(each) for each in item]
        return item

    return [*first, *clean(value)]


def _parse(convert: Callable[[str], object], text: str) -> object:
    try:
        return convert(text)
    except (ValueError, OverflowError):
        raise CodecError(f"a tagged value cannot be read: {text[:40]!r}") from None
