"""The functions that ask: one field each, or a group of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from deskapp.script.conversations import converse
from deskapp.script.fields import (
    Field,
    actions_field,
    choice_field,
    file_field,
    input_field,
    slider_field,
    textarea_field,
)
from deskapp.script.forms import Form, update_input
from deskapp.script.page import ScriptPage, current_page

Validate = Callable[[Any], object]
Action = tuple[str, Callable[[Callable[[Any], None]], object]]

TEXT = "text"
NUMBER = "number"
FLOAT = "float"
PASSWORD = "password"
URL = "url"
EMAIL = "email"
DATE = "date"
TIME = "time"
COLOR = "color"
DATETIME_LOCAL = "datetime-local"
DATETIME = DATETIME_LOCAL


def input(
    label: str = "",
    type: str = TEXT,
    *,
    validate: Validate | None = None,
    name: str | None = None,
    value: Any = None,
    action: Action | None = None,
    onchange: Callable[[Any], object] | None = None,
    placeholder: str | None = None,
    required: bool | None = None,
    readonly: bool | None = None,
    datalist: Iterable[str] | None = None,
    help_text: str | None = None,
    **other_html_attrs: Any,
) -> Any:
    """Ask for one line: a text, a number, a date and the like.

    Args:
        label: What it is called.
        type: `TEXT`, `NUMBER` (a whole number), `FLOAT`, `PASSWORD`, `URL`, `EMAIL`, `DATE`, `TIME`, `DATETIME` or
            `COLOR`.
        validate: Called with the value when the field is left and when the form is submitted; returns None, or what
            is wrong with it. Async ones may be given where the program's code runs on the loop.
        name: Its name in `input_group`. With a name the field is returned for that, and nothing is asked yet.
        value: What is in it at first.
        action: A label and a function: a button beside the field, which calls the function with a function that sets
            the field's value.
        onchange: Called with the new value when that has changed.
        placeholder: Shown while it is empty.
        required: Whether it may not be empty.
        readonly: Whether it cannot be changed.
        datalist: Texts that are proposed.
        help_text: Shown below it.
        **other_html_attrs: Attributes of the HTML element, such as ``min``, ``max``, ``step``, ``minlength``,
            ``maxlength``, ``pattern``, ``autocomplete``; the limits are kept. ``auto_focus=True`` gives it the focus.

    Returns:
        The value: int for `NUMBER`, float for `FLOAT`, None for a number that was left out; else a text. Dates and
        times are texts such as ``"2030-01-31"``, ``"18:30"``, ``"2030-01-31T18:30"``, colors such as ``"#2f6f4f"``.

    Raises:
        TypeError, ValueError: An argument cannot be this.
        WrongKindOfSession: A function is async, and the asking code a plain function.
    """
    args = {
        "label": label,
        "type": type,
        "validate": validate,
        "name": name,
        "value": value,
        "action": action,
        "onchange": onchange,
        "placeholder": placeholder,
        "required": required,
        "readonly": readonly,
        "datalist": datalist,
        "help_text": help_text,
    }
    return _ask_one(input_field("input()", args, other_html_attrs))


def textarea(
    label: str = "",
    *,
    rows: int = 6,
    code: bool | Mapping[str, Any] | None = None,
    maxlength: int | None = None,
    minlength: int | None = None,
    validate: Validate | None = None,
    name: str | None = None,
    value: str | None = None,
    onchange: Callable[[Any], object] | None = None,
    placeholder: str | None = None,
    required: bool | None = None,
    readonly: bool | None = None,
    help_text: str | None = None,
    **other_html_attrs: Any,
) -> Any:
    """Ask for a text of several lines.

    Args:
        label: What it is called.
        rows: How many lines are seen.
        code: True or a dict makes it an editor for program text; ``{"mode": "python"}`` names the language. Other
            options of the dict are taken and do nothing.
        maxlength, minlength: How many characters it has, in units of UTF-16.
        validate, name, value, onchange, placeholder, required, readonly, help_text, **other_html_attrs: As of `input`.

    Returns:
        The text.
    """
    args = {
        "label": label,
        "rows": rows,
        "code": code,
        "maxlength": maxlength,
        "minlength": minlength,
        "validate": validate,
        "name": name,
        "value": value,
        "onchange": onchange,
        "placeholder": placeholder,
        "required": required,
        "readonly": readonly,
        "help_text": help_text,
    }
    return _ask_one(textarea_field("textarea()", args, other_html_attrs))


def select(
    label: str = "",
    options: Iterable[Any] | None = None,
    *,
    multiple: bool | None = None,
    validate: Validate | None = None,
    name: str | None = None,
    value: Any = None,
    onchange: Callable[[Any], object] | None = None,
    native: bool = True,
    required: bool | None = None,
    help_text: str | None = None,
    **other_html_attrs: Any,
) -> Any:
    """Ask for one of several options, or for some of them, in a list.

    Args:
        label: What it is called.
        options: One each: its value; or a tuple of label, value and, if wanted, whether it is selected and whether it
            is disabled; or a dict of ``label``, ``value``, ``selected``, ``disabled``. Values may be any objects: they
            stay here, and come back as they are.
        multiple: Whether several can be chosen.
        value: The value that is chosen at first; a list if `multiple`.
        native: Taken for programs that have it; the list is always the system's own.
        validate, name, onchange, required, help_text, **other_html_attrs: As of `input`.

    Returns:
        The value of the chosen option; a list of them if `multiple`.
    """
    args = _choice(locals(), "multiple", "required")
    return _ask_one(choice_field("select()", "select", args, other_html_attrs))


def checkbox(
    label: str = "",
    options: Iterable[Any] | None = None,
    *,
    inline: bool | None = None,
    validate: Validate | None = None,
    name: str | None = None,
    value: Sequence[Any] | None = None,
    onchange: Callable[[Any], object] | None = None,
    help_text: str | None = None,
    **other_html_attrs: Any,
) -> Any:
    """Ask which of several options hold.

    Args:
        label: What they are called together.
        options: As of `select`.
        inline: Whether they stand in one line.
        value: The values that are chosen at first.
        validate, name, onchange, help_text, **other_html_attrs: As of `input`.

    Returns:
        A list of the values of the chosen options.
    """
    args = _choice(locals(), "inline")
    args["required"] = other_html_attrs.pop("required", None)
    return _ask_one(choice_field("checkbox()", "checkbox", args, other_html_attrs))


def radio(
    label: str = "",
    options: Iterable[Any] | None = None,
    *,
    inline: bool | None = None,
    validate: Validate | None = None,
    name: str | None = None,
    value: Any = None,
    onchange: Callable[[Any], object] | None = None,
    required: bool | None = None,
    help_text: str | None = None,
    **other_html_attrs: Any,
) -> Any:
    """Ask for one of several options, all of which are seen.

    Args:
        label: What they are called together.
        options: As of `select`.
        inline: Whether they stand in one line.
        value: The value that is chosen at first; none is when None.
        validate, name, onchange, required, help_text, **other_html_attrs: As of `input`.

    Returns:
        The value of the chosen option; None if none is chosen.
    """
    args = _choice(locals(), "inline", "required")
    return _ask_one(choice_field("radio()", "radio", args, other_html_attrs))


def _choice(given: Mapping[str, Any], *further: str) -> dict[str, Any]:
    names = ("label", "options", "validate", "name", "value", "onchange", "help_text", *further)
    return {name: given[name] for name in names}


def slider(
    label: str = "",
    *,
    name: str | None = None,
    value: float = 0,
    min_value: float = 0,
    max_value: float = 100,
    step: float = 1,
    validate: Validate | None = None,
    onchange: Callable[[Any], object] | None = None,
    required: bool | None = None,
    help_text: str | None = None,
    **other_html_attrs: Any,
) -> Any:
    """Ask for a number within bounds, which is dragged.

    Args:
        label: What it is called.
        value: The number at first; for 0, if that is out of bounds, the number that is closest to it.
        min_value, max_value: The bounds.
        step: How far apart the numbers are. If one of the others is a float, 1 means that there are no steps.
        required: Taken for programs that have it; a slider always has a value.
        name, validate, onchange, help_text, **other_html_attrs: As of `input`.

    Returns:
        The number: a float if `value` or one of the bounds is one, else an int where it is whole.
    """
    args = {
        "label": label,
        "name": name,
        "value": value,
        "min_value": min_value,
        "max_value": max_value,
        "step": step,
        "validate": validate,
        "onchange": onchange,
        "required": required,
        "help_text": help_text,
    }
    return _ask_one(slider_field("slider()", args, other_html_attrs))


def actions(
    label: str = "",
    buttons: Iterable[Any] | None = None,
    name: str | None = None,
    help_text: str | None = None,
) -> Any:
    """Ask by buttons: the first click answers.

    Args:
        label: What they are called together.
        buttons: One each: its value; or a tuple of label, value and, if wanted, type and whether it is disabled; or a
            dict of ``label``, ``value``, ``type``, ``disabled``, ``color``. The type ``"submit"`` ends the form, and
            the button's value is the answer; ``"cancel"`` cancels the form; ``"reset"`` puts its fields back to their
            first values; ``"callback"`` calls the value, a function without arguments, and the form stays. Colors are
            those of `put_buttons`.
        name, help_text: As of `input`.

    Returns:
        The value of the button; None if the form was ended in another way.
    """
    args = {"label": label, "buttons": buttons, "name": name, "help_text": help_text}
    return _ask_one(actions_field("actions()", args, {}))


def file_upload(
    label: str = "",
    accept: Iterable[str] | str | None = None,
    name: str | None = None,
    placeholder: str = "Choose file",
    multiple: bool = False,
    max_size: int | str = 0,
    max_total_size: int | str = 0,
    required: bool | None = None,
    help_text: str | None = None,
    **other_html_attrs: Any,
) -> Any:
    """Ask for files.

    They come as soon as they are chosen, in pieces, and those above 1 MiB go to disk, where they stay until the page's
    program ends.

    Args:
        label: What it is called.
        accept: Which files: endings such as ``".png"``, types such as ``"image/*"``; one or several.
        placeholder: What stands on the button.
        multiple: Whether several can be chosen.
        max_size: How large a file may be, in bytes, or as a text such as ``"40K"``, ``"3M"``, ``"1G"``; 0: as large as
            the disk has room for.
        max_total_size: How large all of them may be together, if `multiple`.
        name, required, help_text, **other_html_attrs: As of `input`.

    Returns:
        An `UploadedFile`; None if none was chosen; a list of them if `multiple`.
    """
    args = {
        "label": label,
        "accept": accept,
        "name": name,
        "placeholder": placeholder,
        "multiple": multiple,
        "max_size": max_size,
        "max_total_size": max_total_size,
        "required": required,
        "help_text": help_text,
    }
    return _ask_one(file_field("file_upload()", args, other_html_attrs))


def input_group(
    label: str = "",
    inputs: Iterable[Any] | None = None,
    validate: Callable[[dict[str, Any]], object] | None = None,
    cancelable: bool = False,
) -> Any:
    """Ask for several fields in one form.

    Args:
        label: Its title.
        inputs: The fields: calls of the other functions, each with a name of its own. If the last one is `actions`
            with a button that submits, its buttons take the place of the form's own.
        validate: Called with a dict of all values once each of them is right; returns None, or the name of a field and
            what is wrong with it.
        cancelable: Whether there is a button to cancel.

    Returns:
        A dict of the values by name; None if the form was cancelled.

    Raises:
        TypeError, ValueError: There are no fields, one has no name, or two have one name.
        WrongKindOfSession: A function is async, and the asking code a plain function.
    """
    what = "input_group()"
    if inputs is None or isinstance(inputs, str | Mapping) or not isinstance(inputs, Iterable):
        raise TypeError(f"{what} takes a list of fields, not {inputs!r}")
    items = list(inputs)
    _refuse_unnamed(items, what)
    if not items:
        raise ValueError(f"{what} needs at least one field")
    seen: set[str] = set()
    for each in items:
        if each.name in seen:
            raise ValueError(f"{what} has two fields with the name {each.name!r}; give each a name of its own")
        seen.add(each.name)
    if not isinstance(label, str):
        raise TypeError(f"{what} takes a text as label, not {label!r}")
    if validate is not None and not callable(validate):
        raise TypeError(f"{what} takes a function as validate, not {validate!r}")
    page = current_page(what)
    form = Form(page, what, label, items, validate=validate, cancelable=bool(cancelable))
    return converse(page.run, form.ask())


def _refuse_unnamed(items: list[Any], what: str) -> None:
    wrong = [each for each in items if not isinstance(each, Field)]
    for each in wrong:
        if inspect.iscoroutine(each):
            each.close()  # a field without a name, on the loop
    if wrong:
        found = "a field without a name" if inspect.iscoroutine(wrong[0]) else repr(wrong[0])
        raise TypeError(f"{what} takes fields such as input('Age', name='age'), each with a name, not {found}")


def input_update(name: str | None = None, **spec: Any) -> None:
    """Change a field of a form that is open.

    Args:
        name: The field's name; None means the field whose `onchange` or `action` runs. Where none runs, the newest
            form that has the field is meant.
        **spec: Arguments of the function that made it, such as ``value``, ``options``, ``label``, ``placeholder``,
            ``help_text``, ``required``, ``readonly``; also ``valid_status`` with ``valid_feedback`` or
            ``invalid_feedback``: True, False or None, and what to say. Not ``type``, ``name``, ``validate``,
            ``action``, ``code``, ``onchange``, ``multiple``, ``inline``, ``buttons`` and limits of sizes.

    Raises:
        FieldNotFound: No form is open, or none has such a field.
        TypeError, ValueError: Something of it cannot be changed, or cannot be this.
    """
    update_input(current_page("input_update()"), name, spec, "input_update()")


def _ask_one(field: Field) -> Any:
    if field.name:
        return field
    page = current_page(field.what)
    return converse(page.run, _one(page, Form(page, field.what, "", [field])))


async def _one(page: ScriptPage, form: Form) -> Any:
    values = await form.ask()
    return None if values is None else next(iter(values.values()))
