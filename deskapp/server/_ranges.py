"""Which bytes of a file a request is for (RFC 9110, 13 and 14). Pure functions."""

from __future__ import annotations

import re

_RANGE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*\Z", re.ASCII | re.IGNORECASE)


class Unsatisfiable(Exception):
    """The range begins behind the end of the file, or is empty."""


def wanted_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Read a Range header.

    Several ranges at once are answered with the whole, as RFC 9110 allows: players ask for one, and many small ones
    would be a way to make us work.

    Args:
        header: Its value; None if there is none.
        size: Bytes of the file.

    Returns:
        First byte, and the one behind the last; None for the whole file, because nothing else was asked for, or
        nothing that makes sense.

    Raises:
        Unsatisfiable: There are no such bytes.
    """
    found = _RANGE.match(header.strip()) if header is not None else None
    if found is None:
        return None
    first, last = found[1], found[2]
    if len(first) > 18 or len(last) > 18:
        return None
    if not first:
        if not last:
            return None
        if int(last) == 0 or size == 0:
            raise Unsatisfiable
        return max(0, size - int(last)), size
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return int(first), min(int(last) + 1, size) if last else size


def is_unchanged(if_range: str | None, tag: str) -> bool:
    """Whether a Range header counts, because the file is still the one whose other parts the browser has.

    Args:
        if_range: The If-Range header. We give no dates, so a date says that it is another file.
        tag: The file's strong entity tag, with its quotes.
    """
    return if_range is None or if_range.strip() == tag
