"""Opens an address in a plain WebKitGTK window, without deskapp, and says what the page shows: ``opens.py URL``."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2  # noqa: E402

DEADLINE_S = 15.0
LOOK = """JSON.stringify({
  lines: Object.fromEntries([...document.querySelectorAll("p[data-name]")].map(e => [e.dataset.name, e.textContent])),
  pictures: [...document.images].map(image => image.naturalWidth),
})"""


def main(url: str) -> None:
    window = Gtk.Window(title="exported", default_width=500, default_height=700)
    view = WebKit2.WebView()
    window.add(view)
    window.show_all()
    view.load_uri(url)
    started_s = time.monotonic()

    def look() -> bool:
        view.evaluate_javascript(LOOK, -1, None, None, None, seen)
        return False

    def seen(view: Any, answer: Any) -> None:
        found = json.loads(view.evaluate_javascript_finish(answer).to_string())
        is_complete = "worker" in found["lines"] and found["pictures"] and all(found["pictures"])
        if is_complete or time.monotonic() - started_s > DEADLINE_S:
            os.write(1, json.dumps({"event": "shown", **found}).encode() + b"\n")
            Gtk.main_quit()
        else:
            GLib.timeout_add(50, look)

    look()
    Gtk.main()
    window.destroy()


if __name__ == "__main__":
    main(sys.argv[1])
