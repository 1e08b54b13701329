from __future__ import annotations

import asyncio
import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import ContextVar
from functools import partial
from typing import TypeVar

import pytest

from deskapp._call import Call
from deskapp.errors import DeskappError, WouldWaitForever

T = TypeVar("T")

who: ContextVar[str] = ContextVar("who", default="nobody")


async def seven() -> int:
    await asyncio.sleep(0)
    return 7


async def fails() -> int:
    raise KeyError("inside")


async def never() -> int:
    await asyncio.get_running_loop().create_future()
    return 0


class OtherLoop:
    """A loop that runs on a thread of its own."""

    def __init__(self) -> None:
        self.aio = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.aio.run_forever, name="other loop")

    def end(self) -> None:
        if self.thread.is_alive():
            self.aio.call_soon_threadsafe(self.aio.stop)
            self.thread.join(5)
        for task in asyncio.all_tasks(self.aio):
            task.cancel()
        self.aio.run_until_complete(asyncio.sleep(0))
        self.aio.close()

    def settle(self) -> None:
        """Wait until it has done what it was given."""
        done = threading.Event()
        self.aio.call_soon_threadsafe(done.set)
        assert done.wait(5)


@pytest.fixture
def other() -> Iterator[OtherLoop]:
    loop = OtherLoop()
    loop.thread.start()
    yield loop
    if not loop.aio.is_closed():
        loop.end()


def on_a_thread(work: Callable[[], T]) -> T:
    """What `work` returns or raises on another thread."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    if errors:
        raise errors[0]
    return results[0]


async def test_it_is_awaited_on_the_loop_that_does_it() -> None:
    assert await Call.start(seven, asyncio.get_running_loop()) == 7


async def test_it_is_awaited_on_another_loop(other: OtherLoop) -> None:
    assert await Call.start(seven, other.aio) == 7


async def test_it_may_be_awaited_twice_and_by_two(other: OtherLoop) -> None:
    call = Call.start(seven, other.aio)
    assert list(await asyncio.gather(call, call)) == [7, 7]
    assert await call == 7


async def test_its_error_comes_to_who_awaits(other: OtherLoop) -> None:
    for aio in (other.aio, asyncio.get_running_loop()):
        with pytest.raises(KeyError, match="inside"):
            await Call.start(fails, aio)


def test_another_thread_waits_for_it(other: OtherLoop) -> None:
    call = Call.start(seven, other.aio)
    assert call.wait() == 7
    assert call.done()
    assert call.wait(0) == 7


def test_its_error_comes_to_who_waits(other: OtherLoop) -> None:
    with pytest.raises(KeyError, match="inside"):
        Call.start(fails, other.aio).wait()


def test_a_timeout_that_the_work_raises_is_passed_on_at_once(other: OtherLoop) -> None:
    async def work() -> None:
        raise TimeoutError("of the work")

    with pytest.raises(TimeoutError, match="of the work"):
        Call.start(work, other.aio).wait(60)


def test_waiting_ends_at_its_deadline_and_names_the_work(other: OtherLoop) -> None:
    call = Call.start(never, other.aio, name="native.confirm")
    with pytest.raises(TimeoutError, match=r"native\.confirm was not done within 0\.01 s"):
        call.wait(0.01)
    assert not call.done()


async def test_the_loop_that_does_it_is_never_blocked_by_waiting_for_it() -> None:
    call = Call.start(seven, asyncio.get_running_loop(), name="native.confirm")
    with pytest.raises(WouldWaitForever, match=r"`await native\.confirm\(…\)`"):
        call.wait()
    assert await call == 7
    assert call.wait() == 7  # there is nothing to wait for any more


def test_work_for_a_loop_that_does_not_run_yet_is_done_when_it_runs() -> None:
    with closing(asyncio.new_event_loop()) as aio:
        call = Call.start(seven, aio)
        with pytest.raises(WouldWaitForever, match=r"before run\(\)"):
            call.wait()
        assert not call.done()
        assert aio.run_until_complete(asyncio.wait_for(call, 5)) == 7


def test_the_thread_that_is_to_run_the_loop_may_be_another_than_the_main_one() -> None:
    with closing(asyncio.new_event_loop()) as aio:

        def wait() -> int:
            return Call.start(seven, aio, owner=threading.current_thread()).wait()

        with pytest.raises(WouldWaitForever):
            on_a_thread(wait)
        aio.run_until_complete(asyncio.sleep(0.01))


def test_a_call_may_begin_later_than_it_is_made(other: OtherLoop) -> None:
    call = Call(seven)
    with pytest.raises(WouldWaitForever):
        call.wait()
    call.begin(other.aio)
    assert call.wait() == 7


def test_a_call_that_never_begins_can_be_failed() -> None:
    call = Call(seven)
    call.fail(DeskappError("the program has ended"))
    with pytest.raises(DeskappError, match="ended"):
        call.wait()


def test_a_loop_that_has_ended_does_nothing_and_says_so() -> None:
    aio = asyncio.new_event_loop()
    aio.close()
    with pytest.raises(DeskappError, match="has ended"):
        Call.start(seven, aio).wait()


def test_who_waits_for_a_loop_that_ends_is_told(other: OtherLoop) -> None:
    call = Call.start(seven, asyncio.new_event_loop(), name="native.confirm")
    aio = call._job._aio
    assert aio is not None
    threading.Timer(0.05, aio.close).start()
    with pytest.raises(DeskappError, match=r"ended before native\.confirm was done"):
        on_a_thread(call.wait)


async def test_who_awaits_a_loop_that_ends_is_told() -> None:
    aio = asyncio.new_event_loop()
    call = Call.start(seven, aio)
    asyncio.get_running_loop().call_later(0.05, aio.close)
    with pytest.raises(DeskappError, match="ended before"):
        await call


def test_cancelling_ends_the_work(other: OtherLoop) -> None:
    begun, ended = threading.Event(), threading.Event()

    async def work() -> None:
        begun.set()
        try:
            await never()
        finally:
            ended.set()

    call = Call.start(work, other.aio)
    assert begun.wait(5)
    call.cancel()
    assert ended.wait(5)
    with pytest.raises(asyncio.CancelledError):
        call.wait()


def test_work_that_is_cancelled_before_it_begins_is_not_begun(other: OtherLoop) -> None:
    begun: list[str] = []

    async def work() -> None:
        begun.append("begun")

    call = Call(work)
    call.cancel()
    call.begin(other.aio)
    other.settle()
    assert begun == []
    assert call.done()


async def test_cancelling_who_awaits_ends_the_work_wherever_it_is(other: OtherLoop) -> None:
    for aio in (asyncio.get_running_loop(), other.aio):
        call = Call.start(never, aio)
        task = asyncio.ensure_future(asyncio.wait_for(call, 0.05))
        with pytest.raises(asyncio.TimeoutError):
            await task
        assert call.done()


def test_tasks_that_the_end_of_the_program_cancels_end_the_waiting(other: OtherLoop) -> None:
    call = Call.start(never, other.aio)
    ending = threading.Timer(0.05, other.end)
    ending.start()
    with pytest.raises(asyncio.CancelledError):
        call.wait(10)
    ending.join(5)


def test_an_error_that_nobody_asked_for_is_logged(other: OtherLoop, caplog: pytest.LogCaptureFixture) -> None:
    Call.start(fails, other.aio, name="native.message")
    deadline_s = time.monotonic() + 5
    found: list[logging.LogRecord] = []
    while not found and time.monotonic() < deadline_s:
        other.settle()
        gc.collect()
        found = [record for record in caplog.records if record.name != "asyncio"]  # which tells of a slow machine
    [record] = found
    assert record.levelno == logging.ERROR
    assert record.getMessage() == "native.message failed: 'inside'"
    assert record.exc_info is not None


def test_an_error_that_somebody_got_is_not_logged(other: OtherLoop, caplog: pytest.LogCaptureFixture) -> None:
    call = Call.start(fails, other.aio)
    with pytest.raises(KeyError):
        call.wait()
    del call
    gc.collect()
    assert caplog.records == []


def test_what_was_cancelled_is_no_error(other: OtherLoop, caplog: pytest.LogCaptureFixture) -> None:
    call = Call.start(never, other.aio)
    call.cancel()
    del call
    other.settle()
    gc.collect()
    assert caplog.records == []


def test_work_that_cannot_even_be_made_is_an_error_like_another(other: OtherLoop) -> None:
    def work() -> object:
        raise ValueError("no coroutine")

    with pytest.raises(ValueError, match="no coroutine"):
        Call.start(work, other.aio).wait()  # type: ignore[arg-type]


def test_the_work_sees_the_context_of_who_called(other: OtherLoop) -> None:
    async def work() -> str:
        return who.get()

    token = who.set("me")
    call = Call.start(work, other.aio)
    who.reset(token)
    assert call.wait() == "me"


def test_many_threads_get_their_own_answers(other: OtherLoop) -> None:
    async def echo(number: int) -> int:
        await asyncio.sleep(0)
        return number

    def many(start: int) -> list[int]:
        calls = [Call.start(partial(echo, number), other.aio) for number in range(start, start + 50)]
        return [call.wait(10) for call in calls]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(many, range(0, 400, 50)))
    assert found == [list(range(start, start + 50)) for start in range(0, 400, 50)]
