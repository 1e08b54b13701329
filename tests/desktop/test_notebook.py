"""Components in cells: real Jupyter front ends with real kernels, in a real browser.

A page of JupyterLab takes seconds to load, so half of this is for long runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.docs.markdown import blocks

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.desktop.jupyter import NotebookTab, Server

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(90)]

# The cells that the how-to shows.
HOWTO = [block.text for block in blocks() if block.page == "docs/howto/use-in-a-notebook.md" and "python" in block.info]
BEGIN, COUNTER = HOWTO[0], HOWTO[1].replace("Counter()", "Counter(count=3)")

Open = Callable[..., "NotebookTab"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    from tests.desktop.jupyter import jupyter

    with jupyter(tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("jupyter")) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from tests.desktop.browser import driven_chromium

    with driven_chromium() as browser:
        yield browser


@pytest.fixture
def opened(server: Server, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens a notebook of these cells; nobody may have complained in the end, and its kernel ends."""
    from tests.desktop.jupyter import NotebookTab

    tabs: list[NotebookTab] = []

    def open_it(*cells: str, kind: str = "lab") -> NotebookTab:
        name = f"{request.node.name}.ipynb".replace("[", "-").replace("]", "")
        if cells:
            server.write(name, cells)
        tabs.append(NotebookTab(server, browser, name, kind))
        return tabs[-1]

    yield open_it
    complaints = [line for tab in tabs for line in tab.complaints_of_deskapp]
    for tab in tabs:
        tab.close()
    server.end_kernels()
    assert complaints == []


def test_a_component_is_shown_in_a_cell_works_and_survives_a_reload(opened: Open) -> None:
    use_and_reload(opened, "lab")


@pytest.mark.long
@pytest.mark.parametrize("kind", ["notebook", "nbclassic"])
def test_so_it_is_in_other_front_ends(opened: Open, kind: str) -> None:
    use_and_reload(opened, kind)


def use_and_reload(opened: Open, kind: str) -> None:
    """Click what a cell shows, change it from another cell, and load the page anew."""
    tab = opened(BEGIN, COUNTER, "print('count', counter.count)", "counter.set_count(40)", kind=kind)
    tab.run(0)
    tab.run(1)
    tab.output(1).get_by_text("Clicked 3", exact=True).click()
    tab.output(1).get_by_text("Clicked 4", exact=True).click()
    tab.output(1).get_by_text("Clicked 5", exact=True).wait_for()
    tab.run(2)
    assert "count 5" in tab.output(2).inner_text()
    tab.run(3)
    tab.output(1).get_by_text("Clicked 40", exact=True).wait_for()
    tab.save()
    tab.reload()
    tab.output(1).get_by_text("Clicked 40", exact=True).click()
    tab.output(1).get_by_text("Clicked 41", exact=True).wait_for()
    tab.run(2)
    assert "count 41" in tab.output(2).inner_text()


def test_a_class_is_defined_again_and_new_instances_are_of_the_new_one(opened: Open) -> None:
    label = """
    class Label(JsComponent):
        def init(self):
            self.node.textContent = "the first"

    old = Label()
    old
    """
    tab = opened(BEGIN, label, label.replace("first", "second").replace("old", "new"), "display(old, new)")
    for index in range(4):
        tab.run(index)
    tab.output(3).get_by_text("the first").wait_for()
    tab.output(3).get_by_text("the second").wait_for()
    tab.output(1).get_by_text("This is shown in another cell.").wait_for()


def test_a_py_component_is_shown_with_all_that_it_made(opened: Open) -> None:
    main = """
    class Label(JsComponent):
        text = event.StringProp("", settable=True)

        @event.reaction
        def _show(self):
            self.node.textContent = self.text

    class Main(PyComponent):
        name = event.StringProp("world", settable=True)

        def init(self):
            self.hello = Label(text=lambda: "Hello " + self.name, style="height: 90px")
            self.bye = Label(text="Goodbye")

    main = Main()
    main
    """
    tab = opened(BEGIN, main, "main.set_name('notebook')")
    tab.run(0)
    tab.run(1)
    tab.output(1).get_by_text("Goodbye").wait_for()
    tab.run(2)
    hello = tab.output(1).get_by_text("Hello notebook")
    hello.wait_for()
    box = hello.bounding_box()
    assert box is not None
    assert box["height"] == 90
    tab.save()
    tab.reload()
    tab.output(1).get_by_text("Hello notebook").wait_for()
    tab.output(1).get_by_text("Goodbye").wait_for()


@pytest.mark.long
def test_a_busy_kernel_hears_everything_later(opened: Open) -> None:
    tab = opened(BEGIN, COUNTER, "import time; time.sleep(2)", "print('count', counter.count)")
    tab.run(0)
    tab.run(1)
    button = tab.output(1).get_by_role("button")
    button.wait_for()
    tab.start(2)
    for _ in range(20):
        button.click()
    tab.output(1).get_by_text("Clicked 23", exact=True).wait_for()  # in the page, at once
    tab.run(3)
    assert "count 23" in tab.output(3).inner_text()


@pytest.mark.long
def test_a_long_cell_shows_its_progress_if_it_iterates_the_loop(opened: Open) -> None:
    work = """
    import time
    for n in range(100, 105):
        counter.set_count(n)
        event.loop.iter()
    time.sleep(3)
    """
    tab = opened(BEGIN, COUNTER, work)
    tab.run(0)
    tab.run(1)
    tab.output(1).get_by_text("Clicked 3").wait_for()
    tab.start(2)
    tab.output(1).get_by_text("Clicked 104").wait_for(timeout=2500)
    assert tab.is_busy(2)


@pytest.mark.long
def test_arrays_and_bytes_travel_both_ways(opened: Open) -> None:
    echo = """
    import numpy as np

    class Echo(JsComponent):
        data = event.AnyProp(None, settable=True)
        answer = event.AnyProp(None, settable=True)

        @event.reaction
        def _echo(self):
            if self.data is not None:
                self.set_answer(self.data)
                self.node.textContent = "got " + str(self.data.byteLength)

    echo = Echo()
    echo
    """
    check = """
    answer = echo.answer
    print(type(answer).__name__, answer.dtype, bool((answer == sent).all()))
    """
    tab = opened(BEGIN, echo, "sent = np.arange(400_000, dtype='float64')\necho.set_data(sent)", check,
                 "echo.set_data(b'abc')", "print(echo.answer)")  # fmt: skip
    for index in range(3):
        tab.run(index)
    tab.output(1).get_by_text("got 3200000").wait_for()
    tab.run(3)
    assert "ndarray float64 True" in tab.output(3).inner_text()
    tab.run(4)
    tab.output(1).get_by_text("got 3", exact=True).wait_for()
    tab.run(5)
    assert "b'abc'" in tab.output(5).inner_text()


@pytest.mark.long
def test_python_evaluates_in_the_page_and_the_page_fetches_data(opened: Open) -> None:
    fetch = """
    url = counter.session.add_data("a.bin", b"12345")
    code = "deskapp.session.fetch_data(url).then((data) => data.byteLength)"
    print(await counter.session.eval_js("6 * 7"), await counter.session.eval_js(code, url=url))
    """
    tab = opened(BEGIN, COUNTER, fetch)
    for index in range(3):
        tab.run(index)
    assert "42 5" in tab.output(2).inner_text()


@pytest.mark.long
def test_a_second_tab_has_the_same_components_in_python_and_may_show_them(opened: Open) -> None:
    tab = opened(BEGIN, COUNTER)
    tab.run(0)
    tab.run(1)
    tab.output(1).get_by_text("Clicked 3", exact=True).click()
    tab.save()
    second = opened()
    second.output(1).get_by_text("This is shown in another tab.").wait_for()
    second.output(1).get_by_role("button", name="Show it here").click()
    second.output(1).get_by_text("Clicked 4", exact=True).click()
    second.output(1).get_by_text("Clicked 5", exact=True).wait_for()
    tab.output(1).get_by_text("This is shown in another tab.").wait_for()


@pytest.mark.long
def test_a_kernel_that_was_restarted_leaves_a_message_and_begins_anew(opened: Open) -> None:
    tab = opened(BEGIN, COUNTER)
    tab.run(0)
    tab.run(1)
    tab.output(1).get_by_text("Clicked 3").wait_for()
    tab.restart_kernel()
    tab.output(1).get_by_text("The kernel was restarted. Run the cells again.").wait_for()
    tab.start(0)  # the number of a cell is the same again, so its end cannot be seen
    tab.start(1)
    tab.output(1).get_by_text("Clicked 3").wait_for()


@pytest.mark.long
def test_two_notebooks_in_one_page_do_not_know_each_other(opened: Open, server: Server) -> None:
    server.write("neighbour.ipynb", [BEGIN, COUNTER.replace("count=3", "count=70")])
    tab = opened(BEGIN, COUNTER)
    tab.run(0)
    tab.run(1)
    tab.output(1).get_by_text("Clicked 3", exact=True).click()
    other = tab.beside("neighbour.ipynb")
    other.run(0)
    other.run(1)
    other.output(1).get_by_text("Clicked 70", exact=True).click()
    other.output(1).get_by_text("Clicked 71", exact=True).wait_for()


@pytest.mark.long
def test_the_example_notebook_runs_and_is_pleasant_to_look_at(opened: Open, server: Server, tmp_path: Path) -> None:
    example = (Path(__file__).parents[2] / "examples" / "notebook.ipynb").read_text(encoding="utf-8")
    (server.folder / "example.ipynb").write_text(example, encoding="utf-8")
    tab = opened(BEGIN)
    shown = tab.beside("example.ipynb")
    count = shown.count()
    for index in range(count):
        shown.run(index)
    errors = [index for index in range(count) if "Traceback" in shown.output(index).inner_text()]
    shown.page.screenshot(path=tmp_path / "example.png", full_page=True)
    assert errors == []
