"""Functions as programs: threads and coroutines, from the page's first word to the deferred functions."""

from __future__ import annotations

import asyncio
import functools
import gc
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

import deskapp
from deskapp import App, PyComponent, app, event
from deskapp.bridge import messages
from deskapp.errors import (
    ClientError,
    CodecError,
    MessageTooLarge,
    PackageMissing,
    SessionClosedException,
    SessionException,
    SessionNotFoundException,
    WrongKindOfSession,
)
from deskapp.output import put_text
from deskapp.session import (
    ScriptHandle,
    defer_call,
    download,
    eval_js,
    go_app,
    hold,
    info,
    local,
    register_thread,
    run_async,
    run_asyncio_coroutine,
    run_js,
    set_env,
)
from deskapp.session.coroutinebased import TaskHandler
from deskapp.testing import AppHarness, TestClient
from tests.unit.session.classes import Main


@pytest.fixture
async def harness() -> AsyncIterator[AppHarness]:
    async with AppHarness() as harness:
        yield harness


class Page(TestClient):
    """Answers as if it could evaluate: with the code and its arguments, unless told what to answer."""

    def __init__(self, session: Any, **options: Any) -> None:
        super().__init__(session, answer=lambda code, args: {"code": code, **args}, **options)

    def codes(self) -> list[str]:
        return [message.code for message in self.of(messages.CALL)]


async def shown(harness: AppHarness, function: Callable[..., object], **options: Any) -> tuple[ScriptHandle, Page]:
    """Launch a function and let its page come."""
    handle: ScriptHandle = app.launch(function, **options)
    page = Page(handle.session)
    page.connect()
    return handle, page


async def until_done(harness: AppHarness, handle: ScriptHandle) -> None:
    await harness.until(handle.done)


# -- begin and end -----------------------------------------------------------------------------------------------------


async def test_a_plain_function_runs_on_a_thread_of_its_own_once_its_page_is_there(harness: AppHarness) -> None:
    seen: list[threading.Thread] = []

    def main(n: int = 3) -> int:
        seen.append(threading.current_thread())
        return n

    handle = app.launch(main)
    await asyncio.sleep(0.02)
    assert (seen, handle.done()) == ([], False)
    with pytest.raises(SessionException, match="no result yet"):
        handle.result()
    Page(handle.session).connect()
    await until_done(harness, handle)
    assert handle.result() == 3
    assert seen[0] is not threading.main_thread()
    assert seen[0].name == "deskapp-script-main"
    assert handle.session.status is handle.session.STATUS.CONNECTED


async def test_an_async_function_runs_as_a_task_of_the_loop(harness: AppHarness) -> None:
    async def main() -> object:
        await asyncio.sleep(0)
        return threading.current_thread(), asyncio.current_task() is not None

    handle, _ = await shown(harness, main)
    await until_done(harness, handle)
    assert handle.result() == (threading.main_thread(), True)


async def test_an_app_gives_the_function_its_arguments_and_its_window_a_title(harness: AppHarness) -> None:
    got: list[object] = []

    def two_words(*args: object, **kwargs: object) -> None:
        got.append((args, kwargs))

    application = App(two_words, 1, title="Given", size=3)
    assert application.cls is two_words
    assert "function two_words" in repr(application)
    assert application.spec.title == "Given"
    handle, _ = await shown(harness, application)
    await until_done(harness, handle)
    assert got == [((1,), {"size": 3})]
    assert deskapp.App(two_words).spec.title == "Two words"
    assert App(functools.partial(two_words, 1)).spec.name == "two_words"
    assert App(lambda: None).spec.name == "app"


@pytest.mark.parametrize(
    ("target", "args", "why"),
    [
        (lambda needed: None, (), "missing a required argument: 'needed'"),
        (lambda: None, (1,), "too many positional arguments"),
        (int, (), "cannot be an app"),
        (App(lambda: None), (), "cannot be an app"),
        (3, (), "cannot be an app"),
    ],
)
def test_what_cannot_be_called_as_a_script_is_refused_at_once(target: Any, args: tuple[object, ...], why: str) -> None:
    with pytest.raises(TypeError, match=why):
        App(target, *args)


def test_a_generator_function_is_refused() -> None:
    def numbers() -> Iterator[int]:
        yield 1

    with pytest.raises(TypeError, match="numbers is a generator function"):
        App(numbers)


def test_a_function_cannot_be_exported() -> None:
    def main() -> None:
        raise AssertionError("it is not called")

    with AppHarness(), pytest.raises(deskapp.errors.DeskappError, match="main is a function, which runs in Python"):
        App(main).dump()


@pytest.mark.parametrize("is_async", [False, True])
async def test_closing_the_window_ends_the_call_that_waits_and_every_later_one(
    harness: AppHarness, is_async: bool
) -> None:
    caught: list[type[BaseException]] = []

    def note(call: Callable[[], object]) -> None:
        try:
            call()
        except BaseException as error:
            caught.append(type(error))

    later = (
        lambda: run_js("1"), lambda: download("a", b""), lambda: set_env(title="x"), lambda: defer_call(print),
        lambda: go_app("main"),
    )  # fmt: skip

    def main() -> None:
        note(lambda: eval_js("for ever"))
        for call in (*later, lambda: eval_js("1"), hold, lambda: register_thread(threading.current_thread())):
            note(call)

    async def async_main() -> None:
        waits: list[Callable[[], Any]] = [lambda: eval_js("for ever"), lambda: eval_js("1"), hold]
        for wait in waits:
            try:
                await wait()
            except BaseException as error:
                caught.append(type(error))
        for call in later:
            note(call)

    handle = app.launch(async_main if is_async else main)
    window = await harness.window_of(handle.session)
    page = TestClient(handle.session, obedient=False)
    page.connect()
    await harness.until(lambda: page.of(messages.CALL))
    harness.runtime.user_closes(window)
    await until_done(harness, handle)
    assert handle.result() is None
    assert set(caught) == {SessionClosedException}
    assert len(caught) == (8 if is_async else 9)
    assert await harness.finished() == 0


async def test_a_coroutine_that_waits_for_something_else_is_cancelled_when_its_window_closes(
    harness: AppHarness,
) -> None:
    steps: list[str] = []

    async def main() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            steps.append("finally")

    handle, _ = await shown(harness, main)
    await asyncio.sleep(0.01)
    handle.close()
    await until_done(harness, handle)
    assert steps == ["finally"]
    with pytest.raises(SessionClosedException):
        handle.result()


@pytest.mark.parametrize("is_async", [False, True])
async def test_an_error_is_logged_and_shown_and_ends_this_run_alone(
    harness: AppHarness, is_async: bool, caplog: pytest.LogCaptureFixture
) -> None:
    def main() -> None:
        raise ZeroDivisionError("on purpose")

    async def async_main() -> None:
        main()

    handle, page = await shown(harness, async_main if is_async else main)
    await until_done(harness, handle)
    await harness.until(lambda: page.of(messages.NOTICE, name="stopped"))
    with pytest.raises(ZeroDivisionError):
        handle.result()
    assert "on purpose" in caplog.text
    assert handle.session.ending is None


@pytest.mark.parametrize("is_async", [False, True])
async def test_sys_exit_ends_the_function_and_not_the_program(harness: AppHarness, is_async: bool) -> None:
    def main() -> None:
        raise SystemExit(3)

    async def async_main() -> None:
        main()

    handle, page = await shown(harness, async_main if is_async else main)
    await until_done(harness, handle)
    assert handle.result() is None
    await asyncio.sleep(0.01)
    assert harness.launcher.is_running
    assert not page.of(messages.NOTICE, name="stopped")


@pytest.mark.parametrize("is_async", [False, True])
async def test_a_page_that_is_loaded_anew_ends_the_run_and_begins_another(harness: AppHarness, is_async: bool) -> None:
    runs: list[list[object]] = []

    def begin() -> list[object]:
        runs.append([local.n])
        local.n = len(runs)
        set_env(title=f"run {len(runs)}")
        mine = runs[-1]
        defer_call(lambda: mine.append(("deferred", local.n)))
        return mine

    def main() -> None:
        mine = begin()
        try:
            eval_js("for ever")
        except SessionClosedException as error:
            mine.append(error.reason)
        try:
            run_js("late()")
        except SessionClosedException:
            mine.append("late")

    async def async_main() -> None:
        mine = begin()
        try:
            await eval_js("for ever")
        except SessionClosedException as error:
            mine.append(error.reason)
        try:
            run_js("late()")
        except SessionClosedException:
            mine.append("late")

    handle = app.launch(async_main if is_async else main)
    page = TestClient(handle.session, obedient=False)
    page.connect()
    await harness.until(lambda: page.of(messages.CALL))
    first = handle.session.run
    assert page.reload() == "rebuild"
    assert handle.session.run is not first
    await harness.until(lambda: len(runs) == 2 and len(runs[0]) == 4)
    assert runs[0] == [None, "the page was loaded anew", "late", ("deferred", 1)]
    assert runs[1][0] is None
    await harness.until(lambda: handle.session.title == "run 2")
    assert "late()" not in [message.code for message in page.of(messages.CALL)]


async def test_a_connection_that_was_lost_resumes_with_the_question_still_open(harness: AppHarness) -> None:
    def main() -> object:
        local.begun = (local.begun or 0) + 1
        return eval_js("later"), local.begun

    handle = app.launch(main)
    page = TestClient(handle.session, obedient=False)
    page.connect()
    await harness.until(lambda: page.of(messages.CALL))
    page.drop()
    assert page.connect() == "replay"
    page.result(page.last(messages.CALL).req, "answer")
    await until_done(harness, handle)
    assert handle.result() == ("answer", 1)


async def test_each_page_of_a_served_function_has_a_run_of_its_own(harness: AppHarness) -> None:
    def main() -> object:
        local.seen = (local.seen or 0) + 1
        return local.seen, eval_js("who")

    app.serve(main)
    spec = harness.launcher.manager.spec("main")
    assert spec is not None
    sessions = [harness.launcher.manager.create_session(spec) for _ in range(2)]
    pages = [TestClient(session, answer=lambda code, args: code) for session in sessions]
    for page in pages:
        page.connect()
    handles = [ScriptHandle(session) for session in sessions]
    for handle in handles:
        await until_done(harness, handle)
    assert [handle.result() for handle in handles] == [(1, "who"), (1, "who")]
    assert [page.of(messages.CALL)[0].code for page in pages] == ["who", "who"]


# -- functions ---------------------------------------------------------------------------------------------------------


async def test_calls_reach_the_page_in_the_order_of_the_thread(harness: AppHarness) -> None:
    def main() -> object:
        for n in range(200):
            run_js("step", n=n)
        return eval_js("a + b", a=1, b=[2.5, "x", None, {"k": (1, 2)}])

    handle, page = await shown(harness, main)
    await until_done(harness, handle)
    assert handle.result() == {"code": "a + b", "a": 1, "b": [2.5, "x", None, {"k": [1, 2]}]}
    calls = page.of(messages.CALL)
    assert [call.args["n"] for call in calls[:200]] == list(range(200))
    assert {call.req for call in calls[:200]} == {0}
    assert calls[200].req > 0


async def test_a_rejected_promise_gives_none_and_a_line_in_the_log(
    harness: AppHarness, caplog: pytest.LogCaptureFixture
) -> None:
    def main() -> object:
        return eval_js("Promise.reject()")

    handle = app.launch(main)
    page = TestClient(handle.session, obedient=False)
    page.connect()
    await harness.until(lambda: page.of(messages.CALL))
    error = {"name": "Error", "text": "no", "stack": "", "how": "rejected"}
    page.send(messages.RESULT(page.last(messages.CALL).req, None, error))
    await until_done(harness, handle)
    assert handle.result() is None
    assert "eval_js() gives None for a rejected promise: Error: no" in caplog.text


@pytest.mark.parametrize("is_async", [False, True])
async def test_code_that_throws_raises_in_python(harness: AppHarness, is_async: bool) -> None:
    def main() -> object:
        return eval_js("null.x")

    async def async_main() -> object:
        return await eval_js("null.x")

    handle = app.launch(async_main if is_async else main)
    page = TestClient(handle.session, obedient=False)
    page.connect()
    await harness.until(lambda: page.of(messages.CALL))
    page.fail(page.last(messages.CALL).req, "TypeError", "null has no x")
    await until_done(harness, handle)
    with pytest.raises(ClientError, match="null has no x"):
        handle.result()


@pytest.mark.parametrize("function", [run_js, eval_js])
async def test_what_cannot_travel_is_refused_in_the_call(harness: AppHarness, function: Callable[..., object]) -> None:
    def main() -> None:
        with pytest.raises(CodecError, match=rf"{function.__name__}\(value=…\)"):
            function("value", value={1, 2})
        with pytest.raises(TypeError, match="JavaScript to evaluate is a text"):
            function(3)

    handle, page = await shown(harness, main)
    await until_done(harness, handle)
    assert handle.result() is None
    assert page.codes() == []


async def test_two_threads_ask_at_once_and_each_gets_its_answer(harness: AppHarness) -> None:
    def main() -> object:
        answers: dict[str, object] = {}

        def ask(name: str) -> None:
            answers[name] = eval_js(name)

        threads = [threading.Thread(target=ask, args=(name,)) for name in "ab"]
        for thread in threads:
            register_thread(thread)
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    handle, _ = await shown(harness, main)
    await until_done(harness, handle)
    assert handle.result() == {"a": {"code": "a"}, "b": {"code": "b"}}


async def test_a_thread_belongs_to_the_session_once_it_is_registered(harness: AppHarness) -> None:
    def main() -> object:
        found: list[object] = []
        go_on, tried = threading.Event(), threading.Event()

        def work() -> None:
            try:
                run_js("early")
            except SessionNotFoundException as error:
                found.append(str(error))
            tried.set()
            go_on.wait(5)
            run_js("now")
            found.append(local.x)

        thread = threading.Thread(target=work)
        thread.start()
        tried.wait(5)
        local.x = 1
        register_thread(thread)
        register_thread(thread)  # twice is as good as once
        go_on.set()
        thread.join()
        return found

    handle, page = await shown(harness, main)
    await until_done(harness, handle)
    text, x = handle.result()
    assert "run_js() needs a session" in text
    assert "register_thread()" in text
    assert x == 1
    await harness.until(lambda: page.codes() == ["now"])


async def test_the_session_of_a_function_lasts_as_long_as_its_threads(harness: AppHarness) -> None:
    steps: list[str] = []
    go_on = threading.Event()

    def work() -> None:
        go_on.wait(5)
        steps.append(eval_js("still there")["code"])

    def main() -> None:
        thread = threading.Thread(target=work)
        register_thread(thread)
        thread.start()
        defer_call(lambda: steps.append("deferred"))

    handle, _ = await shown(harness, main)
    await until_done(harness, handle)
    assert steps == []
    go_on.set()
    await harness.until(lambda: len(steps) == 2)
    assert steps == ["still there", "deferred"]


def test_programs_find_the_functions_as_the_documents_import_them() -> None:
    found: dict[str, Any] = {}
    exec("from deskapp.session import *\nimport deskapp.session as session", found)
    assert found["eval_js"] is eval_js is found["session"].eval_js
    assert found["local"] is local
    assert found["info"] is info
    assert found["session"].coroutinebased.TaskHandler is TaskHandler


def test_outside_any_session_every_function_says_so() -> None:
    async def nothing() -> None:
        raise AssertionError("it is not run")

    calls: list[Callable[[], object]] = [
        lambda: run_js("1"), lambda: eval_js("1"), lambda: download("a", b""), lambda: set_env(title="x"),
        lambda: go_app("main"), lambda: register_thread(threading.current_thread()), lambda: defer_call(print), hold,
        lambda: run_async(nothing()), lambda: run_asyncio_coroutine(nothing()),
        lambda: local.x, lambda: "x" in local, lambda: bool(local), lambda: info.user_ip, lambda: list(info),
    ]  # fmt: skip
    for call in calls:
        with pytest.raises(SessionNotFoundException):
            call()
    gc.collect()  # a coroutine that nobody awaited would warn


@pytest.mark.parametrize("ends_by", ["return", "error", "close", "program"])
@pytest.mark.parametrize("is_async", [False, True])
async def test_deferred_functions_are_called_in_order_whatever_the_end_was(
    is_async: bool, ends_by: str, caplog: pytest.LogCaptureFixture
) -> None:
    steps: list[object] = []

    def begin() -> None:
        local.resource = "file"

        @defer_call
        def first() -> None:
            steps.append(("first", local.resource, threading.current_thread() is threading.main_thread()))
            raise ValueError("deferred on purpose")

        def second() -> None:
            for call in (lambda: run_js("1"), lambda: put_text("late"), lambda: eval_js("1"), lambda: set_env()):
                with pytest.raises(SessionClosedException):
                    call()
            steps.append("second")

        assert defer_call(second) is second

        @defer_call
        async def third() -> None:
            await asyncio.sleep(0)
            steps.append("third")

        steps.append("begun")

    def main() -> None:
        begin()
        if ends_by == "error":
            raise ZeroDivisionError
        if ends_by != "return":
            eval_js("for ever")

    async def async_main() -> None:
        begin()
        if ends_by == "error":
            raise ZeroDivisionError
        if ends_by == "close":
            await asyncio.sleep(60)
        if ends_by == "program":
            await eval_js("for ever")

    async with AppHarness() as harness:
        handle = app.launch(async_main if is_async else main)
        page = TestClient(handle.session, obedient=False)
        page.connect()
        await harness.until(lambda: "begun" in steps)
        if ends_by == "close":
            handle.close()
        if ends_by in ("return", "error", "close"):
            await harness.until(lambda: len(steps) == 4)
    assert steps == ["begun", ("first", "file", False), "second", "third"]
    assert "deferred on purpose" in caplog.text


async def test_local_is_a_dict_with_attributes(harness: AppHarness) -> None:
    def main() -> object:
        assert local.foo is None
        assert not local
        local.name = "Wang"
        local.age = 22
        local[10] = "10"
        assert (local["name"], local[10], len(local)) == ("Wang", "10", 3)
        assert "bar" not in local
        assert "name" in local
        assert local.keys is None
        with pytest.raises(KeyError):
            local["missing"]
        del local.age
        del local.age
        with pytest.raises(KeyError):
            del local["age"]
        local._private = 1
        assert local._private == 1
        local.nothing = None
        assert "nothing" in local
        assert repr(local) == repr(local._dict)
        return list(local), local._dict

    handle, _ = await shown(harness, main)
    await until_done(harness, handle)
    assert handle.result() == (
        ["name", 10, "_private", "nothing"],
        {"name": "Wang", 10: "10", "_private": 1, "nothing": None},
    )


@pytest.mark.parametrize("is_async", [False, True])
async def test_hold_waits_for_the_end_and_returns(harness: AppHarness, is_async: bool) -> None:
    steps: list[object] = []

    def main() -> None:
        steps.append("holds")
        steps.append(hold())
        with pytest.raises(SessionClosedException):
            run_js("1")

    async def async_main() -> None:
        steps.append("holds")
        steps.append(await hold())
        with pytest.raises(SessionClosedException):
            run_js("1")

    handle, _ = await shown(harness, async_main if is_async else main)
    await harness.until(lambda: steps)
    await asyncio.sleep(0.02)
    assert steps == ["holds"]
    handle.close()
    await until_done(harness, handle)
    assert handle.result() is None
    assert steps == ["holds", None]


async def test_run_async_runs_beside_the_function_and_its_handler_ends_it(
    harness: AppHarness, caplog: pytest.LogCaptureFixture
) -> None:
    steps: list[object] = []

    async def ticks() -> None:
        try:
            steps.append((await eval_js("tick"))["code"])
            await asyncio.sleep(60)
        finally:
            steps.append("ended")

    async def fails() -> None:
        raise ZeroDivisionError("in a task")

    async def exits() -> None:
        raise SystemExit(1)

    async def main() -> object:
        handler, failing, leaving = run_async(ticks()), run_async(fails()), run_async(exits())
        never = run_async(ticks())
        never.close()
        assert isinstance(handler, TaskHandler)
        assert (handler.closed(), never.closed(), steps) == (False, True, [])
        while not steps:  # noqa: ASYNC110  (it is the other task that appends)
            await asyncio.sleep(0.001)
        handler.close()
        handler.close()
        assert handler.closed()
        await asyncio.sleep(0.001)
        return failing.closed(), leaving.closed()

    handle, _ = await shown(harness, main)
    await until_done(harness, handle)
    assert handle.result() == (True, True)
    assert steps == ["tick", "ended"]
    assert "in a task" in caplog.text


async def test_a_task_may_end_itself(harness: AppHarness) -> None:
    steps: list[object] = []

    async def task() -> None:
        handlers[0].close()
        steps.append(handlers[0].closed())
        await asyncio.sleep(0)
        steps.append("goes on")

    async def main() -> None:
        handlers.append(run_async(task()))
        await asyncio.sleep(0.01)

    handlers: list[TaskHandler] = []
    handle, _ = await shown(harness, main)
    await until_done(harness, handle)
    assert handle.result() is None
    assert steps == [True]


async def test_the_session_of_a_coroutine_lasts_as_long_as_its_tasks(harness: AppHarness) -> None:
    steps: list[str] = []

    async def slow() -> None:
        await asyncio.sleep(0.03)
        steps.append((await eval_js("still there"))["code"])

    async def main() -> None:
        run_async(slow())
        defer_call(lambda: steps.append("deferred"))

    await shown(harness, main)
    await harness.until(lambda: len(steps) == 2)
    assert steps == ["still there", "deferred"]


async def test_run_asyncio_coroutine_gives_value_and_error(harness: AppHarness) -> None:
    async def value() -> int:
        return 7

    async def error() -> int:
        raise ZeroDivisionError

    async def question() -> object:
        return (await eval_js("inside"))["code"]

    async def main() -> int:
        assert await run_asyncio_coroutine(question()) == "inside"
        with pytest.raises(ZeroDivisionError):
            await run_asyncio_coroutine(error())
        await run_asyncio_coroutine(asyncio.sleep(0))
        answers = await asyncio.wait_for(asyncio.gather(eval_js("a"), eval_js("b")), 5)
        assert [answer["code"] for answer in answers] == ["a", "b"]
        return await run_asyncio_coroutine(value())

    handle, _ = await shown(harness, main)
    await until_done(harness, handle)
    assert handle.result() == 7


async def test_functions_of_the_other_kind_are_refused(harness: AppHarness) -> None:
    async def nothing() -> None:
        raise AssertionError("it is not run")

    def main() -> None:
        for function in (run_async, run_asyncio_coroutine):
            with pytest.raises(WrongKindOfSession, match="is for sessions of async functions") as caught:
                function(nothing())
            assert isinstance(caught.value, RuntimeError)
        with pytest.raises(TypeError, match=r"takes a threading\.Thread"):
            register_thread("thread")  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="takes a function"):
            defer_call(3)  # type: ignore[type-var]

    async def async_main() -> None:
        with pytest.raises(WrongKindOfSession, match="is for sessions of plain functions"):
            register_thread(threading.current_thread())
        for function in (run_async, run_asyncio_coroutine):
            with pytest.raises(TypeError, match="takes a coroutine object"):
                function(nothing)  # type: ignore[arg-type]

    for function in (main, async_main):
        handle, _ = await shown(harness, function)
        await until_done(harness, handle)
        assert handle.result() is None
    gc.collect()


async def test_a_worker_of_a_coroutine_blocks_where_the_coroutine_awaits(harness: AppHarness) -> None:
    async def main() -> object:
        return await asyncio.to_thread(eval_js, "in a thread")

    handle, _ = await shown(harness, main)
    await until_done(harness, handle)
    assert handle.result() == {"code": "in a thread"}


async def test_download_hands_the_page_a_file(harness: AppHarness) -> None:
    def main() -> None:
        download("grüße welt.txt", b"hello world!")
        download("b", bytearray(b"b"))
        download("c", memoryview(b""))
        with pytest.raises(TypeError, match=r"text\.encode\(\)"):
            download("d", "text")  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="names a file by a text"):
            download(None, b"")  # type: ignore[arg-type]

    handle, page = await shown(harness, main)
    await until_done(harness, handle)
    assert handle.result() is None
    await harness.until(lambda: len(page.of(messages.NOTICE, name="download")) == 3)
    found: list[Any] = [message.data for message in page.of(messages.NOTICE, name="download")]
    assert [(data["name"], bytes(data["content"])) for data in found] == [
        ("grüße welt.txt", b"hello world!"), ("b", b"b"), ("c", b""),
    ]  # fmt: skip


async def test_set_env_tells_the_page_its_settings_and_refuses_others(harness: AppHarness) -> None:
    def main() -> None:
        set_env()
        set_env(title="Awesome", output_max_width="80%", http_pull_interval=100)
        with pytest.raises(ValueError, match="no setting 'titel'; did you mean 'title'"):
            set_env(titel="x")
        set_env(output_animation=False, input_panel_init_height=100)
        set_env(input_auto_focus=True)
        with pytest.raises(TypeError, match="is of type str"):
            set_env(title=3)
        with pytest.raises(TypeError, match="is of type int, and cannot be True"):
            set_env(input_panel_min_height=True)

    handle, page = await shown(harness, main)
    await until_done(harness, handle)
    assert handle.result() is None
    await harness.until(lambda: page.of(messages.NOTICE, name="width"))
    assert page.last(messages.NOTICE, name="title").data == "Awesome"
    assert page.last(messages.NOTICE, name="width").data == "80%"
    await harness.until(lambda: len(page.of(messages.NOTICE, name="environment")) == 2)
    settings = {"output_animation": False, "input_panel_init_height": 175, "input_auto_focus": True}
    assert page.last(messages.NOTICE, name="environment").data == settings


async def test_info_tells_what_the_request_told(harness: AppHarness) -> None:
    iphone = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 5_1 like Mac OS X) AppleWebKit/534.46 (KHTML, like Gecko) "
        "Version/5.1 Mobile/9B179 Safari/7534.48.3"
    )
    request = SimpleNamespace(
        cookies={},
        remote_ip="127.0.0.1",
        headers={
            "User-Agent": iphone, "Accept-Language": "de-CH,de;q=0.9", "Host": "127.0.0.1:8080",
            "Origin": "http://127.0.0.1:8080",
        },
    )  # fmt: skip

    def main() -> object:
        agent = info.user_agent
        assert agent is info["user_agent"]
        assert (agent.is_mobile, agent.is_tablet, agent.is_pc, agent.is_touch_capable) == (True, False, False, True)
        assert (agent.browser.family, agent.browser.version, agent.browser.version_string) == (
            "Mobile Safari",
            (5, 1),
            "5.1",
        )
        assert (agent.os.family, agent.os.version) == ("iOS", (5, 1))
        assert (agent.device.family, agent.device.brand, agent.device.model) == ("iPhone", "Apple", "iPhone")
        assert info.missing is None
        assert "origin" in info
        with pytest.raises(KeyError):
            info["missing"]
        with pytest.raises(NotImplementedError):
            info.user_ip = "x"
        assert info.request is request
        return {name: str(info[name]) for name in info if name not in ("user_agent", "request")}

    handle = app.launch(main)
    handle.session.take_request(request)
    Page(handle.session).connect()
    await until_done(harness, handle)
    assert handle.result() == {
        "user_language": "de-CH",
        "server_host": "127.0.0.1:8080",
        "origin": "http://127.0.0.1:8080",
        "user_ip": "127.0.0.1",
        "backend": "tornado",
        "protocol": "websocket",
    }


async def test_info_says_which_extra_brings_the_library(harness: AppHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "user_agents", None)

    def main() -> object:
        with pytest.raises(PackageMissing, match=r"deskapp\[script\]"):
            info.user_agent  # noqa: B018
        return info.protocol

    handle, _ = await shown(harness, main)
    await until_done(harness, handle)
    assert handle.result() == "websocket"


async def test_a_thread_waits_while_the_page_is_too_far_behind(harness: AppHarness) -> None:
    sent: list[int] = []
    is_lost = threading.Event()

    def main() -> None:
        assert is_lost.wait(5)
        for n in range(12):
            run_js("x" * 2**20)
            sent.append(n)

    handle, page = await shown(harness, main)
    page.drop()
    is_lost.set()
    await harness.until(lambda: len(sent) >= 3)
    await asyncio.sleep(0.2)
    assert 3 <= len(sent) < 12
    assert not handle.done()
    page.connect()
    await until_done(harness, handle)
    assert len(sent) == 12


async def test_a_coroutine_that_cannot_wait_is_refused_what_is_too_much(harness: AppHarness) -> None:
    sent: list[int] = []

    def send_all() -> None:
        for n in range(80):
            run_js("x" * 2**20)
            sent.append(n)

    async def main() -> None:
        with pytest.raises(MessageTooLarge, match=r"await session\.drain\(\)"):
            send_all()

    handle = app.launch(main)
    TestClient(handle.session, obedient=False).connect()
    await until_done(harness, handle)
    assert handle.result() is None
    assert 60 < len(sent) < 65


# -- in apps of components ---------------------------------------------------------------------------------------------


class Asks(PyComponent):
    answer = event.AnyProp(None, settable=True)

    def init(self) -> None:
        local.kept = "kept"
        run_js("from init")
        defer_call(lambda: self.ended.append(local.kept))
        self.ended: list[object] = []
        self.ask()

    @event.action
    async def ask(self) -> None:
        self.set_answer([await eval_js("1 + 1"), local.kept])

    @event.action
    def in_a_thread(self) -> None:
        thread = threading.Thread(target=lambda: self.set_answer(eval_js("from a thread")))
        register_thread(thread)
        thread.start()


async def test_the_functions_act_on_the_session_of_a_component(harness: AppHarness) -> None:
    main: Any = app.launch(Asks)
    page = Page(main.session)
    page.connect()
    await harness.until(lambda: main.answer)
    assert main.answer == [{"code": "1 + 1"}, "kept"]
    assert page.codes() == ["from init", "1 + 1"]
    main.in_a_thread()
    await harness.until(lambda: main.answer == {"code": "from a thread"})
    page.reload()
    assert main.session.run.values == {"kept": "kept"}
    main.session.close()
    await harness.until(lambda: main.ended)
    assert main.ended == ["kept"]


async def test_a_coroutine_that_wakes_the_loop_does_not_lend_its_session_to_others(harness: AppHarness) -> None:
    other: Any = app.launch(Main)
    Page(other.session).connect()
    seen: list[object] = []

    async def main() -> None:
        local.mine = 1
        other.reaction("count", lambda *events: seen.append(local.mine))
        other.add(1)
        run_js("wake")
        await asyncio.sleep(0.02)

    handle, _ = await shown(harness, main)
    await until_done(harness, handle)
    assert seen
    assert seen[-1] is None


# -- other apps --------------------------------------------------------------------------------------------------------


async def test_go_app_opens_another_window_of_the_program(harness: AppHarness) -> None:
    begun: list[str] = []

    def second() -> None:
        begun.append("second")

    def main() -> object:
        with pytest.raises(LookupError, match="no app 'secnd'; did you mean 'second'"):
            go_app("secnd")
        go_app("second")
        return eval_js("still here")["code"]

    app.serve(second)
    handle, _ = await shown(harness, main)
    await until_done(harness, handle)
    assert handle.result() == "still here"
    assert [window.title for window in harness.launcher.windows.handles] == ["Main", "Second"]
    (other,) = [session for session in harness.launcher.manager.sessions if session.app_name == "second"]
    Page(other).connect()
    await harness.until(lambda: begun)


async def test_go_app_without_a_new_window_takes_the_place_of_this_one(harness: AppHarness) -> None:
    steps: list[object] = []

    def second() -> None:
        steps.append("second")

    def main() -> None:
        defer_call(lambda: steps.append("deferred"))
        go_app("second", new_window=False)
        with pytest.raises(SessionClosedException, match="another app takes its place"):
            run_js("1")
        steps.append("over")

    app.serve(second)
    handle: ScriptHandle = app.launch(main)
    await harness.window_of(handle.session)
    window = handle.session.window
    page = Page(handle.session)
    page.connect()
    await until_done(harness, handle)
    assert handle.result() is None
    await harness.until(lambda: page.codes())
    (code,) = page.codes()
    assert code.startswith('window.location.replace("http://127.0.0.1:')
    assert "/second/?e=1#k=" in code
    await harness.until(lambda: len(steps) == 2)
    page.drop(left=True)
    assert handle.session.ending is not None
    (other,) = harness.launcher.manager.sessions
    assert other.window is window
    Page(other).connect()
    await harness.until(lambda: steps == ["over", "deferred", "second"])
    assert harness.launcher.windows.count == 1


async def test_go_app_in_a_tab_asks_the_browser(harness: AppHarness) -> None:
    def second() -> None:
        raise AssertionError("nobody opened it")

    def main() -> None:
        go_app("second")
        go_app("second", False)
        with pytest.raises(LookupError, match="is not served"):
            go_app("alone")

    app.serve(main)
    app.serve(second)
    App(second).launch()
    harness.launcher.manager.register(App(lambda: None, title="x")._make_spec("alone"), serve=False)
    spec = harness.launcher.manager.find_spec("main")
    session = harness.launcher.manager.create_session(spec)
    page = Page(session)
    page.connect()
    handle = ScriptHandle(session)
    await until_done(harness, handle)
    assert handle.result() is None
    await harness.until(lambda: len(page.codes()) == 2)
    assert page.codes() == [
        "void window.open(\"/second/\" + location.search, '_blank', 'noopener')",
        'void window.location.assign("/second/" + location.search)',
    ]
