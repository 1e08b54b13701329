"""Runs a function in the page of a harness and tells what the page was asked to show."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from deskapp import app
from deskapp.bridge import messages
from deskapp.script.libraries import _PARTS
from deskapp.session import ScriptHandle, eval_js
from deskapp.session.run import Run
from deskapp.testing import AppHarness, TestClient
from tests.unit.script.folders import library_folder

__all__ = ["Shown", "Stage", "library_folder", "stage"]


@dataclass
class Shown:
    """What a function did to its page."""

    handle: ScriptHandle
    page: TestClient
    returned: list[Any] = field(default_factory=list)
    raised: list[Exception] = field(default_factory=list)

    def told(self, verb: str) -> list[Any]:
        """The data of every message of one verb."""
        return [message.data for message in self.page.of(messages.SCRIPT, verb=verb)]

    @property
    def specs(self) -> list[Any]:
        """What was put: kind and properties of each."""
        return [(data[0][1], data[0][2]) for data in self.told("put")]

    @property
    def props(self) -> dict[str, Any]:
        """The properties of the only thing that was put."""
        ((_, found),) = self.specs
        properties: dict[str, Any] = found
        return properties

    @property
    def run(self) -> Run:
        """The run of the function."""
        run = self.handle.session.run
        assert run is not None
        return run

    def report(self, id: str, data: object = None) -> None:
        """The user does something."""
        self.page.send(messages.SCRIPT_EVENT(id, data, 0))


class Stage:
    """Where functions show something.

    Args:
        harness: The program.
        is_async: Whether they run on the loop, in an async function; else on a thread.
    """

    def __init__(self, harness: AppHarness, *, is_async: bool = False) -> None:
        self.harness = harness
        self.is_async = is_async

    async def show(self, function: Callable[[], Any]) -> Shown:
        """Run a function in a new page, until the page has all that it shows; what it raises is raised here.

        What it returns is awaited on the loop, if it can be.
        """
        shown: list[Shown] = []

        def attempt() -> None:
            try:
                shown[0].returned.append(function())
            except Exception as error:
                shown[0].raised.append(error)

        ended: list[object] = []

        def main() -> None:
            attempt()
            ended.append(eval_js("0"))

        async def async_main() -> None:
            attempt()
            returned = shown[0].returned
            if returned and inspect.isawaitable(returned[0]):
                returned[0] = await returned[0]
            ended.append(await eval_js("0"))

        handle: ScriptHandle = app.launch(async_main if self.is_async else main)
        page = TestClient(handle.session, answer=lambda code, args: 0)
        shown.append(Shown(handle, page))
        page.connect()
        await self.harness.until(lambda: bool(ended) or handle.done())
        if shown[0].raised:
            raise shown[0].raised[0]
        return shown[0]


@pytest.fixture(params=["thread", "loop"])
async def stage(request: pytest.FixtureRequest, library_folder: Path) -> AsyncIterator[Stage]:
    """Functions run on threads, and on the loop."""
    for name, parts in _PARTS.items():
        for part in parts:
            (library_folder / f"{name}.{part}").write_text("", encoding="utf-8")
    async with AppHarness() as harness:
        yield Stage(harness, is_async=request.param == "loop")
