"""`emitter`: methods that make events."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, overload
from weakref import ref

from deskapp.event._method import MethodDescriptor

if TYPE_CHECKING:
    from deskapp.event._component import Component


class Emitter:
    """An emitter of one component: call it to emit an event at once; reactions to it are queued."""

    __slots__ = ("_func", "_ref", "name")

    def __init__(self, component: Component, descriptor: EmitterDescriptor) -> None:
        self._ref = ref(component)
        self._func = descriptor.func
        self.name = descriptor.name

    def __repr__(self) -> str:
        return f"<emitter {self.name!r} of {self._ref()}>"

    def __call__(self, *args: Any) -> Any:
        component = self._ref()
        if component is None:
            return None
        outer = component._emitting
        if outer == self.name:  # `super().this_emitter(…)` inside of it: the outer one emits
            return self._func(component, *args)
        component._emitting = self.name
        try:
            info = self._func(component, *args)
        finally:
            component._emitting = outer
        if info is not None:
            if not isinstance(info, Mapping):
                raise TypeError(f"Emitter {component}.{self.name} should return a dict or None, not {info!r}")
            component.emit(self.name, info)
        return None


class EmitterDescriptor(MethodDescriptor):
    """What `emitter` makes of a method; on an instance it gives an `Emitter`."""

    _kind = "an emitter"

    def __init__(self, func: Callable[..., object]) -> None:
        if not inspect.isfunction(func):
            raise TypeError(f"@emitter decorates a method, not {func!r}")
        if inspect.iscoroutinefunction(func):
            raise TypeError(f"An emitter makes its event at once: {func.__qualname__} cannot be async")
        super().__init__(func)

    def __repr__(self) -> str:
        return f"<emitter descriptor {self.name!r}>"

    @overload
    def __get__(self, component: None, owner: type | None = None) -> EmitterDescriptor: ...
    @overload
    def __get__(self, component: Component, owner: type | None = None) -> Emitter: ...
    def __get__(self, component: Component | None, owner: type | None = None) -> Emitter | EmitterDescriptor:
        if component is None:
            return self
        return Emitter(component, self)


def emitter(func: Callable[..., object]) -> EmitterDescriptor:
    """Decorate a method that returns what an event carries, as a dict, or None for no event.

    Inside of an emitter, ``super()`` gives what the base's method returns; only the outermost emits.

    Raises:
        TypeError: What is decorated is no plain function.
    """
    return EmitterDescriptor(func)
