"""Scopes: named places in a page, one in the other, and which of them the running code shows things in."""

from __future__ import annotations

import asyncio
import difflib
import re
import threading
from collections.abc import Callable
from contextvars import ContextVar

from deskapp.errors import ScopeNotFound

ROOT = "ROOT"
"""The scope that every page has."""

_NAME = re.compile(r"[A-Za-z0-9_-]+\Z")


class ScopeTree:
    """The scopes of one page, what contains them, and whom the page reports to from them.

    Args:
        forget: Called with the id of a listener that has gone with its scope.
    """

    def __init__(self, forget: Callable[[str], object]) -> None:
        self._forget = forget
        self._parents: dict[str, str] = {ROOT: ""}
        self._listeners: dict[str, set[str]] = {}
        self._made = 0

    def check(self, name: str, what: str) -> str:
        """The name itself, if there is such a scope.

        Args:
            name: The name.
            what: Who asks, for example ``"clear()"``.

        Raises:
            TypeError: It is no text.
            ScopeNotFound: There is none.
        """
        if not isinstance(name, str):
            raise TypeError(f"{what} names a scope by a text, not by {name!r}")
        if name not in self._parents:
            raise ScopeNotFound(what, name, difflib.get_close_matches(name, self._parents, n=2))
        return name

    def __contains__(self, name: str) -> bool:
        return name in self._parents

    def add(self, name: str, parent: str) -> None:
        """There is a scope now, in another one."""
        self._parents[name] = parent

    def move(self, name: str, parent: str) -> None:
        """A scope is in another place now."""
        if name in self._parents and name != ROOT:
            self._parents[name] = parent

    def hold(self, name: str, listener: str) -> None:
        """What is in a scope reports to a listener, which goes with it."""
        self._listeners.setdefault(name, set()).add(listener)

    def release(self, name: str, listener: str) -> None:
        """What reports to a listener is in this scope no more."""
        self._listeners.get(name, set()).discard(listener)

    def empty(self, name: str) -> None:
        """What was in a scope is gone, with the scopes in it and the listeners."""
        for listener in self._listeners.pop(name, ()):
            self._forget(listener)
        for inner in [each for each, parent in self._parents.items() if parent == name]:
            self.remove(inner)

    def remove(self, name: str) -> None:
        """A scope is gone, and those in it."""
        if self._parents.pop(name, None) is not None:
            self.empty(name)

    def new_name(self) -> str:
        """A name for a scope whose name nobody needs to know."""
        while True:
            self._made += 1
            name = f"scope-{self._made}"
            if name not in self._parents:
                return name


def checked_name(name: object, what: str) -> str:
    """The name itself, if a scope can have it.

    Raises:
        TypeError: It is no text.
        ValueError: It has other characters than letters, digits, ``-`` and ``_``.
    """
    if not isinstance(name, str):
        raise TypeError(f"{what} names a scope by a text, not by {name!r}")
    if not _NAME.match(name):
        raise ValueError(f"{what} cannot name a scope {name!r}: use letters, digits, - and _")
    return name


Unit = object
"""What runs by itself: a task, or a thread. Each has a stack of scopes of its own."""

_stack: ContextVar[tuple[Unit, tuple[str, ...]] | None] = ContextVar("deskapp_scopes", default=None)


def scope_stack() -> tuple[str, ...]:
    """The scopes that the running thread or task is in, outermost first; tasks and threads begin at the root."""
    found = _stack.get()
    if found is None or found[0] is not _unit():
        return (ROOT,)
    return found[1]


def push_scope(name: str) -> None:
    """Be in a scope, until `pop_scope`."""
    _stack.set((_unit(), (*scope_stack(), name)))


def pop_scope() -> None:
    """Leave the innermost scope."""
    _stack.set((_unit(), scope_stack()[:-1] or (ROOT,)))


def _unit() -> Unit:
    if asyncio._get_running_loop() is not None:
        task = asyncio.current_task()
        if task is not None:
            return task
    return threading.current_thread()
