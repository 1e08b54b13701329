"""`connect`: handlers of the older API, which get all events of an iteration in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, overload

from deskapp.event._connection import Connection
from deskapp.event._reaction import Reaction, ReactionDescriptor

if TYPE_CHECKING:
    from deskapp.event._component import Component
    from deskapp.event._event import Event


class Handler(Reaction):
    """A function that is called once per iteration of the loop, with all events of what it is connected to.

    When something on the way of a connection string changes, the handler connects anew when it is called, not when
    the change happens.
    """

    __slots__ = ("_stale",)

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
        self._stale: set[int] | None = None  # while it is made, connecting is not put off
        super().__init__(component, func, mode, connection_strings, name=name, bound_to=bound_to)
        self._stale = set()

    def __repr__(self) -> str:
        return f"<handler {self.full_name!r}>"

    def reconnect(self, index: int) -> None:
        """Connect anew, when the handler is next called, to what a connection string then leads to."""
        if self._stale is None:
            super().reconnect(index)
        elif not self._is_disposed:
            self._stale.add(index)
            self._loop.queue_reaction(self, None, "", None)

    def run(self, events: list[Event]) -> None:
        """Connect anew where that is due, then call the function if there are events."""
        stale, self._stale = self._stale or set(), None
        try:
            for index in sorted(stale):
                super().reconnect(index)
        finally:
            self._stale = set()
            if events:
                super().run(events)

    def handle_now(self) -> None:
        """Call the function now with the events that wait for it, if there are any."""
        self._loop.check_thread(f"{self!r} was called")
        self.run(self._loop.take_events(self))


class HandlerDescriptor(ReactionDescriptor):
    """What `connect` makes of a method; on an instance it gives a `Handler`."""

    _kind = "a handler"
    _reaction_type: ClassVar[type[Reaction]] = Handler

    def __init__(self, func: Callable[..., object], connection_strings: tuple[str, ...]) -> None:
        super().__init__(func, "greedy", connection_strings)

    if TYPE_CHECKING:

        @overload
        def __get__(self, component: None, owner: type | None = None) -> HandlerDescriptor: ...
        @overload
        def __get__(self, component: Component, owner: type | None = None) -> Handler: ...
        def __get__(self, component: Component | None, owner: type | None = None) -> Any: ...

    def __repr__(self) -> str:
        return f"<handler descriptor {self.name!r}>"


def checked_strings(strings: Iterable[object], what: str) -> tuple[str, ...]:
    """Return connection strings that can be read.

    Args:
        strings: What was given.
        what: What they were given to, for messages.

    Raises:
        RuntimeError: There is none.
        ValueError: One is no text, or cannot be read.
    """
    found: list[str] = []
    for text in strings:
        if not isinstance(text, str):
            raise ValueError(f"{what} takes connection strings, not {text!r}")
        Connection(text)
        found.append(text)
    if not found:
        raise RuntimeError(f"{what} needs one or more connection strings, as in connect('foo')")
    return tuple(found)


def connect(*connection_strings: Any) -> Callable[[Callable[..., object]], HandlerDescriptor]:
    """Decorate a method that handles events; it is called with all that happened since the last time.

    Args:
        connection_strings: What to listen to, such as ``"foo"`` or ``"children*.foo"``; see `Connection`.

    Raises:
        RuntimeError: There is no connection string.
        ValueError: One cannot be read.
        TypeError: What is decorated is no method.
    """
    if len(connection_strings) == 1 and callable(connection_strings[0]):
        raise RuntimeError("@connect needs one or more connection strings, as in @connect('foo')")
    strings = checked_strings(connection_strings, "@connect")
    return lambda func: HandlerDescriptor(func, strings)
