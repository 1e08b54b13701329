"""Frames, tables and plots of functions, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.desktop.browser import driven_chromium
from tests.desktop.program import Program, Start
from tests.desktop.screen import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(60)]


@pytest.fixture
def program(start: Start) -> Program:
    return start("script_data.py")


@pytest.fixture
def page(program: Program) -> Iterator[Page]:
    """A page whose console is to stay without errors."""
    errors: list[str] = []
    with driven_chromium() as browser:
        page: Page = browser.new_page(viewport={"width": 1000, "height": 900}, color_scheme="dark")
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
    assert errors == []
    program.tell("stop")
    assert program.wait() == 0
    assert "Traceback" not in program.log


def heights(page: Page) -> list[int]:
    """How high the frames of a page are, in px."""
    found: list[int] = page.evaluate("[...document.querySelectorAll('iframe')].map(each => each.offsetHeight)")
    return found


def cell(page: Page, row: int, column: int) -> Locator:
    """A cell of a table, if the page has its row."""
    return page.locator(f".ag-row[row-index='{row}'] .ag-cell[col-id='{column}']")


def test_a_table_makes_the_columns_that_are_seen_and_tab_leaves_it(program: Program, page: Page) -> None:
    page.add_init_script(
        "const create = document.createElement; window.made = 0;"
        "document.createElement = function (...args) { window.made += 1; return create.apply(this, args); };"
    )
    page.goto(program.until("serving")["url"] + "wide/")
    cell(page, 9, 3).wait_for()
    assert page.evaluate("window.made") < 3000  # of all columns they would be 20,000
    cell(page, 2, 1).click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    below = page.get_by_role("button", name="below")
    assert below.evaluate("it => it === document.activeElement"), "keys do not lead out of the table"
    page.keyboard.press("Shift+Tab")
    wait_until(lambda: cell(page, 0, 0).evaluate("it => it === document.activeElement"), what="the rows that are seen")


def test_frames_have_no_part_in_their_page_and_are_as_high_as_what_is_in_them(program: Program) -> None:
    with driven_chromium() as browser:
        page = browser.new_page(color_scheme="dark")
        page.goto(program.until("serving")["url"] + "frames/")
        frame = page.frame_locator("iframe").first
        found = frame.locator("#found")
        found.get_by_text("refused").wait_for()
        assert found.text_content() == "2 null SecurityError SecurityError refused"
        wait_until(lambda: 200 < heights(page)[0] < 300, what="the height of the first frame")
        spy = next(each for each in page.frames if each.evaluate("Boolean(self.grow)"))
        spy.evaluate("grow()")
        wait_until(lambda: 700 < heights(page)[0] < 800, what="the height of a frame that grows")
        assert heights(page)[1] < 300, "it grows by itself for ever"
        assert spy.evaluate("document.documentElement.style.colorScheme") == "dark"
        page.emulate_media(color_scheme="light")
        wait_until(lambda: spy.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)", what="dark letters")
        address = page.locator("iframe").last.get_attribute("src")
        page.get_by_role("button", name="remove").press("Enter")  # where frames were, clicks may be lost for a moment
        program.until("removing", timeout_s=5)
        page.locator("iframe").nth(1).wait_for(state="detached")
        wait_until(
            lambda: page.evaluate("url => fetch(url).then(answer => answer.status)", address) == 404,
            what="the end of a document whose frame has gone",
        )
        alone = browser.new_page()
        alone.goto(spy.url)
        alone.get_by_text("refused").wait_for()
        assert alone.locator("#found").text_content() == "2 null  SecurityError refused"  # its own parent
    program.tell("stop")
    assert program.wait() == 0


def test_a_hundred_thousand_rows_are_there_at_once(program: Program, page: Page) -> None:
    page.goto(program.until("serving")["url"] + "table/")
    grid = page.locator(".deskapp-datatable")
    cell(page, 1, 1).get_by_text("Person 7919").wait_for()
    assert page.get_by_role("grid", name="people").get_attribute("aria-rowcount") == "100001"
    # The very last rows.
    grid.locator(".ag-grid-viewport").evaluate("each => { each.scrollTop = each.scrollHeight; }")
    cell(page, 99_999, 0).get_by_text("99999").wait_for()
    grid.locator(".ag-grid-viewport").evaluate("each => { each.scrollTop = 0; }")
    # Sorted and filtered in Python.
    grid.get_by_role("columnheader", name="name").click()
    cell(page, 2, 1).get_by_text("Person 1", exact=True).wait_for()
    grid.locator(".ag-header-cell[col-id='1'] .ag-header-cell-filter-button").click()
    page.keyboard.type("son 1234")
    wait_until(lambda: _rows(page) == 12, what="rows that are left")
    page.keyboard.press("Escape")
    cell(page, 0, 1).get_by_text("Person 1234", exact=True).wait_for()
    # Selected by mouse and by keyboard.
    action = grid.get_by_role("button", name="Open")
    assert action.is_disabled()
    cell(page, 0, 1).click()
    chosen = program.until("selected")["row"]
    assert grid.locator(".deskapp-datatable-bar").text_content() == "Person 1234"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert program.until("selected", times=2)["row"] != chosen
    action.click()
    page.get_by_text("opened").wait_for()
    grid.get_by_role("button", name="Delete").click()
    wait_until(lambda: _rows(page) == 11, what="a row less")
    wait_until(action.is_disabled, what="that nothing is selected")
    # The function has long ended.
    page.get_by_role("button", name="replace").click()
    grid.get_by_text("Three").wait_for()
    assert _rows(page) == 4


def test_rows_change_where_they_are(program: Program, page: Page) -> None:
    page.goto(program.until("serving")["url"] + "table/")
    page.get_by_text("At once").wait_for()
    page.get_by_role("button", name="update").click()
    page.get_by_text("Changed").wait_for()
    page.get_by_role("button", name="insert").click()
    page.locator(".ag-row[row-index='0']").get_by_text("New").wait_for()
    assert _rows(page) == 100_002


def test_plots_are_drawn_in_their_frames(program: Program, page: Page) -> None:
    page.goto(program.until("serving")["url"] + "plots/")
    picture = page.get_by_role("img", name="A line")
    picture.wait_for()
    assert picture.evaluate("each => [each.naturalWidth, each.width]") == [600, 300]
    frames = page.frame_locator("iframe")
    frames.nth(0).locator(".scatterlayer path.js-line").wait_for()
    frames.nth(1).locator("svg.marks").wait_for()
    frames.nth(2).locator("canvas").first.wait_for()
    page.get_by_role("cell", name="16").wait_for()
    page.get_by_role("button", name="add").press("Enter")
    cell(page, 2, 0).wait_for()
    assert page.evaluate("[...document.querySelectorAll('.ag-row')].map(each => each.offsetHeight)") == [29, 29, 29]
    assert all(190 < height < 480 for height in heights(page)), heights(page)


def _rows(page: Page) -> int:
    """How many rows the grid says it has, with the header."""
    return int(page.locator("[role=grid]").get_attribute("aria-rowcount") or 0)
