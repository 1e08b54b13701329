from __future__ import annotations

import asyncio

import pytest

from deskapp.bridge.messages import RESULT
from deskapp.errors import ClientError, ClientReloaded, SessionException
from deskapp.session._exchange import MAX_WAITING, Exchange


async def test_an_answer_settles_its_question_and_no_other() -> None:
    exchange = Exchange()
    first, future = exchange.ask()
    _, other = exchange.ask()
    assert exchange.answer(RESULT(first, None, None), [1])
    assert future.result() == [1]
    assert not other.done()


async def test_an_error_carries_name_text_and_stack_of_the_page() -> None:
    exchange = Exchange()
    number, future = exchange.ask()
    exchange.answer(RESULT(number, None, {"name": "RangeError", "text": "too far", "stack": "at f"}), None)
    with pytest.raises(ClientError, match="RangeError: too far") as caught:
        await future
    assert caught.value.js_stack == "at f"


async def test_an_error_may_lack_everything() -> None:
    exchange = Exchange()
    number, future = exchange.ask()
    exchange.answer(RESULT(number, None, {}), None)
    with pytest.raises(ClientError, match="Error"):
        await future


async def test_an_answer_that_nobody_waits_for_is_dropped() -> None:
    exchange = Exchange()
    number, future = exchange.ask()
    assert not exchange.answer(RESULT(number + 1, None, None), 1)
    future.cancel()
    await asyncio.sleep(0)
    assert not exchange.answer(RESULT(number, None, None), 1)


async def test_a_second_answer_changes_nothing() -> None:
    exchange = Exchange()
    number, future = exchange.ask()
    exchange.answer(RESULT(number, None, None), 1)
    assert not exchange.answer(RESULT(number, None, None), 2)
    assert await future == 1


async def test_all_questions_fail_together() -> None:
    exchange = Exchange()
    futures = [exchange.ask()[1] for _ in range(3)]
    exchange.fail_all(ClientReloaded())
    for future in futures:
        with pytest.raises(ClientReloaded):
            await future


async def test_too_many_questions_are_refused() -> None:
    exchange = Exchange()
    for _ in range(MAX_WAITING):
        exchange.ask()
    with pytest.raises(SessionException, match="already wait"):
        exchange.ask()


async def test_what_was_settled_makes_room() -> None:
    exchange = Exchange()
    for _ in range(MAX_WAITING - 1):
        exchange.ask()
    number, _ = exchange.ask()
    exchange.answer(RESULT(number, None, None), None)
    await asyncio.sleep(0)
    exchange.ask()
