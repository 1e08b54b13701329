"""Each test of the event system has a loop of its own, which is the current one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deskapp.event import Loop, use_loop


@pytest.fixture(autouse=True)
def loop() -> Iterator[Loop]:
    with use_loop(Loop()) as loop:
        yield loop
