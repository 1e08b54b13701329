"""`Field`: what is asked for, checked in the call, with what the page makes of it and what its answers mean.

Forms and the fields that stay in the page are made of the same fields.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deskapp.script.field_arguments import (
    attributes_of,
    buttons_of,
    common,
    encoder,
    field_name,
    file_size,
    float_of,
    is_equal,
    is_index,
    is_text,
    length,
    merged,
    number_of,
    options_of,
    same,
    text_of,
    whole_of,
)
from deskapp.script.rules import Rule, find_fault, rules_of

TYPES = ("text", "number", "float", "password", "url", "email", "date", "time", "datetime-local", "color")
FIXED = frozenset({
    "action", "buttons", "code", "inline", "max_size", "max_total_size", "multiple", "name", "onchange", "type",
    "validate",
})  # fmt: skip
"""What of a field cannot be changed."""

STATUS = frozenset({"valid_status", "valid_feedback", "invalid_feedback"})
"""What a program may show at a field that is there."""


@dataclass
class Field:
    """One field of a form or of the page.

    Attributes:
        what: The function that makes it, for messages.
        kind: What it is, as the page's table of controls names it.
        name: Its name; empty if it has none.
        props: What the page is told of it: JSON values.
        rules: What its value must be like.
        initial: Its first value, as it travels.
        parse: Gives the program's value for what travels.
        encode: Gives what travels for a program's value, or raises `ValueError` or `TypeError`.
        shape: Whether something that the page sent can be what travels.
        remake: Makes it anew with other arguments.
        validate: The program's own check.
        onchange: Called with its new values.
        action: Called when the button beside it is pressed.
        presses: What its buttons call, by their indices.
        library: A library that the page needs for it.
    """

    what: str
    kind: str
    name: str
    props: dict[str, Any]
    rules: list[Rule]
    initial: Any
    parse: Callable[[Any], Any]
    encode: Callable[[Any], Any]
    shape: Callable[[Any], bool]
    remake: Callable[[Mapping[str, Any]], Field] = field(repr=False)
    validate: Callable[[Any], object] | None = None
    onchange: Callable[[Any], object] | None = None
    action: Callable[..., object] | None = None
    presses: dict[int, Callable[[], object]] = field(default_factory=dict)
    library: str = ""

    def __repr__(self) -> str:
        return f"<field {self.name!r} of {self.what}; input_group() asks for it>"

    @property
    def spec(self) -> dict[str, Any]:
        """What the page makes it of."""
        return {
            **self.props,
            "name": self.name,
            "kind": self.kind,
            "rules": self.rules,
            "value": self.initial,
            "checks": self.validate is not None,
            "changes": self.onchange is not None,
        }

    @property
    def functions(self) -> list[Callable[..., object]]:
        """All that is called for it."""
        given = (self.validate, self.onchange, self.action, *self.presses.values())
        return [each for each in given if each is not None]

    def value_of(self, raw: Any) -> Any:
        """The program's value for what travels; None for what keeps to no type."""
        return self.parse(raw) if self.shape(raw) and find_fault(self._types(), raw) is None else None

    def _types(self) -> list[Rule]:
        return [rule for rule in self.rules if rule[0] in ("format", "calendar", "finite", "whole", "options")]

    def started(self, value: object) -> Field:
        """Itself, with a first value if one is given."""
        if value is not None:
            self.initial = self.encode(value)
        return self

    def updated(self, changes: Mapping[str, Any]) -> Field:
        """One like it, with other arguments.

        Raises:
            TypeError, ValueError: One of them cannot be changed, or cannot be.
        """
        for name in changes:
            if name in FIXED:
                raise ValueError(f"{name!r} of {self.what} cannot be changed; make the field anew")
        return self.remake(changes)


def input_field(what: str, args: Mapping[str, Any], attributes: Mapping[str, Any]) -> Field:
    """A field of one line; arguments as of `deskapp.input.input`."""
    kind = args["type"]
    if kind not in TYPES:
        raise ValueError(f"{what} knows no type {kind!r}; there are {', '.join(TYPES)}")
    attrs, given = attributes_of(what, kind, attributes)
    props, functions = common(what, args)
    action = args.get("action")
    if action is not None:
        if not (isinstance(action, tuple | list) and len(action) == 2 and callable(action[1])):
            raise TypeError(f"{what} takes a pair of a label and a function as action, not {action!r}")
        functions["action"] = action[1]
    datalist = args.get("datalist")
    if datalist is not None and (isinstance(datalist, str) or not isinstance(datalist, Iterable)):
        raise TypeError(f"{what} takes a list of texts as datalist, not {datalist!r}")
    props.update(
        type=kind,
        attrs=attrs,
        focus=bool(given.get("focus")),
        placeholder=text_of(what, "placeholder", args.get("placeholder")),
        datalist=None if datalist is None else [str(each) for each in datalist],
        action=None if action is None else str(action[0]),
    )
    rules = rules_of(kind, {**given, "required": args.get("required")})
    parse = {"number": whole_of, "float": float_of}.get(kind, same)
    encode = encoder(what, kind, rules)
    return Field(
        what,
        "input",
        field_name(what, args),
        props,
        rules,
        "" if kind != "color" else "#000000",
        parse,
        encode,
        is_text,
        lambda changes: input_field(what, *merged(args, attributes, changes)),
        **functions,
    ).started(args.get("value"))


def textarea_field(what: str, args: Mapping[str, Any], attributes: Mapping[str, Any]) -> Field:
    """A field of several lines; arguments as of `deskapp.input.textarea`."""
    attrs, given = attributes_of(what, "textarea", attributes)
    props, functions = common(what, args)
    rows, code = args.get("rows", 6), args.get("code")
    if isinstance(rows, bool) or not isinstance(rows, int) or rows < 1:
        raise ValueError(f"{what} has a whole number of rows above zero, not {rows!r}")
    if code is not None and not isinstance(code, bool | Mapping):
        raise TypeError(f"{what} takes True or a dict of options as code, not {code!r}")
    has_code = code is True or isinstance(code, Mapping)
    mode = code.get("mode", "") if isinstance(code, Mapping) else ""
    facts = {each: length(what, each, args.get(each)) for each in ("minlength", "maxlength")}
    props.update(
        rows=rows,
        focus=bool(given.get("focus")),
        code={"mode": mode if isinstance(mode, str) else str(mode.get("name", ""))} if has_code else None,
        attrs={**attrs, **{name: str(limit) for name, limit in facts.items() if limit is not None}},
        placeholder=text_of(what, "placeholder", args.get("placeholder")),
    )
    rules = rules_of("textarea", {**facts, "required": args.get("required")})
    return Field(
        what,
        "textarea",
        field_name(what, args),
        props,
        rules,
        "",
        same,
        encoder(what, "textarea", rules),
        is_text,
        lambda changes: textarea_field(what, *merged(args, attributes, changes)),
        **functions,
        library="editor" if has_code else "",
    ).started(args.get("value"))


def choice_field(what: str, kind: str, args: Mapping[str, Any], attributes: Mapping[str, Any]) -> Field:
    """A choice of options: a select, checkboxes, or radio buttons."""
    attrs, given = attributes_of(what, kind, attributes)
    props, functions = common(what, args)
    several = kind == "checkbox" or bool(args.get("multiple"))
    options = options_of(what, args.get("options"))
    values = [each["value"] for each in options]
    disabled = [index for index, each in enumerate(options) if each["disabled"]]
    chosen = [index for index, each in enumerate(options) if each["selected"]]
    if not several and len(chosen) > 1:
        raise ValueError(f"{what} can have one option selected, and {len(chosen)} are")
    initial: Any = chosen if several else chosen[0] if chosen else None
    if kind == "select" and not several and initial is None:
        initial = next((index for index in range(len(options)) if index not in disabled), None)
    props.update(
        options=[[each["label"], each["disabled"]] for each in options],
        multiple=several,
        inline=bool(args.get("inline")),
        attrs=attrs,
        focus=bool(given.get("focus")),
    )
    facts = {"required": args.get("required"), "options": [len(options), disabled, several]}

    def index_of(value: object) -> int:
        for index, each in enumerate(values):
            if each is value or is_equal(each, value):
                return index
        near = difflib.get_close_matches(str(value), map(str, values), n=2)
        hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"there are {values[:20]!r}"
        raise ValueError(f"{what} has no option {value!r}; {hint}")

    def encode(value: object) -> Any:
        if not several:
            return None if value is None and None not in values else index_of(value)
        if value is None:
            return []
        if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
            return [index_of(value)]
        return sorted({index_of(each) for each in value})

    def parse(raw: Any) -> Any:
        return [values[index] for index in raw] if several else None if raw is None else values[raw]

    return Field(
        what,
        kind,
        field_name(what, args),
        props,
        rules_of(kind, facts),
        initial,
        parse,
        encode,
        (lambda raw: isinstance(raw, list)) if several else is_index,
        lambda changes: choice_field(what, kind, *merged(args, attributes, changes)),
        **functions,
    ).started(args.get("value"))


def slider_field(what: str, args: Mapping[str, Any], attributes: Mapping[str, Any]) -> Field:
    """A number in bounds, which is dragged; arguments as of `deskapp.input.slider`."""
    attrs, given = attributes_of(what, "slider", attributes)
    props, functions = common(what, args)
    value, low, high = (args.get(name, 0) for name in ("value", "min_value", "max_value"))
    step = args.get("step", 1)
    for name, number in {"value": value, "min_value": low, "max_value": high, "step": step}.items():
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            raise TypeError(f"{what} takes a number as {name}, not {number!r}")
    if not low <= high or step <= 0:
        raise ValueError(f"{what} needs min_value <= max_value and a step above zero, not {low}, {high}, {step}")
    is_float = any(isinstance(number, float) for number in (value, low, high))
    if is_float and step == 1 and isinstance(step, int):
        step = "any"
    if value == 0 and not low <= 0 <= high:  # nobody said so: it is what there is by default
        value = low if low > 0 else high - (0 if step == "any" else (high - low) % step)
    bounds = {"min": str(low), "max": str(high), "step": str(step)}
    props.update(attrs={**attrs, **bounds}, focus=bool(given.get("focus")))
    rules = rules_of("slider", {"required": True, "min": low, "max": high, "step": step})

    def remake(changes: Mapping[str, Any]) -> Field:
        bounds = {name: changes.get(name, args[name]) for name in ("min_value", "max_value")}
        present = type(value)(min(max(value, bounds["min_value"]), bounds["max_value"]))
        return slider_field(what, *merged(args, attributes, {"value": present, **changes}))

    return Field(
        what,
        "slider",
        field_name(what, args),
        props,
        rules,
        str(low),
        float_of if is_float else number_of,
        encoder(what, "slider", rules),
        is_text,
        remake,
        **functions,
    ).started(value)


def actions_field(what: str, args: Mapping[str, Any], attributes: Mapping[str, Any]) -> Field:
    """Buttons that end a form, or that stay; arguments as of `deskapp.input.actions`."""
    props, functions = common(what, args)
    buttons = buttons_of(what, args.get("buttons"))
    values = [each["value"] for each in buttons]
    disabled = [index for index, each in enumerate(buttons) if each["disabled"] or each["type"] != "submit"]
    presses = {index: each["value"] for index, each in enumerate(buttons) if each["type"] == "callback"}
    shown = [{name: each[name] for name in ("label", "type", "color", "disabled")} for each in buttons]
    props.update(buttons=shown)

    def no_value(value: object) -> Any:
        if value is not None:
            raise ValueError(f"the value of {what} is the button that was pressed; it cannot be set to {value!r}")

    return Field(
        what,
        "actions",
        field_name(what, args),
        props,
        rules_of("actions", {"options": [len(buttons), disabled, False]}),
        None,
        lambda raw: None if raw is None else values[raw],
        no_value,
        is_index,
        lambda changes: actions_field(what, *merged(args, attributes, changes)),
        **functions,
        presses=presses,
    )


def file_field(what: str, args: Mapping[str, Any], attributes: Mapping[str, Any]) -> Field:
    """Files that the user chooses; arguments as of `deskapp.input.file_upload`. What travels are their numbers."""
    attrs, given = attributes_of(what, "file", attributes)
    props, functions = common(what, args)
    accept = args.get("accept")
    kinds = [accept] if isinstance(accept, str) else list(accept or ())
    kinds = [part.strip() for each in kinds for part in text_of(what, "accept", each).split(",") if part.strip()]
    for each in kinds:
        if not (each.startswith(".") or each == "*" or each.count("/") == 1):
            raise ValueError(f"{what} accepts endings such as '.png' and types such as 'image/*', not {each!r}")
    several = bool(args.get("multiple"))
    facts = {
        "required": args.get("required"),
        "multiple": several,
        "accept": kinds,
        "max_size": file_size(what, "max_size", args.get("max_size")),
        "max_total_size": file_size(what, "max_total_size", args.get("max_total_size")) if several else 0,
    }
    props.update(
        accept=",".join(kinds),
        multiple=several,
        placeholder=text_of(what, "placeholder", args.get("placeholder", "Choose file")),
        attrs=attrs,
        focus=bool(given.get("focus")),
    )

    def no_value(value: object) -> Any:
        if value:
            raise ValueError(f"the value of {what} is what the user chooses; it can only be set to None")
        return []

    return Field(
        what,
        "file",
        field_name(what, args),
        props,
        rules_of("file", facts),
        [],
        lambda files: list(files) if several else files[0] if files else None,
        no_value,
        lambda raw: isinstance(raw, list) and all(is_index(each) and each is not None for each in raw),
        lambda changes: file_field(what, *merged(args, attributes, changes)),
        **functions,
    )
