"""Fixtures for pytest. Put ``pytest_plugins = ["deskapp.testing.plugin"]`` into the conftest.py of your tests.

Not registered as an entry point: pytest would import it in every project of an environment that has deskapp.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from deskapp.testing.harness import AppHarness


@pytest.fixture
def deskapp_harness() -> Iterator[AppHarness]:
    """A program with fake windows whose loop runs when the test says ``settle()``."""
    from deskapp.testing.harness import AppHarness

    with AppHarness() as harness:
        yield harness


@pytest.fixture
async def deskapp_running() -> AsyncIterator[AppHarness]:
    """A program with fake windows that runs on the test's asyncio loop; needs pytest-asyncio in its auto mode."""
    from deskapp.testing.harness import AppHarness

    async with AppHarness() as harness:
        yield harness
