from __future__ import annotations

import subprocess
import sys

import pytest

from deskapp.bridge.js_code import CodeUnit, JsCode, JsModule, class_functions
from tests.unit.bridge.conftest import LoadPython


def test_code_survives_being_written_as_data() -> None:
    code = JsCode(
        "function () {}",
        {"a.b": 3},
        frozenset(["document"]),
        frozenset(["range"]),
        frozenset(["append"]),
        {"f": (4, ("x", "y"))},
        ("f",),
        "mod.py",
        2,
    )
    assert JsCode.from_data(code.to_data()) == code


@pytest.mark.parametrize("data", [None, [], {}, [1, 2, 3, 4, 5, 6, 7, 8, 9]])
def test_other_data_is_no_code(data: object) -> None:
    with pytest.raises(ValueError, match="no JsCode"):
        JsCode.from_data(data)


def test_the_fingerprint_tells_code_apart_and_not_its_place(python: LoadPython) -> None:
    module = python(
        """
        class A:
            def f(self, x):
                return x + 1
        class B:

            # elsewhere
            def f(self, x):
                return x + 1
        class C:
            def f(self, x):
                return x + 2
        """
    )
    a, b, c = (CodeUnit(vars(cls)["f"], "f").fingerprint() for cls in (module.A, module.B, module.C))
    assert a == b
    assert a != c


def test_the_fingerprint_is_the_same_in_another_process() -> None:
    script = (
        "import textwrap; from deskapp.bridge.js_code import CodeUnit;"
        "print(CodeUnit(textwrap.dedent, 'd').fingerprint(), CodeUnit(textwrap.TextWrapper, 'T').fingerprint())"
    )
    runs = {
        subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, encoding="utf-8").stdout
        for _ in range(2)
    }
    assert len(runs) == 1


def test_the_fingerprint_of_a_class_counts_its_values(python: LoadPython) -> None:
    module = python("class A:\n    n = 1\nclass B:\n    n = 2\n")
    assert CodeUnit(module.A, "A").fingerprint() != CodeUnit(module.B, "A").fingerprint()


def test_static_methods_are_functions_of_a_class_and_inherited_ones_are_not(python: LoadPython) -> None:
    module = python(
        """
        class A:
            def f(self): ...
            @staticmethod
            def g(): ...
        class B(A):
            def h(self): ...
        """
    )
    assert [f.__name__ for f in class_functions(module.A)] == ["f", "g"]
    assert [f.__name__ for f in class_functions(module.B)] == ["h"]


def test_a_further_module_belongs_to_the_same_python_module() -> None:
    module = JsModule("pkg.mod$2", (), "text", "css")
    assert (module.python_name, module.filename) == ("pkg.mod", "pkg.mod$2.js")
    assert (module.get_js(), module.get_css()) == ("text", "css")
