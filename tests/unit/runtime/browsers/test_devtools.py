"""Questions, answers and events of the DevTools protocol."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from deskapp.runtime.browsers.devtools import DevTools, DevToolsError, Params


class Wire:
    """Keeps what is sent and what is heard."""

    def __init__(self) -> None:
        self.sent: list[Params] = []
        self.events: list[tuple[str, Params]] = []
        self.devtools = DevTools(self.sent.append, lambda name, params: self.events.append((name, params)))

    async def asking(self, method: str, **options: Any) -> asyncio.Future[Params]:
        task = asyncio.ensure_future(self.devtools.ask(method, **{"timeout_s": 5, **options}))
        await asyncio.sleep(0)
        return task


async def test_answers_find_their_questions_in_whatever_order() -> None:
    wire = Wire()
    one = await wire.asking("Browser.getVersion")
    two = await wire.asking("Page.navigate", session="S", url="http://x/")
    assert wire.sent == [
        {"id": 1, "method": "Browser.getVersion", "params": {}},
        {"id": 2, "method": "Page.navigate", "params": {"url": "http://x/"}, "sessionId": "S"},
    ]
    wire.devtools.take({"id": 2, "result": {"frameId": "F"}})
    wire.devtools.take({"id": 1})
    assert (await one, await two) == ({}, {"frameId": "F"})
    wire.devtools.take({"id": 1, "result": {"too": "late"}})


async def test_a_refusal_and_a_silence_are_errors() -> None:
    wire = Wire()
    asked = await wire.asking("Page.nonsense")
    wire.devtools.take({"id": 1, "error": {"code": -32601, "message": "there is no such thing"}})
    with pytest.raises(DevToolsError, match="no such thing"):
        await asked
    with pytest.raises(asyncio.TimeoutError):
        await wire.devtools.ask("Page.slow", timeout_s=0.01)


async def test_events_are_handed_on() -> None:
    wire = Wire()
    wire.devtools.take({"method": "Page.loadEventFired", "params": {"timestamp": 1}, "sessionId": "S"})
    wire.devtools.take({"method": "Inspector.detached"})
    assert wire.events == [("Page.loadEventFired", {"timestamp": 1}), ("Inspector.detached", {})]


async def test_the_end_answers_everything() -> None:
    wire = Wire()
    asked = await wire.asking("Page.printToPDF", timeout_s=None)
    wire.devtools.end("the browser has ended")
    for question in (asked, wire.devtools.ask("Page.more", timeout_s=None)):
        with pytest.raises(DevToolsError, match="has ended"):
            await question
    assert len(wire.sent) == 1
