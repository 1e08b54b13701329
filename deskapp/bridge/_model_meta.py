"""`ModelMeta`: one class statement makes a Model's Python side and its twin in JavaScript.

What becomes of the members of a class body:

    class body        Python
    class JS          JavaScript: methods, properties, emitters, handlers, JSON constants
    class Both        both: one object is a member of the Python class and of its ``JS``
    CSS               JavaScript

`cls.JS` is a class of Python that has what JavaScript has, for looking it up; it inherits from the ``JS`` of the bases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import CellType, FunctionType
from typing import Any

from deskapp.bridge._meta import checked_constant, get_linked_classes, javascript_of, register_class
from deskapp.bridge.js_code import JsClassSource
from deskapp.event import (
    EmitterDescriptor,
    HandlerDescriptor,
    HasEventsMeta,
    LegacyProperty,
)

_DUNDER = re.compile(r"__\w+__\Z")

_MADE_BY_PYTHON = frozenset(
    """
    __annotate__ __annotate_func__ __annotations__ __annotations_cache__ __dict__ __doc__ __firstlineno__ __module__
    __qualname__ __static_attributes__ __type_params__ __weakref__
    """.split()  # noqa: SIM905
)
"""What a class statement puts into a class by itself, up to Python 3.14."""


class JsSide(type):
    """Metaclass of ``cls.JS``, which shows what the JavaScript twin of a Model has."""

    __python_class__: type
    __properties__: list[str]
    __emitters__: list[str]
    __handlers__: list[str]
    __local_properties__: list[str]

    def __repr__(cls) -> str:
        return f"<JS side of the Model class {cls.__name__!r}>"

    @property
    def CODE(cls) -> str:
        """The JavaScript that is made of the class, as a module of the page would define it; for people to read.

        Raises:
            TranspileError: Something of the class cannot become JavaScript.
        """
        return javascript_of(cls.__python_class__)

    def collect(cls) -> None:
        """List the members by what they are."""
        found: dict[str, Any] = {}
        for base in reversed(cls.__mro__):
            found.update(vars(base))
        cls.__properties__ = sorted(name for name, value in found.items() if isinstance(value, LegacyProperty))
        cls.__emitters__ = sorted(name for name, value in found.items() if isinstance(value, EmitterDescriptor))
        cls.__handlers__ = sorted(name for name, value in found.items() if isinstance(value, HandlerDescriptor))


class JsEmitterDescriptor(EmitterDescriptor):
    """Stands in a Python class for an emitter that only JavaScript has."""

    def __get__(self, component: Any, owner: type | None = None) -> Any:
        """Return something that says, when called, that it cannot be called here."""
        if component is None:
            return self

        def refuse(*_: object) -> None:
            raise RuntimeError(f"This emitter can only be called from JavaScript: {component}.{self.name}")

        return refuse


class ModelMeta(HasEventsMeta):
    """Metaclass of `Model`."""

    JS: JsSide
    __js_source__: JsClassSource
    __local_properties__: list[str]

    def __new__(mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> ModelMeta:
        """Sort the members by where they go, and register the class."""
        js, both = _members(name, namespace, "JS"), _members(name, namespace, "Both")
        for key, value in both.items():
            for other, where in ((namespace, "its body"), (js, "its class JS")):
                if key in other and other[key] is not value:
                    raise TypeError(f"Common property/attribute {key!r} of {name} clashes with that of {where}")
        python = {key: value for key, value in namespace.items() if key not in ("JS", "Both")}
        python.update(_unmangled(both, "Both", name, keep=True))
        js = {**_unmangled(js, "JS", name), **_unmangled(both, "Both", name)}
        for key, value in js.items():
            if isinstance(value, EmitterDescriptor) and key not in python and not _has_emitter(bases, key):
                python[key] = JsEmitterDescriptor(value.func)
        cls = super().__new__(mcls, name, bases, python)
        for value in both.values():
            _rebind(value, cls)
        cls.JS = JsSide(name, tuple(base.JS for base in bases if isinstance(base, ModelMeta)), dict(js))
        cls.JS.__python_class__ = cls
        cls.JS.collect()
        for key, value in js.items():
            _prepare(cls, key, value)
        return cls

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **kwargs: Any) -> None:
        own = {key: value for key, value in vars(cls).items() if key != "JS"}
        super().__init__(name, bases, own, **kwargs)
        python, js = set(cls.__properties__), set(cls.JS.__properties__)
        shared = {key for key in python & js if getattr(cls, key) is getattr(cls.JS, key)}
        cls.__local_properties__ = cls.JS.__local_properties__ = sorted((python | js) - shared)
        cls.__js_source__ = _source(cls, python - shared, js - shared)
        register_class(cls)

    def __repr__(cls) -> str:
        return f"<Model class '{cls.__module__}.{cls.__qualname__}'>"


def _members(name: str, namespace: Mapping[str, Any], scope: str) -> dict[str, Any]:
    """The members of a class inside the class body.

    Raises:
        TypeError: What bears that name is no plain class.
    """
    inner = namespace.get(scope)
    if inner is None:
        return {}
    if type(inner) is not type or inner.__bases__ != (object,):
        raise TypeError(f"{name}.{scope} must be a plain class without bases, not {inner!r}; it inherits by itself")
    found: dict[str, Any] = {}
    for key, value in vars(inner).items():
        if not _DUNDER.match(key):
            found[key] = value
        elif key not in _MADE_BY_PYTHON:
            raise TypeError(f"{name}.{scope}.{key} cannot be there: names with two underscores around are Python's own")
    return found


def _unmangled(members: Mapping[str, Any], scope: str, name: str, *, keep: bool = False) -> dict[str, Any]:
    """Give private members the names that they have in a method of the Model itself.

    Args:
        members: Members of the inner class.
        scope: Name of the inner class.
        name: Name of the Model.
        keep: Whether they keep the names that Python gave them, too, which compiled code uses.
    """
    prefix = f"_{scope}__"
    found: dict[str, Any] = {}
    for key, value in members.items():
        if key.startswith(prefix):
            found[f"_{name.lstrip('_')}__{key.removeprefix(prefix)}"] = value
        if keep or not key.startswith(prefix):
            found[key] = value
    return found


def _rebind(value: Any, cls: type) -> None:
    """Let ``super()`` in a method of ``class Both`` mean the bases of the Model."""
    function = getattr(value, "func", value)
    if isinstance(function, FunctionType):
        for variable, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            if variable == "__class__" and isinstance(cell, CellType):
                cell.cell_contents = cls


def _has_emitter(bases: tuple[type, ...], key: str) -> bool:
    return any(isinstance(getattr(base, key, None), EmitterDescriptor) for base in bases)


def _prepare(cls: type, key: str, value: Any) -> None:
    """Give a member that goes to JavaScript its name; refuse what cannot go there.

    Raises:
        TypeError: It cannot.
    """
    where = f"{cls.__name__}.JS.{key}"
    ModelMeta.refuse_newer(where, value)
    if isinstance(value, LegacyProperty | EmitterDescriptor | HandlerDescriptor):
        value.bind(cls, key)
    elif isinstance(value, FunctionType):
        if getattr(cls, key, None) is not value:  # else the Python class has warned
            ModelMeta.warn_about_unconnected(f"{cls.__name__}.JS", key, value)
    else:
        checked_constant(where, "constants are", value)


def _source(cls: ModelMeta, remote_properties: set[str], local: set[str]) -> JsClassSource:
    base = next((base for base in cls.__mro__[1:] if isinstance(base, ModelMeta)), None)
    known = base.__mro__ if base is not None else ()
    # JavaScript has one base; what others bring becomes the class's own.
    members: dict[str, Any] = {}
    for other in reversed(cls.__mro__):
        if isinstance(other, ModelMeta) and other not in known:
            members.update({key: value for key, value in vars(other.JS).items() if not _DUNDER.match(key)})
    emitters = {key: value.func for key, value in members.items() if isinstance(value, EmitterDescriptor)}
    css = vars(cls).get("CSS", "")
    if not isinstance(css, str):
        raise TypeError(f"{cls.__name__}.CSS must be a text, not {type(css).__name__}")
    in_python = remote_properties | set(cls.__emitters__)
    return JsClassSource(
        cls=cls,
        name=cls.__name__,
        module=cls.__module__,
        kind="model",
        base=base,
        legacy={key: value for key, value in members.items() if isinstance(value, LegacyProperty)},
        local=frozenset(local),
        emitters=emitters,
        reactions={key: value for key, value in members.items() if isinstance(value, HandlerDescriptor)},
        methods={key: value for key, value in members.items() if isinstance(value, FunctionType)},
        constants={
            key: value
            for key, value in members.items()
            if not isinstance(value, LegacyProperty | EmitterDescriptor | HandlerDescriptor | FunctionType)
        },
        css=css,
        remote=tuple(sorted(in_python - set(cls.JS.__emitters__) - set(cls.JS.__properties__))),
    )


def get_model_classes() -> list[type]:
    """Return all classes that derive from `Model`, and `Model`; a new list each time."""
    return [cls for cls in get_linked_classes() if isinstance(cls, ModelMeta)]
