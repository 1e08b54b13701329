from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from deskapp._threads import APP_THREAD, AppThread
from deskapp.errors import DeskappError


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def test_a_coroutine_runs_on_a_thread_with_a_name(loop: asyncio.AbstractEventLoop) -> None:
    async def main() -> str:
        assert asyncio.get_running_loop() is loop
        return threading.current_thread().name

    thread = AppThread(loop)
    thread.start(main())
    assert thread.join() == APP_THREAD


def test_what_it_raises_is_raised_where_it_is_joined(loop: asyncio.AbstractEventLoop) -> None:
    async def main() -> None:
        raise KeyError("inside")

    thread = AppThread(loop)
    thread.start(main())
    with pytest.raises(KeyError, match="inside"):
        thread.join()


def test_joining_gives_up_after_its_deadline_and_says_what_blocks(loop: asyncio.AbstractEventLoop) -> None:
    release = threading.Event()

    async def main() -> None:
        release.wait(10)

    thread = AppThread(loop)
    thread.start(main())
    with pytest.raises(DeskappError, match=APP_THREAD):
        thread.join(timeout_s=0.01)
    release.set()
    thread.join()


def test_a_thread_that_was_never_started_cannot_be_joined(loop: asyncio.AbstractEventLoop) -> None:
    with pytest.raises(DeskappError, match="never started"):
        AppThread(loop).join()
