"""`Attribute`: a read-only static value of a component."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from deskapp.event._component import Component


class Attribute:
    """A documented value that never changes; it holds what the component stores as ``_<name>``.

    Args:
        doc: What the value means.
    """

    def __init__(self, doc: str = "") -> None:
        if not isinstance(doc, str):
            raise TypeError(f"Attribute(doc) takes a text, not {doc!r}")
        self.name = ""
        self.doc = doc
        self.__doc__ = doc

    def bind(self, owner: type, name: str) -> None:
        """Learn the name under which a class holds this descriptor."""
        self.name = name
        self._private_name = "_" + name
        self.__doc__ = f"Attribute {owner.__name__}.{name}: {self.doc}".rstrip(": ")

    def __repr__(self) -> str:
        return f"<Attribute {self.name!r}>"

    def __get__(self, component: Component | None, owner: type | None = None) -> Any:
        if component is None:
            return self
        try:
            return getattr(component, self._private_name)
        except AttributeError:
            raise AttributeError(f"{component} holds nothing for attribute {self.name!r} yet") from None

    def __set__(self, component: Component, value: object) -> NoReturn:
        raise AttributeError(f"Cannot set attribute {self.name!r} of {component}: attributes are read-only")

    def __delete__(self, component: Component) -> NoReturn:
        raise AttributeError(f"Cannot delete attribute {self.name!r} of {component}")
