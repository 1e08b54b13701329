"""Fields that stay in the page: the functions that show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from deskapp.script.field_arguments import checked_field_name
from deskapp.script.fields import (
    Field,
    actions_field,
    choice_field,
    file_field,
    input_field,
    slider_field,
    textarea_field,
)
from deskapp.script.outputs import Output
from deskapp.script.page import current_page
from deskapp.script.pins import Pins


def put_input(
    name: str,
    type: str = "text",
    *,
    label: str = "",
    value: Any = None,
    placeholder: str | None = None,
    readonly: bool | None = None,
    datalist: Iterable[str] | None = None,
    help_text: str | None = None,
    scope: str | None = None,
    position: int = -1,
) -> Output:
    """Show a field of one line that stays in the page.

    Args:
        name: Its name: letters, digits, ``-`` and ``_``. An earlier field of this name gives it up.
        type, label, value, placeholder, readonly, datalist, help_text: As of `deskapp.input.input`.
        scope, position: As of `deskapp.output.put_text`.
    """
    args = {
        "name": name,
        "type": type,
        "label": label,
        "value": value,
        "placeholder": placeholder,
        "readonly": readonly,
        "datalist": datalist,
        "help_text": help_text,
    }
    return _put(lambda: input_field("put_input()", args, {}), "put_input()", name, scope, position)


def put_textarea(
    name: str,
    *,
    label: str = "",
    rows: int = 6,
    code: bool | Mapping[str, Any] | None = None,
    maxlength: int | None = None,
    minlength: int | None = None,
    value: str | None = None,
    placeholder: str | None = None,
    readonly: bool | None = None,
    help_text: str | None = None,
    scope: str | None = None,
    position: int = -1,
) -> Output:
    """Show a field of several lines that stays in the page.

    Arguments are as of `deskapp.input.textarea` and `put_input`.
    """
    args = {
        "name": name,
        "label": label,
        "rows": rows,
        "code": code,
        "maxlength": maxlength,
        "minlength": minlength,
        "value": value,
        "placeholder": placeholder,
        "readonly": readonly,
        "help_text": help_text,
    }
    return _put(lambda: textarea_field("put_textarea()", args, {}), "put_textarea()", name, scope, position)


def put_select(
    name: str,
    options: Iterable[Any] | None = None,
    *,
    label: str = "",
    multiple: bool | None = None,
    value: Any = None,
    native: bool | None = None,
    help_text: str | None = None,
    scope: str | None = None,
    position: int = -1,
) -> Output:
    """Show a list of options that stays in the page; arguments as of `deskapp.input.select` and `put_input`."""
    args = {
        "name": name,
        "options": options,
        "label": label,
        "multiple": multiple,
        "value": value,
        "help_text": help_text,
    }
    return _put(lambda: choice_field("put_select()", "select", args, {}), "put_select()", name, scope, position)


def put_checkbox(
    name: str,
    options: Iterable[Any] | None = None,
    *,
    label: str = "",
    inline: bool | None = None,
    value: Any = None,
    help_text: str | None = None,
    scope: str | None = None,
    position: int = -1,
) -> Output:
    """Show checkboxes that stay in the page; arguments as of `deskapp.input.checkbox` and `put_input`."""
    args = {"name": name, "options": options, "label": label, "inline": inline, "value": value, "help_text": help_text}
    return _put(lambda: choice_field("put_checkbox()", "checkbox", args, {}), "put_checkbox()", name, scope, position)


def put_radio(
    name: str,
    options: Iterable[Any] | None = None,
    *,
    label: str = "",
    inline: bool | None = None,
    value: Any = None,
    help_text: str | None = None,
    scope: str | None = None,
    position: int = -1,
) -> Output:
    """Show radio buttons that stay in the page; arguments as of `deskapp.input.radio` and `put_input`."""
    args = {"name": name, "options": options, "label": label, "inline": inline, "value": value, "help_text": help_text}
    return _put(lambda: choice_field("put_radio()", "radio", args, {}), "put_radio()", name, scope, position)


def put_slider(
    name: str,
    *,
    label: str = "",
    value: float = 0,
    min_value: float = 0,
    max_value: float = 100,
    step: float = 1,
    required: bool | None = None,
    help_text: str | None = None,
    scope: str | None = None,
    position: int = -1,
) -> Output:
    """Show a slider that stays in the page; arguments as of `deskapp.input.slider` and `put_input`."""
    args = {
        "name": name,
        "label": label,
        "value": value,
        "min_value": min_value,
        "max_value": max_value,
        "step": step,
        "required": required,
        "help_text": help_text,
    }
    return _put(lambda: slider_field("put_slider()", args, {}), "put_slider()", name, scope, position)


def put_actions(
    name: str,
    *,
    label: str = "",
    buttons: Iterable[Any] | None = None,
    help_text: str | None = None,
    scope: str | None = None,
    position: int = -1,
) -> Output:
    """Show buttons that stay in the page; the value is that of the one pressed last.

    Arguments are as of `deskapp.input.actions` and `put_input`; there are buttons of the type ``"submit"`` alone.
    """
    args = {"name": name, "label": label, "buttons": buttons, "help_text": help_text}

    def make() -> Field:
        field = actions_field("put_actions()", args, {})
        for each in field.props["buttons"]:
            if each["type"] != "submit":
                raise ValueError(f"put_actions() has no form to {each['type']}: leave the type of its buttons out")
        return field

    return _put(make, "put_actions()", name, scope, position)


def put_file_upload(
    name: str,
    *,
    label: str = "",
    accept: Iterable[str] | str | None = None,
    placeholder: str = "Choose file",
    multiple: bool = False,
    max_size: int | str = 0,
    max_total_size: int | str = 0,
    help_text: str | None = None,
    scope: str | None = None,
    position: int = -1,
) -> Output:
    """Show a field for files that stays in the page; arguments as of `deskapp.input.file_upload` and `put_input`."""
    args = {
        "name": name,
        "label": label,
        "accept": accept,
        "placeholder": placeholder,
        "multiple": multiple,
        "max_size": max_size,
        "max_total_size": max_total_size,
        "help_text": help_text,
    }
    return _put(lambda: file_field("put_file_upload()", args, {}), "put_file_upload()", name, scope, position)


def _put(make: Callable[[], Field], what: str, name: object, scope: str | None, position: int) -> Output:
    checked_field_name(what, name)
    field = make()
    return current_page(what).part(Pins).show(field, scope, position)
