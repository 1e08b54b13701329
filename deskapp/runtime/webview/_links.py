"""Which links stay in the window and which belong to the user's browser."""

from __future__ import annotations

from urllib.parse import urlsplit


def leads_out(here: str, target: str) -> bool:
    """Whether a click on a link to `target` in a page at `here` leaves the application."""
    there = urlsplit(target)
    if there.scheme == "mailto":
        return True
    return there.scheme in ("http", "https") and there[:2] != urlsplit(here)[:2]


def is_openable(url: str) -> bool:
    """Whether the user's browser may be asked to open `url`; a page must not start other programs."""
    return urlsplit(url).scheme in ("http", "https", "mailto")
