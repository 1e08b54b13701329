"""Pages for windows under test: a server on loopback that remembers who asked for what."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Pages:
    """Serves ``/NAME`` with the HTML registered for it, or type and bytes; keeps every path that was asked for.

    A page reports with ``fetch("/said/WORDS")``; ``/hang`` never answers while the server lives.
    """

    def __init__(self) -> None:
        self.html: dict[str, str] = {"/": "<title>first page</title><p>first"}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.asked: list[str] = []
        self.released = threading.Event()
        pages = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                pages.asked.append(self.path)
                if self.path.startswith("/hang"):
                    pages.released.wait(30)
                path = self.path.partition("?")[0]
                kind, body = pages.files.get(path, ("text/html; charset=utf-8", pages.html.get(path, "").encode()))
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Silent: tests read `asked`."""

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """Silent: windows that are closed hang up in the middle."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    def said(self) -> list[str]:
        """What pages reported."""
        return [path.removeprefix("/said/") for path in self.asked if path.startswith("/said/")]


@contextmanager
def serving() -> Iterator[Pages]:
    """Run the server for as long as the context lasts."""
    pages = Pages()
    thread = threading.Thread(target=pages.server.serve_forever, args=(0.02,), name="test-pages")
    thread.start()
    try:
        yield pages
    finally:
        pages.released.set()
        pages.server.shutdown()
        pages.server.server_close()
        thread.join(5)
