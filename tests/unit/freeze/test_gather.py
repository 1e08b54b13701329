from __future__ import annotations

import ast
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from deskapp.bridge.code_source import CodeSource
from deskapp.errors import TranspileError
from deskapp.freeze.gather import gather, lazily_imported, module_text
from tests.unit.bridge.conftest import LoadPython, python

__all__ = ["python"]

HEADER = "from deskapp import JsComponent\n"
WRONG = "class Wrong(JsComponent):\n    def init(self):\n        self.x = open('x')\n"


def own(module: types.ModuleType) -> Callable[[str], bool]:
    return lambda name: name == module.__name__


def test_own_code_that_cannot_be_is_an_error_and_that_of_others_a_warning(python: LoadPython) -> None:
    module = python(WRONG, "gathered_wrong", header=HEADER)
    with pytest.raises(TranspileError, match=r"Wrong\.init"):
        gather([module], own(module), CodeSource())
    found = gather([], lambda name: False, CodeSource())
    assert any("gathered_wrong.Wrong, if it is used, will fail" in warning for warning in found.warnings)
    del module.Wrong


def test_files_are_named_without_the_folders_of_this_machine(python: LoadPython, tmp_path: Path) -> None:
    module = python(
        "class Fine(JsComponent):\n    def init(self):\n        self.x = 1\n", "gathered_fine", header=HEADER
    )
    found = gather([module], own(module), CodeSource())
    files = {code.file for key, code in found.codes([tmp_path]).items() if key.startswith("gathered_fine:")}
    assert files == {"gathered_fine.py"}
    assert all(not Path(code.file).is_absolute() for code in found.codes([tmp_path]).values())


def test_classes_of_which_nothing_is_known_are_warned_of(python: LoadPython) -> None:
    module = python("def mixed(Base):\n    class Mixed(Base):\n        pass\n    return Mixed\n", "gathered_mixed")
    found = gather([module], own(module), CodeSource())
    assert any("gathered_mixed.py:3: what Mixed derives from is an argument" in warning for warning in found.warnings)


def test_modules_that_only_functions_import_are_found(
    python: LoadPython, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("gathered_a", "gathered_b", "gathered_c"):
        (tmp_path / f"{name}.py").write_text("", encoding="utf-8")
    (tmp_path / "gathered_d" / "deep").mkdir(parents=True)
    (tmp_path / "gathered_d" / "__init__.py").write_text("", encoding="utf-8")
    module = python(
        """
        if False:
            import gathered_a
        def f():
            import gathered_b
            from gathered_c import x
            import gathered_absent, json, gathered_d.deep.deeper
            from .... import far
        """,
        "gathered_lazy",
    )
    found = lazily_imported([module], lambda name: name.startswith("gathered"))
    assert sorted(found) == ["gathered_b", "gathered_c", "gathered_d"]
    monkeypatch.setitem(sys.modules, "gathered_b", types.ModuleType("gathered_b"))
    assert lazily_imported([module], lambda name: name.startswith("gathered")) == ["gathered_c", "gathered_d"]


def test_only_python_files_have_a_text(tmp_path: Path) -> None:
    module = types.ModuleType("m")
    assert module_text(module) is None
    module.__file__ = str(tmp_path / "m.so")
    assert module_text(module) is None
    module.__file__ = str(tmp_path / "m.py")
    assert module_text(module) is None
    (tmp_path / "m.py").write_bytes(b"# coding: latin-1\nx = '\xe4'\n")
    assert ast.dump(ast.parse(module_text(module) or b"")) == ast.dump(ast.parse("x = 'ä'"))
