"""Topological order of anything that has a name and dependencies; names the circle when there is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from deskapp.errors import DependencyCycle


class Dependent(Protocol):
    """Anything that can be sorted: a name, and the names of what must come before."""

    @property
    def name(self) -> str: ...

    @property
    def deps(self) -> Sequence[str]: ...


T = TypeVar("T", bound=Dependent)


def in_order(items: Iterable[T]) -> list[T]:
    """Return the items so that each one follows what it depends on.

    The order given is kept wherever dependencies leave a choice, so equal input gives equal output. Names that no
    item bears are ignored: they are somebody else's to provide.

    Raises:
        DependencyCycle: Some items need each other in a circle.
    """
    by_name: dict[str, T] = {item.name: item for item in items}
    names = name_order({name: item.deps for name, item in by_name.items()})
    return [by_name[name] for name in names]


def name_order(deps: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the keys of `deps`, each after the keys that it needs.

    Raises:
        DependencyCycle: Some of them need each other in a circle.
    """
    done: dict[str, None] = {}
    path: list[str] = []

    def visit(name: str) -> None:
        if name in done:
            return
        if name in path:
            raise DependencyCycle(path[path.index(name) :])
        path.append(name)
        for dep in deps[name]:
            if dep in deps:
                visit(dep)
        path.pop()
        done[name] = None

    for name in deps:
        visit(name)
    return list(done)
