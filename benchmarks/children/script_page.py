"""One function in a page of a headless Chromium.

Arguments: ``deskapp`` or ``pywebio``, ``text`` or ``table``, how many.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time

from benchmarks._child import Failed, tell
from benchmarks.children._script_library import Library

PAINTED = "new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(document.body.innerText), 0)))"
"""Settles when all before it is painted, with what a person sees."""

SWITCHES = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

library = Library(sys.argv[1])
what, count = sys.argv[2], int(sys.argv[3])
put_text, put_table, use_scope = (
    library.output.put_text,
    getattr(library.output, "put_table", None),
    library.output.use_scope,
)
eval_js, set_env = library.session.eval_js, library.session.set_env


def main() -> None:
    """Show, and tell how long it took."""
    set_env(output_animation=False)
    put_text("ready")
    eval_js(PAINTED)
    started = time.perf_counter()
    (show_lines if what == "text" else show_tables)()
    seen = eval_js(PAINTED)
    taken = time.perf_counter() - started
    if f"number {count - 1}" not in seen:
        raise Failed(f"the last one is not in the page: {seen[-200:]!r}")
    tell(taken * 1000)
    os._exit(0)  # who runs this ends the browser, too


def show_lines() -> None:
    """Many lines of text."""
    for i in range(count):
        put_text(f"This is line number {i}")


def show_tables() -> None:
    """One table after the other."""
    for i in range(count):
        with use_scope("table", clear=True):
            library.output.put_table(
                [["a", "b", "c", "d", f"number {i}"], *([row * k for k in range(5)] for row in range(9))]
            )


def open_browser(url: str) -> None:
    """Look at the page."""
    program = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
    profile = tempfile.mkdtemp(prefix="deskapp-benchmark-")
    quiet = subprocess.DEVNULL
    subprocess.Popen(
        [program, *SWITCHES, "--remote-debugging-port=0", f"--user-data-dir={profile}", url], stdout=quiet, stderr=quiet
    )


if __name__ == "__main__":
    library.serve(main, open_browser)
