"""The only door to PScript: a Python function, plain class or whole module becomes `JsCode`.

Names that the code uses are not resolved here (see `names.py`). PScript is imported at the first use of a function of
this module, which a program whose code is in the cache never makes.

How PScript calls things, which the client's runtime relies on:

    foo(a, b)              →  foo(a, b)
    Foo(a, b)              →  new Foo(a, b)                                  capitalised names are classes
    Foo(a, text=b)         →  new Foo({flx_args: [a], flx_kwargs: {text: b}})
    foo(a, text=b)         →  foo({flx_args: [a], flx_kwargs: {text: b}})    foo must have keyword-only parameters
    super().foo(a)         →  Base.prototype.foo.call(this, a)
    self, None             →  this, null
"""

from __future__ import annotations

import ast
import builtins
import linecache
import re
import sys
import time
import types
import warnings
from collections.abc import Iterator, Mapping
from typing import Protocol, cast

from deskapp.bridge.js_code import SUPER_TOKEN, CodeUnit, JsCode
from deskapp.bridge.py_subset import FunctionNode, Unsupported, rewrite
from deskapp.errors import TranspileError

_OWN_NAME = "deskapp_own_name"
_IMPORT_NAME, _GENERATOR = "IMPORT_NAME", 0x20


def transpile(unit: CodeUnit, sources: Sources | None = None) -> JsCode:
    """Turn one piece of Python into JavaScript.

    Args:
        unit: What to turn.
        sources: Remembers files that were read before, for many units of few files.

    Raises:
        TranspileError: It cannot be: with the file, the line of the construct at fault, and what to write instead.
    """
    source = _find_source(unit, sources or Sources())
    try:
        node = rewrite(
            source.node,
            class_name=unit.class_name,
            decorated=unit.decorated,
            time_names=_names_of_time(unit),
        )
        _check_builtin_names(node, unit)
        name = ""
        if isinstance(node, FunctionNode):
            # In its own body a function's name is whatever the scope around says, which for a method is another thing.
            name, node.name = node.name, _OWN_NAME
        text = ast.unparse(node)
        lines = _line_map(node, ast.parse(text))
        meta, js = _run_pscript(text, lines)
    except Unsupported as error:
        raise TranspileError(source.file, error.line or source.node_line, unit.name, error.why) from None
    names = {name: 0 for name in sorted(meta["vars_unknown"]) if not name.startswith(SUPER_TOKEN)}
    return JsCode(
        text=js.strip() if isinstance(unit.ob, types.ModuleType) else _expression(js).replace(_OWN_NAME, name),
        names=_with_lines(names, node),
        globals=frozenset(meta["vars_global"]),
        std_functions=frozenset(meta["std_functions"]),
        std_methods=frozenset(meta["std_methods"]),
        keyword_calls=_keyword_calls(node),
        defines=tuple(sorted(meta["vars_defined"])) if isinstance(unit.ob, types.ModuleType) else (),
        file=source.file,
        line=source.node_line,
    )


def standard_library() -> dict[str, str]:
    """Return PScript's library: ``"_pyfunc_…"`` and ``"_pymeth_…"`` → JavaScript expression."""
    stdlib = _pscript().stdlib
    library: dict[str, str] = {}
    for prefix, table in ((stdlib.FUNCTION_PREFIX, stdlib.FUNCTIONS), (stdlib.METHOD_PREFIX, stdlib.METHODS)):
        for name, code in table.items():
            code = code.strip()
            library[prefix + name] = _iterating(code if "\n" in code else code.rsplit("//", 1)[0].rstrip())
    return library


def quick_check(function: types.FunctionType, name: str) -> None:
    """Refuse, at the definition of a class, what certainly cannot run in JavaScript.

    Reads compiled code only: no source, no PScript; a few microseconds.

    Raises:
        TranspileError: The function imports something or is a generator.
    """
    code = function.__code__
    if code.co_flags & _GENERATOR:
        raise TranspileError(code.co_filename, code.co_firstlineno, name, "generators are not supported; build a list")
    if not _may_import(code):
        return
    import dis

    for each in _all_code(code):
        line = each.co_firstlineno
        for instruction in dis.get_instructions(each):
            starts = getattr(instruction, "line_number", None) or instruction.starts_line
            line = starts if isinstance(starts, int) and not isinstance(starts, bool) else line
            if instruction.opname == _IMPORT_NAME and str(instruction.argval).split(".")[0] != "__future__":
                why = (
                    f"importing {instruction.argval!r} there is not possible; "
                    "import at the top of the file, names used come along"
                )
                raise TranspileError(code.co_filename, line, name, why)


# Finding the source


class _File:
    """A parsed file, and where its functions and classes are."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.functions: dict[tuple[str, int], FunctionNode] = {}
        self.classes: list[ast.ClassDef] = []
        for node in ast.walk(tree):
            if isinstance(node, FunctionNode):
                first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                self.functions[node.name, first] = node
            elif isinstance(node, ast.ClassDef):
                self.classes.append(node)


class Sources:
    """Python files that were read and parsed; kept for the time of one request."""

    def __init__(self) -> None:
        self._files: dict[str, _File | None] = {}

    def file(self, name: str, namespace: dict[str, object] | None) -> _File | None:
        """Return the file, or None if its text cannot be found.

        Raises:
            SyntaxError: The file was changed and cannot be read any more.
        """
        if name not in self._files:
            linecache.checkcache(name)
            lines = linecache.getlines(name, namespace)
            self._files[name] = _File(ast.parse("".join(lines))) if lines else None
        return self._files[name]


class _Source:
    def __init__(self, file: str, node: FunctionNode | ast.ClassDef | ast.Module) -> None:
        self.file, self.node = file, node
        self.node_line = getattr(node, "lineno", 1)


def _find_source(unit: CodeUnit, sources: Sources) -> _Source:
    name, ob = unit.file, unit.ob
    if isinstance(ob, types.FunctionType) and ob.__name__ == "<lambda>":
        line = ob.__code__.co_firstlineno
        raise TranspileError(name, line, unit.name, "a lambda at the top level has no name there; write a def")
    if not name:
        raise TranspileError("", 0, unit.name, "it was not written in Python")
    first = unit.functions[0].__code__.co_firstlineno if unit.functions else 0
    try:
        file = sources.file(name, unit.functions[0].__globals__ if unit.functions else None)
    except SyntaxError as error:
        raise TranspileError(name, error.lineno or 0, unit.name, "the file was changed and has an error now") from None
    if file is None:
        why = "its source cannot be found"
        if name.startswith("<") and sys.version_info < (3, 13):
            why += "; what is typed at a plain prompt keeps its source from Python 3.13 on (IPython keeps it always)"
        raise TranspileError(name, first, unit.name, why)
    node: FunctionNode | ast.ClassDef | ast.Module | None = file.tree
    if isinstance(ob, types.FunctionType):
        node = file.functions.get((ob.__code__.co_name, ob.__code__.co_firstlineno))
    elif isinstance(ob, type):
        node = _find_class(file, ob, unit.functions)
    if node is None:
        raise TranspileError(name, first, unit.name, "its source cannot be found; was the file changed meanwhile?")
    return _Source(name, node)


def _find_class(file: _File, cls: type, functions: list[types.FunctionType]) -> ast.ClassDef | None:
    lines = [function.__code__.co_firstlineno for function in functions]
    found = None
    for node in file.classes:
        if node.name == cls.__qualname__.rsplit(".", 1)[-1]:
            if lines and not all(node.lineno <= line <= (node.end_lineno or line) for line in lines):
                continue
            found = node  # the last one of that name is the one that was left
    return found


# Running PScript


def _pscript() -> types.ModuleType:
    with warnings.catch_warnings():
        # 2026-11: PScript <= 0.8.1 asks ast for classes that Python 3.12 deprecates.
        warnings.simplefilter("ignore", DeprecationWarning)
        import pscript

        return cast(types.ModuleType, pscript)


class _Meta(Protocol):
    def __getitem__(self, key: str) -> set[str]: ...


def _run_pscript(text: str, lines: Mapping[int, int]) -> tuple[_Meta, str]:
    pscript = _pscript()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # as in _pscript
            js = pscript.py2js(text, inline_stdlib=False, docstrings=False)
    except Exception as error:  # PScript also raises AssertionError, KeyError, AttributeError… for what it cannot do
        said = str(error) or type(error).__name__
        found = re.search(r"line (\d+)", said)
        line = lines.get(int(found.group(1)), 0) if found else 0
        why = said.split("\n", 1)[-1].strip()
        raise Unsupported(line, why if isinstance(error, pscript.JSError) else f"PScript failed: {said}") from None
    return cast(_Meta, js.meta), _iterating(str(js))


# How PScript makes a list of what a loop runs over.
_KEYS_OF = re.compile(
    r"""(if \(+typeof ([\w$]+) ?=== ?"object"\)? && \(?!Array\.isArray\(\2\)\)+ \{\s*\2 = )(Object\.keys\(\2\))"""
)


def _iterating(js: str) -> str:
    # Of all that is no Array it takes the keys, also of typed arrays, NodeLists, Maps and Sets, which have values.
    return _KEYS_OF.sub(r"\1\2[Symbol.iterator] ? Array.from(\2) : \3", js)


def _expression(js: str) -> str:
    # PScript writes "var foo;\nfoo = function …;\n", and for a class statements after that.
    js = js.strip()
    head = re.match(r"var (\w+);\s*", js)
    assert head is not None, js
    body = js[head.end() :]
    start = f"{head.group(1)} = "
    assert body.startswith(start), js
    if re.match(r"\w+ = function \(\) \{\s*_pyfunc_op_instantiate", body):
        name = head.group(1)
        return f"(function () {{\nvar {name};\n{body.rstrip()}\nreturn {name};\n}})()"
    return body[len(start) :].rstrip().removesuffix(";")


def _line_map(original: ast.AST, again: ast.Module) -> dict[int, int]:
    # Unparsing keeps the tree, so its text parsed anew has the same nodes in the same places.
    lines: dict[int, int] = {}
    pairs: list[tuple[ast.AST, ast.AST]] = [(original, again if isinstance(original, ast.Module) else again.body[0])]
    for old, new in pairs:
        if type(old) is type(new):
            if hasattr(old, "lineno") and hasattr(new, "lineno"):
                lines.setdefault(new.lineno, old.lineno)
            pairs.extend(zip(ast.iter_child_nodes(old), ast.iter_child_nodes(new), strict=False))
    return lines


# Names


def _check_builtin_names(node: ast.AST, unit: CodeUnit) -> None:
    # PScript takes names of builtins for the builtins, whatever they stand for in the module.
    function = unit.functions[0] if unit.functions else None
    if function is None:
        return
    pscript = _pscript()
    builtin_names = {name[9:] for name in dir(pscript.Parser) if name.startswith("function_")}
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load) and part.id in builtin_names:
            value = function.__globals__.get(part.id)
            if isinstance(value, types.FunctionType | type) and value is not getattr(builtins, part.id, None):
                if getattr(value, "__module__", "") in ("deskapp.bridge.js", "pscript.stubs"):
                    continue
                why = f"{part.id}() is a function of PScript, which hides the one of this module; give it another name"
                raise Unsupported(part.lineno, why)
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in builtin_names:
            name = part.value.id
            if name in vars(builtins) and name not in function.__code__.co_varnames:
                raise Unsupported(part.lineno, f"{name}.{part.attr} does not exist there; call {part.attr} of a value")


def _names_of_time(unit: CodeUnit) -> list[str]:
    function = unit.functions[0] if unit.functions else None
    names = function.__globals__ if function is not None else {"time": time}
    return [name for name, value in list(names.items()) if value is time]


def _with_lines(names: Mapping[str, int], node: ast.AST) -> dict[str, int]:
    lines: dict[str, int] = {}
    for part in ast.walk(node):
        if isinstance(part, ast.Name | ast.Attribute):
            dotted = _dotted(part)
            if dotted:
                lines[dotted] = min(part.lineno, lines.get(dotted, part.lineno))
    return {name: lines.get(name) or lines.get(name.split(".")[0], getattr(node, "lineno", 1)) for name in names}


def _keyword_calls(node: ast.AST) -> dict[str, tuple[int, tuple[str, ...]]]:
    calls: dict[str, tuple[int, tuple[str, ...]]] = {}
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and part.keywords:
            dotted = _dotted(part.func)
            words = tuple(keyword.arg for keyword in part.keywords if keyword.arg is not None)
            if dotted and words:
                line, before = calls.get(dotted, (part.lineno, ()))
                calls[dotted] = (line, tuple(dict.fromkeys((*before, *words))))
    return calls


def _dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


# Compiled code


def _all_code(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _all_code(constant)


def _may_import(code: types.CodeType) -> bool:
    import opcode

    wanted = opcode.opmap[_IMPORT_NAME]
    return any(wanted in each.co_code[::2] for each in _all_code(code))
