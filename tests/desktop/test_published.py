"""A published app in a real browser, as it comes from a real site."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.desktop.browser import driven_chromium
from tests.integration.published_site import ROOT, RunningSite, running_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(90)]

PROGRAM = Path(__file__).with_name("programs") / "published.py"


def publish(cls: str, site: RunningSite, *arguments: str) -> str:
    """Have a program publish one of its apps; return where it is shown."""
    command = [sys.executable, "-W", "error", str(PROGRAM), cls, site.url, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def shows(page: Page, selector: str, text: str) -> None:
    """Wait until an element has that text; Playwright's own waiting on a function needs `eval`, which pages lack."""
    from playwright.sync_api import expect

    expect(page.locator(selector)).to_have_text(text)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with driven_chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    yield page
    page.close()
    assert said == []


@pytest.fixture
def site(tmp_path: Path) -> Iterator[RunningSite]:
    with running_site(tmp_path / "site", "--list") as site:
        yield site


def test_it_works_where_it_is_published(site: RunningSite, page: Page) -> None:
    page.goto(publish("Main", site, "old"))
    shows(page, "button", "old 0")
    page.click("button")
    shows(page, "button", "old 1")
    assert page.evaluate("getComputedStyle(document.querySelector('button')).color") == "rgb(1, 2, 3)"


def test_a_reload_shows_what_was_published_last(site: RunningSite, page: Page) -> None:
    page.goto(publish("Main", site, "old"))
    shows(page, "button", "old 0")
    publish("Main", site, "new")
    page.reload()
    shows(page, "button", "new 0")


def test_its_data_is_there(site: RunningSite, page: Page) -> None:
    page.goto(publish("Pictures", site))
    picture = page.locator("img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 37
    shows(page, "pre", '<svg xmlns="http://www.w3.org/2000/svg" width="37" height="11"/>')


def test_apps_of_one_site_do_not_see_what_others_keep(site: RunningSite, page: Page, tmp_path: Path) -> None:
    page.goto(publish("Main", site, "x"))
    shows(page, "p", "not kept")
    assert page.evaluate("self.origin") == "null"
    with running_site(tmp_path / "trusted", "--trusted") as other:
        page.goto(publish("Main", other, "x"))
        shows(page, "p", "kept")


def test_the_front_page_leads_to_the_apps(site: RunningSite, page: Page) -> None:
    publish("Main", site, "listed")
    page.goto(site.url)
    page.click("ul a")
    shows(page, "button", "listed 0")
    assert page.url == f"{site.url}app/"
