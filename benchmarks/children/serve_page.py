"""Serve the app of `launch_page` until ended: tell its address, then the system's clock whenever a page connects."""

from __future__ import annotations

from benchmarks._child import tell
from benchmarks.children._first_message import on_first_message
from benchmarks.children.launch_page import Page
from deskapp import App, start


def main() -> None:
    """Serve, and tell."""
    app = App(Page)
    app.serve("Page")
    on_first_message(tell)
    tell(app.url)
    start()


if __name__ == "__main__":
    main()
