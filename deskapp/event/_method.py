"""What the descriptors that are made of methods have in common."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, ClassVar, NoReturn

if TYPE_CHECKING:
    from types import FunctionType

    from deskapp.event._component import Component


class MethodDescriptor:
    """A method that is an action, an emitter or a reaction; it cannot be replaced on an instance.

    Args:
        func: The method.
    """

    _kind: ClassVar[str]  # with its article

    def __init__(self, func: FunctionType) -> None:
        self.func = func
        self.name = func.__name__
        self.doc = inspect.getdoc(func) or ""
        self.__doc__ = self.doc

    def bind(self, owner: type, name: str) -> None:
        """Learn the name under which a class holds this descriptor."""
        self.name = name
        kind = self._kind.split()[1].capitalize()
        self.__doc__ = f"{kind} {owner.__name__}.{name}: {self.doc}".rstrip(": ")

    def __set__(self, component: Component, value: object) -> NoReturn:
        raise AttributeError(f"Cannot set {component}.{self.name}: it is {self._kind}")

    def __delete__(self, component: Component) -> NoReturn:
        raise AttributeError(f"Cannot delete {component}.{self.name}: it is {self._kind}")
