"""Programs that are functions: each opens in a real window, and is used in a driven browser."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from PIL import Image

from tests.desktop.browser import driven_chromium
from tests.desktop.program import PROGRAMS, Program, starting
from tests.desktop.screen import Screen, wait_until
from tests.examples.program import EXAMPLES

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(60)]

SCRIPTS = EXAMPLES / "scripts"
MOST_LINES = 170
ROWS = 100_000

WINDOWS = {
    "bmi.py": ["Body-mass index"],
    "chat_room.py": ["Chat room", "Chat room"],
    "csv_explorer.py": ["CSV explorer"],
    "game.py": ["2048"],
    "resize_images.py": ["Resize pictures"],
}
"""Titles of the windows of each."""


class Open(Protocol):
    """Serves an example, and gives as many pages of it as are wanted."""

    def __call__(self, name: str, *args: str, pages: int = 1) -> list[Page]: ...


@pytest.fixture
def opened(screen: Screen, tmp_path: Path) -> Iterator[Open]:
    """Nobody may have complained in the end."""
    complaints: list[str] = []
    programs: list[Program] = []
    with ExitStack() as stack:
        start = stack.enter_context(starting(screen, tmp_path))
        browser = stack.enter_context(driven_chromium())

        def opened(name: str, *args: str, pages: int = 1) -> list[Page]:
            options = {"path": str(SCRIPTS / name), "cls": "main", "args": args}
            programs.append(start(command=[str(PROGRAMS / "example.py"), json.dumps(options)]))
            url = programs[-1].until("serving")["url"]
            found = []
            for _ in range(pages):
                page = browser.new_context(viewport={"width": 1000, "height": 900}).new_page()
                page.set_default_timeout(15_000)
                page.on("pageerror", lambda error: complaints.append(str(error)))
                page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
                page.goto(url)
                found.append(page)
            return found

        yield opened
        assert complaints == []
        for program in programs:
            assert "ERROR" not in program.log
            assert "WARNING" not in program.log


def test_each_begins_with_what_it_shows_and_is_short() -> None:
    paths = sorted(SCRIPTS.glob("*.py"))
    assert [path.name for path in paths] == sorted(WINDOWS)
    for path in paths:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith('"""'), path
        assert lines[0].endswith('."""'), path
        assert len(lines) <= MOST_LINES, path


def test_each_opens_windows_and_ends_with_them(screen: Screen, tmp_path: Path, people: Path) -> None:
    with starting(screen, tmp_path) as start:
        for name, titles in WINDOWS.items():
            arguments = [str(people)] if name == "csv_explorer.py" else []
            program = start(command=[str(SCRIPTS / name), *arguments])
            wait_until(partial(shows, program, titles), what=f"windows of {name}")
            for window in program.shown():
                screen.run("wmctrl", "-i", "-c", window.handle)
            assert program.wait() == 0, name
            assert "Traceback" not in program.log
            assert "ERROR" not in program.log


def shows(program: Program, titles: list[str]) -> bool:
    return program.titles() == titles


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of many rows; nobody has the id 7, and only one in a thousand lives in Łódź."""
    path = tmp_path_factory.mktemp("csv") / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["id", "name", "town", "height"])
        towns = ["Oslo", "Łódź"]
        writer.writerows([f"{n:06}", f"Person {n}", towns[n % 1000 == 7], 150 + n % 50] for n in range(ROWS))
    return path


def test_the_form_checks_each_number_and_both_and_asks_again(opened: Open) -> None:
    [page] = opened("bmi.py")
    page.get_by_label("Height in cm").fill("1.8")
    page.get_by_label("Weight in kg").fill("81")
    page.get_by_text("Are these metres?").wait_for()
    page.get_by_label("Height in cm").fill("180")
    page.get_by_label("Weight in kg").fill("8.1")
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("That would be an index of 2.5.").wait_for()
    page.get_by_label("Weight in kg").fill("81")
    page.keyboard.press("Enter")
    page.get_by_text("25.0", exact=True).wait_for()
    assert page.get_by_text("Healthy at this height").text_content() == "Healthy at this height: 60 to 81 kg"
    assert page.get_by_text("Overweight").count() == 2  # in words, and on the scale
    assert page.get_by_text("25.0", exact=True).evaluate("it => getComputedStyle(it).color") == "rgb(255, 255, 255)"
    # The next time in other units: what is there follows.
    page.get_by_label("Imperial").check()
    assert_becomes(page, "Height in inches", "70.9")
    assert_becomes(page, "Weight in pounds", "178.6")
    page.get_by_label("Weight in pounds").fill("120")
    page.keyboard.press("Enter")
    page.get_by_text("16.8", exact=True).wait_for()
    assert page.locator("tbody").inner_text().split("\t") == ["25.0, overweight", "1.80 m", "81.0 kg"]
    assert page.get_by_label("Height in inches").input_value() == "70.9"


def assert_becomes(page: Page, label: str, value: str) -> None:
    field = page.get_by_label(label)
    wait_until(lambda: field.input_value() == value, what=f"{value} in {label}")


def test_people_in_a_room_read_each_other_and_see_who_comes_and_goes(opened: Open) -> None:
    one, other, late = opened("chat_room.py", pages=3)
    for page, name in ((one, "Heron"), (other, "Otter")):
        page.get_by_label("Your nickname").fill(name)
        page.keyboard.press("Enter")
        page.get_by_label("Message").wait_for()
    one.get_by_text("Here: Heron, Otter").wait_for()
    say(one, "<b>Is anybody here?</b>")
    other.get_by_text("<b>Is anybody here?</b>").wait_for()
    for number in range(20):
        say(other, f"I am {number}")
    one.get_by_text("I am 19").wait_for()
    box = one.locator(".deskapp-scrollable")
    wait_until(lambda: box.evaluate("it => it.scrollTop > 0 && it.scrollTop + it.clientHeight > it.scrollHeight - 3"))
    late.get_by_label("Your nickname").fill("Otter")
    late.keyboard.press("Enter")
    late.get_by_text("Otter is here already.").wait_for()
    late.get_by_label("Your nickname").fill("Wren")
    late.keyboard.press("Enter")
    late.get_by_text("<b>Is anybody here?</b>").wait_for()  # what was said before
    one.get_by_text("Wren is here").wait_for()
    other.close()
    one.get_by_text("Otter has left").wait_for()
    late.get_by_text("Here: Heron, Wren").wait_for()


def say(page: Page, text: str) -> None:
    page.get_by_label("Message").fill(text)
    page.keyboard.press("Enter")
    page.get_by_text(text, exact=True).wait_for()


def test_a_hundred_thousand_rows_of_a_file_are_seen_searched_and_counted(opened: Open, people: Path) -> None:
    [page] = opened("csv_explorer.py", str(people))

    def cell(row: int, column: int) -> Locator:
        return page.locator(f".ag-row[row-index='{row}'] .ag-cell[col-id='{column}']")

    cell(1, 1).get_by_text("Person 1", exact=True).wait_for()
    page.get_by_text("100,000 of 100,000 rows").wait_for()
    page.locator(".ag-grid-viewport").evaluate("it => { it.scrollTop = it.scrollHeight; }")
    cell(ROWS - 1, 1).get_by_text("Person 99999").wait_for()
    assert cell(ROWS - 1, 0).text_content() == "099999"  # a name, and no number
    page.get_by_label("Only rows with this text").press_sequentially("łódź")
    page.get_by_text("100 of 100,000 rows").wait_for()
    cell(99, 1).get_by_text("Person 99007").wait_for()
    page.get_by_role("grid").press("Control+Home")
    cell(0, 1).get_by_text("Person 7", exact=True).wait_for()
    page.get_by_role("tab", name="Columns").click()
    page.get_by_role("row", name="height").wait_for()
    assert [row.split("\t") for row in page.locator("#scope-Columns table").inner_text().splitlines()] == [
        ["Column", "Filled", "Different", "Often", "Least", "Median", "Mean", "Greatest"],
        ["id", "100,000", "100,000", "", "", "", "", ""],
        ["name", "100,000", "100,000", "", "", "", "", ""],
        ["town", "100,000", "2", "Oslo (99,900 times)", "", "", "", ""],
        ["height", "100,000", "50", "150 (2,000 times)", "150", "174.5", "174.5", "199"],
    ]
    page.get_by_role("tab", name="Histograms").click()
    page.get_by_role("img", name="Histogram of height").wait_for()
    # Other files: without rows, and with two.
    open_file(page, "empty.csv", "a,b\n")
    page.get_by_text("empty.csv cannot be read: it has no rows below its header").wait_for()
    open_file(page, "two.csv", "a,b\n1,x\n2,y\n")
    page.get_by_text("2 of 2 rows").wait_for()
    page.get_by_label("Only rows with this text").fill("Y")
    page.get_by_text("1 of 2 rows").wait_for()
    cell(0, 0).get_by_text("2").wait_for()


def open_file(page: Page, name: str, text: str) -> None:
    page.get_by_role("button", name="Open a file…").click()
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "", "buffer": text.encode()})
    page.locator(".deskapp-sent").wait_for()
    page.get_by_role("button", name="Submit").click()


def test_pictures_are_resized_into_a_zip_and_a_broken_one_is_told(opened: Open, tmp_path: Path) -> None:
    [page] = opened("resize_images.py")
    files: list[Any] = []
    for name, kind, size in (("wide.jpg", "JPEG", (900, 300)), ("high.png", "PNG", (100, 640))):
        file = io.BytesIO()
        Image.new("RGB", size, "teal").save(file, kind)
        files.append({"name": name, "mimeType": "", "buffer": file.getvalue()})
    files.insert(1, {"name": "broken.png", "mimeType": "image/png", "buffer": b"no"})
    page.locator("input[type=file]").set_input_files(files)
    page.locator(".deskapp-sent").nth(2).wait_for()
    page.get_by_label("Longer side in pixels").fill("320")
    page.get_by_label("As it is").check()
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("broken.png is no picture").wait_for()
    assert page.get_by_text("320 × 107").count() == 1
    assert page.locator("td img").evaluate_all("all => all.map(it => it.naturalWidth)") == [240, 240, 37, 37]
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Save 2 pictures").click()
    downloading.value.save_as(tmp_path / "pictures.zip")
    with zipfile.ZipFile(tmp_path / "pictures.zip") as archive:
        found = {name: Image.open(io.BytesIO(archive.read(name))) for name in archive.namelist()}
    assert {name: (image.format, image.size) for name, image in found.items()} == {
        "01 wide.jpg": ("JPEG", (320, 107)),
        "03 high.png": ("PNG", (50, 320)),
    }
    page.get_by_role("button", name="Resize other pictures").click()
    page.locator("input[type=file]").wait_for(state="attached")


def test_tiles_slide_by_keys_and_buttons_and_back(opened: Open) -> None:
    [page] = opened("game.py")

    def cells() -> list[int]:
        return [int(text or 0) for text in page.locator("[id^=scope-tile-]").all_text_contents()]

    page.get_by_text("0 points").wait_for()
    wait_until(lambda: sum(map(bool, cells())) == 2, what="two tiles")
    before = cells()
    for key in ("ArrowLeft", "ArrowRight"):  # one of them at least moves a tile
        page.keyboard.press(key)
    wait_until(lambda: sum(cells()) > sum(before), what="a new tile")
    for _ in range(5):
        for arrow in "←↓→":
            page.get_by_role("button", name=arrow).click()
    wait_until(lambda: any(value > 4 for value in cells()), what="tiles that became one")
    score = int((page.locator("#scope-score").text_content() or "").split()[0])
    assert score > 0
    undo = page.get_by_role("button", name="Undo")
    for _ in range(20):  # more often than there were moves
        undo.click()
    wait_until(lambda: cells() == before, what="the beginning")
    page.get_by_text(f"0 points, {score} at best").wait_for()
    page.get_by_role("button", name="New game").click()
    wait_until(lambda: sum(map(bool, cells())) == 2, what="two tiles")
