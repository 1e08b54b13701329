"""Models in Python, with a page that is not one."""

from __future__ import annotations

import gc
import logging
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from deskapp import JsComponent, PyComponent, app, event
from deskapp.bridge import messages
from deskapp.bridge._model_meta import ModelMeta
from deskapp.bridge.component import StubComponent
from deskapp.bridge.module_graph import ModuleGraph
from deskapp.errors import SessionNotFoundException, TranspileError
from deskapp.testing import AppHarness, TestClient

Values = list[Any]


class Inner(app.Model):
    class Both:
        @event.prop
        def foo(self, v: Any = 2) -> Any:
            return int(v)

    def init(self) -> None:
        self.trace: Values = ["inner init"]

    @event.connect("foo")
    def changed(self, *events: Any) -> None:
        trace.append(["inner", *[(e.old_value, e.new_value) for e in events]])


trace: Values = []


class Outer(app.Model):
    """Has something of everything."""

    CSS = ".outer { color: red }"

    @event.prop
    def py_only(self, v: Any = 1) -> Any:
        return int(v)

    @event.readonly
    def fixed(self, v: Any = 1) -> Any:
        return v

    @event.prop
    def overridden(self, v: Any = 1) -> Any:
        return v

    def init(self, *args: Any) -> None:
        self.args = args
        me: Any = self
        self.at_init = (me.foo, app.get_active_model() is self, self.get_event_handlers("foo"))
        self.sub = Inner()
        me.foo = me.foo + 1

    @event.connect("foo", "pressed", "js_only")
    def changed(self, *events: Any) -> None:
        trace.append(["outer", *[(e.type, e.get("old_value"), e.get("new_value")) for e in events]])

    class Both:
        @event.prop
        def foo(self, v: Any = 10) -> Any:
            return int(v)

        @event.readonly
        def level(self, v: Any = 0) -> Any:
            return int(v)

        @event.emitter
        def shout(self, text: str) -> Any:
            return {"text": text}

        LIMIT = 3

    class JS:
        BAR = (1, 2, 3)

        @event.prop
        def js_only(self, v: Any = 1) -> Any:
            return v

        @event.prop
        def overridden(self, v: Any = 2) -> Any:
            return v

        @event.emitter
        def pressed(self, n: int) -> Any:
            return {"n": n}

        def greet(self) -> None:
            """JavaScript only."""

        @event.connect("foo")
        def changed_in_js(self, *events: Any) -> None:
            """JavaScript only."""


@pytest.fixture
def harness() -> Iterator[AppHarness]:
    trace.clear()
    with AppHarness() as harness:
        yield harness


def launch(harness: AppHarness, cls: type = Outer, *args: Any, **props: Any) -> tuple[Any, TestClient]:
    model = harness.launch(cls, *args, **props)
    return model, harness.page(model)


def calls(page: TestClient, step: str) -> list[Any]:
    """What Python asked the twin for."""
    return list(page.of(messages.INVOKE, action=step))


# -- classes


def test_the_three_scopes() -> None:
    cls: Any = Outer
    assert "foo" in cls.__properties__
    assert "foo" in cls.JS.__properties__
    assert cls.foo is cls.JS.foo
    assert not hasattr(cls, "js_only")
    assert not hasattr(cls.JS, "py_only")
    assert not hasattr(cls, "greet")
    assert hasattr(cls.JS, "greet")
    assert (cls.LIMIT, cls.JS.LIMIT, cls.JS.BAR) == (3, 3, (1, 2, 3))
    assert not hasattr(cls, "BAR")
    assert not hasattr(cls, "Both")
    assert cls.__local_properties__ == ["fixed", "js_only", "overridden", "py_only"]
    assert cls.__emitters__ == ["pressed", "shout"]
    assert cls.__handlers__ == ["changed"]
    assert cls.JS.__handlers__ == ["changed_in_js"]


def test_scopes_are_inherited_and_overridden_each_by_itself() -> None:
    class Derived(Outer):
        class JS:
            @event.prop
            def foo(self, v: Any = 5) -> Any:
                return v

            def more(self) -> None:
                """JavaScript only."""

    cls: Any = Derived
    base: Any = Outer
    assert issubclass(cls.JS, base.JS)
    assert cls.foo is base.foo
    assert cls.JS.foo is not base.JS.foo
    assert "foo" in cls.__local_properties__
    assert "foo" not in base.__local_properties__
    assert cls.__js_source__.base is Outer
    assert list(cls.__js_source__.methods) == ["more"]


def test_a_second_base_brings_its_members_along() -> None:
    class Mixin(app.Model):
        class JS:
            def mixed(self) -> None:
                """JavaScript only."""

    class Derived(Inner, Mixin):
        pass

    assert Derived.__js_source__.base is Inner
    assert "mixed" in Derived.__js_source__.methods


def make(**scopes: Any) -> Any:
    return ModelMeta("Made", (app.Model,), {"__module__": __name__, "__qualname__": "Made", **scopes})


@pytest.mark.parametrize("where", ["body", "JS"])
def test_a_name_in_both_and_elsewhere_clashes(where: str) -> None:
    scope = {"red": 3} if where == "body" else {"JS": type("JS", (), {"red": 3})}
    with pytest.raises(TypeError, match=f"Common property/attribute 'red' of Made clashes with that of .*{where}"):
        make(Both=type("Both", (), {"red": 4}), **scope)


@pytest.mark.parametrize(
    ("member", "match"),
    [
        (object(), "cannot go to JavaScript"),
        (float("nan"), "cannot go to JavaScript"),
        (event.IntProp(3), "which a Component has"),
        (event.action(Outer.init), "which a Component has"),
        (staticmethod(len), "cannot go to JavaScript"),
    ],
)
def test_what_cannot_go_to_javascript_is_refused_where_it_is_written(member: object, match: str) -> None:
    with pytest.raises(TypeError, match=match):
        make(JS=type("JS", (), {"x": member}))


def test_inner_classes_are_plain() -> None:
    with pytest.raises(TypeError, match="plain class"):
        make(JS=type("JS", (dict,), {}))
    with pytest.raises(TypeError, match="plain class"):
        make(Both=3)
    with pytest.raises(TypeError, match="Python's own"):
        make(JS=type("JS", (), {"__len__": lambda self: 0}))
    with pytest.raises(TypeError, match="CSS must be a text"):
        make(CSS=3)


def test_methods_that_are_named_like_handlers_are_mentioned_in_each_scope(caplog: pytest.LogCaptureFixture) -> None:
    def on_foo(self: Any, *events: Any) -> None:
        """Nobody calls this."""

    for scope in (
        {"on_foo": on_foo},
        {"JS": type("JS", (), {"on_foo": on_foo})},
        {"Both": type("B", (), {"on_foo": on_foo})},
    ):
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            made = make(**scope)
        assert caplog.text.count("on_foo() is not connected to anything") == 1
        assert made.__handlers__ == made.JS.__handlers__ == []


def test_the_javascript_of_a_class_can_be_read() -> None:
    cls: Any = Outer
    assert app.Model.JS.CODE == ""
    assert cls.JS.CODE.startswith('$rt.defineModel({\nname: "Outer"')
    assert "base: $rt.Model" in cls.JS.CODE
    assert "greet: function" in cls.JS.CODE


def test_all_model_classes_are_listed() -> None:
    assert {app.Model, Outer, Inner} <= set(app.get_model_classes())
    assert not set(app.get_model_classes()) & set(app.get_component_classes())


def test_private_names_are_those_of_the_model() -> None:
    class Secret(app.Model):
        class JS:
            def __hide(self) -> None:
                self.__a = 3

            def show(self) -> None:
                self.__hide()

        class Both:
            def __twice(self) -> int:
                return 2

            def double(self) -> int:
                return self.__twice() * 2

    from deskapp.assets import AssetStore
    from deskapp.bridge.code_source import CodeSource

    [module] = ModuleGraph(AssetStore(), CodeSource()).modules_for(Secret)
    for text in ("_Secret__hide: function", "this._Secret__a = 3", "this._Secret__hide()", "this._Secret__twice()"):
        assert text in module.text
    assert "_JS__" not in module.text
    assert "_Both__" not in module.text


def test_super_in_both_means_the_bases_of_the_model(harness: AppHarness) -> None:
    class Derived(Inner):
        class Both:
            def init(self) -> None:
                super().init()  # type: ignore[misc]
                self.trace.append("derived")  # type: ignore[attr-defined]

    model = harness.launch(Derived)
    assert model.trace == ["inner init", "derived"]


# -- construction


def test_a_model_needs_a_session() -> None:
    with pytest.raises(SessionNotFoundException, match="Outer"):
        Outer()
    with pytest.raises(RuntimeError):
        Outer()


def test_unknown_and_readonly_values_are_refused_and_nothing_is_left(harness: AppHarness) -> None:
    session = harness.session(Inner)
    page = harness.page(session)
    for props in ({"nothing": 1}, {"level": 1}, {"js_only": 1}, {"foo": "x"}):
        before = len(session.components())
        with pytest.raises((AttributeError, ValueError)):
            Outer(session=session, **props)
        gc.collect()
        page.settle()
        assert len(session.components()) == before
    assert [found for found in page.objects.values() if found.cls == "Outer"] == []


def test_the_order_of_construction(harness: AppHarness) -> None:
    model, page = launch(harness, Outer, 1, "x", foo=7)
    assert model.args == (1, "x")
    assert model.at_init == (7, True, [])
    said: Values = []
    for message in page.messages:
        if isinstance(message, messages.INSTANTIATE):
            said.append(("make", message.cls))
        elif isinstance(message, messages.EMIT):
            said.append(("set", message.type, message.value))
        elif isinstance(message, messages.INVOKE):
            said.append((message.id.split("_")[0], message.action, *message.args[:1]))
    assert said == [
        ("make", "Outer"),
        ("set", "foo", 7),
        ("make", "Inner"),
        ("Inner", "$init"),
        ("Inner", "$handlers"),
        ("Outer", "$set", "sub"),
        ("set", "foo", 8),
        ("Outer", "$init"),
        ("Outer", "$handlers"),
    ]
    harness.settle()
    assert trace == [["inner", (2, 2)], ["outer", ("foo", 10, 10), ("foo", 10, 7), ("foo", 7, 8)]]


def test_what_is_made_in_a_context_shares_the_session(harness: AppHarness) -> None:
    model, _ = launch(harness)
    with model:
        active = [app.get_active_model(), *app.get_active_models()]
        other = Inner()
    assert active == [model, model]
    assert app.get_active_model() is None
    assert other.session is model.session
    assert (other.root, other.uid) == (model, f"{model.session.id}_{other.id}")
    given = Inner(session=model.session, is_app=True)
    assert given.session is model.session
    assert len({model.id, other.id, given.id}) == 3
    assert given.id.startswith("Inner")


def test_an_active_model_while_the_loop_runs_is_an_error(harness: AppHarness, caplog: pytest.LogCaptureFixture) -> None:
    model, _ = launch(harness)
    with model, caplog.at_level(logging.ERROR):
        harness.loop.iter()
    assert "leave its `with` block first" in caplog.text


def test_the_class_and_its_style_are_defined_in_the_page(harness: AppHarness) -> None:
    _, page = launch(harness)
    [text] = page.modules.values()
    assert "$rt.defineModel({" in text
    assert 'name: "Outer"' in text
    assert "$rt.Model" in text
    assert ".outer { color: red }" in "".join(page.styles.values())


def test_code_that_cannot_be_javascript_is_an_error_at_launch(harness: AppHarness) -> None:
    class Wrong(app.Model):
        class JS:
            def work(self) -> None:
                undefined_name_that_nobody_has  # type: ignore[name-defined]  # noqa: B018, F821

    with pytest.raises(TranspileError, match="undefined_name_that_nobody_has"):
        harness.launch(Wrong)


# -- properties and events


def test_the_numbers(harness: AppHarness) -> None:
    class Numbers(app.Model):
        class Both:
            @event.prop
            def shared(self, v: Any = 10) -> Any:
                return int(v) + 1

    model, page = launch(harness, Numbers)
    assert model.shared == 11
    model.shared = 50
    assert model.shared == 51
    harness.settle()
    assert page.told("shared") == [51]
    page.set(model, "shared", 52)
    harness.settle()
    assert model.shared == 53
    page.set(model, "shared", 101)
    harness.settle()
    assert model.shared == 102
    assert page.told("shared") == [51]  # nothing was echoed


def test_only_what_the_other_side_has_is_told(harness: AppHarness) -> None:
    model, page = launch(harness)
    page.messages.clear()
    model.py_only = 5
    model.overridden = 6
    model._set_prop("fixed", 7)
    model._set_prop("level", 8)
    harness.settle()
    assert [(m.type, m.value) for m in page.of(messages.EMIT)] == [("level", 8)]


def test_events_go_to_the_page_only_if_it_listens(harness: AppHarness) -> None:
    model, page = launch(harness)
    page.messages.clear()
    model.shout("a")
    model.py_only = 5
    model.emit("custom", {"n": 1})
    harness.settle()
    assert page.messages == []
    page.subscribe(model, "shout", "py_only", "custom")
    harness.settle()
    model.shout("b")
    model.py_only = 6
    model.emit("custom", {"n": 2})
    harness.settle()
    assert [(m.type, m.mutation, m.value) for m in page.of(messages.EMIT)] == [
        ("shout", "", {"text": "b"}),
        ("py_only", "", {"new_value": 6, "old_value": 5}),
        ("custom", "", {"n": 2}),
    ]


def test_the_page_is_told_what_python_listens_to_and_its_events_reach_handlers(harness: AppHarness) -> None:
    model, page = launch(harness)
    assert page.last(messages.SUBSCRIBE).types == ["foo", "js_only", "pressed"]
    harness.settle()
    trace.clear()
    page.emit(model, "pressed", {"n": 3})
    page.emit(model, "js_only", {"new_value": 4, "old_value": 3})
    page.set(model, "foo", 77)
    harness.settle()
    assert trace == [["outer", ("pressed", None, None), ("js_only", 3, 4), ("foo", 11, 77)]]
    assert not hasattr(model, "js_only")
    page.messages.clear()
    handler = model.connect("other_event", lambda *events: trace.append([e.x for e in events]))
    harness.settle()
    assert page.last(messages.SUBSCRIBE).types == ["foo", "js_only", "other_event", "pressed"]
    page.emit(model, "other_event", {"x": 1})
    harness.settle()
    assert trace[-1] == [1]
    handler.dispose()
    harness.settle()
    assert page.last(messages.SUBSCRIBE).types == ["foo", "js_only", "pressed"]
    page.emit(model, "other_event", {"x": 2})  # was under way
    harness.settle()
    assert trace[-1] == [1]


def test_an_event_from_the_page_is_not_sent_back(harness: AppHarness) -> None:
    model, page = launch(harness)
    page.subscribe(model, "pressed")
    harness.settle()
    page.messages.clear()
    page.emit(model, "pressed", {"n": 3})
    page.set(model, "foo", 5)
    harness.settle()
    assert page.of(messages.EMIT) == []


def test_an_event_of_a_property_whose_values_are_not_synced_is_delivered_and_the_value_stays(
    harness: AppHarness,
) -> None:
    model, page = launch(harness, Outer, sync_props=False)
    assert model.sync_props is False
    assert page.prop(model, "sync_props") is False
    harness.settle()
    trace.clear()
    page.emit(model, "foo", {"new_value": 99, "old_value": 11})
    harness.settle()
    assert trace == [["outer", ("foo", 11, 99)]]
    assert model.foo == 11
    model.foo = 12
    harness.settle()
    assert page.prop(model, "foo") == 12


def test_a_change_that_is_not_held_is_validated_all_the_same(harness: AppHarness) -> None:
    model, page = launch(harness)
    harness.settle()
    trace.clear()
    page.emit(model, "foo", {"new_value": "no number", "old_value": 1})
    page.emit(model, "foo", {"new_value": 3})
    page.emit(model, "foo", {"new_value": "3", "old_value": "2", "mutation": "insert"})
    harness.settle()
    assert len(page.of(messages.FAULT)) == 2
    assert trace == [["outer", ("foo", 2, 3)]]
    assert model.foo == 11


def test_a_page_cannot_emit_for_python(harness: AppHarness) -> None:
    told: Values = []

    class Guarded(app.Model):
        @event.emitter
        def logged_in(self, who: str) -> Any:
            return {"who": who}

        @event.connect("logged_in")
        def note(self, *events: Any) -> None:
            told.extend(e.who for e in events)

    model, page = launch(harness, Guarded)
    page.emit(model, "logged_in", {"who": "mallory"})
    harness.settle()
    [fault] = page.of(messages.FAULT)
    assert (fault.name, fault.error, told) == ("logged_in", "NotDeclared", [])
    model.logged_in("alice")
    harness.settle()
    assert told == ["alice"]


def test_an_event_of_such_a_property_has_the_pages_value_as_far_as_the_validator_lets_it(harness: AppHarness) -> None:
    class Restless(app.Model):
        class Both:
            @event.prop
            def up(self, v: Any = 0) -> Any:
                return int(v) + 1

            @event.prop
            def limited(self, v: Any = 0) -> Any:
                return min(int(v), 100)

    model, page = launch(harness, Restless, sync_props=False)
    heard: Values = []
    model.connect("up", "limited", lambda *events: heard.extend(e.new_value for e in events))
    harness.settle()
    heard.clear()
    for name, value in (("up", 201), ("up", "5"), ("limited", 7), ("limited", 500)):
        page.emit(model, name, {"new_value": value, "old_value": 0})
    harness.settle()
    assert heard == [201, 6, 7, 100]


def test_an_emitter_of_javascript_cannot_be_called_here(harness: AppHarness) -> None:
    model, _ = launch(harness)
    with pytest.raises(RuntimeError, match="This emitter can only be called from JavaScript"):
        model.pressed(1)


def test_what_a_page_may_not_do_is_refused_and_changes_nothing(
    harness: AppHarness, caplog: pytest.LogCaptureFixture
) -> None:
    model, page = launch(harness)
    harness.settle()
    trace.clear()
    with caplog.at_level(logging.CRITICAL):
        page.emit(model, "py_only", 5, "set", [0, 1])
        page.emit(model, "py_only", {"new_value": 5})
        page.emit(model, "overridden", 5, "set", [0, 1])
        page.emit(model, "foo", [5], "insert", 0)
        page.emit(model, "pressed", [1])
        page.invoke(model, "init")
        page.invoke(model, "$init")
        page.send(messages.EMIT(model.id, "foo", "set", 5, -1))
        page.send(messages.DISPOSE(model.id))
        page.send(messages.DISPOSED(model.id))
        page.set(model, "foo", "no number")
        harness.settle()
    assert len(page.of(messages.FAULT)) == 11
    assert (model.py_only, model.overridden, model.foo, model._disposed) == (1, 1, 11, False)
    assert trace == []


def test_a_value_that_is_refused_is_taken_back_in_the_page(harness: AppHarness) -> None:
    model, page = launch(harness)
    page.set(model, "foo", "no number")
    harness.settle()
    assert page.prop(model, "foo") == 11


def test_a_value_that_cannot_travel_is_not_held(harness: AppHarness) -> None:
    class Free(app.Model):
        class Both:
            @event.prop
            def any(self, v: Any = None) -> Any:
                return v

    model, page = launch(harness, Free)
    with pytest.raises(Exception, match=r"Free_1\.any"):
        model.any = {1, 2}
    assert model.any is None
    page.set(model, "any", "from the page")  # which has seen all that Python has set
    harness.settle()
    assert model.any == "from the page"
    model.any = {"ok": [1]}
    harness.settle()
    assert page.prop(model, "any") == {"ok": [1]}


# -- attributes, components


class Label(JsComponent):
    text = event.StringProp("", settable=True)


class Counter(PyComponent):
    model = event.AnyProp(None, settable=True)

    def init(self) -> None:
        self.inner = Inner()


def test_models_and_components_refer_to_each_other(harness: AppHarness) -> None:
    class Mixed(app.Model):
        def init(self) -> None:
            self.label = Label(text="x")
            self.counter = Counter(model=self)

        class Both:
            @event.prop
            def other(self, v: Any = None) -> Any:
                return v

    model, page = launch(harness, Mixed)
    assert model.label.session is model.counter.session is model.counter.inner.session is model.session
    sets = {m.args[0]: m.args[1].id for m in calls(page, "$set")}
    assert sets == {"label": model.label.id, "counter": model.counter.id}
    assert page.find(model.label).active == [model.id]
    assert page.find(model.counter.inner).active == [model.id, model.counter.id]
    assert page.prop(model.counter, "model").id == model.id
    model.other = model.label
    harness.settle()
    assert page.prop(model, "other").id == model.label.id
    page.set(model, "other", model.counter)
    harness.settle()
    assert model.other is model.counter
    model.label = None
    harness.settle()
    assert calls(page, "$set")[-1].args == ["label", None]
    del model.counter
    harness.settle()
    assert calls(page, "$set")[-1].args == ["counter", None]


def test_an_attribute_can_be_set_at_any_time_and_plain_values_stay_here(harness: AppHarness) -> None:
    model, page = launch(harness)
    page.messages.clear()
    model.number = 3
    model.text = "x"
    with model:
        model.later = Inner()
    harness.settle()
    assert [m.args[0] for m in calls(page, "$set")] == ["later"]


def test_a_model_of_another_session_is_a_stub_in_the_page(harness: AppHarness) -> None:
    one, _ = launch(harness)
    two, page = launch(harness)
    two.friend = one
    harness.settle()
    ref = calls(page, "$set")[-1].args[1]
    assert (ref.session_id, ref.id) == (one.session.id, one.id)


def test_reactions_of_components_follow_models(harness: AppHarness) -> None:
    class Watcher(PyComponent):
        model = event.AnyProp(None, settable=True)
        seen = event.ListProp([], settable=True)

        @event.reaction("model.foo")
        def watch(self, *events: Any) -> None:
            self.set_seen([*self.seen, self.model.foo])

    watcher, _ = launch(harness, Watcher)
    with watcher:
        inner = Inner()
    watcher.set_model(inner)
    harness.settle()
    inner.foo = 20
    harness.settle()
    assert watcher.seen[-1] == 20


# -- data, calls


def test_data_goes_under_a_name_of_its_own_until_the_page_has_it(harness: AppHarness) -> None:
    model, page = launch(harness)
    meta = {"a": 1}
    model.send_data(b"12345", meta)
    harness.settle()
    url, info, name = calls(page, "$data")[-1].args
    assert (info, meta) == ({"a": 1, "byteLength": 5}, {"a": 1})
    assert model.session.get_data(name) == b"12345"
    assert url.endswith(name)
    page.emit(model, "$received", {"name": "another"})
    page.emit(model, "$received", 3)
    harness.settle()
    assert model.session.get_data(name) == b"12345"
    page.emit(model, "$received", {"name": name})
    harness.settle()
    assert model.session.get_data(name) is None
    assert model.session.get_data_names() == []


def test_data_of_a_model_that_is_collected_goes_with_it(harness: AppHarness) -> None:
    model, _ = launch(harness)
    model.sub.send_data(b"x")
    assert len(model.session.get_data_names()) == 1
    gone = weakref.ref(model.sub)
    model.sub = None
    for _ in range(8):  # it is kept until the page has answered
        harness.settle()
        gc.collect()
    assert gone() is None
    assert model.session.get_data_names() == []


def test_a_page_cannot_drop_data_that_was_not_sent_this_way(harness: AppHarness) -> None:
    model, page = launch(harness)
    model.session.add_data("mine", b"1")
    page.emit(model, "$received", {"name": "mine"})
    harness.settle()
    assert model.session.get_data("mine") == b"1"


def test_data_can_be_the_url_of_some(harness: AppHarness) -> None:
    model, page = launch(harness)
    session = model.session
    own = session.add_data("a b.png", b"1")
    for url, wanted in (
        ("https://example.org/x", "https://example.org/x"),
        ("http://example.org/x", "http://example.org/x"),
        (own, own),
        ("deskapp/data/shared/x.png", "deskapp/data/shared/x.png"),
        ("_data/shared/x.png", "deskapp/data/shared/x.png"),
        ("/flexx/data/shared/x.png", "deskapp/data/shared/x.png"),
        (f"_data/{session.id}/a%20b.png", own),
        (f"/flexx/data/{session.id}/a%20b.png", own),
        (f"_data/{session.id}/nothing", f"_data/{session.id}/nothing"),
    ):
        model.send_data(url, {"k": 1})
        harness.settle()
        assert calls(page, "$data")[-1].args == [wanted, {"k": 1}, ""]


@pytest.mark.parametrize(("data", "meta"), [("ftp://x", None), ("x.png", None), (3, None), (b"1", [1]), (None, None)])
def test_other_data_is_refused(harness: AppHarness, data: Any, meta: Any) -> None:
    model, page = launch(harness)
    page.messages.clear()
    with pytest.raises(TypeError, match="send_data"):
        model.send_data(data, meta)
    harness.settle()
    assert page.messages == []
    assert model.session.get_data_names() == []


def test_meta_that_cannot_travel_leaves_no_data_behind(harness: AppHarness) -> None:
    model, _ = launch(harness)
    with pytest.raises(Exception, match=r"\$data"):
        model.send_data(b"1", {"x": {1, 2}})
    assert model.session.get_data_names() == []


def test_a_call_goes_to_the_page_as_it_is_written(harness: AppHarness) -> None:
    model, page = launch(harness)
    model.call_js("greet(1, [2])")
    harness.settle()
    assert calls(page, "$run")[-1].args == ["greet(1, [2])"]
    with pytest.raises(TypeError, match="call_js"):
        model.call_js(3)


# -- the end


def test_disposing_ends_both_sides(harness: AppHarness) -> None:
    model, page = launch(harness)
    sub = model.sub
    sub.send_data(b"1")
    harness.settle()
    sub.dispose()
    harness.settle()
    assert sub.id not in page.objects
    assert model.session.get_component_instance(sub.id) is None
    assert model.session.get_data_names() == []
    page.messages.clear()
    sub.foo = 9
    sub.other = model
    sub.dispose()
    harness.settle()
    assert page.messages == []


def test_a_model_lives_for_four_round_trips_and_is_then_collected_with_its_twin(harness: AppHarness) -> None:
    model, page = launch(harness)
    with model:
        lonely = Inner()
    name, reference = lonely.id, weakref.ref(lonely)
    del lonely
    gc.collect()
    assert reference() is not None
    harness.settle()  # an obedient page answers round trips at once
    for _ in range(4):
        gc.collect()
        harness.settle()
    assert reference() is None
    assert name not in page.objects
    assert model.sub.id in page.objects


def test_handlers_hold_what_they_are_connected_to(harness: AppHarness) -> None:
    model, _ = launch(harness)
    with model:
        held = Inner()
    model.items = [held]
    model.connect("items*.foo", lambda *events: None)
    reference = weakref.ref(held)
    del held, model.items
    for _ in range(6):
        harness.settle()
        gc.collect()
    assert reference() is not None


def test_a_closed_session_disposes_its_models(harness: AppHarness) -> None:
    ended: Values = []

    class Ends(Inner):
        def dispose(self) -> None:
            ended.append(self.id)
            super().dispose()

    model, _ = launch(harness, Ends)
    model.session.close()
    assert ended == [model.id]
    assert model._disposed
    model.foo = 3
    model.call_js("x()")


# -- a page that is loaded anew


def test_a_page_that_is_loaded_anew_gets_values_attributes_and_then_inits_in_order(harness: AppHarness) -> None:
    model, page = launch(harness)
    model.foo = 33
    harness.settle()
    page.set(model, "foo", 34)
    model.sub.foo = 5
    with model:
        model.label = Label(text="x")
    model.send_data(b"1")
    harness.settle()
    page.messages.clear()
    assert page.reload() == "rebuild"
    said: Values = []
    for message in page.messages:
        if isinstance(message, messages.INSTANTIATE):
            said.append(("make", message.cls, message.req))
        elif isinstance(message, messages.EMIT):
            said.append((message.id.split("_")[0], message.type, message.value))
        elif isinstance(message, messages.INVOKE):
            said.append((message.id.split("_")[0], message.action, *message.args[:1]))
    assert said == [
        ("make", "Outer", -1),
        ("make", "Inner", -1),
        ("make", "Label", -1),
        ("Outer", "foo", 34),
        ("Outer", "level", 0),
        ("Outer", "sync_props", True),
        ("Outer", "$set", "sub"),
        ("Outer", "$set", "label"),
        ("Inner", "foo", 5),
        ("Inner", "sync_props", True),
        ("Inner", "$init"),
        ("Inner", "$handlers"),
        ("Outer", "$init"),
        ("Outer", "$handlers"),
    ]
    assert model.session.get_data_names() == []
    page.set(model, "foo", 35)
    harness.settle()
    assert model.foo == 35
    model.foo = 36
    harness.settle()
    assert page.prop(model, "foo") == 36
    page.emit(model, "pressed", {"n": 1})
    harness.settle()
    assert trace[-1] == ["outer", ("pressed", None, None)]


def test_what_the_old_page_had_made_is_no_longer_held(harness: AppHarness) -> None:
    class Holder(app.Model):
        class Both:
            @event.prop
            def items(self, v: Any = ()) -> Any:
                return list(v)

    model, page = launch(harness, Holder)
    with model:
        model.label = Label()
    harness.settle()
    made = page.make(Label, "Label_1js")
    page.set(model, "items", [page.ref(made), page.ref(model.label.id)])
    harness.settle()
    assert [type(item) for item in model.items] == [Label, Label]
    page.reload()
    assert model.items == [model.label]
    assert not isinstance(model.items[0], StubComponent)


# -- apps and sessions


def test_an_app_can_be_based_on_a_model(harness: AppHarness) -> None:
    application = app.App(Outer, 1, foo=4)
    assert application.cls is Outer
    model = harness.launch(application)
    assert (model.foo, model.args) == (5, (1,))
    assert model.session.app is model
    assert model.root is model
    with pytest.raises(TypeError, match="Model"):
        app.App(dict)


def test_the_root_is_told_that_it_is_the_app(harness: AppHarness) -> None:
    class Told(app.Model):
        def __init__(self, *args: Any, is_app: bool = False, **kwargs: Any) -> None:
            self.is_app = is_app
            super().__init__(*args, **kwargs)

        def init(self) -> None:
            if self.is_app:
                self.part = Told()

    model = harness.launch(Told)
    assert (model.is_app, model.part.is_app) == (True, False)


def test_instances_are_found_by_id_and_a_wrong_id_is_mentioned(
    harness: AppHarness, caplog: pytest.LogCaptureFixture
) -> None:
    model, _ = launch(harness)
    session = model.session
    assert session.get_model_instance_by_id(model.id) is model
    with caplog.at_level(logging.WARNING):
        assert session.get_model_instance_by_id("nothing") is None
    assert "nothing" in caplog.text


def test_a_session_evaluates_code_for_development(harness: AppHarness, capsys: pytest.CaptureFixture[str]) -> None:
    model = harness.launch(Outer)
    with pytest.raises(RuntimeError, match="App not connected"):
        model.session.eval("1 + 1")
    page = harness.page(model, answer=lambda code, args: {"code": code})
    assert model.session.eval("1 + 1") is None
    harness.settle()
    assert "1 + 1" in capsys.readouterr().out
    assert page.last(messages.CALL).code == "1 + 1"
