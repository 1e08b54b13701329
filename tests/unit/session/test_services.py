from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

import pytest

from deskapp.bridge import link, messages
from deskapp.errors import ClientError, ClientReloaded, SessionClosedException, WrongThread
from deskapp.event import Loop, use_loop
from deskapp.session import Session
from deskapp.testing import AppHarness, TestClient
from tests.unit.session.classes import Label, Main


class Thing:
    """Anything."""


class Request:
    """As much of a request as sessions look at."""

    def __init__(self, **cookies: str) -> None:
        self.cookies: SimpleCookie = SimpleCookie(cookies)


def headers(session: Session, page: TestClient) -> list[str | None]:
    """What the page collects at the addresses that it was told."""
    urls = [message.data["url"] for message in page.of(messages.NOTICE, name="cookie")]  # type: ignore[index]
    assert all(url.startswith(f"/_a/{session.asset_key}/cookie/") for url in urls)
    return [session.take_cookie(url.rpartition("/")[2]) for url in urls]


# -- what no page could read


@pytest.mark.parametrize("wrong", [3, None, b"1 + 1", ["1"]])
def test_code_and_titles_are_texts(app: AppHarness, wrong: Any) -> None:
    session = app.session(Main)
    page = app.page(session)
    app.settle()
    with pytest.raises(TypeError, match="is a text, not"):
        asyncio.run(session.eval_js(wrong))
    with pytest.raises(TypeError, match="is a text, not"):
        session.eval(wrong)
    with pytest.raises(TypeError, match="is a text, not"):
        session.set_title(wrong)
    app.settle()
    assert (page.of(messages.NOTICE), page.of(messages.CALL)) == ([], [])


# -- threads


@pytest.mark.parametrize(
    "call",
    [
        lambda session: session.set_cookie("a", "b"),
        lambda session: session.set_title("a"),
        lambda session: session.send_command("PRINT", "a"),
        lambda session: session.eval("1"),
        lambda session: asyncio.run(session.eval_js("1")),
        lambda session: session.keep_alive(session),
        lambda session: session.call_after_roundtrip(print),
    ],
)
def test_what_is_said_to_a_page_is_said_by_one_thread(app: AppHarness, call: Callable[[Session], object]) -> None:
    session = app.session(Main)
    page = app.page(session)
    caught: list[Exception] = []

    def work() -> None:
        try:
            call(session)
        except Exception as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    app.settle()
    assert [type(error) for error in caught] == [WrongThread]
    assert (page.of(messages.NOTICE), page.of(messages.CALL)) == ([], [])


# -- objects that are kept


def test_any_object_is_kept_for_round_trips(app: AppHarness) -> None:
    session = app.session(Main)
    page = app.page(session, obedient=False)
    thing = Thing()
    kept = weakref.ref(thing)
    session.keep_alive(thing, 2)
    del thing
    for number in (1, 2):
        app.settle()
        gc.collect()
        assert kept() is not None
        assert len(page.of(messages.CALL, code="")) == number
        page.result(page.last(messages.CALL).req)
    app.settle()
    gc.collect()
    assert kept() is None


def test_objects_are_kept_while_no_page_is_there_and_until_the_end() -> None:
    with use_loop(Loop()) as loop:
        session = Session("mine")
        thing = Thing()
        kept = weakref.ref(thing)
        session.keep_alive(thing)
        del thing
        loop.iter()
        gc.collect()
        assert kept() is not None
        session.close()
        gc.collect()
        assert kept() is None


def test_a_session_that_keeps_something_can_be_collected() -> None:
    with use_loop(Loop()) as loop:
        session = Session("mine")
        session.keep_alive(session, 5)
        loop.iter()
        gone = weakref.ref(session)
        del session
        gc.collect()
        assert gone() is None


def test_a_closed_session_keeps_nothing_and_calls_nothing(app: AppHarness) -> None:
    session = app.session(Main)
    session.close(1000, "enough")
    with pytest.raises(SessionClosedException, match="enough"):
        session.keep_alive(Thing())
    with pytest.raises(SessionClosedException):
        session.call_after_roundtrip(list)
    with pytest.raises(SessionClosedException):
        session.set_cookie("a", "x")
    with pytest.raises(SessionClosedException):
        session.add_data("a", b"x")


def test_what_the_page_made_lives_until_the_message_that_stores_it_even_in_another_frame(app: AppHarness) -> None:
    session = app.session(Main)
    page = app.page(session, obedient=False)
    page.make(Label, "Label_1js", {"text": "made in the page"})
    page._flush()  # a frame of its own
    gc.collect()
    app.loop.iter()
    page.invoke(session.app, "set_anything", page.ref("Label_1js"))  # type: ignore[arg-type]
    app.settle()
    assert session.app.anything.text == "made in the page"  # type: ignore[union-attr]
    page.result(page.last(messages.CALL, code="").req)
    app.settle()
    gc.collect()
    assert session.app.anything.text == "made in the page"  # type: ignore[union-attr]


def test_what_the_page_made_and_nobody_stored_is_let_go_after_a_round_trip(app: AppHarness) -> None:
    session = app.session(Main)
    page = app.page(session, obedient=False)
    page.make(Label, "Label_1js")
    app.settle()
    gc.collect()
    assert session.get_component_instance("Label_1js") is not None
    page.result(page.last(messages.CALL, code="").req)
    app.settle()
    gc.collect()
    app.settle()
    assert session.get_component_instance("Label_1js") is None
    assert page.last(messages.SUBSCRIBE, id="Label_1js").types is None


# -- functions that are called later


def test_a_function_is_called_after_a_round_trip_with_its_arguments(app: AppHarness) -> None:
    session = app.session(Main)
    page = app.page(session, obedient=False)
    called: list[Any] = []
    session.call_after_roundtrip(called.append, "a")
    app.settle()
    assert called == []
    page.result(page.last(messages.CALL, code="").req)
    app.settle()
    assert called == ["a"]


def test_what_a_function_makes_after_a_round_trip_belongs_to_the_session(app: AppHarness) -> None:
    session = app.session(Main)
    app.page(session)
    made: list[Label] = []
    session.call_after_roundtrip(lambda: made.append(Label()))
    app.settle()
    assert made[0].session is session


def test_a_function_that_fails_does_not_keep_the_next(app: AppHarness, caplog: pytest.LogCaptureFixture) -> None:
    session = app.session(Main)
    app.page(session)
    called: list[int] = []
    session.call_after_roundtrip(lambda: 1 / 0)
    session.call_after_roundtrip(called.append, 1)
    app.settle()
    assert called == [1]
    assert "ZeroDivisionError" in caplog.text


def test_only_functions_can_be_called(app: AppHarness) -> None:
    with pytest.raises(TypeError, match="'f'"):
        app.session(Main).call_after_roundtrip("f")  # type: ignore[arg-type]


def test_a_page_that_is_loaded_anew_makes_the_round_trip_in_place_of_the_old_one(app: AppHarness) -> None:
    session = app.session(Main)
    page = app.page(session, obedient=False)
    called: list[int] = []
    session.call_after_roundtrip(called.append, 1)
    app.settle()
    page.is_obedient = True
    page.messages.clear()
    page.reload()
    app.settle()
    assert called == [1]
    kinds = [type(message).__name__ for message in page.messages]
    assert kinds.index("CALL") > kinds.index("READY")  # the answer means that the new page has everything


# -- questions


async def test_a_round_trip_fails_when_the_page_is_loaded_anew_and_with_the_session() -> None:
    async with AppHarness() as app:
        session = app.session(Main)
        page = app.page(session, obedient=False)
        asking = asyncio.ensure_future(session.co_roundtrip())
        await asyncio.sleep(0)
        page.reload()
        with pytest.raises(ClientReloaded):
            await asking
        asking = asyncio.ensure_future(session.co_roundtrip())
        await asyncio.sleep(0)
        session.close()
        with pytest.raises(SessionClosedException):
            await asking
        with pytest.raises(SessionClosedException):
            await session.co_roundtrip()


async def test_a_round_trip_and_a_question_have_a_deadline() -> None:
    async with AppHarness() as app:
        session = app.session(Main)
        app.page(session, obedient=False)
        with pytest.raises(asyncio.TimeoutError):
            await session.co_roundtrip(timeout_s=0.01)
        with pytest.raises(asyncio.TimeoutError):
            await session.co_eval("1", timeout_s=0.01)


async def test_co_eval_returns_the_value_and_raises_the_error_of_the_page() -> None:
    def answer(code: str, args: dict[str, Any]) -> object:
        if code == "bad":
            raise ValueError("by intent")
        return [code, args]

    async with AppHarness() as app:
        session = app.session(Main)
        app.page(session, answer=answer)
        assert await session.co_eval("x + 1", x=2) == ["x + 1", {"x": 2}]
        with pytest.raises(ClientError, match="ValueError: by intent"):
            await session.co_eval("bad")


# -- cookies


def test_a_page_is_told_where_its_cookie_waits(app: AppHarness) -> None:
    session = app.session(Main)
    page = app.page(session)
    session.set_cookie("name", "value", httponly=True)
    app.settle()
    (header,) = headers(session, page)
    assert header is not None
    assert header.startswith("name=")
    assert "HttpOnly" in header
    assert headers(session, page) == [None]  # good for one time
    assert session.get_cookie("name") == "value"


def test_cookies_of_the_request_are_read_from_the_beginning() -> None:
    with use_loop(Loop()):
        first = Session("mine", cookie_secret=lambda: "s")
        first.set_cookie("name", "value")
        signed = first._cookies._changed["name"]
        assert signed is not None
        second = Session("mine", request=Request(name=signed, forged="nonsense"), cookie_secret=lambda: "s")
        assert second.get_cookie("name") == "value"
        assert second.get_cookie("forged", "no") == "no"
        assert second.get_cookie("name", max_age_days=-1) is None
        third = Session("mine", cookie_secret=lambda: "s")
        assert third.get_cookie("name", "none yet") == "none yet"
        third.take_request(Request(name=signed))  # as when the page of a window connects
        assert third.get_cookie("name") == "value"
        third.take_request(object())
        assert third.get_cookie("name") == "value"
        for session in (first, second, third):
            session.close()


def test_a_cookie_that_was_not_collected_is_offered_to_the_page_that_is_loaded_anew(app: AppHarness) -> None:
    session = app.session(Main)
    page = app.page(session)
    session.set_cookie("one", "1")
    session.set_cookie("two", "2")
    app.settle()
    assert session.take_cookie(session._cookies.offers[0]) is not None
    page.messages.clear()
    page.reload()
    app.settle()
    (header,) = headers(session, page)
    assert (header or "").startswith("two=")


def test_the_configured_secret_signs(app: AppHarness) -> None:
    with AppHarness(cookie_secret="configured") as other:
        session = other.session(Main)
        session.set_cookie("name", "value")
        signed = session._cookies._changed["name"]
        assert signed is not None
        alone = Session("x", request=Request(name=signed), cookie_secret=lambda: "configured")
        assert alone.get_cookie("name") == "value"
        alone.close()


# -- what shows it


async def test_a_session_knows_the_runtime_of_its_window() -> None:
    async with AppHarness() as app:
        main = app.launch(Main)
        await app.window(main)
        assert main.session.runtime is app.runtime
    assert main.session.runtime is None


def test_what_has_no_window_has_no_runtime(app: AppHarness) -> None:
    assert app.session(Main).runtime is None
    session = Session("mine")
    assert session.runtime is None
    session.close()


def test_assets_to_ignore_are_looked_at_when_something_is_sent(app: AppHarness) -> None:
    session = app.session(Main)
    module, _ = session.js_name(Label)
    alone = Session("mine", loop=app.loop)
    alone.assets_to_ignore.add(f"{module}.js")
    with link.use(alone):
        Label()
    page = app.page(alone)
    assert page.of(messages.DEFINE, name=module) == []
    assert page.of(messages.INSTANTIATE)
    assert module in alone.present_modules
    alone.close()
