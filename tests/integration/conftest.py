"""A running program, with fake windows and a real server, and pages behind real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from deskapp.testing import AppHarness
from tests.integration.sockets import SocketPage


@pytest.fixture
async def app() -> AsyncIterator[AppHarness]:
    async with AppHarness(close_grace_s=0.05, reconnect_grace_s=1.0) as harness:
        yield harness


@pytest.fixture
async def open_page(app: AppHarness) -> AsyncIterator[Callable[..., SocketPage]]:
    pages: list[SocketPage] = []

    def make(address: str, **options: Any) -> SocketPage:
        pages.append(SocketPage(address, **options))
        return pages[-1]

    yield make
    for page in pages:
        await page.end()
