"""Pages and programs for tests that open windows; their screen is in `tests/conftest.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.pages import Pages, serving
from tests.desktop.program import Start, starting
from tests.desktop.screen import Screen


@pytest.fixture
def pages() -> Iterator[Pages]:
    with serving() as pages:
        yield pages


@pytest.fixture
def start(screen: Screen, tmp_path: Path) -> Iterator[Start]:
    """Starts programs of tests/desktop/programs, or any command; ends what is left of them."""
    with starting(screen, tmp_path) as start:
        yield start
