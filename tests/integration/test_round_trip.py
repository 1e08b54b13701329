"""Values, events and calls between Python and a page behind a real socket, and what happens when it is cut."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from deskapp import PyComponent, event
from deskapp.bridge import messages
from deskapp.errors import ClientReloaded
from deskapp.testing import AppHarness
from tests.integration.sockets import SocketPage
from tests.unit.session.classes import Label, Main

OpenPage = Callable[..., SocketPage]


async def launched(app: AppHarness, open_page: OpenPage, cls: type = Main, **options: Any) -> tuple[Any, SocketPage]:
    main = app.launch(cls)
    window = await app.window(main)
    page = open_page(app.runtime.windows[window].url, **options)
    assert await page.connect() == "new"
    await page.until(lambda: page.is_ready)
    return main, page


async def test_a_property_set_in_python_reaches_the_page(app: AppHarness, open_page: OpenPage) -> None:
    main, page = await launched(app, open_page)
    main.set_count(5)
    await page.until(lambda: page.prop(main, "count") == 5)
    main.label.set_text("there and back")
    await page.until(lambda: main.label.text == "there and back")


async def test_an_action_called_in_the_page_runs_in_python(app: AppHarness, open_page: OpenPage) -> None:
    main, page = await launched(app, open_page)
    page.invoke(main, "add", 4)
    await page.until(lambda: page.prop(main, "count") == 4)


async def test_large_buffers_travel_both_ways_unchanged(app: AppHarness, open_page: OpenPage) -> None:
    main, page = await launched(app, open_page)
    data = np.random.default_rng(1).random((5, 300_000))  # 12 MB: many chunks
    main.set_anything({"data": data, "name": "n"})
    await page.until(lambda: page.prop(main, "anything") is not None)
    np.testing.assert_array_equal(page.prop(main, "anything")["data"], data)
    page.invoke(main, "keep", data, b"x" * 3_000_000)
    await page.until(lambda: len(main.heard) == 2)
    np.testing.assert_array_equal(main.heard[0], data)
    assert main.heard[1] == b"x" * 3_000_000


async def test_small_messages_are_not_held_up_by_a_large_buffer_for_ever(app: AppHarness, open_page: OpenPage) -> None:
    main, page = await launched(app, open_page)
    main.set_anything(b"y" * 20_000_000)
    main.set_count(9)
    await page.until(lambda: page.prop(main, "count") == 9)
    assert len(page.prop(main, "anything")) == 20_000_000


class Streams(PyComponent):
    def init(self) -> None:
        self.heard: list[int] = []

    @event.action
    def take(self, n: int) -> None:
        self.heard.append(n)

    @event.emitter
    def number(self, n: int) -> dict[str, object]:
        return {"n": n}


async def test_nothing_is_lost_doubled_or_reordered_when_the_socket_is_cut_again_and_again(
    app: AppHarness, open_page: OpenPage
) -> None:
    main, page = await launched(app, open_page, Streams)
    page.subscribe(main, "number")
    page.invoke(main, "take", -1)
    await page.until(lambda: main.heard == [-1])
    numbers = itertools.count()

    def speak(times: int) -> None:
        for n in itertools.islice(numbers, times):
            main.number(n)
            page.invoke(main, "take", n)

    for turn in range(20):
        speak(20)
        for _ in range(turn % 7):  # let some of it get under way, now less, now more
            await asyncio.sleep(0)
        page.cut()
        speak(10)
        assert await page.connect() == "replay"
    count = next(numbers)
    await page.until(lambda: len(main.heard) > count)
    await page.until(lambda: len(page.of(messages.EMIT, type="number")) >= count)
    assert main.heard == [-1, *range(count)]
    assert [value["n"] for value in page.told("number")] == list(range(count))


async def test_a_large_buffer_survives_a_cut_in_its_middle(app: AppHarness, open_page: OpenPage) -> None:
    main, page = await launched(app, open_page)
    data = bytes(range(256)) * 40_000  # 10 MB
    received = page._protocol
    main.set_anything(data)
    await page.until(lambda: received.last_received > 3)
    page.cut()
    assert await page.connect() == "replay"
    await page.until(lambda: page.prop(main, "anything") is not None)
    assert page.prop(main, "anything") == data


async def test_a_reload_keeps_session_and_components_and_rebuilds_the_page(
    app: AppHarness, open_page: OpenPage
) -> None:
    main, page = await launched(app, open_page)
    session = main.session
    main.set_count(6)
    await page.until(lambda: page.prop(main, "count") == 6)
    assert await page.reload() == "rebuild"
    await page.until(lambda: page.is_ready)
    assert main.session is session
    assert session.app is main
    assert page.prop(main, "count") == 6
    page.invoke(main, "add", 1)
    await page.until(lambda: main.count == 7)


async def test_questions_fail_when_the_page_is_reloaded(app: AppHarness, open_page: OpenPage) -> None:
    main, page = await launched(app, open_page, obedient=False)
    asked = asyncio.ensure_future(main.session.eval_js("never answered"))
    await page.until(lambda: page.of(messages.CALL))
    await page.reload()
    with pytest.raises(ClientReloaded):
        await asked


async def test_eval_js_asks_the_page(app: AppHarness, open_page: OpenPage) -> None:
    main, _ = await launched(app, open_page, answer=lambda code, args: f"{code}!")
    assert await main.session.eval_js("1 + 1") == "1 + 1!"


async def test_a_producer_is_held_back_by_a_slow_page_and_loses_nothing(app: AppHarness, open_page: OpenPage) -> None:
    main, page = await launched(app, open_page, Streams)
    page.subscribe(main, "number")
    page.invoke(main, "take", 0)
    await page.until(lambda: main.heard == [0])
    most = 0
    for n in range(40):
        main.number(n)
        main.session.set_title("x" * 500_000)
        app.loop.iter()
        most = max(most, main.session._line.protocol.waiting_bytes)
        await main.session.drain(timeout_s=5)
        assert not main.session.is_behind
    await page.until(lambda: len(page.of(messages.EMIT, type="number")) == 40)
    assert most < 20 * 500_000


async def test_dispose_travels_both_ways(app: AppHarness, open_page: OpenPage) -> None:
    main, page = await launched(app, open_page)
    label = main.label
    label.dispose()
    await page.until(lambda: label._disposed)
    assert label.id not in page.objects
    with main:
        other = Label()
    await page.until(lambda: other.id in page.objects)
    page.dispose(other.id)
    await page.until(lambda: other._disposed)


async def test_two_windows_of_one_app_are_two_sessions(app: AppHarness, open_page: OpenPage) -> None:
    one, first = await launched(app, open_page)
    other, second = await launched(app, open_page)
    one.set_count(1)
    other.set_count(2)
    await first.until(lambda: (first.prop(one, "count"), second.prop(other, "count")) == (1, 2))
    assert one.session is not other.session


async def test_two_windows_share_a_component(app: AppHarness, open_page: OpenPage) -> None:
    one, first = await launched(app, open_page)
    other, second = await launched(app, open_page)
    other.set_anything(one)
    await second.until(lambda: one.uid in second.objects)
    second.invoke(one.uid, "add", 5)
    await first.until(lambda: (first.prop(one, "count"), second.prop(one.uid, "count")) == (5, 5))
