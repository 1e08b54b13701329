"""deskapp/server/_site_limits.py."""

from __future__ import annotations

from deskapp.server._site_limits import MAX_PEERS, Attempts


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_an_address_waits_until_its_first_attempt_is_long_ago() -> None:
    clock = Clock()
    attempts = Attempts(2, 60, clock=clock)
    assert attempts.wait_s("1.2.3.4") == 0
    attempts.count("1.2.3.4")
    clock.now += 10
    assert attempts.wait_s("1.2.3.4") == 0
    attempts.count("1.2.3.4")
    assert attempts.wait_s("1.2.3.4") == 50
    assert attempts.wait_s("1.2.3.5") == 0
    clock.now += 49.5
    assert attempts.wait_s("1.2.3.4") == 1
    clock.now += 0.5
    assert attempts.wait_s("1.2.3.4") == 0
    attempts.count("1.2.3.4")  # now the second attempt is the oldest that counts
    assert attempts.wait_s("1.2.3.4") == 10


def test_addresses_of_one_customer_are_one() -> None:
    attempts = Attempts(1, 60)
    attempts.count("2001:db8:1:2::1")
    assert attempts.wait_s("2001:db8:1:2:ffff::9%eth0") > 0
    assert attempts.wait_s("2001:db8:1:3::1") == 0
    attempts.count("a socket")
    assert attempts.wait_s("a socket") > 0


def test_those_who_were_quiet_longest_are_forgotten_first() -> None:
    attempts = Attempts(1, 60)
    for number in range(MAX_PEERS):
        attempts.count(f"peer {number}")
    attempts.count("peer 0")
    attempts.count("one more")
    assert attempts.wait_s("peer 0") > 0
    assert attempts.wait_s("peer 1") == 0
    assert attempts.wait_s("peer 2") > 0
