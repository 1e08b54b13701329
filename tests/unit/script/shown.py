"""A function that runs in a page in memory, and what that page was told to show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deskapp import app
from deskapp.bridge import messages
from deskapp.session import ScriptHandle
from deskapp.testing import AppHarness, TestClient


class Shown(TestClient):
    """The page of a function.

    Args:
        harness: Runs the program.
        function: The function.
    """

    def __init__(self, harness: AppHarness, function: Callable[..., object]) -> None:
        self.harness = harness
        self.handle: ScriptHandle = app.launch(function)
        super().__init__(self.handle.session, answer=lambda code, args: {"code": code, **args})
        self.connect()

    async def done(self) -> Any:
        """What the function returned, once it has, and all that it said is here."""
        await self.harness.until(self.handle.done)
        await self.harness.until(lambda: not self.handle.session.has_unacknowledged)
        return self.handle.result()

    def shows(self, verb: str = "") -> list[Any]:
        """What it was told to do: pairs of verb and data; with a verb the data alone."""
        told = [(message.verb, message.data) for message in self.of(messages.SCRIPT)]
        return [data for name, data in told if name == verb] if verb else told

    def specs(self) -> list[Any]:
        """The kinds and properties of what was put."""
        return [(spec[1], spec[2]) for spec, _, _ in self.shows("put")]
