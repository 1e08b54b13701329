from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest

from deskapp import PyComponent
from deskapp.session._arguments import MAX_SHOWN, ArgumentChecker
from deskapp.testing import AppHarness

if TYPE_CHECKING:
    from decimal import Decimal


class Size(enum.Enum):
    SMALL = "s"
    LARGE = "l"


@dataclass
class Point:
    x: int
    y: int = 0


class Thing(PyComponent):
    pass


def check(function: Callable[..., object], *args: object) -> list[object]:
    return ArgumentChecker().check(function, args)


def test_arguments_without_annotations_pass_as_they_are() -> None:
    def action(self, a, b=2):  # type: ignore[no-untyped-def]
        """Nothing is declared."""

    assert check(action, [1], {"x": 2}) == [[1], {"x": 2}]


@pytest.mark.parametrize(
    ("args", "text"),
    [((), "0 arguments were sent, 1 to 2 expected"), ((1, 2, 3), "3 arguments were sent, 1 to 2 expected")],
)
def test_a_wrong_number_of_arguments_is_refused(args: tuple[object, ...], text: str) -> None:
    def action(self: object, a: int, b: int = 2) -> None: ...

    with pytest.raises(TypeError, match=text):
        check(action, *args)


def test_an_exact_number_is_named_as_such() -> None:
    def action(self: object, a: int) -> None: ...

    with pytest.raises(TypeError, match=r"0 arguments were sent, 1 expected"):
        check(action)


@pytest.mark.parametrize("value", ["1", None, [1], 1.5, True])
def test_an_int_is_an_int_and_nothing_else(value: object) -> None:
    def action(self: object, n: int) -> None: ...

    with pytest.raises(TypeError, match="'n' must be int"):
        check(action, value)


def test_a_whole_number_is_good_for_a_float() -> None:
    def action(self: object, x: float) -> None: ...

    (found,) = check(action, 2)
    assert (found, type(found)) == (2.0, float)


def test_annotations_may_be_unions_literals_lists_and_none() -> None:
    def action(self: object, a: int | None, b: Literal["x", "y"], c: list[int], d: dict[str, float]) -> None: ...

    assert check(action, None, "x", [1, 2], {"k": 1}) == [None, "x", [1, 2], {"k": 1.0}]
    with pytest.raises(TypeError, match="'b' must be"):
        check(action, 1, "z", [], {})
    with pytest.raises(TypeError, match="'c' must be"):
        check(action, 1, "x", ["1"], {})


def test_tuples_enums_and_dataclasses_are_made_of_what_json_has() -> None:
    def action(self: object, a: tuple[int, str], b: Size, c: Point) -> None: ...

    assert check(action, [1, "a"], "l", {"x": 3}) == [(1, "a"), Size.LARGE, Point(3)]


def test_the_rest_of_the_arguments_is_checked_too() -> None:
    def action(self: object, a: str, *rest: int) -> None: ...

    assert check(action, "a", 1, 2) == ["a", 1, 2]
    with pytest.raises(TypeError, match="'argument 3' must be int"):
        check(action, "a", 1, "2")


def test_arrays_pass_an_annotation_of_arrays() -> None:
    def action(self: object, data: np.ndarray) -> None: ...

    data = np.zeros(3)
    assert check(action, data)[0] is data
    with pytest.raises(TypeError, match="'data' must be ndarray"):
        check(action, [1, 2])


def test_components_pass_annotations_of_their_class_and_of_none() -> None:
    def action(self: object, one: Thing, other: Thing | None) -> None: ...

    with AppHarness() as app:
        thing = app.session(Thing).app
        assert check(action, thing, thing) == [thing, thing]
        assert check(action, thing, None) == [thing, None]
        with pytest.raises(TypeError, match="'one' must be Thing"):
            check(action, {"id": "Thing_1"}, None)


def test_anything_passes_any_and_object() -> None:
    def action(self: object, a: Any, b: object) -> None: ...

    assert check(action, 1, "b") == [1, "b"]


def test_a_bool_is_no_int_and_an_int_no_bool() -> None:
    def action(self: object, a: bool) -> None: ...

    assert check(action, True) == [True]
    with pytest.raises(TypeError, match="'a' must be bool"):
        check(action, 1)


def test_an_annotation_that_only_type_checkers_know_does_not_switch_the_others_off() -> None:
    def action(self: object, price: Decimal, n: int) -> None: ...

    assert check(action, "anything", 1) == ["anything", 1]
    with pytest.raises(TypeError, match="'n' must be int"):
        check(action, "anything", "1")


def test_a_refused_value_is_shown_in_part() -> None:
    def action(self: object, n: int) -> None: ...

    with pytest.raises(TypeError) as caught:
        check(action, "x" * 10_000)
    assert len(str(caught.value)) < MAX_SHOWN + 200


def test_a_function_is_looked_at_once() -> None:
    looks = []

    class Watched(ArgumentChecker):
        def check(self, function: Callable[..., object], args: Any) -> list[object]:
            looks.append(len(self._checkers))
            return super().check(function, args)

    def action(self: object, n: int) -> None: ...

    checker = Watched()
    checker.check(action, [1])
    checker.check(action, [2])
    assert looks == [0, 1]
