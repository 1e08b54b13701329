"""Forms and fields in a real page, used by keyboard and pointer."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.desktop.browser import driven_chromium
from tests.desktop.program import Program, Start
from tests.desktop.screen import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(60)]


@pytest.fixture
def browser() -> Iterator[Browser]:
    with driven_chromium() as browser:
        yield browser


def opened(start: Start, browser: Browser, name: str) -> tuple[Program, Page]:
    program: Program = start("asking.py")
    page = browser.new_page(viewport={"width": 900, "height": 700})
    page.set_default_timeout(10_000)
    page.goto(f"{program.until('serving')['url']}{name}/")
    return program, page


def ended(program: Program) -> None:
    program.tell("stop")
    assert program.wait() == 0
    assert "Traceback" not in program.log


def message_of(page: Page, field: Locator) -> str:
    """What a field says is wrong, as assistive technology finds it."""
    assert field.get_attribute("aria-invalid") == "true"
    ids = (field.get_attribute("aria-describedby") or "").split()
    return page.locator(f"#{ids[-1]}").inner_text()


def edges(element: Locator) -> tuple[float, float]:
    """Where an element begins, and how high it is."""
    box = element.bounding_box()
    assert box is not None
    return box["y"], box["height"]


def test_a_form_with_every_kind_of_field(start: Start, browser: Browser) -> None:
    program, page = opened(start, browser, "everything")
    name, age = page.get_by_label("Name"), page.get_by_label("Age")
    name.wait_for()
    assert name.evaluate("it => it === document.activeElement")
    assert name.get_attribute("aria-required") == "true"
    page.keyboard.press("Enter")  # nothing is filled in
    assert message_of(page, name) == "Please fill in this field."
    assert page.locator("fieldset[role=radiogroup]").get_attribute("aria-invalid") == "true"
    assert name.evaluate("it => it === document.activeElement")
    page.keyboard.type("Eve")
    assert name.get_attribute("aria-invalid") is None
    age.fill("100")
    page.keyboard.press("Tab")  # to the button beside it
    page.keyboard.press("Tab")
    assert message_of(page, age) == "Please enter 99 or less."
    page.get_by_role("button", name="Twice").click()
    wait_until(lambda: age.input_value() == "6", what="the value that the button sets")
    page.get_by_label("Weight").fill("2.5")
    page.get_by_label("Mail").fill("eve@example.org")
    page.get_by_label("Day").fill("2030-01-31")
    page.get_by_label("Text", exact=True).fill("no")
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("0")
    page.get_by_label("Area").select_option("south")
    page.get_by_label("City").locator("option", has_text="Nice").wait_for(state="attached")
    page.get_by_label("City").select_option("Nice")
    page.get_by_label("Several").select_option(["1", "3"])
    page.get_by_label("x", exact=True).check()
    page.get_by_label("no", exact=True).check()
    page.get_by_label("Loud").press("ArrowRight")
    files: list[Any] = [
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"first"},
        {"name": "b.exe", "mimeType": "", "buffer": b"x"},
        {"name": "c.txt", "mimeType": "text/plain", "buffer": b"third"},
        {"name": "d.exe", "mimeType": "", "buffer": b"x"},
    ]
    page.get_by_role("button", name="Choose file").focus()
    page.locator("input[type=file]").set_input_files(files)
    message = page.get_by_text("b.exe: Please choose a file of another type: .txt.")
    message.filter(has_text="d.exe: Please choose a file of another type: .txt.").wait_for()
    assert sum(edges(message)) <= edges(page.locator(".deskapp-form-end"))[0], "it is out of sight"
    page.locator(".deskapp-sent").nth(1).wait_for()
    page.get_by_role("button", name="Remove a.txt").click()
    page.get_by_role("button", name="Save").click()
    assert message_of(page, page.get_by_label("Text", exact=True)) == "Please enter 3 characters or more."
    page.get_by_label("Text", exact=True).fill("ten")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Not Eve").wait_for()
    name.fill("Ada")
    page.keyboard.press("Control+Enter")  # submits as Enter does, by the first button
    answer = program.until("answer")
    del answer["event"]
    assert answer == {
        "name": "Ada", "age": 6, "weight": 2.5, "mail": "eve@example.org", "day": "2030-01-31", "text": "ten",
        "code": "x = 10", "area": "south", "city": "Nice", "several": [1, 3], "boxes": [None], "one": False,
        "loud": 30, "files": [["c.txt", "third"]], "do": "save",
    }  # fmt: skip
    page.locator(".deskapp-form").wait_for(state="detached")
    ended(program)


def test_forms_one_upon_the_other_and_their_place(start: Start, browser: Browser) -> None:
    program, page = opened(start, browser, "in_turn")
    first = page.get_by_label("First")
    first.wait_for()
    panel, handle = page.locator(".deskapp-panel"), page.get_by_role("separator", name="Height of the form")
    wait_until(lambda: sum(edges(panel)) == pytest.approx(700, abs=1), what="a form at the bottom of the window")
    assert handle.get_attribute("aria-valuenow") == "400"
    handle.press("ArrowUp")
    assert handle.get_attribute("aria-valuenow") == "424"
    first.press("End")
    page.keyboard.type("go")
    second = page.get_by_label("Second")
    second.wait_for()
    assert not first.is_visible()
    page.keyboard.type("on top")
    page.keyboard.press("Enter")
    assert program.until("second")["value"] == "on top"
    first.wait_for()  # with what was in it
    assert (first.input_value(), first.evaluate("it => it === document.activeElement")) == ("go", True)
    page.keyboard.press("Enter")
    page.get_by_text("Too short").wait_for()
    page.keyboard.type("od")
    page.keyboard.press("Enter")
    assert program.until("first")["value"] == "good"
    third = page.get_by_label("A", exact=True)
    third.wait_for()
    assert edges(panel)[0] < 200  # behind the content, which is nothing
    assert not handle.is_visible()
    assert not third.evaluate("it => it === document.activeElement")
    page.get_by_role("button", name="Cancel").click()
    assert program.until("third")["value"] is None
    ended(program)


def test_fields_that_stay_in_the_page(start: Start, browser: Browser) -> None:
    program, page = opened(start, browser, "staying")
    expected = {"name": "Ada", "count": 41, "area": "d", "boxes": [], "do": None, "file": None}
    assert program.until("values")["values"] == expected
    assert page.get_by_label("Area").locator("option").all_inner_texts() == ["c", "d"]
    page.get_by_text("Another list").wait_for()
    page.get_by_label("Count").fill("1.5")
    top, height = edges(page.get_by_role("button", name="Beside"))
    page.mouse.move(40, top + height / 2)
    page.mouse.down()
    assert edges(page.get_by_role("button", name="Beside")) == (top, height), "it moves away from the pointer"
    page.mouse.up()
    program.until("beside")
    page.get_by_text("Please enter a whole number.").wait_for()
    page.get_by_label("Count").fill("41")
    page.get_by_label("y", exact=True).check()
    assert program.until("boxes")["value"] == ["y"]
    page.get_by_label("Name").press("End")
    page.keyboard.type("!")
    assert program.until("change") == {"event": "change", "name": "name", "value": "Ada!"}
    page.get_by_role("button", name="stop").click()
    assert program.until("change", times=2)["value"] == "stop"
    file: Any = {"name": "a", "mimeType": "", "buffer": b"content"}
    page.locator("input[type=file]").set_input_files(file)
    assert program.until("change", times=3)["value"] == "<UploadedFile 'a', 7 bytes>"
    assert program.until("last") == {"event": "last", "name": "Eve", "content": "content"}
    ended(program)


def test_changes_between_waits_count_and_a_form_behind_a_popup_gets_the_focus(start: Start, browser: Browser) -> None:
    program, page = opened(start, browser, "following")
    page.get_by_label("Text").press("a")
    assert program.until("followed")["value"] == "a"
    page.keyboard.type("bc")  # nobody waits now
    assert program.until("followed", times=2)["value"] == "abc"
    page.keyboard.type("d")
    assert program.until("followed", times=3)["value"] == "abcd"
    page.get_by_role("dialog").wait_for()
    page.get_by_label("Below").wait_for()
    toast = page.get_by_role("alert").filter(has_text="It was an error")
    assert toast.evaluate("toast => getComputedStyle(toast).color") == "rgb(255, 255, 255)"
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    page.keyboard.type("typed at once")
    page.keyboard.press("Enter")
    assert program.until("asked")["value"] == "typed at once"
    ended(program)


def test_a_large_file_goes_to_disk_as_it_comes(start: Start, browser: Browser, tmp_path: Path) -> None:
    content = random.Random(1).randbytes(2**20) * 40
    large = tmp_path / "large.bin"
    large.write_bytes(content)
    program, page = opened(start, browser, "uploading")
    page.locator("input[type=file]").set_input_files(large)
    page.get_by_role("progressbar", name="Upload of large.bin").wait_for()
    page.get_by_role("button", name="Submit").click()  # waits until it has come
    uploaded = program.until("uploaded")
    assert (uploaded["size"], uploaded["digest"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert uploaded["grown_mib"] < 20
    ended(program)
