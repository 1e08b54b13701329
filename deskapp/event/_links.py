"""`Links`: what one connection string leads to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from weakref import ref

if TYPE_CHECKING:
    from deskapp.event._component import Component

Pair = tuple["Component", str]
"""A component and a type of its events."""


class Links:
    """Components and event types, in order.

    The component that owns the reaction is held weakly, so that the two make no circle.
    """

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held: dict[tuple[int, str], Component | ref[Component]] = {}

    def pairs(self) -> list[Pair]:
        """What is held and still exists."""
        found = ((held() if isinstance(held, ref) else held, kind) for (_, kind), held in self._held.items())
        return [(ob, kind) for ob, kind in found if ob is not None]

    def has(self, ob: Component, kind: str) -> bool:
        """Whether a pair is held."""
        return (id(ob), kind) in self._held

    def update(self, wanted: Iterable[Pair], owner: Component) -> tuple[list[Pair], list[Pair]]:
        """Hold exactly what is wanted; returns what that dropped and what it added."""
        keys = {(id(ob), kind): ob for ob, kind in wanted}
        dropped = [(ob, kind) for ob, kind in self.pairs() if (id(ob), kind) not in keys]
        added = [(ob, key[1]) for key, ob in keys.items() if key not in self._held]
        self._held = {key: ref(ob) if ob is owner else ob for key, ob in keys.items()}
        return dropped, added

    def forget(self, component: Component) -> None:
        """Hold nothing of a component."""
        self._held = {key: held for key, held in self._held.items() if key[0] != id(component)}

    def clear(self) -> list[Pair]:
        """Hold nothing; returns what was held."""
        pairs = self.pairs()
        self._held = {}
        return pairs
