"""The older API: HasEvents, prop, readonly, connect, emitter."""

from __future__ import annotations

import logging
import threading
from typing import Any

import pytest

from deskapp import event
from deskapp.errors import WrongThread
from deskapp.event import Component, Handler, HasEvents, Loop, use_loop


@pytest.fixture
def loop() -> Any:
    with use_loop(Loop()) as loop:
        yield loop


class Person(HasEvents):
    log: list[Any]

    @event.prop
    def age(self, v: Any = 2) -> Any:
        return int(v)

    @event.prop
    def name(self, v: Any) -> str:
        return str(v)

    @event.readonly
    def size(self, v: Any = 10) -> int:
        return int(v)

    @event.emitter
    def greet(self, whom: str) -> Any:
        return {"whom": whom} if whom else None

    @event.connect("age", "name")
    def note(self, *events: Any) -> None:
        self.__dict__.setdefault("log", []).append([(e.type, e.old_value, e.new_value) for e in events])


def test_a_class_lists_what_it_has() -> None:
    assert Person.__properties__ == ["age", "name", "size"]
    assert Person.__handlers__ == ["note"]
    assert Person.__emitters__ == ["greet"]


def test_setting_validates_at_once_and_handlers_get_all_events_of_an_iteration_in_one_call(loop: Loop) -> None:
    person = Person()
    loop.iter()
    assert person.log == [[("age", 2, 2)]]
    person._set_prop("age", "3")
    assert person.age == 3
    person.age = 4
    person.name = "a"
    person.age = 5
    loop.iter()
    assert person.log[1:] == [[("age", 2, 3), ("age", 3, 4), ("name", "a", "a"), ("age", 4, 5)]]


def test_an_event_has_these_fields_and_no_others(loop: Loop) -> None:
    seen: list[Any] = []
    person = Person()
    person.connect(lambda *events: seen.extend(events), "age")
    loop.iter()
    assert [dict(e) for e in seen] == [{"type": "age", "source": person, "old_value": 2, "new_value": 2}]


def test_given_values_are_set_by_name_after_all_defaults(loop: Loop) -> None:
    person = Person(name="x", age=7)
    loop.iter()
    assert person.log == [[("age", 2, 2), ("age", 2, 7), ("name", "x", "x")]]


def test_a_property_without_default_is_none_and_makes_no_event_until_it_is_set(loop: Loop) -> None:
    person = Person()
    assert person.name is None
    seen: list[Any] = []
    person.connect("name", lambda *events: seen.extend(events))
    loop.iter()
    assert seen == []


def test_no_event_for_an_equal_value_of_the_same_type(loop: Loop) -> None:
    class Free(HasEvents):
        @event.prop
        def v(self, v: Any = 1) -> Any:
            return v

    free = Free()
    seen: list[Any] = []
    loop.iter()
    free.connect("v", lambda *events: seen.extend(e.new_value for e in events))
    free.v = 1
    free.v = 1.0
    free.v = True
    free.v = True
    loop.iter()
    assert [(type(v), v) for v in seen] == [(float, 1.0), (bool, True)]


def test_arrays_are_compared_as_wholes(loop: Loop) -> None:
    numpy = pytest.importorskip("numpy")

    class Free(HasEvents):
        @event.prop
        def v(self, v: Any = None) -> Any:
            return v

    free = Free(v=numpy.zeros(3))
    seen: list[Any] = []
    loop.iter()
    free.connect("v", lambda *events: seen.extend(events))
    free.v = numpy.zeros(3)
    loop.iter()
    assert seen == []
    free.v = numpy.ones(3)
    free.v = numpy.ones(4)
    loop.iter()
    assert len(seen) == 2


def test_a_failing_validator_leaves_the_value(loop: Loop) -> None:
    person = Person()
    with pytest.raises(ValueError, match="invalid literal"):
        person.age = "x"
    assert person.age == 2
    person.age = 3
    assert person.age == 3


def test_setting_a_property_in_its_own_validator_does_nothing(loop: Loop) -> None:
    class Tangled(HasEvents):
        @event.prop
        def a(self, v: Any = 1) -> int:
            self.a = 100
            self.__setattr__("b", v * 2)
            return int(v)

        @event.prop
        def b(self, v: Any = 0) -> int:
            self.a = v + 1
            return int(v)

    tangled = Tangled()
    tangled.a = 5
    assert (tangled.a, tangled.b) == (5, 10)


def test_readonly_cannot_be_assigned_nor_given_but_set_by_its_class(loop: Loop) -> None:
    person = Person()
    with pytest.raises(AttributeError, match="readonly"):
        person.size = 3
    with pytest.raises(AttributeError, match="readonly"):
        Person(size=3)
    person._set_prop("size", "4")
    assert person.size == 4


def test_names_that_are_no_properties_are_refused(loop: Loop) -> None:
    with pytest.raises(AttributeError, match="no property 'aeg'; did you mean 'age'"):
        Person(aeg=3)
    with pytest.raises(AttributeError, match="greet"):
        Person(greet=3)
    with pytest.raises(AttributeError, match="no property"):
        Person()._set_prop("nothing", 3)
    with pytest.raises(TypeError, match="by name"):
        Person(3)


@pytest.mark.parametrize("name", ["age", "size", "greet", "note"])
def test_nothing_can_be_deleted(loop: Loop, name: str) -> None:
    with pytest.raises(AttributeError, match="Cannot delete"):
        delattr(Person(), name)


@pytest.mark.parametrize("name", ["greet", "note"])
def test_emitters_and_handlers_cannot_be_assigned(loop: Loop, name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(Person(), name, 1)


def test_decorators_refuse_what_is_no_method() -> None:
    for decorator in (event.prop, event.readonly, event.emitter, event.connect("a")):
        with pytest.raises(TypeError):
            decorator(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="one argument"):
        event.prop(lambda self: 1)
    with pytest.raises(TypeError, match="self"):
        event.connect("a")(lambda *events: None)


def test_connect_wants_strings_that_can_be_read() -> None:
    with pytest.raises(RuntimeError, match="one or more"):
        event.connect()
    with pytest.raises(RuntimeError, match="one or more"):
        event.connect(lambda self, *events: None)
    for wrong in ("", "a b", 3, "a..b"):
        with pytest.raises(ValueError, match="onnection string"):
            event.connect(wrong)


def test_an_emitter_emits_what_its_method_returns_and_nothing_for_none(loop: Loop) -> None:
    person = Person()
    seen: list[Any] = []
    person.connect("greet", lambda *events: seen.extend(e.whom for e in events))
    person.greet("you")
    person.greet("")
    loop.iter()
    assert seen == ["you"]


def test_the_same_emitter_serves_both_apis(loop: Loop) -> None:
    def ring(self: Any) -> Any:
        return {"times": 3}

    shared = event.emitter(ring)
    Old: Any = type("Old", (HasEvents,), {"ring": shared})
    New: Any = type("New", (Component,), {"ring": event.emitter(ring)})
    assert Old.__emitters__ == New.__emitters__ == ["ring"]
    heard: list[str] = []
    old, new = Old(), New()
    old.connect("ring", lambda *events: heard.append("old"))
    new.reaction("ring", lambda *events: heard.append("new"))
    old.ring()
    new.ring()
    loop.iter()
    assert heard == ["old", "new"]


def test_connecting_a_function_in_three_ways_and_disconnecting(loop: Loop) -> None:
    person = Person()
    heard: list[Any] = []
    first = person.connect(lambda *e: heard.append("first"), "age:b")
    person.connect("age:a", lambda *e: heard.append("second"))

    @person.connect("age", "name")  # type: ignore[untyped-decorator]
    def third(*events: Any) -> None:
        heard.append("third")

    assert isinstance(first, Handler)
    assert third.get_name() == "third"
    assert third.get_connection_info() == [("age", ["age:third"]), ("name", ["name:third"])]
    loop.iter()
    heard.clear()
    person.age = 3
    loop.iter()
    assert heard == ["second", "first", "third"]  # by label; a handler's own name stands in for one
    person.disconnect("age:b")
    first.dispose()
    person.disconnect("age", third)
    heard.clear()
    person.age = 4
    loop.iter()
    assert heard == ["second"]
    with pytest.raises(RuntimeError, match="one or more"):
        person.connect(lambda: None)
    with pytest.raises(ValueError, match="onnection"):
        person.connect("a b", lambda: None)
    with pytest.raises(TypeError, match="functions"):
        person.connect("age")(3)


def test_handle_now_delivers_what_waits(loop: Loop) -> None:
    person = Person()
    loop.iter()
    person.age = 3
    person.note.handle_now()
    assert person.log[-1] == [("age", 2, 3)]
    count = len(person.log)
    person.note.handle_now()
    loop.iter()
    assert len(person.log) == count


def test_events_of_construction_reach_handlers_that_connect_before_the_next_iteration(loop: Loop) -> None:
    person = Person()
    early: list[Any] = []
    late: list[Any] = []
    person.connect("age", lambda *events: early.extend(e.new_value for e in events))
    loop.iter()
    person.connect("age", lambda *events: late.extend(e.new_value for e in events))
    loop.iter()
    assert (early, late) == ([2], [])


class Parent(HasEvents):
    @event.prop
    def children(self, v: Any = ()) -> tuple[Any, ...]:
        return tuple(v)

    @event.connect("children*.age")
    def follow(self, *events: Any) -> None:
        self.__dict__.setdefault("log", []).append([e.new_value for e in events])


def test_handlers_connect_anew_when_they_are_handled_not_when_the_event_happens(loop: Loop) -> None:
    parent, one, two = Parent(), Person(), Person()
    loop.iter()
    parent.children = [one]
    one.age = 50  # the handler is not connected to it yet
    loop.iter()
    assert "log" not in vars(parent)
    one.age = 51
    loop.iter()
    assert vars(parent)["log"] == [[51]]
    parent.children = [two]
    one.age = 52  # it still is
    loop.iter()
    assert vars(parent)["log"] == [[51], [52]]
    one.age = 53
    two.age = 54
    loop.iter()
    assert vars(parent)["log"] == [[51], [52], [54]]


def test_handlers_and_reactions_listen_to_either_kind(loop: Loop) -> None:
    class New(Component):
        model = event.AnyProp(settable=True)
        label = event.StringProp("", settable=True)

        @event.reaction("model.age")
        def show(self, *events: Any) -> None:
            self.set_label(str(self.model.age))

    person = Person()
    new = New(model=person)
    loop.iter()
    person.age = 12
    loop.iter()
    loop.iter()
    assert new.label == "12"
    heard: list[Any] = []
    person.__dict__["new"] = new
    person.connect("new.label", lambda *events: heard.extend(e.new_value for e in events))
    new.set_label("x")
    loop.iter()
    assert heard == ["x"]


def test_an_auto_reaction_follows_properties_of_the_older_kind(loop: Loop) -> None:
    person = Person()

    class New(Component):
        label = event.StringProp("", settable=True)

    new = New(label=lambda: f"age {person.age}")
    loop.iter()
    loop.iter()
    person.age = 9
    loop.iter()
    loop.iter()
    assert new.label == "age 9"


def test_disposing_disconnects_and_keeps_the_values(loop: Loop) -> None:
    person = Person()
    heard: list[Any] = []
    person.connect("age", lambda *events: heard.append(1))
    loop.iter()
    heard.clear()
    person.dispose()
    person.age = 8
    loop.iter()
    assert heard == []
    assert person.age == 8


def test_a_handler_overrides_and_calls_that_of_the_base(loop: Loop) -> None:
    class Child(Person):
        @event.connect("age")
        def note(self, *events: Any) -> None:
            super().note(*events)
            self.log.append("child")

    child = Child()
    loop.iter()
    assert child.log == [[("age", 2, 2)], "child"]


def test_a_failing_handler_is_logged_and_the_others_run(loop: Loop, caplog: pytest.LogCaptureFixture) -> None:
    person = Person()
    heard: list[Any] = []

    def fail(*events: Any) -> None:
        raise ZeroDivisionError

    person.connect("age:a", fail)
    person.connect("age:b", lambda *events: heard.append(1))
    with caplog.at_level(logging.ERROR):
        loop.iter()
    assert heard == [1]
    assert "ZeroDivisionError" in caplog.text


def test_event_types_and_handlers_can_be_listed(loop: Loop) -> None:
    person = Person()
    assert person.get_event_types() == ["age", "greet", "name", "size"]
    assert person.get_event_handlers("age") == [person.note]
    with pytest.raises(ValueError, match="label"):
        person.get_event_handlers("age:x")


def test_a_method_that_is_named_like_a_handler_is_none_and_this_is_said(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):

        class Silent(HasEvents):
            def on_foo(self, *events: Any) -> None:
                """Nobody calls this."""

    assert "Silent.on_foo() is not connected to anything" in caplog.text
    assert "connect('foo')" in caplog.text
    assert Silent.__handlers__ == []


def test_the_two_apis_do_not_mix_in_one_class() -> None:
    with pytest.raises(TypeError, match="which a Component has"):
        type("Mixed", (HasEvents,), {"a": event.IntProp(3)})
    with pytest.raises(TypeError, match="which a Component has"):
        type("Mixed", (HasEvents,), {"a": event.reaction("b")(Person.note.func)})
    with pytest.raises((TypeError, RuntimeError)) as caught:
        type("Mixed", (Component,), {"a": event.prop(Person.age.func)})
    assert "belongs to HasEvents" in str(caught.value) + str(caught.value.__cause__)


def test_setting_from_another_thread_is_refused(loop: Loop) -> None:
    person = Person()
    caught: list[Any] = []

    def work() -> None:
        try:
            person.age = 3
        except WrongThread as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(caught) == 1


def test_init_is_no_special_name_and_handlers_connect_last(loop: Loop) -> None:
    class Own(Person):
        def __init__(self, **kwargs: Any) -> None:
            self.log = []
            super().__init__(**kwargs)
            self.log.append("made")

        def init(self, what: str) -> None:
            self.log.append(what)

    own = Own(age=3)
    own.init("x")
    loop.iter()
    assert own.log == ["made", "x", [("age", 2, 2), ("age", 2, 3)]]


# The loop of the older API


def test_the_loop_has_the_older_names() -> None:
    loop = Loop()
    done: list[Any] = []
    loop.call_later(done.append)  # fails, and is logged; no more
    loop.call_later(lambda: done.append(1))
    with loop:
        pass
    assert done == [1]


def test_a_function_of_the_users_can_drive_the_loop() -> None:
    loop = Loop()
    soon: list[Any] = []
    done: list[int] = []
    loop.integrate(call_later_func=soon.append)
    loop.call_soon(done.append, 1)
    assert (len(soon), done) == (1, [])
    soon.pop()()
    assert done == [1]


def test_integrating_without_any_loop_raises_only_if_wanted() -> None:
    loop = Loop()
    with pytest.raises(RuntimeError):
        loop.integrate()
    loop.integrate(raise_on_fail=False)
    done: list[int] = []
    loop.call_soon(done.append, 1)
    loop.iter()
    assert done == [1]


def test_a_foreign_loop_runs_no_coroutines(caplog: pytest.LogCaptureFixture) -> None:
    with use_loop(Loop()) as loop:
        soon: list[Any] = []
        loop.integrate(soon.append)

        class New(Component):
            @event.action
            async def work(self) -> None:
                """Never runs."""

        new = New()
        new.work()
        with caplog.at_level(logging.ERROR):
            while soon:
                soon.pop()()
    assert "async actions need asyncio" in caplog.text
