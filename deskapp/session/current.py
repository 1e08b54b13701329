"""Which run of a program the code belongs to that is running: found by context, by thread, by the prompt."""

from __future__ import annotations

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


def current_run(what: str) -> Run:
    """The run that the calling code belongs to.

    Args:
        what: What is asked for, for example ``"run_js()"``.

    Raises:
        SessionNotFoundException: It belongs to none.
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
        raise SessionNotFoundException(what)
    present: Run = found
    return present


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
