"""A site of published apps, `deskapp site`, in a process of its own."""

from __future__ import annotations

import http.client
import os
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Answer:
    """What a site answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class RunningSite:
    """A site that was started for a test, and ends with it."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "deskapp", "site", str(folder), "--port", "0", *options],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self._said: list[str] = []
        ready = self.process.stdout.readline()
        if not ready:
            raise AssertionError(f"the site did not start: {self.process.communicate(timeout=10)[1]}")
        self.ready = ready.strip()
        self.url = self.ready.split()[4]
        self._reader = threading.Thread(target=self._read, args=(self.process.stderr,))
        self._reader.start()

    def _read(self, stream: Iterator[str]) -> None:
        self._said.extend(stream)

    def ask(
        self,
        path: str = "/",
        *,
        method: str = "GET",
        body: bytes | None = None,
        trusts: ssl.SSLContext | None = None,
        **headers: str,
    ) -> Answer:
        """One request, just as it is written here; ``_`` in the names of headers stands for ``-``."""
        parts = urlsplit(self.url)
        assert parts.hostname is not None
        connection = (
            http.client.HTTPSConnection(parts.hostname, parts.port, timeout=10, context=trusts)
            if parts.scheme == "https"
            else http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
        )
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            if body is not None and "Transfer_Encoding" not in headers:
                connection.putheader("Content-Length", headers.pop("Content_Length", str(len(body))))
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """End it as a person or a service manager does; exit code, and what it said on stderr."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(15)
        self._reader.join(5)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return code, "".join(self._said)


@contextmanager
def running_site(folder: Path, *options: str) -> Iterator[RunningSite]:
    """A site for the time of a ``with`` block."""
    site = RunningSite(folder, *options)
    try:
        yield site
    finally:
        if site.process.poll() is None:
            site.process.kill()
        site.end()
