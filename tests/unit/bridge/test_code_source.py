from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from deskapp.bridge.cache import CodeCache
from deskapp.bridge.client_bundle import ClientBundle, client_bundle
from deskapp.bridge.code_source import CodeSource, portable_key
from deskapp.bridge.js_code import CodeUnit, JsCode
from deskapp.errors import TranspileError
from tests.unit.bridge.conftest import LoadPython

PROGRAM = """
import sys
from pathlib import Path
from deskapp.assets import AssetStore
from deskapp.bridge.cache import CodeCache
from deskapp.bridge.code_source import CodeSource
from deskapp.bridge.module_graph import ModuleGraph
import user_app
graph = ModuleGraph(AssetStore(), CodeSource(CodeCache(Path(sys.argv[1]))))
modules = graph.modules_for(user_app.Main)
print("pscript" in sys.modules, "ast" in sys.modules and hasattr(sys.modules.get("deskapp.bridge.transpile"), "ast"))
sys.stdout.write("".join(module.text for module in modules))
"""

USER_APP = """
from deskapp import event
from tests.unit.bridge.components import JsComponent
LIMIT = %s
def helper(a):
    return [x for x in range(a) if x %% 2]
class Main(JsComponent):
    n = event.IntProp(3, settable=True)
    def init(self):
        self.found = helper(LIMIT)
    @event.reaction("n")
    def show(self, *events):
        print(f"{self.n}")
"""


def start(folder: Path) -> tuple[str, str]:
    """Run the program in a fresh interpreter; returns (what it says of its imports, its JavaScript)."""
    path = [str(folder), str(Path.cwd()), os.environ.get("PYTHONPATH", "")]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(each for each in path if each)}
    command = [sys.executable, "-c", PROGRAM, str(folder / "cache")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=env, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
    said, _, text = done.stdout.partition("\n")
    return said, text


def test_a_second_start_imports_no_pscript_and_gives_the_same(tmp_path: Path) -> None:
    (tmp_path / "user_app.py").write_text(USER_APP % 5, encoding="utf-8")
    first, text = start(tmp_path)
    second, again = start(tmp_path)
    assert first == "True True"
    assert second == "False False"
    assert again == text
    assert "var LIMIT = 5;" in text


def test_a_value_that_changed_is_in_the_text_of_the_next_start(tmp_path: Path) -> None:
    (tmp_path / "user_app.py").write_text(USER_APP % "__import__('os').environ.get('LIMIT_NOW', 5)", encoding="utf-8")
    assert "var LIMIT = 5;" in start(tmp_path)[1]
    os.environ["LIMIT_NOW"] = "seven"
    try:
        said, text = start(tmp_path)
    finally:
        del os.environ["LIMIT_NOW"]
    assert 'var LIMIT = "seven";' in text
    assert said == "False False"


def test_code_that_changed_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "user_app.py").write_text(USER_APP % 5, encoding="utf-8")
    start(tmp_path)
    (tmp_path / "user_app.py").write_text((USER_APP % 5).replace("x % 2", "x % 3"), encoding="utf-8")
    said, text = start(tmp_path)
    assert said == "True True"
    assert "x % 3" in text


def test_a_global_declaration_counts_as_change(python: LoadPython, tmp_path: Path) -> None:
    cache = CodeCache(tmp_path / "cache")
    module = python("def f():\n    return thing\n")
    assert CodeSource(cache).get([CodeUnit(module.f, "f")])[0].names == {"thing": 3}
    module = python("def f():\n    global thing; return thing\n")
    assert CodeSource(cache).get([CodeUnit(module.f, "f")])[0].globals == {"thing"}


def test_an_entry_that_makes_no_sense_is_made_anew(python: LoadPython, tmp_path: Path) -> None:
    cache = CodeCache(tmp_path / "cache")
    unit = CodeUnit(python("def f():\n    return 1\n").f, "f")
    (code,) = CodeSource(cache).get([unit])
    (entry,) = (tmp_path / "cache").iterdir()
    nonsense: object
    for nonsense in ({"codes": [1], "library": {}}, {"codes": [], "library": {}}, [1], {"codes": 3}):
        cache.put(entry.stem, nonsense)
        assert CodeSource(cache).get([unit]) == [code]


def test_the_library_is_what_the_code_needs(python: LoadPython, tmp_path: Path) -> None:
    unit = CodeUnit(python("def f(a):\n    a.append(range(3))\n    return a == 2\n").f, "f")
    cache = CodeCache(tmp_path / "cache")
    for _ in range(2):
        source = CodeSource(cache)
        library = source.library(source.get([unit]))
        assert {"_pyfunc_op_equals", "_pyfunc_range", "_pymeth_append"} <= set(library)
        assert "_pymeth_title" not in library


class Manifest:
    """What a frozen program carries."""

    def __init__(self, codes: Mapping[str, JsCode], library: Mapping[str, str]) -> None:
        self._codes, self._library = codes, library

    def code(self, key: str) -> JsCode | None:
        return self._codes.get(key)

    def library(self) -> Mapping[str, str]:
        return self._library

    def client(self) -> ClientBundle:
        return ClientBundle("script", "css", "hash")


def test_a_frozen_program_takes_all_from_its_manifest(python: LoadPython) -> None:
    module = python("def f(a):\n    return a == 2\ndef g(): ...\n")
    unit = CodeUnit(module.f, "f")
    maker = CodeSource()
    codes = maker.get([unit])
    assert list(maker.given) == [portable_key(unit)]
    frozen = CodeSource(manifest=Manifest(maker.given, maker.library(codes)))
    assert frozen.get([unit]) == codes
    assert frozen.library(codes) == maker.library(codes)
    assert (frozen.client().script, maker.client()) == ("script", client_bundle())
    with pytest.raises(TranspileError, match="frozen program has no JavaScript of it"):
        frozen.get([CodeUnit(module.g, "g")])


def test_asking_for_nothing_gives_nothing() -> None:
    assert CodeSource().get([]) == []
