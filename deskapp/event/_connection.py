"""Connection strings: what a reaction listens to, parsed and resolved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from deskapp.event._log import logger

_PART = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\*{0,2})", re.ASCII)


class Connection:
    """One connection string: ``['!'] part ('.' part)* [':' label]``, a part being a name with ``*`` or ``**``.

    The last part names the event type; those before it are looked up, one in the other. ``name*`` goes on with each
    item of a list, ``name**`` also with the items of the same name in these, and so on. With ``!`` an event type that
    is not known (yet) is no cause for a warning. The label decides the order in which reactions are called.

    Raises:
        ValueError: The text does not follow this grammar.
    """

    __slots__ = ("force", "label", "local", "parts", "text", "type")

    def __init__(self, text: str) -> None:
        if not isinstance(text, str) or not text:
            raise ValueError(f"A connection string is a text that is not empty, not {text!r}")
        path, colon, label = text.partition(":")
        self.text = text
        self.label = label if colon else ""
        self.force = "!" in path
        if "!" in path[1:]:
            logger.warning("Connection string %r: the '!' should stand first", text)
        path = path.replace("!", "")
        if ".*" in path:
            logger.warning("Connection string %r: write the '*' after the name, as in 'foo*.bar'", text)
            path = path.replace(".*", "*")
        parts = [_PART.fullmatch(part) for part in path.split(".")]
        if not all(parts):
            raise ValueError(f"Connection string {text!r} is not made of names, as in 'foo', 'foo.bar' or 'foo*.bar'")
        self.parts = tuple((part[1], part[2]) for part in parts if part is not None)
        self.type = self.parts[-1][0]
        self.local = len(self.parts) == 1

    def resolve(self, component: Any) -> tuple[list[tuple[Any, str]], list[tuple[Any, str]]]:
        """Find what this string stands for now.

        Args:
            component: Where the names are looked up.

        Returns:
            The ``(component, type)`` pairs to listen to, and those of properties on the way: when one of these changes,
            the answer may be another.

        Raises:
            RuntimeError: ``*`` follows the name of something that is no list or tuple.
        """
        return _Search(self).run(component)


class _Search:
    """One walk along a connection string."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._targets: dict[tuple[int, str], tuple[Any, str]] = {}
        self._waypoints: dict[tuple[int, str], tuple[Any, str]] = {}
        self._descended: set[tuple[int, int]] = set()

    def run(self, component: Any) -> tuple[list[tuple[Any, str]], list[tuple[Any, str]]]:
        self._walk(component, self._connection.parts, 0)
        return list(self._targets.values()), list(self._waypoints.values())

    def _walk(self, ob: Any, parts: Sequence[tuple[str, str]], depth: int) -> None:
        if ob is None:
            return
        name, star = parts[0]
        is_component = hasattr(ob, "_IS_COMPONENT")
        if len(parts) == 1:
            if is_component:
                self._targets[id(ob), name] = (ob, name)
            if star == "**":
                self._descend(ob, parts, depth, is_component)
            return
        if star == "**":
            self._descend(ob, parts, depth, is_component)
            return
        value = self._look_up(ob, name, is_component)
        if star == "*" and value is not None:
            self._check_items(value, name)
            for item in value:
                self._walk(item, parts[1:], depth + 1)
        else:
            self._walk(value, parts[1:], depth + 1)

    def _descend(self, ob: Any, parts: Sequence[tuple[str, str]], depth: int, is_component: bool) -> None:
        """Walk on from each item of ``ob.name``, and from the items of the same name in these."""
        if (id(ob), depth) in self._descended:
            return  # a component that contains itself
        self._descended.add((id(ob), depth))
        name = parts[0][0]
        value = self._look_up(ob, name, is_component)
        if not isinstance(value, (list, tuple)):
            if len(parts) > 1:
                self._walk(value, parts[1:], depth + 1)
            return
        for item in value:
            if len(parts) > 1:
                self._walk(item, parts[1:], depth + 1)
                if hasattr(item, name):
                    self._descend(item, parts, depth, hasattr(item, "_IS_COMPONENT"))
            elif hasattr(item, name):
                self._walk(item, parts, depth)

    def _look_up(self, ob: Any, name: str, is_component: bool) -> Any:
        if is_component and name in ob.__properties__:
            self._waypoints[id(ob), name] = (ob, name)
        return getattr(ob, name, None)

    def _check_items(self, value: Any, name: str) -> None:
        if not isinstance(value, (list, tuple)):
            kind = type(value).__name__
            raise RuntimeError(f"Invalid connection {self._connection.text!r}: {name!r} is no list, but {kind}")
