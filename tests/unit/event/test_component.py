from __future__ import annotations

import gc
import threading
import weakref
from typing import Any

import pytest

from deskapp.event import (
    AnyProp,
    Attribute,
    Component,
    ComponentProp,
    Event,
    IntProp,
    Loop,
    action,
    emitter,
    reaction,
    use_loop,
)


class Foo(Component):
    foo = IntProp(0, settable=True)
    fob = IntProp(0)
    kind = Attribute()
    child = ComponentProp(settable=True)

    @emitter
    def pressed(self) -> dict[str, Any]:
        return {"x": 1}


# Construction


def test_an_id_is_the_class_name_and_a_number_that_no_other_has() -> None:
    ids = {Foo().id for _ in range(10)}
    assert len(ids) == 10
    assert all(name.startswith("Foo") and name[3:].isdigit() for name in ids)
    foo = Foo()
    assert str(foo) == foo.id
    assert repr(foo) == f"<Component '{foo.id}' at 0x{id(foo):x}>"


def test_the_steps_of_construction_come_in_their_order() -> None:
    steps: list[str] = []

    class Stepped(Foo):
        def _init_identity(self, kwargs: dict[str, Any]) -> None:
            steps.append(f"identity {kwargs.pop('own')}")
            super()._init_identity(kwargs)

        def _init_defaults(self, kwargs: dict[str, Any]) -> list[tuple[str, Any]]:
            values = super()._init_defaults(kwargs)
            steps.append(f"defaults {values}")
            return values

        def _apply_values(self, values: list[tuple[str, Any]]) -> None:
            steps.append("apply")
            super()._apply_values(values)

        def _before_init(self) -> None:
            steps.append(f"before init {self.foo}")

        def init(self, what: str) -> None:
            steps.append(f"init {what}")

        def _init_reactions(self) -> None:
            steps.append("reactions")
            super()._init_reactions()

    Stepped("x", foo="3", own=1)
    assert steps == [
        "identity 1",
        "defaults [('child', None), ('fob', 0), ('foo', '3')]",
        "apply",
        "before init 3",
        "init x",
        "reactions",
    ]


def test_an_unknown_keyword_is_answered_with_near_names() -> None:
    with pytest.raises(AttributeError, match=r"^Foo has no property 'fooo'; did you mean 'foo'") as raised:
        Foo(fooo=3)
    assert "_has_proxy" not in str(raised.value)
    with pytest.raises(AttributeError, match=r"^Foo has no property 'zzzzzz'$"):
        Foo(zzzzzz=3)
    with pytest.raises(AttributeError, match="is an attribute, not a property"):
        Foo(kind=3)


def test_arguments_that_init_does_not_take_raise() -> None:
    with pytest.raises(TypeError):
        Foo(3)


def test_a_component_given_for_a_property_is_a_value_even_if_it_can_be_called() -> None:
    class Callable(Component):
        def __call__(self) -> int:
            return 3

    called = Callable()
    assert Foo(child=called).child is called


def test_a_function_for_a_property_without_setter_raises() -> None:
    with pytest.raises(TypeError, match=r"fob cannot follow a function: there is no action set_fob"):
        Foo(fob=lambda: 3)


def test_a_component_keeps_the_loop_that_was_current_when_it_was_made(loop: Loop) -> None:
    with use_loop(Loop()) as other:
        foo = Foo()
    foo.set_foo(3)
    loop.iter()
    assert foo.foo == 0
    other.iter()
    assert foo.foo == 3


# Events


def test_the_observer_sees_every_event_in_order_as_it_is_emitted(loop: Loop) -> None:
    seen: list[tuple[str, object]] = []

    class Observed(Foo):
        def _init_identity(self, kwargs: dict[str, Any]) -> None:
            super()._init_identity(kwargs)
            self._observer = lambda event: seen.append((event.type, event.get("new_value")))

        def init(self) -> None:
            self._mutate_foo(1)

    observed = Observed()
    assert seen == [("child", None), ("fob", 0), ("foo", 0), ("foo", 1)]
    del seen[:]
    with observed:
        observed.set_foo(2)
        observed.pressed()
        observed.set_foo(2)
        observed.set_foo(3)
    assert seen == [("foo", 2), ("pressed", None), ("foo", 3)]
    loop.iter()
    assert len(seen) == 3


def test_connections_that_come_and_go_are_told_by_type(loop: Loop) -> None:
    changed: list[str] = []

    class Noting(Foo):
        def _on_connections_changed(self, type: str) -> None:
            changed.append(type)

    noting = Noting()
    reaction = noting.reaction(lambda *events: None, "pressed", "foo")
    assert changed == ["pressed", "foo"]
    noting.disconnect("foo", reaction)
    noting.disconnect("foo")
    assert changed == ["pressed", "foo", "foo"]
    reaction.dispose()
    assert changed == ["pressed", "foo", "foo", "pressed"]
    noting.reaction(lambda *events: None, "foo")
    noting.dispose()
    assert changed[4:] == ["foo", "foo"]


def test_emit_returns_its_event_and_copies_what_it_carries() -> None:
    foo = Foo()
    info = {"x": 1}
    event = foo.emit("anything", info)
    info["x"] = 2
    assert isinstance(event, Event)
    assert event == {"x": 1, "type": "anything", "source": foo}
    with pytest.raises(TypeError, match="3"):
        foo.emit(3)  # type: ignore[arg-type]


def test_labels_are_not_for_asking() -> None:
    with pytest.raises(ValueError, match="label"):
        Foo().get_event_handlers("foo:x")


def test_a_warning_about_an_unknown_type_names_near_ones(caplog: pytest.LogCaptureFixture) -> None:
    foo = Foo()
    foo.reaction(print, "presed")
    foo.reaction(print, "mouse_down")
    foo.reaction(print, "!later")
    assert len(caplog.messages) == 2
    assert f"{foo.id} has no event type 'presed'; did you mean 'pressed'?" in caplog.messages[0]
    assert "'pointer_down'" in caplog.messages[1]


def test_handlers_may_change_while_an_event_is_delivered(loop: Loop) -> None:
    foo = Foo()
    loop.iter()
    log: list[str] = []
    later = foo.reaction(lambda *events: log.append("later"), "foo:2")

    def first(*events: Any) -> None:
        log.append("first")
        later.dispose()

    foo.reaction(first, "foo:1")
    foo.set_foo(1)
    loop.iter()
    foo.set_foo(2)
    loop.iter()
    assert log == ["first", "later", "first"]


# Mutation without asking


def test_applying_a_mutation_needs_no_context_and_calls_no_setter(loop: Loop) -> None:
    class Proxy(Foo):
        @action
        def set_foo(self, value: int) -> None:
            raise AssertionError("not for proxies")

        def _apply_values(self, values: list[tuple[str, Any]]) -> None:
            for name, value in values:
                self._apply_mutation(name, value)

    proxy = Proxy()
    assert proxy._apply_mutation("foo", "4") is True
    assert proxy._apply_mutation("foo", 4, "set", -1) is False
    assert proxy.foo == 4
    with pytest.raises(ValueError, match="foo cannot be 'x'"):
        proxy._apply_mutation("foo", "x")


# The end


def test_a_component_with_reactions_to_itself_goes_without_the_help_of_the_collector(loop: Loop) -> None:
    class Own(Foo):
        @reaction("foo")
        def on_foo(self, *events: Any) -> None: ...

        @reaction
        def auto(self) -> None:
            _ = self.foo

    own = Own(foo=lambda: 3)
    loop.iter()
    loop.iter()
    gone = weakref.ref(own)
    gc.disable()
    try:
        del own
        assert gone() is None
    finally:
        gc.enable()


def test_reactions_of_a_component_that_went_are_disconnected_by_the_loop(loop: Loop) -> None:
    class Watcher(Foo):
        @reaction("child.foo")
        def on_foo(self, *events: Any) -> None: ...

    child = Foo()
    watcher = Watcher(child=child)
    loop.iter()
    assert len(child.get_event_handlers("foo")) == 1
    box = [watcher]
    del watcher
    thread = threading.Thread(target=box.clear)
    thread.start()
    thread.join(10)
    assert len(child.get_event_handlers("foo")) == 1
    loop.iter()
    assert child.get_event_handlers("foo") == []


def test_a_component_that_was_never_finished_goes_quietly() -> None:
    with pytest.raises(AttributeError):
        Foo(unknown=3)
    gc.collect()


def test_an_outside_reaction_keeps_a_component_until_it_is_disposed(loop: Loop) -> None:
    class Watcher(Foo):
        @reaction("child.foo")
        def on_foo(self, *events: Any) -> None: ...

    child = Foo()
    watcher = Watcher(child=child)
    loop.iter()
    child.dispose()
    with watcher:
        watcher.set_child(None)
    loop.iter()
    gone = weakref.ref(child)
    del child
    gc.collect()
    assert gone() is None


def test_dispose_calls_the_overridden_hook_once() -> None:
    calls: list[str] = []

    class Hooked(Foo):
        def _dispose(self) -> None:
            calls.append("dispose")
            super()._dispose()

    hooked = Hooked()
    hooked.dispose()
    hooked.dispose()
    assert calls == ["dispose"]


def test_any_value_may_be_held_and_is_not_copied() -> None:
    class Holder(Component):
        thing = AnyProp()

    thing = [1]
    assert Holder(thing=thing).thing is thing
