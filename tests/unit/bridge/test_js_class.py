from __future__ import annotations

import json
import re
from typing import Any

import pytest

from deskapp.bridge.js_class import class_text, class_units, js_key, js_value
from deskapp.errors import TranspileError
from tests.unit.bridge.conftest import LoadPython


def text_of(cls: Any, base: str = "$rt.JsComponent", **options: Any) -> str:
    source = cls.__js_source__
    members = {member: f"function () {{/* {unit.name} */}}" for member, unit in class_units(source).items()}
    return class_text(source, cls.__name__, base, members, **options)


def test_a_class_that_lives_in_javascript_takes_all_of_its_members_there(python: LoadPython) -> None:
    module = python(
        """
        class A(JsComponent):
            text = event.StringProp("x", settable=True)
            kind_of = event.EnumProp(["a", "b"])
            label = event.Attribute()
            N = 3
            @event.action
            def act(self): ...
            @event.action(overlap=True)
            async def load(self): ...
            @event.emitter
            def pressed(self): return {}
            @event.reaction("text", "kids*.pressed:late", mode="greedy")
            def show(self, *events): ...
            def meth(self): ...
        """
    )
    text = re.sub(r"\s+", " ", text_of(module.A, module="user_mod$2"))
    assert 'name: "A", module: "user_mod$2", kind: "js", base: $rt.JsComponent' in text
    assert 'text: {type: "String", default: "x", settable: true, data: null, local: false}' in text
    assert 'kind_of: {type: "Enum"' in text
    assert 'attributes: ["label"]' in text
    assert "act: function () {/* A.act */}" in text
    assert 'overlapping: ["load"]' in text
    assert "pressed: function () {/* A.pressed */}" in text
    assert (
        'show: {func: function () {/* A.show */}, mode: "greedy", connections: ["text", "kids*.pressed:late"]}' in text
    )
    assert "meth: function () {/* A.meth */}" in text
    assert "constants: { N: 3 }" in text


def test_the_proxy_of_a_python_component_has_names_alone(python: LoadPython) -> None:
    module = python(
        """
        class P(PyComponent):
            n = event.IntProp(3)
            @event.action
            def act(self): import os
            @event.emitter
            def happened(self): return {}
            @event.reaction("n")
            def show(self, *events): yield 1
            def meth(self): return {1, 2}
        """
    )
    assert class_units(module.P.__js_source__) == {}
    text = re.sub(r"\s+", " ", text_of(module.P, "$rt.PyComponent"))
    assert 'kind: "py", base: $rt.PyComponent, properties: { n: {type: "Int"' in text
    assert text.endswith("actions: { act: null }, emitters: { happened: null } })")


def test_a_method_calls_its_base_through_the_prototype(python: LoadPython) -> None:
    module = python("class A(JsComponent):\n    def init(self): ...\n")
    source = module.A.__js_source__
    members = {("methods", "init"): "function () { deskapp_super_._base_class.init.call(this); }"}
    assert "$m0.Base.prototype.init.call(this);" in class_text(source, "A", "$m0.Base", members)


def test_what_the_properties_of_a_python_component_begin_with_stays_in_python(python: LoadPython) -> None:
    module = python(
        """
        class P(PyComponent):
            token = event.StringProp("secret")
            either = event.EitherProp(event.StringProp("secret"), event.NullProp(event.StringProp("secret")))
            option = event.EnumProp(["one", "two"], "two")
            anything = event.AnyProp(("secret", 1))
        """
    )
    text = text_of(module.P)
    assert "secret" not in text
    assert "default" not in text
    assert 'option: {type: "Enum", settable: false, data: ["ONE", "TWO"]' in text


def test_a_custom_property_takes_its_validation_along(python: LoadPython) -> None:
    module = python(
        """
        class OddProp(event.Property):
            _default = 1
            def _validate(self, value, name, data):
                return value
        class SmallProp(event.IntProp):
            _default = 2
        class A(JsComponent):
            odd = OddProp()
            small = SmallProp()
        class P(PyComponent):
            odd = OddProp()
        """
    )
    units = class_units(module.A.__js_source__)
    assert [(member, unit.name) for member, unit in units.items()] == [(("properties", "odd"), "OddProp._validate")]
    text = text_of(module.A)
    assert 'odd: {type: "Custom", default: 1, settable: false, data: null, local: false, validate: function' in text
    assert 'small: {type: "Int", default: 2' in text
    assert 'odd: {type: "Any", settable: false' in text_of(module.P)


def test_a_validation_cannot_call_its_base(python: LoadPython) -> None:
    module = python(
        """
        class OddProp(event.IntProp):
            def _validate(self, value, name, data):
                return super()._validate(value, name, data) | 1
        class A(JsComponent):
            odd = OddProp()
        """
    )
    members = {("properties", "odd"): "function () { deskapp_super_._base_class._validate.call(this); }"}
    with pytest.raises(TranspileError, match="write the whole validation") as caught:
        class_text(module.A.__js_source__, "A", "$rt.JsComponent", members)
    assert (caught.value.line, caught.value.name) == (3, "OddProp._validate")


def test_a_default_that_is_no_json_is_refused_by_name(python: LoadPython) -> None:
    module = python("class A(JsComponent):\n    x = event.AnyProp(object())\n    def f(self): ...\n")
    with pytest.raises(TranspileError, match=r"A\.x .*no JSON value") as caught:
        text_of(module.A)
    assert caught.value.file == module.__file__


@pytest.mark.parametrize("value", ["</script>", "<!--", "\u2028", [1.5, None, True, {"a b": "ü"}]])
def test_values_are_safe_in_a_script_element(value: object) -> None:
    text = js_value(value)
    assert json.loads(text) == value
    assert "</" not in text
    assert "<!--" not in text
    assert text.isascii()


def test_keys_are_quoted_when_they_must_be() -> None:
    assert [js_key(key) for key in ("a_1", "$x", "1a", "a-b", "ü")] == ["a_1", "$x", '"1a"', '"a-b"', '"\\u00fc"']
