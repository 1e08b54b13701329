from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskapp.bridge.code_source import portable_key
from deskapp.bridge.module_graph import js_units
from deskapp.errors import TranspileError
from deskapp.freeze.local_classes import Found, local_classes
from tests.unit.bridge.conftest import LoadPython, python

__all__ = ["python"]

Scan = Callable[[str], tuple[Any, Found]]


@pytest.fixture
def scan(python: LoadPython) -> Scan:
    def found(text: str) -> tuple[Any, Found]:
        module = python(text)
        source = Path(str(module.__file__)).read_bytes()
        code = compile(source, str(module.__file__), "exec", dont_inherit=True)
        return module, local_classes(module, code, ast.parse(source))

    return found


def test_a_class_in_a_function_has_the_keys_that_it_will_have_when_the_function_is_called(scan: Scan) -> None:
    module, found = scan(
        """
        def make():
            def twice(x):
                return 2 * x
            class Made(JsComponent):
                n = event.IntProp(3, settable=True)
                def init(self):
                    self.x = twice(self.n)
                @event.reaction("n")
                def show(self, *events):
                    print(self.n)
            return Made
        """
    )
    (local,) = found.classes
    assert local.cls.__qualname__ == "make.<locals>.Made"
    local.check(js_units(local.cls).values())
    called = {portable_key(unit) for unit in js_units(module.make()).values()}
    assert {portable_key(unit) for unit in js_units(local.cls).values()} == called
    assert len(called) == 2


def test_a_class_whose_javascript_needs_an_argument_is_refused_by_name_and_line(scan: Scan) -> None:
    _, found = scan(
        """
        def make(color):
            class Made(JsComponent):
                def init(self):
                    self.node.style.color = color
            return Made
        """
    )
    (local,) = found.classes
    with pytest.raises(TranspileError, match=r"user_mod\.py:4: make\.<locals>\.Made\.init .* uses 'color'.* property"):
        local.check(js_units(local.cls).values())


def test_an_argument_that_is_used_by_way_of_a_function_is_found_as_well(scan: Scan) -> None:
    _, found = scan(
        """
        def make(color):
            def paint(node):
                node.style.color = color
            class Made(JsComponent):
                def init(self):
                    paint(self.node)
            return Made
        """
    )
    (local,) = found.classes
    with pytest.raises(TranspileError, match=r"user_mod\.py:3: .*'color'"):
        local.check(js_units(local.cls).values())


def test_a_body_that_needs_an_argument_is_refused(scan: Scan) -> None:
    with pytest.raises(TranspileError, match=r"user_mod\.py:3: Made .* needs 'size'"):
        scan(
            """
            def make(size):
                class Made(JsComponent):
                    n = event.IntProp(size)
                return Made
            """
        )


def test_imports_and_classes_of_the_function_around_are_known_as_bases(scan: Scan) -> None:
    _, found = scan(
        """
        class Outer(PyComponent):
            def init(self):
                from tests.unit.bridge.components import JsComponent as Base
                import tests.unit.bridge.components
                class One(Base):
                    def init(self):
                        self.x = 1
                class Two(One):
                    def init(self):
                        super().init()
                class Three(tests.unit.bridge.components.JsComponent):
                    pass
        """
    )
    assert [local.cls.__name__ for local in found.classes] == ["One", "Two", "Three"]
    for local in found.classes:
        local.check(js_units(local.cls).values())
    assert found.unknown == []


def test_a_base_that_is_an_argument_is_reported_and_other_classes_are_nobodys_business(scan: Scan) -> None:
    module, found = scan(
        """
        def mixed(Base, *, other=None):
            class Mixed(Base):
                pass
            class Plain:
                pass
            class Error(Exception):
                pass
            class Unknown(nowhere):
                pass
            return Mixed
        """
    )
    assert found.classes == []
    assert found.unknown == [(module.__file__, 3, "Mixed")]


def test_python_components_are_looked_into(scan: Scan) -> None:
    _, found = scan(
        """
        def make():
            class App(PyComponent):
                def init(self):
                    class Inner(JsComponent):
                        def init(self):
                            self.x = 1
            return App
        """
    )
    assert [local.cls.__name__ for local in found.classes] == ["App", "Inner"]


def test_nothing_is_called(scan: Scan) -> None:
    module, found = scan(
        """
        called = []
        def make(x=1):
            called.append(1)
            class Made(JsComponent):
                pass
        """
    )
    assert len(found.classes) == 1
    assert module.called == []
