"""What the names in transpiled code stand for.

A name is looked up as Python would: in the closure, then in the function's module. What is found decides:

    JSON value                       embedded, a copy for every module that uses it
    function, plain class            an item of its own Python module's JavaScript, transpiled when first used
    component class                  an item; the client's own classes for the roots
    module marked __pscript__        an item, transpiled as a whole
    RawJS                            an item, evaluated once and shared
    other module, other object       an object with just the attributes that the code uses
    deskapp's loop, a Logger         the client's
    Asset                            left alone, it stands for what its script defines
    window, document…                left alone, they are the browser's
"""

from __future__ import annotations

import builtins
import logging
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from deskapp.assets import Asset
from deskapp.bridge.js import BROWSER_NAMES, JsName, RawJS
from deskapp.bridge.js_class import js_value
from deskapp.bridge.js_code import CodeUnit, JsClassSource, JsCode
from deskapp.errors import TranspileError

ItemKind = Literal["component", "function", "class", "module", "raw"]

RUNTIME_NAMES = frozenset(
    [
        "Component",
        "JsComponent",
        "Loop",
        "Model",
        "PyComponent",
        "StubComponent",
        "logger",
        "loop",
        "mutate_array",
        "mutate_dict",
    ]
)
ROOTS = {"js": "$rt.JsComponent", "py": "$rt.PyComponent", "model": "$rt.Model"}
"""The client's classes from which those of each kind derive."""

_MATH = frozenset(
    ["sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sqrt", "exp", "floor", "ceil", "hypot", "log10"]
)
_HINTS = {
    "set": "use a list, or a dict with the members as keys",
    "frozenset": "use a list",
    "bytes": "use window.Uint8Array",
    "open": "files are Python's; call an action",
    "input": "use window.prompt",
    "type": "use isinstance",
    "next": "index a list",
    "iter": "index a list",
    "hex": "use n.toString(16)",
    "bin": "use n.toString(2)",
    "id": "compare with `is`",
}
_MISSING = object()


@dataclass(frozen=True, eq=False)
class Item:
    """Something that stands at the top level of a `JsModule`, once.

    Args:
        kind: What it is made from.
        ob: The Python object.
        module: Name of its Python module.
        name: Its name in JavaScript, unique in that module.
    """

    kind: ItemKind
    ob: object
    module: str
    name: str


@dataclass(frozen=True)
class Expression:
    """A name that stands for an expression which needs nothing else."""

    text: str


@dataclass(frozen=True)
class Reference:
    """A name that stands for an item, or for one of the names that a whole module defines."""

    item: Item
    attribute: str = ""


@dataclass(frozen=True)
class Namespace:
    """A name of which only attributes are used."""

    members: Mapping[str, Binding]


Binding = Expression | Reference | Namespace


@dataclass(frozen=True)
class BoundCode:
    """Code, and what its free names stand for; names that are left to the browser are missing."""

    code: JsCode
    bindings: Mapping[str, Binding]

    def items(self) -> Iterator[Item]:
        """All items that the code needs."""
        pending = list(self.bindings.values())
        for binding in pending:
            if isinstance(binding, Reference):
                yield binding.item
            elif isinstance(binding, Namespace):
                pending.extend(binding.members.values())


class Resolver:
    """Finds out what names stand for.

    Args:
        item: Makes, or finds, the item of an object.
    """

    def __init__(self, item: Callable[[ItemKind, object], Item]) -> None:
        self._item = item

    def bind(self, unit: CodeUnit, code: JsCode, owner: type | None = None) -> BoundCode:
        """Resolve all names of a piece of code.

        Args:
            unit: What it was made from.
            code: The code.
            owner: The component class that has it as a method.

        Raises:
            TranspileError: A name is unknown, or stands for something that JavaScript cannot have.
        """
        scope = _Scope(unit)
        uses: dict[str, list[str]] = {}
        for dotted in code.names:
            uses.setdefault(dotted.split(".")[0], []).append(dotted)
        bindings: dict[str, Binding] = {}
        for root, dotted_names in uses.items():
            line = code.names[dotted_names[0]]
            value = scope.get(root)
            if value is _MISSING:
                if root not in BROWSER_NAMES and root not in code.globals:
                    raise TranspileError(code.file, line, unit.name, _unknown(root))
                continue
            place = _Place(code, unit.name, line, root)
            binding = self._bind(value, [dotted.split(".")[1:] for dotted in dotted_names], place)
            if binding is not None:
                bindings[root] = binding
        for root in code.globals:
            value = scope.get(root)
            if value is not _MISSING:
                binding = self._bind(value, [[]], _Place(code, unit.name, code.line, root))
                if binding is not None:
                    bindings[root] = binding
        _check_keywords(unit, code, scope, owner)
        return BoundCode(code, bindings)

    def _bind(self, value: object, tails: list[list[str]], place: _Place) -> Binding | None:
        """The binding of a value of which attributes `tails` are used; None if the browser has it by that very name."""
        if isinstance(value, JsName) or type(value).__name__ == "JSConstant":
            name = getattr(value, "_js_name", None) or getattr(value, "_name", "")
            return None if name == place.name else Expression(str(name))
        if isinstance(value, types.ModuleType):
            return self._bind_module(value, tails, place)
        if type(value).__name__ == "RawJS" and hasattr(value, "get_code"):
            raw = cast(RawJS, value)  # or PScript's own, which has the same methods
            named = raw.get_defined_name(place.name.rsplit(".", 1)[-1])
            return Reference(self._item("raw", raw)) if named else Expression(f"({raw.get_code()})")
        if isinstance(value, logging.Logger):
            return Expression("$rt.logger")
        if isinstance(value, Asset):
            return None
        origin = getattr(value, "__module__", None) or ""
        if origin.split(".")[0] == "deskapp" and (
            type(value).__name__ == "Loop" or not hasattr(value, "__js_source__")
        ):
            name = "loop" if type(value).__name__ == "Loop" else getattr(value, "__name__", "")
            if name in RUNTIME_NAMES:
                return Expression(f"$rt.{name}")
            if isinstance(value, type | types.FunctionType):
                if origin == "deskapp.bridge.js":
                    return None  # RawJS and this_is_js mean something to PScript
                raise place.error(f"deskapp's {name} exists in Python only")
        if isinstance(value, type):
            return self._bind_class(value, place)
        if isinstance(value, types.FunctionType):
            if origin.startswith("pscript"):
                return None
            if _is_standard(origin):
                raise place.error(f"it belongs to Python's standard library ({origin}), which JavaScript does not have")
            return self._whole(value, place) or Reference(self._item("function", value))
        if isinstance(value, types.BuiltinFunctionType):
            if value.__module__ == "math" and value.__name__ in _MATH:
                return Expression(f"Math.{value.__name__}")
            if value.__module__ == "time" and value.__name__ in ("time", "perf_counter"):
                return None
            raise place.error(f"it is {value!r}, which JavaScript does not have{_math_hint(value)}")
        return self._bind_value(value, tails, place)

    def _bind_module(self, module: types.ModuleType, tails: list[list[str]], place: _Place) -> Binding:
        if is_whole_module(module):
            return Reference(self._item("module", module))
        if not all(tails):
            raise place.error(f"it is the module {module.__name__}; use one of its functions, classes or values")
        members: dict[str, Binding] = {}
        for attribute, rest in _by_first(tails).items():
            deeper = place.deeper(attribute)
            if module.__name__.split(".")[0] == "deskapp" and attribute in RUNTIME_NAMES:
                members[attribute] = Expression(f"$rt.{attribute}")  # not fetched: the loop is made on first use
                continue
            value = getattr(module, attribute, _MISSING)
            if value is _MISSING:
                raise deeper.error(f"module {module.__name__} has no {attribute!r}")
            members[attribute] = self._bind(value, rest, deeper) or Expression(attribute)
        return Namespace(members)

    def _bind_class(self, cls: type, place: _Place) -> Binding:
        source = getattr(cls, "__js_source__", None)
        if source is not None:
            if source.base is None and source.module.startswith("deskapp."):
                return Expression(ROOTS[source.kind])
            return Reference(self._item("component", cls))
        if cls.__module__ == "builtins":
            raise place.error(f"JavaScript has no {cls.__name__}{_hint(cls.__name__)}")
        if _is_standard(cls.__module__):
            raise place.error(f"{cls.__name__} belongs to Python's standard library, which JavaScript does not have")
        if type(cls) is not type:
            kind = type(cls).__name__
            raise place.error(
                f"class {cls.__name__} is made by {kind}; only plain classes can be, use a dict of values"
            )
        return self._whole(cls, place) or Reference(self._item("class", cls))

    def _whole(self, value: type | types.FunctionType, place: _Place) -> Reference | None:
        module = sys.modules.get(value.__module__)
        if module is None or not is_whole_module(module):
            return None
        if value.__name__.startswith("_") or value.__qualname__ != value.__name__:
            raise place.error(
                f"{module.__name__} keeps {value.__qualname__} to itself; give it a name without underscore"
            )
        return Reference(self._item("module", module), value.__name__)

    def _bind_value(self, value: object, tails: list[list[str]], place: _Place) -> Binding:
        if isinstance(value, str | int | float | bool | list | tuple | dict | None):
            try:
                return Expression(js_value(value))
            except (TypeError, ValueError) as error:
                raise place.error(f"its value {_short(value)} cannot be written as JSON ({error})") from None
        if not all(tails):
            what = f"a {type(value).__name__}"
            raise place.error(f"it is {what}, neither a JSON value nor a function or class; use a JSON value of it")
        members: dict[str, Binding] = {}
        for attribute, rest in _by_first(tails).items():
            found = getattr(value, attribute, _MISSING)
            deeper = place.deeper(attribute)
            if found is _MISSING:
                raise deeper.error(f"the {type(value).__name__} has no {attribute!r}")
            if isinstance(found, types.MethodType):
                raise deeper.error("methods of Python objects stay in Python; call an action")
            members[attribute] = self._bind(found, rest, deeper) or Expression(attribute)
        return Namespace(members)


class _Place:
    def __init__(self, code: JsCode, unit_name: str, line: int, name: str) -> None:
        self._code, self._unit_name, self._line = code, unit_name, line
        self.name = name

    def deeper(self, attribute: str) -> _Place:
        return _Place(self._code, self._unit_name, self._line, f"{self.name}.{attribute}")

    def error(self, why: str) -> TranspileError:
        return TranspileError(self._code.file, self._line, self._unit_name, f"{self.name!r} is used, but {why}")


class _Scope:
    """Where a unit's names are looked up: closure, then the module."""

    def __init__(self, unit: CodeUnit) -> None:
        self._layers: list[Mapping[str, object]] = []
        if isinstance(unit.ob, type):
            self._layers.append({base.__name__: base for base in unit.ob.__bases__ if "<locals>" in base.__qualname__})
        for function in unit.functions:
            self._layers.append(closure_values(function))
        if unit.functions:
            self._layers.append(unit.functions[0].__globals__)
        elif isinstance(unit.ob, types.ModuleType):
            pass  # such modules define all that they use
        else:
            self._layers.append(vars(sys.modules.get(unit.ob.__module__, builtins)))

    def get(self, name: str) -> object:
        for layer in self._layers:
            if name in layer:
                return layer[name]
        return _MISSING


def closure_values(function: types.FunctionType) -> dict[str, object]:
    """Return what a function has captured; variables that have no value yet are left out."""
    values: dict[str, object] = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            if name != "__class__":
                values[name] = cell.cell_contents
        except ValueError:
            continue
    return values


def is_whole_module(module: types.ModuleType | None) -> bool:
    """Whether a module is marked to be transpiled as a whole; both spellings of the documents count."""
    return bool(getattr(module, "__pscript__", False) or getattr(module, "__pyscript__", False))


def _check_keywords(unit: CodeUnit, code: JsCode, scope: _Scope, owner: type | None) -> None:
    # JavaScript has no keyword arguments; PScript's way works for parameters that are keyword-only, and silently
    # passes nonsense to others.
    for dotted, (line, words) in code.keyword_calls.items():
        root, *rest = dotted.split(".")
        target = scope.get(root)
        if root == "self" and len(rest) == 1:
            target, rest = _method(owner, rest[0]), []
        for attribute in rest:
            target = getattr(target, attribute, _MISSING) if isinstance(target, types.ModuleType) else _MISSING
        if isinstance(target, type) and not hasattr(target, "__js_source__"):
            target = vars(target).get("__init__", _MISSING)
        if not isinstance(target, types.FunctionType) or _is_standard(target.__module__):
            continue
        shape = target.__code__
        if shape.co_flags & 0x08:  # it has **kwargs
            continue
        start = shape.co_argcount
        refused = [word for word in words if word not in shape.co_varnames[start : start + shape.co_kwonlyargcount]]
        if refused:
            why = f"{dotted}() can be given {refused[0]!r} by name only if it stands after a * in its parameters"
            raise TranspileError(code.file, line, unit.name, why)


def _method(owner: type | None, name: str) -> object:
    while owner is not None:
        source: JsClassSource = owner.__js_source__  # type: ignore[attr-defined]
        for section in (source.methods, source.actions, source.emitters):
            if name in section:
                return section[name]
        owner = source.base
    return _MISSING


def _unknown(name: str) -> str:
    if hasattr(builtins, name):
        return f"JavaScript has no {name}{_hint(name)}"
    return (
        f"{name!r} is used, but neither defined in its module nor a name of the browser that deskapp knows; "
        f"if JavaScript has it, say `global {name}` in the function, or write window.{name}"
    )


def _hint(name: str) -> str:
    if name in _HINTS:
        return f"; {_HINTS[name]}"
    if isinstance(getattr(builtins, name, None), type) and issubclass(getattr(builtins, name), BaseException):
        return "; errors can be raised and caught there, nothing else"
    return ""


def _math_hint(function: types.BuiltinFunctionType) -> str:
    return "; see window.Math" if function.__module__ == "math" else ""


def _is_standard(module_name: str | None) -> bool:
    return (module_name or "").split(".")[0] in sys.stdlib_module_names and module_name != "__main__"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) < 60 else text[:57] + "..."


def _by_first(tails: Iterable[list[str]]) -> dict[str, list[list[str]]]:
    grouped: dict[str, list[list[str]]] = {}
    for first, *rest in tails:
        grouped.setdefault(first, []).append(rest)
    return grouped
