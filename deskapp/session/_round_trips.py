"""What waits for the page to come back: objects that are kept until then, and functions that are called then."""

from __future__ import annotations

from collections.abc import Callable

from deskapp.errors import SessionException

MAX_KEPT = 100_000

Probe = Callable[[Callable[[bool], None]], None]
"""Asks the page for a sign that it has handled all that was said; calls back with whether that page still was there."""


class RoundTrips:
    """Counts round trips from Python to the page and back, while somebody waits for one.

    Only one is under way at a time. A wish counts round trips that begin after it, so what was said before has been
    handled by the page, and what that page said meanwhile has been heard.

    Args:
        probe: Begins a round trip.
    """

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self._begun = 0
        self._is_under_way = False
        self._kept: dict[int, tuple[object, int]] = {}
        self._calls: list[tuple[int, Callable[[], None]]] = []

    def keep(self, ob: object, iters: int) -> None:
        """Hold an object for so many round trips; of several wishes for one object the longest counts.

        Args:
            ob: The object.
            iters: How many.

        Raises:
            TypeError, ValueError: It is no whole number above zero.
            SessionException: `MAX_KEPT` objects are kept already.
        """
        if not isinstance(iters, int) or isinstance(iters, bool):
            raise TypeError(f"an object is kept alive for a whole number of round trips, not {iters!r}")
        if iters < 1:
            raise ValueError(f"an object is kept alive for one round trip at least, not {iters!r}")
        if len(self._kept) >= MAX_KEPT and id(ob) not in self._kept:
            raise SessionException(f"{MAX_KEPT} objects are kept alive already, until the page has answered")
        until = self._begun + iters
        self._begin()
        self._kept[id(ob)] = ob, max(until, self._kept.get(id(ob), (ob, 0))[1])

    def call_after(self, func: Callable[[], None]) -> None:
        """Call a function after one round trip."""
        after = self._begun + 1
        self._begin()
        self._calls.append((after, func))

    def clear(self) -> None:
        """The session has ended: let go of everything."""
        self._kept.clear()
        self._calls.clear()

    def _begin(self) -> None:
        if not self._is_under_way:
            self._probe(self._ended)  # first: if it raises, nothing has begun
            self._is_under_way = True
            self._begun += 1

    def _ended(self, was_there: bool) -> None:
        self._is_under_way = False
        if not was_there:
            self._begun -= 1  # it counts when the page that came instead has answered
        else:
            self._kept = {key: entry for key, entry in self._kept.items() if entry[1] > self._begun}
            due = [func for after, func in self._calls if after <= self._begun]
            self._calls = self._calls[len(due) :]  # they are in order
            for func in due:
                func()
        if self._kept or self._calls:
            self._begin()
