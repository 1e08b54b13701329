"""Windows of a running program, shown by fakes that misbehave like the real ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, ClassVar

import pytest

from deskapp.errors import RuntimeFailed
from deskapp.runtime.window import Geometry, WindowId, WindowSpec
from deskapp.testing import AppHarness, FakeRuntime, Faults, TestClient
from tests.unit.session.classes import Main


class Second(FakeRuntime):
    name = "second"


class Refuses(FakeRuntime):
    name = "refuses"
    faults = Faults(refuse_open="no display")


class NeverShows(FakeRuntime):
    name = "never-shows"
    faults = Faults(never_shows=True)


class Tab(FakeRuntime):
    """Does not tell when a window is closed, and cannot close one: a browser's tab."""

    name = "tab"
    capabilities: ClassVar[Any] = type(FakeRuntime.capabilities)()


@pytest.fixture
async def app() -> AsyncIterator[AppHarness]:
    async with AppHarness() as harness:
        yield harness


async def failure_of(app: AppHarness) -> RuntimeFailed:
    with pytest.raises(RuntimeFailed) as caught:
        await app.finished()
    return caught.value


async def test_closing_the_last_window_ends_the_program(app: AppHarness) -> None:
    first, second = app.launch(Main), app.launch(Main)
    one, other = await app.window(first), await app.window(second)
    runtime = app.runtime
    runtime.user_closes(one)
    await app.until(lambda: first.session.ending)
    assert app.launcher.is_running
    assert second.session.ending is None
    runtime.user_closes(other)
    assert await app.finished() == 0
    assert first.session.ending.args == (1000, "the window was closed")
    assert runtime.calls[-1] == ("stop",)


async def test_closing_a_session_closes_its_window(app: AppHarness) -> None:
    first, second = app.launch(Main), app.launch(Main)
    one, _ = await app.window(first), await app.window(second)
    first.session.close(4321, "enough")
    await app.until(lambda: first.session.ending)
    assert first.session.ending.args == (4321, "enough")
    assert one in app.runtime.closed
    assert app.launcher.windows.count == 1


async def test_a_window_that_asks_is_closed_when_asked(app: AppHarness) -> None:
    main = app.launch(Main)
    window = await app.window(main)
    app.launcher.windows.close_requested(window)
    assert await app.finished() == 0
    assert main.session.ending.args == (1000, "the window was closed")


async def test_a_session_may_be_closed_before_its_window_is_up() -> None:
    class Slow(FakeRuntime):
        faults = Faults(slow_s=0.05)

    async with AppHarness([Slow]) as app:
        main, other = app.launch(Main), app.launch(Main)
        await app.until(lambda: len(app.runtime.calls) >= 2)
        main.session.close()
        assert main.session.ending is not None
        await app.window(other)
        await app.until(lambda: len(app.runtime.windows) == 1)
        assert app.launcher.windows.count == 1


def test_a_session_may_be_closed_before_the_program_runs() -> None:
    with AppHarness() as app:
        main = app.launch(Main)
        main.session.close(1000, "never mind")
        assert main._disposed
        assert app.launcher.windows.count == 0


async def test_the_title_of_the_page_is_that_of_the_window(app: AppHarness) -> None:
    window = await app.window(app.launch(Main))
    app.runtime.page_sets_title(window, "from the page")
    await app.until(lambda: app.runtime.windows[window].title == "from the page")


async def test_news_of_unknown_windows_changes_nothing(app: AppHarness) -> None:
    await app.window(app.launch(Main))
    nobody = WindowId("nobody")
    windows = app.launcher.windows
    windows.window_closed(nobody)
    windows.close_requested(nobody)
    windows.page_crashed(nobody)
    windows.listener.title_changed(nobody, "x")
    windows.listener.geometry_changed(nobody, Geometry(0, 0, 1, 1))
    windows.window_loaded(nobody)
    assert windows.count == 1


# -- runtimes that fail


async def test_the_next_runtime_is_tried_when_one_cannot_open(caplog: Any) -> None:
    async with AppHarness([Refuses, Second]) as app:
        main = app.launch(Main)
        await app.window(main)
        assert set(app.hosts) == {Refuses, Second}
        assert "Trying the next runtime" in caplog.text
        assert main.session.ending is None


async def test_the_program_ends_with_an_error_when_no_runtime_is_left() -> None:
    async with AppHarness([Refuses]) as app:
        main = app.launch(Main)
        assert "no display" in str(await failure_of(app))
        assert main.session.ending.code == 4510


async def test_the_error_of_the_last_runtime_names_those_before_it() -> None:
    class Last(FakeRuntime):
        name = "last"
        faults = Faults(refuse_open="not here either")

    async with AppHarness([Refuses, Last]) as app:
        app.launch(Main)
        error = await failure_of(app)
        assert "not here either" in str(error)
        assert "no display" in str(error.__cause__)


async def test_a_runtime_that_cannot_be_started_is_passed_over() -> None:
    class NoProgram(FakeRuntime):
        name = "no-program"
        starts = 0

        def start(self, listener: Any) -> None:
            raise FileNotFoundError("no such program")

    class First(FakeRuntime):
        name = "first"
        faults = Faults(refuse_open="no")

    async with AppHarness([First, NoProgram, Second]) as app:
        await app.window(app.launch(Main))
        assert Second in app.hosts


async def test_whatever_a_runtime_raises_its_window_is_not_waited_for(caplog: Any) -> None:
    class Broken(FakeRuntime):
        name = "broken"

        async def open(self, window: WindowSpec, *, timeout_s: float = 1) -> WindowId:
            raise ZeroDivisionError("a fault of ours")

    async with AppHarness([Broken]) as app:
        app.launch(Main)
        assert "a fault of ours" in str(await failure_of(app))


async def test_a_host_that_dies_before_its_first_page_is_replaced_by_the_next() -> None:
    async with AppHarness([FakeRuntime, Second]) as app:
        main = app.launch(Main)
        first = await app.window(main)
        dead = app.runtime
        dead.die(exit_code=-11)
        await app.until(
            lambda: (
                Second in app.hosts
                and getattr(app.launcher.windows.record_of(main.session), "id", None) not in (None, first)
            )
        )
        second: Any = app.hosts[Second]
        (window,) = second.windows.values()
        assert main.session.ending is None
        assert window.url != dead.closed[first].url
        TestClient(main.session).connect()
        second.user_closes(next(iter(second.windows)))
        assert await app.finished() == 0


async def test_a_host_that_dies_while_it_opens_is_replaced_by_the_next() -> None:
    async with AppHarness([NeverShows, Second]) as app:
        main = app.launch(Main)
        await app.until(lambda: NeverShows in app.hosts and app.hosts[NeverShows]._opening)  # type: ignore[attr-defined]
        app.hosts[NeverShows].die()  # type: ignore[attr-defined]
        await app.window(main)
        assert Second in app.hosts


async def test_a_host_that_dies_before_its_first_page_and_has_no_next_is_an_error() -> None:
    async with AppHarness() as app:
        main = app.launch(Main)
        await app.window(main)
        app.runtime.die(exit_code=3, tail="its last words")
        error = await failure_of(app)
        assert (error.exit_code, error.tail) == (3, "its last words")
        assert main.session.ending is not None


async def test_a_host_that_dies_after_its_first_page_is_an_error_even_if_there_is_a_next() -> None:
    async with AppHarness([FakeRuntime, Second]) as app:
        main = app.launch(Main)
        await app.window(main)
        TestClient(main.session).connect()
        app.runtime.die()
        await failure_of(app)
        assert Second not in app.hosts
        assert main.session.ending is not None


async def test_a_window_closed_before_its_page_came_ends_like_any_other() -> None:
    async with AppHarness([FakeRuntime, Second]) as app:
        window = await app.window(app.launch(Main))
        app.runtime.user_closes(window)
        assert await app.finished() == 0


async def test_a_window_that_was_closed_before_its_name_was_known_is_not_waited_for() -> None:
    class Hasty(FakeRuntime):
        async def open(self, window: WindowSpec, *, timeout_s: float = 1) -> WindowId:
            found = await super().open(window, timeout_s=timeout_s)
            self._close(found)
            for _ in range(3):
                await asyncio.sleep(0)
            return found

    async with AppHarness([Hasty]) as app:
        app.launch(Main)
        assert await app.finished() == 0


async def test_a_page_that_never_connects_is_an_error_after_a_deadline() -> None:
    async with AppHarness(connect_timeout_s=0.1) as app:
        main = app.launch(Main)
        error = await failure_of(app)
        assert "did not connect within 0.1 s" in str(error)
        assert main.session.ending.code == 4510


async def test_a_page_that_came_in_time_is_not_looked_for_again() -> None:
    async with AppHarness(connect_timeout_s=0.1) as app:
        main = app.launch(Main)
        await app.window(main)
        TestClient(main.session).connect()
        (window,) = app.launcher.windows._windows
        assert window.deadline is None


async def test_after_a_host_has_died_the_next_launch_gets_a_new_one() -> None:
    async with AppHarness([FakeRuntime]) as app:
        keep = app.launch(Main)
        await app.window(keep)
        dead = app.runtime
        TestClient(keep.session).connect()
        dead.die()
        again = app.launch(Main)
        await app.until(
            lambda: again.session.ending or getattr(app.launcher.windows.record_of(again.session), "id", None)
        )
        assert again.session.ending is None
        assert app.runtime is not dead


# -- crashed pages


async def test_a_crashed_page_is_loaded_anew_with_a_new_ticket(app: AppHarness) -> None:
    main = app.launch(Main)
    window = await app.window(main)
    TestClient(main.session).connect()
    shown = app.runtime.windows[window]
    first = shown.url
    app.runtime.crash_page(window)
    await app.until(lambda: len(shown.urls) == 2)
    before, _, ticket = shown.url.partition("#k=")
    assert before == first.partition("#")[0] + "?e=1"
    assert ticket not in first
    assert main.session.ending is None


# -- tabs


async def test_a_tab_that_stays_away_ends_its_session_and_the_program() -> None:
    async with AppHarness([Tab], close_grace_s=0.01) as app:
        main = app.launch(Main)
        await app.window(main)
        page = TestClient(main.session)
        page.connect()
        page.drop(left=True)
        assert await app.finished() == 0
        assert main.session.ending.args == (1001, "the page went away")


async def test_a_window_whose_end_is_reported_outlives_its_socket() -> None:
    async with AppHarness(close_grace_s=0, reconnect_grace_s=0) as app:
        main = app.launch(Main)
        await app.window(main)
        page = TestClient(main.session)
        page.connect()
        page.drop(left=True)
        for _ in range(20):
            await asyncio.sleep(0)
        assert main.session.ending is None
        assert page.connect() == "replay"


# -- the end


async def test_windows_that_do_not_close_in_time_do_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deskapp.launcher.STOP_TIMEOUT_S", 0.05)

    class Hangs(FakeRuntime):
        async def destroy(self, window: WindowId) -> None:
            await asyncio.Event().wait()

    async with AppHarness([Hangs]) as app:
        first, second = app.launch(Main), app.launch(Main)
        await app.window(first)
        await app.window(second)
        app.launcher.stop()
        assert await app.finished() == 0
        assert first.session.ending is not None
        assert second.session.ending is not None
        assert app.launcher.windows.count == 0


async def test_a_runtime_that_cannot_stop_does_not_keep_the_others(caplog: Any) -> None:
    class Stubborn(FakeRuntime):
        name = "stubborn"
        faults = Faults(refuse_open="no")

        async def stop(self, *, timeout_s: float = 1) -> None:
            raise RuntimeError("will not")

    async with AppHarness([Stubborn, Second]) as app:
        await app.window(app.launch(Main))
        second: Any = app.hosts[Second]
        app.launcher.stop()
        assert await app.finished() == 0
        assert second.calls[-1] == ("stop",)
        assert "could not be stopped" in caplog.text
