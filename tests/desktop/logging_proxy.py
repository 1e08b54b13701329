"""A proxy that writes down what it is asked for and gives nothing: it shows what a browser says to the world."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class LoggingProxy:
    """Attributes: `address` to be given to a browser; `asked`, one line such as ``"CONNECT example.org:443"`` each."""

    address: str = ""
    asked: list[str] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """The variables by which programs learn of a proxy. Pages on loopback do not go through it."""
        names = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
        return dict.fromkeys(names, self.address)


@contextmanager
def logging_proxy() -> Iterator[LoggingProxy]:
    """Run a proxy for as long as the context lasts."""
    proxy = LoggingProxy()

    class Handler(http.server.BaseHTTPRequestHandler):
        def refuse(self) -> None:
            proxy.asked.append(f"{self.command} {self.path}")
            self.send_error(403)

        do_GET = do_HEAD = do_POST = do_PUT = do_CONNECT = do_OPTIONS = refuse

        def log_message(self, format: str, *args: object) -> None:
            """Silent: tests read `asked`."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="test-proxy")
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
