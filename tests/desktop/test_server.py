"""Several apps on one server, as a real browser sees them: with TLS, with handlers of a user, with media."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.desktop.browser import driven_chromium
from tests.desktop.pages import Pages
from tests.desktop.program import Program, Start

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(60)]

WAIT_MS = 10_000


@pytest.fixture
def browser() -> Iterator[Browser]:
    with driven_chromium() as browser:
        yield browser


class TlsProxy:
    """Takes TLS off and passes everything on, unread.

    Args:
        chain: Its certificate.
        key: The key of it.
    """

    def __init__(self, chain: Path, key: Path) -> None:
        self.target = 0
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(chain, key)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        self.writers: list[asyncio.StreamWriter] = []
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="test-proxy")

    def __enter__(self) -> TlsProxy:
        self.thread.start()
        self.server = self._run(asyncio.start_server(self._connected, sock=self.listening, ssl=self.context))
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    async def _end(self) -> None:
        self.server.close()
        for writer in self.writers:
            writer.transport.abort()
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self.target)
        self.writers += [writer, inner_writer]
        try:
            await asyncio.gather(self._pass_on(reader, inner_writer), self._pass_on(inner_reader, writer))
        finally:
            writer.transport.abort()
            inner_writer.transport.abort()

    @staticmethod
    async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()


def address_of(program: Program) -> str:
    """Wait until it serves, as its log says; the address that the log gives."""
    program.until_logged("Serving apps at ", timeout_s=15)
    found = re.search(r"Serving apps at (\S+)", program.log)
    assert found is not None
    return found[1]


def shows(page: Page, text: str) -> None:
    page.wait_for_function("text => document.querySelector('h1')?.textContent === text", arg=text, timeout=WAIT_MS)


def test_the_line_in_the_log_says_that_the_server_answers(start: Start) -> None:
    program = start("hosting.py")
    address = address_of(program)
    assert address == program.until("serving")["url"]
    host, port = address.split("/")[2].split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=2)
    connection.request("GET", "/First/")
    assert connection.getresponse().status == 200
    connection.close()
    program.tell("stop")
    program.until("returned", code=0)


def test_two_apps_and_a_main_app_run_at_once(start: Start, browser: Browser) -> None:
    program = start("hosting.py")
    address = address_of(program)
    pages = {}
    for path, label in (("", "Home"), ("First/", "First"), ("other/", "Second"), ("first?x=1", "First")):
        page = pages[path] = browser.new_page()
        page.goto(address + path)
        shows(page, f"{label} 0")
    assert pages["first?x=1"].url == f"{address}First/?x=1"  # slash and case are put right
    for path, label in (("other/", "Second"), ("", "Home"), ("First/", "First")):
        pages[path].click("button")
        shows(pages[path], f"{label} 1")
    shows(pages["first?x=1"], "First 0")
    assert {line["app"] for line in program.all("made")} == {"__main__", "First", "other"}
    for name in ("__main__", "First", "other"):
        program.until("count", app=name, count=1)
    program.tell("stop")
    program.until("returned", code=0)


def test_a_page_knows_how_to_open_its_socket_over_which_everything_else_comes(start: Start, browser: Browser) -> None:
    program = start("served.py")
    page = browser.new_page()
    asked: list[str] = []
    frames: list[str | bytes] = []
    page.on("request", lambda request: asked.append(request.resource_type))
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(frame)))
    page.goto(address_of(program) + "Visit/")
    program.until("seen", number=1)
    program.tell("set_count", 1, 7)
    program.until("count", number=1, count=7)
    page.wait_for_function("deskapp.session.instances.get('Visit_1')?.count === 7", timeout=WAIT_MS)
    assert sorted(asked) == ["document", "script", "stylesheet"]
    text = "".join(frame if isinstance(frame, str) else frame.decode(errors="replace") for frame in frames)
    for word in ("WELCOME", "DEFINE", "INSTANTIATE", "EMIT"):
        assert f'["{word}"' in text


@pytest.mark.parametrize("given", ["settings", "code"])
def test_over_tls_pages_and_their_sockets_are_encrypted(
    start: Start, browser: Browser, certificate: tuple[Path, Path], given: str
) -> None:
    chain, key = map(str, certificate)
    if given == "settings":
        program = start("hosting.py", env={"DESKAPP_SSL_CERTFILE": chain, "DESKAPP_SSL_KEYFILE": key})
    else:
        program = start("hosting.py", server={"ssl_options": {"certfile": chain, "keyfile": key}})
    address = address_of(program)
    assert address.startswith("https://127.0.0.1:")
    page = browser.new_context(ignore_https_errors=True).new_page()
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(address + "other")
    shows(page, "Second 0")
    page.click("button")
    shows(page, "Second 1")
    assert [url.partition("?")[0] for url in sockets] == [f"wss{address.removeprefix('https')}_ws/other"]
    assert page.evaluate("async () => (await fetch('/adding', {method: 'POST', body: '1 2'})).json()") == {"sum": 3}
    context = ssl.create_default_context(cafile=chain)
    host, port = address.split("/")[2].split(":")
    connection = http.client.HTTPSConnection(host, int(port), timeout=2, context=context)
    connection.request("GET", "/", headers={"Host": "evil.example"})
    assert connection.getresponse().status == 421
    connection.close()


def test_behind_a_proxy_that_speaks_tls_everything_works_under_its_name(
    start: Start, browser: Browser, certificate: tuple[Path, Path]
) -> None:
    with TlsProxy(*certificate) as proxy:
        program = start("hosting.py", env={"DESKAPP_HOST_ALLOW_LIST": f"https://localhost:{proxy.port}"})
        proxy.target = int(address_of(program).split(":")[2].strip("/"))
        page = browser.new_context(ignore_https_errors=True).new_page()
        page.goto(f"https://localhost:{proxy.port}/First/")
        shows(page, "First 0")
        page.click("button")
        shows(page, "First 1")
        assert page.evaluate("async () => (await fetch('/adding', {method: 'POST', body: '1 2'})).json()") == {"sum": 3}
        page.goto(f"https://127.0.0.1:{proxy.port}/First/")
        assert page.inner_text("body").strip() == "421 Misdirected Request"
        program.until_logged("add it to host_allow_list")


def test_a_window_opens_beside_apps_that_are_served_over_tls(start: Start, certificate: tuple[Path, Path]) -> None:
    chain, key = map(str, certificate)
    program = start("hosting.py", env={"DESKAPP_SSL_CERTFILE": chain, "DESKAPP_SSL_KEYFILE": key}, launch=True)
    program.until("made", app="First")
    assert program.window("launched")
    program.remember_family()
    program.tell("stop")
    program.until("returned", code=0)


def test_a_handler_of_the_user_is_reached_by_our_pages_and_by_nobody_elses(
    start: Start, browser: Browser, pages: Pages
) -> None:
    program = start("hosting.py")
    address = address_of(program)
    page = browser.new_page()
    page.goto(address)
    shows(page, "Home 0")
    for method in ("POST", "PUT"):
        script = "async method => (await fetch('/adding', {method, body: '20 3'})).json()"
        assert page.evaluate(script, method) == {"sum": 23}
    page.goto(f"{address}adding")
    assert page.title() == "Mine runs"
    asked = len(program.all("asked"))
    evil = browser.new_page()
    pages.html["/"] = "<!doctype html><title>evil</title><form method=post></form>"
    evil.goto(pages.url)
    attack = """async address => {
        const told = [];
        for (const method of ['POST', 'GET']) {
            for (const mode of ['cors', 'no-cors']) {
                try {
                    const answer = await fetch(address + 'adding', {method, mode});
                    told.push(answer.type + answer.status);
                } catch (error) { told.push('failed'); }
            }
        }
        told.push(await new Promise((resolve) => {
            const socket = new WebSocket(address.replace('http', 'ws') + '_ws/');
            socket.onopen = () => resolve('open');
            socket.onclose = () => resolve('closed');
        }));
        return told;
    }"""
    assert evil.evaluate(attack, address) == ["failed"] * 4 + ["closed"]
    assert len(program.all("asked")) == asked
    with evil.expect_navigation() as posted:
        evil.evaluate(
            "address => { document.forms[0].action = address + 'adding'; document.forms[0].submit() }", address
        )
    answer = posted.value
    assert answer is not None
    assert answer.status == 403
    assert len(program.all("asked")) == asked


def test_a_player_seeks_in_a_file_without_loading_it_whole(start: Start, browser: Browser) -> None:
    program = start("hosting.py")
    page = browser.new_page()
    heard: list[Response] = []
    page.on("response", lambda response: heard.append(response) if response.url.endswith(".wav") else None)
    page.goto(address_of(program))
    shows(page, "Home 0")
    seek = """async () => {
        const audio = document.querySelector('audio');
        if (audio.readyState < 1) await new Promise((done) => { audio.onloadedmetadata = done; });
        audio.currentTime = 25;
        await new Promise((done) => { audio.onseeked = done; });
        return [audio.duration, audio.currentTime, audio.src];
    }"""
    duration, now, url = page.evaluate(seek)
    assert (duration, now) == (30, 25)
    assert {response.status for response in heard} == {206}
    fetched = page.evaluate(
        """async (url) => {
            const part = await fetch(url, {headers: {Range: 'bytes=100-149'}});
            const tag = part.headers.get('Etag');
            const none = await fetch(url, {headers: {Range: 'bytes=999999999-'}});
            const whole = await fetch(url, {cache: 'no-store'});
            const known = await fetch(url, {headers: {'If-None-Match': tag}, cache: 'no-store'});
            return [part.status, part.headers.get('Content-Range'), (await part.arrayBuffer()).byteLength,
                    none.status, whole.status, known.status];
        }""",
        url,
    )
    size = 44 + 30 * 8000 * 2
    assert fetched == [206, f"bytes 100-149/{size}", 50, 416, 200, 304]


def test_one_page_too_many_is_told_to_come_again_later(start: Start, browser: Browser) -> None:
    program = start("served.py", name="", env={"DESKAPP_MAX_SESSIONS": "1"})
    address = address_of(program)
    first, second = browser.new_page(), browser.new_page()
    first.goto(address)
    program.until("seen", number=1)
    second.goto(address)
    second.wait_for_selector("#deskapp-closed", timeout=WAIT_MS)
    assert "As many people use this app as it admits" in second.inner_text("#deskapp-closed")
    first.close()
    program.until("disposed", number=1)
    second.reload()
    program.until("seen", number=2)


def test_what_is_served_is_listed_where_there_is_no_main_app(start: Start, browser: Browser) -> None:
    program = start("served.py", name="my_visits")
    page = browser.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(address_of(program))
    assert page.inner_text("h1") == "Apps"
    assert [link.inner_text().split() for link in page.query_selector_all("li a")] == [["Visit", "/my_visits/"]]
    assert problems == []
    page.click("li a")
    program.until("seen", number=1)
    assert page.url.endswith("/my_visits/")
