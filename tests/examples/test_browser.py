"""Examples in a driven browser: real keys, a real pointer, several pages, and what Python has of it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.desktop.browser import driven_chromium
from tests.desktop.program import PROGRAMS, Program, starting
from tests.desktop.screen import Screen
from tests.examples.program import EXAMPLES, needs_libraries

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(90)]

WAIT_S = 15.0


class Site:
    """An example that is served, and pages that show it."""

    def __init__(self, program: Program, browser: Browser) -> None:
        self.program = program
        self.browser = browser
        self.url = program.until("serving")["url"]
        self.complaints: list[str] = []

    def page(self) -> Page:
        """Open it as another person does."""
        page = self.browser.new_context(viewport={"width": 1000, "height": 640}).new_page()
        page.set_default_timeout(WAIT_S * 1000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text) if _is_complaint(message) else None)
        page.goto(self.url)
        page.wait_for_selector("#deskapp-root > *")
        return page

    def value(self, expression: str) -> Any:
        """What Python has: an expression of `root`, the root component of the page that was opened last."""
        times = len(self.program.all("told", expression=expression)) + 1
        self.program.tell("tell", expression)
        return self.program.until("told", times=times, expression=expression)["value"]

    def until(self, expression: str, value: object) -> None:
        """Wait until Python has a value."""
        becomes(lambda: self.value(expression) == value, f"{expression} == {value!r}")


Serve = Callable[[str, str], Site]


@pytest.fixture
def serve(screen: Screen, tmp_path: Path) -> Iterator[Serve]:
    """Serves a class of an example to a browser; nobody may have complained in the end."""
    sites: list[Site] = []
    with ExitStack() as stack:
        start = stack.enter_context(starting(screen, tmp_path))
        browser = stack.enter_context(driven_chromium())

        def serve(name: str, cls: str) -> Site:
            options = json.dumps({"path": str(EXAMPLES / name), "cls": cls})
            sites.append(Site(start(command=[str(PROGRAMS / "example.py"), options]), browser))
            return sites[-1]

        yield serve
        for site in sites:
            assert site.complaints == []
            assert "ERROR" not in site.program.log
            assert "WARNING" not in site.program.log


def _is_complaint(message: Any) -> bool:
    # Browsers ask for an icon by themselves.
    return message.type == "error" and not message.location["url"].endswith("/favicon.ico")


def becomes(test: Callable[[], object], what: str) -> None:
    """Wait until something holds."""
    deadline_s = time.monotonic() + WAIT_S
    while not test():
        assert time.monotonic() < deadline_s, what
        time.sleep(0.02)


def drag(page: Page, node: Locator, *places: tuple[float, float]) -> None:
    """Press, move and release the mouse over an element, at places in shares of its size."""
    box = node.bounding_box()
    assert box is not None
    points = [(box["x"] + across * box["width"], box["y"] + down * box["height"]) for across, down in places]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=8)
    page.mouse.up()


def color_at(page: Page, place: tuple[float, float]) -> list[int]:
    """Red, green, blue and opacity of a pixel of the canvas, at a place in shares of its size."""
    code = """([across, down]) => {
        const canvas = document.querySelector("canvas"), {width, height} = canvas;
        return [...canvas.getContext("2d").getImageData(width * across, height * down, 1, 1).data];
    }"""
    found: list[int] = page.evaluate(code, place)
    return found


def becomes_color(page: Page, place: tuple[float, float], color: list[int]) -> None:
    """Wait until a pixel of the canvas has a colour."""
    becomes(lambda: color_at(page, place) == color, f"{color} at {place}")


def test_three_people_chat_and_one_comes_late_and_one_leaves(serve: Serve) -> None:
    site = serve("chat.py", "Chat")
    one, other = site.page(), site.page()
    one.fill("form input", "Is anybody here?")
    one.press("form input", "Enter")
    other.wait_for_selector("main p:text-is('Is anybody here?')")
    other.fill("form input", "Me & <b>myself</b>")
    other.press("form input", "Enter")
    one.wait_for_selector("main p:text-is('Me & <b>myself</b>')")
    other.fill("aside input", "Ottilie")
    other.press("aside input", "Enter")
    one.wait_for_selector("aside span:text-is('Ottilie')")
    late = site.page()
    becomes(lambda: late.locator("main p").count() == 2, "the history")
    assert late.locator("aside h2").text_content() == "3 HERE"
    one.close()
    late.wait_for_selector("aside h2:text-is('2 HERE')")
    assert [person["name"] for person in site.value("module.room.people")] == ["Ottilie", "Maple"]


@pytest.mark.parametrize("number", [0, 1], ids=["own widgets", "one view"])
def test_the_guide_for_programs_from_flexx_leads_to_programs_that_work(
    number: int, serve: Serve, tmp_path: Path
) -> None:
    text = (EXAMPLES.parent / "docs" / "howto" / "from-flexx.md").read_text(encoding="utf-8")
    program = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[number]
    file = tmp_path / "tip.py"
    file.write_text(program.replace('flx.launch(Tip, "app")\nflx.run()\n', ""), encoding="utf-8")
    site = serve(str(file), "Tip")
    page = site.page()
    page.wait_for_selector("text=Leave 44.00")
    page.fill("input", "50")
    page.wait_for_selector("text=Leave 55.00")
    assert site.value("root.bill") == 50
    if number == 0:
        page.click("button")
        page.wait_for_selector("text=Leave 56.10")
        assert page.input_value("input") == "51"


@pytest.mark.parametrize("name", ["chat.py", "painting.py"])
@pytest.mark.parametrize("command", [[], ["-m", "deskapp", "run"]], ids=["python", "deskapp run"])
def test_it_can_be_served_instead_of_launched(name: str, command: list[str], screen: Screen, tmp_path: Path) -> None:
    arguments = [str(EXAMPLES / name), *(["--"] if command else []), "serve"]
    with starting(screen, tmp_path) as start, driven_chromium() as browser:
        told = start(command=[*command, *arguments]).until("text")["text"]
        assert told.startswith("Open it in as many tabs as you like: http://127.0.0.1:")
        for _ in range(2):
            page = browser.new_page()
            page.goto(told.split()[-1])
            page.wait_for_selector("#deskapp-root > *")


def test_two_paint_one_picture_and_who_comes_late_gets_it(serve: Serve) -> None:
    site = serve("painting.py", "Painter")
    one, other = site.page(), site.page()
    drag(one, one.locator("canvas"), (0.2, 0.25), (0.8, 0.25))
    other.click("[value=leaf]")
    drag(other, other.locator("canvas"), (0.2, 0.75), (0.8, 0.75))
    coral, leaf = [242, 104, 92, 255], [63, 166, 107, 255]
    for page in (one, other, site.page()):
        becomes_color(page, (0.5, 0.25), coral)
        becomes_color(page, (0.5, 0.75), leaf)
        assert color_at(page, (0.5, 0.5)) == [0, 0, 0, 0]
    one.click("[name=clear]")
    becomes_color(other, (0.5, 0.75), [0, 0, 0, 0])
    assert site.value("module.picture.pieces") == []


def test_a_painting_keeps_its_colours_when_the_theme_changes(serve: Serve) -> None:
    page = serve("painting.py", "Painter").page()
    page.click("[value=ink]")
    drag(page, page.locator("canvas"), (0.2, 0.5), (0.8, 0.5))
    becomes_color(page, (0.5, 0.5), [43, 45, 53, 255])
    page.emulate_media(color_scheme="dark")
    becomes_color(page, (0.5, 0.5), [241, 238, 230, 255])


def test_the_plot_moves_smoothly_and_python_hears_the_slider(serve: Serve) -> None:
    site = serve("plot.py", "Weather")
    page = site.page()
    count = """() => new Promise(resolve => {
        const canvas = document.querySelector("canvas"), pictures = new Set(), begin = performance.now();
        const look = () => {
            pictures.add(canvas.toDataURL());
            performance.now() - begin < 1000 ? requestAnimationFrame(look) : resolve(pictures.size);
        };
        look();
    })"""
    becomes(lambda: page.evaluate(count) > 20, "more than 20 pictures within a second, and Python sends 20 times")
    page.locator("input").fill("12")
    site.until("root.rho", 12)


@needs_libraries
def test_the_sketch_is_drawn_by_the_library_and_python_invents_another(serve: Serve) -> None:
    site = serve("sketch.py", "Sketch")
    page = site.page()
    inked = """() => {
        const canvas = document.querySelector("canvas"), {width, height} = canvas;
        const data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
        let n = 0;
        for (let i = 3; i < data.length; i += 4) n += data[i] > 0;
        return n / (width * height);
    }"""
    assert page.evaluate("typeof rough.canvas") == "function"
    becomes(lambda: page.evaluate(inked) > 0.4, "hills that fill a good part of the sheet")
    page.click("[name^=another]")
    becomes(lambda: site.value("root.seed") != 7, "another place")
    page.click("[name=zigzag]")
    site.until("root.sheet.fill", "zigzag")


@needs_libraries
def test_what_is_typed_into_the_editor_arrives_in_python_and_the_answer_in_the_editor(serve: Serve) -> None:
    site = serve("editor.py", "JsonEditor")
    page = site.page()
    page.click(".CodeMirror")
    page.keyboard.press("Control+A")
    page.keyboard.type('{"a": [1, 2')
    site.until("root.editor.text", '{"a": [1, 2')
    page.wait_for_selector(".CodeMirror .bad")
    page.wait_for_selector("footer:has-text('line 1 column 12')")
    page.keyboard.type("]}")
    page.wait_for_selector("footer:has-text('4 values')")
    page.click("button")
    site.until("root.editor.text", '{\n    "a": [\n        1,\n        2\n    ]\n}\n')
    becomes(lambda: page.locator(".CodeMirror-code > div").count() == 7, "seven lines")
    page.reload()
    page.wait_for_selector("footer:has-text('16 values')")


def test_a_point_of_the_spline_is_dragged_added_and_removed(serve: Serve) -> None:
    site = serve("splines.py", "Splines")
    page = site.page()
    becomes(lambda: page.locator("circle").count() == 6, "six points")
    before, length = page.locator("path").last.get_attribute("d"), site.value("root.board.report").splitlines()[1]
    box = page.locator("circle").nth(2).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(500, 320, steps=10)
    page.mouse.up()
    site.until("root.board.points[2]", [500, 300])
    assert page.locator("path").last.get_attribute("d") != before
    becomes(lambda: "500, 300" in (page.locator("pre").text_content() or ""), "what Python measured")
    assert site.value("root.board.report").splitlines()[1] != length
    page.mouse.dblclick(900, 560)
    becomes(lambda: page.locator("circle").count() == 7, "seven points")
    page.locator("circle").nth(0).dblclick()
    becomes(lambda: page.locator("circle").count() == 6, "six points again")
    site.until("root.board.points[0]", [260, 150])
    page.click("text=Near the points")
    site.until("root.board.kind", 1)
