"""Pages behind real websockets, and plain HTTP, for tests of the server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from tornado import httpclient, websocket

from deskapp.bridge import messages
from deskapp.testing import AppHarness, FakePage

Reply = httpclient.HTTPResponse


async def get(url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, **options: Any) -> Reply:
    """Ask over HTTP; any status is an answer."""
    client = httpclient.AsyncHTTPClient(force_instance=True)
    request = httpclient.HTTPRequest(
        url, method=method, headers=dict(headers or {}), follow_redirects=False, request_timeout=5, **options
    )
    try:
        return await client.fetch(request, raise_error=False)
    finally:
        client.close()


class SocketPage(FakePage):
    """A page behind a websocket.

    Args:
        address: Address of the page, as a window would be given it; its fragment may hold a ticket.
        ca_certs: The certificate that an ``https`` address is to be trusted for.
        **options: See `FakePage`.
    """

    def __init__(self, address: str, *, ca_certs: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        before, _, fragment = address.partition("#k=")
        self.ticket: str | None = fragment or None
        self.scheme, _, rest = before.partition("://")
        self.origin, _, path = rest.partition("/")
        self._ca_certs = ca_certs
        self.path = f"/{path}"
        self.close_code: int | None = None
        self.close_reason: str | None = None
        self._socket: websocket.WebSocketClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._writing: set[asyncio.Task[None]] = set()

    async def open(self, *, origin: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        """Open the socket, without a word."""
        self.close_code = self.close_reason = None
        request = httpclient.HTTPRequest(
            f"{self.scheme.replace('http', 'ws')}://{self.origin}/_ws{self.path}",
            headers={"Origin": origin or f"{self.scheme}://{self.origin}", **(headers or {})},
            request_timeout=5,
            ca_certs=self._ca_certs,
        )
        self._socket = await websocket.websocket_connect(request, max_message_size=2**30)
        self._reader = asyncio.create_task(self._read(self._socket))

    async def connect(self, *, query: str = "", headers: Mapping[str, str] | None = None) -> str:
        """Open the socket, greet, and return how the page was taken, or ``""`` if it was refused."""
        await self.open(headers=headers)
        ticket, self.ticket = self.ticket, None
        hello = self.hello(ticket=ticket, path=self.path, query=query)
        before = len(self.welcomes)
        await self.write(self.frame_of(hello))
        await AppHarness.until(lambda: len(self.welcomes) > before or self.close_code is not None)
        return self.how if len(self.welcomes) > before else ""

    async def write(self, frame: str | bytes) -> None:
        """Write a frame as it is."""
        assert self._socket is not None
        await self._socket.write_message(frame, binary=not isinstance(frame, str))

    def send(self, message: messages.Message) -> None:
        """Say something; it is written at once if the socket stands."""
        super().send(message)
        self._write_soon()

    def cut(self) -> None:
        """Lose the socket without a goodbye."""
        assert self._socket is not None
        assert self._reader is not None
        self._reader.cancel()
        socket, self._socket = self._socket, None
        if socket.protocol is not None and socket.protocol.stream is not None:
            socket.protocol.stream.close()
        socket.close()
        self.lose()

    async def leave(self, code: int = 1001) -> None:
        """Close the socket as a page that is left."""
        assert self._socket is not None
        self._socket.close(code, "")
        await self.closed_by_now()
        self._socket = None
        self.lose()

    async def closed_by_now(self) -> None:
        """Wait until the socket is closed."""
        await AppHarness.until(lambda: self._reader is None or self._reader.done())

    async def reload(self) -> str:
        """Leave, forget all but the key, and come again."""
        await self.leave()
        self._forget()
        return await self.connect()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until a condition holds."""
        await AppHarness.until(condition)

    async def end(self) -> None:
        """Clean up after the test."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        if self._socket is not None:
            self._socket.close()

    async def _read(self, socket: websocket.WebSocketClientConnection) -> None:
        while (data := await socket.read_message()) is not None:
            self.take(data)
            self._write_soon()
        self.close_code, self.close_reason = socket.close_code, socket.close_reason
        socket.close()
        self._is_welcome = False

    def _write_soon(self) -> None:
        socket = self._socket
        if socket is None or not self._is_welcome:
            return
        for frame in self.frames():
            writing = asyncio.ensure_future(_write(socket, frame))
            self._writing.add(writing)
            writing.add_done_callback(self._writing.discard)


async def _write(socket: websocket.WebSocketClientConnection, frame: str | bytes) -> None:
    try:
        await socket.write_message(frame, binary=not isinstance(frame, str))
    except websocket.WebSocketClosedError:
        return  # it is said again on the next socket
