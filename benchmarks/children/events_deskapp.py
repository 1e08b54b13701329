"""Property events from a page of deskapp. Arguments: toolkit, bursts, events a burst. Tells events a second."""

from __future__ import annotations

import logging
import subprocess
import sys
import time

from benchmarks._child import tell
from deskapp import App, JsComponent, PyComponent, event, start, stop


class Source(JsComponent):
    """Lives in the page."""

    number = event.IntProp(-1)

    @event.action
    def burst(self, count: int) -> None:
        """Runs in the page."""
        for i in range(count):
            self._mutate_number(i)


class Counter(PyComponent):
    """Counts what arrives."""

    def init(self, bursts: int, count: int) -> None:
        """Begin."""
        self.source = Source()
        self.bursts, self.count = bursts, count
        self.seen = 0
        self.rates: list[float] = []
        self.started = time.perf_counter()
        self.source.burst(count)

    @event.reaction("source.number")
    def on_number(self, *events: event.Event) -> None:
        """Begin anew when the last one of a burst is here."""
        self.seen += sum(each.new_value != -1 for each in events)
        if self.seen < self.count or self.source.number != self.count - 1:
            return
        self.rates.append(self.seen / (time.perf_counter() - self.started))
        self.seen = 0
        if len(self.rates) > self.bursts:
            tell(self.rates[1:])
            stop()
            return
        self.started = time.perf_counter()
        self.source.burst(self.count)


def main() -> None:
    """Serve, open a window, measure."""
    logging.getLogger("deskapp").setLevel(logging.WARNING)
    app = App(Counter, int(sys.argv[2]), int(sys.argv[3]))
    app.serve("")
    window = subprocess.Popen([sys.executable, "-m", "benchmarks.children.open_page", app.url, sys.argv[1]])
    try:
        start()
    finally:
        window.kill()
        window.wait()


if __name__ == "__main__":
    main()
