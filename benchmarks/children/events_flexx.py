"""Property events from a page of Flexx. Arguments: toolkit, bursts, events a burst. Tells events a second."""

from __future__ import annotations

import subprocess
import sys
import time

from flexx import app, config, event

from benchmarks._child import tell


class Source(app.JsComponent):  # type: ignore[misc]
    """Lives in the page."""

    number = event.IntProp(-1)

    @event.action  # type: ignore[untyped-decorator]
    def burst(self, count: int) -> None:
        """Runs in the page."""
        for i in range(count):
            self._mutate_number(i)


class Counter(app.PyComponent):  # type: ignore[misc]
    """Counts what arrives."""

    def init(self, bursts: int, count: int) -> None:
        """Begin."""
        self.source = Source()
        self.bursts, self.count = bursts, count
        self.seen = 0
        self.rates: list[float] = []
        self.started = time.perf_counter()
        self.source.burst(count)

    @event.reaction("source.number")  # type: ignore[untyped-decorator]
    def on_number(self, *events: object) -> None:
        """Begin anew when the last one of a burst is here."""
        self.seen += sum(each.new_value != -1 for each in events)  # type: ignore[attr-defined]
        if self.seen < self.count or self.source.number != self.count - 1:
            return
        self.rates.append(self.seen / (time.perf_counter() - self.started))
        self.seen = 0
        if len(self.rates) > self.bursts:
            tell(self.rates[1:])
            app.stop()
            return
        self.started = time.perf_counter()
        self.source.burst(self.count)


def main() -> None:
    """Serve, open a window, measure."""
    config.log_level = "warning"
    served = app.App(Counter, int(sys.argv[2]), int(sys.argv[3]))
    served.serve("")
    server = app.create_server(port=0)
    url = f"http://localhost:{server.serving[1]}/"
    window = subprocess.Popen([sys.executable, "-m", "benchmarks.children.open_page", url, sys.argv[1]])
    try:
        app.start()
    finally:
        window.kill()
        window.wait()


if __name__ == "__main__":
    main()
