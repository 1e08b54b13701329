"""Fixtures for the tests of what turns Python into JavaScript."""

from __future__ import annotations

import importlib.util
import sys
import textwrap
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HEADER = (
    "from deskapp import event; from deskapp.bridge.js import RawJS, this_is_js, undefined, window; "
    "from tests.unit.bridge.components import JsComponent, PyComponent\n"
)

LoadPython = Callable[..., types.ModuleType]


@pytest.fixture
def python(tmp_path: Path) -> Iterator[LoadPython]:
    """Imports a module from text, under a header of one line; the text's first line is line 2."""
    made: list[str] = []

    def load(text: str, name: str = "user_mod", *, header: str = HEADER, is_package: bool = False) -> types.ModuleType:
        path = tmp_path / (name.replace(".", "/") + ("/__init__.py" if is_package else ".py"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(header + textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        where = [str(path.parent)] if is_package else None
        spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=where)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        made.append(name)
        spec.loader.exec_module(module)
        return module

    yield load
    for name in made:
        sys.modules.pop(name, None)
