from __future__ import annotations

import pytest

from deskapp.server._access import MAX_SPENT, TICKET_LIFE_S, Tickets, allows_fetch


@pytest.mark.parametrize("site", [None, "none", "same-origin"])
def test_our_own_requests_pass(site: str | None) -> None:
    assert allows_fetch(site, "no-cors", "script", is_page=False)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_may_link_to_a_page_and_no_more(site: str) -> None:
    assert allows_fetch(site, "navigate", "document", is_page=True)
    assert not allows_fetch(site, "navigate", "document", is_page=False)
    assert not allows_fetch(site, "navigate", "iframe", is_page=True)
    assert not allows_fetch(site, "no-cors", "image", is_page=True)
    assert not allows_fetch(site, "cors", "empty", is_page=True)
    assert not allows_fetch(site, None, None, is_page=True)
    assert allows_fetch(site, "navigate", "document", is_page=True, method="HEAD")
    for method in ("POST", "PUT", "DELETE"):
        assert not allows_fetch(site, "navigate", "document", is_page=True, method=method)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_ticket_admits_once() -> None:
    tickets = Tickets()
    ticket = tickets.issue("s1")
    assert tickets.spent_for(ticket) is None
    assert tickets.spend(ticket) == "s1"
    assert tickets.spend(ticket) is None
    assert tickets.spent_for(ticket) is not None


def test_tickets_are_long_and_different() -> None:
    tickets = Tickets()
    found = {tickets.issue("s") for _ in range(50)}
    assert len(found) == 50
    assert min(map(len, found)) >= 32


def test_a_ticket_expires() -> None:
    clock = Clock()
    tickets = Tickets(clock=clock)
    late, in_time = tickets.issue("s1"), tickets.issue("s2")
    clock.now += TICKET_LIFE_S - 0.1
    assert tickets.spend(in_time) == "s2"
    clock.now += 0.2
    assert tickets.spend(late) is None
    assert tickets.spent_for(late) is None


@pytest.mark.parametrize("ticket", ["", "x", "x" * 10_000, "ü", "\ud800"])
def test_what_was_never_issued_admits_to_nothing(ticket: str) -> None:
    tickets = Tickets()
    tickets.issue("s1")
    assert tickets.spend(ticket) is None
    assert tickets.spent_for(ticket) is None


def test_tickets_of_a_session_that_ended_are_withdrawn() -> None:
    tickets = Tickets()
    gone, kept = tickets.issue("s1"), tickets.issue("s2")
    tickets.revoke("s1")
    assert tickets.spend(gone) is None
    assert tickets.spend(kept) == "s2"


def test_the_memory_of_tickets_is_bounded() -> None:
    clock = Clock()
    tickets = Tickets(clock=clock)
    for _ in range(MAX_SPENT + 100):
        tickets.spend(tickets.issue("s"))
    assert len(tickets._spent) <= MAX_SPENT + 1
    for _ in range(100):
        tickets.issue("s")
    clock.now += TICKET_LIFE_S + 1
    tickets.issue("s")
    assert len(tickets._issued) == 1
