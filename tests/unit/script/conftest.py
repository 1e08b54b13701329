"""A program for the tests of what functions show."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from deskapp.testing import AppHarness


@pytest.fixture
async def harness() -> AsyncIterator[AppHarness]:
    async with AppHarness() as harness:
        yield harness
