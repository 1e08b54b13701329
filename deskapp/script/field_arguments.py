"""The arguments of fields: what they may be, and what values become on their way."""

from __future__ import annotations

import datetime
import difflib
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from deskapp.script.basic import COLORS
from deskapp.script.rules import Rule, find_fault, rules_of

BUTTON_TYPES = ("submit", "cancel", "reset", "callback")

_ATTRIBUTES = frozenset({
    "autocapitalize", "autocomplete", "autocorrect", "class", "cols", "dir", "disabled", "enterkeyhint", "inputmode",
    "lang", "max", "maxlength", "min", "minlength", "pattern", "size", "spellcheck", "step", "style", "tabindex",
    "title", "translate", "wrap",
})  # fmt: skip
_NAME = re.compile(r"[A-Za-z0-9_-]+\Z")
_OPTION_KEYS = ("label", "value", "selected", "disabled")
_BUTTON_KEYS = ("label", "value", "type", "disabled")
_DATED = {"date": datetime.date, "time": datetime.time, "datetime-local": datetime.datetime}


def file_size(what: str, name: str, size: Any) -> int:
    """A size in bytes, from a number or a text such as ``"40K"``, ``"3M"`` or ``"1G"``; 0 for none.

    Raises:
        TypeError, ValueError: It is no size.
    """
    if size is None:
        return 0
    if isinstance(size, str):
        match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([kmg]?)i?b?\s*", size.lower())
        if match is None:
            raise ValueError(f"{what} takes a number of bytes, or a text such as '3M', as {name}, not {size!r}")
        return int(float(match[1]) * 1024 ** " kmg".index(match[2] or " "))
    if isinstance(size, bool) or not isinstance(size, int | float):
        raise TypeError(f"{what} takes a number of bytes, or a text such as '3M', as {name}, not {size!r}")
    if not (math.isfinite(size) and size >= 0):
        raise ValueError(f"{what} cannot have {size!r} as {name}")
    return int(size)


def checked_field_name(what: str, name: object) -> str:
    """The name itself, if a field can have it.

    Raises:
        TypeError: It is no text.
        ValueError: It has other characters than letters, digits, ``-`` and ``_``.
    """
    if not isinstance(name, str):
        raise TypeError(f"{what} names a field by a text, not by {name!r}")
    if not _NAME.match(name):
        raise ValueError(f"{what} cannot name a field {name!r}: use letters, digits, - and _")
    return name


def field_name(what: str, args: Mapping[str, Any]) -> str:
    """The name that a field is given; empty if it is given none."""
    name = args.get("name")
    return "" if name is None else checked_field_name(what, name)


def text_of(what: str, name: str, value: object) -> str:
    """A text to show; empty for None.

    Raises:
        TypeError: It is no text.
    """
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{what} takes a text as {name}, not {value!r}")
    return value or ""


def length(what: str, name: str, limit: Any) -> int | None:
    """A number of characters.

    Raises:
        TypeError, ValueError: It is none.
    """
    if isinstance(limit, str) and limit.isdecimal():
        limit = int(limit)
    if limit is None:
        return None
    if isinstance(limit, bool) or not isinstance(limit, int):
        raise TypeError(f"{what} takes a whole number as {name}, not {limit!r}")
    if limit < 0:
        raise ValueError(f"{what} cannot have {limit} as {name}")
    return limit


def common(what: str, args: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What all fields have: properties for the page, and functions of the program.

    Raises:
        TypeError: One of them cannot be.
    """
    functions: dict[str, Any] = {}
    for name in ("validate", "onchange"):
        func = args.get(name)
        if func is not None:
            if not callable(func):
                raise TypeError(f"{what} takes a function as {name}, not {func!r}")
            functions[name] = func
    props = {
        "label": text_of(what, "label", args.get("label")),
        "help": text_of(what, "help_text", args.get("help_text")),
        "required": bool(args.get("required")),
        "readonly": bool(args.get("readonly")),
    }
    return props, functions


def attributes_of(what: str, kind: str, attributes: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """The HTML attributes that a field is given, and what they ask of its value.

    Raises:
        TypeError, ValueError: HTML has no such attribute for it, or it cannot be this.
    """
    attrs: dict[str, str] = {}
    facts: dict[str, Any] = {}
    for given, value in attributes.items():
        name = given.rstrip("_").replace("_", "-").lower()
        if name in ("auto-focus", "autofocus"):
            facts["focus"] = bool(value)
            continue
        if name not in _ATTRIBUTES and not re.match(r"(data|aria)-[a-z0-9-]+\Z", name):
            near = difflib.get_close_matches(name, [*_ATTRIBUTES, "required", "readonly", "placeholder"], n=2)
            raise TypeError(f"{what} knows no {given!r}" + (f"; did you mean {' or '.join(near)}?" if near else ""))
        if value is None or value is False:
            continue
        if not isinstance(value, str | int | float | datetime.date | datetime.time):
            raise TypeError(f"{what} takes a text or a number as {given}, not {value!r}")
        attrs[name] = "" if value is True else _moment_text(value)
        if name in ("min", "max", "step"):
            facts[name] = _bound(what, kind, given, attrs[name])
        elif name in ("minlength", "maxlength"):
            facts[name] = length(what, given, value)
        elif name in ("pattern", "title"):
            facts[name] = str(value)
    if "pattern" in facts:
        try:
            re.compile(facts["pattern"])
        except re.error as error:
            raise ValueError(
                f"{what} takes a regular expression as pattern, not {facts['pattern']!r}: {error}"
            ) from None
    return attrs, facts


def _bound(what: str, kind: str, name: str, text: str) -> Any:
    if kind in _DATED and name != "step":
        if find_fault(_type_rules(kind), text) is not None:
            raise ValueError(f"{what} takes a {kind} as {name}, not {text!r}")
        return text
    if name == "step" and (text == "any" or kind in _DATED):
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or (name == "step" and number <= 0):
        raise ValueError(f"{what} takes a number as {name}, not {text!r}")
    return int(number) if number.is_integer() else number


def _moment_text(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="minutes" if not value.second else "seconds")[:19]
    if isinstance(value, datetime.time):
        return value.isoformat(timespec="minutes" if not value.second else "seconds")[:8]
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _type_rules(kind: str) -> list[Rule]:
    return [rule for rule in rules_of(kind, {}) if rule[0] in ("format", "calendar", "finite", "whole")]


def merged(
    args: Mapping[str, Any], attributes: Mapping[str, Any], changes: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Arguments and attributes with some of them changed; the first value is left out, for it has been shown."""
    changed = {**args, **{name: value for name, value in changes.items() if name in args}}
    if "value" in args and "value" not in changes:
        changed["value"] = None
    return changed, {**attributes, **{name: value for name, value in changes.items() if name not in args}}


# -- options and buttons -----------------------------------------------------------------------------------------------


def options_of(what: str, options: Any) -> list[dict[str, Any]]:
    """Options, each a dict of ``label``, ``value``, ``selected`` and ``disabled``.

    Raises:
        TypeError, ValueError: One of them is none.
    """
    found = []
    for item in _listed(what, "options", options):
        each = _item(what, "an option", item, _OPTION_KEYS)
        missing = {"label", "value"} - set(each)
        if missing:
            raise ValueError(f"an option of {what} needs a {missing.pop()!r}: {item!r}")
        found.append({
            "label": str(each["label"]),
            "value": each["value"],
            "selected": bool(each.get("selected")),
            "disabled": bool(each.get("disabled")),
        })  # fmt: skip
    return found


def buttons_of(what: str, buttons: Any) -> list[dict[str, Any]]:
    """Buttons, each a dict of ``label``, ``value``, ``type``, ``color`` and ``disabled``.

    Raises:
        TypeError, ValueError: One of them is none, or there are none.
    """
    found = []
    for item in _listed(what, "buttons", buttons):
        each = _item(what, "a button", item, (*_BUTTON_KEYS, "color"), len(_BUTTON_KEYS))
        if "label" not in each:
            raise ValueError(f"a button of {what} needs a 'label': {item!r}")
        kind = each.get("type") or "submit"
        if kind not in BUTTON_TYPES:
            raise ValueError(f"a button of {what} cannot be of the type {kind!r}; there are {', '.join(BUTTON_TYPES)}")
        color = each.get("color") or ("primary" if kind == "submit" else "quiet")
        if each.get("color") and color not in COLORS:
            raise ValueError(f"a button of {what} cannot be {color!r}; there are {', '.join(COLORS)}")
        if kind == "callback" and not callable(each.get("value")):
            raise TypeError(f"a button of {what} with the type 'callback' has a function as value: {item!r}")
        if kind == "submit" and "value" not in each and not each.get("disabled"):
            raise ValueError(f"a button of {what} that ends the form needs a 'value': {item!r}")
        found.append({
            "label": str(each["label"]),
            "value": each.get("value"),
            "type": kind,
            "color": color,
            "disabled": bool(each.get("disabled")),
        })  # fmt: skip
    if not found:
        raise ValueError(f"{what} needs at least one button")
    return found


def _listed(what: str, name: str, items: Any) -> list[Any]:
    if items is None or isinstance(items, str | bytes) or not isinstance(items, Iterable):
        raise TypeError(f"{what} needs a list of {name}, not {items!r}")
    return list(items)


def _item(what: str, one: str, item: Any, keys: Sequence[str], most: int | None = None) -> dict[str, Any]:
    if isinstance(item, Mapping):
        unknown = sorted(str(key) for key in item if key not in keys)
        if unknown:
            raise ValueError(f"{one} of {what} has no {unknown[0]!r}; it has {', '.join(keys)}")
        return dict(item)
    if isinstance(item, tuple | list):
        if not 2 <= len(item) <= (most or len(keys)):
            raise ValueError(
                f"{one} of {what} is a value, a tuple of {', '.join(keys)}, or a dict of them, not {item!r}"
            )
        return dict(zip(keys, item, strict=False))
    return {"label": item, "value": item}


# -- values ------------------------------------------------------------------------------------------------------------


def encoder(what: str, kind: str, rules: list[Rule]) -> Callable[[Any], str]:
    """What makes the text that a field of a type shows for a value."""

    def encode(value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float | datetime.date | datetime.time):
            raise TypeError(f"{what} of the type {kind!r} cannot have the value {value!r}")
        text = _moment_text(value)
        if kind == "float" and isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            text = str(int(value))  # as people write it
        if isinstance(value, datetime.datetime) and kind == "date":
            text = text[:10]
        fault = find_fault([rule for rule in rules if rule[0] in _OF_VALUES], text)
        if fault is not None:
            raise ValueError(f"{what} of the type {kind!r} cannot have the value {value!r}: {fault}")
        return text

    return encode


_OF_VALUES = ("format", "calendar", "finite", "whole", "min", "max", "from", "to")


def is_text(raw: object) -> bool:
    """Whether it can be what travels of a field of text."""
    return isinstance(raw, str)


def is_index(raw: object) -> bool:
    """Whether it can be what travels of a choice."""
    return raw is None or (isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0)


def same(raw: Any) -> Any:
    """The value itself."""
    return raw


def whole_of(raw: str) -> int | None:
    """A whole number; None for none."""
    if not raw:
        return None
    return int(raw) if re.fullmatch(r"[+-]?[0-9]{1,300}", raw) else int(float(raw))


def float_of(raw: str) -> float | None:
    """A number; None for none."""
    return float(raw) if raw else None


def number_of(raw: str) -> int | float | None:
    """A number, as int if it is whole; None for none."""
    return None if not raw else whole_of(raw) if float(raw).is_integer() else float(raw)


def is_equal(first: object, second: object) -> bool:
    """Whether two values are equal, also where comparing is no simple thing."""
    try:
        return type(first) is not bool and type(second) is not bool and bool(first == second)
    except Exception:  # arrays and the like say more than yes or no
        return False
