"""What a component knows of whatever carries it to the other side: the verbs of `Link`.

A component never sees a session, a socket or a manager; it is handed a `Link` when it is made, and that is all it
needs. The link under which code is running is a context variable, so that components made inside an action, a
reaction or a task that one of these started belong to the same page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from deskapp.bridge.component import BaseAppComponent
    from deskapp.event import Event


class Link(Protocol):
    """Carries one page's components between Python and JavaScript."""

    @property
    def id(self) -> str:
        """Names the page; part of every component's `uid`."""

    def register(self, component: BaseAppComponent) -> str:
        """Take a new component in and return its id, which is never used again."""

    def instantiate(self, component: BaseAppComponent, props: Mapping[str, object]) -> None:
        """Make the other half of `component`, with these property values."""

    def check(self, component: BaseAppComponent, name: str, value: object) -> None:
        """Raise CodecError if a value of the property or event `name` cannot travel; nothing is sent."""

    def publish(self, component: BaseAppComponent, event: Event) -> None:
        """Tell the other half what happened on this side."""

    def invoke(self, component: BaseAppComponent, action: str, args: Sequence[object]) -> None:
        """Ask the other half, which owns the component, to run a declared action."""

    def subscribe(self, component: BaseAppComponent, types: Sequence[str]) -> None:
        """Ask the other half, which owns the component, for events of these types and no others."""

    def dispose(self, component: BaseAppComponent) -> None:
        """Tell the other half that `component` ends."""

    def forget(self, component_id: str) -> None:
        """A component was collected as garbage; may be called on any thread."""

    def root(self) -> BaseAppComponent | None:
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


def current() -> Link | None:
    """Return the link of the code that is running, or None outside any page."""
    return _current.get()


@contextmanager
def use(link: Link | None) -> Iterator[None]:
    """Make `link` the current one for the duration of a ``with`` block."""
    token = _current.set(link)
    try:
        yield
    finally:
        _current.reset(token)
