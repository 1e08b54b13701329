from __future__ import annotations

import copy

import pytest

from deskapp.event import Dict, Event


def test_items_of_a_dict_are_its_attributes() -> None:
    d = Dict(x=1)
    d.y = 2
    assert (d.x, d["y"]) == (1, 2)
    del d.x
    assert d == {"y": 2}
    assert isinstance(d, dict)


def test_names_of_dict_methods_are_items_only() -> None:
    d = Dict()
    with pytest.raises(AttributeError, match="copy"):
        d.copy = 1  # type: ignore[method-assign,assignment]
    d["copy"] = 1
    assert callable(d.copy)


def test_a_missing_attribute_is_named_and_what_is_there_too() -> None:
    with pytest.raises(AttributeError, match=r"no 'z'.*x, y"):
        _ = Dict(x=1, y=2).z
    with pytest.raises(AttributeError, match="'z'"):
        del Dict(x=1).z


def test_the_text_of_a_dict_shows_names_as_names_and_other_keys_as_pairs() -> None:
    assert repr(Dict({"a": 1, "b c": 2, 3: "x"})) == "Dict(a=1, ('b c', 2), (3, 'x'))"  # type: ignore[dict-item]
    assert "a" in dir(Dict({"a": 1, "b c": 2}))
    assert "b c" not in dir(Dict({"a": 1, "b c": 2}))


def test_nested_dicts_stay_dicts() -> None:
    assert type(Dict(x={"y": 1}).x) is dict


def test_an_event_cannot_be_changed() -> None:
    event = Event(type="foo", source=None)
    with pytest.raises(TypeError, match="shared"):
        event.type = "bar"
    with pytest.raises(TypeError, match="shared"):
        event["type"] = "bar"
    with pytest.raises(TypeError, match="shared"):
        del event.type
    for change in (event.clear, event.popitem):
        with pytest.raises(TypeError, match="shared"):
            change()
    with pytest.raises(TypeError, match="shared"):
        event.update(x=1)
    assert event == {"type": "foo", "source": None}


def test_a_dict_of_an_event_can_be_changed_and_an_event_can_be_copied() -> None:
    event = Event(type="foo", info=[1])
    changed = {**event, "type": "bar"}
    assert (event.type, changed["type"]) == ("foo", "bar")
    again = copy.deepcopy(event)
    assert again == event
    assert isinstance(again, Event)
