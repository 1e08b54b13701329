"""The table of messages: complete, equal in both languages, and readable."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from deskapp.bridge import messages

CLIENT = Path(messages.__file__).parent / "client"


def test_every_message_is_in_the_table_with_its_fields_in_order() -> None:
    assert list(messages.SPEC) == [cls.__name__ for cls in get_args(messages.AnyMessage)]
    for name, cls in messages.MESSAGES.items():
        assert tuple(field.name for field in messages.SPEC[name].fields) == cls.__struct_fields__


def test_a_message_is_an_array_that_begins_with_its_name() -> None:
    text = msgspec.json.encode(messages.EMIT("Clock_1", "text", "set", "hello", -1))
    assert json.loads(text) == ["EMIT", "Clock_1", "text", "set", "hello", -1]


def test_a_message_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        messages.PING(1).n = 2  # type: ignore[misc]


def test_the_greeting_and_what_keeps_a_socket_alive_are_not_numbered() -> None:
    unnumbered = {row.name for row in messages.SPEC.values() if not row.numbered}
    assert unnumbered == {"HELLO", "WELCOME", "ACK", "PING", "PONG", "CLOSE"}


def test_choices_in_the_table_are_those_that_are_decoded() -> None:
    for row in messages.SPEC.values():
        for field in row.fields:
            for choice in field.choices:
                values = [_example(each.type, each.choices) for each in row.fields]
                values[row.fields.index(field)] = choice
                msgspec.json.decode(json.dumps([row.name, *values]), type=messages.MESSAGES[row.name])


def test_types_in_the_table_are_those_that_are_decoded() -> None:
    for row in messages.SPEC.values():
        cls = messages.MESSAGES[row.name]
        examples = [_example(field.type, field.choices) for field in row.fields]
        msgspec.json.decode(json.dumps([row.name, *examples]), type=cls)
        for i, field in enumerate(row.fields):
            for wrong in _wrong(field.type):
                values = [*examples[:i], wrong, *examples[i + 1 :]]
                with pytest.raises(msgspec.ValidationError):
                    msgspec.json.decode(json.dumps([row.name, *values]), type=cls)


def test_the_reference_has_every_message_and_field() -> None:
    text = messages.reference()
    for row in messages.SPEC.values():
        section = text.split(f"## {row.name}\n")[1].split("\n## ")[0]
        for field in row.fields:
            assert f"| `{field.name}` | {field.type} | {field.meaning}" in section


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_table_in_javascript_is_equal() -> None:
    script = f"import {{SPEC, PROTOCOL_VERSION}} from {json.dumps((CLIENT / 'messages.js').as_uri())};"
    script += "console.log(JSON.stringify([PROTOCOL_VERSION, SPEC]));"
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", script], capture_output=True, check=True, timeout=15, encoding="utf-8"
    )
    assert json.loads(done.stdout) == [messages.PROTOCOL_VERSION, messages.as_data()]


_EXAMPLES: dict[str, object] = {
    "any": 1, "int": -1, "count": 1, "ints": [1, -2], "str": "", "str?": None, "strings": ["a"], "strings?": None,
    "list": [1], "dict": {"a": 1}, "errors?": None,
}  # fmt: skip
_WRONG: dict[str, list[object]] = {
    "any": [], "int": ["1", 1.5, None, 2**60], "count": [-1, "1", 1.5, None, 2**60], "ints": [None, ["1"], "1", 1.5],
    "str": [None, 1, []], "str?": [1, []], "strings": [None, [1], "a", {}], "strings?": [[1], "a", {}],
    "list": [None, {}, "a"], "dict": [None, [], "a"], "errors?": [[], "a", {"a": 1}],
}  # fmt: skip


def _example(type_name: str, choices: tuple[str, ...]) -> object:
    return choices[0] if choices else _EXAMPLES[type_name]


def _wrong(type_name: str) -> list[object]:
    return _WRONG[type_name]
