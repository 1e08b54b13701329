"""Fields: what the functions that make them take and refuse, and what values become on their way."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from deskapp import input as asking
from deskapp.script.field_arguments import file_size
from deskapp.script.fields import Field

_NAMED = {"name": "x"}

MOMENT = datetime.datetime(2030, 1, 31, 9, 5, 7)


def make(function: Callable[..., Any], *args: object, **kwargs: object) -> Field:
    field: Field = function(*args, **{**_NAMED, **kwargs})
    return field


@pytest.mark.parametrize(
    ("function", "args", "raw", "value"),
    [
        (asking.input, {"type": "number", "value": 3}, "3", 3),
        (asking.input, {"type": "number", "value": 10**20}, "1" + 20 * "0", 10**20),
        (asking.input, {"type": "float", "value": 3}, "3", 3.0),
        (asking.input, {"type": "float", "value": 178.0}, "178", 178.0),
        (asking.input, {"type": "float", "value": 0.5}, "0.5", 0.5),
        (asking.input, {"type": "date", "value": datetime.date(2030, 1, 31)}, "2030-01-31", "2030-01-31"),
        (asking.input, {"type": "date", "value": datetime.datetime(2030, 1, 31, 5)}, "2030-01-31", "2030-01-31"),
        (asking.input, {"type": "time", "value": datetime.time(9, 5)}, "09:05", "09:05"),
        (asking.input, {"type": "datetime-local", "value": MOMENT}, "2030-01-31T09:05:07", "2030-01-31T09:05:07"),
        (asking.input, {"type": "color", "value": "#2f6f4f"}, "#2f6f4f", "#2f6f4f"),
        (asking.input, {"value": 5}, "5", "5"),
        (asking.textarea, {"value": "a\nb"}, "a\nb", "a\nb"),
        (asking.select, {"options": ["a", ("B", (1, 2))], "value": (1, 2)}, 1, (1, 2)),
        (asking.select, {"options": ["a", "b"], "multiple": True, "value": ["b"]}, [1], ["b"]),
        (asking.select, {"options": [("a", 1, False, True), "b"]}, 1, "b"),
        (asking.select, {"options": []}, None, None),
        (asking.checkbox, {"options": [("a", None, True), {"label": "b", "value": 2}]}, [0], [None]),
        (asking.radio, {"options": [True, 1], "value": 1}, 1, 1),
        (asking.radio, {"options": ["a"]}, None, None),
        (asking.slider, {"value": 5}, "5", 5),
        (asking.slider, {"value": 0.5, "max_value": 1}, "0.5", 0.5),
    ],
)  # fmt: skip
def test_values_travel_there_and_back(
    function: Callable[..., Any], args: dict[str, Any], raw: object, value: object
) -> None:
    field = make(function, **args)
    assert field.spec["value"] == raw
    back = field.value_of(raw)
    assert (back, type(back)) == (value, type(value))


def test_the_value_of_an_option_is_the_very_object() -> None:
    option = object()
    assert make(asking.select, options=[("x", option)]).value_of(0) is option


@pytest.mark.parametrize("raw", [None, 3, [], "abc", "1e999", "?"])
def test_what_is_no_number_is_none(raw: object) -> None:
    assert make(asking.input, type="number").value_of(raw) is None


@pytest.mark.parametrize(
    ("function", "args", "message"),
    [
        (asking.input, {"type": "numbre"}, r"input\(\) knows no type 'numbre'; there are text, number"),
        (asking.input, {"type": "number", "value": "abc"}, "cannot have the value 'abc': Please enter a whole number."),
        (asking.input, {"type": "number", "value": 1.5}, "whole"),
        (asking.input, {"type": "number", "value": 11, "max": 10}, "10 or less"),
        (asking.input, {"value": object()}, "cannot have the value"),
        (asking.input, {"value": True}, "cannot have the value True"),
        (asking.input, {"type": "date", "value": "2030-02-30"}, "no such day"),
        (asking.input, {"label": 5}, "takes a text as label, not 5"),
        (asking.input, {"validate": "x"}, "takes a function as validate"),
        (asking.input, {"onchange": 1}, "takes a function as onchange"),
        (asking.input, {"action": ("x",)}, "a pair of a label and a function"),
        (asking.input, {"datalist": "abc"}, "list of texts as datalist"),
        (asking.input, {"requird": True}, "knows no 'requird'; did you mean required"),
        (asking.input, {"onclick": "x()"}, "knows no 'onclick'"),
        (asking.input, {"pattern": "("}, "regular expression as pattern"),
        (asking.input, {"type": "number", "min": "low"}, "takes a number as min"),
        (asking.input, {"type": "date", "min": "soon"}, "takes a date as min"),
        (asking.input, {"type": "float", "step": 0}, "takes a number as step"),
        (asking.input, {"minlength": -1}, "cannot have -1 as minlength"),
        (asking.input, {"name": "a b"}, "letters, digits, - and _"),
        (asking.input, {"name": 5}, "names a field by a text"),
        (asking.textarea, {"rows": 0}, "rows above zero"),
        (asking.textarea, {"code": "python"}, "True or a dict of options as code"),
        (asking.textarea, {"maxlength": 2.5}, "whole number as maxlength"),
        (asking.select, {}, "needs a list of options, not None"),
        (asking.select, {"options": "abc"}, "needs a list of options"),
        (asking.select, {"options": [("a",)]}, "is a value, a tuple of label, value, selected, disabled"),
        (asking.select, {"options": [{"label": "a"}]}, "needs a 'value'"),
        (asking.select, {"options": [{"label": "a", "value": 1, "slected": True}]}, "has no 'slected'"),
        (asking.select, {"options": ["abc"], "value": "abd"}, "no option 'abd'; did you mean 'abc'"),
        (asking.select, {"options": [("a", 1, True), ("b", 2, True)]}, "one option selected, and 2 are"),
        (asking.checkbox, {"options": ["a"], "value": "a"}, "takes a list of values"),
        (asking.slider, {"value": 200}, "100 or less"),
        (asking.slider, {"min_value": 5, "max_value": 1}, "min_value <= max_value"),
        (asking.slider, {"step": "x"}, "takes a number as step"),
        (asking.actions, {"buttons": []}, "at least one button"),
        (asking.actions, {"buttons": None}, "needs a list of buttons"),
        (asking.actions, {"buttons": [("a", 1, "sumbit")]}, "cannot be of the type 'sumbit'"),
        (asking.actions, {"buttons": [{"label": "a", "value": 1, "color": "pink"}]}, "cannot be 'pink'"),
        (asking.actions, {"buttons": [("a", 1, "callback")]}, "has a function as value"),
        (asking.actions, {"buttons": [{"label": "a"}]}, "needs a 'value'"),
        (asking.file_upload, {"accept": "png"}, "endings such as '.png'"),
        (asking.file_upload, {"max_size": "3X"}, "such as '3M', as max_size, not '3X'"),
        (asking.file_upload, {"max_size": -1}, "cannot have -1 as max_size"),
        (asking.file_upload, {"max_size": [1]}, "as max_size"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_the_call(
    function: Callable[..., Any], args: dict[str, Any], message: str
) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        make(function, **args)


SIZES = [(0, 0), (500, 500), ("40K", 40960), ("3m", 3 * 2**20), ("1.5GB", int(1.5 * 2**30)), ("7", 7)]


@pytest.mark.parametrize(("size", "size_bytes"), SIZES)
def test_sizes_of_files_may_be_texts(size: object, size_bytes: int) -> None:
    assert file_size("x", "max_size", size) == size_bytes


def test_a_changed_field_is_checked_again_and_keeps_what_is_not_changed() -> None:
    field = make(asking.slider, value=5, label="Loud")
    changed = field.updated({"max_value": 4})
    assert (changed.spec["label"], changed.spec["attrs"]["max"], changed.spec["value"]) == ("Loud", "4", "4")
    with pytest.raises(ValueError, match="'type' of input\\(\\) cannot be changed"):
        make(asking.input).updated({"type": "number"})
    with pytest.raises(TypeError, match="knows no 'labl'"):
        make(asking.input).updated({"labl": "x"})
    choice = make(asking.radio, options=["a"], value="a").updated({"options": ["b"]})
    assert (choice.spec["options"], choice.spec["value"]) == ([["b", False]], None)
