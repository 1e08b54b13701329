"""Makes a page anew from what Python holds, after a reload or a crash of its web process.

The page is a view. The survivors are every live `PyComponent` and `Model` and every `JsComponent` made in Python, in
order of creation; what JavaScript had made is disposed first, and made anew by its makers' ``init``.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from deskapp.bridge import messages
from deskapp.bridge.link import LinkedObject, left_out_if_it_cannot_travel

if TYPE_CHECKING:
    from deskapp.session._presence import Presence
    from deskapp.session._registry import Registry
    from deskapp.session._session import Session

logger = logging.getLogger("deskapp.session")

SURVIVOR = -1
"""The `req` of an INSTANTIATE that brings a component back; see `deskapp.bridge.messages`."""


@dataclass
class Loss:
    """What went with the old page.

    Args:
        count: How many objects.
        emptied: For each survivor, the names of its properties that held some of them.
    """

    count: int = 0
    emptied: dict[str, set[str]] = field(default_factory=dict)


def drop_what_the_page_had(registry: Registry) -> Loss:
    """End the objects that the old page had made, or was to end; before the protocol begins a new epoch."""
    dropped = [
        component
        for _, component in registry
        if component._lives_in_page and (component._was_made_in_page or registry.is_leaving(component.id))
    ]
    gone = {id(component) for component in dropped}
    loss = Loss(len(dropped))
    for component in dropped:
        registry.bury(component.id)
        component._end()
    for _, other in registry:
        for name, value in other._held_values().items():
            if _holds_any(value, gone):
                loss.emptied.setdefault(other.id, set()).add(name)
                try:
                    other._apply_mutation(name, _without(value, gone), "set", -1)
                except (TypeError, ValueError) as error:
                    logger.warning("%s still holds an object of a page that is gone: %s", other.id, error)
    return loss


def rebuild(session: Session, registry: Registry, presence: Presence, loss: Loss) -> None:
    """Send everything that a new page needs; the protocol has begun a new epoch."""
    presence.reset()
    survivors = [component for _, component in registry]
    for component in survivors:
        if not component._lives_in_page:
            component._set_subscription(session, frozenset())
        # What the page made is for its makers to fill in again: "nothing" must not be told over it.
        left_out = loss.emptied.get(component.id, set()) if component._lives_in_page else set()
        plain = {
            name: value
            for name, value in component._held_values().items()
            if not component._has_two_owners
            and name not in left_out
            and not _holds_component(value)
            and _can_travel(session, component, name, value)
        }
        session._send_instantiate(component, plain, req=SURVIVOR)
    for component in survivors:
        if component._has_two_owners:
            component._tell_anew()
            continue
        for name, value in component._held_values().items():
            # What holds components had to wait until all of them are there.
            if _holds_component(value):
                with left_out_if_it_cannot_travel():
                    prepared = session._codec.prepare(value, f"{component.id}.{name}")
                    session._line.send(messages.EMIT(session.wire_id(component), name, "set", prepared, -1))
    # What an object of both sides makes of itself may be of use to those that were made around it.
    for component in sorted(survivors, key=lambda component: component._init_order):
        if component._has_two_owners:
            component._init_anew()


def _holds_any(value: object, gone: set[int]) -> bool:
    if isinstance(value, list | tuple):
        return any(_holds_any(item, gone) for item in value)
    if isinstance(value, dict):
        return any(_holds_any(item, gone) for item in value.values())
    return id(value) in gone


def _without(value: Any, gone: set[int]) -> Any:
    """A copy of a value without certain components: None in their place, and nothing in a list."""
    if isinstance(value, list | tuple):
        return type(value)(_without(item, gone) for item in value if id(item) not in gone)
    if isinstance(value, dict):
        return {key: _without(item, gone) for key, item in value.items()}
    return None if id(value) in gone else value


def _can_travel(session: Session, component: LinkedObject, name: str, value: object) -> bool:
    with left_out_if_it_cannot_travel():
        session.check(component, name, value)
        return True
    return False


def _holds_component(value: object) -> bool:
    if isinstance(value, LinkedObject):
        return True
    if isinstance(value, list | tuple):
        return any(_holds_component(item) for item in value)
    if isinstance(value, dict):
        return any(_holds_component(item) for item in value.values())
    return False
