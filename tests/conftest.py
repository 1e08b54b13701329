"""For all tests: directories of their own, no settings of the person who runs them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.coverage_page import CoverageWatch

if TYPE_CHECKING:
    from tests.desktop.screen import Screen

# Chosen by `dev.py test` for the whole run.
KEPT = frozenset({"DESKAPP_TOOLKIT"})


def pytest_configure(config: pytest.Config) -> None:
    """Have a run of the whole suite fail if a test that the documents count on did not pass."""
    config.pluginmanager.register(CoverageWatch(Path(__file__).parents[1] / "docs/coverage.md"))


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Config, cache, data and state go to a directory that pytest removes."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("config", "cache", "data", "state"):
            patch.setenv(f"XDG_{name.upper()}_HOME", str(home / name))
        if "XDG_RUNTIME_DIR" not in os.environ:  # where there is one, it also holds the screen's socket
            runtime = home / "runtime"
            runtime.mkdir(mode=0o700)
            patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        for name in [name for name in os.environ if name.startswith("DESKAPP_") and name not in KEPT]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def screen() -> Iterator[Screen]:
    """A screen of our own; DISPLAY names it to every child process. One for all tests: a second would take the name."""
    from tests.desktop.screen import own_screen

    with own_screen() as screen, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", screen.display)
        patch.delenv("WAYLAND_DISPLAY", raising=False)
        yield screen


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine that signed itself, and its key."""
    from tests.certificate import make_certificate

    return make_certificate(tmp_path_factory.mktemp("certificate"))
