"""Component class → the ``$rt.defineClass({…})`` call that makes it in JavaScript, built from its descriptors."""

from __future__ import annotations

import json
import re
import sys
import types
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from deskapp.bridge.js_code import SUPER_TOKEN, CodeUnit, JsClassSource
from deskapp.errors import TranspileError

if TYPE_CHECKING:
    from deskapp.event import Property

Member = tuple[str, str]
"""Section of the class definition, and name of the member in it."""

JS_KEYWORDS = frozenset(
    """
    abstract arguments await boolean break byte case catch char class const continue debugger default delete do double
    else enum eval export extends false final finally float for function goto if implements import in instanceof int
    interface let long native new null package private protected public return short static super switch synchronized
    this throw throws transient true try typeof undefined var void volatile while with yield
    """.split()  # noqa: SIM905
)

_ASCII_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*\Z", re.ASCII)


def class_units(source: JsClassSource) -> dict[Member, CodeUnit]:
    """Return the Python functions that the class takes to JavaScript; none for the proxy of a Python component."""
    if source.kind == "py":
        return {}
    units: dict[Member, CodeUnit] = {}

    def add(section: str, name: str, function: types.FunctionType, decorated: bool, owner: str = "") -> None:
        where = owner or source.cls.__qualname__
        units[section, name] = CodeUnit(function, f"{where}.{name}", where.rsplit(".", 1)[-1], decorated)

    for name, prop in source.properties.items():
        owner = _validating_class(prop)
        if owner is not None:
            validate = vars(owner)["_validate"]
            units["properties", name] = CodeUnit(validate, f"{owner.__qualname__}._validate", owner.__name__)
    for name, function in source.actions.items():
        add("actions", name, function, True)
    for name, function in source.emitters.items():
        add("emitters", name, function, True)
    for name, reaction in source.reactions.items():
        add("reactions", name, reaction.func, True)
    for name, function in source.methods.items():
        add("methods", name, function, False)
    return units


def class_text(source: JsClassSource, name: str, base: str, members: Mapping[Member, str], *, module: str = "") -> str:
    """Return the expression that makes the class.

    Args:
        source: What the class consists of.
        name: What it is called in JavaScript.
        base: Expression for its base class.
        members: JavaScript of every unit that `class_units` named.
        module: Name of the JavaScript module, if it is not that of the Python module.

    Raises:
        TranspileError: A default or a class variable is no JSON value.
    """
    for (section, member), text in members.items():
        if section == "properties" and SUPER_TOKEN in text:
            function = vars(_validating_class(source.properties[member]) or object)["_validate"]
            file, line = function.__code__.co_filename, function.__code__.co_firstlineno
            why = "super() is not known to a property there; write the whole validation"
            raise TranspileError(file, line, function.__qualname__, why)
    texts = {member: text.replace(SUPER_TOKEN, f"{base}.prototype") for member, text in members.items()}
    sections: dict[str, str] = {
        "properties": object_text(
            (prop_name, _property(source, prop_name, prop, texts.get(("properties", prop_name))))
            for prop_name, prop in source.properties.items()
        ),
        "attributes": js_value(list(source.attributes)),
        "actions": object_text((each, texts.get(("actions", each), "null")) for each in source.actions),
        "emitters": object_text((each, texts.get(("emitters", each), "null")) for each in source.emitters),
    }
    if source.kind == "js":
        sections["overlapping"] = js_value(sorted(source.overlapping))
        sections["reactions"] = object_text(
            (
                each,
                f"{{func: {texts['reactions', each]}, mode: {js_value(reaction.mode)}, "
                f"connections: {js_value(list(reaction.connection_strings))}}}",
            )
            for each, reaction in source.reactions.items()
        )
        sections["methods"] = object_text((each, texts["methods", each]) for each in source.methods)
        sections["constants"] = object_text(
            (each, json_text(source, each, value)) for each, value in source.constants.items()
        )
    body = "".join(f",\n{key}: {text}" for key, text in sections.items() if text not in ("{}", "[]"))
    place = f"module: {js_value(module or source.module)}, kind: {js_value(source.kind)}"
    head = f"name: {js_value(name)}, {place}, base: {base}"
    return f"$rt.defineClass({{\n{head}{body}\n}})"


def js_value(value: object) -> str:
    """Return a JSON value as a JavaScript expression that is safe in a script element, too.

    Raises:
        TypeError: It is no JSON value.
        ValueError: It contains itself.
    """
    # With ensure_ascii, which is the default, line separators are escaped; NaN and Infinity are names in JavaScript.
    return json.dumps(value).replace("</", "<\\/").replace("<!--", "<\\u0021--")


def js_key(name: str) -> str:
    """Return a name as a key of an object display."""
    return name if _ASCII_NAME.match(name) else js_value(name)


def _property(source: JsClassSource, name: str, prop: Property[Any], validate: str | None) -> str:
    spec = prop.js_spec()
    kind = spec["type"]
    if source.kind == "js":
        _check_parts(source, name, spec)
    if validate is not None:
        kind = "Custom"
    elif source.kind == "py" and _validating_class(prop) is not None:
        kind = "Any"  # its values are validated in Python; the proxy takes them as they come
    else:
        builtin = next(base for base in type(prop).__mro__ if base.__module__.startswith("deskapp."))
        if builtin is not type(prop):
            kind = "Any" if builtin.__name__ == "Property" else builtin.__name__.removesuffix("Prop")
    is_proxy = source.kind == "py"
    data = _without_defaults(spec["data"]) if is_proxy and kind in ("Either", "Null") else spec["data"]
    parts = [
        f"type: {js_value(kind)}",
        f"settable: {js_value(bool(spec['settable']))}",
        f"data: {json_text(source, name, data)}",
        f"local: {js_value(name in source.local)}",
    ]
    if not is_proxy:
        # A proxy gets the values of its component when it is made; what others begin with is nobody's business.
        parts.insert(1, f"default: {json_text(source, name, spec['default'])}")
    if validate is not None:
        parts.append(f"validate: {validate}")
    return "{" + ", ".join(parts) + "}"


def _without_defaults(parts: Any) -> Any:
    """The properties inside another one, without what they begin with."""
    return [
        {
            key: _without_defaults(value) if key == "data" and part["type"] in ("Either", "Null") else value
            for key, value in part.items()
            if key != "default"
        }
        for part in parts
    ]


def _check_parts(source: JsClassSource, name: str, spec: dict[str, Any]) -> None:
    """Refuse a property class of the user's inside another property: only its own level has a `_validate`."""
    from deskapp import event

    known = {kind.removesuffix("Prop") for kind in event.__all__ if kind.endswith("Prop")}
    for part in spec["data"] if spec["type"] in ("Either", "Null") else ():
        kind = part["type"]
        if kind not in known:
            file = getattr(sys.modules.get(source.module), "__file__", None) or source.module
            why = f"the property {name!r} has a {kind}Prop of your own inside another property; use it by itself"
            raise TranspileError(file, 0, f"{source.name}.{name}", why)
        _check_parts(source, name, part)


def _validating_class(prop: Property[Any]) -> type | None:
    """The user's class whose `_validate` the property uses; None if it is one of ours."""
    owner = next(base for base in type(prop).__mro__ if "_validate" in vars(base))
    return None if owner.__module__.startswith("deskapp.") else owner


def json_text(source: JsClassSource, name: str, value: object) -> str:
    """Return a value that a class has as a JavaScript expression.

    Raises:
        TranspileError: It is no JSON value.
    """
    try:
        return js_value(value)
    except (TypeError, ValueError) as error:
        file, line = _class_place(source.cls)
        why = f"{name} is {value!r}, which is no JSON value ({error}); take None, and set it in init()"
        raise TranspileError(file, line, f"{source.cls.__qualname__}.{name}", why) from None


def _class_place(cls: type) -> tuple[str, int]:
    for value in vars(cls).values():
        code = getattr(getattr(value, "func", value), "__code__", None)
        if code is not None:
            return code.co_filename, code.co_firstlineno
    return getattr(sys.modules.get(cls.__module__), "__file__", None) or "", 0


def object_text(items: Iterator[tuple[str, str]]) -> str:
    """Return an object display of keys and the expressions that stand for them."""
    text = ",\n  ".join(f"{js_key(name)}: {value}" for name, value in items)
    return f"{{\n  {text}\n}}" if text else "{}"
