"""Many pages without a browser. Arguments: ``deskapp``, ``flexx`` or ``pywebio``, address of the app's page, how many.

Greets as a page does, acknowledges and answers pings; nothing else is read of what arrives but marks, texts such as
``mark-0001``. Writes ``connected N`` for every page that was answered, and ``mark NUMBER SECONDS`` once all pages have
got one; the time is that of the system's monotonic clock. Ends when its stdin does.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import struct
import sys
import time
import urllib.parse
from collections import Counter

from benchmarks.crowds import raise_file_limit

MARK = re.compile(rb"mark-(\d{4})")
AT_ONCE = 20
ACK_FRAMES = 16
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Pages:
    """Counts what all pages have got."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.connected = 0
        self.marks: Counter[bytes] = Counter()

    def answered(self) -> None:
        """A page got its first frame."""
        self.connected += 1
        print(f"connected {self.connected}", flush=True)

    def marked(self, mark: bytes) -> None:
        """A page got a mark."""
        self.marks[mark] += 1
        if self.marks[mark] == self.connected:
            print(f"mark {int(mark)} {time.perf_counter()!r}", flush=True)


class Page(asyncio.Protocol):
    """One websocket (RFC 6455)."""

    def __init__(self, pages: Pages, kind: str, host: str, path: str, greeting: bytes, opcode: int) -> None:
        self.pages, self.kind = pages, kind
        self.host, self.path = host, path
        self.greeting, self.opcode = greeting, opcode
        self.answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.rest = b""
        self.is_open = False
        self.seq = self.owed = 0
        self.seen: set[bytes] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a websocket."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {self.path} HTTP/1.1", f"Host: {self.host}", f"Origin: http://{self.host}"]
        lines += ["Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Key: {key}"]
        transport.write("\r\n".join([*lines, "Sec-WebSocket-Version: 13", "", ""]).encode())

    def data_received(self, data: bytes) -> None:
        """Take frames apart."""
        self.rest += data
        if not self.is_open:
            head, found, self.rest = self.rest.partition(b"\r\n\r\n")
            if not found:
                self.rest = head
                return
            assert b" 101 " in head.splitlines()[0], head
            self.is_open = True
            if self.greeting:
                self.write(self.opcode, self.greeting)
        while len(self.rest) >= 2:
            size, start = self.rest[1] & 127, 2
            if size == 126:
                size, start = struct.unpack(">H", self.rest[2:4])[0] if len(self.rest) >= 4 else sys.maxsize, 4
            elif size == 127:
                size, start = struct.unpack(">Q", self.rest[2:10])[0] if len(self.rest) >= 10 else sys.maxsize, 10
            if len(self.rest) < start + size:
                return
            payload, opcode = self.rest[start : start + size], self.rest[0] & 15
            self.rest = self.rest[start + size :]
            self.take(opcode, payload)

    def connection_lost(self, exc: Exception | None) -> None:
        """No page is to be lost while measuring."""
        if not self.answered.done():
            self.answered.set_exception(ConnectionError("closed before it was answered"))

    def take(self, opcode: int, payload: bytes) -> None:
        """Handle one frame."""
        if opcode == PING:
            self.write(PONG, payload)
        elif opcode == CLOSE:
            raise ConnectionError(f"a page was closed: {payload!r}")
        elif opcode in (TEXT, BINARY):
            if not self.answered.done():
                self.answered.set_result(None)
                self.pages.answered()
            if self.kind == "deskapp" and opcode == TEXT:
                self.take_frame(payload)
            for mark in MARK.findall(payload):
                if mark not in self.seen:
                    self.seen.add(mark)
                    self.pages.marked(mark)

    def take_frame(self, payload: bytes) -> None:
        """Acknowledge as the client of deskapp does."""
        self.seq = int(payload[1 : payload.index(b",")]) or self.seq
        self.owed += 1
        if b'["PING",' in payload:
            number = payload.partition(b'["PING",')[2].partition(b"]")[0]
            self.write(TEXT, b'[0,%d,[["PONG",%s]]]' % (self.seq, number))
        elif self.owed >= ACK_FRAMES:
            self.write(TEXT, b'[0,%d,[["ACK",%d]]]' % (self.seq, self.seq))
            self.owed = 0

    def write(self, opcode: int, payload: bytes) -> None:
        """Write one frame, masked with zeros."""
        size = len(payload)
        head = bytes([128 | opcode, 128 | size]) if size < 126 else struct.pack(">BBH", 128 | opcode, 254, size)
        self.transport.write(head + b"\0\0\0\0" + payload)


async def fetch(host: str, path: str) -> bytes:
    """The body of a page."""
    name, port = host.split(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    body = await reader.read()
    writer.close()
    return body


async def open_page(pages: Pages, kind: str, address: str, gate: asyncio.Semaphore) -> Page:
    """Load a page as a browser does, and open its socket."""
    parts = urllib.parse.urlsplit(address)
    host, name = parts.netloc, parts.path.strip("/")
    async with gate:
        body = await fetch(host, parts.path)
        if kind == "flexx":
            from flexx.app._clientcore import serializer

            found = re.search(rb'create_session\("[^"]*", "([^"]+)"', body)
            assert found is not None, body[-500:]
            greeting, opcode = serializer.encode(["HI_FLEXX", found[1].decode()]), BINARY
            path = f"/flexx/ws/{name}"
        elif kind == "pywebio":
            greeting, opcode, path = b"", TEXT, "/?app=index&session=NEW"
        else:
            hello = ["HELLO", 1, None, None, 0, "navigate", os.urandom(16).hex(), parts.path, ""]
            greeting, opcode = json.dumps([0, 0, [hello]], separators=(",", ":")).encode(), TEXT
            path = f"/_ws/{name}"
        server, port = host.split(":")
        _, page = await asyncio.get_running_loop().create_connection(
            lambda: Page(pages, kind, host, path, greeting, opcode), server, int(port)
        )
        await asyncio.wait_for(page.answered, 60)
        return page


async def main() -> None:
    """Open all pages, then only answer."""
    raise_file_limit()
    kind, address, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    pages, gate = Pages(count), asyncio.Semaphore(AT_ONCE)
    opened = await asyncio.gather(*(open_page(pages, kind, address, gate) for _ in range(count)))
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    for page in opened:
        page.transport.abort()


if __name__ == "__main__":
    asyncio.run(main())
