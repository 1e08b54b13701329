"""`prop` and `readonly`: properties of the older API, which are assigned, and whose method is their validator."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from threading import get_ident
from typing import TYPE_CHECKING, Any, overload

from deskapp.event._meta import ComponentMeta
from deskapp.event._method import MethodDescriptor
from deskapp.event._mutation import is_array

if TYPE_CHECKING:
    from deskapp.event._legacy import HasEvents

_NOTHING = object()


class LegacyProperty(MethodDescriptor):
    """What `prop` and `readonly` make of a method ``def foo(self, v=default)``: it returns the value to store.

    Args:
        func: The method.
        is_readonly: Whether only `HasEvents._set_prop` sets it.
    """

    _kind = "a property"

    def __init__(self, func: Callable[..., object], *, is_readonly: bool) -> None:
        what = "readonly" if is_readonly else "prop"
        if not inspect.isfunction(func):
            raise TypeError(f"@{what} decorates a method that validates a value, not {func!r}")
        names = list(inspect.signature(func).parameters.values())
        if len(names) != 2 or any(p.kind is not p.POSITIONAL_OR_KEYWORD for p in names):
            raise TypeError(f"@{what} decorates a method such as `def {func.__name__}(self, v=0)`, with one argument")
        super().__init__(func)
        self.is_readonly = is_readonly
        self._default = _NOTHING if names[1].default is inspect.Parameter.empty else names[1].default

    def __set_name__(self, owner: type, name: str) -> None:
        if isinstance(owner, ComponentMeta) and not hasattr(owner, "_set_prop"):
            where = f"{owner.__name__}.{name}"
            raise TypeError(f"{where}: @event.prop belongs to HasEvents; a Component has event.AnyProp() and the like")

    def __repr__(self) -> str:
        return f"<{'readonly' if self.is_readonly else 'prop'} {self.name!r}>"

    @property
    def has_default(self) -> bool:
        """Whether it has a value, and an event that tells it, from the start."""
        return self._default is not _NOTHING

    @property
    def default(self) -> Any:
        """The default as it was written, before its validation; None if there is none."""
        return self._default if self.has_default else None

    def js_spec(self) -> dict[str, Any]:
        """What tells it from another property of the same code."""
        return {"default": repr(self.default), "readonly": self.is_readonly}

    @overload
    def __get__(self, ob: None, owner: type | None = None) -> LegacyProperty: ...
    @overload
    def __get__(self, ob: HasEvents, owner: type | None = None) -> Any: ...
    def __get__(self, ob: HasEvents | None, owner: type | None = None) -> Any:
        if ob is None:
            return self
        tracking = ob._loop._tracking
        if tracking is not None and ob._loop._owner_ident == get_ident():
            tracking[id(ob), self.name] = ob
        return ob._values.get(self.name)

    def __set__(self, ob: HasEvents, value: object) -> None:  # type: ignore[override]
        if self.is_readonly:
            raise AttributeError(f"{ob}.{self.name} is readonly; only _set_prop({self.name!r}, …) of its class sets it")
        ob._set_prop(self.name, value)

    @staticmethod
    def is_same(old: object, new: object) -> bool:
        """Whether a value is of the same type as another and equal to it; arrays are compared as wholes."""
        if old is new:
            return True
        if type(old) is not type(new):
            return False
        if is_array(old):
            one: Any = old
            other: Any = new
            return bool(one.shape == other.shape and one.dtype == other.dtype and (one == other).all())
        try:
            return bool(old == new)
        except Exception:  # a value of the user's, or one with arrays inside, that does not compare
            return False


def prop(func: Callable[..., object]) -> LegacyProperty:
    """Decorate a method that validates: it makes a property that is read and assigned as an attribute.

    The default of the method's argument is the property's; without one the value is None until it is set.

    Raises:
        TypeError: What is decorated is no method with one argument.
    """
    return LegacyProperty(func, is_readonly=False)


def readonly(func: Callable[..., object]) -> LegacyProperty:
    """Decorate a method as with `prop`; what it makes can only be set by ``self._set_prop(name, value)``.

    Raises:
        TypeError: What is decorated is no method with one argument.
    """
    return LegacyProperty(func, is_readonly=True)
