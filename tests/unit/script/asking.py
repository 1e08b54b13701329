"""Functions that ask, and pages in memory that answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from deskapp import app
from deskapp.bridge import messages
from deskapp.session import ScriptHandle
from deskapp.testing import AppHarness, TestClient


@pytest.fixture
async def harness() -> AsyncIterator[AppHarness]:
    async with AppHarness() as harness:
        yield harness


class Page(TestClient):
    """A page that shows forms and fields, as far as Python can tell.

    Args:
        session: Its session.
        harness: The program under test.

    Attributes:
        values: What its fields hold, by name, as it travels.
    """

    def __init__(self, session: Any, harness: AppHarness) -> None:
        super().__init__(session)
        self._harness = harness
        self.values: dict[str, Any] = {}

    # -- what it was told ----------------------------------------------------------------------------------------------

    def told(self, verb: str) -> list[Any]:
        """The data of all that it was told of one kind."""
        return [message.data for message in self.of(messages.SCRIPT, verb=verb)]

    @property
    def open_forms(self) -> list[dict[str, Any]]:
        """The forms that it shows, the newest last."""
        ended = self.told("form_end")
        return [form for form in self.told("form") if form["id"] not in ended]

    async def form(self, count: int = 1) -> dict[str, Any]:
        """The newest form, once so many are open."""
        await self._harness.until(lambda: len(self.open_forms) == count)
        return self.open_forms[-1]

    async def texts(self, count: int) -> list[str]:
        """What was shown as text, once it is so much."""
        await self._harness.until(lambda: len(self.told("put")) >= count)
        return [spec[2]["text"] for spec, _, _ in self.told("put") if spec[1] == "text"]

    # -- what it says --------------------------------------------------------------------------------------------------

    async def consult(self, report_id: str, data: object) -> Any:
        """Report something and return the answer."""
        number = self.report(report_id, data, answered=True)
        await self._harness.until(lambda: bool(self.of(messages.RESULT, req=number)))
        return self.last(messages.RESULT, req=number).value

    async def submit(self, **values: object) -> Any:
        """Submit the newest form; an argument ``_`` is the value of a field without a name."""
        return await self.consult(
            self.open_forms[-1]["id"], ["submit", {name.strip("_"): raw for name, raw in values.items()}]
        )

    def _take_message(self, message: messages.Message) -> None:
        super()._take_message(message)
        if isinstance(message, messages.SCRIPT) and message.verb == "pins":
            names: Any = message.data
            self.result(message.req, {name: self.values[name] for name in names if name in self.values})


async def shown(
    harness: AppHarness, function: Callable[..., object], values: dict[str, Any] | None = None
) -> tuple[ScriptHandle, Page]:
    """Launch a function and let its page come, whose fields hold some values."""
    handle: ScriptHandle = app.launch(function)
    page = Page(handle.session, harness)
    page.values = dict(values or {})
    page.connect()
    return handle, page


async def result(harness: AppHarness, handle: ScriptHandle) -> Any:
    """What a function returns, once it does."""
    await harness.until(handle.done)
    return handle.result()
