"""Component classes inside functions: made without calling the functions, so that their JavaScript can be.

A class statement in a function is compiled to code of its own, which is among the function's constants. It is run here
as Python would run it, with the function's variables empty, but for the functions, classes and imports among them. A
method that needs another of these variables cannot be made before the program runs, and is an error that says so.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import importlib
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from deskapp.bridge.js_code import CodeUnit
from deskapp.bridge.names import closure_values
from deskapp.errors import TranspileError

_OPTIMIZED = 0x01
"""Flag of code that has fast local variables: that of functions, but not of classes and modules."""

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_REMEDY = "give it to the component as a property, or have the class made once while its module is imported"


@dataclass(frozen=True)
class LocalClass:
    """A class inside a function.

    Args:
        cls: The class, made for the purpose.
        file: Where its statement is.
        line: In which line.
    """

    cls: type
    file: str
    line: int

    def check(self, units: Iterable[CodeUnit]) -> None:
        """Refuse it if its JavaScript uses variables of the function around.

        Args:
            units: The functions that it takes to JavaScript.

        Raises:
            TranspileError: It does.
        """
        for unit in units:
            for function in unit.functions:
                missing = _missing(function, set())
                if missing is not None:
                    where, name = missing
                    code = where.__code__
                    why = f"it uses {name!r}, a variable of a function that has not been called yet; {_REMEDY}"
                    raise TranspileError(code.co_filename, code.co_firstlineno, unit.name, why)


@dataclass
class Found:
    """What a module has of them.

    Attributes:
        classes: Those that were made, in the order of their statements.
        unknown: (file, line, name) of classes whose bases depend on arguments of the function around.
    """

    classes: list[LocalClass] = field(default_factory=list)
    unknown: list[tuple[str, int, str]] = field(default_factory=list)


def local_classes(module: types.ModuleType, code: types.CodeType, tree: ast.Module) -> Found:
    """Make the component classes inside the functions of a module.

    Args:
        module: The module, imported.
        code: What its source is compiled to.
        tree: Its source.

    Raises:
        TranspileError: The body of such a class cannot be run without calling the function around it.
    """
    nodes: dict[tuple[str, int], _Definition] = {}
    for node in ast.walk(tree):
        if isinstance(node, _Definition):
            nodes[node.name, min([node.lineno, *(each.lineno for each in node.decorator_list)])] = node
    scan = _Scan(module, nodes)
    if any(isinstance(node, ast.ClassDef) for node in nodes.values()):
        scan.visit(code, _Scope(), "")
    return scan.found


@dataclass
class _Scope:
    """The variables of the functions around.

    Args:
        cells: Those that inner code can use.
        names: All whose values are known.
        arguments: Names of parameters, which can be anything.
        is_function: Whether there is any function around.
    """

    cells: dict[str, types.CellType] = field(default_factory=dict)
    names: dict[str, object] = field(default_factory=dict)
    arguments: set[str] = field(default_factory=set)
    is_function: bool = False

    def inner(self) -> _Scope:
        return _Scope(dict(self.cells), dict(self.names), set(self.arguments), self.is_function)

    def set(self, name: str, value: object) -> None:
        self.names[name] = value
        if name in self.cells:
            self.cells[name].cell_contents = value

    def closure(self, code: types.CodeType) -> tuple[types.CellType, ...]:
        return tuple(self.cells.setdefault(name, types.CellType()) for name in code.co_freevars)


class _Scan:
    def __init__(self, module: types.ModuleType, nodes: Mapping[tuple[str, int], _Definition]) -> None:
        self._module, self._nodes = module, nodes
        self.found = Found()

    def visit(self, code: types.CodeType, scope: _Scope, path: str) -> None:
        """Look for classes in the code of a module, class or function, whose own variables `scope` has already."""
        inner = [each for each in code.co_consts if isinstance(each, types.CodeType)]
        if scope.is_function:
            for each in inner:
                self._define(each, scope, path)
        for each in inner:
            node = self._nodes.get((each.co_name, each.co_firstlineno))
            if each.co_flags & _OPTIMIZED:
                self._visit_function(each, node, scope, path)
                continue
            if isinstance(node, ast.ClassDef):
                made = self._make(each, node, scope) if scope.is_function else None
                if made is None or getattr(made, "__js_source__").kind == "py":  # noqa: B009
                    self.visit(each, scope, f"{path}{each.co_name}.")

    def _visit_function(self, code: types.CodeType, node: _Definition | None, around: _Scope, path: str) -> None:
        scope = around.inner()
        scope.is_function = True
        arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        for name in (*code.co_varnames, *code.co_cellvars):
            scope.names.pop(name, None)
        scope.arguments = (scope.arguments - {*code.co_varnames, *code.co_cellvars}) | set(arguments)
        scope.cells.update((name, types.CellType()) for name in code.co_cellvars)
        if node is not None:
            for statement in _own_imports(node):
                self._import(statement, scope)
        self.visit(code, scope, f"{path}{code.co_name}.<locals>.")

    def _define(self, code: types.CodeType, scope: _Scope, path: str) -> None:
        """Make a plain function of the function around; decorated ones could be anything."""
        node = self._nodes.get((code.co_name, code.co_firstlineno))
        if not isinstance(node, ast.FunctionDef) or node.decorator_list or not code.co_flags & _OPTIMIZED:
            return
        function = types.FunctionType(code, vars(self._module), code.co_name, None, scope.closure(code))
        function.__qualname__ = path + code.co_name
        scope.set(code.co_name, function)

    def _make(self, code: types.CodeType, node: ast.ClassDef, scope: _Scope) -> type | None:
        bases = self._bases(code, node, scope)
        if not any(hasattr(base, "__js_source__") for base in bases):
            return None
        body = types.FunctionType(code, vars(self._module), code.co_name, None, scope.closure(code))
        place = code.co_filename, node.lineno
        try:
            cls: type = builtins.__build_class__(body, code.co_name, *bases)
        except NameError as error:
            why = f"the body of the class needs {error.name!r}, a variable of a function that has not been called yet"
            raise TranspileError(*place, code.co_name, f"{why}; {_REMEDY}") from error
        scope.set(code.co_name, cls)
        self.found.classes.append(LocalClass(cls, *place))
        return cls

    def _bases(self, code: types.CodeType, node: ast.ClassDef, scope: _Scope) -> list[object]:
        bases: list[object] = []
        for base in node.bases:
            expression = compile(ast.Expression(base), code.co_filename, "eval")
            try:
                bases.append(eval(expression, vars(self._module), scope.names))
            except Exception:  # border: an expression of the user's, evaluated where its names may have no value
                names = {each.id for each in ast.walk(base) if isinstance(each, ast.Name)}
                if names & scope.arguments:
                    self.found.unknown.append((code.co_filename, node.lineno, node.name))
                return []
        return bases

    def _import(self, statement: ast.Import | ast.ImportFrom, scope: _Scope) -> None:
        # What cannot be imported here has no value; whoever needs it says so.
        with contextlib.suppress(Exception):
            if isinstance(statement, ast.Import):
                for alias in statement.names:
                    found = importlib.import_module(alias.name)
                    root = found if alias.asname else importlib.import_module(alias.name.partition(".")[0])
                    scope.set(alias.asname or alias.name.partition(".")[0], root)
                return
            package = self._module.__package__ or ""
            home = importlib.import_module("." * statement.level + (statement.module or ""), package)
            for alias in statement.names:
                if not hasattr(home, alias.name):
                    importlib.import_module(f"{home.__name__}.{alias.name}")
                scope.set(alias.asname or alias.name, getattr(home, alias.name))


def _own_imports(node: _Definition) -> Iterator[ast.Import | ast.ImportFrom]:
    """The import statements of a function, without those of functions and classes inside."""
    pending: list[ast.AST] = list(node.body)
    for part in pending:
        if isinstance(part, ast.Import | ast.ImportFrom):
            yield part
        elif not isinstance(part, _Definition | ast.Lambda):
            pending.extend(ast.iter_child_nodes(part))


def _missing(function: types.FunctionType, seen: set[int]) -> tuple[types.FunctionType, str] | None:
    """A function, and one of its captured variables that has no value; also of functions that it has captured."""
    if id(function) in seen:
        return None
    seen.add(id(function))
    values = closure_values(function)
    for name in function.__code__.co_freevars:
        if name != "__class__" and name not in values:
            return function, name
    for value in values.values():
        if isinstance(value, types.FunctionType):
            missing = _missing(value, seen)
            if missing is not None:
                return missing
    return None
