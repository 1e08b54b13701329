"""A screen and pages for tests that open windows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.desktop.pages import Pages, serving
from tests.desktop.program import PROGRAMS, Program, Start
from tests.desktop.screen import Screen, own_screen


@pytest.fixture(scope="session")
def screen() -> Iterator[Screen]:
    """A screen of our own; DISPLAY names it to every child process."""
    with own_screen() as screen, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", screen.display)
        patch.delenv("WAYLAND_DISPLAY", raising=False)
        yield screen


@pytest.fixture
def pages() -> Iterator[Pages]:
    with serving() as pages:
        yield pages


@pytest.fixture
def start(screen: Screen, tmp_path: Path) -> Iterator[Start]:
    """Starts programs of tests/desktop/programs, or any command; ends what is left of them."""
    started: list[Program] = []

    def start(
        program: str | Path | None = None,
        *,
        command: list[str] | None = None,
        env: Mapping[str, str | None] | None = None,
        **options: object,
    ) -> Program:
        if command is None:
            command = [str(PROGRAMS / str(program)), json.dumps(options)]
        started.append(Program(command, screen=screen, home=tmp_path, env=env))
        return started[-1]

    yield start
    for one in started:
        one.end()
