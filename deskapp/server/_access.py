"""Who may connect: one-time tickets, and what the Sec-Fetch headers tell. Pure functions and values.

Cookies carry no authority here: a browser sends the cookies of 127.0.0.1 to every port of it. A launched window
brings a ticket in the fragment of its URL, which reaches neither server, log nor Referer; the page spends it in its
first message and gets the session's key in return.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from deskapp._secret import digest, new_secret

TICKET_LIFE_S = 60.0
MAX_SPENT = 10_000

READING = frozenset({"GET", "HEAD"})
"""Methods that change nothing."""


def allows_fetch(site: str | None, mode: str | None, dest: str | None, *, is_page: bool, method: str = "GET") -> bool:
    """Whether the Sec-Fetch headers of a request allow an answer.

    A page of another site may link to one of our pages, and that is all: a form that it posts to us would act in the
    name of a user who knows nothing of it. Requests without these headers pass; they are a second line behind Host
    and Origin (https://www.w3.org/TR/fetch-metadata/).

    Args:
        site: The Sec-Fetch-Site header.
        mode: The Sec-Fetch-Mode header.
        dest: The Sec-Fetch-Dest header.
        is_page: Whether the request is for a page, as opposed to the parts of one.
        method: How it asks.
    """
    if site not in ("cross-site", "same-site"):
        return True
    return is_page and method in READING and mode == "navigate" and dest == "document"


class Tickets:
    """One-time, short-lived tickets; each admits one page to what it was issued for.

    Args:
        clock: Seconds on a clock that never goes back.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._issued: dict[bytes, tuple[str, float]] = {}
        self._spent: dict[bytes, str] = {}

    def issue(self, session_id: str, *, life_s: float = TICKET_LIFE_S) -> str:
        """Make a ticket that admits one page to a session.

        Args:
            session_id: What it admits to.
            life_s: Seconds until it expires.
        """
        self._sweep()
        ticket = new_secret()
        self._issued[digest(ticket)] = (session_id, self._clock() + life_s)
        return ticket

    def spend(self, ticket: str) -> str | None:
        """Take a ticket and return what it admits to; None if it is unknown, expired or was spent before."""
        self._sweep()
        key = digest(ticket)
        entry = self._issued.pop(key, None)
        if entry is None:
            return None
        self._spent[key] = entry[0]
        return entry[0]

    def spent_for(self, ticket: str) -> str | None:
        """What a ticket admitted to when it was spent; None if it never was.

        A second use is either a page whose first connection broke before it was answered, or somebody who has read
        the ticket elsewhere.
        """
        return self._spent.get(digest(ticket))

    def revoke(self, session_id: str) -> None:
        """Withdraw what was issued for a session that ended."""
        self._issued = {key: entry for key, entry in self._issued.items() if entry[0] != session_id}

    def _sweep(self) -> None:
        now = self._clock()
        self._issued = {key: entry for key, entry in self._issued.items() if entry[1] > now}
        while len(self._spent) > MAX_SPENT:
            del self._spent[next(iter(self._spent))]
