from __future__ import annotations

import re
from typing import Any

import pytest

from deskapp.bridge.js_code import CodeUnit
from deskapp.bridge.names import (
    Binding,
    Expression,
    Item,
    ItemKind,
    Namespace,
    Reference,
    Resolver,
    closure_values,
    is_whole_module,
)
from deskapp.bridge.transpile import transpile
from deskapp.errors import TranspileError
from tests.unit.bridge.conftest import LoadPython


class Items:
    """Makes one item per object."""

    def __init__(self) -> None:
        self.known: dict[int, Item] = {}

    def __call__(self, kind: ItemKind, ob: object) -> Item:
        name = getattr(ob, "__name__", "raw")
        return self.known.setdefault(id(ob), Item(kind, ob, str(getattr(ob, "__module__", name)), name))


def bindings(function: Any) -> dict[str, Binding]:
    unit = CodeUnit(function, function.__qualname__)
    return dict(Resolver(Items()).bind(unit, transpile(unit)).bindings)


def test_what_names_stand_for(python: LoadPython) -> None:
    python("K = 7\ndef helper(): ...\nclass Plain: ...\n", "other_mod")
    module = python(
        """
        import logging, math, other_mod, time
        from math import sqrt
        from types import SimpleNamespace
        from other_mod import helper as h
        from deskapp.event import loop
        from deskapp.bridge.js import console as out, document
        CONF = {"a": (1, None)}
        box = SimpleNamespace(deep=SimpleNamespace(n=3))
        log = logging.getLogger("x")
        class Mine(JsComponent): ...
        def f():
            return [
                CONF, other_mod.K, other_mod.helper(), other_mod.Plain, h, math.pi, math.floor(1), sqrt(2), box.deep.n,
                log.info, loop.call_soon, event.loop.iter, Mine, JsComponent, PyComponent, out.log, document.title,
                window.alert, undefined, time.time(), event.Component, console.log, Math.PI,
            ]
        """
    )
    found = bindings(module.f)
    assert found["CONF"] == Expression('{"a": [1, null]}')
    assert found["box"] == Namespace({"deep": Namespace({"n": Expression("3")})})
    assert found["math"] == Namespace({"floor": Expression("Math.floor"), "pi": Expression("3.141592653589793")})
    assert found["sqrt"] == Expression("Math.sqrt")
    assert found["event"] == Namespace({"loop": Expression("$rt.loop"), "Component": Expression("$rt.Component")})
    assert found["loop"] == Expression("$rt.loop")
    assert found["log"] == Expression("$rt.logger")
    assert found["JsComponent"] == Expression("$rt.JsComponent")
    assert found["PyComponent"] == Expression("$rt.PyComponent")
    assert found["out"] == Expression("console")
    assert isinstance(found["h"], Reference)
    assert (found["h"].item.kind, found["h"].item.module, found["h"].item.name) == ("function", "other_mod", "helper")
    assert isinstance(found["Mine"], Reference)
    assert found["Mine"].item.kind == "component"
    assert isinstance(found["other_mod"], Namespace)
    assert set(found["other_mod"].members) == {"K", "Plain", "helper"}
    assert not {"window", "document", "undefined", "time", "console", "Math"} & set(found)


def test_captured_values_come_before_those_of_the_module(python: LoadPython) -> None:
    module = python(
        """
        n, m = 1, 2
        def make(n):
            def f():
                return n + m
            return f
        f = make(5)
        """
    )
    assert bindings(module.f) == {"n": Expression("5"), "m": Expression("2")}
    assert closure_values(module.f) == {"n": 5}


def test_a_value_that_is_declared_global_is_still_pythons_if_it_has_it(python: LoadPython) -> None:
    module = python("count = 3\ndef f():\n    global count, document\n    count += 1\n    document.x = count\n")
    assert bindings(module.f) == {"count": Expression("3")}


def test_raw_code_is_shared_by_its_name_or_written_in_place(python: LoadPython) -> None:
    module = python(
        "raw = RawJS('{}')\nlost = [RawJS('[]')]\nclass N: pass\nbox = N()\nbox.x = RawJS('7')\n"
        "def f(): return [raw, box.x]\n"
    )
    found = bindings(module.f)
    assert isinstance(found["raw"], Reference)
    assert found["raw"].item.ob is module.raw
    assert found["box"] == Namespace({"x": Expression("(7)")})


@pytest.mark.parametrize("mark", ["__pscript__", "__pyscript__"])
def test_names_of_whole_modules_are_taken_from_them(mark: str, python: LoadPython) -> None:
    whole = python(f"{mark} = True\ndef g(): ...\ndef _h(): ...\nclass C: ...\n", "whole_mod", header="")
    assert is_whole_module(whole)
    module = python(
        "import whole_mod\nfrom whole_mod import g, C, _h\ndef f(): return [whole_mod.g, g, C]\ndef k(): return _h\n"
    )
    found = bindings(module.f)
    item = next(iter(found.values())).item  # type: ignore[union-attr]
    assert (item.kind, item.ob) == ("module", whole)
    assert {name: getattr(each, "attribute", None) for name, each in found.items()} == {
        "whole_mod": "",
        "g": "g",
        "C": "C",
    }
    with pytest.raises(TranspileError, match="keeps _h to itself"):
        bindings(module.k)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def f(): return nowhere(1)", "'nowhere' is used, but neither defined .* say `global nowhere`"),
        ("def f(): return set(x)", "JavaScript has no set; use a list"),
        ("def f(): return open", "files are Python's"),
        ("def f(): return ValueError('x')", "errors can be raised and caught"),
        ("import json\ndef f(): return json.dumps(1)", r"'json.dumps' is used, but it belongs to Python's standard"),
        ("import os\ndef f(): return os", "it is the module os"),
        ("import other_mod\ndef f(): return other_mod.missing", "module other_mod has no 'missing'"),
        ("import math\ndef f(): return math.fsum(x)", "see window.Math"),
        ("x = object()\ndef f(): return x", "it is a object, neither a JSON value"),
        ("x = {'a': object()}\ndef f(): return x", "cannot be written as JSON"),
        ("x = 1, {2}\ndef f(): return x", "cannot be written as JSON"),
        ("import enum\nclass E(enum.Enum):\n    A = 1\ndef f(): return E.A", "class E is made by Enum"),
        ("class N:\n    def g(self): ...\nn = N()\ndef f(): return n.g()", "methods of Python objects stay in Python"),
        ("class N: ...\nn = N()\ndef f(): return n.g", "the N has no 'g'"),
        ("from collections import OrderedDict\ndef f(): return OrderedDict", "OrderedDict belongs to Python's"),
        ("def f(): return event.Loop() or event.IntProp", "deskapp's IntProp exists in Python only"),
        ("def g(a, b=1): ...\ndef f(): return g(1, b=2)", r"g\(\) can be given 'b' by name only if"),
        ("class G:\n    def __init__(self, b): ...\ndef f(): return G(b=2)", r"G\(\) can be given 'b' by name only if"),
    ],
)
def test_what_javascript_cannot_have_is_an_error_with_its_place(text: str, why: str, python: LoadPython) -> None:
    python("", "other_mod")
    module = python(text.replace("return", "\n    return"))
    with pytest.raises(TranspileError) as caught:
        bindings(module.f)
    assert re.search(why, caught.value.why), caught.value.why
    assert caught.value.line == len(text.replace("return", "\n    return").split("\n")) + 1
    assert caught.value.name == "f"


def test_keywords_reach_parameters_behind_a_star(python: LoadPython) -> None:
    module = python("def g(a, *, b=1): ...\ndef h(a, **rest): ...\ndef f():\n    return g(1, b=2) + h(1, c=2)\n")
    assert set(bindings(module.f)) == {"g", "h"}
