from __future__ import annotations

import gc

from deskapp import JsComponent, PyComponent
from deskapp.event import Loop, use_loop
from deskapp.session._registry import _MAX_TOMBSTONES, Registry


class Thing(PyComponent):
    pass


class Pane(JsComponent):
    pass


class LinkOf:
    """A link that carries nothing."""

    id = "s"

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def register(self, component: PyComponent) -> str:
        component_id = self.registry.new_id(type(component).__name__)
        self.registry.add(component_id, component, owned_here=True)
        return component_id

    def instantiate(self, *_: object) -> None: ...

    def dispose(self, *_: object) -> None: ...

    def forget(self, *_: object) -> None: ...

    def root(self) -> None: ...


def thing(registry: Registry) -> Thing:
    with use_loop(Loop()):
        return Thing(_session=LinkOf(registry))


def test_ids_name_the_class_and_are_never_used_again() -> None:
    registry = Registry()
    first = registry.new_id("Clock")
    registry.bury(first)
    assert [first, registry.new_id("Clock"), registry.new_id("Lamp")] == ["Clock_1", "Clock_2", "Lamp_3"]


def test_a_component_is_found_while_somebody_refers_to_it() -> None:
    registry = Registry()
    component = thing(registry)
    assert registry.get(component.id) is component
    name = component.id
    del component
    gc.collect()
    assert registry.get(name) is None


def test_a_held_component_lives_until_it_is_buried() -> None:
    registry = Registry()
    name = thing(registry).id  # collected at once
    component = thing(registry)
    registry.hold(component.id)
    name = component.id
    del component
    gc.collect()
    assert registry.get(name) is not None
    registry.bury(name)
    gc.collect()
    assert registry.get(name) is None


def test_nothing_can_be_held_that_is_gone() -> None:
    registry = Registry()
    registry.hold("Nobody_1")
    assert registry.get("Nobody_1") is None


def test_what_was_let_go_is_known_by_its_class_until_it_is_back() -> None:
    registry = Registry()
    with use_loop(Loop()):
        pane = Pane(_session=LinkOf(registry))
    registry.add("Pane_1js", pane, owned_here=False)
    registry.let_go("Pane_1js")
    assert registry.is_buried("Pane_1js")
    assert registry.class_let_go("Pane_1js") is Pane
    registry.add("Pane_1js", pane, owned_here=False)
    assert registry.class_let_go("Pane_1js") is None
    registry.bury("Pane_1js")
    assert registry.class_let_go("Pane_1js") is None


def test_what_was_let_go_is_remembered_up_to_a_bound() -> None:
    registry = Registry()
    with use_loop(Loop()):
        pane = Pane(_session=LinkOf(registry))
    for number in range(_MAX_TOMBSTONES + 1):
        registry.add(f"Pane_{number}js", pane, owned_here=False)
        registry.let_go(f"Pane_{number}js")
    assert registry.class_let_go("Pane_0js") is None
    assert registry.class_let_go(f"Pane_{_MAX_TOMBSTONES}js") is Pane


def test_the_buried_are_remembered_and_the_unknown_are_not() -> None:
    registry = Registry()
    component = thing(registry)
    registry.bury(component.id)
    assert registry.is_buried(component.id)
    assert registry.get(component.id) is None
    assert not registry.is_buried("Nobody_1")


def test_what_was_collected_just_now_is_gone_and_the_unknown_is_not() -> None:
    registry = Registry()
    component = thing(registry)
    name = component.id
    assert not registry.is_gone(name)
    del component
    gc.collect()
    assert registry.is_gone(name)
    assert not registry.is_buried(name)
    registry.bury(name)
    assert registry.is_gone(name)
    assert not registry.is_gone("Nobody_1")


def test_what_the_page_never_heard_of_leaves_no_tombstone() -> None:
    registry = Registry()
    component = thing(registry)
    registry.remove(component.id)
    assert registry.get(component.id) is None
    assert not registry.is_buried(component.id)


def test_an_id_that_is_taken_in_again_is_no_longer_buried() -> None:
    registry = Registry()
    component = thing(registry)
    registry.bury("Thing_1js")
    registry.add("Thing_1js", component, owned_here=False)
    assert not registry.is_buried("Thing_1js")


def test_tombstones_are_bounded_and_the_oldest_go_first() -> None:
    registry = Registry()
    for n in range(_MAX_TOMBSTONES + 10):
        registry.bury(f"Thing_{n}")
    assert not registry.is_buried("Thing_9")
    assert registry.is_buried("Thing_10")
    assert registry.is_buried(f"Thing_{_MAX_TOMBSTONES + 9}")


def test_the_living_come_in_order_of_creation() -> None:
    registry = Registry()
    components = [thing(registry) for _ in range(3)]
    assert [component for _, component in registry] == components
    assert [name for name, _ in registry] == [component.id for component in components]


def test_it_is_known_after_the_end_who_owned_a_component() -> None:
    registry = Registry()
    component = thing(registry)
    name = component.id
    del component
    gc.collect()
    assert registry.is_owned_here(name)
    registry.bury(name)
    assert not registry.is_owned_here(name)


def test_clearing_buries_all() -> None:
    registry = Registry()
    component = thing(registry)
    registry.clear()
    assert list(registry) == []
    assert registry.is_buried(component.id)
