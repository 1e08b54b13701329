"""Bounds: how many pages of served apps there may be, how many may be away, how many may not have greeted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tornado import httpclient

from deskapp._manager import MADE_ROOM
from deskapp.server import _websocket
from deskapp.testing import AppHarness
from tests.integration.sockets import SocketPage
from tests.unit.session.classes import Main

OpenPage = Callable[..., SocketPage]


@pytest.fixture
async def small(open_page: OpenPage) -> Any:
    async with AppHarness(max_sessions=2, max_waiting_sessions=1, reconnect_grace_s=60, close_grace_s=60) as app:
        yield app


async def test_one_page_too_many_is_refused_with_words_for_its_user(
    small: AppHarness, open_page: OpenPage, caplog: Any
) -> None:
    url = small.serve(Main)
    for _ in range(2):
        assert await open_page(url).connect() == "new"
    third = open_page(url)
    assert await third.connect() == ""
    assert (third.close_code, third.close_reason) == (
        4429,
        "as many people use this app as it admits; try again later",
    )
    assert "'max_sessions'" in caplog.text
    assert len(small.launcher.manager.sessions) == 2


async def test_a_page_that_went_away_makes_room(small: AppHarness, open_page: OpenPage) -> None:
    url = small.serve(Main)
    gone, stays, new = open_page(url), open_page(url), open_page(url)
    await gone.connect()
    await stays.connect()
    first, second = small.launcher.manager.sessions
    gone.cut()
    await small.until(lambda: first.status is first.STATUS.PENDING)
    assert await new.connect() == "new"
    assert first.ending is not None
    assert first.ending.code == MADE_ROOM
    assert second.status is second.STATUS.CONNECTED


async def test_a_page_that_is_loaded_anew_needs_no_more_room(small: AppHarness, open_page: OpenPage) -> None:
    url = small.serve(Main)
    pages = [open_page(url), open_page(url)]
    for page in pages:
        await page.connect()
    assert await pages[0].reload() == "fresh"
    assert len(small.launcher.manager.sessions) == 2


async def test_windows_are_not_counted(small: AppHarness, open_page: OpenPage) -> None:
    url = small.serve(Main)
    for _ in range(3):
        small.launch(Main)
    for _ in range(2):
        assert await open_page(url).connect() == "new"
    small.launch(Main)
    assert await open_page(url).connect() == ""


async def test_of_too_many_that_are_away_the_longest_one_ends(small: AppHarness, open_page: OpenPage) -> None:
    url = small.serve(Main)
    pages = [open_page(url), open_page(url)]
    for page in pages:
        await page.connect()
    first, second = small.launcher.manager.sessions
    pages[0].cut()
    await small.until(lambda: first.status is first.STATUS.PENDING)
    pages[1].cut()
    await small.until(lambda: first.ending)
    assert second.ending is None
    assert await pages[1].connect() == "replay"
    assert await pages[0].connect() == "fresh"


async def test_without_a_bound_there_is_none(open_page: OpenPage) -> None:
    async with AppHarness(max_sessions=0) as app:
        url = app.serve(Main)
        for _ in range(5):
            assert await open_page(url).connect() == "new"


async def test_an_app_that_fails_takes_no_place(small: AppHarness, open_page: OpenPage) -> None:
    from deskapp import PyComponent

    class Fails(PyComponent):
        def init(self) -> None:
            raise RuntimeError("by intent")

    url = small.serve(Fails)
    for _ in range(3):
        page = open_page(url)
        assert await page.connect() == ""
        assert page.close_code == _websocket.APP_FAILED
    assert await open_page(small.serve(Main)).connect() == "new"


async def test_so_many_sockets_may_stand_open_without_a_greeting(
    app: AppHarness, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_websocket, "MAX_UNGREETED", 2)
    url = app.serve(Main)
    silent = [open_page(url), open_page(url)]
    for page in silent:
        await page.open()
    with pytest.raises(httpclient.HTTPError) as caught:
        await open_page(url).open()
    assert caught.value.code == 503
    await silent[0].leave()
    await app.until(lambda: len(app.launcher.application.site.ungreeted) == 1)
    for _ in range(3):  # those that have greeted do not count
        assert await open_page(url).connect() == "new"


async def test_a_frame_that_is_too_large_to_be_read_ends_the_session(open_page: OpenPage) -> None:
    async with AppHarness(max_message_bytes=65536) as app:
        page = open_page(app.serve(Main))
        await page.connect()
        (session,) = app.launcher.manager.sessions
        await page.write("x" * (65536 + 2**20 + 1))
        await app.until(lambda: session.ending)
        assert session.ending is not None
        assert session.ending.code == 4413
        assert app.launcher.manager.sessions == []
