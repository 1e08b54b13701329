from __future__ import annotations

from typing import Any

import pytest

from deskapp._config import Settings
from deskapp.server import _heartbeat
from deskapp.server._heartbeat import SILENT_BEATS, Heartbeat


class Timers:
    """Clocks and timers that move when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.wall = 5_000_000.0
        self.due: list[tuple[float, Any, list[bool]]] = []

    def time(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.now

    def get_running_loop(self) -> Timers:
        return self

    def call_later(self, delay: float, function: Any) -> Any:
        cancelled = [False]
        self.due.append((self.now + delay, function, cancelled))

        class Handle:
            def cancel(self) -> None:
                cancelled[0] = True

        return Handle()

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while ready := sorted((entry for entry in self.due if entry[0] <= end), key=lambda entry: entry[0]):
            entry = ready[0]
            self.due.remove(entry)
            self.wall += entry[0] - self.now
            self.now = entry[0]
            if not entry[2][0]:
                entry[1]()
        self.wall += end - self.now
        self.now = end


class Page:
    """A session, as far as the heartbeat looks at it."""

    def __init__(self) -> None:
        self.has_unacknowledged = False
        self.is_in_front = False
        self.pings = 0

    def ping(self) -> None:
        self.pings += 1


SETTINGS = Settings(heartbeat_s=5.0, idle_heartbeat_s=60.0)


class Bench:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.timers = Timers()
        monkeypatch.setattr(_heartbeat, "time", self.timers)
        monkeypatch.setattr(_heartbeat, "asyncio", self.timers)
        self.page = Page()
        self.silences = self.answers = 0
        self.keeps = False
        self.heartbeat = Heartbeat(self.page, SETTINGS, self.silent, self.answered)  # type: ignore[arg-type]

    def silent(self) -> bool:
        self.silences += 1
        return self.keeps

    def answered(self) -> None:
        self.answers += 1


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(monkeypatch)


def test_an_idle_page_is_asked_once_a_minute(bench: Bench) -> None:
    bench.timers.advance(59)
    assert bench.page.pings == 0
    bench.timers.advance(2)
    assert bench.page.pings == 1
    bench.heartbeat.heard()
    bench.timers.advance(59)
    assert bench.page.pings == 1


def test_a_page_that_owes_an_acknowledgement_is_asked_soon(bench: Bench) -> None:
    bench.page.has_unacknowledged = True
    bench.timers.advance(5)
    assert bench.page.pings == 1


def test_a_page_that_speaks_is_not_asked(bench: Bench) -> None:
    bench.page.has_unacknowledged = True
    for _ in range(20):
        bench.timers.advance(4)
        bench.heartbeat.heard()
    assert bench.page.pings == 0


def test_a_page_is_asked_once_and_given_time(bench: Bench) -> None:
    bench.page.has_unacknowledged = True
    bench.timers.advance(5 + SILENT_BEATS * 5)
    assert (bench.page.pings, bench.silences) == (1, 0)
    bench.timers.advance(5)
    assert bench.silences == 1


def test_silence_is_reported_once_and_ends_the_watch(bench: Bench) -> None:
    bench.page.has_unacknowledged = True
    bench.timers.advance(500)
    assert bench.silences == 1
    assert bench.timers.due == []


def test_a_page_that_answers_late_is_not_gone(bench: Bench) -> None:
    bench.page.has_unacknowledged = True
    bench.timers.advance(5 + SILENT_BEATS * 5)
    bench.heartbeat.heard()
    bench.timers.advance(10)
    assert bench.silences == 0


def test_a_machine_that_slept_gives_its_pages_time_anew(bench: Bench) -> None:
    bench.page.has_unacknowledged = True
    bench.timers.advance(5)
    bench.timers.wall += 3600  # the monotonic clock stood still
    bench.timers.advance(SILENT_BEATS * 5)
    assert bench.silences == 0
    bench.timers.advance(100)
    assert bench.silences == 1


def test_a_page_in_front_of_the_user_is_asked_soon(bench: Bench) -> None:
    bench.page.is_in_front = True
    bench.timers.advance(5)
    assert bench.page.pings == 1


def test_a_page_that_hangs_is_told_of_once_and_watched_on_until_it_answers(bench: Bench) -> None:
    bench.page.has_unacknowledged = bench.keeps = True
    bench.timers.advance(500)
    assert (bench.silences, bench.answers) == (1, 0)
    bench.heartbeat.heard()
    bench.heartbeat.heard()
    assert bench.answers == 1
    bench.timers.advance(500)
    assert bench.silences == 2


def test_a_heartbeat_that_was_stopped_asks_nobody(bench: Bench) -> None:
    bench.heartbeat.stop()
    bench.heartbeat.stop()
    bench.page.has_unacknowledged = True
    bench.timers.advance(500)
    assert (bench.page.pings, bench.silences) == (0, 0)
