"""`AppSpec`: what to instantiate, under which name, in which window."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from deskapp.errors import ConfigError

MAIN = "__main__"
"""What the main app is called where it needs a name; its page is at ``/``."""

RESERVED = frozenset({"_a", "_client", "_icon", "_ping", "_ws"})
"""First parts of URLs that are no apps."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


@dataclass(frozen=True)
class Csp:
    """What an app's page may do beyond the strict default. Every field is a widening; see docs/explain/security.md.

    Args:
        connect: Origins that the page may fetch from or open sockets to, for example ``"https://api.example.org"``.
        eval: Allow ``eval`` and ``new Function`` (some plotting libraries need them).
        wasm: Allow WebAssembly to be compiled.
    """

    connect: tuple[str, ...] = ()
    eval: bool = False
    wasm: bool = False

    def __post_init__(self) -> None:
        for origin in self.connect:
            if not re.match(r"(https?|wss?)://[A-Za-z0-9.*\-\[\]:]+\Z", origin):
                raise ConfigError(
                    "csp.connect", origin, origin="App(csp=…)", why="write an origin such as 'https://api.example.org'"
                )


@dataclass(frozen=True)
class AppSpec:
    """One application: a component class with its arguments, and the name it is known by.

    Args:
        cls: A subclass of `PyComponent`, `JsComponent` or `Model`.
        name: First part of its URL: a Python identifier, or ``""`` for the main app at ``/``.
        args: Positional arguments for `init`.
        kwargs: Property values.
        title: Title of its windows; the class name in words when empty.
        icon: A picture file for window and task bar, and for the tabs of browsers.
        csp: What its pages may do beyond the strict default.
    """

    cls: type
    name: str
    args: tuple[object, ...] = ()
    kwargs: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    title: str = ""
    icon: Path | None = None
    csp: Csp = Csp()

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or (self.name and not _NAME.match(self.name)):
            raise ConfigError(
                "name",
                self.name,
                origin="App.serve(name) or launch",
                why="it becomes part of a URL; use letters, digits and underscores, starting with a letter",
            )
        if self.name in RESERVED or self.name == MAIN:
            why = "that is what the main app is called; write ''" if self.name == MAIN else "the server itself needs it"
            raise ConfigError("name", self.name, origin="App.serve(name) or launch", why=f"{why}, or choose another")
        if not self.title:
            object.__setattr__(self, "title", title_from_class_name(self.cls.__name__))

    @property
    def public_name(self) -> str:
        """What the app is called: its name, or ``"__main__"``."""
        return self.name or MAIN

    @property
    def path(self) -> str:
        """The path of its page on the server, with slashes on both ends."""
        return f"/{self.name}/" if self.name else "/"

    def make_root(self) -> None:
        """Make the root object inside the current session; a `Model` is told that it is the app."""
        told = {"is_app": True} if getattr(self.cls, "_has_two_owners", False) else {}
        self.cls(*self.args, **told, **self.kwargs)


def as_spec(target: object, properties: Mapping[str, object] | None = None) -> AppSpec:
    """The spec of what a window is to show.

    Args:
        target: A class of components, or something that has an `AppSpec` as its ``spec``, as an `App` has.
        properties: Values of the properties of a class.

    Raises:
        TypeError: It is neither, or it has its values already.
    """
    spec = getattr(target, "spec", None)
    if isinstance(spec, AppSpec):
        if properties:
            raise TypeError(f"{target!r} has its values already: give them to App(), not in `properties`.")
        return spec
    if isinstance(target, type) and (hasattr(target, "__properties__") or hasattr(target, "_has_two_owners")):
        return AppSpec(target, target.__name__, kwargs=dict(properties or {}))
    raise TypeError(f"{target!r} cannot be shown: give a class of components, or an App.")


def title_from_class_name(name: str) -> str:
    """Turn ``"MySystemMonitor2"`` into ``"My System Monitor 2"``.

    Args:
        name: A class name in CamelCase.
    """
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|_+", name)
    return " ".join(word for word in words if not word.startswith("_")) or name
