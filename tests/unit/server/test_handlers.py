"""What is answered over HTTP, asked over HTTP."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from deskapp import App, Csp
from deskapp.testing import AppHarness
from tests.integration.sockets import Reply, get
from tests.unit.session.classes import Main

POLICY = (
    "default-src 'none'; script-src 'nonce-N'; style-src 'self' 'nonce-N'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob: https:; media-src 'self' data: blob: https:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@pytest.fixture
def url(app: AppHarness) -> str:
    """The address of a served app."""
    return app.serve(Main)


def base(url: str) -> str:
    return "/".join(url.split("/")[:3])


async def test_the_page_is_a_loader_with_the_title_and_no_secret(app: AppHarness, url: str) -> None:
    session = app.session(Main)
    reply = await get(url)
    text = reply.body.decode()
    assert reply.code == 200
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<title>Main</title>" in text
    assert 'id="deskapp-root"' in text
    for secret in (session.key, session.asset_key, session.id):
        assert secret not in text


async def test_the_policy_is_exactly_the_strict_one_with_a_nonce_of_its_own(url: str) -> None:
    nonces = set()
    for _ in range(3):
        reply = await get(url)
        policy = reply.headers["Content-Security-Policy"]
        nonce = re.findall(r"script-src 'nonce-([^']+)'", policy)[0]
        assert policy.replace(nonce, "N") == POLICY
        assert set(re.findall(r'nonce="([^"]+)"', reply.body.decode())) == {nonce}
        assert len(nonce) >= 22
        nonces.add(nonce)
    assert len(nonces) == 3


def assert_is_guarded(reply: Reply) -> None:
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Referrer-Policy"] == "no-referrer"
    assert reply.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert reply.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert reply.headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert "Server" not in reply.headers
    assert "Set-Cookie" not in reply.headers
    assert "Access-Control-Allow-Origin" not in reply.headers


async def test_every_answer_carries_the_headers_that_guard_it(app: AppHarness, url: str) -> None:
    session = app.session(Main)
    client = re.findall(r'src="([^"]+client\.js)"', (await get(url)).body.decode())[0]
    paths = ["/", "/Main", "/Main/", "/nothing/", "/_ping", client, "/_a/x/data/y", "/_client/0/x.js", "/favicon.ico"]
    for path in [*paths, session.add_data("x.html", b"<script>1</script>")]:
        assert_is_guarded(await get(base(url) + path))
    assert_is_guarded(await get(url, headers={"Host": "evil.example"}))
    assert_is_guarded(await get(url, method="POST", body=b"x"))


async def test_documents_are_not_stored_and_the_client_is_kept_for_ever(url: str) -> None:
    page = await get(url)
    assert page.headers["Cache-Control"] == "no-store"
    for name, kind in (("client.js", "text/javascript; charset=utf-8"), ("client.css", "text/css; charset=utf-8")):
        path = re.findall(rf'"([^"]+{name})"', page.body.decode())[0]
        reply = await get(base(url) + path)
        assert (reply.code, reply.headers["Content-Type"]) == (200, kind)
        assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert (await get(base(url) + re.sub("[0-9a-f]{8}", "00000000", path))).code == 404


async def test_a_get_makes_nothing(app: AppHarness, url: str) -> None:
    made = len(app.launcher.manager.sessions)
    for path in ("/Main/", "/Main", "/", "/Main/?a=1", "/_ws/Main/"):
        await get(base(url) + path)
    assert len(app.launcher.manager.sessions) == made


async def test_a_name_without_slash_is_redirected(url: str) -> None:
    reply = await get(url.rstrip("/"))
    assert (reply.code, reply.headers["Location"]) == (302, "/Main/")


@pytest.mark.parametrize(
    "path", ["/", "/Nothing", "/Nothing/", "/main/", "/Main/x", "/Main//", "/..", "/%2e%2e/Main/", "//"]
)
async def test_what_is_not_there_is_not_found(url: str, path: str) -> None:
    reply = await get(base(url) + path)
    assert reply.code == 404
    assert reply.body == b"404 Not Found\n"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_only_get_and_head_are_answered(url: str, method: str) -> None:
    body = b"x" if method in ("POST", "PUT", "PATCH") else None
    for address in (url, f"{base(url)}/_ping"):
        reply = await get(address, method=method, body=body, allow_nonstandard_methods=True)
        assert reply.code == 405


async def test_head_is_a_get_without_body(url: str) -> None:
    reply = await get(url, method="HEAD")
    assert (reply.code, reply.body) == (200, b"")


async def test_a_ping_is_answered_with_nothing(url: str) -> None:
    assert (await get(f"{base(url)}/_ping")).code == 204


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:80"])
async def test_another_host_is_misdirected(url: str, host: str) -> None:
    reply = await get(url, headers={"Host": host})
    assert reply.code == 421


async def test_served_apps_answer_to_localhost_and_launched_ones_do_not(app: AppHarness) -> None:
    app.launch(Main)
    port = app.launcher.server.serving[1]
    address = f"http://127.0.0.1:{port}/Main/"
    assert (await get(address, headers={"Host": f"localhost:{port}"})).code == 421
    app.serve(Main)
    assert (await get(address, headers={"Host": f"localhost:{port}"})).code == 200


async def test_other_sites_may_link_to_a_page_only(url: str) -> None:
    fetch = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    frame = {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    assert (await get(url, headers=fetch)).code == 403
    assert (await get(url, headers=frame)).code == 403
    assert (await get(url, headers=link)).code == 200
    assert (await get(f"{base(url)}/_ping", headers=link)).code == 403
    assert (await get(url, headers={"Sec-Fetch-Site": "same-origin"})).code == 200


async def test_handlers_of_the_user_are_behind_the_same_door(app: AppHarness, url: str) -> None:
    from tornado import web

    class Mine(web.RequestHandler):
        def get(self) -> None:
            self.finish("mine")

    app.launcher.server.app.add_handlers(".*", [("/mine", Mine)])
    assert (await get(f"{base(url)}/mine")).body == b"mine"
    assert (await get(f"{base(url)}/mine", headers={"Host": "evil.example"})).code == 421


async def test_the_address_of_a_socket_is_no_page(url: str) -> None:
    reply = await get(f"{base(url)}/_ws/Main/", headers={"Origin": base(url)})
    assert reply.code in (400, 426)


# -- files


async def test_data_lies_under_the_sessions_own_path(app: AppHarness, url: str) -> None:
    session = app.session(Main)
    address = base(url) + session.add_data("a/pic.png", b"\x89PNG")
    reply = await get(address)
    assert (reply.code, reply.body, reply.headers["Content-Type"]) == (200, b"\x89PNG", "image/png")
    assert reply.headers["Cache-Control"] == "private, no-cache"
    assert reply.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


async def test_the_sessions_key_and_id_open_no_files(app: AppHarness, url: str) -> None:
    session = app.session(Main)
    session.add_data("x", b"1")
    for wrong in (session.key, session.id, "x", session.asset_key + "x", session.asset_key[:-1]):
        assert (await get(f"{base(url)}/_a/{wrong}/data/x")).code == 404
    assert (await get(f"{base(url)}/_a/{session.asset_key}/data/x")).code == 200


async def test_files_are_gone_with_their_session(app: AppHarness, url: str) -> None:
    session, other = app.session(Main), app.session(Main)
    address = base(url) + session.add_data("x", b"1")
    session.close()
    assert other.status is other.STATUS.PENDING  # which keeps the program running
    assert (await get(address)).code == 404


@pytest.mark.parametrize("name", ["../x", "..%2fx", "%2e%2e/x", "/etc/passwd", "x%00", "nothing"])
async def test_names_do_not_leave_their_store(app: AppHarness, url: str, name: str) -> None:
    session = app.session(Main)
    session.add_data("x", b"1")
    assert (await get(f"{base(url)}/_a/{session.asset_key}/data/a/{name}")).code in (400, 404)


async def test_shared_assets_and_data_are_found_where_the_store_says_beside_every_page(
    app: AppHarness, url: str
) -> None:
    asset = app.launcher.store.add_shared_asset("lib.js", "var lib = 'ü';")
    data = app.launcher.store.add_shared_data("pictures/d.bin", b"shared")
    script = await get(f"{url}{asset}")
    assert script.body.decode() == "var lib = 'ü';"
    assert script.headers["Content-Type"].endswith("charset=utf-8")
    assert (await get(f"{url}{data}")).body == b"shared"
    assert (await get(f"{base(url)}/{data}")).body == b"shared"
    assert (await get(f"{url}deskapp/data/shared/lib.js")).code == 404
    session = app.session(Main)
    assert (await get(f"{base(url)}/_a/{session.asset_key}/data/pictures/d.bin")).body == b"shared"


async def test_errors_of_handlers_say_nothing_of_the_request(app: AppHarness, url: str, caplog: Any) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("internal detail")

    app.launcher.server.site.pages.page = broken  # type: ignore[method-assign, assignment]
    reply = await get(f"{url}?secret=1")
    assert (reply.code, reply.body) == (500, b"500 Internal Server Error\n")
    assert_is_guarded(reply)


# -- wider policies, asked for by name


async def test_an_app_may_ask_for_less_by_name(app: AppHarness) -> None:
    application = App(Main, csp=Csp(connect=("https://api.example.org",), eval=True, wasm=True))
    application.serve("wide")
    policy = (await get(application.url)).headers["Content-Security-Policy"]
    assert "connect-src 'self' https://api.example.org;" in policy
    assert "'unsafe-eval' 'wasm-unsafe-eval';" in policy


async def test_the_main_app_lies_at_the_root(app: AppHarness) -> None:
    address = app.serve(Main, "")
    assert address.count("/") == 3
    assert (await get(address)).code == 200


async def test_many_requests_at_once_are_answered(url: str) -> None:
    replies = await asyncio.gather(*(get(url) for _ in range(30)))
    assert {reply.code for reply in replies} == {200}


async def test_a_cookie_is_handed_out_once_and_to_nobody_else(app: AppHarness, url: str) -> None:
    session = app.session(Main)
    session.set_cookie("name", "value", httponly=True)
    token = session._cookies.offers[0]
    address = f"{base(url)}/_a/{session.asset_key}/cookie/{token}"
    other = app.session(Main)
    for wrong in (address[:-1], f"{base(url)}/_a/{other.asset_key}/cookie/{token}", f"{base(url)}/_a/x/cookie/{token}"):
        reply = await get(wrong)
        assert (reply.code, reply.headers.get("Set-Cookie")) == (404, None)
    assert (await get(address, method="HEAD")).code == 405
    assert (await get(address, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"})).code == 403
    reply = await get(address)
    assert (reply.code, reply.body) == (204, b"")
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Set-Cookie"].startswith("name=")
    assert "HttpOnly" in reply.headers["Set-Cookie"]
    again = await get(address)
    assert (again.code, again.headers.get("Set-Cookie")) == (404, None)


async def test_a_cookie_of_a_session_that_has_ended_is_gone(app: AppHarness, url: str) -> None:
    app.session(Main)  # the program goes on with this one
    session = app.session(Main)
    session.set_cookie("name", "value")
    address = f"{base(url)}/_a/{session.asset_key}/cookie/{session._cookies.offers[0]}"
    session.close()
    assert (await get(address)).code == 404
