"""deskapp/_publish.py, against sites that answer in every way but the good one. The good one: tests/integration."""

from __future__ import annotations

import http.server
import io
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from deskapp._publish import Publication, pack
from deskapp.errors import PublishError

FILES = {"index.html": b"<p>hello</p>", "a/b.js": b"1" * 100_000}
TOKEN = "a-secret-token"


class Answers(http.server.BaseHTTPRequestHandler):
    """Notes the request and answers as told."""

    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.seen.append((self.path, dict(self.headers), body))
        status, headers, text = server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self) -> None:
        server: Any = self.server
        server.seen.append((self.path, dict(self.headers), b"GET"))
        self.send_error(500)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


class Site:
    """A site that answers what a test says."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
        server: Any = http.server.HTTPServer(("127.0.0.1", 0), Answers)
        self._server = server
        self._server.seen = self.seen
        self._server.answer = (200, {}, b"")
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def answers(self, status: int, text: bytes = b"", **headers: str) -> None:
        self._server.answer = (status, {name.replace("_", "-"): value for name, value in headers.items()}, text)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that speaks no HTTP of its own accord."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                talk(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        thread.join(5)
        assert not thread.is_alive()


def refused(
    url: str | None, name: Any = "clock", token: Any = TOKEN, files: Any = FILES, **options: float
) -> PublishError:
    with pytest.raises(PublishError) as caught:
        Publication(name, token, url, **options).send(files)
    assert TOKEN not in str(caught.value)
    return caught.value


def test_what_is_sent(site: Site) -> None:
    Publication("clock", TOKEN, site.url).send(FILES)
    [(path, headers, body)] = site.seen
    assert path == "/"
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["Deskapp-Name"] == "clock"
    assert headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert {info.filename: archive.read(info) for info in archive.infolist()} == FILES


def test_the_same_files_make_the_same_zip() -> None:
    assert pack(FILES) == pack(dict(reversed(list(FILES.items()))))


def test_name_and_token_are_filled_in_where_the_user_wrote_them(site: Site) -> None:
    Publication("my-clock", "a/secret?token", f"{site.url}sub/{{name}}/{{token}}?n={{name}}").send(FILES)
    assert site.seen[0][0] == "/sub/my-clock/a%2Fsecret%3Ftoken?n=my-clock"


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        (b'{"url": "/apps/clock/"}', "apps/clock/"),
        (b'{"url": "clock/"}', "clock/"),
        (b'{"url": 3}', ""),
        (b'{"url": "javascript:alert(1)"}', ""),
        (b'{"url": "http://a.example/\\u001b[2J"}', ""),
        (b"[1]", ""),
        (b"fine", ""),
        (b"\xff", ""),
        (b"", ""),
    ],
)
def test_the_address_is_what_the_site_says_or_where_it_was_sent(site: Site, answer: bytes, path: str) -> None:
    site.answers(200, answer)
    assert Publication("clock", TOKEN, site.url).send(FILES) == site.url + path


def test_a_site_may_show_it_elsewhere(site: Site) -> None:
    site.answers(201, b'{"url": "https://shown.example/clock/"}')
    assert Publication("clock", TOKEN, site.url).send(FILES) == "https://shown.example/clock/"


def test_the_token_is_not_told_by_the_address_either(site: Site) -> None:
    assert Publication("clock", TOKEN, site.url + "{token}/").send(FILES) == site.url + "{token}/"


@pytest.mark.parametrize(
    ("status", "text", "said"),
    [
        (403, b"'clock' was published with another token\n", "(403): 'clock' was published with another token"),
        (413, b"too\nlarge", "(413): too large"),
        (500, b"", "(500): Internal Server Error"),
        (404, b"your token " + TOKEN.encode() + b" is wrong", "(404): your token (token) is wrong"),
        (400, b"\x1b]0;title\x07\xff", "(400): ]0;title"),
        (400, b"x" * 5000, "(400): " + "x" * 300 + "…"),
    ],
)
def test_a_refusal_says_what_the_site_said(site: Site, status: int, text: bytes, said: str) -> None:
    site.answers(status, text, Content_Type="text/plain")
    error = refused(site.url)
    assert (error.name, error.site, error.status) == ("clock", site.url, status)
    assert str(error).startswith(f"'clock' was not published at {site.url}: the site refused {said}")


def test_a_page_full_of_html_is_not_shown(site: Site) -> None:
    site.answers(502, b"<html>long</html>", Content_Type="text/html")
    assert str(refused(site.url)).endswith("the site refused (502): Bad Gateway")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_token_follows_no_redirect(site: Site, status: int) -> None:
    site.answers(status, b"", Location="/elsewhere")
    error = refused(site.url)
    assert f"the site is elsewhere ({status}): use {site.url}elsewhere" in str(error)
    assert [(path, body == b"GET") for path, _, body in site.seen] == [("/", False)]


def test_a_proxy_has_no_business_with_this_machine(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    Publication("clock", TOKEN, site.url).send(FILES)
    assert len(site.seen) == 1


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as once:
        port = once.getsockname()[1]
    assert "is `deskapp site DIR` running?" in str(refused(f"http://127.0.0.1:{port}/"))


def test_a_site_that_hangs_up() -> None:
    with talking(lambda connection: None) as url:
        assert "the connection broke" in str(refused(url))


def test_a_site_that_speaks_something_else() -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"220 mail.example ESMTP\r\n")

    with talking(talk) as url:
        assert "the connection broke" in str(refused(url))


def test_a_site_that_says_nothing() -> None:
    gone = threading.Event()

    def talk(connection: socket.socket) -> None:
        gone.wait(5)

    with talking(talk) as url:
        assert "the site was silent for 0.2 s" in str(refused(url, silence_s=0.2))
        gone.set()


def test_a_site_that_never_comes_to_its_end() -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        try:
            while True:
                connection.sendall(b"x")
                threading.Event().wait(0.02)  # this is what is tested: a drop now and then
        except OSError:
            return

    with talking(talk) as url:
        assert "it took longer than 0.3 s" in str(refused(url, files={"index.html": b""}, whole_s=0.3))


@pytest.mark.parametrize("name", ["", "my clock", "../x", None, "con"])
def test_an_impossible_name_is_not_sent(site: Site, name: Any) -> None:
    assert repr(name) in str(refused(site.url, name=name))
    assert site.seen == []


@pytest.mark.parametrize("token", ["", "short", "two words", "größerer-schlüssel", None, "a-secret\r\nX: y"])
def test_an_impossible_token_is_not_sent_and_not_told(site: Site, token: Any) -> None:
    error = refused(site.url, token=token)
    assert "a token has 8 to 200" in str(error)
    assert not token or token not in str(error)
    assert site.seen == []


@pytest.mark.parametrize(
    ("files", "why"),
    [({}, "there is no 'index.html'"), ({"index.html": b"", "../a": b""}, "the file '../a' cannot be published")],
)
def test_impossible_files_are_not_sent(site: Site, files: Any, why: str) -> None:
    assert why in str(refused(site.url, files=files))
    assert site.seen == []


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (None, "deskapp site DIR"),
        ("", "publish_url"),
        ("clock", "begins with https://"),
        ("ftp://a.example/", "begins with https://"),
        ("file:///etc/passwd", "begins with https://"),
        (7, "an address is a text"),
        ("https://", "and a host"),
        ("https://a.example:port/", "no address"),
        ("https://[a/", "no address"),
        ("https://a.example/x y", "no spaces"),
        ("https://a.example/größe", "beyond ASCII"),
        ("https://a.example/\r\nX: y", "no spaces"),
        ("https://me:secret@a.example/", "the token is the password"),
        ("https://a.example/{user}", "only {name} and {token}"),
        ("https://a.example/{name.__class__}", "only {name} and {token}"),
        ("http://a.example/", "everybody on the way could read the token"),
        ("http://192.168.0.7:8080/", "needs https://"),
        ("http://127.0.0.1.a.example/", "needs https://"),
    ],
)
def test_an_impossible_address_is_refused_before_anything_is_done(url: Any, why: str) -> None:
    with pytest.raises(PublishError) as caught:
        Publication("clock", TOKEN, url)
    assert why in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "localhost", "app.localhost", "[::1]"])
def test_on_this_machine_plain_http_will_do(host: str) -> None:
    assert Publication("clock", TOKEN, f"http://{host}:8080/") is not None
