"""The one application: users' own handlers, and the door that every request comes through."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tornado import httpclient, web, websocket

from deskapp import App, PyComponent
from deskapp import app as program
from deskapp.testing import AppHarness
from tests.integration.sockets import get
from tests.unit.server.test_handlers import base
from tests.unit.session.classes import Main

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class Mine(web.RequestHandler):
    """A handler as a user writes it: any method, headers of its own."""

    def prepare(self) -> None:
        self.set_header("Content-Security-Policy", "default-src 'self'")
        self.set_header("X-Method", str(self.request.method))
        self.finish(f"mine {len(self.request.body)}")


class Other(PyComponent):
    pass


@pytest.fixture
def url(app: AppHarness) -> str:
    """A served app beside a handler of the user."""
    address = app.serve(Main)
    server = program.current_server()
    server.app.add_handlers(r".*", [("/mine", Mine), (r"/(?!mine).*", Mine)])
    return address


@pytest.mark.parametrize("method", METHODS)
async def test_a_users_handler_may_use_any_method_and_headers_of_its_own(url: str, method: str) -> None:
    body = b"abc" if method in ("POST", "PUT", "PATCH") else None
    reply = await get(f"{base(url)}/mine", method=method, body=body)
    assert (reply.code, reply.headers["X-Method"]) == (200, method)
    assert reply.headers["Content-Security-Policy"] == "default-src 'self'"
    if body:
        assert reply.body == b"mine 3"


@pytest.mark.parametrize("method", METHODS)
async def test_a_users_handler_is_behind_the_same_door(url: str, method: str) -> None:
    body = b"" if method in ("POST", "PUT", "PATCH") else None
    for headers, code in (
        ({"Host": "evil.example"}, 421),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, 403),
    ):
        reply = await get(f"{base(url)}/mine", method=method, body=body, headers=headers)
        assert reply.code == code
        assert "X-Method" not in reply.headers


async def test_a_form_that_another_site_posts_is_refused(url: str) -> None:
    form = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert (await get(f"{base(url)}/mine", headers=form)).code == 200  # a link
    assert (await get(f"{base(url)}/mine", method="POST", body=b"", headers=form)).code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "file://"])
async def test_what_an_old_browser_posts_from_another_site_is_refused(url: str, origin: str) -> None:
    reply = await get(f"{base(url)}/mine", method="POST", body=b"", headers={"Origin": origin})
    assert reply.code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "file://", "own"])
async def test_other_sites_open_no_socket_to_a_users_handler_however_trusting_it_is(url: str, origin: str) -> None:
    class Trusting(websocket.WebSocketHandler):
        def check_origin(self, origin: str) -> bool:
            return True

    server = program.current_server()
    assert server is not None
    server.app.add_handlers(r".*", [("/mine/socket", Trusting)])
    address = f"{base(url).replace('http:', 'ws:')}/mine/socket"
    headers = {"Origin": base(url) if origin == "own" else origin}
    if origin == "own":
        (await websocket.websocket_connect(httpclient.HTTPRequest(address, headers=headers))).close()
    else:
        with pytest.raises(httpclient.HTTPClientError, match="403"):
            await websocket.websocket_connect(httpclient.HTTPRequest(address, headers=headers))


async def test_our_own_pages_may_post(url: str) -> None:
    for headers in (
        {"Origin": base(url)},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},  # a form on a page with no-referrer
        {},
    ):
        assert (await get(f"{base(url)}/mine", method="POST", body=b"", headers=headers)).code == 200


async def test_no_handler_takes_the_place_of_an_apps_page_or_of_what_belongs_to_it(app: AppHarness, url: str) -> None:
    data = app.launcher.store.add_shared_data("d.bin", b"shared")
    for path, code in (("/Main/", 200), ("/Main", 302), ("/_ping", 204), (f"/Main/{data}", 200), (f"/{data}", 200),
                       ("/_ws/Main/", 403), ("/_a/x/data/y", 404), ("/_nothing", 200)):  # fmt: skip
        reply = await get(base(url) + path)
        assert reply.code == code
        assert ("X-Method" in reply.headers) is (path == "/_nothing")
    for path in ("/", "/anything", "/main/", "/Main/deeper", "/Unknown/"):
        assert "X-Method" in (await get(base(url) + path)).headers


async def test_the_main_app_comes_before_a_handler_and_a_handler_before_the_list(app: AppHarness, url: str) -> None:
    assert "X-Method" in (await get(base(url) + "/")).headers
    app.serve(Other, "")
    assert b"<title>Other</title>" in (await get(base(url) + "/")).body


def test_handlers_and_apps_are_there_when_the_program_runs_again() -> None:
    with AppHarness() as app:
        server = program.current_server()
        server.app.add_handlers(r".*", [("/mine", Mine)])
        App(Main).serve()

        async def run() -> None:
            running = asyncio.ensure_future(app.launcher.run_async())
            await app.until(lambda: app.launcher.is_running)
            assert (await get(app.launcher.server.url("/mine"))).body == b"mine 0"
            assert (await get(app.launcher.server.url("/Main/"))).code == 200
            program.stop()
            await running

        for _ in range(2):
            asyncio.run(run())


async def test_the_body_of_a_refused_request_is_not_kept(app: AppHarness, url: str) -> None:
    host, port = base(url).removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"POST /Main/ HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 90000000\r\n\r\n".encode())
    status = await asyncio.wait_for(reader.readline(), 5)  # although nothing of the body was sent
    assert b" 405 " in status
    writer.close()
    await writer.wait_closed()


async def test_a_refusal_that_a_proxy_may_have_caused_is_explained_once(app: AppHarness, url: str, caplog: Any) -> None:
    host = base(url).removeprefix("http://")
    for _ in range(2):
        reply = await get(f"{base(url)}/_ws/Main/", headers={"Origin": f"https://{host}"})
        assert reply.code == 403
    assert caplog.text.count("add that address to host_allow_list") == 1
