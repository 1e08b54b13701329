"""Mutations of lists, dicts and arrays, in place; also for replaying events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import MutableMapping

MUTATIONS = ("set", "insert", "replace", "remove")


def is_array(value: object) -> bool:
    """Whether a value is an ndarray, told without importing numpy."""
    return hasattr(value, "dtype") and hasattr(value, "shape")


def mutate_array(array: Any, event: Mapping[str, Any]) -> None:
    """Do to a list or ndarray what an event says was done to another one.

    Args:
        array: The list or array; changed in place.
        event: Any event of a property that holds such a value. A ``set`` replaces the whole content.

    Raises:
        IndexError: The index is missing or negative.
        NotImplementedError: An unknown mutation, or one that arrays do not have.
    """
    mutation = event["mutation"]
    if mutation == "set":
        array[... if is_array(array) else slice(None)] = _whole(event)
        return
    apply_to_array(array, event["objects"], mutation, event["index"])


def mutate_dict(mapping: MutableMapping[Any, Any], event: Mapping[str, Any]) -> None:
    """Do to a dict what an event says was done to another one.

    Args:
        mapping: The dict; changed in place.
        event: Any event of a property that holds a dict. A ``set`` replaces the whole content.

    Raises:
        KeyError: A key to remove is not there.
        NotImplementedError: An unknown mutation.
    """
    if event["mutation"] == "set":
        whole = dict(_whole(event))
        mapping.clear()
        mapping.update(whole)
        return
    apply_to_dict(mapping, event["objects"], event["mutation"], event.get("index", -1))


def apply_to_array(array: Any, objects: Any, mutation: str, index: Any) -> None:
    """Insert, replace or remove in a list or ndarray; checks everything before it changes anything."""
    if mutation not in MUTATIONS:
        raise NotImplementedError(f"there is no mutation {mutation!r}; there are {', '.join(MUTATIONS)}")
    if is_array(array):
        _apply_to_ndarray(array, objects, mutation, index)
        return
    if isinstance(index, bool) or not isinstance(index, int):
        raise TypeError(f"the index of a mutated list is an int, not {index!r}")
    if index < 0:
        raise IndexError(f"{mutation!r} on a list needs an index of 0 or more, not {index}")
    if mutation == "remove":
        if isinstance(objects, bool) or not isinstance(objects, int):
            raise TypeError(f"'remove' on a list takes the number of items to remove, not {objects!r}")
        if objects < 0:
            raise ValueError(f"'remove' on a list takes 0 or more items, not {objects}")
        del array[index : index + objects]
        return
    if not isinstance(objects, (list, tuple)):
        raise TypeError(f"{mutation!r} on a list takes a list of items, not {objects!r}")
    # A slice past the end is empty and appends, which is what both mutations promise there.
    array[index : index + (len(objects) if mutation == "replace" else 0)] = objects


def _apply_to_ndarray(array: Any, objects: Any, mutation: str, index: Any) -> None:
    if mutation != "replace":
        raise NotImplementedError(f"arrays cannot change their size: {mutation!r} is for lists; set a new array")
    if isinstance(index, tuple | list):
        where = tuple(slice(start, start + size) for start, size in zip(index, _shape(objects), strict=False))
        if len(where) != len(index) or len(index) != array.ndim:
            raise IndexError(f"an index of {len(index)} numbers does not fit {array.ndim} dimensions")
    elif isinstance(index, int) and index >= 0 and array.ndim == 1:
        where = (slice(index, index + len(objects)),)
    else:
        raise IndexError(f"an array of {array.ndim} dimensions cannot be replaced at index {index!r}")
    array[where] = objects


def _shape(objects: Any) -> tuple[int, ...]:
    if is_array(objects):
        return tuple(objects.shape)
    sizes: list[int] = []
    while isinstance(objects, (list, tuple)):
        sizes.append(len(objects))
        objects = objects[0] if objects else None
    return tuple(sizes)


def apply_to_dict(mapping: MutableMapping[Any, Any], objects: Any, mutation: str, index: Any) -> None:
    """Insert, replace or remove in a dict; checks everything before it changes anything."""
    if mutation not in MUTATIONS:
        raise NotImplementedError(f"there is no mutation {mutation!r}; there are {', '.join(MUTATIONS)}")
    if index != -1:
        raise IndexError(f"a dict has no index: leave it out instead of giving {index!r}")
    if mutation == "remove":
        if not isinstance(objects, (list, tuple)):
            raise TypeError(f"'remove' on a dict takes a list of keys, not {objects!r}")
        missing = [key for key in objects if key not in mapping]
        if missing:
            raise KeyError(f"keys to remove that are not there: {missing!r}")
        for key in objects:
            mapping.pop(key, None)  # a key given twice is removed once
    else:
        if not isinstance(objects, Mapping):
            raise TypeError(f"{mutation!r} on a dict takes a dict, not {objects!r}")
        mapping.update(objects)


def _whole(event: Mapping[str, Any]) -> Any:
    return event["new_value"] if "new_value" in event else event["objects"]
