"""The logger of the event system, and how it reports what its users' code raises."""

from __future__ import annotations

import logging
import sys

logger = logging.getLogger("deskapp.event")


def log_failure(what: str, error: BaseException) -> None:
    """Report an exception that ends here, and keep it for a post-mortem debugger, as the prompt does.

    Args:
        what: Which component and which of its members failed.
        error: What was raised.
    """
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, error.__traceback__
    if sys.version_info >= (3, 12):
        sys.last_exc = error
    logger.error("%s failed: %s: %s", what, type(error).__name__, error, exc_info=error)
