"""Shows the log to people who have not set logging up themselves; chooses how much of it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from deskapp.errors import ConfigError

FORMAT = "%(levelname)s %(name)s: %(message)s"
LEVELS = ("debug", "info", "warning", "error", "critical")


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
    handler.addFilter(_AsTheLogger(logger))
    ours = logging.NOTSET
    if logger.level == logging.NOTSET:
        ours = logging.getLevelName(level.upper())
        logger.setLevel(ours)
    logger.addHandler(handler)
    try:
        yield
    finally:
        if ours != logging.NOTSET and logger.level == ours:
            logger.setLevel(logging.NOTSET)
        logger.removeHandler(handler)


def set_log_level(level: str | int, match: str | re.Pattern[str] | None = None) -> None:
    """Choose how much of deskapp's log is shown, at once and from any thread.

    Args:
        level: The least important level: ``"debug"``, ``"info"``, ``"warning"``, ``"error"``, ``"critical"``, or a
            number of the `logging` module.
        match: Show only records in whose logger's name, function or message this regular expression is found; None
            shows all.

    Raises:
        ConfigError: There is no such level, or `match` is no regular expression. Nothing has changed then.
    """
    number = _level_number(level)
    chosen = None if match is None else _Matching(_pattern(match))
    logger = logging.getLogger("deskapp")
    for place in _places(logger):
        for old in [one for one in place.filters if isinstance(one, _Matching)]:
            place.removeFilter(old)
        if chosen is not None:
            place.addFilter(chosen)
    logger.setLevel(number)


def _level_number(level: object) -> int:
    if isinstance(level, str) and level.lower() in LEVELS:
        return int(logging.getLevelName(level.upper()))
    if isinstance(level, int) and not isinstance(level, bool) and level >= 0:
        return level
    raise ConfigError("log_level", level, origin="set_log_level", why=f"possible are {', '.join(map(repr, LEVELS))}.")


def _pattern(match: str | re.Pattern[str]) -> re.Pattern[str]:
    try:
        return re.compile(match)
    except (re.error, TypeError) as error:
        raise ConfigError(
            "match", match, origin="set_log_level", why=f"it is no regular expression: {error}."
        ) from None


def _places(logger: logging.Logger) -> Iterator[logging.Filterer]:
    """The logger, and every handler that its records come to: a logger's filters see no records of those below it."""
    yield logger
    above: logging.Logger | None = logger
    while above is not None:
        yield from above.handlers
        above = above.parent if above.propagate else None


class _Matching(logging.Filter):
    """Lets records of others pass, and of ours those that match."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        super().__init__("deskapp")
        self._pattern = pattern

    def filter(self, record: logging.LogRecord) -> bool:
        if not super().filter(record):
            return True
        return any(self._pattern.search(text) for text in (record.name, record.funcName or "", record.getMessage()))


class _AsTheLogger(logging.Filter):
    """What a logger refuses of its own records, refused of those below it as well."""

    def __init__(self, logger: logging.Logger) -> None:
        super().__init__()
        self._logger = logger

    def filter(self, record: logging.LogRecord) -> bool:
        return bool(self._logger.filter(record))
