"""From the first window to the last: who closes what, and in which order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest

from deskapp import PyComponent
from deskapp.bridge import messages
from deskapp.errors import RuntimeFailed, SessionClosedException
from deskapp.testing import AppHarness, FakeRuntime
from tests.integration.sockets import SocketPage, get
from tests.unit.session.classes import Main

OpenPage = Callable[..., SocketPage]


async def test_a_window_that_closes_ends_page_session_server_and_program_in_this_order(
    app: AppHarness, open_page: OpenPage
) -> None:
    order: list[str] = []

    class Notes(PyComponent):
        def _dispose(self) -> None:
            order.append("component")
            super()._dispose()

    main = app.launch(Notes)
    window = await app.window(main)
    page = open_page(app.runtime.windows[window].url)
    await page.connect()
    session, runtime, server = main.session, app.runtime, app.launcher.server
    asked = asyncio.ensure_future(session.eval_js("never answered", timeout_s=None))
    page.is_obedient = False
    await page.until(lambda: page.of(messages.CALL))
    stop_server, stop_runtime = server.end, runtime.stop

    async def note_server(**options: Any) -> None:
        order.append("server")
        await stop_server(**options)

    async def note_runtime(**options: Any) -> None:
        order.append("runtime")
        await stop_runtime(**options)

    server.end, runtime.stop = note_server, note_runtime  # type: ignore[method-assign]
    runtime.user_closes(window)
    assert await app.finished() == 0
    assert order == ["component", "server", "runtime"]
    assert page.closed == messages.CLOSE(1000, "the window was closed")
    with pytest.raises(SessionClosedException):
        await asked


async def test_a_session_that_closes_takes_its_window_along(app: AppHarness, open_page: OpenPage) -> None:
    main, other = app.launch(Main), app.launch(Main)
    window = await app.window(main)
    await app.window(other)
    page = open_page(app.runtime.windows[window].url)
    await page.connect()
    main.session.close(1000, "done")
    await page.closed_by_now()
    assert page.close_code == 1000
    assert window in app.runtime.closed
    assert app.launcher.is_running


async def test_a_lost_socket_closes_no_window(app: AppHarness, open_page: OpenPage) -> None:
    main = app.launch(Main)
    window = await app.window(main)
    page = open_page(app.runtime.windows[window].url)
    await page.connect()
    page.cut()
    await app.until(lambda: main.session.status is main.session.STATUS.PENDING)
    main.set_count(3)
    assert await page.connect() == "replay"
    await page.until(lambda: page.prop(main, "count") == 3)


async def test_a_tab_that_does_not_answer_loses_its_socket_and_keeps_its_session(open_page: OpenPage) -> None:
    async with AppHarness(heartbeat_s=0.1, idle_heartbeat_s=0.1) as app:
        page = open_page(app.serve(Main))
        await page.connect()
        [session] = app.launcher.manager.sessions
        assert page._reader is not None
        page._reader.cancel()  # it hangs
        await app.until(lambda: session.status is session.STATUS.PENDING)
        page.cut()
        assert await page.connect() == "replay"


async def test_a_window_whose_page_does_not_answer_keeps_its_socket_and_says_so(open_page: OpenPage) -> None:
    async with AppHarness(heartbeat_s=0.1, idle_heartbeat_s=0.1) as app:
        main = app.launch(Main)
        window = await app.window(main)
        app.runtime.answers["message"] = 0  # the user waits
        page = open_page(app.runtime.windows[window].url)
        await page.connect()
        assert page._reader is not None
        page._reader.cancel()  # it hangs
        await app.until(lambda: not main.session.window.responding)
        assert main.session.status is main.session.STATUS.CONNECTED
        page.cut()
        assert await page.connect() == "replay"


async def test_a_page_that_answers_keeps_its_socket(open_page: OpenPage) -> None:
    async with AppHarness(heartbeat_s=0.1, idle_heartbeat_s=0.1) as app:
        main = app.launch(Main)
        window = await app.window(main)
        page = open_page(app.runtime.windows[window].url)
        await page.connect()
        before = main.session._line.protocol.last_pong
        await app.until(lambda: main.session._line.protocol.last_pong >= before + 3)
        assert main.session.status is main.session.STATUS.CONNECTED


async def test_the_last_page_of_a_served_app_ends_the_program(app: AppHarness, open_page: OpenPage) -> None:
    url = app.serve(Main)
    first, second = open_page(url), open_page(url)
    await first.connect()
    await second.connect()
    await first.leave()
    await app.until(lambda: len(app.launcher.manager.sessions) == 1)
    assert app.launcher.is_running
    await second.leave()
    assert await app.finished() == 0


async def test_a_served_app_waits_for_its_first_page(app: AppHarness) -> None:
    url = app.serve(Main)
    assert (await get(url)).code == 200
    assert app.launcher.is_running


async def test_a_reload_of_the_only_page_does_not_end_the_program(open_page: OpenPage) -> None:
    async with AppHarness(close_grace_s=3) as app:
        page = open_page(app.serve(Main))
        await page.connect()
        assert await page.reload() == "fresh"
        await page.reload()
        assert app.launcher.is_running


async def test_run_ends_with_the_last_page_of_all_served_apps(app: AppHarness, open_page: OpenPage) -> None:
    pages = [open_page(app.serve(Main, name)) for name in ("one", "other", "")]
    for page in pages:
        await page.connect()
    manager = app.launcher.manager
    for page in pages[:2]:
        await page.leave()
    await app.until(lambda: len(manager.sessions) == 1)
    assert app.launcher.is_running
    await pages[2].leave()
    assert await app.finished() == 0


async def test_pages_of_served_apps_do_not_hold_a_desktop_program_open(app: AppHarness, open_page: OpenPage) -> None:
    page = open_page(app.serve(Main, "served"))
    await page.connect()
    window = await app.window(app.launch(Main))
    app.runtime.user_closes(window)
    assert await app.finished() == 0
    assert page.close_code == 1001


async def test_a_crashed_page_is_rebuilt_in_its_window(app: AppHarness, open_page: OpenPage) -> None:
    main = app.launch(Main)
    window = await app.window(main)
    shown = app.runtime.windows[window]
    page = open_page(shown.url)
    await page.connect()
    main.set_count(4)
    await page.until(lambda: page.prop(main, "count") == 4)
    app.runtime.crash_page(window)
    page.cut()
    await app.until(lambda: len(shown.urls) == 2)
    new = open_page(shown.url.replace("?e=1", ""))
    assert await new.connect() == "rebuild"
    await new.until(lambda: new.is_ready)
    assert new.prop(main, "count") == 4


async def test_the_whole_way_without_a_warning(caplog: pytest.LogCaptureFixture, open_page: OpenPage) -> None:
    caplog.set_level(logging.WARNING)
    async with AppHarness() as app:
        main = app.launch(Main)
        window = await app.window(main)
        page = open_page(app.runtime.windows[window].url)
        await page.connect()
        page.invoke(main, "add", 1)
        await page.until(lambda: page.prop(main, "count") == 1)
        await page.reload()
        app.runtime.user_closes(window)
        assert await app.finished() == 0
    assert caplog.records == []


async def test_a_runtime_that_dies_takes_its_page_and_session_along(app: AppHarness, open_page: OpenPage) -> None:
    main = app.launch(Main)
    window = await app.window(main)
    page = open_page(app.runtime.windows[window].url)
    await page.connect()
    assert isinstance(app.runtime, FakeRuntime)
    app.runtime.die(exit_code=-9)
    with pytest.raises(RuntimeFailed):
        await app.finished()
    assert main.session.ending is not None
