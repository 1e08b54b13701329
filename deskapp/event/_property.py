"""`Property`: a validated value of a component that reactions can follow and only mutations change."""

from __future__ import annotations

from threading import get_ident
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, overload

from deskapp.event._event import Event
from deskapp.event._mutation import apply_to_array, apply_to_dict, is_array

if TYPE_CHECKING:
    from deskapp.event._component import Component

T = TypeVar("T")

_REPR_LIMIT = 120
"""Characters of a refused value that an error shows."""

_VALIDATION_ERRORS = (TypeError, ValueError, IndexError, KeyError, AttributeError)


class Property(Generic[T]):
    """Holds any value, unchanged. Subclasses validate.

    A custom property sets `_default` and implements `_validate`, which raises `TypeError` or `ValueError` with the
    reason only (component, property and value are put in front of it), or returns the value to store.

    Args:
        default: The initial value (at most one positional argument).
        doc: What the property means.
        settable: Whether to generate an action ``set_<name>``.
    """

    _default: Any = None

    def __init__(self, *args: Any, doc: str = "", settable: bool = False) -> None:
        if len(args) == 1 and callable(args[0]):
            raise TypeError(
                f"{type(self).__name__} is not a decorator: give it an initial value; "
                "a function of no arguments can be given for the property when the component is made"
            )
        if not isinstance(doc, str):
            raise TypeError(f"doc of a property is a text, not {doc!r}")
        self.name = ""
        self.doc = doc
        self.settable = bool(settable)
        self.data: Any = None
        self._consume_args(*args)
        self.__doc__ = doc

    def _consume_args(self, *args: Any) -> None:
        """Take the positional arguments; overridden by properties that need more than a default."""
        if len(args) > 1:
            raise TypeError(f"{type(self).__name__} takes one initial value, not {len(args)} of them")
        if args:
            self._default = args[0]

    def _set_data(self, data: Any) -> None:
        """Store constants for `_validate`; JSON only, because JavaScript gets them too."""
        self.data = data

    @property
    def default(self) -> Any:
        """The initial value as it was written; validated when a component is made."""
        return self._default

    @property
    def type_name(self) -> str:
        """The class's name without ``Prop``, as both languages know it: ``"Int"``, ``"Enum"``…"""
        name = type(self).__name__
        return "Any" if name == "Property" else name.removesuffix("Prop")

    def js_spec(self) -> dict[str, Any]:
        """What JavaScript must know to make the same property."""
        return {"type": self.type_name, "default": self.default, "settable": self.settable, "data": self.data}

    def bind(self, owner: type, name: str) -> None:
        """Learn the name under which a class holds this descriptor."""
        self.name = name
        self.__doc__ = f"{type(self).__name__} {owner.__name__}.{name}: {self.doc}".rstrip(": ")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"

    # Access

    @overload
    def __get__(self, component: None, owner: type | None = None) -> Property[T]: ...
    @overload
    def __get__(self, component: Component, owner: type | None = None) -> T: ...
    def __get__(self, component: Component | None, owner: type | None = None) -> Any:
        if component is None:
            return self
        tracking = component._loop._tracking
        if tracking is not None and component._loop._owner_ident == get_ident():
            tracking[id(component), self.name] = component
        return component._values[self.name]

    def __set__(self, component: Component, value: object) -> NoReturn:
        hint = f"call set_{self.name}(…)" if self.settable else f"call an action that does self._mutate_{self.name}(…)"
        raise AttributeError(f"{component}.{self.name} cannot be assigned: properties change through actions; {hint}")

    def __delete__(self, component: Component) -> NoReturn:
        raise AttributeError(f"{component}.{self.name} cannot be deleted: it is a property")

    # Validation

    def _validate(self, value: Any, name: str, data: Any) -> Any:
        """Return the value to store, converted if need be, or raise `TypeError` or `ValueError` with the reason."""
        return value

    def validated(self, component: Component, value: Any) -> Any:
        """Validate for a component; what is raised names component, property and value."""
        try:
            return self._validate(value, self.name, self.data)
        except _VALIDATION_ERRORS as error:
            kind = type(error)
            if kind not in _VALIDATION_ERRORS:  # a class of the user's, whose constructor is unknown
                raise
            shown = repr(value)
            if len(shown) > _REPR_LIMIT:
                shown = shown[: _REPR_LIMIT - 1] + "…"
            reason = error.args[0] if error.args else kind.__name__
            raise kind(f"{component}.{self.name} cannot be {shown}: {reason}") from error

    # Mutation; the caller has checked that the component may be mutated now

    def initialize(self, component: Component, value: Any) -> None:
        """Set the value while the component is made: there is always an event, with equal old and new value."""
        name = self.name
        value = self.validated(component, value)
        component._values[name] = value
        component._send(
            name,
            Event({"type": name, "source": component, "new_value": value, "old_value": value, "mutation": "set"}),
        )

    def mutate(self, component: Component, value: Any) -> bool:
        """Validate and set; returns whether the value changed, and only then is there an event."""
        name = self.name
        try:
            value = self._validate(value, name, self.data)
        except _VALIDATION_ERRORS:
            value = self.validated(component, value)  # again, for the full sentence
        values = component._values
        old = values[name]
        if type(old) is type(value):
            try:
                is_equal = old == value
            except Exception:  # arrays of different shapes, and who knows what
                is_equal = None
            if is_equal is True or (is_equal is not False and _is_equal(old, value, is_equal)):
                return False
        values[name] = value
        # An event that nobody hears is not made.
        if component._handlers[name] or component._is_heard(name):
            component._send(
                name,
                Event({"type": name, "source": component, "new_value": value, "old_value": old, "mutation": "set"}),
            )
        return True

    def mutate_partially(self, component: Component, objects: Any, mutation: str, index: Any) -> bool:
        """Insert, replace or remove in a list, dict or ndarray, in place and without validation."""
        held = component._values[self.name]
        try:
            if isinstance(held, dict):
                apply_to_dict(held, objects, mutation, index)
                objects = dict(objects) if isinstance(objects, dict) else objects
            elif isinstance(held, list) or is_array(held):
                apply_to_array(held, objects, mutation, index)
                objects = list(objects) if isinstance(objects, (list, tuple)) else objects
            elif mutation in ("insert", "replace", "remove"):
                raise TypeError(f"only lists, dicts and arrays can be mutated in part, not {type(held).__name__}")
            else:
                raise NotImplementedError(f"there is no mutation {mutation!r}")
        except (*_VALIDATION_ERRORS, NotImplementedError) as error:
            reason = error.args[0] if error.args else type(error).__name__
            raise type(error)(f"{component}.{self.name}, {mutation!r}: {reason}") from error
        name = self.name
        if component._is_heard(name):
            component._send(
                name,
                Event(
                    {"type": name, "source": component, "objects": objects, "mutation": mutation, "index": index},
                ),
            )
        return True


def _is_equal(old: Any, new: Any, answer: Any) -> bool:
    """Decide for values whose ``==`` does not answer with a bool: arrays compare item by item."""
    if is_array(old):
        return bool(old.shape == new.shape and old.dtype == new.dtype and (old == new).all())
    try:
        return bool(answer) if answer is not None else old is new
    except Exception:  # an answer that is neither true nor false; only identity is left
        return old is new
