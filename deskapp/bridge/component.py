"""`PyComponent`, `JsComponent` and `StubComponent`: components with a half on each side of the wire.

The half that owns a component holds the truth: it validates, runs actions and reactions, and tells the other what
changed. The other half is a proxy: it shows the same properties and events, and passes actions on.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from threading import get_ident
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from deskapp.bridge import link as links
from deskapp.bridge._meta import AppComponentMeta, LocalProperty, Side
from deskapp.bridge.link import Creation, Link, LinkedObject, UnknownSession
from deskapp.errors import ProtocolError
from deskapp.event import Attribute, Component, Event, Loop, current_loop

__all__ = ["BaseAppComponent", "JsComponent", "LocalProperty", "PyComponent", "StubComponent"]

logger = logging.getLogger("deskapp.bridge")


class BaseAppComponent(LinkedObject, Component, metaclass=AppComponentMeta):
    """What `PyComponent` and `JsComponent` have in common. Not to be instantiated.

    Args:
        *init_args: Arguments for ``init``.
        **property_values: Values of properties.
    """

    __side__: ClassVar[Side | None] = None

    session = Attribute(doc="The session that it belongs to.")
    root = Attribute(doc="The first component of its session.")
    uid = Attribute(doc="A name that is unique among all sessions.")

    def __init__(self, *init_args: Any, **property_values: Any) -> None:
        if self.__side__ is None:
            raise TypeError(f"{type(self).__name__} lives on no side; derive from PyComponent or JsComponent")
        if self.__side__ == "js":
            self._creation = Creation(init_args)
        super().__init__(*init_args, **property_values)

    def _init_identity(self, kwargs: dict[str, Any]) -> None:
        given = kwargs.pop("flx_session", None)  # what users write who make sessions themselves
        self._find_link(kwargs.pop("_session", given))

    def _enter(self) -> AbstractContextManager[None]:
        """Make its page the current one while its code runs."""
        return links.use(self._session)

    def _synced(self) -> list[str]:
        """Names of the properties that both sides have."""
        cls = type(self)
        return [name for name in cls.__properties__ if not isinstance(getattr(cls, name), LocalProperty)]

    def _synced_values(self) -> dict[str, object]:
        """The values of the properties that both sides have."""
        return {name: self._values[name] for name in self._synced()}

    def _held_values(self) -> dict[str, object]:
        """What a page that is made anew is to be told."""
        return self._synced_values()

    def _end(self) -> None:
        """End without telling the other side, which knows or is gone."""
        super().dispose()


class PyComponent(BaseAppComponent):
    """A component that lives in Python. JavaScript has a proxy that shows its properties and calls its actions.

    Override ``init`` to set it up; make `JsComponent`s there to have something on the screen.

    Args:
        *init_args: Arguments for ``init``.
        **property_values: Values of properties; a function of no arguments makes the property follow it.

    Raises:
        SessionNotFoundException: It is made outside any app.
        AttributeError: There is no such property.
    """

    __side__: ClassVar[Side | None] = "py"

    _links: Mapping[Link, frozenset[str]] = MappingProxyType({})
    _synced_names: frozenset[str] = frozenset()
    _local_names: frozenset[str] = frozenset()

    def _before_init(self) -> None:
        self._links = {self._session: frozenset()}
        self._synced_names = frozenset(self._synced())
        self._local_names = frozenset(type(self).__properties__) - self._synced_names
        self._session.instantiate(self, self._synced_values())

    def _observer(self, event: Event) -> None:
        """Tell the pages that have a proxy what happened here."""
        kind: Any = event["type"]
        is_property = kind in self._synced_names and "mutation" in event
        if not is_property and kind in self._local_names:
            return  # a page may ask for anything
        was_told = False
        for link, types in self._links.items():
            if is_property or kind in types:
                try:
                    link.publish(self, event)
                except ProtocolError:
                    if not was_told and is_property and event["mutation"] == "set":
                        self._values[kind] = event["old_value"]  # what cannot be shown is not held either
                    raise
                was_told = True

    def _apply_mutation(self, name: str, value: Any, mutation: str = "set", index: Any = -1) -> bool:
        # A partial mutation could not be taken back; so what cannot travel is refused before it begins.
        if mutation in ("insert", "replace") and name in self._synced_names:
            for link in self._links:
                link.check(self, name, value)
        return super()._apply_mutation(name, value, mutation, index)

    def _add_link(self, link: Link) -> None:
        """Another page has a proxy of this too."""
        self._links = {link: frozenset(), **self._links}

    def _remove_link(self, link: Link) -> None:
        """A page is gone."""
        self._links = {other: types for other, types in self._links.items() if other is not link}

    def _set_subscription(self, link: Link, types: frozenset[str]) -> None:
        """A page's proxy wants plain events of these types."""
        if link in self._links:
            self._links = {**self._links, link: types}

    def _dispose(self) -> None:
        if not self._disposed:
            for link in self._links:
                link.dispose(self)
        super()._dispose()

    def _end(self) -> None:
        self._links = {}
        super()._end()

    def __del__(self) -> None:
        for link in self._links:
            link.forget(self._id if link is self._session else self._uid)
        super().__del__()


class JsComponent(BaseAppComponent):
    """A component that lives in JavaScript. Python has a proxy that shows its properties and calls its actions.

    Its methods, actions and reactions are written in Python and run in the page. ``self.node`` is its DOM node: made
    by ``_create_dom`` if that is overridden, else a ``<div>`` on first use; it is put into the node of the component in
    whose context it was made, else into the page.

    Args:
        *init_args: Arguments for ``init``, which runs in JavaScript.
        style: CSS for its node, for example ``"height: 300px"``, if the class has no property of that name.
        **property_values: Values of properties; a function of no arguments stays in Python and the property follows it.

    Raises:
        SessionNotFoundException: It is made outside any app.
        TypeError, ValueError: A value does not suit its property.
    """

    __side__: ClassVar[Side | None] = "js"

    _lives_in_page = True

    def _init_identity(self, kwargs: dict[str, Any]) -> None:
        made_as = kwargs.pop("_page_id", None)
        if made_as is None:
            if "style" in kwargs and "style" not in type(self).__properties__:
                self._creation = replace(self._creation, style=_checked_style(kwargs.pop("style")))
            super()._init_identity(kwargs)
        else:
            self._session, self._id, self._was_made_in_page = kwargs.pop("_session"), made_as, True
        self._given = [name for name, value in kwargs.items() if not callable(value) or isinstance(value, Component)]

    def _apply_values(self, values: list[tuple[str, Any]]) -> None:
        """Show the defaults until the page has spoken, which holds the truth; what was given is for the page."""
        self._shipped: dict[str, object] = {}
        for name, value in values:
            prop = self._descriptors[name]
            if name in self._given:
                self._shipped[name] = prop.validated(self, value)
            prop.initialize(self, self._values[name])

    def _before_init(self) -> None:
        if not self._was_made_in_page:
            self._session.instantiate(self, self._shipped)
        del self._shipped, self._given

    if not TYPE_CHECKING:  # an override may take what it likes

        def init(self, *args: object) -> None:
            """Runs in JavaScript; nothing is to be done here."""

    def _mutate(self, name: str, value: object, mutation: str = "set", index: Any = -1) -> bool:
        raise RuntimeError(
            f"{self._id}.{name} cannot be mutated in Python: a JsComponent lives in JavaScript. "
            f"Call one of its actions, for example set_{name}(…)."
        )

    def _invoke(self, action: str, args: Sequence[object]) -> None:
        """Ask the page to run an action; from any thread."""
        if self._loop._owner_ident == get_ident():
            self._session.invoke(self, action, args)
        else:
            self._loop.call_soon(self._session.invoke, self, action, args)

    def _receive(self, kind: str, mutation: str, value: object, index: Any) -> None:
        """Apply what happened in the page.

        Raises:
            AttributeError: The class has no such property.
            TypeError, ValueError: The value does not suit the property.
        """
        if not mutation:
            if not isinstance(value, dict):
                raise TypeError(f"what an event carries must be a dict, not {type(value).__name__}")
            if kind in type(self).__properties__:
                raise ValueError(f"{kind!r} is a property: what happens to it is a mutation, not a plain event")
            self.emit(kind, value)
        elif kind in type(self).__properties__:
            self._apply_mutation(kind, value, mutation, index)
        else:
            raise AttributeError(f"{type(self).__name__} has no property {kind!r}")

    def _on_connections_changed(self, kind: str) -> None:
        if kind not in type(self).__properties__ and not self._disposed:
            self._session.subscribe(self, self._subscribed_types())

    def _subscribed_types(self) -> list[str]:
        properties = type(self).__properties__
        return [kind for kind in self.get_event_types() if kind not in properties and self.get_event_handlers(kind)]

    @classmethod
    def _from_page(cls, link: Link, component_id: str) -> JsComponent:
        """Make the proxy of something that JavaScript made."""
        return cls(_session=link, _page_id=component_id)

    def dispose(self) -> None:
        """Ask the page to end it; this half follows when the page has."""
        if not self._disposed:
            self._loop.check_thread(f"{self} was disposed")
            self._session.dispose(self)

    def __del__(self) -> None:
        session = self.__dict__.get("_session")
        was_told = "_given" not in self.__dict__  # else it failed before the page heard of it
        if session is not None and not self._disposed and was_told:
            session.forget(self._id)
        super().__del__()


def _checked_style(style: object) -> str:
    if not isinstance(style, str):
        raise TypeError(f"style must be a text of CSS, such as 'height: 300px', not {type(style).__name__}")
    return style


class StubComponent(BaseAppComponent):
    """Stands for a component that is not here: of another session, or unknown. It can be passed around.

    It has no properties and no actions. Two stubs for one component are equal.

    Args:
        session: The session, or its id if it is unknown.
        component_id: The id within that session.
    """

    _disposed = False
    _emitting = None
    _pending = None

    def __init__(self, session: object, component_id: str) -> None:
        self._session = UnknownSession(session) if isinstance(session, str) else session
        self._id = component_id
        # What an event.Component is made of, with nothing in it: code that looks for more finds that there is none.
        self._values: dict[str, Any] = {}
        self._bound: dict[Any, Any] = {}
        self._anonymous: list[Any] = []
        self._handlers: dict[str, Any] = {}
        self._waypoints: dict[str, Any] = {}

    @property
    def _loop(self) -> Loop:  # type: ignore[override]  # asked for late: a stub belongs to none
        return current_loop()

    def __enter__(self) -> StubComponent:
        raise TypeError(f"{self!r} is not here: nothing can be made in its context")

    @property
    def session_id(self) -> str:
        """The id of its session."""
        return str(getattr(self._session, "id", ""))

    @property
    def _root(self) -> BaseAppComponent | None:
        find = getattr(self._session, "root", None)
        return find() if callable(find) else None

    @property
    def _uid(self) -> str:
        return f"{self.session_id}_{self._id}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StubComponent) and other._uid == self._uid

    def __hash__(self) -> int:
        return hash(self._uid)

    def __repr__(self) -> str:
        return f"<StubComponent for {self._id!r} of session {self.session_id[:6]!r}…>"
