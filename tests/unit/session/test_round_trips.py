from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from deskapp.errors import SessionException
from deskapp.session import _round_trips
from deskapp.session._round_trips import RoundTrips


class Thing:
    """Something that is kept."""


class Page:
    """Answers when a test says so."""

    def __init__(self) -> None:
        self.asked: list[Callable[[bool], None]] = []
        self.trips = RoundTrips(self.asked.append)

    def answer(self, *, was_there: bool = True) -> None:
        (ended,) = self.asked
        self.asked.clear()
        ended(was_there)


def keep(page: Page, *iters: int) -> weakref.ref[Thing]:
    thing = Thing()
    for number in iters:
        page.trips.keep(thing, number)
    return weakref.ref(thing)


def test_an_object_lives_for_as_many_round_trips_as_were_asked_for() -> None:
    page = Page()
    kept = keep(page, 2)
    page.answer()
    gc.collect()
    assert kept() is not None
    page.answer()
    gc.collect()
    assert kept() is None
    assert page.asked == []  # nobody waits for another one


def test_the_longest_of_several_wishes_counts() -> None:
    page = Page()
    kept = keep(page, 3, 1)
    page.answer()
    page.answer()
    gc.collect()
    assert kept() is not None
    page.answer()
    gc.collect()
    assert kept() is None


def test_a_round_trip_that_is_under_way_does_not_count() -> None:
    page = Page()
    keep(page, 1)
    later = keep(page, 1)
    page.answer()
    gc.collect()
    assert later() is not None
    page.answer()
    gc.collect()
    assert later() is None


def test_one_round_trip_is_under_way_at_a_time() -> None:
    page = Page()
    for _ in range(5):
        keep(page, 1)
    page.trips.call_after(lambda: None)
    assert len(page.asked) == 1


def test_functions_are_called_in_order_and_once() -> None:
    page = Page()
    called: list[int] = []
    page.trips.call_after(lambda: called.append(1))
    page.trips.call_after(lambda: called.append(2))
    page.answer()
    assert called == [1]
    page.trips.call_after(lambda: called.append(3))
    page.answer()
    page.answer()
    assert called == [1, 2, 3]
    assert page.asked == []


def test_a_page_that_was_lost_is_asked_anew_and_does_not_count() -> None:
    page = Page()
    kept = keep(page, 1)
    called: list[int] = []
    page.trips.call_after(lambda: called.append(1))
    page.answer(was_there=False)
    gc.collect()
    assert kept() is not None
    assert called == []
    page.answer()
    page.answer()
    gc.collect()
    assert kept() is None
    assert called == [1]


def test_at_the_end_everything_is_let_go_and_nothing_is_called() -> None:
    page = Page()
    kept = keep(page, 5)
    called: list[int] = []
    page.trips.call_after(lambda: called.append(1))
    page.trips.clear()
    gc.collect()
    assert kept() is None
    page.answer(was_there=False)
    assert called == []
    assert page.asked == []


@pytest.mark.parametrize(
    ("iters", "error"), [(0, ValueError), (-1, ValueError), (1.5, TypeError), ("1", TypeError), (True, TypeError)]
)
def test_what_is_no_number_of_round_trips_is_refused(iters: Any, error: type[Exception]) -> None:
    page = Page()
    with pytest.raises(error, match="round trip"):
        page.trips.keep(object(), iters)
    assert page.asked == []


def test_more_than_can_be_kept_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_round_trips, "MAX_KEPT", 2)
    page = Page()
    first, second = Thing(), Thing()
    page.trips.keep(first, 1)
    page.trips.keep(second, 1)
    with pytest.raises(SessionException, match="2 objects"):
        page.trips.keep(Thing(), 1)
    page.trips.keep(first, 9)  # it is one of the two


def test_a_probe_that_fails_keeps_nothing_and_is_tried_again() -> None:
    attempts: list[object] = []

    def probe(ended: Callable[[bool], None]) -> None:
        attempts.append(ended)
        if len(attempts) == 1:
            raise SessionException("too many questions")

    trips = RoundTrips(probe)
    thing = Thing()
    kept = weakref.ref(thing)
    with pytest.raises(SessionException):
        trips.keep(thing, 1)
    del thing
    gc.collect()
    assert kept() is None
    trips.keep(Thing(), 1)
    assert len(attempts) == 2
