"""Cookies between visits: set by one session over HTTP, read by another from its websocket's handshake."""

from __future__ import annotations

from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

from deskapp import PyComponent, event
from deskapp.bridge import messages
from deskapp.testing import AppHarness
from tests.integration.sockets import SocketPage, get


class Visit(PyComponent):
    """Counts visits in a cookie."""

    count = event.IntProp(0)

    def init(self) -> None:
        known = self.session.get_cookie("count", "0")
        self._mutate_count(int(known) + 1)
        self.session.set_cookie("count", str(self.count), httponly=True)


async def visit(app: AppHarness, page: SocketPage, jar: SimpleCookie) -> Any:
    """Open a page with the cookies of a browser, let it collect those it is offered, and return its root."""
    header = "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())
    before = set(app.launcher.manager.sessions)
    await page.connect(headers={"Cookie": header} if header else None)
    await app.until(lambda: page.of(messages.NOTICE, name="cookie"))
    for message in page.of(messages.NOTICE, name="cookie"):
        reply = await get(f"http://{page.origin}{message.data['url']}")  # type: ignore[index]
        assert reply.code == 204
        jar.load(reply.headers["Set-Cookie"])
    (session,) = set(app.launcher.manager.sessions) - before
    return session.app


async def test_a_second_visit_brings_what_the_first_has_set(
    app: AppHarness, open_page: Callable[..., SocketPage]
) -> None:
    url, jar = app.serve(Visit), SimpleCookie()
    assert (await visit(app, open_page(url), jar)).count == 1
    assert (await visit(app, open_page(url), jar)).count == 2
    assert jar["count"]["httponly"]
    jar["count"] = jar["count"].value[:-3] + "xyz"
    assert (await visit(app, open_page(url), jar)).count == 1  # changed by somebody: as good as none


async def test_another_browser_is_another_visitor(app: AppHarness, open_page: Callable[..., SocketPage]) -> None:
    url, mine, theirs = app.serve(Visit), SimpleCookie(), SimpleCookie()
    await visit(app, open_page(url), mine)
    assert (await visit(app, open_page(url), theirs)).count == 1
    assert (await visit(app, open_page(url), mine)).count == 2


async def test_a_window_knows_its_cookies_once_its_page_is_there(
    app: AppHarness, open_page: Callable[..., SocketPage]
) -> None:
    first, second = app.launch(Visit), app.launch(Visit)
    jar = SimpleCookie(first.session.take_cookie(first.session._cookies.offers[0]))
    signed = jar["count"].value
    page = open_page(app.runtime.windows[await app.window(second)].url)
    assert second.session.get_cookie("early") is None
    assert await page.connect(headers={"Cookie": f"count={signed}; early={signed}"}) == "new"
    assert second.session.request is None
    assert second.session.get_cookie("count") == "1"  # its own, which is younger
    second.session._cookies._changed.clear()
    assert second.session.get_cookie("count") == "1"  # that of the page
    assert second.session.get_cookie("early") is None  # signed as another one
