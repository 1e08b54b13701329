"""What a component knows of whatever carries it to the other side: the verbs of `Link`; and what that knows of it.

Two kinds of objects are linked: components, of which one side is the owner, and `Model`s, which live on both. They
never see a session, a socket or a manager; they are handed a `Link` when they are made, and that is all they need. The
link under which code is running is a context variable, so that what is made inside an action, a reaction or a task that
one of these started belongs to the same page.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from deskapp.errors import CodecError, NotDeclared, SessionNotFoundException

if TYPE_CHECKING:
    from deskapp.event import Event, Loop

logger = logging.getLogger("deskapp.bridge")


class Link(Protocol):
    """Carries one page's components between Python and JavaScript."""

    @property
    def id(self) -> str:
        """Names the page; part of every component's `uid`."""

    def register(self, component: LinkedObject) -> str:
        """Take a new component in and return its id, which is never used again."""

    def instantiate(self, component: LinkedObject, props: Mapping[str, object]) -> None:
        """Make the other half of `component`, with these property values."""

    def check(self, component: LinkedObject, name: str, value: object) -> None:
        """Raise CodecError if a value of the property or event `name` cannot travel; nothing is sent."""

    def publish(self, component: LinkedObject, event: Event) -> None:
        """Tell the other half what happened on this side."""

    def invoke(self, component: LinkedObject, action: str, args: Sequence[object]) -> None:
        """Ask the other half, which owns the component, to run a declared action."""

    def subscribe(self, component: LinkedObject, types: Sequence[str]) -> None:
        """Ask the other half, which owns the component, for events of these types and no others."""

    def dispose(self, component: LinkedObject) -> None:
        """Tell the other half that `component` ends."""

    def forget(self, component_id: str) -> None:
        """A component was collected as garbage; may be called on any thread."""

    def keep_alive(self, ob: object, iters: int | None = None) -> None:
        """Hold an object for some round trips to the page and back; for as many as suit it if not given."""

    def root(self) -> LinkedObject | None:
        """The component that was registered first."""


@dataclass(frozen=True)
class UnknownSession:
    """A session of which nothing is known but its name.

    Args:
        id: Its id.
    """

    id: str

    def root(self) -> None:
        """Nobody here knows its first component."""


_current: ContextVar[Link | None] = ContextVar("deskapp_link", default=None)


class _Default:
    """Holds the process's default link, which a prompt or a notebook sets."""

    link: Link | None = None


def current() -> Link | None:
    """Return the link of the code that is running, else that of the prompt; None outside any page."""
    found = _current.get()
    return found if found is not None else _Default.link


def entered() -> Link | None:
    """Return the link of the code that is running; None outside any page, also at a prompt."""
    return _current.get()


def use_default(new: Link | None) -> Link | None:
    """Replace the link of components that are made outside any page, and return the old one.

    Args:
        new: That of a prompt or a notebook; None: such components are refused.
    """
    old, _Default.link = _Default.link, new
    return old


@contextmanager
def use(link: Link | None) -> Iterator[None]:
    """Make `link` the current one for the duration of a ``with`` block."""
    token = _current.set(link)
    try:
        yield
    finally:
        _current.reset(token)


@dataclass(frozen=True)
class Creation:
    """How an object was made, so that the page can make its half, now and after a reload.

    Args:
        args: Arguments for an ``init`` that runs in the page.
        contexts: Ids of the objects in whose contexts it was made, outermost first.
        style: CSS for the node of a `JsComponent`.
    """

    args: tuple[object, ...] = ()
    contexts: tuple[str, ...] = ()
    style: str = ""


class LinkedObject:
    """What a page's `Link` asks of an object with a half on each side; mixed into a component class.

    What is not overridden refuses what a page has no business to ask.
    """

    _lives_in_page: ClassVar[bool] = False
    """Whether the page owns it, and Python has the proxy."""

    _has_two_owners: ClassVar[bool] = False
    """Whether it lives on both sides, and tells a page that is made anew about itself."""

    _init_order = 0
    """Of the objects that live on both sides: which ``init`` ended before which."""

    _was_made_in_page = False
    _creation = Creation()
    _session: Any
    _id: str

    if TYPE_CHECKING:
        _loop: Loop
        _disposed: bool
        id: Any
        session: Any
        uid: Any

        def dispose(self) -> None: ...
        def _apply_mutation(self, name: str, value: Any, mutation: str = "set", index: Any = -1) -> bool: ...

    def _has_generated(self, action: str) -> bool:
        """Whether an action is a setter that was generated for a property: asking twice is as good as asking once."""
        descriptor = getattr(type(self), "_descriptors", {}).get(action)
        return bool(getattr(descriptor, "is_autogenerated", False))

    def _find_link(self, given: Link | None) -> None:
        """Belong to a page: the one given, that of the innermost active object, or the current one.

        Raises:
            SessionNotFoundException: There is none.
        """
        active = [item for item in self._loop.get_active_components() if isinstance(item, LinkedObject)]
        link = given or (active[-1].session if active else current())
        if link is None:
            raise SessionNotFoundException(f"{type(self).__name__}(…)")
        self._session = link
        self._id = link.register(self)
        contexts = tuple(item.id for item in active if item.session is link)
        self._creation = replace(self._creation, contexts=contexts)

    @property
    def _root(self) -> LinkedObject | None:
        root: LinkedObject | None = self._session.root()
        return root

    @property
    def _uid(self) -> str:
        return f"{self._session.id}_{self._id}"

    def _subscribed_types(self) -> list[str]:
        """Event types that this side wants to be told of."""
        return []

    def _held_values(self) -> dict[str, object]:
        """What a page that is made anew is to be told."""
        return {}

    def _receive(self, kind: str, mutation: str, value: object, index: Any) -> None:
        """Apply what happened in the page.

        Raises:
            NotDeclared: Nothing that happens there concerns this.
        """
        raise NotDeclared(self._id, kind)

    def _set_subscription(self, link: Link, types: frozenset[str]) -> None:
        """A page wants plain events of these types.

        Raises:
            NotDeclared: The page owns this, and would ask itself.
        """
        raise NotDeclared(self._id, "SUBSCRIBE")

    def _tell_anew(self) -> None:
        """Tell a page that is made anew, and has everything that survived, what INSTANTIATE did not say."""

    def _init_anew(self) -> None:
        """Go through the rest of construction, in a page that is made anew."""

    def _end(self) -> None:
        """End without telling the page, which knows or is gone."""


@contextmanager
def left_out_if_it_cannot_travel() -> Iterator[None]:
    """Make a page anew without a value that cannot be told: it was refused when it was set, or is a default.

    JavaScript makes a default by itself, and a page must not end because of one value.
    """
    try:
        yield
    except CodecError as error:
        logger.warning("The page is made anew without a value: %s", error)
