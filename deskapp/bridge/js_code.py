"""`JsCode`: JavaScript text made from Python, with the names that it uses; and what it is made from.

CodeUnit      one Python function, plain class or whole module that becomes JavaScript by itself
JsCode        the text made from it, without the values of the names that it uses
JsClassSource what a component class contributes, as read off its descriptors
JsModule      the finished ``deskapp.define(…)`` call that is sent to pages
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from deskapp.event import LegacyProperty, Property, ReactionDescriptor

SUPER_TOKEN = "deskapp_super_._base_class"
"""What stands in a method's text for the prototype of the base class, until the class is put together."""

_COMPILERS_OWN = frozenset({"__firstlineno__", "__static_attributes__"})
"""What Python 3.13 adds to classes; the second one is in another order at each compilation."""


@dataclass(frozen=True)
class JsCode:
    """JavaScript text made from one `CodeUnit`.

    Args:
        text: An expression (a function or a class), or the statements of a whole module.
        names: Free names as they are written, dots included, and the line of their first use.
        globals: Names that the code declares ``global``; unknown ones are taken to be the browser's.
        std_functions: PScript library functions that the text calls.
        std_methods: PScript library methods that the text calls.
        keyword_calls: Called name → (line, names of the keyword arguments), to be checked against what is called.
        defines: Names that the statements of a whole module define at its top level.
        file: The Python file.
        line: First line in that file.
    """

    text: str
    names: Mapping[str, int]
    globals: frozenset[str] = frozenset()
    std_functions: frozenset[str] = frozenset()
    std_methods: frozenset[str] = frozenset()
    keyword_calls: Mapping[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    defines: tuple[str, ...] = ()
    file: str = ""
    line: int = 0

    def to_data(self) -> list[object]:
        """Return it as JSON data, for the cache."""
        calls = {name: [line, list(words)] for name, (line, words) in self.keyword_calls.items()}
        return [
            self.text,
            dict(self.names),
            sorted(self.globals),
            sorted(self.std_functions),
            sorted(self.std_methods),
            calls,
            list(self.defines),
            self.file,
            self.line,
        ]

    @classmethod
    def from_data(cls, data: object) -> JsCode:
        """Make it from what `to_data` returned.

        Raises:
            ValueError: The data is something else.
        """
        if not isinstance(data, list) or len(data) != 9 or not isinstance(data[0], str):
            raise ValueError("this is no JsCode")
        text, names, global_names, functions, methods, calls, defines, file, line = data
        return cls(
            text,
            names,
            frozenset(global_names),
            frozenset(functions),
            frozenset(methods),
            {name: (at, tuple(words)) for name, (at, words) in calls.items()},
            tuple(defines),
            file,
            line,
        )


@dataclass(frozen=True)
class CodeUnit:
    """One piece of Python that is turned into JavaScript by itself.

    Args:
        ob: A function, a plain class, or a module marked ``__pscript__ = True``.
        name: Qualified name, for messages.
        class_name: Name of the class in whose body a function stands; private names are mangled with it.
        decorated: Whether the function's decorators were deskapp's own, and are therefore left out of the text.
    """

    ob: types.FunctionType | type | types.ModuleType
    name: str
    class_name: str = ""
    decorated: bool = False

    @property
    def functions(self) -> list[types.FunctionType]:
        """The Python functions that it consists of; none for a module."""
        if isinstance(self.ob, types.FunctionType):
            return [self.ob]
        return class_functions(self.ob) if isinstance(self.ob, type) else []

    @property
    def file(self) -> str:
        """The Python file that it comes from, as its code says; ``""`` if unknown."""
        for function in self.functions:
            return function.__code__.co_filename
        if isinstance(self.ob, type):
            import sys

            return getattr(sys.modules.get(self.ob.__module__), "__file__", None) or ""
        return getattr(self.ob, "__file__", None) or ""

    def fingerprint(self) -> str:
        """Return a digest of the compiled Python: equal in every process and place, other for other code."""
        feed, digest = _hasher()
        feed(f"{type(self.ob).__name__} {self.name} {self.class_name} {self.decorated}".encode())
        for function in self.functions:
            _feed_code(feed, function.__code__)
        if isinstance(self.ob, type):
            for name, value in vars(self.ob).items():
                if name in _COMPILERS_OWN:
                    continue
                if isinstance(value, str | int | float | bool | list | tuple | dict | None):
                    feed(f"{name} = {value!r}".encode())
        return digest()


@dataclass(frozen=True)
class JsClassSource:
    """What a component class itself contributes to JavaScript; inherited members are its base's.

    Args:
        cls: The Python class.
        name: Its ``__name__``.
        module: Its ``__module__``.
        kind: ``"js"`` if it lives in JavaScript, ``"py"`` if JavaScript has a proxy of it, ``"model"`` if it is a
            Model, whose handlers count as reactions.
        base: The nearest component class that it derives from; None for the roots.
        properties: Own properties, those that JavaScript knows.
        local: Those of them that exist in JavaScript alone; of a Model also inherited ones.
        attributes: Names of own attributes.
        actions: Own actions, without generated setters.
        overlapping: Names of those of them whose calls may run at the same time.
        emitters: Own emitters.
        reactions: Own reactions.
        methods: Own plain methods.
        constants: Own class variables; JSON values.
        css: Own style sheet.
        legacy: Own properties of a Model.
        remote: Event types that a Model has in Python alone.
    """

    cls: type
    name: str
    module: str
    kind: Literal["js", "py", "model"]
    base: type | None
    properties: Mapping[str, Property[Any]] = field(default_factory=dict)
    local: frozenset[str] = frozenset()
    attributes: tuple[str, ...] = ()
    actions: Mapping[str, types.FunctionType] = field(default_factory=dict)
    overlapping: frozenset[str] = frozenset()
    emitters: Mapping[str, types.FunctionType] = field(default_factory=dict)
    reactions: Mapping[str, ReactionDescriptor] = field(default_factory=dict)
    methods: Mapping[str, types.FunctionType] = field(default_factory=dict)
    constants: Mapping[str, object] = field(default_factory=dict)
    css: str = ""
    legacy: Mapping[str, LegacyProperty] = field(default_factory=dict)
    remote: tuple[str, ...] = ()


@dataclass(frozen=True)
class JsModule:
    """JavaScript that is sent to pages in one piece.

    A Python module usually gives one. What is found to be needed of it after that one was made (a class defined at the
    prompt, a function that another module uses) gives further ones, named ``pkg.mod$2`` and so on, so that classes
    which a page has already got keep their identity.

    Args:
        name: The Python module's name, perhaps with a ``$`` and a number.
        deps: Names of the modules that must be defined before.
        text: One ``deskapp.define(…)`` call.
        css: The style sheets of its component classes.
        class_names: Names of its component classes in JavaScript.
        variables: All names that other modules can use.
    """

    name: str
    deps: tuple[str, ...]
    text: str
    css: str = ""
    class_names: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()

    @property
    def python_name(self) -> str:
        """Name of the Python module that it comes from."""
        return self.name.split("$")[0]

    @property
    def filename(self) -> str:
        """Name of the file that it would be."""
        return self.name + ".js"

    def get_js(self) -> str:
        """Return the JavaScript."""
        return self.text

    def get_css(self) -> str:
        """Return the style sheet."""
        return self.css


def class_functions(cls: type) -> list[types.FunctionType]:
    """Return the functions in a class's body, static and class methods included, in order."""
    found = []
    for value in vars(cls).values():
        value = getattr(value, "__func__", value)
        if isinstance(value, types.FunctionType) and value.__module__ == cls.__module__:
            found.append(value)
    return found


def _hasher() -> tuple[Callable[[bytes], None], Callable[[], str]]:
    import hashlib  # 3 ms that are better spent once the window's process starts

    digest = hashlib.blake2b(digest_size=20)
    return digest.update, digest.hexdigest


def _feed_code(feed: Callable[[bytes], None], code: types.CodeType) -> None:
    # Not marshal: what it writes depends on reference counts. Neither line numbers nor the file's name are fed.
    feed(code.co_code)
    shape = (code.co_name, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    feed(f"{shape} {code.co_flags} {code.co_argcount} {code.co_posonlyargcount} {code.co_kwonlyargcount}".encode())
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            _feed_code(feed, constant)
        elif isinstance(constant, frozenset):
            feed(repr(sorted(map(repr, constant))).encode())
        else:
            feed(repr(constant).encode())
