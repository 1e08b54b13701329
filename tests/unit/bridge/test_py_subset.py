from __future__ import annotations

import ast
import textwrap

import pytest

from deskapp.bridge.py_subset import Unsupported, rewrite


def rewritten(source: str, **options: object) -> str:
    node = ast.parse(textwrap.dedent(source)).body[0]
    return ast.unparse(rewrite(node, **options))  # type: ignore[arg-type]


def body(statement: str) -> str:
    source = "def f():\n" + textwrap.indent(textwrap.dedent(statement), "    ")
    return textwrap.dedent(rewritten(source).split("\n", 1)[1]).strip()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("import os", "import at the top of the file"),
        ("from os import path", "import at the top of the file"),
        ("x = {1, 2}", "use a list"),
        ("x = {i for i in y}", "sets do not exist"),
        ("x = set_of(i for i in y)\nz = (i for i in y)", "generators are not supported"),
        ("yield 3", "generators are not supported"),
        ("x = (y := 3)", "`:=` is not supported"),
        ("match x:\n    case 1: ...", "use if and elif"),
        ("a, (b, c) = x", "flat unpacking"),
        ("a, *b = x", "flat unpacking"),
        ("for a, *b in x: c()", "flat unpacking"),
        ("for a, (b, (c, d)) in x: e()", "flat unpacking"),
        ("a = [c for b, (c, d) in x]", "flat unpacking"),
        ("x = [*a]", "add the lists"),
        ("x = {**a}", "use update"),
        ("x = a[::2]", "slices with a step"),
        ("a[1:2] = x", "slices can only be read"),
        ("x = a[1, 2]", "index twice"),
        ("x = b'1'", "bytes values"),
        ("x = 1j", "complex values"),
        ("x = 2**53 + 9007199254740993", "loses? digits"),
        ("x = 1e999", "Infinity"),
        ("x = a @ b", "`@`"),
        ("x = '{%s}' % a", "keep braces out"),
        ("raise", "directly inside `except`"),
        ("raise ValueError('a', 3)", "one message"),
        ("try:\n    a\nexcept B:\n    b\nelse:\n    c", "move it into the `try`"),
        ("try:\n    a\nexcept f():\n    b", "takes the name of an error"),
        ("x = super().a", "can only be called"),
        ("x = super()", "followed by the method"),
        ("x = isinstance(a, bytes)", "cannot tell a bytes"),
        ("x = isinstance(f(), (str, list))", "assign the value first"),
        ("x = f'{a:{b}}'", "computed"),
        ("@cached\ndef g(): ...", "the decorator @cached"),
        ("@property\ndef g(self): ...", "write a plain method"),
        ("def g(*, a): ...", "needs a default"),
        ("class A(B, C): ...", "several bases"),
        ("class A(metaclass=B): ...", "metaclass"),
    ],
)
def test_refuses(statement: str, says: str) -> None:
    with pytest.raises(Unsupported) as caught:
        body(statement)
    import re

    assert re.search(says, caught.value.why), caught.value.why


def test_a_refusal_names_the_line_at_fault() -> None:
    with pytest.raises(Unsupported) as caught:
        rewritten("def f():\n    a = 1\n\n    return {a}\n")
    assert caught.value.line == 4


@pytest.mark.parametrize(
    ("statement", "becomes"),
    [
        ("while x: y()", "while bool(x):\n    y()"),
        ("while x > 3: y()", "while x > 3:\n    y()"),
        ("a = [x for x in y if x]", "a = [x for x in y if bool(x)]"),
        ("a = sum(x for x in y)", "a = sum([x for x in y])"),
        ("a = {k: 1 for k in y}", "a = dict([[k, 1] for k in y])"),
        ("a = x in {1, 2}", "a = x in [1, 2]"),
        ("a: int = 3", "a = 3"),
        ("a: int", "pass"),
        ("...", "pass"),
        ("del a, b.c", "a = undefined\ndel b.c"),
        ("for i in range(a, b, c): d()", "for i in list(range(a, b, c)):\n    d()"),
        ("for i in range(a, b, -2): d()", "for i in range(a, b, -2):\n    d()"),
        ("for i in range(len(a) - 1): d()", "for i in range(len(a) - 1):\n    d()"),
        ("for i in range(a if b else c): d()", "for i in list(range(a if b else c)):\n    d()"),
        ("for i in range(0, a or 3): d()", "for i in list(range(0, a or 3)):\n    d()"),
        ("for i in range(a | b): d()", "for i in list(range(a | b)):\n    d()"),
        ("for i, (a, b) in c: d()", "for i, unpacked_1 in c:\n    a, b = unpacked_1\n    d()"),
        ("x = str(this_is_js())", "x = str(True)"),
        ("if this_is_js():\n    a()\nelse:\n    import b", "if True:\n    a()"),
        ("if not this_is_js():\n    import b", "if True:\n    pass"),
        ("raise mod.Foo('x') from y", "raise Foo('x')"),
        ("with a, b: c()", "with a:\n    with b:\n        c()"),
        ("x = f'{{{a}}}'", "x = '' + '{' + f'{a}' + '}'"),
        ("x = isinstance(a, (str, list))", "x = isinstance(a, str) or isinstance(a, list)"),
        ("x = isinstance(a, (int, float))", "x = isinstance(a, float)"),
        ("x = isinstance(a, int)", "x = window.Number.isInteger(a)"),
        ("def g(a, /, b: int) -> int: ...", "def g(a, b):\n    pass"),
        ("super().g(1)", "deskapp_super_._base_class.g(1)"),
    ],
)
def test_rewrites(statement: str, becomes: str) -> None:
    # Python 3.10 writes parentheses around tuples where later versions do not.
    assert ast.dump(ast.parse(body(statement))) == ast.dump(ast.parse(becomes))


def test_several_errors_are_caught_one_by_one_and_can_be_raised_again() -> None:
    assert body("try:\n    a()\nexcept (B, m.C):\n    raise") == textwrap.dedent(
        """\
        try:
            a()
        except B as caught_error:
            raise caught_error
        except C as caught_error:
            raise caught_error"""
    )


def test_private_names_get_the_name_of_their_class() -> None:
    assert "self._Foo__a = other._Foo__b.__c__" in rewritten(
        "def f(self):\n    self.__a = other.__b.__c__", class_name="Foo"
    )


def test_super_in_an_inner_class_is_the_base_of_that_class() -> None:
    text = rewritten("class A(B):\n    def f(self):\n        return lambda: super().f()")
    assert "A.prototype._base_class.f()" in text


def test_functions_of_the_module_time_are_known_under_any_name_of_it() -> None:
    assert "return time() - perf_counter()" in rewritten(
        "def f():\n    return t.time() - t.perf_counter()", time_names=["t"]
    )
    with pytest.raises(Unsupported, match="sleep"):
        rewritten("def f():\n    t.sleep(1)", time_names=["t"])


def test_decorators_that_were_applied_already_are_dropped() -> None:
    assert rewritten("@event.action\ndef f(self): ...", decorated=True) == "def f(self):\n    pass"
    with pytest.raises(Unsupported, match="cannot follow"):
        rewritten("@cached\ndef f(): ...")
