"""Runs an example to the letter, as the program that a person starts."""

from __future__ import annotations

import asyncio
import runpy
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from deskapp.runtime.base import Runtime
from deskapp.testing import AppHarness, FakeRuntime

EXAMPLES = Path(__file__).parents[2] / "examples"
OPEN_TIMEOUT_S = 30.0
LIBRARIES = EXAMPLES / "node_modules"
WITH_LIBRARY = ("editor.py", "sketch.py")
needs_libraries = pytest.mark.skipif(
    not LIBRARIES.is_dir(), reason="examples/node_modules is missing: run `npm ci` in examples/, or dev.py setup"
)

Check = Callable[[AppHarness, list[Any]], Awaitable[None]]


def name_of(path: Path) -> str:
    """What an example is called in the names of tests."""
    return path.relative_to(EXAMPLES).as_posix()


def cases(paths: Iterable[Path]) -> list[Any]:
    """Examples as parameters of a test; where the JavaScript libraries are not, those that need them are left out."""
    return [
        pytest.param(path, id=name_of(path), marks=[needs_libraries] if path.name in WITH_LIBRARY else [])
        for path in sorted(paths)
    ]


def run_program(path: Path, check: Check, runtimes: Sequence[type[Runtime]] = (FakeRuntime,)) -> None:
    """Start a program, check it once its windows are open, and stop it.

    Args:
        path: The file that a person would start.
        check: Gets the harness and the components that were launched.
        runtimes: What shows the windows.

    Raises:
        Exception: Whatever the program or the check raised.
    """
    checking: list[asyncio.Task[None]] = []
    checked: list[Path] = []
    with AppHarness(runtimes, app_id="") as app, as_started(path):  # a program may name itself

        async def attend() -> None:
            try:
                components: list[Any] = [session.app for session in app.launcher.manager.sessions]
                for component in components:
                    await app.window(component, timeout_s=OPEN_TIMEOUT_S)
                if components:  # else the program failed before it had any, and says why itself
                    await check(app, components)
                    checked.append(path)
            finally:
                app.launcher.stop()

        app.loop.call_soon(lambda: checking.append(asyncio.get_running_loop().create_task(attend())))
        runpy.run_path(str(path), run_name="__main__")
        checking[0].result()
        assert checked, f"{path} launched nothing"


@contextmanager
def as_started(path: Path) -> Iterator[None]:
    """Let Python look for modules where it does for a program, and forget those of the examples afterwards."""
    before = set(sys.modules)  # what a test itself has imported stays
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(path.parent))
        patch.setattr(sys, "argv", [str(path)])
        try:
            yield
        finally:
            for name, module in list(sys.modules.items()):
                if name not in before and str(getattr(module, "__file__", None) or "").startswith(str(EXAMPLES)):
                    del sys.modules[name]
