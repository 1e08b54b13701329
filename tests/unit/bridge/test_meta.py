from __future__ import annotations

import gc
import types
from typing import Any

import pytest

from deskapp import JsComponent, LocalProperty, PyComponent, StubComponent, event
from deskapp.bridge import BaseAppComponent, get_component_classes


class Py(PyComponent):
    CSS = ".py {}"
    foo = event.IntProp(1, settable=True)
    hidden = LocalProperty(None)
    attr = event.Attribute(doc="constant")
    N = 3
    state = object()

    @event.action
    def act(self) -> None:
        self._mutate_foo(2)

    @event.emitter
    def emits(self) -> dict[str, object]:
        return {}

    @event.reaction("foo")
    def react(self, *events: object) -> None: ...

    def method(self) -> int:
        return 3


class Js(JsComponent):
    CSS = ".js {}"
    foo = event.IntProp(1, settable=True)
    bar = event.IntProp(1)
    _private = event.IntProp(1, settable=True)
    hidden = LocalProperty(None, settable=True)
    attr = event.Attribute(doc="constant")
    N = 3
    TABLE = {"a": [1, None, True, "x", 1.5]}  # noqa: RUF012
    __secret = 4

    def init(self):  # type: ignore[no-untyped-def]
        self.attr = 3

    @event.action
    def act(self):  # type: ignore[no-untyped-def]
        self._mutate_foo(2)

    @event.emitter
    def emits(self):  # type: ignore[no-untyped-def]
        return {}

    @event.reaction("foo")
    def react(self, *events):  # type: ignore[no-untyped-def]
        self.method()  # type: ignore[no-untyped-call]

    def method(self):  # type: ignore[no-untyped-def]
        return 3

    @classmethod
    def maker(cls) -> str:
        return "made in Python"

    @staticmethod
    def helper() -> int:
        return 1

    def _repr_html_(self) -> str:
        return "<b>"


META: Any = type(PyComponent)


def source(cls: Any) -> Any:
    return cls.__js_source__


def test_a_python_component_keeps_all_its_members_in_python() -> None:
    for name in ("foo", "hidden", "attr", "N", "state", "act", "set_foo", "emits", "react", "method", "CSS"):
        assert hasattr(Py, name)


def test_javascript_knows_of_a_python_component_what_a_proxy_needs() -> None:
    found = source(Py)
    assert (found.kind, found.name, found.module, found.base) == ("py", "Py", __name__, PyComponent)
    assert list(found.properties) == ["foo"]
    assert list(found.actions) == ["act"]
    assert list(found.emitters) == ["emits"]
    assert (found.reactions, found.methods, found.constants, found.local) == ({}, {}, {}, frozenset())
    assert found.css == ".py {}"


def test_a_javascript_component_takes_its_members_to_javascript() -> None:
    found = source(Js)
    assert (found.kind, found.base) == ("js", JsComponent)
    assert set(found.properties) == {"foo", "bar", "_private", "hidden"}
    assert found.local == frozenset({"hidden"})
    assert found.attributes == ("attr",)
    assert (list(found.actions), list(found.emitters), list(found.reactions)) == (["act"], ["emits"], ["react"])
    assert set(found.methods) == {"init", "method"}
    assert found.constants == {"N": 3, "TABLE": {"a": [1, None, True, "x", 1.5]}, "_Js__secret": 4}


@pytest.mark.parametrize(("base", "name"), [(JsComponent, "node"), (JsComponent, "id"), (PyComponent, "session")])
def test_a_property_cannot_hide_what_every_component_has(base: type, name: str) -> None:
    with pytest.raises(TypeError, match=rf"Bad\.{name} hides a name that every {base.__name__} has"):
        types.new_class("Bad", (base,), {}, lambda body: body.update({name: event.IntProp(0), "__module__": __name__}))


def test_private_names_are_in_javascript_what_python_makes_of_them() -> None:
    class Clock(JsComponent):
        __count = event.IntProp(0)

        def __tick(self):  # type: ignore[no-untyped-def]
            return 1

        @event.action
        def __set(self):  # type: ignore[no-untyped-def]
            self.__tick()  # type: ignore[no-untyped-call]

    found = source(Clock)
    assert set(found.methods) == {"_Clock__tick"}
    assert set(found.actions) == {"_Clock__set"}
    assert set(found.properties) == {"_Clock__count"}


@pytest.mark.parametrize("name", ["hidden", "N", "TABLE", "react", "method", "set_hidden", "set_bar", "_Js__secret"])
def test_what_lives_in_javascript_is_not_in_python(name: str) -> None:
    assert not hasattr(Js, name)


@pytest.mark.parametrize("name", ["foo", "bar", "act", "set_foo", "_set_private", "emits", "maker", "helper", "CSS"])
def test_what_a_proxy_needs_is_in_python(name: str) -> None:
    assert hasattr(Js, name)


def test_class_methods_and_what_notebooks_call_stay_in_python() -> None:
    assert Js.maker() == "made in Python"
    assert Js.helper() == 1
    assert Js._repr_html_ is not None


def test_lists_of_names_are_those_of_the_python_side() -> None:
    assert Js.__properties__ == ["_private", "bar", "foo"]
    assert set(Js.__actions__) == {"act", "set_foo", "_set_private"}
    assert Js.__reactions__ == []
    assert "hidden" in Py.__properties__


def test_only_own_members_are_in_a_subclass() -> None:
    class More(Js):
        extra = event.StringProp("")

    assert list(source(More).properties) == ["extra"]
    assert source(More).base is Js
    assert source(More).css == ""
    assert More.__properties__ == ["_private", "bar", "extra", "foo"]


def test_a_setter_of_the_users_is_not_replaced() -> None:
    class Own(JsComponent):
        foo = event.IntProp(1, settable=True)

        @event.action
        def set_foo(self, value):  # type: ignore[no-untyped-def]
            self._mutate_foo(value + 1)

    assert list(source(Own).actions) == ["set_foo"]
    assert not Own.set_foo.is_autogenerated

    class Child(Own):
        foo = event.IntProp(2, settable=True)

    assert Child.set_foo is Own.set_foo


def test_a_class_of_both_kinds_is_refused() -> None:
    with pytest.raises(TypeError, match="at once"):
        META("Both", (Py, Js), {})


def test_two_component_classes_as_bases_are_refused() -> None:
    class Other(PyComponent):
        pass

    with pytest.raises(TypeError, match="single inheritance"):
        META("Two", (Py, Other), {})


def test_plain_mixins_are_allowed() -> None:
    class Mixin:
        def help(self) -> int:
            return 5

    class Mixed(Mixin, PyComponent):
        pass

    assert Mixed.__side__ == "py"


def test_init_is_overridden_and_not_the_constructor() -> None:
    with pytest.raises(TypeError, match=r"override init\(\)"):

        class Wrong(JsComponent):
            def __init__(self) -> None: ...


@pytest.mark.parametrize("value", [object(), {1, 2}, float("nan"), b"bytes", lambda: 3])
def test_a_class_variable_of_a_javascript_component_is_json(value: object) -> None:
    if callable(value):
        assert "x" in source(META("C", (JsComponent,), {"x": value})).methods
        return
    with pytest.raises(TypeError, match=r"C\.x cannot go to JavaScript"):
        META("C", (JsComponent,), {"x": value})


def test_css_is_a_text() -> None:
    with pytest.raises(TypeError, match="CSS must be a text"):
        META("C", (PyComponent,), {"CSS": 3})


def test_classes_say_what_they_are() -> None:
    assert repr(Py) == f"<PyComponent class '{__name__}.Py'>"
    assert repr(Js) == f"<proxy JsComponent class '{__name__}.Js'>"
    assert "proxy PyComponent class for JS" in repr(Py.JS)
    assert "JsComponent class for JS" in repr(Js.JS)
    assert (Py.JS.__name__, Js.JS.__name__) == ("Py", "Js")


def test_the_javascript_of_a_class_can_be_looked_at() -> None:
    text = Js.JS.CODE
    assert text.startswith('$rt.defineClass({\nname: "Js"')
    assert "base: $rt.JsComponent" in text
    assert "act: function" in text
    assert "method: function" in text
    proxy = Py.JS.CODE
    assert "base: $rt.PyComponent" in proxy
    assert "act" in proxy
    assert "method" not in proxy
    assert (PyComponent.JS.CODE, JsComponent.JS.CODE) == ("", "")  # they are written in JavaScript
    assert Js.__jsmodule__ == __name__


def test_the_javascript_of_a_subclass_names_its_base() -> None:
    class Sub(Js):
        def method(self):  # type: ignore[no-untyped-def]
            return super().method()  # type: ignore[no-untyped-call]

    assert "base: Js" in Sub.JS.CODE
    assert "Js.prototype.method.call(this)" in Sub.JS.CODE
    assert "emits" not in Sub.JS.CODE


def test_css_is_that_of_the_class_alone() -> None:
    class Styled(Js):
        CSS = "b {}"

    class Plain(Styled):
        pass

    assert (Js.CSS, Styled.CSS, Plain.CSS) == (".js {}", "b {}", "")
    assert not hasattr(Styled.JS, "CSS")


def test_all_component_classes_are_known_and_the_list_is_the_callers() -> None:
    found = get_component_classes()
    assert {Py, Js, PyComponent, JsComponent} <= set(found)
    assert not {BaseAppComponent, StubComponent} & set(found)
    found.clear()
    assert get_component_classes()


def test_a_class_that_is_defined_again_takes_the_place_of_the_first() -> None:
    def define() -> Any:
        namespace = {"__module__": "made.up", "__qualname__": "Again"}
        return META("Again", (PyComponent,), namespace)

    first, second = define(), define()
    found = [cls for cls in get_component_classes() if cls.__module__ == "made.up" and cls.__name__ == "Again"]
    assert found == [second]
    assert first is not second


def test_classes_made_in_functions_are_forgotten_with_them() -> None:
    def make() -> int:
        class Local(PyComponent):
            pass

        assert Local in get_component_classes()
        return id(Local)

    number = make()
    gc.collect()
    assert number not in map(id, get_component_classes())
