"""The misbehaviour of the fake runtime; its good behaviour is in tests/contract."""

from __future__ import annotations

import asyncio

import pytest

from deskapp.errors import RuntimeFailed
from deskapp.runtime.window import WindowSpec
from deskapp.testing.fake_runtime import FakeRuntime, Faults
from tests.desktop.recorder import Recorder

SPEC = WindowSpec("http://127.0.0.1:1/")


def started(faults: Faults | None = None) -> tuple[FakeRuntime, Recorder]:
    runtime, listener = FakeRuntime(), Recorder()
    runtime.faults = faults or Faults()
    runtime.start(listener)
    return runtime, listener


async def test_what_was_asked_for_is_recorded() -> None:
    runtime, _ = started()
    window = await runtime.open(SPEC)
    await runtime.command(window, "set_title", "new")
    await runtime.command(window, "load_url", SPEC.url + "2")
    await runtime.command(window, "focus")
    await runtime.destroy(window)
    await runtime.stop()
    names = [call[0] for call in runtime.calls]
    assert names == ["start", "open", "set_title", "load_url", "focus", "destroy", "stop"]
    assert runtime.windows == {}
    assert (runtime.closed[window].title, runtime.closed[window].urls) == ("new", [SPEC.url, SPEC.url + "2"])


async def test_it_can_refuse_to_open() -> None:
    runtime, listener = started(Faults(refuse_open="no memory"))
    with pytest.raises(RuntimeFailed, match="no memory"):
        await runtime.open(SPEC)
    assert listener.reports == []


async def test_a_window_is_not_opened_before_the_start() -> None:
    with pytest.raises(RuntimeFailed, match="not started"):
        await FakeRuntime().open(SPEC)


async def test_it_can_die_while_a_window_opens() -> None:
    runtime, listener = started(Faults(never_shows=True))
    opening = asyncio.ensure_future(runtime.open(SPEC))
    await asyncio.sleep(0)
    runtime.die(exit_code=134, tail="aborted")
    with pytest.raises(RuntimeFailed, match="134"):
        await opening
    with pytest.raises(RuntimeFailed, match="134"):
        await runtime.open(SPEC)
    assert listener.reports == []


async def test_it_can_never_load() -> None:
    runtime, listener = started(Faults(never_loads=True))
    window = await runtime.open(SPEC)
    runtime.page_sets_title(window, "busy")
    await listener.until_reported("title")
    assert listener.count("loaded") == 0


async def test_it_can_be_slow() -> None:
    runtime, listener = started(Faults(slow_s=0.02, slow_load_s=0.02))
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    window = await runtime.open(SPEC)
    await runtime.command(window, "set_title", "x")
    await listener.until_reported("loaded")
    assert loop.time() - began_s >= 0.04


async def test_a_page_that_crashed_does_not_load() -> None:
    runtime, listener = started(Faults(slow_load_s=0.01))
    window = await runtime.open(SPEC)
    runtime.crash_page(window)
    await listener.until_reported("crashed")
    await asyncio.sleep(0.03)
    assert listener.count("loaded") == 0


def test_a_subclass_can_be_unavailable() -> None:
    class Missing(FakeRuntime):
        faults = Faults(unavailable="not here")

    assert not Missing.availability().ok
    assert FakeRuntime.availability().ok
