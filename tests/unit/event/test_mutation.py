from __future__ import annotations

import numpy as np
import pytest

from deskapp.event import mutate_array, mutate_dict


def test_each_mutation_can_be_replayed_on_a_list() -> None:
    items = [1, 2, 3]
    mutate_array(items, {"mutation": "insert", "objects": [8, 9], "index": 1})
    assert items == [1, 8, 9, 2, 3]
    mutate_array(items, {"mutation": "replace", "objects": [0], "index": 4})
    assert items == [1, 8, 9, 2, 0]
    mutate_array(items, {"mutation": "remove", "objects": 2, "index": 1})
    assert items == [1, 2, 0]


def test_a_set_is_replayed_whether_it_says_new_value_or_objects() -> None:
    items = [1]
    mutate_array(items, {"mutation": "set", "new_value": [2, 3]})
    assert items == [2, 3]
    mutate_array(items, {"mutation": "set", "objects": [4], "index": 0})
    assert items == [4]
    table = {"a": 1}
    mutate_dict(table, {"mutation": "set", "new_value": {"b": 2}})
    assert table == {"b": 2}
    mutate_dict(table, {"mutation": "set", "objects": {"c": 3}, "index": -1})
    assert table == {"c": 3}


def test_an_array_is_replaced_in_part_at_an_index() -> None:
    array = np.zeros(5)
    mutate_array(array, {"mutation": "replace", "objects": [1, 2], "index": 3})
    assert array.tolist() == [0, 0, 0, 1, 2]


def test_an_array_of_more_dimensions_is_replaced_at_a_corner() -> None:
    array = np.zeros((3, 3))
    mutate_array(array, {"mutation": "replace", "objects": np.ones((2, 1)), "index": (1, 2)})
    assert array.tolist() == [[0, 0, 0], [0, 0, 1], [0, 0, 1]]
    mutate_array(array, {"mutation": "replace", "objects": [[5, 6]], "index": [0, 0]})
    assert array.tolist()[0] == [5, 6, 0]


def test_an_array_that_is_set_gets_all_new_content() -> None:
    array = np.zeros(3)
    mutate_array(array, {"mutation": "set", "new_value": np.arange(3)})
    assert array.tolist() == [0, 1, 2]


@pytest.mark.parametrize("mutation", ["insert", "remove"])
def test_an_array_cannot_change_its_size(mutation: str) -> None:
    with pytest.raises(NotImplementedError, match=mutation):
        mutate_array(np.zeros(3), {"mutation": mutation, "objects": [1], "index": 0})


@pytest.mark.parametrize("index", [-1, (0, 0), "x"])
def test_an_index_that_does_not_fit_an_array_raises(index: object) -> None:
    with pytest.raises(IndexError):
        mutate_array(np.zeros(3), {"mutation": "replace", "objects": [1], "index": index})


def test_an_index_must_be_a_whole_number() -> None:
    with pytest.raises(TypeError, match=r"1\.5"):
        mutate_array([1], {"mutation": "insert", "objects": [1], "index": 1.5})


def test_each_mutation_can_be_replayed_on_a_dict() -> None:
    table = {"a": 1}
    mutate_dict(table, {"mutation": "insert", "objects": {"b": 2}, "index": -1})
    mutate_dict(table, {"mutation": "replace", "objects": {"a": 3}})
    assert table == {"a": 3, "b": 2}
    mutate_dict(table, {"mutation": "remove", "objects": ["a", "a"], "index": -1})
    assert table == {"b": 2}


def test_keys_that_are_missing_are_named_and_nothing_is_removed() -> None:
    table = {"a": 1}
    with pytest.raises(KeyError, match="'z'"):
        mutate_dict(table, {"mutation": "remove", "objects": ["a", "z"], "index": -1})
    assert table == {"a": 1}


def test_an_unknown_mutation_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="append"):
        mutate_array([], {"mutation": "append", "objects": [1], "index": 0})
    with pytest.raises(NotImplementedError, match="update"):
        mutate_dict({}, {"mutation": "update", "objects": {}, "index": -1})
