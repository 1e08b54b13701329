"""Coroutines that keep the loop are told of, and are awaited like any other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from deskapp import app
from deskapp.output import put_button
from deskapp.session import _steps, run_async
from deskapp.testing import AppHarness, TestClient
from tests.unit.script.shown import Shown


@pytest.fixture
async def harness() -> AsyncIterator[AppHarness]:
    async with AppHarness() as harness:
        yield harness


@pytest.fixture(autouse=True)
def _slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_steps, "SLOW_S", 0.05)


async def test_a_function_that_keeps_the_loop_is_told_of_and_goes_on(
    harness: AppHarness, caplog: pytest.LogCaptureFixture
) -> None:
    async def other() -> None:
        time.sleep(0.06)  # noqa: ASYNC251 (that is the fault)

    async def main() -> str:
        await asyncio.sleep(0)
        time.sleep(0.06)  # noqa: ASYNC251
        run_async(other())
        await asyncio.sleep(0.01)
        put_button("slow", onclick=lambda: time.sleep(0.06))
        return "done"

    handle = app.launch(main)
    TestClient(handle.session).connect()
    await harness.until(handle.done)
    assert handle.result() == "done"
    assert "main has kept the program's loop for 0.1 s" in caplog.text
    assert "a task of main has kept" in caplog.text


async def test_a_callback_that_keeps_the_loop_is_told_of(harness: AppHarness, caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        put_button("slow", onclick=lambda: time.sleep(0.06))

    page = Shown(harness, main)
    await page.done()
    assert "has kept" not in caplog.text
    page.report(page.specs()[0][1]["buttons"][0]["on"], 0)
    await harness.until(lambda: "a callback of main has kept" in caplog.text)


async def test_what_is_watched_gets_values_errors_and_cancellation() -> None:
    seen: list[object] = []
    timed_out = asyncio.Event()

    async def work() -> int:
        seen.append(await asyncio.wait_for(asyncio.sleep(0, "slept"), 1))
        try:
            await asyncio.wait_for(asyncio.sleep(9), 0.01)
        except asyncio.TimeoutError:
            seen.append("timeout")
        timed_out.set()
        try:
            await asyncio.sleep(9)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise
        return 1

    task = asyncio.ensure_future(_awaited(work()))
    await timed_out.wait()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["slept", "timeout", "cancelled"]

    async def fails() -> None:
        await asyncio.sleep(0)
        raise ValueError("its own")

    with pytest.raises(ValueError, match="its own"):
        await _steps.watched(fails(), "it")


async def _awaited(coro_obj: object) -> object:
    return await _steps.watched(coro_obj, "it")  # type: ignore[arg-type]
