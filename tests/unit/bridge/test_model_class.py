"""What becomes of Model classes in JavaScript: their text, and what they use of their modules."""

from __future__ import annotations

from typing import Any

import pytest

from deskapp import app, event
from deskapp.assets import AssetStore
from deskapp.bridge.code_source import CodeSource
from deskapp.bridge.model_class import model_text, model_units
from deskapp.bridge.module_graph import ModuleGraph
from deskapp.errors import TranspileError
from tests.unit.bridge import model_scope

SCOPE, OTHER = "tests.unit.bridge.model_scope", "tests.unit.bridge.model_other"


def graph() -> ModuleGraph:
    return ModuleGraph(AssetStore(), CodeSource())


def test_each_python_module_gives_one_javascript_module_with_what_is_used_of_it() -> None:
    modules = {module.name: module for module in graph().modules_for(model_scope.Derived)}
    assert list(modules) == [OTHER, SCOPE]
    text = modules[SCOPE].text
    for used in ("helper = function", "Point = ", "window.library", 'name: "Scoped"', 'name: "Derived"', '"x": 1'):
        assert used in text
    for not_used in ("unused", "not_imported", '"z"', "imported = function"):
        assert not_used not in text
    assert "imported = function" in modules[OTHER].text
    assert "not_imported" not in modules[OTHER].text
    assert modules[SCOPE].deps == (OTHER,)


def test_a_name_that_is_unknown_is_an_error_with_its_place() -> None:
    class Wrong(app.Model):
        class JS:
            @event.connect("x")
            def handler(self, *events: Any) -> None:
                nowhere_to_be_found()  # type: ignore[name-defined]  # noqa: F821

    with pytest.raises(TranspileError, match=r"test_model_class\.py:\d+: .*Wrong\.JS\.handler.*'nowhere_to_be_found'"):
        graph().modules_for(Wrong)


def test_the_text_of_a_class() -> None:
    source = model_scope.Scoped.__js_source__
    units = model_units(source)
    assert list(units) == [("properties", "level"), ("handlers", "handler")]
    text = model_text(source, "Scoped", "$rt.Model", dict.fromkeys(units, "function () {}"), module="mod$2")
    assert text == (
        '$rt.defineModel({\nname: "Scoped", module: "mod$2", base: $rt.Model,\n'
        "properties: {\n  level: {validate: function () {}, hasDefault: true, isReadonly: false}\n},\n"
        'handlers: {\n  handler: {func: function () {}, connections: ["level"]}\n},\n'
        "constants: {\n  LIMITS: [1, 2]\n}\n})"
    )


def test_super_is_the_base_of_the_model_in_javascript() -> None:
    [_, module] = graph().modules_for(model_scope.Derived)
    assert "Scoped.prototype.init.call(this)" in module.text


def test_modules_of_models_are_offered_as_bundles() -> None:
    store = AssetStore()
    ModuleGraph(store, CodeSource(), classes=lambda: [model_scope.Scoped]).update_modules()
    assert {f"{SCOPE}.js", f"{OTHER}.js", "tests.js"} <= set(store.get_asset_names())


def test_classes_of_one_factory_are_told_apart_by_their_validators() -> None:
    def factory(step: int) -> type:
        class Made(app.Model):
            class Both:
                @event.prop
                def n(self, v: Any = 0) -> Any:
                    return v + step

        return Made

    found = graph()
    names = {found.js_name(factory(step))[1] for step in (1, 2, 1)}
    assert len(names) == 2
