"""The app of `export_deskapp`, exported by Flexx; tells ms of each time. Argument: rounds."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from flexx import app, config, event

from benchmarks._child import tell

PARTS, BLOB = 200, bytes(2**20)


class Base(app.JsComponent):  # type: ignore[misc]
    """Something with a few members."""

    number = event.IntProp(0, settable=True)
    text = event.StringProp("", settable=True)

    @event.action  # type: ignore[untyped-decorator]
    def add(self, n: int) -> None:
        """Runs in the page."""
        self._mutate_number(self.number + n)

    @event.reaction("number", "text")  # type: ignore[untyped-decorator]
    def show(self, *events: object) -> None:
        """Runs in the page."""
        global document
        document.body.textContent = self.text + str(self.number)  # type: ignore[name-defined]


class Part(Base):
    """One of many."""


class Main(app.PyComponent):  # type: ignore[misc]
    """The app."""

    def init(self) -> None:
        """Make the parts."""
        self.parts = [Part(number=n, text=f"part {n}") for n in range(PARTS)]


def main() -> None:
    """Export, again and again."""
    config.log_level = "error"
    app.assets.add_shared_data("blob", BLOB)
    times = []
    for _ in range(int(sys.argv[1]) + 1):
        with tempfile.TemporaryDirectory() as folder:
            started = time.perf_counter()
            app.App(Main).export(str(Path(folder, "main.html")))
            times.append((time.perf_counter() - started) * 1000)
    tell({"export_ms": times})


if __name__ == "__main__":
    main()
