"""What the vectors cannot say: definitions, numpy's numbers, specifications for JavaScript."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from deskapp import event
from deskapp.event import Component


def stored(prop: Any, value: object) -> Any:
    cls = type("Holder", (Component,), {"x": prop})
    return cls(x=value).x


@pytest.mark.parametrize(
    ("prop", "value", "expected"),
    [
        (event.IntProp, np.int64(3), 3),
        (event.IntProp, np.float32(3.7), 3),
        (event.IntProp, Fraction(7, 2), 3),
        (event.IntProp, 10**30, 10**30),
        (event.FloatProp, np.float32(0.5), 0.5),
        (event.FloatProp, Fraction(1, 2), 0.5),
        (event.FloatPairProp, (np.int8(1), np.float64(2)), (1.0, 2.0)),
        (event.BoolProp, np.bool_(True), True),
    ],
)
def test_numbers_of_other_libraries_become_plain_ones(prop: Any, value: object, expected: object) -> None:
    found = stored(prop(), value)
    assert found == expected
    assert type(found) is type(expected)


def test_an_enum_says_what_there_is_to_choose_from() -> None:
    with pytest.raises(ValueError, match=r"x cannot be 'pink': it is none of RED, GREEN"):
        stored(event.EnumProp(["red", "green"]), "pink")


@pytest.mark.parametrize(
    ("args", "kind"),
    [
        ((), TypeError),
        (("red",), TypeError),
        ((["red", 3],), TypeError),
        (([],), IndexError),
        ((["red"], "green"), ValueError),
        ((["red"], 3), TypeError),
        ((["red"], "red", "red"), TypeError),
    ],
)
def test_an_enum_that_makes_no_sense_is_refused_where_it_is_written(args: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        event.EnumProp(*args)


def test_nested_properties_must_be_instances() -> None:
    with pytest.raises(TypeError, match="call it"):
        event.NullProp(event.IntProp)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="3"):
        event.EitherProp(event.IntProp(), 3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="at least one"):
        event.EitherProp()


def test_the_refusal_of_an_either_says_what_each_of_its_properties_said() -> None:
    with pytest.raises(TypeError, match=r"IntProp takes .* StringProp takes"):
        stored(event.EitherProp(event.IntProp(), event.StringProp()), None)


def test_javascript_is_told_about_nested_properties() -> None:
    either = event.EitherProp(event.EnumProp(["a", "b"]), event.NullProp(event.IntProp(3)), settable=True)
    assert either.js_spec() == {
        "type": "Either",
        "default": "A",
        "settable": True,
        "data": [
            {"type": "Enum", "default": "A", "data": ["A", "B"]},
            {"type": "Null", "default": None, "data": [{"type": "Int", "default": 3, "data": None}]},
        ],
    }


def test_each_kind_has_a_name_that_both_languages_know() -> None:
    names = {
        kind.__name__: kind().type_name
        for kind in (
            event.AnyProp,
            event.BoolProp,
            event.TriStateProp,
            event.IntProp,
            event.FloatProp,
            event.StringProp,
            event.TupleProp,
            event.ListProp,
            event.DictProp,
            event.ComponentProp,
            event.FloatPairProp,
            event.ColorProp,
        )
    }
    assert all(class_name == name + "Prop" for class_name, name in names.items())


def test_components_do_not_share_a_default_that_can_be_changed() -> None:
    class Holder(Component):
        items = event.ListProp([1])
        table = event.DictProp({"a": 1})

    one, two = Holder(), Holder()
    with one:
        one._mutate_items([2], "insert", 1)
        one._mutate_table({"b": 2}, "insert")
    assert (two.items, two.table) == ([1], {"a": 1})
    assert Holder().items == [1]
