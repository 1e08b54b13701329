"""What outlives one page, or goes from one page to another, in real pages: cookies, and shared components."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.desktop.browser import driven_chromium
from tests.desktop.program import Start
from tests.desktop.screen import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.desktop, pytest.mark.once]


def kept(context: BrowserContext) -> dict[str, Any]:
    """The cookies of a browser, by name."""
    return {str(cookie["name"]): cookie for cookie in context.cookies()}


def until_counted(context: BrowserContext, before: dict[str, Any]) -> None:
    """Wait until the browser has collected another count of visits."""

    def is_new() -> bool:
        now = kept(context)
        return now.keys() == {"visits", "plain"} and now["visits"] != before.get("visits")

    wait_until(is_new, what="the cookies")


def visit(context: BrowserContext, url: str) -> Page:
    """Open a page, and wait until the browser has the cookies of this visit."""
    before = kept(context)
    page = context.new_page()
    page.goto(url)
    until_counted(context, before)
    return page


def until_true(page: Page, expression: str) -> None:
    """Wait until an expression is true in a page. Not `wait_for_function`, whose text is code to the page's policy."""
    wait_until(lambda: page.evaluate(expression), what=expression)


@pytest.mark.timeout(60)
def test_a_browser_is_known_again_by_a_cookie_that_scripts_do_not_see(start: Start) -> None:
    program = start("visitors.py")
    url = program.until("serving")["url"]
    with driven_chromium() as browser:
        context = browser.new_context()
        page = visit(context, url)
        assert program.until("visit", number=1)["visits"] == 1
        seen: str = page.evaluate("document.cookie")
        assert "plain=" in seen
        assert "visits" not in seen
        cookies = kept(context)
        assert (cookies["visits"]["httpOnly"], cookies["plain"]["httpOnly"]) == (True, False)
        assert cookies["visits"]["sameSite"] == "Lax"
        assert "scripts" not in cookies["plain"]["value"]
        page.close()

        again = visit(context, url)
        second = program.until("visit", number=2)
        assert (second["visits"], second["plain"]) == (2, "seen by scripts")
        cookies = kept(context)
        again.reload()
        assert program.until("visit", number=3)["visits"] == 3
        until_counted(context, cookies)
        cookies = kept(context)

        stranger = browser.new_context()
        visit(stranger, url)
        assert program.until("visit", number=4)["visits"] == 1

        program.tell("clear", 3)
        wait_until(lambda: kept(context).keys() == {"plain"}, what="the cleared cookie")

        forged: Any = {**cookies["visits"], "value": cookies["visits"]["value"][:-4] + "AAAA"}
        context.add_cookies([forged])
        visit(context, url)
        assert program.until("visit", number=5)["visits"] == 1
    program.tell("stop")
    program.until("returned", code=0)
    assert "Traceback" not in program.log


@pytest.mark.timeout(60)
def test_pages_share_state_and_components(start: Start) -> None:
    program = start("visitors.py")
    url = program.until("serving")["url"]
    with driven_chromium() as browser:
        first, second = browser.new_context().new_page(), browser.new_context().new_page()
        first.goto(url)
        program.until("visit", number=1)
        second.goto(url)
        program.until("visit", number=2)
        program.tell("set_text", "for both")
        for page in (first, second):
            until_true(page, "document.body.textContent.includes('1 for both')")

        program.tell("introduce")
        assert program.until("introduced")["same"]  # Python sees the component itself
        until_true(second, "window.other !== undefined && window.count === 0")
        session_id = first.evaluate("deskapp.session.id")
        # The first page's object is a stub in the second page; its Python component has a proxy there.
        assert second.evaluate("window.other") == f"{session_id}_Pane_2"
        program.tell("ask")
        program.until("count", count=1)
        until_true(second, "window.count === 1")
        until_true(first, "deskapp.session.get_component_instance('Visit_1').count === 1")
    program.tell("stop")
    program.until("returned", code=0)
    assert "Traceback" not in program.log
