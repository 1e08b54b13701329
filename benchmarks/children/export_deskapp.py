"""Export an app as a page, first and again; tells ms of each, bytes, and ms to write those. Argument: rounds."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

from benchmarks._child import tell
from deskapp import App, JsComponent, PyComponent, app, event

PARTS, BLOB = 200, bytes(2**20)


class Base(JsComponent):
    """Something with a few members."""

    number = event.IntProp(0, settable=True)
    text = event.StringProp("", settable=True)

    @event.action
    def add(self, n: int) -> None:
        """Runs in the page."""
        self._mutate_number(self.number + n)

    @event.reaction("number", "text")
    def show(self, *events: object) -> None:
        """Runs in the page."""
        self.node.textContent = self.text + str(self.number)


class Part(Base):
    """One of many."""


class Main(PyComponent):
    """The app."""

    def init(self) -> None:
        """Make the parts."""
        self.parts = [Part(number=n, text=f"part {n}") for n in range(PARTS)]


def main() -> None:
    """Export, again and again."""
    app.assets.add_shared_data("blob", BLOB)
    times, written = [], []
    for _ in range(int(sys.argv[1]) + 1):
        with tempfile.TemporaryDirectory() as folder:
            started = time.perf_counter()
            App(Main).export(Path(folder, "main.html"))
            times.append((time.perf_counter() - started) * 1000)
            files = {path.relative_to(folder): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}
            shutil.rmtree(Path(folder, "deskapp"))
            started = time.perf_counter()
            for path, content in files.items():
                target = Path(folder, "again", path)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            written.append((time.perf_counter() - started) * 1000)
    tell({"export_ms": times, "write_ms": written, "size_bytes": sum(map(len, files.values()))})


if __name__ == "__main__":
    main()
