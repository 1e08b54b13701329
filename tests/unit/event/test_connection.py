from __future__ import annotations

import pytest

from deskapp.event import Component, ComponentProp, IntProp, TupleProp
from deskapp.event._connection import Connection


class Node(Component):
    foo = IntProp()
    child = ComponentProp()
    children = TupleProp()


def test_a_string_is_taken_apart() -> None:
    connection = Connection("!child.children*.deep**.foo:my label.1")
    assert connection.force
    assert connection.parts == (("child", ""), ("children", "*"), ("deep", "**"), ("foo", ""))
    assert (connection.type, connection.label, connection.local) == ("foo", "my label.1", False)
    plain = Connection("_foo9")
    assert (plain.parts, plain.force, plain.label, plain.local) == ((("_foo9", ""),), False, "", True)


@pytest.mark.parametrize("text", ["", " ", "foo bar", ".", "foo.", "9a", "a-b", "a**b", "*", "ä", ":label", 3, None])
def test_a_string_that_cannot_be_read_is_shown(text: str) -> None:
    with pytest.raises(ValueError, match="onnection string") as raised:
        Connection(text)
    assert repr(text) in str(raised.value)


def test_targets_and_the_properties_on_the_way_are_found() -> None:
    leaf = Node()
    middle = Node(children=[leaf, None, 3])
    top = Node(child=middle)
    targets, waypoints = Connection("child.children*.foo").resolve(top)
    assert targets == [(leaf, "foo")]
    assert waypoints == [(top, "child"), (middle, "children")]


def test_a_component_that_contains_itself_is_walked_once() -> None:
    node = Node()
    with node:
        node._mutate_children((node,))
    targets, waypoints = Connection("children**.foo").resolve(node)
    assert targets == [(node, "foo")]
    assert waypoints == [(node, "children")]


def test_two_stars_after_what_is_no_list_are_one_step() -> None:
    leaf = Node()
    top = Node(child=leaf)
    assert Connection("child**.foo").resolve(top)[0] == [(leaf, "foo")]
