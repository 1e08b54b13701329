"""What is answered over HTTP, asked over HTTP."""

from __future__ import annotations

import asyncio
import gzip
import re
from pathlib import Path
from typing import Any

import pytest

from deskapp import App, Csp, PyComponent
from deskapp._content_tag import content_tag
from deskapp.script.libraries import library_url
from deskapp.testing import AppHarness
from tests.integration.sockets import Reply, get
from tests.unit.script.folders import library_folder
from tests.unit.session.classes import Main

__all__ = ["library_folder"]

POLICY = (
    "default-src 'none'; script-src 'nonce-N'; style-src 'self' 'nonce-N'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob: https:; media-src 'self' data: blob: https:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


class Other(PyComponent):
    pass


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


async def test_a_library_is_kept_for_ever_under_the_tag_of_its_content(url: str, library_folder: Path) -> None:
    for name, kind in (("grid.js", "text/javascript; charset=utf-8"), ("pico.css", "text/css; charset=utf-8")):
        (library_folder / name).write_text("/* ö */" * 100, encoding="utf-8")
        path = library_url(name)
        for _ in range(2):
            reply = await get(base(url) + path)
            assert (reply.code, reply.headers["Content-Type"]) == (200, kind)
            assert reply.body.decode() == "/* ö */" * 100
            assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert_is_guarded(reply)
        packed = await get(base(url) + path, decompress_response=False, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.body).decode() == "/* ö */" * 100


async def test_what_is_no_library_or_has_another_tag_is_not_found(url: str, library_folder: Path) -> None:
    for name in ("grid.js", "other.js", "LICENSES.md"):
        (library_folder / name).write_text(name, encoding="utf-8")
    path = library_url("grid.js")
    tag = path.split("/")[2]
    wrong = [f"/_lib/0{tag[1:]}1/grid.js", "/_lib/0/grid.js", f"/_lib/{tag}/editor.js", f"/_lib/{tag}/pico.css"]
    wrong += [f"/_lib/{content_tag(name.encode())}/{name}" for name in ("other.js", "LICENSES.md")]
    for one in wrong:
        reply = await get(base(url) + one)
        assert (one, reply.code) == (one, 404)
        assert_is_guarded(reply)


async def test_libraries_are_refused_to_other_sites_and_under_other_hosts(url: str, library_folder: Path) -> None:
    (library_folder / "grid.js").write_text("1", encoding="utf-8")
    address = base(url) + library_url("grid.js")
    assert (await get(address)).code == 200
    assert (await get(address, headers={"Host": "evil.example"})).code == 421
    foreign = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}
    assert (await get(address, headers=foreign)).code == 403


async def test_a_get_makes_nothing(app: AppHarness, url: str) -> None:
    made = len(app.launcher.manager.sessions)
    for path in ("/Main/", "/Main", "/", "/Main/?a=1", "/_ws/Main/"):
        await get(base(url) + path)
    assert len(app.launcher.manager.sessions) == made


async def test_a_name_without_slash_is_redirected(url: str) -> None:
    reply = await get(url.rstrip("/"))
    assert (reply.code, reply.headers["Location"]) == (302, "/Main/")
    assert (await get(url.rstrip("/") + "?a=1&b=%20")).headers["Location"] == "/Main/?a=1&b=%20"


@pytest.mark.parametrize("path", ["/main", "/main/", "/MAIN/", "/mAIN?a=1"])
async def test_a_name_in_another_case_is_corrected(url: str, path: str) -> None:
    reply = await get(base(url) + path)
    assert (reply.code, reply.headers["Location"]) == (302, "/Main/" + path[5:].lstrip("/"))
    assert_is_guarded(reply)


async def test_names_that_differ_by_case_are_different_apps(app: AppHarness, url: str) -> None:
    app.serve(Main, "main")
    for name in ("Main", "main"):
        assert (await get(f"{base(url)}/{name}/")).code == 200
    assert (await get(f"{base(url)}/MAIN/")).code == 302


async def test_no_name_of_a_launched_app_is_guessed_by_case(app: AppHarness, url: str) -> None:
    app.launch(App(Other))
    assert (await get(f"{base(url)}/other/")).code == 404
    assert (await get(f"{base(url)}/Other/")).code == 200


# -- the list of apps


async def test_without_a_main_app_the_root_lists_what_is_served_and_nothing_else(app: AppHarness, url: str) -> None:
    app.serve(Main, "second", title="<b>Second & best</b>")
    app.launch(App(Other))
    reply = await get(base(url) + "/")
    text = reply.body.decode()
    assert reply.code == 200
    assert re.findall(r'href="(/[^_][^"]*)"', text) == ["/second/", "/Main/"]
    assert "&lt;b&gt;Second &amp; best&lt;/b&gt;" in text
    assert "<script" not in text
    assert "Other" not in text
    nonce = re.findall(r'nonce="([^"]+)"', text)[0]
    assert reply.headers["Content-Security-Policy"] == POLICY.replace("N'", f"{nonce}'").replace("'no" + nonce, "'no")
    assert_is_guarded(reply)


async def test_with_a_main_app_there_is_no_list(app: AppHarness, url: str) -> None:
    app.serve(Other, "")
    text = (await get(base(url) + "/")).body.decode()
    assert "<title>Other</title>" in text
    assert "/Main/" not in text


async def test_with_nothing_served_there_is_no_list(app: AppHarness) -> None:
    app.launch(Main)
    address = app.launcher.server.url("/")
    assert (await get(address)).code == 404
    app.serve(Other)
    assert (await get(address)).code == 200


async def test_other_sites_may_link_to_the_list_and_not_frame_or_fetch_it(url: str) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert (await get(base(url) + "/", headers=link)).code == 200
    assert (await get(base(url) + "/", headers={**link, "Sec-Fetch-Dest": "iframe"})).code == 403
    assert (await get(base(url) + "/", headers={**link, "Sec-Fetch-Mode": "cors"})).code == 403


async def test_the_client_is_packed_for_browsers_of_served_apps(app: AppHarness, url: str) -> None:
    path = re.findall(r'src="([^"]+client\.js)"', (await get(url)).body.decode())[0]
    plain = await get(base(url) + path)
    packed = await get(base(url) + path, decompress_response=False, headers={"Accept-Encoding": "gzip, br"})
    assert (plain.headers["Vary"], packed.headers["Vary"]) == ("Accept-Encoding", "Accept-Encoding")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 3


@pytest.mark.parametrize("path", ["/Nothing", "/Nothing/", "/Main/x", "/Main//", "/..", "/%2e%2e/Main/", "//"])
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
    address = app.launcher.server.url("/Main/")
    port = address.split(":")[2].split("/")[0]
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
    assert reply.headers["Accept-Ranges"] == "bytes"
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

    app.launcher.application.site.pages.page = broken  # type: ignore[method-assign, assignment]
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
