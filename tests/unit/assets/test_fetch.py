from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from deskapp.assets import _fetch
from deskapp.assets._fetch import fetched_text
from deskapp.errors import AssetMissing


@contextmanager
def answering(*parts: bytes) -> Iterator[str]:
    """A server that answers one request with these bytes, and then says nothing until the test is over."""
    is_over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(4096)
                for part in parts:
                    connection.sendall(part)
                if parts[-1:] == (b"",):
                    is_over.wait(10)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/lib.js"
        finally:
            is_over.set()
            thread.join()


def test_text_of_announced_length_is_not_waited_for_any_longer() -> None:
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", b"abc", b"") as url:
        assert fetched_text("lib.js", url) == "abc"


def test_text_without_a_length_ends_with_the_connection() -> None:
    with answering(b"HTTP/1.1 200 OK\r\n\r\n", "ü".encode()) as url:
        assert fetched_text("lib.js", url) == "ü"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"what is this", "what is this"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "404"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "after 3 of 10 bytes"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000, "larger than 1000 bytes"),
    ],
)
def test_what_is_no_whole_answer_is_an_error_with_name_and_url(
    monkeypatch: pytest.MonkeyPatch, answer: bytes, why: str
) -> None:
    monkeypatch.setattr(_fetch, "FETCH_LIMIT_BYTES", 1000)
    with answering(answer) as url, pytest.raises(AssetMissing, match=f"'lib.js'.*{url}.*({why})"):
        fetched_text("lib.js", url)


def test_nobody_is_waited_for_longer_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_fetch, "FETCH_TIMEOUT_S", 0.1)
    with (
        answering(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", b"") as url,
        pytest.raises(AssetMissing, match="timed out"),
    ):
        fetched_text("lib.js", url)


def test_all_of_it_has_to_come_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_fetch, "FETCH_WHOLE_S", -1.0)  # over when the first piece is there
    with (
        answering(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", b"") as url,
        pytest.raises(AssetMissing, match="3 bytes have come"),
    ):
        fetched_text("lib.js", url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:nowhere/lib.js", "http:///lib.js", "http://127.0.0.1/a b/lib.js"])
def test_an_address_that_is_none_is_an_error_with_name_and_url(url: str) -> None:
    with pytest.raises(AssetMissing, match=f"'lib.js'.*{url}"):
        fetched_text("lib.js", url)
