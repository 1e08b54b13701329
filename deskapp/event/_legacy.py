"""`HasEvents`: the base of the older API, with properties that are assigned and handlers that are connected.

It is a component in all that concerns events, so that handlers and reactions, `HasEvents` and `Component` can listen to
each other; what differs is how its values are set.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, ClassVar

from deskapp.event._action import ActionDescriptor
from deskapp.event._component import Component
from deskapp.event._event import Event
from deskapp.event._legacy_handler import Handler, HandlerDescriptor, checked_strings
from deskapp.event._legacy_prop import LegacyProperty
from deskapp.event._log import logger
from deskapp.event._meta import ComponentMeta
from deskapp.event._property import Property
from deskapp.event._reaction import ReactionDescriptor


class HasEventsMeta(ComponentMeta):
    """Collects the properties, emitters and handlers of a class."""

    __handlers__: list[str]

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **kwargs: Any) -> None:
        for key, value in namespace.items():
            cls.refuse_newer(f"{name}.{key}", value)
            if isinstance(value, LegacyProperty):
                value.bind(cls, key)
            cls.warn_about_unconnected(name, key, value)
        super().__init__(name, bases, namespace, **kwargs)

    def _collect(cls) -> None:
        super()._collect()
        found: dict[str, Any] = {}
        for base in reversed(cls.__mro__):
            found.update(base.__dict__)
        cls.__properties__ = sorted(name for name, value in found.items() if isinstance(value, LegacyProperty))
        cls._descriptors.update((name, found[name]) for name in cls.__properties__)
        cls.__handlers__ = cls.__reactions__

    @staticmethod
    def refuse_newer(where: str, value: object) -> None:
        """Refuse what belongs to `Component`.

        Args:
            where: Class and member, for the message.
            value: The member.

        Raises:
            TypeError: It does.
        """
        is_newer = isinstance(value, Property | ActionDescriptor)
        if is_newer or (isinstance(value, ReactionDescriptor) and not isinstance(value, HandlerDescriptor)):
            raise TypeError(
                f"{where} is {value!r}, which a Component has; HasEvents has @event.prop and @event.connect"
            )

    @staticmethod
    def warn_about_unconnected(class_name: str, key: str, value: object) -> None:
        """Say that a method is no handler, though its name looks like it."""
        if key.startswith("on_") and isinstance(value, FunctionType):
            logger.warning(
                "%s.%s() is not connected to anything: a handler is decorated, with @event.connect(%r)",
                class_name,
                key,
                key.removeprefix("on_"),
            )


class HasEvents(Component, metaclass=HasEventsMeta):
    """An object with properties that are read and assigned, and with handlers for what happens to them.

    Args:
        property_values: Initial values; set in order of name, when all properties have their defaults.

    Raises:
        AttributeError: There is no such property, or it is readonly.
    """

    __handlers__: ClassVar[list[str]]

    def __init__(self, *init_args: Any, **property_values: Any) -> None:
        self._being_set: set[str] = set()
        super().__init__(*init_args, **property_values)

    # Construction; the steps of `Component`

    def _run_init(self, *args: Any) -> None:
        if args:
            raise TypeError(f"{type(self).__name__} takes property values by name, not {args!r}")

    def _init_defaults(self, kwargs: dict[str, Any]) -> list[tuple[str, Any]]:
        for name in kwargs:
            prop = self._descriptors.get(name)
            if not isinstance(prop, LegacyProperty):
                raise AttributeError(self._explain_unknown(name))
            if prop.is_readonly:
                raise AttributeError(f"{type(self).__name__}.{name} is readonly: it cannot be given a value")
        properties: list[LegacyProperty] = [self._descriptors[name] for name in self.__properties__]
        defaults = [(prop.name, prop.default) for prop in properties if prop.has_default]
        return defaults + sorted(kwargs.items(), key=lambda item: item[0])

    def _apply_values(self, values: list[tuple[str, Any]]) -> None:
        for name, value in values:
            self._set_prop(name, value)

    def _init_reactions(self) -> None:
        self._init_handlers()

    def _init_handlers(self) -> None:
        """Connect the handlers of the class; the last step of construction."""
        super()._init_reactions()

    # Properties

    def _set_prop(self, prop_name: str, value: Any) -> None:
        """Validate and store a value, now; handlers are told soon. This sets readonly properties, too.

        Setting a property inside of its own validator does nothing.

        Args:
            prop_name: Name of the property.
            value: What its validator gets.

        Raises:
            AttributeError: There is no such property.
            Exception: What the validator raises; the value is what it was.
        """
        prop = self._descriptors.get(prop_name) if isinstance(prop_name, str) else None
        if not isinstance(prop, LegacyProperty):
            raise AttributeError(self._explain_unknown(str(prop_name)))
        self._loop.check_thread(f"{self}.{prop_name} was set")
        if prop_name in self._being_set:
            return
        self._store(prop_name, self._validate(prop, value))

    def _validate(self, prop: LegacyProperty, value: Any) -> Any:
        self._being_set.add(prop.name)
        try:
            return prop.func(self, value)
        finally:
            self._being_set.discard(prop.name)

    def _store(self, name: str, value: Any) -> bool:
        """Hold a validated value and tell of it; returns whether there was anything to tell."""
        is_first = name not in self._values
        old = value if is_first else self._values[name]
        if not is_first and LegacyProperty.is_same(old, value):
            return False
        self._values[name] = value
        if self._is_heard(name):
            self._send(name, Event({"type": name, "source": self, "new_value": value, "old_value": old}))
        return True

    # Connecting

    def connect(self, *args: Any) -> Any:
        """Connect a function: ``ob.connect(func, "foo")``, ``ob.connect("foo", func)`` or ``@ob.connect("foo")``.

        Args:
            args: The function, and connection strings that are looked up in this object.

        Returns:
            The `Handler`, or a decorator that returns it.

        Raises:
            RuntimeError: No connection string, or one that leads to nothing.
            ValueError: A connection string that cannot be read.
        """
        func: Callable[..., Any] | None = None
        strings = list(args)
        if strings and callable(strings[0]):
            func = strings.pop(0)
        elif strings and callable(strings[-1]):
            func = strings.pop()
        checked = checked_strings(strings, "connect()")

        def make(func: Callable[..., Any]) -> Handler:
            if not callable(func):
                raise TypeError(f"connect() connects functions, not {func!r}")
            handler = Handler(self, func, "greedy", checked)
            self._anonymous.append(handler)
            return handler

        return make if func is None else make(func)
