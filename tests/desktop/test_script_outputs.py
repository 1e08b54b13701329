"""What functions show, in a real page: texts stay texts, and everything works with keys and mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.desktop.browser import driven_chromium
from tests.desktop.program import Program, Start
from tests.desktop.screen import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(60)]


def texts(page: Page, selector: str) -> list[str]:
    return [text.strip() for text in page.locator(selector).all_inner_texts()]


def box(page: Page, selector: str) -> dict[str, float]:
    found: Any = page.locator(selector).first.bounding_box()
    assert found is not None, selector
    return dict(found)


def test_what_functions_show_looks_and_works_as_said(start: Start) -> None:
    program: Program = start("outputs.py")
    url = program.until("serving")["url"]
    with driven_chromium() as browser:
        page: Page = browser.new_page(viewport={"width": 900, "height": 800})
        # Long enough to look; the default is longer than a test.
        page.set_default_timeout(10_000)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        assert program.until("loading")["shown"] is True
        assert program.until("shown")["harmed"] == 0
        check_text(page)
        check_places(page)
        check_long_and_foreign(page)
        check_keys(page)
        check_changes(page)
        check_popup(page, program)
        check_toast(page, program)
        check_many(page, program)
        assert page.evaluate("window.harmed || 0") == 0
        page.get_by_role("link", name="other").press("Enter")
        page.get_by_text("the other app").wait_for()
        assert errors == []
    program.tell("stop")
    assert program.wait() == 0
    assert "Traceback" not in program.log


def check_text(page: Page) -> None:
    assert page.locator("main script, [onerror], main form, main style, a[href^=javascript]").count() == 0
    assert page.locator("body").is_visible()
    assert page.locator("main i").inner_text() == "no root"
    assert page.locator("#scope-ROOT").count() == 1
    assert page.locator(".deskapp-markdown h1 em").inner_text() == "heading"
    assert page.locator(".deskapp-markdown code .hljs-keyword").inner_text() == "def"
    assert page.locator(".deskapp-markdown li input").get_attribute("aria-label") == "done"
    for link in page.locator(":is(.deskapp-markdown, .deskapp-html) a[href]:not([href^='#'])").all():
        assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener noreferrer")
    address = page.url
    page.get_by_text("a way down").click()
    assert page.url == address
    heads = page.locator("div.deskapp-table").nth(1).locator("th")
    assert (heads.count(), heads.nth(0).get_attribute("rowspan"), heads.nth(1).get_attribute("colspan")) == (
        4,
        "2",
        "2",
    )
    cells = page.locator("div.deskapp-table").nth(1).locator("td")
    assert cells.nth(0).inner_text() == "line\nbreak"
    assert cells.nth(1).inner_text().startswith("<img src=x onerror=")
    assert cells.nth(2).inner_text() == "output"
    link = page.locator("a.deskapp-hyperlink").first
    assert link.inner_text().startswith("<img")
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener noreferrer")


def check_places(page: Page) -> None:
    left, right = box(page, "p:text-is('left')"), box(page, "p:text-is('right')")
    assert (right["x"] - left["x"], left["y"]) == (110, right["y"])
    over, under = box(page, "p:text-is('over')"), box(page, "p:text-is('under')")
    assert under["y"] - over["y"] - over["height"] >= 10
    assert box(page, "div:has(> p:text-is('wide'))")["width"] == 100
    image = page.locator("img.deskapp-image").first
    assert page.evaluate("image => [image.naturalWidth, image.src.split(':')[0]]", image.element_handle()) == [
        40,
        "blob",
    ]
    assert (box(page, "img.deskapp-image")["width"], box(page, "img.deskapp-image")["height"]) == (80, 40)
    assert (image.get_attribute("alt") or "").startswith("<img")
    empty, full = page.locator(".deskapp-small").all()
    assert empty.evaluate("button => button.offsetHeight") == full.evaluate("button => button.offsetHeight")


def check_long_and_foreign(page: Page) -> None:
    assert page.evaluate(
        "['scrollWidth', 'clientWidth'].map(name => document.querySelector('#deskapp-root')[name])"
    ) == [
        900,
        900,
    ]
    assert box(page, "th:text-is('Heading')")["width"] > 60
    assert box(page, ".deskapp-progress:has-text('a long label') > progress")["width"] > 200
    for text in page.get_by_text("שלום.").all():
        room = text.evaluate(
            "it => {const all = new Range(); all.selectNodeContents(it);"
            " return it.closest('main > *').getBoundingClientRect().right - all.getBoundingClientRect().right}"
        )
        assert room == pytest.approx(0, abs=2), "it does not begin at the right"


def check_keys(page: Page) -> None:
    tabs = page.get_by_role("tab")
    assert page.get_by_role("tabpanel").inner_text() == "One content"
    tabs.nth(0).focus()
    for key, chosen in (("ArrowRight", 1), ("End", 2), ("ArrowRight", 0), ("ArrowLeft", 2), ("Home", 0)):
        page.keyboard.press(key)
        assert [tab.get_attribute("aria-selected") for tab in tabs.all()].index("true") == chosen
    tabs.nth(1).click()
    assert page.get_by_role("tabpanel").inner_text() == "Two content"
    assert page.get_by_text("was hidden").is_hidden()
    page.locator("summary").press("Enter")
    page.get_by_text("was hidden").wait_for()
    alert = page.locator(".deskapp-alert", has_text="second")
    assert page.get_by_role("alert").inner_text() == "went wrong"
    alert.get_by_role("button", name="Close").press("Enter")
    alert.wait_for(state="detached")


def check_changes(page: Page) -> None:
    assert page.get_by_role("progressbar").count() == 2
    assert page.locator("progress").first.evaluate("bar => [bar.value, bar.ariaLabel]") == [0.5, "bar"]
    assert texts(page, ".deskapp-progress")[0] == "half"
    assert page.get_by_text("is loading").count() == 0
    assert page.locator(".deskapp-loading").count() == 0
    row = page.locator(".deskapp-grid", has_text="Handle:")
    assert row.inner_text().split() == ["Handle:", "zero", "one", "TWO", "three"]
    ends = "box => box.scrollTop + box.clientHeight >= box.scrollHeight - 1"
    wait_until(lambda: page.locator(".deskapp-scrollable").evaluate(ends) is True, what="the end of the lines")


def check_popup(page: Page, program: Program) -> None:
    button = page.get_by_role("button", name="Popup")
    button.click()
    program.until("popup")
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("inside").wait_for()
    assert dialog.get_by_role("heading").inner_text().startswith("Really? <img")
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    assert button.evaluate("button => button === document.activeElement")
    button.click()
    dialog.get_by_text("inside").wait_for()
    page.mouse.click(5, 5)
    dialog.wait_for(state="detached")
    button.click()
    dialog.get_by_role("button", name="Yes").click()
    program.until("yes")
    dialog.wait_for(state="detached")
    button.click()
    dialog.get_by_role("button", name="Again").click()
    dialog.get_by_text("stays").wait_for()
    assert page.locator("dialog").count() == 1
    for _ in range(3):
        page.keyboard.press("Escape")
        page.mouse.click(5, 5)
    assert dialog.get_by_text("stays").is_visible()
    assert dialog.get_by_role("button").count() == 0
    page.evaluate("document.querySelector('dialog').remove()")


def check_toast(page: Page, program: Program) -> None:
    button = page.get_by_role("button", name="Toast")
    button.click()
    button.click()
    toasts = page.locator(".deskapp-toast")
    wait_until(lambda: toasts.count() == 2, what="two toasts")
    shown = toasts.first
    assert shown.inner_text().startswith("<img")
    assert shown.evaluate("toast => [getComputedStyle(toast).color, toast.role]") == ["rgb(0, 0, 0)", "status"]
    shown.get_by_role("button").first.press("Enter")
    program.until("toasted")
    page.keyboard.press("Escape")
    toasts.get_by_role("button", name="Close").click()
    wait_until(lambda: toasts.count() == 0, what="no toast")


def check_many(page: Page, program: Program) -> None:
    page.evaluate(
        "() => { const revoke = URL.revokeObjectURL; window.revoked = 0;"
        " URL.revokeObjectURL = (url) => { window.revoked += 1; revoke.call(URL, url); }; }"
    )
    page.get_by_role("button", name="Many").click()
    found = program.until("many")
    assert found["cells"] == 45
    wait_until(lambda: page.evaluate("window.revoked") == 200, what="no picture in memory")
