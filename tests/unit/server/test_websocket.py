"""Who is let in by the first message, who is not, and what ends a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from tornado import httpclient

from deskapp import PyComponent
from deskapp.bridge import messages
from deskapp.bridge.codec import Codec
from deskapp.bridge.frame import join_frame
from deskapp.server import _websocket
from deskapp.testing import AppHarness
from tests.integration.sockets import SocketPage
from tests.unit.session.classes import Main

OpenPage = Callable[..., SocketPage]


async def launch(app: AppHarness, cls: type = Main) -> tuple[Any, str]:
    """Launch an app; its component and the address that its window was given."""
    main = app.launch(cls)
    window = await app.window(main)
    return main, app.runtime.windows[window].url


# -- the handshake


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://evil.example", None),
        ("null", None),
        ("file://", None),
        ("https://{here}", None),
        ("http://localhost:{port}", None),
        ("http://127.0.0.1:1", None),
        ("http://{here}", "evil.example"),
        ("http://evil.example", "evil.example"),
    ],
)
async def test_a_socket_of_another_page_is_refused(
    app: AppHarness, open_page: OpenPage, origin: str, host: str | None
) -> None:
    _, url = await launch(app)
    page = open_page(url)
    here = page.origin
    with pytest.raises(httpclient.HTTPError) as caught:
        await page.open(
            origin=origin.format(here=here, port=here.partition(":")[2]), headers={"Host": host} if host else None
        )
    assert caught.value.code in (403, 421)


async def test_a_socket_without_origin_is_refused(app: AppHarness) -> None:
    _, url = await launch(app)
    host, _, port = url.split("/")[2].partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    lines = ["GET /_ws/Main/ HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket", "Connection: Upgrade",
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "", ""]  # fmt: skip
    writer.write("\r\n".join(lines).encode())
    status = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    await writer.wait_closed()
    assert b" 403 " in status


async def test_nothing_is_compressed(app: AppHarness, open_page: OpenPage) -> None:
    _, url = await launch(app)
    page = open_page(url)
    await page.open(headers={"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"})
    assert page._socket is not None
    assert page._socket.headers is not None
    assert "Sec-WebSocket-Extensions" not in page._socket.headers


# -- tickets and keys


async def test_a_ticket_admits_once_and_its_page_gets_the_key(app: AppHarness, open_page: OpenPage) -> None:
    main, url = await launch(app)
    page = open_page(url)
    assert await page.connect() == "new"
    welcome = page.welcomes[-1]
    assert (welcome.key, welcome.session_id) == (main.session.key, main.session.id)
    assert (welcome.app_name, welcome.asset_key) == ("Main", main.session.asset_key)
    thief = open_page(url)
    assert await thief.connect() == ""
    assert thief.close_code == 4401
    assert main.session.status is main.session.STATUS.CONNECTED


async def test_a_ticket_that_is_used_twice_is_an_alarm(app: AppHarness, open_page: OpenPage, caplog: Any) -> None:
    _, url = await launch(app)
    await open_page(url).connect()
    await open_page(url).connect()
    assert "used twice" in caplog.text


@pytest.mark.parametrize("ticket", [None, "", "wrong", "x" * 3000])
async def test_without_a_valid_ticket_a_launched_app_is_closed(
    app: AppHarness, open_page: OpenPage, ticket: str | None
) -> None:
    main, url = await launch(app)
    page = open_page(url)
    page.ticket = ticket
    assert await page.connect() == ""
    assert (page.close_code, page.close_reason) == (4401, "open this window from the app")
    assert main.session.status is main.session.STATUS.PENDING


async def test_a_wrong_key_admits_to_nothing(app: AppHarness, open_page: OpenPage) -> None:
    main, url = await launch(app)
    for wrong in (main.session.id, main.session.asset_key, main.session.key[:-1], "x"):
        page = open_page(url.partition("#")[0])
        page.key = wrong
        assert await page.connect() == ""
        assert page.close_code == 4401


async def test_a_ticket_of_a_session_that_ended_is_worth_nothing(app: AppHarness, open_page: OpenPage) -> None:
    main, url = await launch(app)
    await launch(app)
    main.session.close()
    await app.until(lambda: main.session.ending)
    page = open_page(url)
    assert await page.connect() == ""
    assert page.close_code == 4401


async def test_a_page_whose_session_ended_meanwhile_is_refused(app: AppHarness, open_page: OpenPage) -> None:
    main, url = await launch(app)
    await launch(app)
    page = open_page(url)
    await page.connect()
    page.cut()
    main.session.close()
    await app.until(lambda: main.session.ending)
    assert await page.connect() == ""
    assert page.close_code == 4401


# -- the first message


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "nonsense",
        "[]",
        '[1,0,[["READY"]]]',
        '[0,0,[["PING",1]]]',
        '[1,0,[["INVOKE","Main_1","add",[1],0]]]',
        '[0,0,[["HELLO",1,null,null,0,"n","p","/","","extra"]]]',
        '[0,0,[["HELLO",1,null,null,0,"n","p","/",""],["PING",1]]]',
        r'[0,0,[["HELLO",1,null,null,0,"n","p","/Main/","a\r\nSet-Cookie: b"]]]',
        r'[0,0,[["HELLO",1,null,null,0,"n","p","/Main/\u0000",""]]]',
        b"\x00\x00\x00\x00",
        "x" * 5000,
    ],
)
async def test_the_first_message_is_a_short_hello_or_the_last(
    app: AppHarness, open_page: OpenPage, frame: str | bytes
) -> None:
    main, url = await launch(app)
    page = open_page(url)
    await page.open()
    await page.write(frame)
    await page.closed_by_now()
    assert page.close_code in (4400, 4408)
    assert main.session.status is main.session.STATUS.PENDING
    assert main.count == 0


async def test_another_version_is_told_so(app: AppHarness, open_page: OpenPage) -> None:
    _, url = await launch(app)
    page = open_page(url)
    await page.open()
    await page.write('[0,0,[["HELLO",99,null,null,0,"navigate","heap","/Main/",""]]]')
    await page.closed_by_now()
    assert page.close_code == 4426
    assert "99" in (page.close_reason or "")


async def test_who_does_not_greet_in_time_is_closed(
    app: AppHarness, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_websocket, "HELLO_DEADLINE_S", 0.05)
    _, url = await launch(app)
    page = open_page(url)
    await page.open()
    await page.closed_by_now()
    assert page.close_code == 4408


async def test_nothing_is_done_with_a_second_message_before_the_first_is_answered(
    app: AppHarness, open_page: OpenPage
) -> None:
    main, url = await launch(app)
    page = open_page(url)
    await page.open()
    hello = page.hello(ticket=page.ticket, path=page.path)
    await asyncio.gather(page.write(page.frame_of(hello)), page.write(f'[1,0,[["INVOKE","{main.id}","add",[1],0]]]'))
    await page.until(lambda: page.welcomes or page.close_code)
    assert main.count == 0 or page.close_code is None


# -- a second page


async def test_a_second_page_on_a_living_session_is_refused(app: AppHarness, open_page: OpenPage) -> None:
    main, url = await launch(app)
    first = open_page(url)
    await first.connect()
    second = open_page(url.partition("#")[0])
    second.key = first.key  # a duplicated tab has a copy
    assert await second.connect() == ""
    assert second.close_code == 4409
    first.invoke(main, "add", 1)
    await first.until(lambda: main.count == 1)


async def test_a_second_page_is_taken_when_the_first_does_not_answer(
    app: AppHarness, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_websocket, "OLD_PAGE_GRACE_S", 0.05)
    monkeypatch.setattr(_websocket, "OLD_PAGE_ANSWER_S", 0.05)
    _, url = await launch(app)
    first = open_page(url)
    await first.connect()
    assert first._reader is not None
    first._reader.cancel()  # it hangs: its socket stands, and nobody reads
    second = open_page(url.partition("#")[0])
    second.key = first.key
    assert await second.connect() == "rebuild"


async def test_a_page_that_is_going_is_waited_for(app: AppHarness, open_page: OpenPage) -> None:
    _, url = await launch(app)
    first = open_page(url)
    await first.connect()
    second = open_page(url.partition("#")[0])
    second.key = first.key
    coming = asyncio.ensure_future(second.connect())
    await asyncio.sleep(0)
    await first.leave()
    assert await coming == "rebuild"


async def test_the_same_page_takes_the_place_of_its_old_socket_at_once(app: AppHarness, open_page: OpenPage) -> None:
    _, url = await launch(app)
    page = open_page(url)
    await page.connect()
    twin = open_page(url.partition("#")[0])
    twin.key, twin.heap = page.key, page.heap
    twin._protocol = page._protocol
    assert await twin.connect() == "replay"
    await page.closed_by_now()
    assert page.close_code == 1000


# -- served apps


async def test_each_page_of_a_served_app_has_an_instance_of_its_own(app: AppHarness, open_page: OpenPage) -> None:
    url = app.serve(Main)
    first, second = open_page(url), open_page(url)
    assert (await first.connect(), await second.connect()) == ("new", "new")
    roots: list[Any] = [session.app for session in app.launcher.manager.sessions]
    assert len(roots) == 2
    first.invoke(roots[0], "add", 1)
    second.invoke(roots[1], "add", 2)
    await first.until(lambda: [root.count for root in roots] == [1, 2])


async def test_a_reload_of_a_served_app_is_fresh(app: AppHarness, open_page: OpenPage) -> None:
    page = open_page(app.serve(Main))
    await page.connect()
    (old,) = app.launcher.manager.sessions
    assert await page.reload() == "fresh"
    (new,) = app.launcher.manager.sessions
    assert new is not old
    assert old.status is old.STATUS.CLOSED


async def test_a_served_page_that_lost_its_socket_resumes(app: AppHarness, open_page: OpenPage) -> None:
    page = open_page(app.serve(Main))
    await page.connect()
    (session,) = app.launcher.manager.sessions
    page.cut()
    assert await page.connect() == "replay"
    assert app.launcher.manager.sessions == [session]


async def test_the_request_carries_path_and_query_of_the_page(app: AppHarness, open_page: OpenPage) -> None:
    page = open_page(app.serve(Main))
    await page.connect(query="?a=1&b=2")
    request: Any = app.launcher.manager.sessions[0].request
    assert (request.path, request.query) == ("/Main/", "a=1&b=2")


async def test_a_launched_session_has_no_request(app: AppHarness, open_page: OpenPage) -> None:
    main, url = await launch(app)
    await open_page(url).connect()
    assert main.session.request is None


async def test_a_served_app_that_fails_closes_its_page_and_leaves_nothing(
    app: AppHarness, open_page: OpenPage, caplog: Any
) -> None:
    class Fails(PyComponent):
        def init(self) -> None:
            raise RuntimeError("cannot start")

    page = open_page(app.serve(Fails))
    assert await page.connect() == ""
    assert page.close_code == 4450
    assert "cannot start" in caplog.text
    assert app.launcher.manager.sessions == []


@pytest.mark.parametrize("path", ["/", "/Nothing/", "/Main/x/", "", "../Main", "/_ws/"])
async def test_a_page_of_no_app_is_refused(app: AppHarness, open_page: OpenPage, path: str) -> None:
    page = open_page(app.serve(Main))
    page.path = path if path.startswith("/") else f"/{path}"
    assert await page.connect() == ""
    assert page.close_code == 4401


# -- the end of connections


@pytest.mark.parametrize(
    "frame",
    [
        "nonsense",
        '[7,0,[["LOG","info","x",""]]]',
        '[1,0,[["READY"]]]',
        '[1,99,[["LOG","info","x",""]]]',
        "[1,0,[]]",
        '[1,0,[["NOTHING"]]]',
        '[0,0,[["PONG",77]]]',
        '[1,0,[["INVOKE","Main_1","keep",[{"$":["b",5]}],0]]]',
        b"\xff\xff\xff\xff",
        '[0,0,[["HELLO",1,null,null,0,"n","p","/",""]]]',
    ],
)
async def test_a_frame_that_breaks_the_rules_closes_its_session_and_no_other(
    app: AppHarness, open_page: OpenPage, frame: str | bytes
) -> None:
    main, url = await launch(app)
    other, other_url = await launch(app)
    page, bystander = open_page(url), open_page(other_url)
    await page.connect()
    await bystander.connect()
    await page.write(frame)
    await page.closed_by_now()
    assert page.close_code == 4400
    await app.until(lambda: main.session.ending)
    bystander.invoke(other, "add", 1)
    await bystander.until(lambda: other.count == 1)


async def test_of_a_stranger_nothing_large_is_kept(app: AppHarness) -> None:
    _, url = await launch(app)
    origin = url.partition("/Main")[0]
    host = origin.removeprefix("http://")
    reader, writer = await asyncio.open_connection(*host.split(":"))
    lines = [f"Host: {host}", f"Origin: {origin}", "Connection: Upgrade", "Upgrade: websocket"]
    lines += ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
    writer.write("\r\n".join(["GET /_ws/Main/ HTTP/1.1", *lines, "", ""]).encode())
    assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    writer.write(b"\x81\xff" + (2**25).to_bytes(8, "big") + b"mask")  # the head alone of a text of 32 MiB
    answer = await asyncio.wait_for(reader.read(), _websocket.HELLO_DEADLINE_S / 2)
    writer.close()
    assert answer[:1] == b"\x88"
    assert int.from_bytes(answer[2:4], "big") == 4408


async def test_a_frame_beyond_the_limit_closes_the_session(open_page: OpenPage) -> None:
    async with AppHarness(max_message_bytes=2**16) as app:
        main, url = await launch(app)
        page = open_page(url)
        await page.connect()
        await page.write("x" * (2**16 + 1))
        await page.closed_by_now()
        assert page.close_code == 4413
        await app.until(lambda: main.session.ending)


async def test_buffers_that_nobody_refers_to_are_bounded(app: AppHarness, open_page: OpenPage) -> None:
    main, url = await launch(app)
    page = open_page(url)
    await page.connect()

    codec = Codec()
    for n in range(1, 300):
        text = codec.encode_message(messages.BUFFER(f"b{n}", 0, 2**24), lambda _: 0)
        await page.write(join_frame(n, 0, [text], [bytes(8)]))
        if page.close_code is not None:
            break
    await page.closed_by_now()
    assert page.close_code == 4413
    await app.until(lambda: main.session.ending)


async def test_a_hundred_refusals_close_the_session(app: AppHarness, open_page: OpenPage) -> None:
    main, url = await launch(app)
    page = open_page(url)
    await page.connect()
    for _ in range(100):
        page.invoke(main, "nothing")
    await page.closed_by_now()
    assert page.close_code == 4400
    await app.until(lambda: main.session.ending)


async def test_a_page_that_asks_is_answered_by_a_pong(app: AppHarness, open_page: OpenPage) -> None:
    _, url = await launch(app)
    page = open_page(url)
    await page.connect()
    page._protocol.ping()
    page._write_soon()
    await page.until(lambda: not page._protocol.awaits_pong)


async def test_closing_a_session_tells_its_page_why(app: AppHarness, open_page: OpenPage) -> None:
    main, url = await launch(app)
    page = open_page(url)
    await page.connect()
    main.session.close(4321, "ü" * 200)
    await page.closed_by_now()
    assert page.closed == messages.CLOSE(4321, "ü" * 200)
    assert page.close_code == 4321
    assert page.close_reason == "ü" * 60


async def test_a_page_that_leaves_during_its_admission_leaves_nothing_behind(
    app: AppHarness, open_page: OpenPage
) -> None:
    main, url = await launch(app)
    page = open_page(url)
    await page.open()
    await page.write(page.frame_of(page.hello(ticket=page.ticket, path=page.path)))
    page.cut()
    again = open_page(url.partition("#")[0])
    again.key = main.session.key
    assert await again.connect() in ("new", "rebuild")
