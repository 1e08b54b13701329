"""The examples of the documents on sessions of scripts: in windows, in a browser, and as a file alone."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from tests.desktop.browser import driven_chromium
from tests.desktop.screen import Screen, wait_until
from tests.documents.stranger import Stranger, Strangers

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(60)]

TEXTS = "[...document.querySelectorAll('#scope-ROOT .deskapp-text')].map(element => element.textContent)"
ROOM = "document.querySelector('.deskapp-shows')"
IS_AT_END = f"{ROOM}.scrollHeight > {ROOM}.clientHeight && "
IS_AT_END += f"{ROOM}.scrollTop + {ROOM}.clientHeight >= {ROOM}.scrollHeight - 2"
WIDTH = "document.getElementById('scope-ROOT').getBoundingClientRect().width"
MAX_WIDTH = "getComputedStyle(document.getElementById('scope-ROOT')).maxWidth"
ANIMATION = "getComputedStyle([...document.querySelectorAll('.deskapp-text')].find(e => e.textContent === {!r}))"
ANIMATION += ".animationName"

FORM = """[...document.querySelectorAll('form')].filter(form => form.offsetHeight > 0).flatMap(form => {
    const panel = form.closest('.deskapp-panel');
    const separator = panel.querySelector('[role=separator]');
    const isFixed = Math.abs(panel.getBoundingClientRect().bottom - innerHeight) <= 1 && separator.offsetHeight > 0;
    const heights = ['aria-valuemin', 'aria-valuenow'].map(name => separator.getAttribute(name));
    return [form.querySelector('label').textContent, isFixed, ...heights, form.contains(document.activeElement)];
})"""
"""Of a form: what it asks for, whether it stays at the bottom, its least and its present height, and its focus."""
STILL = f"new Promise(resolve => {{ setTimeout(() => resolve({ROOM}.scrollTop), 200); }})"
PRESS_S = 0.2
"""A dialog takes a key only once it is painted: so long is it waited for until the key is pressed again."""


class View(Protocol):
    """A page of a script, wherever it is shown."""

    def js(self, code: str) -> Any:
        """The value of JavaScript in the page."""

    def click(self, label: str) -> None:
        """Click a button."""


class Tab:
    """A page in a browser."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def js(self, code: str) -> Any:
        return self.page.evaluate(code)

    def click(self, label: str) -> None:
        self.page.bring_to_front()  # those behind are painted once a second, and a click waits for that
        self.page.get_by_role("button", name=label, exact=True).click()


class Shown:
    """A page in a window."""

    def __init__(self, stranger: Stranger, name: str) -> None:
        self.stranger = stranger
        self.name = name

    def js(self, code: str) -> Any:
        names = self.stranger.python("[each.app_name for each in __import__('deskapp').app.manager.sessions]")
        return self.stranger.page(code, names.index(self.name))

    def click(self, label: str) -> None:
        find = f"[...document.querySelectorAll('button')].find(each => each.textContent === {label!r})"
        until(self, f"{find} !== undefined", True)
        self.js(f"{find}.click()")


def until(view: View, code: str, value: object) -> None:
    """Wait until JavaScript has this value in a page."""
    found: list[object] = [None]

    def look() -> bool:
        try:
            found[0] = view.js(code)
        except Exception as error:  # the page is not there yet
            found[0] = error
        return found[0] == value

    try:
        wait_until(look, timeout_s=10, what=f"{code} to be {value!r}")
    except AssertionError as error:
        raise AssertionError(f"{error}; it is {found[0]!r}") from None


def check_values(view: View) -> None:
    until(view, TEXTS, [view.js("location.href"), "101", "Returned inside callback."])


def check_awaited_values(view: View) -> None:
    until(view, f"{TEXTS}.length", 5)
    assert view.js(TEXTS) == [
        f"{view.js('location.href')} None",
        "CodecError: the result: a function cannot travel",
        "RangeError: on purpose",
        "1970-01-01 00:00:00+00:00",
        "{'a': None, 'b': nan}",
    ]


def check_counter(view: View) -> None:
    for count in range(3):
        shown = str(count)

        def look(shown: str = shown) -> bool:
            view.click("Show counter")
            found: list[str] = view.js(TEXTS)
            return found[-1:] == [shown]

        wait_until(look, what=f"a counter that is {shown}")
        view.click("Add counter")


def check_info(view: View, browser: str) -> None:
    until(view, "document.querySelector('.deskapp-code')?.textContent.includes('HTTPServerRequest')", True)
    facts = json.loads(view.js("document.querySelector('.deskapp-code').textContent"))
    host = view.js("location.host")
    assert facts.pop("user_agent").startswith(f"PC / Linux / {browser}")
    assert facts.pop("request").startswith("HTTPServerRequest(")
    assert facts.pop("user_language") == view.js("navigator.language")
    assert facts == {
        "server_host": host,
        "origin": f"http://{host}",
        "user_ip": "127.0.0.1",
        "backend": "tornado",
        "protocol": "websocket",
    }
    assert view.js("document.querySelectorAll('.deskapp-code .hljs-string').length") >= 8


def check_settings(view: View) -> None:
    until(view, TEXTS, ["at once"])
    assert view.js("document.title") == "Awesome PyWebIO!!"
    assert view.js(ANIMATION.format("at once")) == "none"
    view.click("fading")
    until(view, TEXTS, ["at once", "faded in"])
    until(view, ANIMATION.format("faded in"), "deskapp-appear")
    assert view.js(MAX_WIDTH) == "880px"
    view.click("wide")
    until(view, MAX_WIDTH, "50%")
    assert abs(view.js(f"2 * {WIDTH} - {ROOM}.clientWidth")) <= 2
    view.click("default")
    until(view, MAX_WIDTH, "880px")
    view.click("long")
    until(view, f"{TEXTS}.some(each => each.startsWith('line'))", True)
    assert view.js(STILL) == 0
    view.click("scrolling")
    until(view, IS_AT_END, True)
    view.js(f"{ROOM}.scrollTo({{top: 0, behavior: 'instant'}})")
    until(view, f"{ROOM}.scrollTop", 0)
    view.click("inside")
    until(view, f"{TEXTS}.some(each => each.startsWith('not in ROOT'))", True)
    assert view.js(STILL) == 0
    view.click("polling")
    until(view, f"{TEXTS}.at(-1)", "polling is a setting")
    until(view, IS_AT_END, True)


def check_asking(view: View) -> None:
    # What is there unless it is set.
    until(view, FORM, ["As it is", True, "300", "300", True])
    view.click("Submit")
    # 75 pixels are the least.
    until(view, FORM, ["Lower", True, "75", "200", True])
    view.click("Submit")
    until(view, f"{FORM}.filter((_, index) => index < 2 || index > 3)", ["In the page", False, False])
    view.click("Submit")
    until(view, "document.querySelector('form') === null", True)


def check_printed(stranger: Stranger, *lines: str) -> None:
    stranger.until_printed_lines(len(lines))
    stranger.until_printed(*lines)


LOCAL = ["name", "age", "10", "{'name': 'Wang', 'age': 22, 10: '10'}"]
DEFERRED = ["the first deferred function", "cleaned up"]


def test_the_examples_of_sessions_run_in_a_browser(strangers: Strangers, tmp_path: Path) -> None:
    stranger = strangers.begin("script_sessions.py")
    stranger.until_printed_lines(1)
    [url] = stranger.printed
    with driven_chromium() as browser:
        context = browser.new_context(viewport={"width": 1200, "height": 700})
        context.set_default_timeout(10000)
        index = context.new_page()
        index.goto(url)

        def jump(name: str) -> Tab:
            with context.expect_page() as opened:
                Tab(index).click(name)
            opened.value.wait_for_url(f"{url}{name}/")
            return Tab(opened.value)

        until(Tab(index), ANIMATION.format("Examples"), "deskapp-appear")
        values, deferred = jump("values"), jump("deferred")
        deferred.page.get_by_role("button", name="Wait").wait_for()
        deferred.page.close()
        file = jump("file")
        with file.page.expect_download() as waiting:
            file.click("Click to download")
        assert waiting.value.suggested_filename == "hello-world.txt"
        waiting.value.save_as(tmp_path / "found")
        assert (tmp_path / "found").read_bytes() == b"hello world!"
        javascript = jump("javascript")
        with javascript.page.expect_console_message() as said:
            javascript.click("Log")
        assert said.value.text == "3"
        for name in ("counter_local", "counter_partial", "counter_closure"):
            check_counter(jump(name))
        # Each page counts for itself.
        check_counter(jump("counter_local"))
        check_info(jump("facts"), "HeadlessChrome")
        check_settings(jump("settings"))
        check_asking(jump("asking"))
        check_awaited_values(jump("awaited_values"))
        until(jump("local_operations"), TEXTS, ["as documented"])
        check_values(values)
        Tab(index).click("Here")
        index.wait_for_url(f"{url}app/")
        until(Tab(index), TEXTS, ["hello", "world"])
        stranger.until_printed_lines(1 + len(DEFERRED + LOCAL))
        assert sorted(stranger.printed[1:]) == sorted(DEFERRED + LOCAL)
        assert [line for line in stranger.printed if line in DEFERRED] == DEFERRED
    stranger.python("program.stop()")
    assert stranger.program.wait() == 0
    assert "Traceback" not in stranger.program.log


def test_the_examples_of_sessions_run_in_windows(strangers: Strangers, screen: Screen, tmp_path: Path) -> None:
    stranger = strangers("script_sessions.py", "window")
    program = stranger.program
    index = Shown(stranger, "index")

    def jump(name: str, title: str) -> Shown:
        index.click(name)
        view = Shown(stranger, name)
        until(view, "document.readyState", "complete")
        program.window(title)
        return view

    def close(title: str) -> None:
        program.close(title)
        wait_until(lambda: title not in program.titles(), what=f"{title} to be gone")

    until(index, ANIMATION.format("Examples"), "deskapp-appear")
    values = jump("values", "Values")
    jump("deferred", "Deferred").click("Wait")
    close("Deferred")
    check_printed(stranger, *DEFERRED)
    jump("javascript", "Javascript").click("Log")
    logged = "INFO deskapp.page: javascript: 3"
    wait_until(lambda: program.log.count(logged) == 2, what="what the page logs")
    close("Javascript")
    check_values(values)
    close("Values")
    for name in ("counter_local", "counter_partial", "counter_closure"):
        check_counter(jump(name, "Main"))
        close("Main")
    check_info(jump("facts", "Facts"), "Safari")
    close("Facts")
    check_awaited_values(jump("awaited_values", "Awaited values"))
    close("Awaited values")
    until(jump("local_operations", "Local operations"), TEXTS, ["as documented"])
    check_printed(stranger, *DEFERRED, *LOCAL)
    close("Local operations")
    check_settings(jump("settings", "Awesome PyWebIO!!"))
    close("Awesome PyWebIO!!")
    check_asking(jump("asking", "Asking"))
    close("Asking")
    file = jump("file", "File")
    file.click("Click to download")
    save_in_dialog(screen, stranger, "script_sessions")
    wait_until((tmp_path / "hello-world.txt").exists, what="the file")
    assert (tmp_path / "hello-world.txt").read_bytes() == b"hello world!"
    close("File")
    index.click("Here")
    until(Shown(stranger, "app"), TEXTS, ["hello", "world"])
    assert program.titles() == ["App"]
    program.close("App")
    assert program.wait() == 0
    assert "Traceback" not in program.log


def save_in_dialog(screen: Screen, stranger: Stranger, title: str) -> None:
    """Take the name that the dialog proposes, in the user's own folder."""
    stranger.program.window(title, timeout_s=10)

    def press_enter() -> bool:
        shown = [window for window in stranger.program.shown() if window.title == title]
        if shown:
            screen.run("wmctrl", "-i", "-a", shown[0].handle)
            screen.run("xdotool", "key", "Return")
            time.sleep(PRESS_S)
        return not shown

    wait_until(press_enter, what="no dialog")


def test_a_file_that_shows_buttons_is_a_program(strangers: Strangers) -> None:
    stranger = strangers.begin("counter_local.py")
    stranger.show()
    check_counter(Shown(stranger, "counter_local"))
    stranger.close()
