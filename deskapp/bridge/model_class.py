"""Model class → the ``$rt.defineModel({…})`` call that makes its twin in JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from types import FunctionType
from typing import TYPE_CHECKING

from deskapp.bridge.js_class import Member, js_value, json_text, object_text
from deskapp.bridge.js_code import SUPER_TOKEN, CodeUnit

if TYPE_CHECKING:
    from deskapp.bridge.js_code import JsClassSource


def model_units(source: JsClassSource) -> dict[Member, CodeUnit]:
    """Return the Python functions that a Model class takes to JavaScript."""
    where = source.cls.__qualname__
    found: dict[Member, tuple[FunctionType, bool]] = {}
    for name, prop in source.legacy.items():
        found["properties", name] = (prop.func, True)
    for name, function in source.emitters.items():
        found["emitters", name] = (function, True)
    for name, handler in source.reactions.items():
        found["handlers", name] = (handler.func, True)
    for name, function in source.methods.items():
        found["methods", name] = (function, False)
    # Private names are those of the Model: its inner classes are scopes, no classes of their own.
    return {
        member: CodeUnit(function, f"{where}.JS.{member[1]}", source.name, decorated)
        for member, (function, decorated) in found.items()
    }


def model_text(source: JsClassSource, name: str, base: str, members: Mapping[Member, str], *, module: str = "") -> str:
    """Return the expression that makes the class.

    Args:
        source: What the class consists of.
        name: What it is called in JavaScript.
        base: Expression for its base class.
        members: JavaScript of every unit that `model_units` named.
        module: Name of the JavaScript module, if it is not that of the Python module.

    Raises:
        TranspileError: A constant is no JSON value.
    """
    texts = {member: text.replace(SUPER_TOKEN, f"{base}.prototype") for member, text in members.items()}
    sections = {
        "properties": object_text(
            (
                each,
                f"{{validate: {texts['properties', each]}, hasDefault: {js_value(prop.has_default)}, "
                f"isReadonly: {js_value(prop.is_readonly)}}}",
            )
            for each, prop in source.legacy.items()
        ),
        "emitters": object_text((each, texts["emitters", each]) for each in source.emitters),
        "handlers": object_text(
            (each, f"{{func: {texts['handlers', each]}, connections: {js_value(list(handler.connection_strings))}}}")
            for each, handler in source.reactions.items()
        ),
        "methods": object_text((each, texts["methods", each]) for each in source.methods),
        "constants": object_text((each, json_text(source, each, value)) for each, value in source.constants.items()),
        "local": js_value(sorted(source.local)),
        "remote": js_value(list(source.remote)),
    }
    body = "".join(f",\n{key}: {text}" for key, text in sections.items() if text not in ("{}", "[]"))
    head = f"name: {js_value(name)}, module: {js_value(module or source.module)}, base: {base}"
    return f"$rt.defineModel({{\n{head}{body}\n}})"
