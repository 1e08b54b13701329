from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path

import pytest

from deskapp._lazy import LazyModule, lazy_names

PACKAGES = ["deskapp", "deskapp.app", "deskapp.bridge", "deskapp.runtime", "deskapp.server", "deskapp.testing"]


def test_a_name_comes_from_its_home_when_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lazy_home.py").write_text("here = 3\nelsewhere = 4\n")
    monkeypatch.syspath_prepend(tmp_path)
    find = lazy_names("some.module", {"lazy_home": ("here",)})
    assert "lazy_home" not in sys.modules
    assert find("here") == 3
    with pytest.raises(AttributeError, match=r"module 'some\.module' has no attribute 'elsewhere'"):
        find("elsewhere")


def test_a_submodule_is_found_without_an_import() -> None:
    assert lazy_names("deskapp", {}, submodules=("errors",))("errors") is importlib.import_module("deskapp.errors")


def test_what_is_made_is_made_anew_each_time() -> None:
    find = lazy_names("some.module", {}, made={"fresh": list})
    assert find("fresh") == []
    assert find("fresh") is not find("fresh")


@pytest.mark.parametrize("name", PACKAGES)
def test_type_checkers_see_each_lazy_name(name: str) -> None:
    path = importlib.import_module(name).__file__
    assert path is not None
    branches = [
        node
        for node in ast.parse(Path(path).read_text(encoding="utf-8")).body
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    ]
    for_checkers, for_python = branches[0].body, branches[0].orelse
    imported = [alias for node in for_checkers if isinstance(node, ast.ImportFrom) for alias in node.names]
    seen = {alias.name for alias in imported}
    apart = {alias.name for alias in imported if alias.asname == alias.name}  # found, but not by `import *`
    seen |= {
        node.target.id for node in for_checkers if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    call = for_python[0].value if isinstance(for_python[0], ast.Assign) else None
    assert isinstance(call, ast.Call)
    texts = {node.value for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    lazy = {text for text in texts if not text.startswith("deskapp.")}
    assert lazy
    assert lazy - seen == set()
    assert lazy - apart <= set(importlib.import_module(name).__all__)
    assert apart.isdisjoint(importlib.import_module(name).__all__)


def test_a_lazy_module_is_the_module_once_it_is_used() -> None:
    lazy = LazyModule("base64")
    assert lazy.b64encode(b"a") == b"YQ=="  # type: ignore[operator]
    assert "b64encode" in vars(lazy)
