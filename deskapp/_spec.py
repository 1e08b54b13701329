"""`AppSpec`: what to instantiate or to call, under which name, in which window."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from deskapp.errors import ConfigError

MAIN = "__main__"
"""What the main app is called where it needs a name; its page is at ``/``."""

INDEX = "index"
"""What the main app is called where several are given by name."""

RESERVED = frozenset({"_a", "_client", "_icon", "_lib", "_ping", "_ws"})
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
    """One application: a component class or a function with its arguments, and the name it is known by.

    Args:
        cls: A subclass of `PyComponent`, `JsComponent` or `Model`; or a function, plain or async, which is a script.
        name: First part of its URL: a Python identifier, or ``""`` for the main app at ``/``.
        args: Positional arguments for `init`, or for the function.
        kwargs: Property values, or keyword arguments for the function.
        title: Title of its windows; the name of the class or function in words when empty.
        icon: A picture file for window and task bar, and for the tabs of browsers.
        csp: What its pages may do beyond the strict default.
    """

    cls: type | Callable[..., object]
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
            title = title_from_class_name(self.target_name)
            object.__setattr__(self, "title", f"{title[:1].upper()}{title[1:]}" if self.is_script else title)

    @property
    def is_script(self) -> bool:
        """Whether it is a function that is called, not a class of which an instance is made."""
        return not isinstance(self.cls, type)

    @property
    def target_name(self) -> str:
        """The name of the class or function."""
        return name_of(self.cls)

    @property
    def public_name(self) -> str:
        """What the app is called: its name, or ``"__main__"``."""
        return self.name or MAIN

    @property
    def path(self) -> str:
        """The path of its page on the server, with slashes on both ends."""
        return f"/{self.name}/" if self.name else "/"

    def make_root(self) -> None:
        """Make the root object inside the current session; a `Model` is told that it is the app.

        Raises:
            TypeError: It is a script: a function has no root object.
        """
        if self.is_script:
            raise TypeError(f"{self.target_name} is a function: it runs in a session, and makes no component for one.")
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
    if callable(target) and not isinstance(target, type):
        check_script(target, (), properties or {})
        return AppSpec(target, name_of(target), kwargs=dict(properties or {}))
    raise TypeError(f"{target!r} cannot be shown: give a class of components, a function, or an App.")


def name_of(target: object) -> str:
    """The name of a class or function; that of its class for an object that can be called, ``"app"`` for a lambda."""
    if isinstance(target, functools.partial):
        return name_of(target.func)
    name = str(getattr(target, "__name__", None) or type(target).__name__)
    return "app" if name == "<lambda>" else name


def check_script(function: Callable[..., object], args: tuple[object, ...], kwargs: Mapping[str, object]) -> None:
    """Check that a function can be called with these arguments, as a script.

    Raises:
        TypeError: It cannot.
    """
    name = name_of(function)
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise TypeError(f"{name} is a generator function, which cannot be an app: write a plain or an async function.")
    try:
        signature = inspect.signature(function)
    except ValueError:  # some that are written in C have none
        return
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        raise TypeError(
            f"{name}{signature} cannot be called as an app: {error}. Its parameters need defaults, or give App() "
            "the values."
        ) from None


def title_from_class_name(name: str) -> str:
    """Turn ``"MySystemMonitor2"`` into ``"My System Monitor 2"``.

    Args:
        name: A class name in CamelCase.
    """
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|_+", name)
    return " ".join(word for word in words if not word.startswith("_")) or name
