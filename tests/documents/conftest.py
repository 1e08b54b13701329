"""A stranger's programs, in windows on the tests' screen."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.program import starting
from tests.desktop.screen import Screen
from tests.documents.stranger import Strangers


@pytest.fixture
def strangers(screen: Screen, tmp_path: Path) -> Iterator[Strangers]:
    """Starts programs of tests/documents/programs; ends what is left of them."""
    with starting(screen, tmp_path) as start:
        yield Strangers(start)


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """Another server, which has a style sheet."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"body { background: rgb(1, 2, 3) }"
            self.send_response(200)
            self.send_header("Content-Type", "text/css")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, name="test-elsewhere", daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(5)
