from __future__ import annotations

import json
import subprocess
import textwrap
from typing import Any

import pytest

from deskapp.bridge.js_code import CodeUnit, JsCode
from deskapp.bridge.transpile import Sources, quick_check, standard_library, transpile
from deskapp.errors import TranspileError
from tests.unit.bridge.components import needs_node
from tests.unit.bridge.conftest import LoadPython


def unit(ob: Any, class_name: str = "", *, decorated: bool = False) -> CodeUnit:
    return CodeUnit(ob, ob.__qualname__, class_name, decorated)


def run(code: JsCode, *args: object) -> Any:
    library = standard_library()
    names = [f"_pyfunc_{name}" for name in code.std_functions] + [f"_pymeth_{name}" for name in code.std_methods]
    text = "'use strict'; globalThis.window = globalThis;\n"
    text += "\n".join(f"var {name} = {library[name]};" for name in names)
    text += f"\nconsole.log(JSON.stringify([({code.text})(...{json.dumps(args)})]));"
    done = subprocess.run(["node", "-"], input=text, capture_output=True, encoding="utf-8", timeout=20, check=False)
    assert done.returncode == 0, done.stderr + code.text
    return json.loads(done.stdout)[0]


SAME_IN_BOTH = {
    "arithmetic": ("return [a + 2 * b, a // b, a ** b, a % b, -a, a / b]", (7, 2)),
    "lists": ("a.append(3); a.extend([4]); return [a, a[1:], a[-1], len(a), 3 in a, [1] + a, a * 2]", ([1, 2], None)),
    "equality": ("return [a == b, a != b, [a] == [b], a is None]", ([1, {"x": 2}], [1, {"x": 2}])),
    "truth": ("return [1 if a else 2, not a, a or b, bool(b)]", ([], {"x": 1})),
    "while_list": ("n = 0\nwhile a:\n    a.pop()\n    n += 1\nreturn n", ([1, 2, 3], None)),
    "comprehensions": (
        "return [[x * 2 for x in a if x], {str(k): k for k in a}, sum(x for x in a)]",
        ([0, 1, 2], None),
    ),
    "filtered_by_list": ("return [x for x in a if x]", ([[], [1], {}, ""], None)),
    "dicts": (
        "a['z'] = 1; return [a.get('q', 5), sorted(a.keys()), [k + str(v) for k, v in a.items()]]",
        ({"y": 2}, 0),
    ),
    "strings": ("return [f'{a}-{b:.2f}', '%s|%i' % (a, b), a.upper(), a.split('b'), '{}'.format(a)]", ("abc", 2)),
    "braces": ("return f'{{{a}}} }}'", ("x", None)),
    "unpacking": ("x, y = a\nx, y = y, x\nreturn [x, y]", ([1, 2], None)),
    "loops": (
        "r = []\nfor i in range(5, 0, b):\n    r.append(i)\nfor i, x in enumerate(a):\n    r.append(x)\nreturn r",
        ("", -2),
    ),
    "chosen_range": ("r = []\nfor i in range(1 if a else b):\n    r.append(i)\nreturn r", (0, 3)),
    "caught": (
        "r = []\ntry:\n    raise KeyError('k')\nexcept (ValueError, KeyError) as err:\n    r.append(2)\nreturn r",
        (1, 1),
    ),
    "again": (
        "try:\n    try:\n        raise ValueError('x')\n    except ValueError:\n        raise\n"
        "except ValueError:\n    return 'both'\nreturn 'no'",
        (1, 1),
    ),
    "isinstance": (
        "return [isinstance(a, (int, str)), isinstance(b, int), isinstance(a, float), isinstance(a, (list, tuple)),"
        " isinstance(b, (dict, list))]",
        (1.5, [1]),
    ),
    "closures": ("def add(n):\n    return n + a\nreturn [add(b), (lambda q: q * a)(b)]", (2, 3)),
    "keywords": ("def g(x, *, y=1, **z):\n    return [x, y, z]\nreturn [g(a), g(a, y=b), g(a, y=b, q=3)]", (2, 3)),
    "chained": ("return [1 < a < 5, a in {1, 2}]", (2, None)),
    "sorting": ("return [sorted(a), sorted(a, key=lambda x: -x), max(a), min(a), any(a), all(a)]", ([3, 1, 2], None)),
    "plain_class": (
        "class P:\n    K = 2\n    def __init__(self, n):\n        self.__n = n\n"
        "    def get(self):\n        return self.__n * self.K\n"
        "class Q(P):\n    def base(self):\n        return super().get()\n"
        "    def get(self):\n        f = self.base\n        return [f()]\n"
        "return Q(a).get()",
        (4, None),
    ),
}


@needs_node
@pytest.mark.parametrize("name", SAME_IN_BOTH)
def test_means_the_same_in_both_languages(name: str, python: LoadPython) -> None:
    text, args = SAME_IN_BOTH[name]
    module = python(f"def f(a, b):\n{textwrap.indent(text, '    ')}\n")
    js = run(transpile(unit(module.f)), *args)
    assert js == json.loads(json.dumps(module.f(*json.loads(json.dumps(args)))))


@needs_node
def test_what_javascript_can_iterate_over_gives_its_values(python: LoadPython) -> None:
    module = python(
        """
        def f(a):
            values = [window.Float32Array(a), window.Set(a), window.Map([[3, 4]])]
            total = 0
            for value in values[0]:
                total += value
            return [total, [x + 1 for x in values[1]], list(values[2]), sorted(values[0]), [k for k in {"key": 1}]]
        """
    )
    assert run(transpile(unit(module.f)), [7, 5]) == [12, [8, 6], [[3, 4]], [5, 7], ["key"]]


def test_names_come_with_their_lines(python: LoadPython) -> None:
    module = python(
        """
        def f(a):
            global document
            document.title = conf.title + a
            return helper(
                conf.other.deep)
        """
    )
    code = transpile(unit(module.f))
    assert code.names == {"conf.other.deep": 6, "conf.title": 4, "helper": 5}
    assert code.globals == {"document"}
    assert code.line == 2
    assert code.file.endswith("user_mod.py")


def test_the_own_name_of_a_function_is_a_free_name(python: LoadPython) -> None:
    module = python("def fact(n):\n    return fact(n - 1) if n else 1\nclass A:\n    def n(self): return n\n")
    assert transpile(unit(module.fact)).names == {"fact": 3}
    assert transpile(unit(module.A.n, "A")).names == {"n": 5}


def test_a_method_leaves_its_base_class_open(python: LoadPython) -> None:
    module = python("class A:\n    def f(self, x):\n        return lambda: super().f(x)\n")
    code = transpile(unit(module.A.f, "A"))
    assert "deskapp_super_._base_class.f.call(this, x)" in code.text
    assert not code.names


def test_keyword_calls_are_noted(python: LoadPython) -> None:
    module = python("def f(a):\n    g(a, x=1)\n    m.g(y=2)\n")
    assert transpile(unit(module.f)).keyword_calls == {"g": (3, ("x",)), "m.g": (4, ("y",))}


def test_keywords_of_capitalised_names_make_instances(python: LoadPython) -> None:
    module = python("def f(self, a):\n    return [Clock(a, text=a), Clock(a), make(a)]\n")
    text = transpile(unit(module.f)).text
    assert "[new Clock({flx_args: [a], flx_kwargs: {text: a}}), new Clock(a), make(a)]" in text


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("def f(self):\n    x = 1\n    import os\n", 4, "`import os` cannot run"),
        ("def f(self):\n\n\n    for a in x.items():\n        b()\n", 5, "items"),
        ("def f(self):\n    '''doc'''\n    # comment\n    y = lambda: default\n", 5, "reserved name default"),
        ("@staticmethod\ndef f(x):\n    return {x}\n", 4, "sets do not exist"),
        ("def f(self):\n    return 'a'.join(str.join(',', x))\n", 3, r"str\.join does not exist"),
    ],
)
def test_an_error_has_the_line_of_the_construct(text: str, line: int, why: str, python: LoadPython) -> None:
    import re

    module = python("class A:\n" + textwrap.indent(text, "    "))
    function = vars(module.A)["f"]
    function = getattr(function, "__func__", function)
    with pytest.raises(TranspileError) as caught:
        transpile(CodeUnit(function, "A.f", "A"))
    assert re.search(why, caught.value.why), caught.value.why
    assert (caught.value.line, caught.value.name) == (line + 1, "A.f")
    assert caught.value.file == module.__file__


def test_a_function_named_like_a_builtin_is_refused(python: LoadPython) -> None:
    module = python("def round(x):\n    return x\ndef f(a):\n    return round(a)\n")
    with pytest.raises(TranspileError, match=r"hides the one of this module") as caught:
        transpile(unit(module.f))
    assert caught.value.line == 5


def test_a_lambda_is_refused(python: LoadPython) -> None:
    with pytest.raises(TranspileError, match="write a def"):
        transpile(unit(python("f = lambda: 1\n").f))


def test_code_without_source_is_refused() -> None:
    namespace: dict[str, Any] = {}
    exec("def f(): pass", namespace)
    with pytest.raises(TranspileError, match="its source cannot be found"):
        transpile(unit(namespace["f"]))


def test_a_file_that_changed_meanwhile_is_refused(python: LoadPython) -> None:
    from pathlib import Path

    module = python("def f():\n    return 1\n")
    path = Path(str(module.__file__))
    path.write_text("# another line\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(TranspileError, match="changed meanwhile"):
        transpile(unit(module.f))
    path.write_text("def def", encoding="utf-8")
    with pytest.raises(TranspileError, match="has an error now"):
        transpile(unit(module.f), Sources())


def test_the_class_that_was_left_is_taken_of_several_of_one_name(python: LoadPython) -> None:
    module = python("if True:\n    class A:\n        K = 1\nif True:\n    class A:\n        K = 2\n")
    assert "A.prototype.K = 2;" in transpile(unit(module.A)).text


def test_a_whole_module_is_statements_and_names(python: LoadPython) -> None:
    module = python(
        """
        __pscript__ = True
        from deskapp.bridge.js import window
        def f(x):
            return g(x)
        def g(x):
            return window.Math.abs(x)
        if __name__ == "__main__":
            print("not there")
        """,
        header="",
    )
    code = transpile(CodeUnit(module, "user_mod"))
    assert code.defines == ("__pscript__", "f", "g")
    assert "not there" not in code.text
    assert not code.names


def test_a_whole_module_cannot_import(python: LoadPython) -> None:
    module = python("__pscript__ = True\nimport json\n", header="")
    with pytest.raises(TranspileError, match="modules marked __pscript__ cannot import"):
        transpile(CodeUnit(module, "user_mod"))


def test_async_functions_stay_async(python: LoadPython) -> None:
    module = python("async def f(x):\n    return await x.g()\n")
    assert transpile(unit(module.f)).text.startswith("async function flx_f (x) {")


def test_the_quick_check_needs_no_source() -> None:
    namespace: dict[str, Any] = {}
    exec("def f(self):\n    x = 1\n    import os\ndef g(self):\n    yield 1\ndef h(self): pass", namespace)
    with pytest.raises(TranspileError, match="importing 'os'") as caught:
        quick_check(namespace["f"], "A.f")
    assert caught.value.line == 3
    with pytest.raises(TranspileError, match="generators"):
        quick_check(namespace["g"], "A.g")
    quick_check(namespace["h"], "A.h")


def test_importing_this_does_not_import_pscript() -> None:
    import sys

    script = "import sys, deskapp.bridge.module_graph, deskapp.bridge.transpile; print('pscript' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "False"


def test_a_body_that_is_a_docstring_alone_is_empty(python: LoadPython) -> None:
    source = python('def paint(pen):\n    """For subclasses: draw."""\n')
    assert "subclasses" not in transpile(CodeUnit(source.paint, "paint")).text
