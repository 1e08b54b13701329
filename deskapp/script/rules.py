"""What a field's value must be like: rules as plain data, which page and program check alike.

A rule is ``[name, argument, message]``. Python makes the rules of a field from the table `OF_TYPE` and sends them
along; ``client/rules.js`` knows the same names. Both check a field's *raw* value, which is what travels:

    text, number, date …        the text in the field; "?" for what the page takes for no number
    select, radio, actions      the index of an option, or None
    select with several, checkbox   a list of indices
    file                        a list of {filename, size, mime_type}
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

Rule = list[Any]
"""``[name, argument, message]``; JSON."""

_NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,3})?)?"
# As https://html.spec.whatwg.org/multipage/input.html#email-state-(type=email) has it.
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(\.{_LABEL})*"

FORMATS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "number": (_NUMBER, "Please enter a whole number."),
    "float": (_NUMBER, "Please enter a number."),
    "slider": (_NUMBER, "Please choose a number."),
    "url": (r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20]*[^\x00-\x20/:][^\x00-\x20]*", "Please enter an address such as https://example.org."),
    "email": (_EMAIL, "Please enter an address such as name@example.org."),
    "date": (_DATE, "Please enter a date."),
    "time": (_TIME, "Please enter a time of day."),
    "datetime-local": (rf"{_DATE}[T ]{_TIME}", "Please enter a date and a time of day."),
    "color": (r"#[0-9A-Fa-f]{6}", "Please choose a color."),
})  # fmt: skip
"""How the text of a type looks, as a regular expression of both languages, and what is said if it does not."""

_TEXT = ("required", "minlength", "maxlength", "pattern")
_DATED = ("required", "format", "calendar", "from", "to")

OF_TYPE: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "text": _TEXT,
    "password": _TEXT,
    "textarea": _TEXT,
    "url": ("required", "format", "minlength", "maxlength", "pattern"),
    "email": ("required", "format", "minlength", "maxlength", "pattern"),
    "number": ("required", "format", "whole", "min", "max", "step"),
    "float": ("required", "format", "finite", "min", "max", "step"),
    "slider": ("required", "format", "finite", "min", "max", "step"),
    "date": _DATED,
    "time": ("required", "format", "from", "to"),
    "datetime-local": _DATED,
    "color": ("required", "format"),
    "select": ("required", "options"),
    "checkbox": ("required", "options"),
    "radio": ("required", "options"),
    "actions": ("options",),
    "file": ("required", "count", "accept", "max_size", "max_total_size"),
})  # fmt: skip
"""Which rules a type has, in the order in which they are checked."""


def rules_of(kind: str, facts: Mapping[str, Any]) -> list[Rule]:
    """The rules of a field.

    Args:
        kind: A type of `OF_TYPE`.
        facts: What is asked of the value: ``required``, ``min``, ``max``, ``step``, ``minlength``, ``maxlength``,
            ``pattern``, ``options`` (their number, the indices of disabled ones, whether there may be several),
            ``multiple``, ``accept``, ``max_size``, ``max_total_size``. What is None is not asked.
    """
    found = []
    for name in OF_TYPE[kind]:
        made = _MAKERS[name](kind, facts)
        if made is not None:
            found.append([name, *made])
    return found


def find_fault(rules: Sequence[Rule], raw: Any) -> str | None:
    """The message of the first rule that a raw value breaks; None if it breaks none.

    Only `required` asks anything of an empty value.
    """
    is_empty = raw is None or raw in ("", [])
    for name, argument, message in rules:
        if (is_empty and name == "required") or not (is_empty or _CHECKS[name](raw, argument)):
            return str(message)
    return None


def plain_number(number: float) -> str:
    """A number as people write it."""
    return str(int(number)) if float(number).is_integer() and abs(number) < 1e15 else repr(number)


def size_text(size_bytes: int) -> str:
    """A size as people write it, such as ``"1.5 MB"``; in powers of 1024."""
    size, unit = float(size_bytes), "bytes"
    for unit in ("bytes", "KB", "MB", "GB"):
        if size < 1024 or unit == "GB":
            break
        size /= 1024
    return f"{size:.0f} {unit}" if unit == "bytes" or size >= 10 or size.is_integer() else f"{size:.1f} {unit}"


# -- how rules are made ------------------------------------------------------------------------------------------------

_Made = tuple[Any, str] | None
_CHOICES = ("select", "radio", "checkbox")


def _required(kind: str, facts: Mapping[str, Any]) -> _Made:
    if not facts.get("required"):
        return None
    texts = {
        "file": "Please choose a file.",
        "checkbox": "Please choose at least one.",
        "slider": "Please choose a number.",
    }
    return True, texts.get(kind, "Please choose one." if kind in _CHOICES else "Please fill in this field.")


def _at(fact: str, text: str) -> Callable[[str, Mapping[str, Any]], _Made]:
    def make(kind: str, facts: Mapping[str, Any]) -> _Made:
        limit = facts.get(fact)
        if limit is None:
            return None
        shown = limit if isinstance(limit, str) else plain_number(limit)
        return limit, text.format(shown.replace("T", " ") if kind == "datetime-local" else shown)

    return make


def _step(kind: str, facts: Mapping[str, Any]) -> _Made:
    step = facts.get("step")
    if step is None or step == "any":
        return None
    base = facts.get("min") or 0
    begin = f", beginning with {plain_number(base)}" if base else ""
    return [step, base], f"Please enter a number in steps of {plain_number(step)}{begin}."


def _size(fact: str, text: str) -> Callable[[str, Mapping[str, Any]], _Made]:
    def make(kind: str, facts: Mapping[str, Any]) -> _Made:
        limit = facts.get(fact)
        return (limit, text.format(size_text(limit))) if limit else None

    return make


_MAKERS: Mapping[str, Callable[[str, Mapping[str, Any]], _Made]] = MappingProxyType({
    "required": _required,
    "format": lambda kind, facts: FORMATS[kind],
    "calendar": lambda kind, facts: (True, "There is no such day."),
    "finite": lambda kind, facts: (True, "This number is too large."),
    "whole": lambda kind, facts: (True, "Please enter a whole number."),
    "min": _at("min", "Please enter {} or more."),
    "max": _at("max", "Please enter {} or less."),
    "from": _at("min", "Please enter {} or later."),
    "to": _at("max", "Please enter {} or earlier."),
    "step": _step,
    "minlength": _at("minlength", "Please enter {} characters or more."),
    "maxlength": _at("maxlength", "Please enter {} characters or fewer."),
    "pattern": lambda kind, facts: (
        (facts["pattern"], facts.get("title") or "Please enter it in the form that is asked for.")
        if facts.get("pattern")
        else None
    ),
    "options": lambda kind, facts: (facts["options"], "Please choose from the list."),
    "count": lambda kind, facts: None if facts.get("multiple") else (1, "Please choose one file."),
    "accept": lambda kind, facts: (
        (facts["accept"], f"Please choose a file of another type: {', '.join(facts['accept'])}.")
        if facts.get("accept")
        else None
    ),
    "max_size": _size("max_size", "This is too large: a file may have up to {}."),
    "max_total_size": _size("max_total_size", "This is too much: all files together may have up to {}."),
})  # fmt: skip


# -- how rules are checked ---------------------------------------------------------------------------------------------


def _calendar(raw: str, _: object) -> bool:
    try:
        datetime.date.fromisoformat(raw[:10])
    except ValueError:
        return False
    return True


def _whole(raw: str, _: object) -> bool:
    return math.isfinite(float(raw)) and float(raw).is_integer()


def _on_step(raw: str, argument: list[float]) -> bool:
    step, base = argument
    steps = (float(raw) - base) / step
    return math.isfinite(steps) and abs(steps - round(steps)) <= 1e-9 * max(1.0, abs(steps))


def _moment(text: str) -> str:
    """A time as text that sorts by time: seconds are written."""
    text = text.replace(" ", "T")
    return f"{text}:00" if len(text) in (5, 16) and text[-3] == ":" else text


def _units(text: str) -> int:
    """Its length as HTML counts it: in units of UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _is_option(raw: Any, argument: list[Any]) -> bool:
    count, disabled, is_multiple = argument
    if isinstance(raw, list) != is_multiple:
        return False
    chosen = raw if is_multiple else [raw]
    is_known = all(isinstance(each, int) and not isinstance(each, bool) and 0 <= each < count for each in chosen)
    return is_known and not set(chosen) & set(disabled) and len(set(chosen)) == len(chosen)


def _is_accepted(raw: list[dict[str, Any]], accept: list[str]) -> bool:
    return all(any(_fits(file, each.lower()) for each in accept) for file in raw)


def _fits(file: dict[str, Any], kind: str) -> bool:
    mime_type = str(file["mime_type"]).lower()
    if kind.startswith("."):
        return str(file["filename"]).lower().endswith(kind)
    return mime_type.startswith(kind[:-1]) if kind.endswith("/*") else kind in (mime_type, "*")


_CHECKS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType({
    "required": lambda raw, _: True,
    "format": lambda raw, pattern: re.fullmatch(pattern, raw) is not None,
    "calendar": _calendar,
    "finite": lambda raw, _: math.isfinite(float(raw)),
    "whole": _whole,
    "min": lambda raw, limit: float(raw) >= limit,
    "max": lambda raw, limit: float(raw) <= limit,
    "from": lambda raw, limit: _moment(raw) >= _moment(limit),
    "to": lambda raw, limit: _moment(raw) <= _moment(limit),
    "step": _on_step,
    "minlength": lambda raw, limit: _units(raw) >= limit,
    "maxlength": lambda raw, limit: _units(raw) <= limit,
    "pattern": lambda raw, pattern: re.fullmatch(pattern, raw) is not None,
    "options": _is_option,
    "count": lambda raw, limit: len(raw) <= limit,
    "accept": _is_accepted,
    "max_size": lambda raw, limit: all(file["size"] <= limit for file in raw),
    "max_total_size": lambda raw, limit: sum(file["size"] for file in raw) <= limit,
})  # fmt: skip
