"""Which time the files of an installer bear, so that the same input makes the same bytes."""

from __future__ import annotations

import os
from datetime import datetime, timezone

from deskapp.errors import SpecError

VARIABLE = "SOURCE_DATE_EPOCH"
# 2020-01-01. Some tools do not like files from before 1980, nor such from the future.
DEFAULT_EPOCH = 1_577_836_800


def build_time() -> int:
    """Seconds since 1970 that stand for the time of this build.

    They come from the variable ``SOURCE_DATE_EPOCH`` (https://reproducible-builds.org/specs/source-date-epoch/), which
    best is the time of the last commit: ``git log -1 --format=%ct``. Without it they are the same for every build.

    Raises:
        SpecError: The variable is no number.
    """
    text = os.environ.get(VARIABLE, "")
    if not text:
        return DEFAULT_EPOCH
    if not (text.isascii() and text.isdigit()):
        raise SpecError(
            VARIABLE, f"{text!r} has to be whole seconds since 1970, as `git log -1 --format=%ct` prints them"
        )
    return int(text)


def release_date() -> datetime | None:
    """`build_date` if somebody said when this version was made; else None."""
    return build_date() if os.environ.get(VARIABLE) else None


def build_date() -> datetime:
    """`build_time` as a date in UTC."""
    return datetime.fromtimestamp(build_time(), tz=timezone.utc)
