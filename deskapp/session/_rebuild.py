"""Makes a page anew from what Python holds, after a reload or a crash of its web process.

The page is a view. The survivors are every live `PyComponent` and every `JsComponent` made in Python, in order of
creation; what JavaScript had made is disposed first, and made anew by its makers' ``init``.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from deskapp.bridge import messages
from deskapp.bridge.component import BaseAppComponent, JsComponent
from deskapp.errors import CodecError

if TYPE_CHECKING:
    from deskapp.session._presence import Presence
    from deskapp.session._registry import Registry
    from deskapp.session._session import Session

logger = logging.getLogger("deskapp.session")

SURVIVOR = -1
"""The `req` of an INSTANTIATE that brings a component back; see `deskapp.bridge.messages`."""


def rebuild(session: Session, registry: Registry, presence: Presence) -> int:
    """Send everything that a new page needs; the protocol has begun a new epoch.

    Returns:
        How many objects of the old page were dropped.
    """
    presence.reset()
    dropped, emptied = _drop_what_the_page_made(registry)
    survivors = [component for _, component in registry]
    for component in survivors:
        component._forget_subscriptions()
        # What the page made is for its makers to fill in again: "nothing" must not be told over it.
        left_out = emptied.get(component, set()) if isinstance(component, JsComponent) else set()
        plain = {
            name: value
            for name, value in component._held_values().items()
            if name not in left_out and not _holds_component(value) and _can_travel(session, component, name, value)
        }
        session._send_instantiate(component, plain, req=SURVIVOR)
    for component in survivors:
        for name, value in component._held_values().items():
            is_due = _holds_component(value) or not isinstance(component, JsComponent)
            if is_due and _can_travel(session, component, name, value):
                prepared = session._codec.prepare(value, f"{component.id}.{name}")
                session._send(messages.EMIT(session.wire_id(component), name, "set", prepared, -1))
    return len(dropped)


def _drop_what_the_page_made(registry: Registry) -> tuple[list[JsComponent], dict[BaseAppComponent, set[str]]]:
    """End what the page made; also return which properties held some of it."""
    emptied: dict[BaseAppComponent, set[str]] = {}
    dropped = [
        component for _, component in registry if isinstance(component, JsComponent) and component._was_made_in_page
    ]
    gone = {id(component) for component in dropped}
    for made_there in dropped:
        registry.bury(made_there.id)
        made_there._end()
    for _, component in registry:
        for name, value in component._held_values().items():
            if id(value) in gone:
                emptied.setdefault(component, set()).add(name)
                component._apply_mutation(name, None, "set", -1)
            elif isinstance(value, list | tuple) and any(id(item) in gone for item in value):
                emptied.setdefault(component, set()).add(name)
                component._apply_mutation(name, [item for item in value if id(item) not in gone], "set", -1)
    return dropped, emptied


def _can_travel(session: Session, component: BaseAppComponent, name: str, value: object) -> bool:
    """Whether a page can be told a value. One that cannot was refused when it was set; it must not end the page now."""
    try:
        session._codec.prepare(value, f"{component.id}.{name}")
    except CodecError as error:
        logger.warning("The page is made anew without a value: %s", error)
        return False
    return True


def _holds_component(value: object) -> bool:
    if isinstance(value, BaseAppComponent):
        return True
    if isinstance(value, list | tuple):
        return any(_holds_component(item) for item in value)
    if isinstance(value, dict):
        return any(_holds_component(item) for item in value.values())
    return False
