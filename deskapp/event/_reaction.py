"""`reaction`: functions that are called with the events they are connected to."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from types import MethodType
from typing import TYPE_CHECKING, Any, ClassVar, overload
from weakref import ref

from deskapp.event._connection import Connection
from deskapp.event._links import Links, Pair
from deskapp.event._method import MethodDescriptor
from deskapp.event._task import Series, in_stretches

if TYPE_CHECKING:
    from deskapp.event._component import Component
    from deskapp.event._event import Event
    from deskapp.event._task import Tracking

MODES = ("normal", "greedy", "auto")


class Reaction:
    """A function and what it is connected to; the loop calls it with the events, some together.

    Args:
        component: Where its connection strings are looked up.
        func: The function. The connections do not keep its object alive if it is a method.
        mode: One of `MODES`.
        connection_strings: See `Connection`.
        name: For messages and for the order of calls; the function's if absent.
    """

    __slots__ = (
        "__weakref__", "_bound_ref", "_call_waits", "_connections", "_func", "_is_auto", "_is_disposed", "_is_normal",
        "_loop", "_mode", "_name", "_number", "_ref", "_series", "_targets", "_tracked", "_waiting", "_wants_events",
        "_waypoints",
    )  # fmt: skip

    def __init__(
        self,
        component: Component,
        func: Callable[..., Any],
        mode: str,
        connection_strings: Iterable[str],
        *,
        name: str = "",
        bound_to: object = None,
    ) -> None:
        component._loop.check_thread(f"A reaction was connected to {component}")
        if isinstance(func, MethodType):
            bound_to = func.__self__
            func = func.__func__
        self._ref = ref(component)
        self._bound_ref = ref(bound_to) if bound_to is not None else None
        self._func = func
        self._loop = component._loop
        self._number = self._loop.next_number()
        self._name = name or getattr(func, "__name__", "reaction").strip("<>")
        self._mode = mode
        self._is_auto = mode == "auto"
        self._is_normal = mode == "normal"
        self._is_disposed = False
        self._connections = [Connection(text) for text in connection_strings]
        self._wants_events = bool(self._connections)
        # What each connection string leads to, the properties on its way, and what an auto reaction has read.
        self._targets = [Links() for _ in self._connections]
        self._waypoints = [Links() for _ in self._connections]
        self._tracked = Links()
        self._series: Series | None = None
        self._waiting: list[Event] = []
        self._call_waits = False
        if inspect.iscoroutinefunction(func):
            self._series = Series(self._loop, f"Reaction {self.full_name}")
        try:
            for index in range(len(self._connections)):
                self.reconnect(index)
        except BaseException:
            self.dispose()  # whoever made it has nothing to dispose of
            raise

    def __repr__(self) -> str:
        return f"<reaction {self.full_name!r} ({self._mode})>"

    @property
    def component(self) -> Component | None:
        """Where the connection strings are looked up; None if it was collected."""
        return self._ref()

    @property
    def context(self) -> Component | None:
        """The component whose reaction this is: its calls run in that one's context."""
        bound: Any = self._bound_ref() if self._bound_ref is not None else None
        return bound if hasattr(bound, "_IS_COMPONENT") else self._ref()

    @property
    def full_name(self) -> str:
        """Component and name, for messages."""
        return f"{self.context}.{self._name}"

    def get_name(self) -> str:
        """The name of the function."""
        return self._name

    def get_mode(self) -> str:
        """``'normal'``, ``'greedy'`` or ``'auto'``."""
        return self._mode

    def get_connection_info(self) -> list[tuple[str, list[str]]]:
        """For each connection string, the event types, with labels, that it is connected to now."""
        return [
            (
                ".".join(name + star for name, star in connection.parts),
                [f"{kind}:{connection.label or self._name}" for _, kind in links.pairs()],
            )
            for connection, links in zip(self._connections, self._targets, strict=True)
        ]

    # Calling

    def __call__(self, *events: Event) -> Any:
        """Call the function now; without arguments it gets no events."""
        if self._bound_ref is None:
            return self._func(*events)
        bound: Any = self._bound_ref()
        # A method that listens to another component ends with its own one; what a component has queued for itself, does
        # not.
        if bound is None or (getattr(bound, "_disposed", False) and bound is not self._ref()):
            self.dispose()
            return None
        return self._func(bound, *events)

    def run(self, events: list[Event]) -> None:
        """Call the function for the loop: with property reads tracked, or as a task if it is a coroutine function."""
        if self._series is not None:
            # Events that come before a call begins go with it, so at most one call waits for the one that runs.
            self._waiting.extend(events)
            if not self._call_waits:
                self._call_waits = True
                self._series.call(self._run_async)
        elif self._is_auto:
            tracking: Tracking = {}
            outer = self._loop._tracking
            self._loop._tracking = tracking
            try:
                self(*events)
            finally:
                self._loop._tracking = outer
                self._follow(tracking)
        else:
            self(*events)

    async def _run_async(self) -> None:
        events, self._waiting, self._call_waits = self._waiting, [], False
        coroutine = self(*events)
        if coroutine is None:
            return  # its object is gone
        tracking: Tracking | None = {} if self._is_auto else None
        try:
            await in_stretches(self._loop, self.context, coroutine, tracking=tracking)
        finally:
            if tracking is not None:
                self._follow(tracking)

    # Connecting

    def reconnect(self, index: int) -> None:
        """Resolve a connection string again and adapt the connections; those that stay are left alone.

        Raises:
            RuntimeError: It leads to nothing that could be listened to.
        """
        component = self._ref()
        if component is None or self._is_disposed:
            return
        connection = self._connections[index]
        label = connection.label or self._name
        outer, self._loop._tracking = self._loop._tracking, None  # an auto reaction may be what makes this one
        try:
            targets, waypoints = connection.resolve(component)
        except RuntimeError:
            dropped, added = self._targets[index].update([], component)
            self._apply_targets(label, dropped, added, force=True)
            raise
        finally:
            self._loop._tracking = outer
        if not targets and not waypoints:
            raise RuntimeError(f"Could not connect reaction {self.full_name} to {connection.text!r}: nothing is there")
        dropped, added = self._targets[index].update(targets, component)
        self._apply_targets(label, dropped, added, force=connection.force)
        dropped, added = self._waypoints[index].update(waypoints, component)
        for ob, kind in dropped:
            ob._remove_waypoint(kind, self, index)
        for ob, kind in added:
            ob._add_waypoint(kind, self, index)

    def _follow(self, tracking: Tracking) -> None:
        """Connect an auto reaction to the properties that it has read, and to no others."""
        component = self._ref()
        if component is None or self._is_disposed:
            return
        dropped, added = self._tracked.update([(ob, kind) for (_, kind), ob in tracking.items()], component)
        self._apply_targets(self._name, dropped, added, force=True)

    def _apply_targets(self, label: str, dropped: list[Pair], added: list[Pair], *, force: bool) -> None:
        # Two connection strings, or a string and tracking, may lead to the same thing; it is connected once per label.
        for ob, kind in dropped:
            if not self._is_linked(ob, kind, label):
                ob._remove_reaction(kind, self, label)
        for ob, kind in added:
            ob._add_reaction(kind, self, label, force=force)

    def _is_linked(self, ob: Component, kind: str, label: str) -> bool:
        if label == self._name and self._tracked.has(ob, kind):
            return True
        return any(
            (connection.label or self._name) == label and links.has(ob, kind)
            for connection, links in zip(self._connections, self._targets, strict=True)
        )

    def forget(self, component: Component) -> None:
        """Drop what is known about a component that was disposed."""
        for links in (*self._targets, *self._waypoints, self._tracked):
            links.forget(component)

    def cancel(self) -> None:
        """Cancel the coroutine of this reaction, if one runs."""
        if self._series is not None:
            self._waiting = []
            self._call_waits = False
            self._series.cancel()

    def dispose(self) -> None:
        """Disconnect from everything; events that wait in the loop are still delivered."""
        self._is_disposed = True
        for connection, links in zip(self._connections, self._targets, strict=True):
            for ob, kind in links.clear():
                ob._remove_reaction(kind, self, connection.label or self._name)
        for ob, kind in self._tracked.clear():
            ob._remove_reaction(kind, self, self._name)
        for index, links in enumerate(self._waypoints):
            for ob, kind in links.clear():
                ob._remove_waypoint(kind, self, index)
        component = self._ref()
        if component is not None:
            component._forget_reaction(self)


class ReactionDescriptor(MethodDescriptor):
    """What `reaction` makes of a method; on an instance it gives a `Reaction`."""

    _kind = "a reaction"
    _reaction_type: ClassVar[type[Reaction]] = Reaction

    def __init__(
        self,
        func: Callable[..., object],
        mode: str,
        connection_strings: tuple[str, ...] = (),
        *,
        component: Component | None = None,
    ) -> None:
        if not inspect.isfunction(func):
            raise TypeError(f"@reaction decorates a method, not {func!r}")
        if not takes_self(func):
            raise TypeError(
                f"The first argument of a reaction method is 'self' or 'this', not so in {func.__qualname__}"
            )
        super().__init__(func)
        self.mode = mode
        self.connection_strings = connection_strings
        self._component = component

    @property
    def local_connection_strings(self) -> tuple[str, ...]:
        """The connection strings that name an event of the component itself."""
        return tuple(text for text in self.connection_strings if "." not in text)

    def __repr__(self) -> str:
        return f"<reaction descriptor {self.name!r} ({self.mode})>"

    @overload
    def __get__(self, component: None, owner: type | None = None) -> ReactionDescriptor: ...
    @overload
    def __get__(self, component: Component, owner: type | None = None) -> Reaction: ...
    def __get__(self, component: Component | None, owner: type | None = None) -> Any:
        if component is None:
            return self
        if component._descriptors.get(self.name) is not self:
            return MethodType(self.func, component)  # by `super()`: the method, which is not connected again
        try:
            return component._bound[self]
        except KeyError:
            where = component if self._component is None else self._component
            bound = self._reaction_type(
                where, self.func, self.mode, self.connection_strings, name=self.name, bound_to=component
            )
            component._bound[self] = bound
            return bound


def takes_self(func: Callable[..., object]) -> bool:
    """Whether a function's first parameter says that it is a method."""
    code = getattr(func, "__code__", None)
    return code is not None and code.co_argcount > 0 and code.co_varnames[0] in ("self", "this")


def checked_mode(mode: str | None) -> str:
    """Return a mode in lower case, ``'normal'`` for None.

    Raises:
        TypeError: There is no such mode.
    """
    if mode is None:
        return "normal"
    if not isinstance(mode, str) or mode.lower() not in MODES:
        raise TypeError(f"The mode of a reaction is one of {', '.join(MODES)}, not {mode!r}")
    return mode.lower()


@overload
def reaction(func: Callable[..., object], /) -> ReactionDescriptor: ...
@overload
def reaction(
    *connection_strings: str, mode: str | None = "normal"
) -> Callable[[Callable[..., object]], ReactionDescriptor]: ...
def reaction(
    *connection_strings: Any, mode: str | None = "normal"
) -> ReactionDescriptor | Callable[[Callable[..., object]], ReactionDescriptor]:
    """Decorate a method that reacts to events.

    Without connection strings the method runs once and then whenever a property changes that it has read.

    Args:
        connection_strings: What to react to, see `Connection`; each is a text such as ``"children*.pressed"``.
        mode: ``"normal"`` calls with events of several sources in the order in which they happened, ``"greedy"`` once
            per iteration with all of them, ``"auto"`` also when a property changes that the method has read.

    Raises:
        TypeError: No arguments, an unknown mode, or something that is neither a text nor a method.
        ValueError: A connection string that cannot be read.
    """
    if not connection_strings:
        if mode is not None and isinstance(mode, str) and mode.lower() == "auto":
            return lambda func: ReactionDescriptor(func, "auto")
        raise TypeError("@reaction takes connection strings; without any, write it without parentheses")
    mode = checked_mode(mode)
    if len(connection_strings) == 1 and callable(connection_strings[0]):
        return ReactionDescriptor(connection_strings[0], "auto")
    for text in connection_strings:
        if not isinstance(text, str) or not text:
            raise TypeError(f"@reaction takes connection strings that are not empty, not {text!r}")
        Connection(text)  # refuse it where it is written
    return lambda func: ReactionDescriptor(func, mode, connection_strings)
