"""The run of a program that is one script: it begins with its page, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from deskapp._spec import AppSpec
from deskapp.bridge import messages
from deskapp.errors import SessionClosedException
from deskapp.session import MainScript, Session
from deskapp.testing import AppHarness, TestClient


@pytest.fixture
async def harness() -> AsyncIterator[AppHarness]:
    async with AppHarness() as harness:
        yield harness


def never() -> None:
    raise AssertionError("a script runs already")


def session_of(harness: AppHarness, script: MainScript) -> Session:
    harness.launcher.launch(AppSpec(script, "script"))
    (session,) = harness.launcher.manager.sessions
    return session


async def test_a_script_goes_on_when_its_page_is_there(harness: AppHarness) -> None:
    script = MainScript(never)
    session = session_of(harness, script)
    await harness.window_of(session)
    assert not script.begun.done()
    page = TestClient(session)
    page.connect()
    run = script.begun.result(timeout=0)
    assert session.run is run
    run.check()
    await asyncio.to_thread(run.tell, lambda: session._line.send(messages.CALL(0, "1", {})), 1)
    await harness.until(lambda: page.of(messages.CALL))


async def test_a_page_that_is_loaded_anew_ends_it_and_says_so(harness: AppHarness) -> None:
    script = MainScript(never)
    session = session_of(harness, script)
    await harness.window_of(session)
    TestClient(session).connect()
    run = script.begun.result(timeout=0)
    deferred: list[int] = []
    run.defer(lambda: deferred.append(1))
    page = TestClient(session)
    page.connect()
    with pytest.raises(SessionClosedException, match="the page was loaded anew"):
        run.check()
    await harness.until(lambda: deferred == [1])
    await harness.until(lambda: page.of(messages.NOTICE, name="stopped"))
    (notice,) = page.of(messages.NOTICE, name="stopped")
    assert notice.data == {
        "text": "This program was interrupted, because its page was loaded anew.",
        "detail": "Close the window, and start the program again.",
    }
    assert session.run is not run
    assert session.is_finished
    assert session.ending is None
