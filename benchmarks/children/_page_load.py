"""Chromium, and a proxy between it and a server, which counts what passes."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable
from typing import Any

from benchmarks._child import tell

REQUEST = re.compile(rb"^[A-Z]+ /\S* HTTP/1\.1\r\n")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"]


class Load:
    """Loads a page once.

    Args:
        stop: Ends the program.
    """

    def __init__(self, stop: Callable[[], Any]) -> None:
        self.stop = stop
        self.sent = self.requests = 0
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        self.browser: subprocess.Popen[bytes] | None = None
        self.profile = tempfile.TemporaryDirectory(prefix="deskapp-page-load-", ignore_cleanup_errors=True)

    def begin(self, server_port: int, path: str) -> None:
        """Open the page, through the proxy."""
        threading.Thread(
            target=lambda: asyncio.run(self._serve(server_port)), name="page-load-proxy", daemon=True
        ).start()
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        command = [str(program), *FLAGS, "--remote-debugging-port=0", f"--user-data-dir={self.profile.name}"]
        quiet = subprocess.DEVNULL
        address = f"http://127.0.0.1:{self.port}{path}"
        self.browser = subprocess.Popen([*command, address], stdin=quiet, stdout=quiet, stderr=quiet)

    def done(self) -> None:
        """The page's own code runs: tell what passed until now."""
        tell({"kib": self.sent / 1024, "requests": self.requests})
        self.stop()

    def end(self) -> None:
        """Close the browser."""
        assert self.browser is not None
        self.browser.terminate()
        self.browser.wait(10)
        self.profile.cleanup()

    async def _serve(self, server_port: int) -> None:
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", server_port)
            await asyncio.gather(self._up(reader, to_server), self._down(from_server, writer))

        server = await asyncio.start_server(connected, sock=self.listening)
        await server.serve_forever()

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            self.requests += bool(REQUEST.match(data))
            writer.write(data)
        writer.close()

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            self.sent += len(data)
            writer.write(data)
        writer.close()
