from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from deskapp.event import Component, ComponentProp, IntProp, ListProp, Loop, Reaction, emitter, reaction


class Foo(Component):
    foo = IntProp(0, settable=True)
    child = ComponentProp(settable=True)
    items = ListProp(settable=True)

    @emitter
    def pressed(self) -> dict[str, Any]:
        return {}


class Shown(Foo):
    def init(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    @reaction("foo", "!child.foo:label")
    def show(self, *events: Any) -> int:
        """Show it."""
        self.calls.append(events)
        return len(events)


# Definition


@pytest.mark.parametrize("arguments", [(), (3,), ("",), ("foo", 3), (int, "foo"), (None,)])
def test_what_is_no_connection_string_is_refused(arguments: Any) -> None:
    with pytest.raises(TypeError):
        reaction(*arguments)(lambda self: None)


@pytest.mark.parametrize("mode", [3, "fast", ""])
def test_an_unknown_mode_is_refused(mode: Any) -> None:
    with pytest.raises(TypeError, match="normal, greedy, auto"):
        reaction("foo", mode=mode)


def test_a_mode_is_read_in_any_case_and_none_is_normal() -> None:
    modes = [reaction("foo", mode=mode)(lambda self: None).mode for mode in ("Greedy", "AUTO", None, "normal")]
    assert modes == ["greedy", "auto", "normal", "normal"]


def test_a_connection_string_that_cannot_be_read_is_refused_where_it_is_written() -> None:
    with pytest.raises(ValueError, match="foo bar"):
        reaction("foo bar")


def test_only_methods_can_be_decorated() -> None:
    def no_method(x: int) -> None: ...

    for thing in (no_method, print, Shown().show, Foo().reaction):
        with pytest.raises(TypeError):
            reaction("foo")(thing)
    with pytest.raises(TypeError, match="without parentheses"):
        reaction()


def test_the_first_argument_may_be_called_this() -> None:
    assert reaction("foo")(lambda this, *events: None).mode == "normal"


def test_on_a_class_a_reaction_is_its_descriptor() -> None:
    descriptor = Shown.show
    assert descriptor.connection_strings == ("foo", "!child.foo:label")
    assert descriptor.local_connection_strings == ("foo",)
    assert (descriptor.mode, descriptor.name) == ("normal", "show")
    assert descriptor.__doc__ == "Reaction Shown.show: Show it."
    assert repr(descriptor) == "<reaction descriptor 'show' (normal)>"
    assert Shown.__reactions__ == ["show"]


# Instances


def test_a_reaction_tells_about_itself() -> None:
    child = Foo()
    shown = Shown(child=child)
    assert isinstance(shown.show, Reaction)
    assert shown.show is shown.show
    assert shown.show.get_name() == "show"
    assert shown.show.get_mode() == "normal"
    assert shown.show.get_connection_info() == [("foo", ["foo:show"]), ("child.foo", ["foo:label"])]
    assert repr(shown.show) == f"<reaction '{shown.id}.show' (normal)>"


def test_a_reaction_can_be_called_and_gives_what_its_method_returns() -> None:
    shown = Shown()
    assert shown.show() == 0
    assert shown.calls == [()]


def test_a_reaction_can_be_neither_set_nor_deleted() -> None:
    shown = Shown()
    with pytest.raises(AttributeError, match="is a reaction"):
        shown.show = 3
    with pytest.raises(AttributeError, match="is a reaction"):
        del shown.show


def test_super_calls_the_method_of_the_base_and_connects_nothing(loop: Loop) -> None:
    class Sub(Shown):
        @reaction("foo")
        def show(self, *events: Any) -> int:
            return int(super().show(*events)) + 100

    sub = Sub()
    loop.iter()
    assert len(sub.calls) == 1
    assert sub.show() == 100
    assert sub.get_event_handlers("foo") == [sub.show]


# Connecting functions


def test_a_function_is_connected_in_three_spellings(loop: Loop) -> None:
    foo = Foo()
    loop.iter()
    log: list[str] = []

    def first(*events: Any) -> None:
        log.append("first")

    def second(*events: Any) -> None:
        log.append("second")

    made = [foo.reaction(first, "foo", "pressed"), foo.reaction("foo", second)]

    @foo.reaction("foo")  # type: ignore[untyped-decorator]
    def third(*events: Any) -> None:
        log.append("third")

    assert [reaction.get_name() for reaction in (*made, third)] == ["first", "second", "third"]
    foo.set_foo(1)
    loop.iter()
    assert log == ["first", "second", "third"]


def test_connecting_without_strings_or_with_wrong_ones_raises() -> None:
    foo = Foo()
    with pytest.raises(RuntimeError, match="one or more"):
        foo.reaction(print)
    with pytest.raises(RuntimeError, match="one or more"):
        foo.reaction()
    with pytest.raises(ValueError, match="3"):
        foo.reaction(print, 3)
    with pytest.raises(TypeError, match="connects functions"):
        foo.reaction("foo")(3)


def test_the_mode_of_a_connected_function_can_be_chosen(loop: Loop) -> None:
    foo = Foo()
    loop.iter()
    calls: list[int] = []
    foo.reaction(lambda *events: calls.append(len(events)), "foo", "pressed", mode="greedy")
    foo.reaction(lambda *events: None, "foo")
    with foo:
        foo.set_foo(1)
        foo.pressed()
        foo.set_foo(2)
    loop.iter()
    assert calls == [3]


def test_a_method_is_connected_without_keeping_its_object_alive(loop: Loop) -> None:
    class Plain:
        def on_foo(self, *events: Any) -> None:
            log.append(len(events))

    log: list[int] = []
    foo, plain = Foo(), Plain()
    foo.reaction(plain.on_foo, "foo")
    loop.iter()
    assert log == [1]
    gone = weakref.ref(plain)
    del plain
    gc.collect()
    assert gone() is None
    assert len(foo.get_event_handlers("foo")) == 1
    foo.set_foo(1)
    loop.iter()
    assert log == [1]
    assert foo.get_event_handlers("foo") == []


def test_a_method_decorated_with_a_component_becomes_a_reaction_of_its_own_class(loop: Loop) -> None:
    foo = Foo()
    loop.iter()

    class Watcher(Component):
        def init(self) -> None:
            self.log: list[int] = []

        @foo.reaction("foo")  # type: ignore[untyped-decorator]
        def on_foo(self, *events: Any) -> None:
            self.log.extend(event.new_value for event in events)

    one, two = Watcher(), Watcher()
    foo.set_foo(4)
    loop.iter()
    assert one.log == two.log == [4]
    two.dispose()
    foo.set_foo(5)
    loop.iter()
    assert (one.log, two.log) == ([4, 5], [4])


def test_a_reaction_that_cannot_connect_leaves_nothing_behind() -> None:
    foo = Foo()
    with pytest.raises(RuntimeError, match="nothing is there"):
        foo.reaction(print, "foo", "nothing.foo")
    assert foo.get_event_handlers("foo") == []


def test_reconnecting_leaves_alone_what_stays(loop: Loop) -> None:
    class Noting(Foo):
        def init(self) -> None:
            self.changes = 0

        def _on_connections_changed(self, type: str) -> None:
            self.changes += 1

    items = [Noting() for _ in range(4)]
    top = Foo(items=items[:3])
    loop.iter()
    top.reaction(lambda *events: None, "items*.foo")
    assert [item.changes for item in items] == [1, 1, 1, 0]
    with top:
        top._mutate_items([items[3]], "insert", 1)
        top._mutate_items(1, "remove", 0)
    assert [item.changes for item in items] == [2, 1, 1, 1]


def test_what_a_string_and_tracking_both_lead_to_is_connected_until_neither_does(loop: Loop) -> None:
    class Auto(Foo):
        @reaction("child.foo", mode="auto")
        def show(self, *events: Any) -> None:
            if self.child:
                _ = self.child.foo

    child = Foo()
    auto = Auto(child=child)
    loop.iter()
    assert child.get_event_handlers("foo") == [auto.show]
    auto.set_child(None)
    loop.iter()
    assert child.get_event_handlers("foo") == []


def test_components_that_an_auto_reaction_makes_do_not_become_its_dependencies(loop: Loop) -> None:
    class Maker(Foo):
        @reaction
        def make(self) -> None:
            self.made = Shown(child=self.child)

    maker = Maker()
    loop.iter()
    assert maker.get_event_handlers("child") == [maker.make]
    assert maker.made.get_event_handlers("child") == []


def test_properties_of_the_loops_own_thread_are_tracked_across_components(loop: Loop) -> None:
    class Auto(Foo):
        def init(self, other: Foo) -> None:
            self.other = other
            self.log: list[int] = []

        @reaction
        def follow(self) -> None:
            self.log.append(self.other.foo)

    other = Foo()
    auto = Auto(other)
    loop.iter()
    other.set_foo(1)
    loop.iter()
    assert auto.log == [0, 1]
    other.dispose()
    assert auto.follow.get_connection_info() == []


def test_disposing_a_reaction_removes_it_everywhere(loop: Loop) -> None:
    child = Foo()
    shown = Shown(child=child)
    function_reaction = shown.reaction(lambda *events: None, "child.foo", "foo")
    loop.iter()
    shown.show.dispose()
    function_reaction.dispose()
    for component in (child, shown):
        for kind in component.get_event_types():
            assert component.get_event_handlers(kind) == []
    assert shown._waypoints == {}
    assert shown._anonymous == []


def test_a_method_that_listens_to_another_component_ends_with_its_own(loop: Loop) -> None:
    heard: list[int] = []

    class Listener(Component):
        def hear(self, *events: Any) -> None:
            heard.extend(ev.new_value for ev in events)

    class Source(Component):
        n = IntProp(0, settable=True)

    source, listener = Source(), Listener()
    loop.iter()
    hearing = source.reaction(listener.hear, "n")
    source.set_n(1)
    loop.iter()
    listener.dispose()
    source.set_n(2)
    loop.iter()
    assert heard == [1]
    assert hearing not in source.get_event_handlers("n")
