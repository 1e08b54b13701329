"""Finds out that a page no longer answers although its socket looks open.

The server asks, because timers of hidden pages slow down to one a minute while messages are handled at once. It asks
often only while something waits for an acknowledgement.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from deskapp._config import Settings
from deskapp.session import Session

SILENT_BEATS = 4
"""A page that has been silent for so many busy beats, although it was asked, is gone, or hangs."""

SLEEP_JUMP_S = 5.0
"""When wall time runs so much ahead of the monotonic clock, the machine slept; nobody can have answered."""


class Heartbeat:
    """Watches one connection.

    Args:
        session: Whose page is asked.
        settings: Seconds between questions, busy and idle.
        on_silence: Called when the page does not answer any more; True keeps watching, for it may answer yet.
        on_answer: Called when it does so.
    """

    def __init__(
        self, session: Session, settings: Settings, on_silence: Callable[[], bool], on_answer: Callable[[], None]
    ) -> None:
        self._session = session
        self._settings = settings
        self._on_silence = on_silence
        self._on_answer = on_answer
        self._is_silent = False
        self._heard_at = time.monotonic()
        self._asked_at: float | None = None
        self._clocks = (time.time(), time.monotonic())
        self._timer: asyncio.TimerHandle | None = asyncio.get_running_loop().call_later(
            settings.heartbeat_s, self._beat
        )

    def heard(self) -> None:
        """Something arrived from the page."""
        self._heard_at = time.monotonic()
        self._asked_at = None
        if self._is_silent:
            self._is_silent = False
            self._on_answer()

    def stop(self) -> None:
        """Stop watching."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _beat(self) -> None:
        beat_s = self._settings.heartbeat_s
        now = time.monotonic()
        wall, before = self._clocks
        self._clocks = (time.time(), now)
        if (self._clocks[0] - wall) - (now - before) > SLEEP_JUMP_S:
            self.heard()
        if not self._is_silent and self._asked_at is not None and now - self._asked_at > SILENT_BEATS * beat_s:
            self._is_silent = self._on_silence()
            if not self._is_silent:
                self._timer = None
                return
        quiet_s = now - self._heard_at
        is_busy = self._session.has_unacknowledged or self._session.is_in_front
        is_due = quiet_s >= (beat_s if is_busy else self._settings.idle_heartbeat_s)
        if is_due and self._asked_at is None:
            self._asked_at = now
            self._session.ping()
        self._timer = asyncio.get_running_loop().call_later(beat_s, self._beat)
