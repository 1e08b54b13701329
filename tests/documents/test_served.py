"""What the documents promise of apps that browsers open, in a browser."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest

from tests.desktop.browser import driven_chromium
from tests.desktop.screen import wait_until
from tests.documents.stranger import Strangers

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(60)]


def test_apps_are_found_by_browsers_under_their_names(strangers: Strangers) -> None:
    stranger = strangers.begin("several_apps.py")
    stranger.until_printed_lines(2)
    url, facts = stranger.printed
    assert url.endswith("/other_name/")
    assert facts == "other_name True __main__"
    shown = {"First/": "first", "other_name/": "another word", "second_again/": "second", "": "front"}
    with driven_chromium() as browser:
        for name, text in shown.items():
            page = browser.new_page()
            page.goto(urljoin(url, f"/{name}"))
            page.get_by_text(text, exact=True).wait_for(timeout=5000)
        # Each page has an instance of its own.
        another = browser.new_page()
        another.goto(url)
        another.get_by_text("another word", exact=True).wait_for(timeout=5000)
        sessions = "__import__('deskapp').app.manager.sessions"
        assert stranger.python(f"{{session.runtime for session in {sessions}}} == {{None}}")
        names = stranger.python(f"sorted(session.app_name for session in {sessions})")
        assert names == ["First", "__main__", "other_name", "other_name", "second_again"]
        stranger.python(f"{sessions}[1].app.set_word('changed')")
        stranger.until_page("document.body.textContent.trim()", "changed", session=1)
        assert another.get_by_text("another word", exact=True).is_visible()
    stranger.python("app.stop()")
    assert stranger.program.wait() == 0
    assert stranger.printed[2:] == ["stopped"]


def test_a_cookie_is_signed_kept_by_the_browser_and_cleared(strangers: Strangers) -> None:
    stranger = strangers.begin("cookies.py")
    stranger.until_printed_lines(1)
    [url] = stranger.printed
    with driven_chromium() as browser:
        context = browser.new_context()

        def visit(text: str) -> None:
            page = context.new_page()
            page.goto(url)
            page.get_by_text(text, exact=True).wait_for(timeout=5000)

        def cookies() -> list[str]:
            return [str(cookie.get("value")) for cookie in context.cookies() if cookie.get("name") == "visits"]

        visit("visit 1")
        wait_until(lambda: len(cookies()) == 1, what="the cookie")
        [first] = cookies()
        assert context.cookies()[0].get("httpOnly") is True
        visit("visit 2")
        wait_until(lambda: cookies() not in ([], [first]), what="the second cookie")
        # What was changed by somebody else counts for nothing.
        [cookie] = context.cookies()
        tampered = cookies()[0][:-2] + "xx"
        context.add_cookies([{"name": "visits", "value": tampered, "domain": cookie["domain"], "path": cookie["path"]}])
        assert cookies() == [tampered]
        visit("visit 1")
        wait_until(lambda: cookies() != [] and not cookies()[0].endswith("xx"), what="a new cookie")
        stranger.python("app.manager.sessions[-1].app.forget()")
        wait_until(lambda: cookies() == [], what="no cookie")
        visit("visit 1")


def test_a_handler_of_the_user_answers_beside_the_apps(strangers: Strangers) -> None:
    stranger = strangers.begin("own_handlers.py")
    stranger.until_printed_lines(2)
    facts, url = stranger.printed
    assert facts == "True http"
    with driven_chromium() as browser:
        page = browser.new_page()
        for path, text in (("hello", "hello from a handler"), ("Main/", "the app"), ("Second/", "the second app")):
            page.goto(url + path)
            page.get_by_text(text, exact=True).wait_for(timeout=5000)
    stranger.python("app.stop()")
    assert stranger.program.wait() == 0
