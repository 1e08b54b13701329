from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from deskapp.event import AnyProp, Component, Event, IntProp, ListProp, Loop, Property, StringProp, reaction


class EvenProp(Property[int]):
    """An even number."""

    _default = 0

    def _consume_args(self, *args: Any) -> None:
        self._set_data({"step": 2})
        super()._consume_args(*args)

    def _validate(self, value: Any, name: str, data: Any) -> int:
        if not isinstance(value, int):
            raise TypeError("it is no int")
        if value % data["step"]:
            raise ValueError("it is odd")
        return value


class OwnError(ValueError):
    def __init__(self, one: int, two: int) -> None:
        super().__init__(one, two)


class FussyProp(Property[int]):
    _default = 0

    def _validate(self, value: Any, name: str, data: Any) -> int:
        if value:
            raise OwnError(1, 2)
        return 0


class Foo(Component):
    foo = IntProp(3, settable=True, doc="How many.")
    even = EvenProp(4, settable=True)
    fussy = FussyProp(settable=True)
    text = StringProp("x")
    items = ListProp()
    any = AnyProp(settable=True)
    _hidden = IntProp(1, settable=True)


def test_on_a_class_a_property_is_its_descriptor() -> None:
    prop = Foo.foo
    assert (prop.name, prop.default, prop.settable, prop.doc, prop.data) == ("foo", 3, True, "How many.", None)
    assert prop.__doc__ == "IntProp Foo.foo: How many."
    assert prop.type_name == "Int"
    assert Foo.foo.js_spec() == {"type": "Int", "default": 3, "settable": True, "data": None}
    assert Property().type_name == AnyProp().type_name == "Any"


def test_a_custom_property_validates_with_its_data() -> None:
    foo = Foo()
    with foo:
        foo.set_even(8)
        assert foo.even == 8
        with pytest.raises(ValueError, match=r"^Foo\d+\.even cannot be 7: it is odd$"):
            foo.set_even(7)
        with pytest.raises(TypeError, match=r"^Foo\d+\.even cannot be 'x': it is no int$"):
            foo.set_even("x")
    assert Foo.even.js_spec() == {"type": "Even", "default": 4, "settable": True, "data": {"step": 2}}


def test_an_error_of_a_class_of_ones_own_is_left_alone() -> None:
    foo = Foo()
    with foo, pytest.raises(OwnError):
        foo.set_fussy(1)


def test_a_long_value_is_cut_in_the_message() -> None:
    foo = Foo()
    with foo, pytest.raises(TypeError) as raised:
        foo.set_foo(list(range(1000)))
    assert len(str(raised.value)) < 300
    assert "…" in str(raised.value)


def test_assigning_says_which_action_to_call() -> None:
    foo = Foo()
    with pytest.raises(AttributeError, match=r"set_foo\("):
        foo.foo = 3
    with pytest.raises(AttributeError, match=r"_mutate_text\("):
        foo.text = "y"
    with pytest.raises(AttributeError, match="deleted"):
        del foo.foo


def test_a_function_is_no_initial_value() -> None:
    with pytest.raises(TypeError, match="decorator"):
        IntProp(lambda: 3)


def test_a_property_takes_one_positional_argument() -> None:
    with pytest.raises(TypeError, match="2"):
        IntProp(1, 2)
    with pytest.raises(TypeError, match="doc"):
        IntProp(1, doc=3)  # type: ignore[arg-type]


def test_a_hidden_property_has_a_hidden_setter() -> None:
    foo = Foo()
    assert "set__hidden" not in dir(Foo)
    foo._set_hidden(5)
    foo._loop.iter()
    assert foo._hidden == 5


def test_mutating_returns_whether_the_value_changed() -> None:
    foo = Foo()
    with foo:
        assert foo._mutate("foo", 4) is True
        assert foo._mutate("foo", 4) is False
        assert foo._mutate_foo(5) is True
        assert foo._mutate_items([1], "insert", 0) is True


def test_a_value_of_another_type_is_another_value() -> None:
    foo = Foo(any=1)
    with foo:
        assert foo._mutate_any(1.0) is True
        assert foo._mutate_any(True) is True
        assert foo._mutate_any(True) is False


def test_arrays_are_compared_item_by_item() -> None:
    foo = Foo(any=np.arange(3))
    with foo:
        assert foo._mutate_any(np.arange(3)) is False
        assert foo._mutate_any(np.arange(4)) is True
        assert foo._mutate_any(np.arange(4, dtype=float)) is True
        assert foo._mutate_any(np.array([0, 1, 2, 9.0])) is True
        assert foo._mutate_any([1, 2]) is True


def test_values_that_cannot_be_compared_are_equal_only_to_themselves() -> None:
    class Odd:
        def __eq__(self, other: object) -> Any:
            return np.array([True, False])

        __hash__ = None  # type: ignore[assignment]

    one, two = Odd(), Odd()
    foo = Foo(any=one)
    with foo:
        assert foo._mutate_any(one) is False
        assert foo._mutate_any(two) is True


def test_an_array_is_replaced_in_part_and_the_event_says_how(loop: Loop) -> None:
    foo = Foo(any=np.zeros(4))
    loop.iter()
    events: list[Event] = []
    foo.reaction(lambda *evs: events.extend(evs), "any")
    with foo:
        foo._mutate_any(np.ones(2), "replace", 1)
    loop.iter()
    assert foo.any.tolist() == [0, 1, 1, 0]
    (event,) = events
    assert (event.mutation, event.index) == ("replace", 1)
    assert "new_value" not in event


def test_objects_of_an_event_are_not_the_callers_list(loop: Loop) -> None:
    foo = Foo()
    loop.iter()
    events: list[Event] = []
    foo.reaction(lambda *evs: events.extend(evs), "items")
    mine = [1]
    with foo:
        foo._mutate_items(mine, "insert", 0)
    mine.append(2)
    loop.iter()
    assert events[0].objects == [1]


def test_errors_of_partial_mutations_name_component_and_property() -> None:
    foo = Foo()
    with foo:
        with pytest.raises(IndexError, match=r"^Foo\d+\.items, 'insert': .*index"):
            foo._mutate_items([1], "insert")
        with pytest.raises(TypeError, match=r"^Foo\d+\.text, 'insert': "):
            foo._mutate_text("y", "insert", 0)


def test_another_thread_may_read_a_property_but_not_mutate_it(loop: Loop) -> None:
    foo = Foo(foo=7)
    found: list[Any] = []

    def work() -> None:
        found.append(foo.foo)
        try:
            foo._mutate_foo(3)
        except RuntimeError as error:
            found.append(str(error))

    thread = threading.Thread(target=work, name="worker")
    with foo:
        thread.start()
        thread.join(10)
    assert found[0] == 7
    assert "'worker'" in found[1]
    assert "call_soon" in found[1]
    assert foo.foo == 7


def test_what_another_thread_reads_is_not_tracked(loop: Loop) -> None:
    class Auto(Foo):
        def init(self, other: Foo) -> None:
            self.other = other

        @reaction
        def show(self) -> None:
            thread = threading.Thread(target=lambda: self.other.foo)
            thread.start()
            thread.join(10)

    other = Foo()
    _auto = Auto(other)
    loop.iter()
    assert other.get_event_handlers("foo") == []
