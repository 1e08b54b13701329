"""Numbered events both ways, over a connection that is cut on demand; option: ``total`` of each direction."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

from deskapp import JsComponent, PyComponent, event, launch, window
from tests.desktop.programs.say import OPTIONS, obey, run_and_tell, say

TOTAL = OPTIONS.get("total", 1000)
AT_ONCE = 20
PARTS = 20


class Feed(JsComponent):
    """The page's side: sends ``tock`` and checks what ``tick`` brings."""

    main = event.ComponentProp(None, settable=True)

    def init(self) -> None:
        self.sent = 0
        self.received = 0
        self.wrong = 0
        self.total = 0
        self.timer = 0

    @event.reaction("main")
    def report(self, *events: Any) -> None:
        if self.main is not None:
            self.main.ready()

    @event.emitter
    def tock(self, n: int) -> dict[str, object]:
        return {"n": n}

    @event.action
    def begin(self, total: int) -> None:
        self.total = total
        self.timer = window.setInterval(self.produce, 8)

    def produce(self) -> None:
        for _ in range(AT_ONCE):
            if self.sent < self.total:
                self.tock(self.sent)
                self.sent += 1

    @event.reaction("main.tick")
    def take(self, *events: Any) -> None:
        for ev in events:
            if ev.n != self.received:
                self.wrong += 1
            self.received += 1
            if self.main is not None and self.received % (self.total / PARTS) == 0:
                self.main.page_progress(self.received, self.wrong)

    @event.action
    def tell_count(self) -> None:
        if self.main is not None:
            self.main.counted(self.received)


class Main(PyComponent):
    """Python's side: sends ``tick`` and checks what ``tock`` brings."""

    def init(self) -> None:
        self.received = self.wrong = 0
        self.feed = Feed(main=self)

    @event.action
    def ready(self) -> None:
        say("ready")

    @event.emitter
    def tick(self, n: int) -> dict[str, object]:
        return {"n": n}

    async def produce(self) -> None:
        for n in range(TOTAL):
            self.tick(n)
            if n % AT_ONCE == 0:
                await asyncio.sleep(0.008)  # the pace of the stream

    @event.reaction("feed.tock")
    def take(self, *events: Any) -> None:
        for ev in events:
            self.wrong += ev.n != self.received
            self.received += 1
            if self.received % (TOTAL // PARTS) == 0:
                say("progress", side="python", part=self.received * PARTS // TOTAL)
            if self.received == TOTAL:
                say("python_has_all", wrong=self.wrong)

    @event.action
    def page_progress(self, received: int, wrong: int) -> None:
        say("progress", side="page", part=received * PARTS // TOTAL)
        if received == TOTAL:
            say("page_has_all", wrong=wrong)

    @event.action
    def counted(self, received: int) -> None:
        say("counts", python=self.received, page=received)


tasks: set[asyncio.Task[None]] = set()


def begin() -> None:
    main.feed.begin(TOTAL)
    tasks.add(asyncio.get_running_loop().create_task(main.produce()))


def cut() -> None:
    """End the TCP connection by a reset: what is under way in either direction is gone."""
    transport = main.session._line.transport
    if transport is not None:
        stream = transport._handler.ws_connection.stream
        stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        stream.close()
    say("cut", connected=transport is not None)


def tell_counts() -> None:
    main.feed.tell_count()


if __name__ == "__main__":
    main: Any = launch(Main, "app", size=(300, 200))
    obey({f.__name__: f for f in (begin, cut, tell_counts)})
    run_and_tell()
