"""`Component`: an object with properties, actions, emitters and reactions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from types import MethodType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from deskapp.event._action import Action
from deskapp.event._attribute import Attribute
from deskapp.event._event import Event
from deskapp.event._log import log_failure, logger
from deskapp.event._loop import Loop, current_loop
from deskapp.event._meta import ComponentMeta
from deskapp.event._property import Property
from deskapp.event._reaction import Reaction, ReactionDescriptor, checked_mode, takes_self

C = TypeVar("C", bound="Component")

Handlers = tuple[tuple[str, int, Reaction], ...]
"""Label, number and reaction, in the order of calls. Never changed in place: an emission may be walking along it."""


class Component(metaclass=ComponentMeta):
    """The base of everything that has properties that can be followed.

    A component belongs to the loop that is current where it is made, and is touched on that loop's thread only; calling
    its actions and reading its properties is allowed on any thread.

    Subclasses implement `init`, not ``__init__``, whose steps are methods of their own: `_init_identity`,
    `_init_defaults`, `_apply_values`, `_before_init`, `init`, `_init_reactions`, in this order.

    Args:
        init_args: For `init`.
        property_values: Initial values. A function without arguments makes a reaction that keeps the property equal to
            what it returns.
    """

    _IS_COMPONENT = True

    _observer: Callable[[Event], None] | None = None
    """If not None, called with every event of this component as it is emitted, those of construction included."""

    _enter: Callable[[], AbstractContextManager[object]] | None = None
    """If not None, the loop runs this component's queued actions, its reactions and coroutines inside ``_enter()``."""

    __attributes__: ClassVar[list[str]]
    __properties__: ClassVar[list[str]]
    __actions__: ClassVar[list[str]]
    __emitters__: ClassVar[list[str]]
    __reactions__: ClassVar[list[str]]
    _descriptors: ClassVar[dict[str, Any]]

    id = Attribute(doc="A text that tells this component from all others.")

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...  # set_x and _mutate_x are generated

        def init(self, *args: Any, **kwargs: Any) -> None: ...  # so that an override may take what it likes

    def __init__(self, *init_args: Any, **property_values: Any) -> None:
        self._loop: Loop = current_loop()
        loop = self._loop
        loop.check_thread(f"A {type(self).__name__} was made")
        self._id = ""
        self._disposed = False
        self._emitting: str | None = None
        self._values: dict[str, Any] = {}
        self._bound: dict[Any, Any] = {}
        self._anonymous: list[Reaction] = []
        self._setting_functions: list[tuple[str, Callable[[], Any]]] = []
        self._handlers: dict[str, Handlers] = dict.fromkeys(sorted(self.__emitters__ + self.__properties__), ())
        self._waypoints: dict[str, tuple[tuple[Reaction, int], ...]] = {}
        # Events of construction wait here until the loop iterates, so that whoever connects before that gets them too.
        # None marks the end of construction: only later events can change what a connection string leads to.
        self._pending: list[tuple[str, Event] | None] | None = []
        self._init_identity(property_values)
        loop.activate(self)
        try:
            self._apply_values(self._init_defaults(property_values))
            self._before_init()
            self._run_init(*init_args)
        finally:
            loop.deactivate(self)
        self._init_reactions()

    def __repr__(self) -> str:
        return f"<Component {self._id!r} at 0x{id(self):x}>"

    def __str__(self) -> str:
        return self._id or type(self).__name__

    def __enter__(self: C) -> C:
        self._loop.activate(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.deactivate(self)

    # Construction

    def _init_identity(self, kwargs: dict[str, Any]) -> None:
        """Set `_id`; may take keyword arguments out of `kwargs`."""
        self._id = f"{type(self).__name__}{self._loop.next_number()}"

    def _init_defaults(self, kwargs: dict[str, Any]) -> list[tuple[str, Any]]:
        """Set raw defaults and return the values to apply: defaults in order of name, then what was given.

        Raises:
            AttributeError: A keyword is no property.
            TypeError: A function was given for a property that cannot be set.
        """
        properties = self.__properties__
        for name in properties:
            self._values[name] = self._descriptors[name].default
        given: list[tuple[str, Any]] = []
        functions = self._setting_functions
        for name, value in kwargs.items():
            if name not in properties:
                raise AttributeError(self._explain_unknown(name))
            if not callable(value) or isinstance(value, Component):
                given.append((name, value))
            elif self._find_setter(name) is None:
                raise TypeError(f"{self}.{name} cannot follow a function: there is no action set_{name}")
            else:
                functions.append((name, value))
        names_given = {name for name, _ in given}
        defaults = [(name, self._values[name]) for name in properties if name not in names_given]
        return defaults + given

    def _explain_unknown(self, name: str) -> str:
        if name in self.__attributes__:
            return f"{type(self).__name__}.{name} is an attribute, not a property: it cannot be given a value"
        near = _near(name, self.__properties__)
        hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
        return f"{type(self).__name__} has no property {name!r}{hint}"

    def _find_setter(self, name: str) -> Action | None:
        found = getattr(self, f"_set_{name[1:]}" if name.startswith("_") else f"set_{name}", None)
        return found if isinstance(found, Action) else None

    def _apply_values(self, values: list[tuple[str, Any]]) -> None:
        """Give the properties their first values, each with an event, then call the setters that a user wrote."""
        for name, value in values:
            self._descriptors[name].initialize(self, value)
        for name, value in values:
            setter = self._find_setter(name)
            if setter is not None and not setter.is_autogenerated:
                setter(value)

    def _before_init(self) -> None:
        """Called when the properties have their first values, before `init`."""

    def _run_init(self, *args: Any) -> None:
        """Call `init`."""
        self.init(*args)

    if not TYPE_CHECKING:

        def init(self):
            """Set the component up; subclasses override this, with the positional arguments of the constructor.

            Properties can be mutated here, and components made here are inside this one's context.
            """

    def _init_reactions(self) -> None:
        """Connect the reactions, and have the loop deliver the events so far."""
        if self._pending is not None:
            self._pending.append(None)
            self._loop.call_soon(self._deliver_pending)
        for name in self.__reactions__:
            self._start_reaction(getattr(self, name))
        for name, function in self._setting_functions:
            self._start_reaction(self._make_setting_reaction(name, function))
        self._setting_functions = []

    def _start_reaction(self, reaction: Reaction) -> None:
        if reaction.get_mode() == "auto":
            self._loop.add_reaction_event(reaction)

    def _make_setting_reaction(self, name: str, function: Callable[[], Any]) -> Reaction:
        def follow(self: Component) -> None:
            setter = self._find_setter(name)
            if setter is not None:
                setter(function())

        reaction = Reaction(self, follow, "auto", (), name=f"function given for {name}", bound_to=self)
        self._anonymous.append(reaction)
        return reaction

    # Mutation

    def _mutate(self, prop_name: str, value: Any, mutation: str = "set", index: Any = -1) -> bool:
        """Change a property; allowed in actions, in `init` and inside ``with component:``.

        Args:
            prop_name: Name of the property.
            value: The new value; for a partial mutation the items, or how many to remove, or which keys.
            mutation: ``"set"``, or for lists, dicts and arrays ``"insert"``, ``"replace"`` or ``"remove"``.
            index: Where, in a list or array.

        Returns:
            Whether the value changed, that is, whether there is an event.

        Raises:
            AttributeError: There is no such property, or it may not be mutated here.
            TypeError, ValueError: The property does not accept the value.
        """
        if not isinstance(prop_name, str):
            raise TypeError(f"The name of a property is a text, not {prop_name!r}")
        if prop_name not in self._values:
            raise AttributeError(self._explain_unknown(prop_name))
        if not self._loop.can_mutate(self):
            self._loop.check_thread(f"{self}.{prop_name} was mutated")
            raise AttributeError(f"Trying to mutate property {self}.{prop_name} outside of an action or context")
        return self._apply_mutation(prop_name, value, mutation, index)

    def _apply_mutation(self, name: str, value: Any, mutation: str = "set", index: Any = -1) -> bool:
        """As `_mutate`, without asking whether the component may be mutated here."""
        prop: Property[Any] = self._descriptors[name]
        if mutation == "set":
            return prop.mutate(self, value)
        return prop.mutate_partially(self, value, mutation, index)

    # Events

    def emit(self, type: str, info: Mapping[str, Any] | None = None) -> Event:
        """Emit an event; reactions to it are queued.

        Args:
            type: The type of the event.
            info: What the event carries besides `type` and `source`.

        Raises:
            ValueError: `type` has a label.
            TypeError: `info` is no dict.
        """
        if not isinstance(type, str):
            raise TypeError(f"The type of an event is a text, not {type!r}")
        if ":" in type:
            raise ValueError(f"The type of an event has no label: {type!r}")
        if info is not None and not isinstance(info, Mapping):
            raise TypeError(f"What an event carries is a dict, not {info!r}")
        self._loop.check_thread(f"{self} emitted {type!r}")
        event = Event(info or {}, type=type, source=self)
        self._send(type, event)
        return event

    def _is_heard(self, type: str) -> bool:
        """Whether anything would come of an event."""
        return bool(
            self._handlers.get(type)
            or self._pending is not None
            or self._observer is not None
            or type in self._waypoints
        )

    def _send(self, type: str, event: Event) -> None:
        """Show an event to the observer and have it delivered."""
        if self._observer is not None:
            self._observer(event)
        if self._pending is not None:
            self._pending.append((type, event))
        else:
            self._deliver(type, event)

    def _deliver(self, type: str, event: Event, *, can_reconnect: bool = True) -> None:
        """Queue the reactions to an event, after those that it makes listen elsewhere were reconnected."""
        if can_reconnect and type in self._waypoints:
            for reaction, index in self._waypoints[type]:
                try:
                    reaction.reconnect(index)
                except RuntimeError as error:  # its trouble; the value is set, and others wait for the event
                    log_failure(f"Reconnecting reaction {reaction.full_name}", error)
        loop = self._loop
        for _, _, reaction in self._handlers.get(type, ()):
            # The queue's last call is most often the one that this event belongs to: then nothing need be searched.
            if (
                (queue := loop._reactions)
                and (last := queue[-1])[0] is reaction
                and last[1] is self
                and last[2] == type
                and reaction._wants_events
            ):
                last[3].append(event)
            else:
                loop.queue_reaction(reaction, self, type, event)

    def _deliver_pending(self) -> None:
        pending, self._pending = self._pending or [], None
        can_reconnect = False
        for entry in pending:
            if entry is None:
                can_reconnect = True
            else:
                self._deliver(*entry, can_reconnect=can_reconnect)

    def get_event_types(self) -> list[str]:
        """The types of events that this component knows: its properties, its emitters and what was connected to."""
        return sorted(self._handlers)

    def get_event_handlers(self, type: str) -> list[Reaction]:
        """The reactions to a type of event, in the order in which they are called.

        Raises:
            ValueError: `type` has a label.
        """
        if ":" in type:
            raise ValueError(f"The type of an event has no label: {type!r}")
        return [reaction for _, _, reaction in self._handlers.get(type, ())]

    def reaction(self, *args: Any, mode: str | None = "normal") -> Any:
        """Connect a function: ``c.reaction(func, "foo")``, ``c.reaction("foo", func)`` or ``@c.reaction("foo")``.

        If a function's first argument is ``self`` or ``this`` it becomes a reaction of the class in which it stands,
        connected to this component.

        Args:
            args: The function, and connection strings that are looked up in this component.
            mode: As of the `reaction` decorator.

        Raises:
            RuntimeError: No connection string, or one that leads to nothing.
            ValueError: A connection string that cannot be read.
        """
        mode = checked_mode(mode)
        func: Callable[..., Any] | None = None
        strings = list(args)
        if strings and callable(strings[0]):
            func = strings.pop(0)
        elif strings and callable(strings[-1]):
            func = strings.pop()
        if not strings:
            raise RuntimeError("component.reaction() needs one or more connection strings")
        for text in strings:
            if not isinstance(text, str) or not text:
                raise ValueError(f"A connection string is a text that is not empty, not {text!r}")

        def connect(func: Callable[..., Any]) -> Any:
            if not callable(func):
                raise TypeError(f"component.reaction() connects functions, not {func!r}")
            if takes_self(func) and not isinstance(func, MethodType):
                return ReactionDescriptor(func, mode, tuple(strings), component=self)
            reaction = Reaction(self, func, mode, strings)
            self._anonymous.append(reaction)
            self._start_reaction(reaction)
            return reaction

        return connect if func is None else connect(func)

    def disconnect(self, type: str, reaction: Reaction | None = None) -> None:
        """Disconnect reactions from a type of event.

        Args:
            type: The type; with a label, ``"foo:label"``, only what was connected under it.
            reaction: Only this one; all if absent.
        """
        self._loop.check_thread(f"{self} disconnected reactions")
        type, colon, label = type.partition(":")
        before = self._handlers.get(type, ())
        after = tuple(
            entry
            for entry in before
            if (reaction is not None and entry[2] is not reaction) or (colon and entry[0] != label)
        )
        if len(after) != len(before):
            self._handlers[type] = after
            self._on_connections_changed(type)

    def _on_connections_changed(self, type: str) -> None:
        """Called when a reaction was connected to, or disconnected from, a type of event of this component."""

    # What reactions do to the components that they are connected to

    def _add_reaction(self, type: str, reaction: Reaction, label: str, *, force: bool) -> None:
        before = self._handlers.get(type)
        if before is None:
            if not force:
                self._warn_about_unknown(type)
            before = ()
        if any(entry[0] == label and entry[2] is reaction for entry in before):
            return
        after = (*before, (label, reaction._number, reaction))
        self._handlers[type] = tuple(sorted(after, key=lambda entry: entry[:2]))
        self._on_connections_changed(type)

    def _remove_reaction(self, type: str, reaction: Reaction, label: str) -> None:
        before = self._handlers.get(type, ())
        after = tuple(entry for entry in before if entry[2] is not reaction or entry[0] != label)
        if len(after) != len(before):
            self._handlers[type] = after
            self._on_connections_changed(type)

    def _add_waypoint(self, type: str, reaction: Reaction, index: int) -> None:
        self._waypoints[type] = (*self._waypoints.get(type, ()), (reaction, index))

    def _remove_waypoint(self, type: str, reaction: Reaction, index: int) -> None:
        after = tuple(entry for entry in self._waypoints.get(type, ()) if entry != (reaction, index))
        if after:
            self._waypoints[type] = after
        else:
            self._waypoints.pop(type, None)

    def _forget_reaction(self, reaction: Reaction) -> None:
        self._anonymous = [other for other in self._anonymous if other is not reaction]

    def _warn_about_unknown(self, type: str) -> None:
        near = _near(type, self._handlers)
        if type.startswith("mouse_"):
            near = ["pointer_" + type.removeprefix("mouse_")]
        hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
        logger.warning("%s has no event type %r%s; a leading '!' means that it will have one", self, type, hint)

    # The end

    def dispose(self) -> None:
        """Disconnect the component from everything and cancel its coroutines; its values can still be read."""
        if not self._disposed:
            self._loop.check_thread(f"{self} was disposed")
            self._dispose()

    def _dispose(self) -> None:
        """What `dispose` does, once; an override calls ``super()._dispose()``."""
        self._disposed = True
        for entries in self._handlers.values():
            for _, _, reaction in entries:
                reaction.forget(self)
        for waypoints in self._waypoints.values():
            for reaction, _ in waypoints:
                reaction.forget(self)
        changed = [type for type, entries in self._handlers.items() if entries]
        self._handlers = dict.fromkeys(self._handlers, ())
        self._waypoints = {}
        for reaction in self._own_reactions():
            reaction.dispose()
            reaction.cancel()
        for bound in self._bound.values():
            if isinstance(bound, Action):
                bound.cancel()
        for type in changed:
            self._on_connections_changed(type)

    def _own_reactions(self) -> list[Reaction]:
        return [bound for bound in self._bound.values() if isinstance(bound, Reaction)] + self._anonymous

    def __del__(self) -> None:
        # On whichever thread the garbage is collected; so the loop is only told, and disconnects on its own thread.
        # What is left to do is small: nobody else's reaction is connected here, or this object would be held by it.
        if not self.__dict__.get("_disposed", True):
            reactions = self._own_reactions()
            if reactions:
                self._loop.call_soon(_dispose_all, reactions)


def _near(name: str, known: Iterable[str]) -> list[str]:
    import difflib  # needed for messages only

    return difflib.get_close_matches(name, list(known))


def _dispose_all(reactions: list[Reaction]) -> None:
    for reaction in reactions:
        reaction.dispose()
