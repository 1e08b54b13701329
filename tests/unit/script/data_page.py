"""Functions that show something in a page without a browser, for tests of what pages are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskapp import app
from deskapp.bridge import messages
from deskapp.session import ScriptHandle
from deskapp.testing import AppHarness, TestClient
from tests.unit.script.folders import library_folder

__all__ = ["libraries", "library_folder"]

NAMES = ("grid.js", "sanitizer.js", "pico.css")


@pytest.fixture
def libraries(library_folder: Path) -> None:
    """Libraries with nothing in them: no page runs them here."""
    for name in NAMES:
        library_folder.joinpath(name).write_text("")


class Page(TestClient):
    """A page that remembers what it was told to show."""

    def scripts(self, verb: str) -> list[Any]:
        """The data of all messages with a verb."""
        return [message.data for message in self.of(messages.SCRIPT) if message.verb == verb]

    def put(self, kind: str, index: int = -1) -> dict[str, Any]:
        """The properties of what was shown of a kind, the last one unless told otherwise."""
        props: dict[str, Any] = [spec[2] for spec, *_ in self.scripts("put") if spec[1] == kind][index]
        return props

    def changes(self, name: str) -> list[Any]:
        """The values that a property of anything was changed to."""
        return [value for _, changed, value in self.scripts("change") if changed == name]

    def do(self, name: str, data: object = None, *, req: int = 0) -> None:
        """The user does something."""
        self.send(messages.SCRIPT_EVENT(name, data, req))

    async def ask(self, harness: AppHarness, name: str, data: object) -> Any:
        """Ask and get the answer."""
        self._asked = getattr(self, "_asked", 0) + 1
        req = self._asked
        self.do(name, data, req=req)
        await harness.until(lambda: any(each.req == req for each in self.of(messages.RESULT)))
        answer = next(each for each in self.of(messages.RESULT) if each.req == req)
        assert answer.error is None
        return answer.value


async def shown(harness: AppHarness, function: Callable[[], object], *, ends: bool = True) -> tuple[ScriptHandle, Page]:
    """Launch a function, let its page come, and wait for the function's end."""
    handle: ScriptHandle = app.launch(function)
    page = Page(handle.session)
    harness._pages.append(page)
    page.connect()
    if ends:
        await harness.until(handle.done)
        handle.result()
        await harness.quiet()
    return handle, page
