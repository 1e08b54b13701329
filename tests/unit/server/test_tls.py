"""Tickets, Host and Origin over TLS, and behind a proxy that speaks it for us."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from tornado import httpclient

from deskapp import app as program
from deskapp.testing import AppHarness
from tests.integration.sockets import SocketPage, get
from tests.unit.session.classes import Main

OpenPage = Callable[..., SocketPage]


@pytest.fixture
async def safe(certificate: tuple[Path, Path], open_page: OpenPage) -> AsyncIterator[AppHarness]:
    async with AppHarness(ssl_certfile=str(certificate[0]), ssl_keyfile=str(certificate[1])) as app:
        yield app


@pytest.fixture
def trusted(certificate: tuple[Path, Path]) -> str:
    return str(certificate[0])


async def test_a_page_that_came_by_tls_is_let_in(safe: AppHarness, open_page: OpenPage, trusted: str) -> None:
    url = safe.serve(Main)
    assert url.startswith("https://127.0.0.1:")
    page = open_page(url, ca_certs=trusted)
    assert await page.connect() == "new"
    (session,) = safe.launcher.manager.sessions
    request: Any = session.request
    assert request.protocol == "https"
    page.cut()
    assert await page.connect() == "replay"


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://{here}", None),
        ("https://localhost:{port}", None),
        ("https://evil.example", None),
        ("null", None),
        ("https://evil.example", "evil.example"),
        ("https://127.0.0.1", None),
    ],
)
async def test_a_page_of_another_origin_is_not(
    safe: AppHarness, open_page: OpenPage, trusted: str, origin: str, host: str | None
) -> None:
    page = open_page(safe.serve(Main), ca_certs=trusted)
    port = page.origin.partition(":")[2]
    with pytest.raises(httpclient.HTTPError) as caught:
        await page.open(
            origin=origin.format(here=page.origin, port=port), headers={"Host": host} if host is not None else None
        )
    assert caught.value.code == (421 if host else 403)


async def test_a_window_is_admitted_by_its_ticket_on_the_loopback_and_by_tls(
    safe: AppHarness, open_page: OpenPage, trusted: str
) -> None:
    url = safe.serve(Main)
    for is_tls in (False, True):
        main = safe.launch(Main)
        window = await safe.window(main)
        address = safe.runtime.windows[window].url
        assert address.startswith("http://127.0.0.1:")
        if is_tls:
            address = f"{url}#k={address.partition('#k=')[2]}"
        page = open_page(address, ca_certs=trusted)
        assert await page.connect() == "new"
        assert page.welcomes[-1].session_id == main.session.id
        thief = open_page(address, ca_certs=trusted)
        assert await thief.connect() == "new"  # of its own: the app is served, too
        assert thief.welcomes[-1].session_id != main.session.id


async def test_the_port_for_windows_is_of_no_use_to_others(safe: AppHarness) -> None:
    main = safe.launch(Main)
    address = safe.runtime.windows[await safe.window(main)].url.partition("#")[0]
    port = address.split(":")[2].split("/")[0]
    assert (await get(address)).code == 200
    for host in (f"localhost:{port}", "evil.example", f"evil.example:{port}"):
        assert (await get(address, headers={"Host": host})).code == 421


@pytest.mark.parametrize(("entry", "is_let_in"), [("https://apps.example", True), ("apps.example", False)])
async def test_behind_a_proxy_the_list_says_how_pages_come(open_page: OpenPage, entry: str, is_let_in: bool) -> None:
    async with AppHarness(host_allow_list=(entry,)) as app:
        page = open_page(app.serve(Main))
        options: Any = {"origin": "https://apps.example", "headers": {"Host": "apps.example"}}
        if is_let_in:
            await page.open(**options)
        else:
            with pytest.raises(httpclient.HTTPError):
                await page.open(**options)
        with pytest.raises(httpclient.HTTPError):
            await page.open(origin="https://other.example", headers={"Host": "apps.example"})


@pytest.mark.parametrize("is_believed", [True, False])
def test_a_proxy_that_is_believed_says_how_pages_come(is_believed: bool) -> None:
    async def run(app: AppHarness) -> int:
        page = SocketPage(app.serve(Main))
        running = asyncio.ensure_future(app.launcher.run_async())
        await app.until(lambda: app.launcher.is_running)
        try:
            headers = {"Host": "apps.example", "X-Forwarded-Proto": "https"}
            await page.open(origin="https://apps.example", headers=headers)
        except httpclient.HTTPError as error:
            return error.code
        finally:
            await page.end()
            program.stop()
            await running
        return 101

    with AppHarness(host_allow_list=("apps.example",)) as app:
        program.create_server(xheaders=is_believed)
        assert asyncio.run(run(app)) == (101 if is_believed else 403)
