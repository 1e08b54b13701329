"""Functions that go on after their window, because they said so."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable

import pytest

from deskapp import app
from deskapp.errors import SessionClosedException, SessionNotFoundException
from deskapp.session import (
    ScriptHandle,
    Session,
    defer_call,
    eval_js,
    hold,
    keep_running,
    register_thread,
    run_async,
    run_js,
)
from deskapp.session.run import END_GRACE_S
from deskapp.testing import AppHarness, TestClient

LONGER_S = END_GRACE_S + 0.2


@pytest.fixture
async def harness() -> AsyncIterator[AppHarness]:
    async with AppHarness(close_grace_s=0.05) as harness:
        yield harness


class Work:
    """A function that computes for long, with what it has done so far."""

    def __init__(self, *, is_async: bool, calls_page: bool = False) -> None:
        self.steps: list[str] = []
        self.may_end = threading.Event()
        self._calls_page = calls_page
        self.function: Callable[[], object] = self.async_main if is_async else self.main

    def _begin(self) -> None:
        keep_running()
        defer_call(lambda: self.steps.append("deferred"))
        self.steps.append("begun")

    def _end(self) -> str:
        with pytest.raises(SessionClosedException):
            run_js("1")
        self.steps.append("over")
        return "value"

    def main(self) -> str:
        self._begin()
        if self._calls_page:
            eval_js("for ever")
        hold()
        self.steps.append("closed")
        self.may_end.wait(10)
        return self._end()

    async def async_main(self) -> str:
        self._begin()
        if self._calls_page:
            await eval_js("for ever")
        run_async(self._beside())
        await asyncio.to_thread(self.may_end.wait, 10)
        return self._end()

    async def _beside(self) -> None:
        await hold()
        self.steps.append("closed")
        await asyncio.to_thread(self.may_end.wait, 10)


async def begun(harness: AppHarness, work: Work) -> ScriptHandle:
    handle = app.launch(work.function)
    await harness.window_of(handle.session)
    TestClient(handle.session, obedient=False).connect()
    await harness.until(lambda: work.steps == ["begun"])
    return handle


@pytest.mark.parametrize("is_async", [False, True])
async def test_run_returns_after_the_end_of_a_function_that_goes_on(is_async: bool) -> None:
    work = Work(is_async=is_async)
    async with AppHarness() as harness:
        handle = await begun(harness, work)
        harness.runtime.user_closes(await harness.window_of(handle.session))
        await harness.until(lambda: work.steps == ["begun", "closed"])
        await asyncio.sleep(LONGER_S)
        assert harness.launcher.is_running
        assert harness.launcher.windows.count == 0
        assert work.steps == ["begun", "closed"]
        work.may_end.set()
        assert await harness.finished() == 0
        assert work.steps == ["begun", "closed", "over", "deferred"]
        assert handle.result() == "value"


@pytest.mark.parametrize("is_async", [False, True])
async def test_a_call_that_waits_is_interrupted_all_the_same(is_async: bool, caplog: pytest.LogCaptureFixture) -> None:
    work = Work(is_async=is_async, calls_page=True)
    async with AppHarness() as harness:
        handle = await begun(harness, work)
        harness.runtime.user_closes(await harness.window_of(handle.session))
        assert await harness.finished() == 0
        assert work.steps == ["begun", "deferred"]
        with pytest.raises(SessionClosedException):
            handle.result()
    assert "raised" not in caplog.text


@pytest.mark.parametrize("is_async", [False, True])
async def test_the_end_of_the_program_ends_it(is_async: bool) -> None:
    work = Work(is_async=is_async)
    async with AppHarness() as harness:
        handle = await begun(harness, work)
        harness.runtime.user_closes(await harness.window_of(handle.session))
        await harness.until(lambda: work.steps == ["begun", "closed"])
        harness.launcher.stop()
        assert await harness.finished() == 0
        assert work.steps == ["begun", "closed", "deferred"]
        work.may_end.set()


@pytest.mark.parametrize("is_async", [False, True])
async def test_a_program_that_is_told_to_end_with_its_window_open_ends(is_async: bool) -> None:
    work = Work(is_async=is_async)
    async with AppHarness() as harness:
        await begun(harness, work)
        harness.launcher.stop()
        assert await harness.finished() == 0
        assert work.steps[-1] == "deferred"
        assert "over" not in work.steps
        work.may_end.set()


@pytest.mark.parametrize("is_async", [False, True])
async def test_a_function_whose_page_is_loaded_anew_is_waited_for_as_well(is_async: bool) -> None:
    work, again = Work(is_async=is_async), Work(is_async=is_async)
    runs = iter([work, again])

    def main() -> object:
        return next(runs).function()

    async def async_main() -> object:
        function = next(runs).function
        return await function()  # type: ignore[misc]

    async with AppHarness() as harness:
        handle: ScriptHandle = app.launch(async_main if is_async else main)
        window = await harness.window_of(handle.session)
        for each in (work, again):
            TestClient(handle.session, obedient=False).connect()
            await harness.until(lambda each=each: each.steps[:1] == ["begun"])  # type: ignore[misc]
        again.may_end.set()
        harness.runtime.user_closes(window)
        await harness.until(lambda: again.steps[-1] == "deferred")
        await asyncio.sleep(0.05)
        assert harness.launcher.is_running
        work.may_end.set()
        assert await harness.finished() == 0
        assert work.steps == ["begun", "closed", "over", "deferred"]


@pytest.mark.parametrize("is_async", [False, True])
async def test_a_function_of_a_tab_goes_on_when_the_tab_is_closed(is_async: bool, harness: AppHarness) -> None:
    work = Work(is_async=is_async)
    app.serve(work.function, "work")
    spec = harness.launcher.manager.find_spec("work")
    session: Session = harness.launcher.manager.create_session(spec)
    page = TestClient(session, obedient=False)
    page.connect()
    await harness.until(lambda: work.steps == ["begun"])
    page.drop(left=True)
    await harness.until(lambda: work.steps == ["begun", "closed"])
    await asyncio.sleep(LONGER_S)
    assert harness.launcher.is_running
    assert harness.launcher.manager.sessions == []
    work.may_end.set()
    assert await harness.finished() == 0
    assert work.steps == ["begun", "closed", "over", "deferred"]


async def test_registered_threads_are_waited_for(harness: AppHarness) -> None:
    steps: list[str] = []
    may_end = threading.Event()

    def beside() -> None:
        may_end.wait(10)
        steps.append("thread")

    def main() -> None:
        keep_running()
        defer_call(lambda: steps.append("deferred"))
        thread = threading.Thread(target=beside, daemon=True)
        register_thread(thread)
        thread.start()
        steps.append("begun")

    handle: ScriptHandle = app.launch(main)
    window = await harness.window_of(handle.session)
    TestClient(handle.session, obedient=False).connect()
    await harness.until(lambda: steps == ["begun"])
    harness.runtime.user_closes(window)
    await asyncio.sleep(LONGER_S)
    assert steps == ["begun"]
    may_end.set()
    assert await harness.finished() == 0
    assert steps == ["begun", "thread", "deferred"]


async def test_it_is_said_in_a_session_and_before_its_end(harness: AppHarness) -> None:
    with pytest.raises(SessionNotFoundException):
        keep_running()
    tried: list[str] = []

    def main() -> None:
        hold()
        try:
            keep_running()
        except SessionClosedException as error:
            tried.append(str(error))

    handle: ScriptHandle = app.launch(main)
    TestClient(handle.session).connect()
    await harness.until(lambda: handle.session.run is not None)
    handle.close()
    await harness.until(lambda: len(tried) == 1)
