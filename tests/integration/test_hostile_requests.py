"""Requests as a stranger may write them: none is an error of ours, none makes anything, none learns a secret."""

from __future__ import annotations

import asyncio
import random
import re
from typing import Any

import pytest
from tornado import web

from deskapp import app as program
from deskapp.testing import AppHarness
from tests.unit.session.classes import Main

REQUESTS = 400


class Mine(web.RequestHandler):
    """A handler of the user, at a path of its own."""

    def get(self) -> None:
        self.finish("mine")


class Stranger:
    """Writes requests, most of them almost right."""

    def __init__(self, seed: int, host: str, known: list[str]) -> None:
        self.random = random.Random(seed)
        self.host = host
        self.parts = [
            *known, "", ".", "..", "%2e%2e", "%2F", "%00", "%ff", "Main", "main", "_ws", "_a", "_ping", "_client",
            "data", "assets", "shared", "deskapp", "mine", "x" * 2000, "\u00fc", "a b", "?", "#", "*", "\\\\",
            "client.js", "http:", "@evil.example", "cookie", "__main__",
        ]  # fmt: skip
        self.headers = {
            "Host": [host, host, host, "evil.example", "", host + "x", "localhost", "[::1]", "a, b"],
            "Origin": [f"http://{host}", "null", "http://evil.example", "file://", "", f"https://{host}"],
            "Range": ["bytes=0-1", "bytes=-1", "bytes=5-", "bytes=9999-", "bytes=a", "bytes=0-1,2-3", "x" * 500],
            "If-None-Match": ["*", '"x"', "W/", '"', ","],
            "If-Range": ['"x"', "*", ""],
            "Sec-Fetch-Site": ["cross-site", "same-origin", "none", "same-site", "x"],
            "Sec-Fetch-Mode": ["navigate", "cors", "websocket"],
            "Sec-Fetch-Dest": ["document", "iframe", "empty"],
            "Accept-Encoding": ["gzip", "gzip;q=0", "*"],
            "Upgrade": ["websocket", "h2c"],
            "Connection": ["Upgrade", "close", "keep-alive"],
            "Sec-WebSocket-Version": ["13", "8", ""],
            "Sec-WebSocket-Key": ["dGhlIHNhbXBsZSBub25jZQ==", ""],
            "X-Forwarded-Proto": ["https"],
            "X-Forwarded-Host": ["evil.example"],
            "Cookie": ["a=b", "=" * 100, "\x01"],
            "Content-Length": ["0", "5", "-1", "99999999999", "x"],
            "Transfer-Encoding": ["chunked", "x"],
        }

    def request(self) -> bytes:
        choose = self.random.choice
        method = choose(["GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "X"])
        path = "/" + "/".join(choose(self.parts) for _ in range(self.random.randrange(5)))
        if self.random.random() < 0.1:
            path = choose(["*", "http://evil.example/", f"http://{self.host}/Main/", "//evil.example", "/?" + path])
        lines = [f"{method} {path} HTTP/1.1"]
        names = self.random.sample(list(self.headers), self.random.randrange(6))
        if self.random.random() < 0.9 and "Host" not in names:
            names.append("Host")
        lines += [f"{name}: {choose(self.headers[name])}" for name in names]
        return "\r\n".join([*lines, "", choose(["", "hello", "5\r\nhello\r\n0\r\n\r\n"])]).encode()


async def ask(host: str, request: bytes) -> bytes:
    """What the server says to a request; nothing if it waits for more."""
    name, port = host.split(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    writer.write(request)
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 0.2)
        size = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        is_bodiless = request.startswith(b"HEAD") or head.startswith((b"HTTP/1.1 304", b"HTTP/1.1 101"))
        return head + (b"" if size is None or is_bodiless else await reader.readexactly(int(size[1])))
    except asyncio.TimeoutError:
        return b""
    except asyncio.IncompleteReadError as error:
        return error.partial
    finally:
        writer.transport.abort()


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_is_asked_is_answered_and_changes_nothing(app: AppHarness, caplog: Any, seed: int) -> None:
    url = app.serve(Main)
    app.serve(Main, "other")
    launched = app.launch(Main).session
    server = program.current_server()
    server.app.add_handlers(".*", [("/mine", Mine)])
    path = launched.add_data("film.mp4", b"secret content of the film")
    app.launcher.store.add_shared_data("shared.bin", b"shared")
    secrets = [launched.key, launched.asset_key, launched.id, launched.app.uid]
    host = url.split("/")[2]
    stranger = Stranger(seed, host, ["film.mp4", "shared.bin", "lib.js", launched.id, launched.key])
    answered = 0
    for _ in range(REQUESTS):
        request = stranger.request()
        reply = await ask(host, request)
        status = reply.split(b" ", 2)[1] if reply.startswith(b"HTTP/1.1 ") else b""
        answered += bool(status)
        assert status not in (b"500", b"501"), (request, reply[:200])
        assert b"access-control" not in reply.lower()
        assert b"secret content" not in reply
        assert not any(secret.encode() in reply for secret in secrets if secret.encode() not in request), request
    assert answered > REQUESTS / 2
    assert app.launcher.manager.sessions == [launched]
    assert [record.getMessage() for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")] == []
    assert b"secret content" in await ask(host, f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
