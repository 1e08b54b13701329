from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading
import weakref
from typing import Any

import numpy as np
import pytest

from deskapp import JsComponent, PyComponent, StubComponent, event
from deskapp.assets import AssetStore
from deskapp.bridge import link, messages
from deskapp.bridge.limits import Limits
from deskapp.errors import (
    ClientError,
    CodecError,
    MessageTooLarge,
    SessionClosedException,
    SessionNotFoundException,
    TranspileError,
)
from deskapp.event import Loop, use_loop
from deskapp.session import Session, Status
from deskapp.testing import AppHarness, Ref, TestClient
from deskapp.testing.client import MemoryTransport
from tests.unit.session.classes import Label, Main


def kinds(page: TestClient) -> list[str]:
    return [type(message).__name__ for message in page.messages]


# -- life


def test_a_user_makes_a_session_alone_and_it_stays_pending() -> None:
    with use_loop(Loop()) as loop:
        session = Session("mine")
        with link.use(session):
            main = Main()
        main.set_count(2)
        loop.iter()
        assert session.status.name == "PENDING"
        assert (session.app_name, session.app, session.request, main.session) == ("mine", main, None, session)
        session.close()
        assert session.ending is not None
        assert session.status.name == "CLOSED"


def test_a_component_may_be_told_its_session() -> None:
    with use_loop(Loop()):
        session, other = Session("mine"), Session("other")
        with link.use(other):
            main, label = Main(flx_session=session), Label(flx_session=session, text="x")
        assert (main.session, label.session, session.app, other.app) == (session, session, main, None)
        session.close()
        other.close()


def test_a_page_that_comes_late_gets_all_that_was_said(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    main.set_count(5)
    app.settle()
    page = app.page(session)
    assert page.how == "new"
    assert page.prop(main, "count") == 5
    assert kinds(page)[:3] == ["DEFINE", "INSTANTIATE", "INSTANTIATE"]
    assert kinds(page)[-1] == "READY"


def test_the_first_component_is_the_root(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    assert main.root is main
    assert main.label.root is main
    assert session.components() == [main, main.label]


def test_secrets_differ_from_each_other_and_between_sessions(app: AppHarness) -> None:
    one, other = app.session(Main), app.session(Main)
    assert len({one.id, one.key, one.asset_key, other.id, other.key, other.asset_key}) == 6


def test_a_closed_session_takes_no_component(app: AppHarness) -> None:
    session = app.session(Main)
    session.close(1000, "enough")
    with link.use(session), pytest.raises(SessionClosedException, match="enough"):
        Main()


def test_closing_tells_the_page_why_and_ends_everything(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    label = main.label
    page = app.page(session)
    session.add_data("x", b"1")
    session.close(4321, "a reason")
    assert page.closed == messages.CLOSE(4321, "a reason")
    assert not page.is_connected
    assert main._disposed
    assert label._disposed
    assert (session.app, session.get_data_names(), session.components()) == (None, [], [])
    assert session.ending is not None
    assert session.ending.args == (4321, "a reason")


def test_closing_twice_is_closing_once(app: AppHarness) -> None:
    session = app.session(Main)
    session.close(1000, "first")
    session.close(1001, "second")
    session.end(1001, "third")
    assert str(session.ending) == "The session is closed (1000: first)."


def test_a_component_that_fails_to_end_does_not_keep_the_others(app: AppHarness, caplog: Any) -> None:
    class Stubborn(PyComponent):
        def dispose(self) -> None:
            raise RuntimeError("never")

    session = app.session(Main)
    main: Any = session.app
    with main:
        stubborn = Stubborn()
    session.close()
    assert main._disposed
    assert f"{stubborn.id} could not be disposed" in caplog.text


def test_what_is_done_to_components_after_the_end_does_nothing(app: AppHarness, caplog: Any) -> None:
    session = app.session(Main)
    main: Any = session.app
    label = main.label
    session.close()
    main.set_count(1)
    label.set_text("x")
    label.dispose()
    main.dispose()
    label.reaction("pressed", lambda *e: None)
    app.settle()
    assert "does nothing" in caplog.text


def test_a_session_can_be_collected_after_its_end(app: AppHarness) -> None:
    session = app.session(Main)
    page = app.page(session)
    page.invoke(session.app or "", "add", 1)
    app.settle()
    gone = weakref.ref(session)
    session.close()
    app._pages.clear()
    del session, page
    app.settle()
    gc.collect()
    app.settle()
    gc.collect()
    assert gone() is None


# -- resume


def test_a_dropped_page_gets_what_it_missed_once_and_in_order(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    page.subscribe(main, "happened")
    app.settle()
    page.drop()
    for n in range(20):
        main.happened(str(n))
    app.settle()
    assert page.connect() == "replay"
    assert [value["what"] for value in page.told("happened")] == [str(n) for n in range(20)]


def test_what_the_page_said_before_it_was_dropped_is_done_once(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    page.invoke(main, "add", 1)
    for frame in page.frames():
        session.receive(frame)
    page.drop()  # without having heard that it arrived
    page.invoke(main, "add", 10)
    page.connect()
    app.settle()
    assert main.count == 11


def test_while_the_page_is_away_the_last_value_wins(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    page.drop()
    page.messages.clear()
    for n in range(1, 50):
        main.set_count(n)
        app.settle()
    page.connect()
    app.settle()
    assert [m.value for m in page.of(messages.EMIT, type="count")] == [49]


def test_an_older_connection_ends_when_the_page_opens_another(app: AppHarness) -> None:
    session = app.session(Main)
    page = app.page(session)
    old = page._transport
    assert old is not None
    hello = page.hello()
    page._transport = type(old)(page.take)
    session.connect(page._transport, hello)
    assert old.closed_with == (1000, "the page has opened another connection")
    session.disconnect(old, left=False)  # its end is no news
    assert session.status is Status.CONNECTED


def test_a_page_that_forgot_too_much_is_rebuilt(app: AppHarness) -> None:
    session = app.session(Main)
    page = app.page(session)
    page.drop()
    hello = page.hello()
    page._transport = MemoryTransport(page.take)
    how = session.connect(page._transport, messages.HELLO(*[*hello_fields(hello)[:3], 2**53, *hello_fields(hello)[4:]]))
    assert how == "rebuild"


def hello_fields(hello: messages.HELLO) -> list[Any]:
    return [getattr(hello, name) for name in hello.__struct_fields__]


def test_history_that_grew_too_long_is_dropped_and_the_page_rebuilt() -> None:
    with use_loop(Loop()) as loop:
        session = Session("small", limits=Limits(queue_bytes=20_000))
        with link.use(session):
            main = Main()
        page = TestClient(session)
        page.connect()
        page.drop()
        for n in range(100):
            main.set_anything(f"{n}" * 1000)
            main.set_items([f"{n}" * 500])
            main._apply_mutation("items", [str(n) * 400], "insert", 0)
            loop.iter()
        assert session._line.protocol.must_rebuild
        assert page.connect() == "rebuild"
        assert page.prop(main, "anything") == "99" * 1000
        session.close()


def test_a_tab_that_had_another_session_is_told_that_this_one_is_fresh(app: AppHarness) -> None:
    page = TestClient(app.session(Main))
    page.key = "a key of long ago"
    assert page.connect() == "fresh"


# -- values


def test_a_value_that_cannot_travel_is_refused_by_name_and_not_held(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    heard: list[object] = []
    main.reaction("anything", lambda *events: heard.extend(events))
    app.settle()
    heard.clear()
    with main, pytest.raises(CodecError, match=r"Main_1\.anything"):
        main.set_anything(object())
    app.settle()
    assert main.anything is None
    assert heard == []
    main.set_anything("good")
    app.settle()
    assert page.prop(main, "anything") == "good"


@pytest.mark.parametrize(
    ("name", "value", "index", "mutation"),
    [
        ("items", [object()], 0, "insert"),
        ("items", [1, {2: 3}], 0, "replace"),
        ("table", {"a": object()}, -1, "insert"),
        ("table", {"k": {1, 2}}, -1, "replace"),
    ],
)
def test_a_partial_mutation_that_cannot_travel_does_not_begin(
    app: AppHarness, name: str, value: object, index: int, mutation: str
) -> None:
    session = app.session(Main)
    main: Any = session.app
    main.set_items([1, 2])
    main.set_table({"k": 1})
    app.settle()
    with main, pytest.raises(CodecError, match=rf"Main_1\.{name}"):
        main._mutate(name, value, mutation, index)
    assert (main.items, main.table) == ([1, 2], {"k": 1})


def test_a_component_with_a_value_that_cannot_travel_is_not_made(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    with main, pytest.raises(CodecError, match=r"Label_3\.target"):
        Label(target=object())
    with main, pytest.raises(CodecError, match=r"Main_4\.anything"):
        Main(anything=object())
    with main, pytest.raises(TypeError, match=r"Label_5\.text"):
        Label(text=5)
    gc.collect()
    app.settle()
    assert session.components() == [main, main.label]
    assert {m.id for m in page.of(messages.INSTANTIATE)} == {"Main_1", "Label_2"}


def test_an_argument_that_cannot_travel_is_refused_where_it_is_given(app: AppHarness) -> None:
    main: Any = app.session(Main).app
    with pytest.raises(CodecError, match=r"Label_2\.set_target\(\) argument 1"):
        main.label.set_target(object())


def test_arguments_of_a_python_components_init_stay_in_python(app: AppHarness) -> None:
    class Holder(PyComponent):
        def init(self, thing: object) -> None:
            self.thing = thing

    session = app.session(Holder, object())
    page = app.page(session)
    assert page.find(session.app or "").args == []


def test_arrays_and_bytes_travel_both_ways(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    data = np.arange(300_000, dtype="float64").reshape(3, -1)
    main.set_anything({"a": data, "b": b"\x00\x01"})
    app.settle()
    shown = page.prop(main, "anything")
    assert shown["b"] == b"\x00\x01"
    np.testing.assert_array_equal(shown["a"], data)
    page.invoke(main, "keep", data)
    app.settle()
    np.testing.assert_array_equal(main.heard[0], data)


def test_components_are_references_on_the_wire(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    assert page.prop(main, "label") == Ref(session.id, main.label.id)
    page.invoke(main, "set_anything", [main.label, main])
    app.settle()
    assert main.anything == [main.label, main]


def test_a_stub_can_be_passed_on(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    page.invoke(main, "keep", Ref("elsewhere", "Thing_9"))
    app.settle()
    (stub,) = main.heard
    assert isinstance(stub, StubComponent)
    assert (stub.id, stub.session_id, stub.uid, stub.root) == ("Thing_9", "elsewhere", "elsewhere_Thing_9", None)
    main.set_anything(stub)
    app.settle()
    assert page.prop(main, "anything") == Ref("elsewhere", "Thing_9")


def test_an_id_of_ours_in_the_name_of_another_session_is_a_stub(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    page.invoke(main, "keep", Ref("elsewhere", main.id))
    app.settle()
    assert isinstance(main.heard[0], StubComponent)


def test_a_disposed_component_travels_as_the_reference_that_it_is(app: AppHarness) -> None:
    one, other = app.session(Main), app.session(Main)
    shared: Any = one.app
    holder: Any = other.app
    page = app.page(other)
    shared.dispose()
    holder.set_anything(shared)
    app.settle()
    assert page.prop(holder, "anything") == Ref(one.id, shared.id)
    assert page.of(messages.INSTANTIATE, cls="Main") == page.of(messages.INSTANTIATE, id=holder.id)


def test_a_javascript_component_of_another_session_is_a_reference(app: AppHarness) -> None:
    one, other = app.session(Main), app.session(Main)
    label: Any = one.app.label  # type: ignore[union-attr]
    holder: Any = other.app
    page = app.page(other)
    holder.set_anything(label)
    app.settle()
    assert holder.anything is label
    assert page.prop(holder, "anything") == Ref(one.id, label.id)


# -- one component in two sessions


def test_a_python_component_is_shared_by_referring_to_it(app: AppHarness) -> None:
    one, other = app.session(Main), app.session(Main)
    shared: Any = one.app
    holder: Any = other.app
    first, second = app.page(one), app.page(other)
    holder.set_anything(shared)
    app.settle()
    assert second.prop(holder, "anything") == Ref(other.id, shared.uid)
    shared.set_count(3)
    app.settle()
    assert (first.prop(shared, "count"), second.prop(shared, "count")) == (3, 3)
    second.invoke(shared, "add", 1)
    app.settle()
    assert shared.count == 4
    assert (first.prop(shared, "count"), second.prop(shared, "count")) == (4, 4)


def test_a_shared_component_is_instantiated_once_in_a_page(app: AppHarness) -> None:
    one, other = app.session(Main), app.session(Main)
    holder: Any = other.app
    page = app.page(other)
    holder.set_anything(one.app)
    holder.set_items([one.app, one.app])
    app.settle()
    assert one.app is not None
    assert len(page.of(messages.INSTANTIATE, id=one.app.uid)) == 1


def test_a_page_that_ends_leaves_shared_components_alone(app: AppHarness) -> None:
    one, other = app.session(Main), app.session(Main)
    shared: Any = one.app
    other.app.set_anything(shared)  # type: ignore[union-attr]
    app.settle()
    other.close()
    shared.set_count(1)
    app.settle()
    assert not shared._disposed
    assert shared.count == 1


def test_pages_that_share_a_component_are_told_when_its_session_ends(app: AppHarness) -> None:
    one, other = app.session(Main), app.session(Main)
    shared: Any = one.app
    other.app.set_anything(shared)  # type: ignore[union-attr]
    page = app.page(other)
    app.settle()
    one.close()
    app.settle()
    assert page.of(messages.DISPOSE, id=shared.uid)
    assert shared._disposed


def test_components_that_hold_each_other_can_be_shared(app: AppHarness) -> None:
    one, other = app.session(Main), app.session(Main)
    shared: Any = one.app
    shared.set_anything(shared)
    app.settle()
    other.app.set_anything(shared)  # type: ignore[union-attr]
    page = app.page(other)
    app.settle()
    assert page.prop(shared, "anything") == Ref(other.id, shared.uid)


# -- garbage


def test_a_collected_python_component_ends_in_the_page(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    with main:
        child = Main()
    app.settle()
    name = child.id
    assert name in page.objects
    del child
    gc.collect()
    app.settle()
    assert name not in page.objects
    assert page.of(messages.DISPOSE, id=name)


def test_a_component_may_be_collected_on_any_thread(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    with main:
        box = [Main()]
    app.settle()
    name = box[0].id
    thread = threading.Thread(target=lambda: (box.clear(), gc.collect()))
    thread.start()
    thread.join(5)
    app.settle()
    assert name not in page.objects


def test_a_collected_proxy_of_what_the_page_made_asks_for_silence(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    page.make(Label, "Label_1js")
    page.invoke(main, "set_anything", page.ref("Label_1js"))
    app.settle()
    main.set_anything(None)
    app.settle()
    gc.collect()
    app.settle()
    assert page.last(messages.SUBSCRIBE, id="Label_1js").types is None
    page.emit("Label_1js", "text", "too late", "set")
    app.settle()
    assert page.of(messages.FAULT) == []
    page.make(Label, "Label_1js", {"text": "again"})
    page.invoke(main, "set_anything", page.ref("Label_1js"))
    app.settle()
    assert main.anything.text == "again"


def test_a_javascript_component_made_in_python_lives_as_long_as_it_is_shown(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    with main:
        name = Label(text="nobody keeps me").id
    gc.collect()
    app.settle()
    assert session.get_component_instance(name) is not None
    assert page.of(messages.SUBSCRIBE, id=name) == []


# -- questions


async def test_eval_js_gives_what_the_page_answers() -> None:
    async with AppHarness() as app:
        session = app.session(Main)
        page = app.page(session, answer=lambda code, args: [code, args])
        assert await session.eval_js("a + b", a=1, b=b"x") == ["a + b", {"a": 1, "b": b"x"}]
        assert page.last(messages.CALL).code == "a + b"


async def test_eval_js_raises_what_the_page_raised() -> None:
    async with AppHarness() as app:
        session = app.session(Main)
        app.page(session, answer=lambda code, args: 1 / 0)
        with pytest.raises(ClientError, match="ZeroDivisionError"):
            await session.eval_js("boom()")


async def test_eval_js_ends_with_its_deadline_and_with_the_session() -> None:
    async with AppHarness() as app:
        session = app.session(Main)
        page = app.page(session, obedient=False)
        with pytest.raises((TimeoutError, asyncio.TimeoutError)):
            await session.eval_js("1", timeout_s=0.01)
        asked = asyncio.ensure_future(session.eval_js("1", timeout_s=None))
        await app.until(lambda: len(page.of(messages.CALL)) == 2)
        session.close(1000, "over")
        with pytest.raises(SessionClosedException, match="over"):
            await asked
        with pytest.raises(SessionClosedException):
            await session.eval_js("1")
        assert session._exchange._waiting == {}


async def test_a_question_whose_argument_cannot_travel_is_not_asked() -> None:
    async with AppHarness() as app:
        session = app.session(Main)
        with pytest.raises(CodecError, match=r"eval_js\(a=…\)"):
            await session.eval_js("a", a=object())
        assert session._exchange._waiting == {}


async def test_a_roundtrip_comes_back_after_all_that_was_said_before() -> None:
    async with AppHarness() as app:
        session = app.session(Main)
        page = app.page(session)
        session.app.set_count(8)  # type: ignore[union-attr]
        await session.co_roundtrip()
        assert page.prop(session.app or "", "count") == 8


# -- back-pressure


async def test_drain_returns_when_everything_was_written() -> None:
    async with AppHarness() as app:
        session = app.session(Main)
        app.page(session)
        session.app.set_count(1)  # type: ignore[union-attr]
        await session.drain(timeout_s=1)


async def test_drain_waits_for_a_page_that_is_behind() -> None:
    async with AppHarness() as app:
        session = Session("x", loop=app.loop, limits=Limits(in_flight_frames=2))
        with link.use(session):
            main = Main()
        page = TestClient(session, limits=Limits(ack_frames=100, ack_bytes=2**30))
        page.connect()
        for n in range(10):
            main.set_count(n)
            app.loop.iter()
        drained = asyncio.ensure_future(session.drain())
        await asyncio.sleep(0)
        assert session.is_behind
        assert not drained.done()
        page.send(messages.LOG("info", "I am here", ""))  # whatever the page says acknowledges
        await asyncio.wait_for(drained, 2)
        session.close()


async def test_drain_waits_for_a_page_that_is_away_and_ends_when_it_is_back() -> None:
    async with AppHarness() as app:
        session = app.session(Main)
        page = app.page(session)
        await app.quiet()
        page.drop()
        session.app.set_count(1)  # type: ignore[union-attr]
        drained = asyncio.ensure_future(session.drain())
        await asyncio.sleep(0)
        assert not drained.done()
        page.connect()
        await asyncio.wait_for(drained, 1)


async def test_drain_has_a_deadline_if_asked_for_and_fails_with_the_session() -> None:
    async with AppHarness() as app:
        session = app.session(Main)
        with pytest.raises((TimeoutError, asyncio.TimeoutError)):
            await session.drain(timeout_s=0.01)
        drained = asyncio.ensure_future(session.drain())
        await asyncio.sleep(0)
        session.close()
        with pytest.raises(SessionClosedException):
            await drained


def test_a_value_beyond_all_bounds_is_refused_and_not_held() -> None:
    with use_loop(Loop()):
        session = Session("small", limits=Limits(queue_bytes=50_000))
        with link.use(session):
            main = Main()
        page = TestClient(session)
        page.connect()
        with main, pytest.raises(MessageTooLarge, match=r"^Main_1\.anything: .*add_data"):
            main.set_anything("x" * 60_000)
        assert main.anything is None
        with main:
            main.set_anything("small")
        page.settle()
        assert page.prop(main, "anything") == "small"
        session.close()


# -- data and the rest


def test_data_is_replaced_found_and_removed(app: AppHarness) -> None:
    session = app.session(Main)
    url = session.add_data("a/b.bin", b"1")
    assert url == f"/_a/{session.asset_key}/data/a/b.bin"
    assert session.add_data("a/b.bin", b"2") == url
    assert session.get_data("a/b.bin") == b"2"
    session.remove_data("a/b.bin")
    assert session.get_data("a/b.bin") is None


def test_shared_data_is_found_behind_that_of_the_session(app: AppHarness) -> None:
    session = app.session(Main)
    app.launcher.store.add_shared_data("x", b"shared")
    assert session.get_data("x") == b"shared"
    session.add_data("x", b"own")
    assert session.get_data("x") == b"own"
    assert session.get_data_names() == ["x"]


def test_a_title_is_a_notice_to_the_page(app: AppHarness) -> None:
    session = app.session(Main)
    page = app.page(session)
    session.set_title("New title")
    app.settle()
    assert page.last(messages.NOTICE) == messages.NOTICE("title", "New title")


def test_modules_that_the_page_has_can_be_asked_for(app: AppHarness) -> None:
    session = app.session(Main)
    found = session.present_modules
    assert found == {"tests.unit.session.classes"}
    found.clear()
    assert session.present_modules


def test_a_class_that_cannot_become_javascript_is_named_when_it_is_made(app: AppHarness) -> None:
    class Bad(JsComponent):
        def init(self):  # type: ignore[no-untyped-def]
            import os

            os.getcwd()

    main: Any = app.session(Main).app
    with main, pytest.raises(TranspileError, match=r"Bad\.init"):
        Bad()


def test_components_need_a_session() -> None:
    with use_loop(Loop()), pytest.raises(SessionNotFoundException, match="Main"):
        Main()


def test_the_roots_can_be_used_directly(app: AppHarness) -> None:
    session = app.session(PyComponent)
    assert isinstance(session.app, PyComponent)
    page = app.page(session)
    with session.app:
        plain = JsComponent()
    app.settle()
    assert page.find(session.app).cls == "PyComponent"
    assert page.find(plain).cls == "JsComponent"
    assert page.modules == {}
    page.make(JsComponent, "JsComponent_1js")
    app.settle()
    assert page.of(messages.FAULT) == []


def test_two_shared_names_of_one_store_are_not_mixed_up() -> None:
    store = AssetStore()
    store.add_shared_data("x", b"1")
    with use_loop(Loop()):
        assert Session("a", store).get_data("x") == b"1"
        assert Session("b").get_data("x") is None


def test_ids_count_in_each_session_anew(app: AppHarness) -> None:
    one: Any = app.session(Main).app
    other: Any = app.session(Main).app
    assert (one.id, one.label.id) == ("Main_1", "Label_2") == (other.id, other.label.id)
    assert one.uid != other.uid


def test_a_session_imports_no_server() -> None:
    code = (
        "import sys; from deskapp.session import Session; from deskapp.testing.client import TestClient;"
        "from deskapp.event import Loop, use_loop\n"
        "with use_loop(Loop()): TestClient(Session('x')).connect()\n"
        "sys.exit(1 if 'tornado' in sys.modules or 'webview' in sys.modules else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=20)


def test_properties_that_follow_a_function_do_so_for_javascript_components(app: AppHarness) -> None:
    main: Any = app.session(Main).app
    page = app.page(main)
    with main:
        label = Label(text=lambda: f"n = {main.count}")
    app.settle()
    main.set_count(3)
    app.settle()
    assert page.prop(label, "text") == "n = 3"
    assert label.text == "n = 3"


def test_events_of_properties_come_once_per_iteration_in_one_frame(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    app.settle()
    before = page._protocol.last_received
    for n in range(5):
        main.set_count(n + 1)
        main.set_anything(n)
    app.loop.iter()
    assert page._protocol.last_received == before + 1
    assert event.current_loop() is app.loop
