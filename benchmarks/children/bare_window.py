"""Open a window of pywebview alone and tell when it had loaded, in ms from the start of this process and of `start`.

Argument: the toolkit.
"""

from __future__ import annotations

import os
import sys
import time

import webview

HTML = "<!DOCTYPE html><html><body><div>Hello</div></body></html>"


def main() -> None:
    """Open, and tell."""
    started_ms = time.time() * 1000
    window = webview.create_window("Bare", html=HTML, width=800, height=600)
    assert window is not None

    def on_loaded() -> None:
        from benchmarks._child import tell

        loaded_ms = time.time() * 1000
        tell([loaded_ms - float(os.environ["BENCHMARK_SPAWNED_S"]) * 1000, loaded_ms - started_ms])
        # Its own threads may keep an interpreter from ending that closes a window so early.
        os._exit(0)

    window.events.loaded += on_loaded
    webview.start(gui=sys.argv[1])  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
