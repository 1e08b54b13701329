"""Components alone: their link is a list of what was asked of it."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from deskapp import JsComponent, LocalProperty, PyComponent, StubComponent, event
from deskapp.bridge import BaseAppComponent, link
from deskapp.errors import CodecError, WrongThread
from deskapp.event import Loop, use_loop


class Recorder:
    """A link that keeps what it is told."""

    def __init__(self, name: str = "session") -> None:
        self.id = name
        self.said: list[tuple[Any, ...]] = []
        self.count = 0
        self.first: Any = None
        self.refuses = False

    def register(self, component: Any) -> str:
        self.count += 1
        self.first = self.first or component
        return f"{type(component).__name__}_{self.count}"

    def instantiate(self, component: Any, props: Any) -> None:
        self.said.append(("instantiate", component.id, dict(props)))

    def check(self, component: Any, name: str, value: object) -> None:
        if self.refuses:
            raise CodecError("no", where=name)

    def publish(self, component: Any, event: Any) -> None:
        if self.refuses:
            raise CodecError("no", where=event["type"])
        self.said.append(("publish", component.id, event["type"], event.get("mutation"), event.get("new_value")))

    def invoke(self, component: Any, action: str, args: Any) -> None:
        self.said.append(("invoke", component.id, action, tuple(args)))

    def subscribe(self, component: Any, types: Any) -> None:
        self.said.append(("subscribe", component.id, list(types)))

    def dispose(self, component: Any) -> None:
        self.said.append(("dispose", component.id))

    def forget(self, component_id: str) -> None:
        self.said.append(("forget", component_id))

    def keep_alive(self, ob: object, iters: int | None = None) -> None:
        self.said.append(("keep_alive", ob, iters))

    def root(self) -> Any:
        return self.first

    def of(self, verb: str) -> list[tuple[Any, ...]]:
        return [said for said in self.said if said[0] == verb]


class Py(PyComponent):
    foo = event.IntProp(1, settable=True)
    items = event.ListProp([], settable=True)
    hidden = LocalProperty(None, settable=True)

    @event.action
    def twice(self) -> None:
        self._mutate_foo(self.foo * 2)

    @event.emitter
    def pinged(self, n: int) -> dict[str, object]:
        return {"n": n}


class Holder(PyComponent):
    child = event.ComponentProp(None, settable=True)

    def init(self) -> None:
        self.calls: list[int] = []

    @event.reaction("!child.text", mode="auto")
    def look(self, *events: object) -> None:
        self.calls.append(len(events))


class Js(JsComponent):
    foo = event.IntProp(1, settable=True)
    items = event.ListProp([], settable=True)

    @event.action
    def twice(self):  # type: ignore[no-untyped-def]
        self._mutate_foo(self.foo * 2)

    @event.emitter
    def pinged(self, n):  # type: ignore[no-untyped-def]
        return {"n": n}


@pytest.fixture
def loop() -> Iterator[Loop]:
    with use_loop(Loop()) as loop:
        yield loop


@pytest.fixture
def session(loop: Loop) -> Iterator[Recorder]:
    recorder: Any = Recorder()
    with link.use(recorder):
        yield recorder


# -- identity


def test_a_component_belongs_to_the_current_link(session: Recorder) -> None:
    one, other = Py(), Js()
    assert (one.id, other.id) == ("Py_1", "Js_2")
    assert one.uid == "session_Py_1"
    assert (one.session, one.root, other.root) == (session, one, one)


def test_a_component_made_inside_another_belongs_to_its_link(session: Recorder) -> None:
    outer = Py()
    elsewhere: Any = Recorder("elsewhere")
    with link.use(elsewhere), outer:
        inner = Py()
    assert inner.session is session


def test_the_link_can_be_given(session: Recorder) -> None:
    other: Any = Recorder("other")
    assert Py(_session=other).session is other


def test_contexts_of_the_same_link_are_remembered(session: Recorder) -> None:
    other: Any = Recorder("other")
    outer = Py()
    stranger = Py(_session=other)
    with stranger, outer:
        inner = Js()
    assert inner._creation.contexts == (outer.id,)


def test_what_lives_on_no_side_cannot_be_made(session: Recorder) -> None:
    class Nowhere(BaseAppComponent):
        pass

    with pytest.raises(TypeError, match="derive from PyComponent or JsComponent"):
        Nowhere()


def test_an_unknown_property_is_refused_with_near_names(session: Recorder) -> None:
    with pytest.raises(AttributeError, match="did you mean 'foo'"):
        Py(fooo=3)
    with pytest.raises(AttributeError, match="did you mean 'foo'"):
        Js(fooo=3)
    gc.collect()


# -- Python's own


def test_the_other_half_is_made_before_init_with_the_values_so_far(session: Recorder) -> None:
    class Inits(Py):
        def init(self) -> None:
            self._mutate_foo(9)

    Inits(items=[1])
    assert session.said == [
        ("instantiate", "Inits_1", {"foo": 1, "items": [1]}),
        ("publish", "Inits_1", "foo", "set", 9),
    ]


def test_only_changes_of_shared_properties_are_published(session: Recorder, loop: Loop) -> None:
    py = Py()
    py.set_foo(2)
    py.set_foo(2)
    py.set_hidden(object())
    py.pinged(1)
    loop.iter()
    assert session.of("publish") == [("publish", "Py_1", "foo", "set", 2)]


def test_plain_events_are_published_where_they_are_wanted(session: Recorder, loop: Loop) -> None:
    other: Any = Recorder("other")
    py = Py()
    py._add_link(other)
    py._set_subscription(other, frozenset({"pinged"}))
    py.pinged(1)
    py.set_foo(5)
    loop.iter()
    assert [said[2] for said in session.of("publish")] == ["foo"]
    assert [said[2] for said in other.of("publish")] == ["pinged", "foo"]


def test_a_link_that_never_had_it_cannot_subscribe(session: Recorder) -> None:
    py = Py()
    py._set_subscription(Recorder("x"), frozenset({"pinged"}))
    assert list(py._links) == [session]


def test_a_link_that_is_gone_hears_nothing_more(session: Recorder, loop: Loop) -> None:
    py = Py()
    py._remove_link(session)
    py.set_foo(5)
    loop.iter()
    assert session.of("publish") == []
    assert py.foo == 5


def test_a_value_that_cannot_be_published_is_not_held(session: Recorder, loop: Loop) -> None:
    py = Py()
    seen: list[object] = []
    py.reaction("foo", lambda *events: seen.extend(events))
    loop.iter()
    seen.clear()
    session.refuses = True
    with py, pytest.raises(CodecError):
        py.set_foo(5)
    with py, pytest.raises(CodecError):
        py._mutate_items([1], "insert", 0)
    with py:
        py.set_hidden(object())
    loop.iter()
    assert (py.foo, py.items, seen) == (1, [], [])


def test_an_event_that_cannot_be_published_reaches_nobody(session: Recorder, loop: Loop) -> None:
    py = Py()
    py._set_subscription(session, frozenset({"pinged"}))
    seen: list[object] = []
    py.reaction("pinged", lambda *events: seen.extend(events))
    session.refuses = True
    with pytest.raises(CodecError):
        py.pinged(1)
    loop.iter()
    assert seen == []


def test_disposing_tells_every_link_once(session: Recorder) -> None:
    other: Any = Recorder("other")
    py = Py()
    py._add_link(other)
    py.dispose()
    py.dispose()
    assert session.of("dispose") == other.of("dispose") == [("dispose", "Py_1")]


def test_a_collected_component_is_named_to_each_link_as_it_knows_it(session: Recorder, loop: Loop) -> None:
    other: Any = Recorder("other")
    py = Py()
    py._add_link(other)
    loop.iter()  # until then its first events wait to be delivered
    del py
    session.first = None
    gc.collect()
    assert session.of("forget") == [("forget", "Py_1")]
    assert other.of("forget") == [("forget", "session_Py_1")]


def test_arguments_of_init_are_not_kept(session: Recorder) -> None:
    class Takes(Py):
        def init(self, value: object) -> None:
            self.value = value

    assert Takes(object())._creation.args == ()


# -- JavaScript's


def test_a_proxy_shows_defaults_until_the_page_has_spoken(session: Recorder) -> None:
    js = Js(3, foo=7)
    assert js.foo == 1
    assert js._creation.args == (3,)
    assert session.said == [("instantiate", "Js_1", {"foo": 7})]
    js._receive("foo", "set", 7, -1)
    assert js.foo == 7


def test_a_wrong_value_is_refused_at_once(session: Recorder) -> None:
    with pytest.raises(ValueError, match=r"Js_1\.foo cannot be 'x'"):
        Js(foo="x")
    assert session.of("instantiate") == []


def test_a_wrong_value_for_a_generated_setter_is_refused_at_once(session: Recorder) -> None:
    js = Js()
    with pytest.raises(ValueError, match=r"Js_1\.foo cannot be 'x'"):
        js.set_foo("x")
    assert session.of("invoke") == []


def test_actions_are_asked_for_and_return_the_proxy(session: Recorder) -> None:
    js = Js()
    assert js.twice() is js
    assert js.set_foo(3) is js
    assert session.of("invoke") == [("invoke", "Js_1", "twice", ()), ("invoke", "Js_1", "set_foo", (3,))]
    assert js.foo == 1


def test_actions_may_be_called_on_any_thread(session: Recorder, loop: Loop) -> None:
    js, py = Js(), Py()

    def call() -> None:
        js.set_foo(3)
        py.set_foo(4)

    thread = threading.Thread(target=call)
    thread.start()
    thread.join(5)
    assert session.of("invoke") == []
    loop.iter()
    assert session.of("invoke") == [("invoke", "Js_1", "set_foo", (3,))]
    assert py.foo == 4


@pytest.mark.parametrize(
    "touch",
    [
        lambda py, js: py.dispose(),
        lambda py, js: js.dispose(),
        lambda py, js: Py(),
        lambda py, js: py.reaction("foo", lambda *e: None),
        lambda py, js: py.pinged(1),
        lambda py, js: py._mutate_foo(3),
        lambda py, js: py.__enter__(),
    ],
    ids=["dispose py", "dispose js", "make", "connect", "emit", "mutate", "enter"],
)
def test_everything_else_on_another_thread_raises_and_names_the_way_in(session: Recorder, touch: Any) -> None:
    py, js = Py(), Js()
    caught: list[BaseException] = []
    context = __import__("contextvars").copy_context()

    def run() -> None:
        try:
            touch(py, js)
        except WrongThread as error:
            caught.append(error)

    thread = threading.Thread(target=context.run, args=(run,))
    thread.start()
    thread.join(5)
    assert "call_soon" in str(caught[0])


def test_reading_on_another_thread_is_allowed(session: Recorder) -> None:
    py = Py()
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(py.foo))
    thread.start()
    thread.join(5)
    assert found == [1]


def test_a_proxy_cannot_be_mutated_in_python(session: Recorder) -> None:
    js = Js()
    with js, pytest.raises(RuntimeError, match="lives in JavaScript"):
        js._mutate_foo(3)
    with pytest.raises(AttributeError):
        js.foo = 3


def test_an_emitter_of_a_proxy_says_that_it_cannot_be_called(session: Recorder, caplog: Any) -> None:
    caplog.set_level(logging.ERROR)
    Js().pinged(1)
    assert "Cannot use emitters of a JsComponent in Py." in caplog.text
    assert isinstance(Js.pinged, event.EmitterDescriptor)


def test_events_of_the_page_reach_reactions_in_python(session: Recorder, loop: Loop) -> None:
    js = Js()
    seen: list[Any] = []
    js.reaction("foo", "pinged", lambda *events: seen.extend(events))
    loop.iter()
    seen.clear()
    js._receive("pinged", "", {"n": 3}, -1)
    js._receive("foo", "set", 4, -1)
    loop.iter()
    assert [(e.type, e.get("n"), e.get("new_value")) for e in seen] == [("pinged", 3, None), ("foo", None, 4)]


def test_plain_events_are_subscribed_to_while_somebody_listens(session: Recorder, loop: Loop) -> None:
    js = Js()
    reaction = js.reaction("pinged", "foo", lambda *events: None)
    assert session.of("subscribe") == [("subscribe", "Js_1", ["pinged"])]
    reaction.dispose()
    assert session.of("subscribe")[-1] == ("subscribe", "Js_1", [])


def test_disposing_a_proxy_asks_the_page_and_waits_for_it(session: Recorder) -> None:
    js = Js()
    js.dispose()
    assert session.of("dispose") == [("dispose", "Js_1")]
    assert not js._disposed
    js._end()
    assert js._disposed
    js.dispose()
    assert len(session.of("dispose")) == 1


def test_a_proxy_of_what_the_page_made_asks_for_nothing(session: Recorder) -> None:
    carrier: Any = session
    js = Js._from_page(carrier, "Js_7js")
    assert (js.id, js.session, js.uid) == ("Js_7js", session, "session_Js_7js")
    assert session.said == []


def test_a_function_as_value_stays_in_python(session: Recorder, loop: Loop) -> None:
    py = Py()
    js = Js(foo=lambda: py.foo + 1)
    loop.iter()
    py.set_foo(5)
    loop.iter()
    assert session.of("instantiate")[1] == ("instantiate", "Js_2", {})
    assert [said[3] for said in session.of("invoke")] == [(2,), (6,)]
    assert js.foo == 1


def test_what_failed_before_the_page_heard_of_it_is_not_forgotten_there(loop: Loop, session: Recorder) -> None:
    with pytest.raises(AttributeError, match="no property 'nope'"):
        Js(nope=3)
    gc.collect()
    assert session.of("forget") == []
    Js()
    loop.iter()
    gc.collect()
    assert session.of("forget") == [("forget", "Js_2")]


# -- stubs


def test_a_stub_says_what_it_stands_for() -> None:
    stub = StubComponent("some session", "Clock_3")
    assert (stub.id, stub.session_id, stub.uid) == ("Clock_3", "some session", "some session_Clock_3")
    assert "Clock_3" in repr(stub)
    assert str(stub) == "Clock_3"
    assert stub.root is None


def test_a_stub_of_a_session_knows_its_id() -> None:
    recorder = Recorder("abc")
    stub = StubComponent(recorder, "X_1")
    assert (stub.session, stub.session_id) == (recorder, "abc")


def test_a_stub_has_nothing_to_listen_to_and_takes_no_offence(loop: Loop, caplog: Any) -> None:
    stub: Any = StubComponent("s", "X_1")
    assert (stub.get_event_types(), stub.__properties__, stub.__actions__) == ([], [], [])
    heard: list[object] = []
    stub.reaction(lambda *events: heard.extend(events), "foo")
    assert "X_1 has no event type 'foo'" in caplog.text
    stub.emit("foo")
    loop.iter()
    assert len(heard) == 1
    with pytest.raises(AttributeError):
        stub.set_foo(1)
    with pytest.raises(TypeError, match="nothing can be made in its context"), stub:
        pass
    stub.dispose()
    stub.dispose()
    assert stub._disposed


def test_a_reaction_may_lead_to_a_stub(session: Recorder, loop: Loop) -> None:
    other: Any = Holder(child=StubComponent("s", "X_1"))
    loop.iter()
    assert other.calls == [0]
    other.set_child(None)
    loop.iter()


def test_stubs_are_made_without_a_loop_and_collected_without_a_trace() -> None:
    stub = StubComponent("s", "X_1")
    del stub
    gc.collect()
