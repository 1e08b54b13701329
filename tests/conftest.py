"""For all tests: directories of their own, no settings of the person who runs them, a screen where one is needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

# Chosen by `dev.py test` for the whole run.
KEPT = frozenset({"DESKAPP_TOOLKIT"})


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


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that opens a window says at once why it cannot."""
    if item.get_closest_marker("desktop") is None or not sys.platform.startswith("linux"):
        return
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        pytest.fail("there is no screen for this test's window: run it by `python3 dev.py test`", pytrace=False)
