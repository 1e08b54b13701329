"""`ComponentMeta`: collects the descriptors of a component class and generates setters."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from deskapp.event._action import Action, ActionDescriptor, SetterDescriptor
from deskapp.event._attribute import Attribute
from deskapp.event._emitter import EmitterDescriptor
from deskapp.event._property import Property
from deskapp.event._reaction import Reaction, ReactionDescriptor

if TYPE_CHECKING:
    from deskapp.event._component import Component


class ComponentMeta(type):
    """Collects the descriptors of a component class and generates setters."""

    __attributes__: list[str]
    __properties__: list[str]
    __actions__: list[str]
    __emitters__: list[str]
    __reactions__: list[str]
    _descriptors: dict[str, Any]

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(name, bases, namespace, **kwargs)
        if inspect.iscoroutinefunction(namespace.get("init")):
            raise TypeError(f"{name}.init() cannot be async; call an async action in it")
        for key, value in list(namespace.items()):
            if isinstance(value, type) and issubclass(value, (Attribute, Property)):
                raise TypeError(f"{name}.{key}: {value.__name__} should be instantiated, write {value.__name__}()")
            if isinstance(value, (Action, Reaction)):
                raise RuntimeError(f"{name}.{key}: {value!r} belongs to an instance; decorate a method of this class")
            if isinstance(value, (Attribute, Property, ActionDescriptor, EmitterDescriptor, ReactionDescriptor)):
                value.bind(cls, key)
                if isinstance(value, Property):
                    cls._generate(key, value)
        cls._collect()

    def _generate(cls, name: str, prop: Property[Any]) -> None:
        def mutate(self: Component, value: Any, mutation: str = "set", index: Any = -1) -> bool:
            return self._mutate(name, value, mutation, index)

        mutate.__name__ = f"_mutate_{name}"
        mutate.__doc__ = f"Mutate the property {name!r}; see `Component._mutate`."
        setattr(cls, mutate.__name__, mutate)
        setter_name = f"_set_{name[1:]}" if name.startswith("_") else f"set_{name}"
        if prop.settable and not hasattr(cls, setter_name):
            setter = SetterDescriptor(name, setter_name)
            setter.bind(cls, setter_name)
            setattr(cls, setter_name, setter)

    def _collect(cls) -> None:
        """Sort the descriptors by what they are."""
        found: dict[str, Any] = {}
        for base in reversed(cls.__mro__):
            found.update(base.__dict__)
        kinds: tuple[tuple[str, type], ...] = (
            ("__attributes__", Attribute),
            ("__properties__", Property),
            ("__actions__", ActionDescriptor),
            ("__emitters__", EmitterDescriptor),
            ("__reactions__", ReactionDescriptor),
        )
        descriptors: dict[str, Any] = {}
        for list_name, kind in kinds:
            names = sorted(name for name, value in found.items() if isinstance(value, kind))
            setattr(cls, list_name, names)
            descriptors.update((name, found[name]) for name in names)
        cls._descriptors = descriptors
