"""Shows the log to people who have not set logging up themselves."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

FORMAT = "%(levelname)s %(name)s: %(message)s"


@contextmanager
def log_shown(level: str) -> Iterator[None]:
    """Write deskapp's log to stderr while a ``with`` block runs, unless the program has a handler of its own.

    Args:
        level: The least important level to show, for example ``"info"``. A level that the program has set stays.
    """
    logger = logging.getLogger("deskapp")
    if logger.hasHandlers():
        yield
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(FORMAT))
    before = logger.level
    logger.addHandler(handler)
    if before == logging.NOTSET:
        logger.setLevel(level.upper())
    try:
        yield
    finally:
        logger.setLevel(before)
        logger.removeHandler(handler)
