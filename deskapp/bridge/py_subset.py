"""The Python that can become JavaScript: rewrites what PScript would get wrong, refuses what has no counterpart.

Works on Python's own syntax trees, before PScript sees the text. What is rewritten means the same in Python; what is
refused would otherwise be an unclear error, or JavaScript that silently does something else.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence
from typing import TypeVar

from deskapp.bridge.js_code import SUPER_TOKEN

SAFE_INTEGER = 2**53

_REFUSED: dict[str, str] = {
    "AsyncFor": "`async for` does not exist there; await in a plain loop",
    "AsyncWith": "`async with` does not exist there; use try and finally",
    "Match": "`match` is not supported; use if and elif",
    "NamedExpr": "`:=` is not supported; assign in a statement of its own",
    "Set": "sets do not exist there; use a list, or a dict with the members as keys",
    "SetComp": "sets do not exist there; use a list comprehension",
    "TryStar": "`except*` is not supported",
    "TypeAlias": "`type` statements belong outside of the code that runs in JavaScript",
    "Yield": "generators are not supported; build a list",
    "YieldFrom": "generators are not supported; build a list",
}

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_N = TypeVar("_N", bound=ast.AST)


class Unsupported(Exception):
    """Python that has no JavaScript counterpart.

    Args:
        line: Where it stands in the file.
        why: What it is, and what to write instead.
    """

    def __init__(self, line: int, why: str) -> None:
        super().__init__(line, why)
        self.line, self.why = line, why


def rewrite(node: _N, *, class_name: str = "", decorated: bool = False, time_names: Sequence[str] = ()) -> _N:
    """Return a copy of the node that PScript translates faithfully.

    Args:
        node: A function, a class or a module.
        class_name: The class in whose body the function stands.
        decorated: Whether the outermost decorators are to be dropped without a word.
        time_names: Names that stand for the module ``time`` where the code was written.

    Raises:
        Unsupported: It uses something that JavaScript cannot have.
    """
    node = copy.deepcopy(node)
    if isinstance(node, FunctionNode) and (decorated or not class_name):
        if node.decorator_list and not decorated:
            raise Unsupported(node.lineno, f"the decorator of {node.name} cannot follow it there; remove it")
        node.decorator_list = []
    _Rewriter(class_name, time_names).visit(node)
    return ast.fix_missing_locations(node)


class _Rewriter(ast.NodeTransformer):
    def __init__(self, class_name: str, time_names: Sequence[str]) -> None:
        self._class_names = [class_name] if class_name else []
        self._inner_classes: list[str] = []
        self._time_names = frozenset(time_names)
        self._functions = 0
        self._unpacked = 0
        self._caught: list[str] = []

    # Structure

    def visit(self, node: ast.AST) -> ast.AST:
        why = _REFUSED.get(type(node).__name__)
        if why is not None:
            raise Unsupported(getattr(node, "lineno", 0), why)
        result: ast.AST = super().visit(node)
        return result

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def _function(self, node: FunctionNode) -> ast.AST:
        for decorator in node.decorator_list:
            if not (isinstance(decorator, ast.Name) and decorator.id == "staticmethod"):
                what = ast.unparse(decorator)
                hint = "write a plain method" if what in ("property", "classmethod") else "call it explicitly"
                raise Unsupported(decorator.lineno, f"the decorator @{what} does not work there; {hint}")
        node.returns = None
        if getattr(node, "type_params", None):
            setattr(node, "type_params", [])  # noqa: B010 (exists from Python 3.12 on)
        self._functions += 1
        caught, self._caught = self._caught, []
        self.generic_visit(node)
        self._caught = caught
        self._functions -= 1
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self._functions += 1
        self.generic_visit(node)
        self._functions -= 1
        return node

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        # Everybody can be called by position; JavaScript knows nothing else.
        node.args = node.posonlyargs + node.args
        node.posonlyargs = []
        for default in [*node.defaults, *(d for d in node.kw_defaults if d is not None)]:
            self.visit(default)
        for argument in [*node.args, *node.kwonlyargs, node.vararg, node.kwarg]:
            if argument is not None:
                argument.annotation = None
        if None in node.kw_defaults:
            index = node.kw_defaults.index(None)
            at = node.kwonlyargs[index]
            raise Unsupported(at.lineno, f"the keyword-only parameter {at.arg!r} needs a default there")
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        if node.decorator_list:
            raise Unsupported(node.lineno, f"class {node.name} has a decorator, which JavaScript does not know")
        if len(node.bases) > 1:
            raise Unsupported(node.lineno, f"class {node.name} has several bases; JavaScript classes have one")
        if node.keywords:
            raise Unsupported(node.lineno, f"class {node.name} has a metaclass or keywords; leave them out")
        if getattr(node, "type_params", None):
            setattr(node, "type_params", [])  # noqa: B010 (exists from Python 3.12 on)
        node.body = [statement for statement in node.body if not _is_bare_annotation(statement)] or [ast.Pass()]
        self._class_names.append(node.name)
        self._inner_classes.append(node.name)
        self.generic_visit(node)
        self._inner_classes.pop()
        self._class_names.pop()
        return node

    # Statements

    def visit_Import(self, node: ast.Import) -> ast.AST:
        names = [alias.name for alias in node.names]
        if not self._functions and all(name in ("time", "typing", "pscript") for name in names):
            return ast.copy_location(ast.Pass(), node)
        raise self._import(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        root = (node.module or "").split(".")[0]
        if root in ("__future__", "typing") or (not self._functions and root in ("pscript", "time", "deskapp")):
            return ast.copy_location(ast.Pass(), node)
        raise self._import(node)

    def _import(self, node: ast.Import | ast.ImportFrom) -> Unsupported:
        what = ast.unparse(node)
        if self._functions:
            return Unsupported(
                node.lineno, f"`{what}` cannot run in JavaScript; import at the top of the file, names used come along"
            )
        return Unsupported(node.lineno, f"`{what}`: modules marked __pscript__ cannot import")

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        plain = ast.Assign(targets=[node.target], value=node.value)
        return self.visit(ast.copy_location(plain, node))

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        for target in node.targets:
            _check_flat(target)
        self.generic_visit(node)
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        if isinstance(node.target, ast.Tuple | ast.List):
            # `for i, (a, b) in …:` is `for i, pair in …:` with `a, b = pair` as its first statement.
            for at, part in enumerate(node.target.elts):
                if isinstance(part, ast.Tuple | ast.List):
                    self._unpacked += 1
                    name = f"unpacked_{self._unpacked}"
                    node.target.elts[at] = ast.copy_location(ast.Name(name, ast.Store()), part)
                    inner = ast.Assign(targets=[part], value=ast.Name(name, ast.Load()))
                    node.body.insert(0, ast.copy_location(inner, part))
        _check_flat(node.target)
        self.generic_visit(node)
        call = node.iter
        if isinstance(call, ast.Call) and _is_name(call.func, "range"):
            # PScript decides at once which way the loop runs, for which it must see the step; and it compares with the
            # end as it stands, without brackets, at every turn.
            computed = [step for step in call.args[2:] if not isinstance(_unsigned(step), ast.Constant)]
            loose = [bound for bound in call.args[:2] if not _binds_tightly(bound)]
            node.iter = _call("list", call) if computed or loose else call
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        test = node.test
        negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
        if _is_this_is_js(test.operand if isinstance(test, ast.UnaryOp) and negated else test):
            # What Python alone runs may be anything.
            kept = node.orelse if negated else node.body
            return self.generic_visit(ast.copy_location(ast.If(ast.Constant(True), kept or [ast.Pass()], []), node))
        self.generic_visit(node)
        return node

    def visit_While(self, node: ast.While) -> ast.AST:
        self.generic_visit(node)
        node.test = _truth(node.test)
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        self.generic_visit(node)
        node.test = _truth(node.test)
        return node

    def visit_Delete(self, node: ast.Delete) -> ast.AST | list[ast.AST]:
        self.generic_visit(node)
        done: list[ast.AST] = []
        for target in node.targets:
            if isinstance(target, ast.Name):  # `delete name` is a syntax error in strict JavaScript
                target.ctx = ast.Store()
                done.append(ast.Assign(targets=[target], value=ast.Name("undefined", ast.Load())))
            else:
                done.append(ast.Delete(targets=[target]))
        return [ast.copy_location(statement, node) for statement in done]

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        self.generic_visit(node)
        node.cause = None
        if node.exc is None:
            if not self._caught:
                raise Unsupported(node.lineno, "a bare `raise` works directly inside `except` only")
            node.exc = ast.Name(self._caught[-1], ast.Load())
        elif isinstance(node.exc, ast.Call):
            if isinstance(node.exc.func, ast.Attribute) and node.exc.func.attr[:1].isupper():
                node.exc.func = ast.Name(node.exc.func.attr, ast.Load())
            if len(node.exc.args) > 1 or node.exc.keywords:
                raise Unsupported(node.lineno, "an error can be raised with one message only")
        return node

    def visit_Try(self, node: ast.Try) -> ast.AST:
        if node.orelse:
            raise Unsupported(node.orelse[0].lineno, "`else` after `except` is not supported; move it into the `try`")
        handlers: list[ast.ExceptHandler] = []
        for handler in node.handlers:
            kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
            for kind in kinds:
                one = copy.deepcopy(handler)
                if isinstance(kind, ast.Attribute):
                    kind = ast.Name(kind.attr, ast.Load())
                elif kind is not None and not isinstance(kind, ast.Name):
                    raise Unsupported(handler.lineno, "`except` takes the name of an error, or several in parentheses")
                # JavaScript errors have names, not a hierarchy: everything is an Exception.
                one.type = None if isinstance(kind, ast.Name) and kind.id == "BaseException" else kind
                handlers.append(one)
        node.handlers = handlers
        self.generic_visit(node)
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        if node.name is None and any(isinstance(n, ast.Raise) and n.exc is None for n in ast.walk(node)):
            node.name = "caught_error"
        elif node.name is not None and not node.name[0].islower():
            raise Unsupported(node.lineno, f"the caught error's name {node.name!r} must begin with a small letter")
        self._caught.append(node.name or "")
        self.generic_visit(node)
        self._caught.pop()
        return node

    def visit_With(self, node: ast.With) -> ast.AST:
        # `with a, b:` is `with a:` around `with b:`.
        if len(node.items) > 1:
            inner = ast.copy_location(ast.With(items=node.items[1:], body=node.body), node)
            node.items, node.body = node.items[:1], [inner]
        self.generic_visit(node)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        # Docstrings and `...` do nothing; PScript takes a docstring that is all of a body for JavaScript.
        if isinstance(node.value, ast.Constant):
            return ast.copy_location(ast.Pass(), node)
        self.generic_visit(node)
        return node

    # Expressions

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Call) and _is_name(node.value.func, "super"):
            raise Unsupported(node.lineno, f"super().{node.attr} can only be called there")
        self.generic_visit(node)
        private = node.attr.startswith("__") and not node.attr.endswith("__")
        if private and self._class_names:
            node.attr = f"_{self._class_names[-1].lstrip('_')}{node.attr}"
        if isinstance(node.value, ast.Name) and node.value.id in self._time_names:
            if node.attr in ("time", "perf_counter"):
                return ast.copy_location(ast.Name(node.attr, node.ctx), node)
            raise Unsupported(
                node.lineno, f"of the module time, JavaScript has time() and perf_counter(), no {node.attr}"
            )
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        function = node.func
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Call):
            if _is_name(function.value.func, "super"):
                base = f"{self._inner_classes[-1]}.prototype._base_class" if self._inner_classes else SUPER_TOKEN
                function.value = ast.copy_location(ast.parse(base, mode="eval").body, function.value)
        elif _is_name(function, "super"):
            raise Unsupported(node.lineno, "super() must be followed by the method to call: super().method(…)")
        elif _is_name(function, "isinstance") and len(node.args) == 2:
            return self._isinstance(node)
        elif _is_this_is_js(node):
            return ast.copy_location(ast.Constant(True), node)
        node.args = [_as_list(argument) for argument in node.args]
        self.generic_visit(node)
        return node

    def _isinstance(self, node: ast.Call) -> ast.AST:
        value, kinds = node.args
        self.visit(value)
        names = kinds.elts if isinstance(kinds, ast.Tuple | ast.List) else [kinds]
        names = [name for i, name in enumerate(names) if ast.unparse(name) not in map(ast.unparse, names[:i])]
        if "float" in map(ast.unparse, names):  # integers are numbers there
            names = [name for name in names if not _is_name(name, "int")]
        tests: list[ast.expr] = []
        for name in names:
            written = ast.unparse(name)
            if written in ("set", "frozenset", "bytes", "bytearray", "complex", "type", "type(None)"):
                raise Unsupported(node.lineno, f"isinstance cannot tell a {written} there")
            if isinstance(name, ast.Call | ast.Tuple | ast.List | ast.BinOp):
                raise Unsupported(node.lineno, "isinstance takes a class, or several in parentheses")
            test: ast.expr = ast.Call(ast.Name("isinstance", ast.Load()), [value, name], [])
            if written == "int":
                test = ast.parse("window.Number.isInteger(x)", mode="eval").body
                assert isinstance(test, ast.Call)
                test.args = [value]
            elif written == "object":
                test = ast.Constant(True)
            tests.append(ast.copy_location(test, node))
        if len(tests) == 1:
            return tests[0]
        if not all(isinstance(part, ast.Name | ast.Attribute | ast.Load) for part in ast.walk(value)):
            raise Unsupported(node.lineno, "isinstance with several classes needs a plain name; assign the value first")
        return ast.copy_location(ast.BoolOp(ast.Or(), tests), node)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        for i, (operator, right) in enumerate(zip(node.ops, node.comparators, strict=True)):
            if isinstance(operator, ast.In | ast.NotIn) and isinstance(right, ast.Set):
                node.comparators[i] = ast.copy_location(ast.List(right.elts, ast.Load()), right)
        self.generic_visit(node)
        return node

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        pair = ast.List([node.key, node.value], ast.Load())
        pairs = ast.ListComp(elt=pair, generators=node.generators)
        return self.visit(ast.copy_location(_call("dict", ast.copy_location(pairs, node)), node))

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        raise Unsupported(node.lineno, "generators are not supported; use a list comprehension")

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        if node.is_async:
            raise Unsupported(node.iter.lineno, "`async for` does not exist there; await in a plain loop")
        _check_flat(node.target)
        self.generic_visit(node)
        node.ifs = [_truth(test) for test in node.ifs]
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        if None in node.keys:
            raise Unsupported(node.lineno, "`**` in a dict display is not supported; use update()")
        self.generic_visit(node)
        return node

    def visit_Starred(self, node: ast.Starred) -> ast.AST:
        self.generic_visit(node)
        return node

    def visit_List(self, node: ast.List) -> ast.AST:
        return self._display(node)

    def visit_Tuple(self, node: ast.Tuple) -> ast.AST:
        return self._display(node)

    def _display(self, node: ast.List | ast.Tuple) -> ast.AST:
        if any(isinstance(part, ast.Starred) for part in node.elts):
            raise Unsupported(node.lineno, "`*` in a list display is not supported; add the lists")
        self.generic_visit(node)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if isinstance(node.slice, ast.Slice):
            if node.slice.step is not None:
                raise Unsupported(node.lineno, "slices with a step are not supported")
            if not isinstance(node.ctx, ast.Load):
                raise Unsupported(node.lineno, "slices can only be read there; use splice(), or build a new list")
        elif isinstance(node.slice, ast.Tuple):
            raise Unsupported(node.lineno, "an index with commas does not exist there; index twice")
        self.generic_visit(node)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if isinstance(node.op, ast.MatMult):
            raise Unsupported(node.lineno, "`@` does not exist there")
        text = node.left.value if isinstance(node.left, ast.Constant) else None
        if isinstance(node.op, ast.Mod) and isinstance(text, str) and ("{" in text or "}" in text):
            raise Unsupported(node.lineno, "keep braces out of strings that are formatted with `%`; add them with `+`")
        self.generic_visit(node)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        value = node.value
        if isinstance(value, bytes | complex):
            raise Unsupported(node.lineno, f"{type(value).__name__} values do not exist there")
        if isinstance(value, int) and abs(value) > SAFE_INTEGER:
            raise Unsupported(node.lineno, f"{value} is beyond 2**53, where JavaScript's numbers lose digits")
        if isinstance(value, float) and value in (float("inf"), float("-inf")):
            raise Unsupported(node.lineno, "write Infinity instead")
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        self.generic_visit(node)
        constants = [part.value for part in node.values if isinstance(part, ast.Constant)]
        if not any("{" in str(text) or "}" in str(text) for text in constants):
            return node
        # PScript turns f-strings into format strings, in which a brace of the text would start a field.
        total: ast.expr = ast.Constant("")
        for part in node.values:
            piece: ast.expr = part if isinstance(part, ast.Constant) else ast.JoinedStr([part])
            total = ast.BinOp(total, ast.Add(), piece)
        return ast.copy_location(total, node)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        spec = node.format_spec
        if isinstance(spec, ast.JoinedStr) and any(isinstance(part, ast.FormattedValue) for part in spec.values):
            raise Unsupported(node.lineno, "a format that is computed is not supported in an f-string")
        node.value = self.visit(node.value)  # type: ignore[assignment]
        return node


def _as_list(argument: ast.expr) -> ast.expr:
    # A function that is handed a generator may as well be handed a list.
    if isinstance(argument, ast.GeneratorExp):
        return ast.copy_location(ast.ListComp(elt=argument.elt, generators=argument.generators), argument)
    return argument


def _truth(test: ast.expr) -> ast.expr:
    # Empty lists and dicts are true in JavaScript; PScript minds that in `if`, `and`, `or` and `not` only.
    if isinstance(test, ast.Constant | ast.Compare | ast.UnaryOp):
        return test
    return ast.copy_location(_call("bool", test), test)


def _check_flat(target: ast.expr) -> None:
    parts = target.elts if isinstance(target, ast.Tuple | ast.List) else []
    if any(isinstance(part, ast.Starred | ast.Tuple | ast.List) for part in parts):
        raise Unsupported(target.lineno, "only flat unpacking works there: a, b = values")


def _is_this_is_js(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _is_name(node.func, "this_is_js") and not node.args and not node.keywords


def _call(name: str, argument: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Call(ast.Name(name, ast.Load()), [argument], []), argument)


def _binds_tightly(node: ast.expr) -> bool:
    """Whether JavaScript reads `i < …` as meant when this follows, written without brackets."""
    if isinstance(node, ast.BinOp):
        return not isinstance(node.op, ast.BitOr | ast.BitXor | ast.BitAnd)
    return not isinstance(node, ast.IfExp | ast.BoolOp | ast.Compare | ast.Await)


def _unsigned(node: ast.expr) -> ast.expr:
    return node.operand if isinstance(node, ast.UnaryOp) else node


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_bare_annotation(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.AnnAssign) and statement.value is None
