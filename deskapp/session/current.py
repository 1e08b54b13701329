"""Which run of a program the code belongs to that is running: found by context, by thread, by the prompt."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from deskapp.bridge import link as links
from deskapp.errors import SessionNotFoundException

if TYPE_CHECKING:
    from deskapp.session.run import Run

_run: ContextVar[Run | None] = ContextVar("deskapp_run", default=None)

_OF_THREAD = "_deskapp_run"
"""The attribute in which a registered thread keeps its run: it lives as long as the thread does, and nobody counts."""


SCRIPT_MODE = "deskapp._script_mode:begin"
"""Knows the run of a program that is a script, in which all code belongs to one session. What decides that, and opens
the window, is on a higher floor: its name is data, which is looked up when it is needed. There is no other such name.
"""


def current_run(what: str) -> Run:
    """The run that the calling code belongs to; the first call of a script opens its window, and waits for the page.

    Args:
        what: What is asked for, for example ``"run_js()"``.

    Raises:
        SessionNotFoundException: It belongs to none.
        RuntimeUnavailable: It is a script's first call, and no runtime can show its window.
        RuntimeFailed: It is a script's first call, and its window was not shown.
    """
    run = _run.get()
    link: Any = links.entered()
    if run is not None and run.session is link:
        return run
    # Context variables leak along asyncio's callbacks; the session that a component has entered is the later word.
    found = getattr(link, "run", None)
    if found is None:
        found = getattr(threading.current_thread(), _OF_THREAD, None)
    if found is None:
        found = getattr(links.current(), "run", None)
    if found is None:
        found = _run_of_script()
    if found is None:
        raise SessionNotFoundException(what)
    present: Run = found
    return present


def _run_of_script() -> Run | None:
    module, _, name = SCRIPT_MODE.partition(":")
    run: Run | None = getattr(importlib.import_module(module), name)()
    return run


@contextmanager
def use_run(run: Run) -> Iterator[None]:
    """Let the code of a ``with`` block belong to a run, and to its session."""
    token = _run.set(run)
    try:
        with links.use(run.session):
            yield
    finally:
        _run.reset(token)


def tie_thread(thread: threading.Thread, run: Run) -> None:
    """Let what runs on a thread belong to a run."""
    setattr(thread, _OF_THREAD, run)
