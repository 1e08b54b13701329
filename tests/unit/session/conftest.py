"""What the tests of sessions share: a program without window and server, one session in it, and its page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deskapp.testing import AppHarness


@pytest.fixture
def app() -> Iterator[AppHarness]:
    with AppHarness() as harness:
        yield harness
