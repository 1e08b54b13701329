"""What the page does for its window, in a real engine: real pointers, real drops of files; the test is its Python."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from deskapp._page import PageMaker, csp
from deskapp._spec import AppSpec, Csp
from deskapp.bridge.client_bundle import client_bundle
from deskapp.bridge.messages import HELLO, HOST, NOTICE, READY, WELCOME, Message
from deskapp.bridge.protocol import Protocol
from tests.desktop.browser import driven_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page, Route, WebSocketRoute

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(90)]

WAIT_S = 15.0
WIDTH, HEIGHT = 500, 400
ADDRESS = "http://127.0.0.1:9/App/"
NONCE = "n0nce"

CONTENT = """
<div id="bar" data-deskapp-drag style="height: 40px"><span id="title">Title</span><button id="ok">ok</button></div>
<div id="styled" style="--deskapp-drag: drag; height: 40px">styled<input id="field"></div>
<div id="list" style="height: 200px; overflow-y: scroll"><div style="height: 900px">long</div></div>
<div id="rest" style="height: 120px">text to select</div>
"""


class Shown:
    """A page that shows `CONTENT`, and the Python that it talks to."""

    def __init__(self, browser: Browser, **context: Any) -> None:
        self.wishes: list[tuple[str, object]] = []
        self.greetings = 0
        self.dialogs: list[str] = []
        self.blocked: list[str] = []
        self._bundle = client_bundle()
        self._protocol = Protocol()
        self._socket: WebSocketRoute | None = None
        self._context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, **context)
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(WAIT_S * 1000)
        self.page.route("**/*", self._serve)
        self.page.route_web_socket("**/_ws/App", self._connect)
        self.page.on("dialog", self._agree)

    def open(self) -> Shown:
        """Load the page and fill it."""
        self.page.goto(ADDRESS)
        self.until(lambda: self.greetings == 1)
        self.page.evaluate("html => { document.getElementById('deskapp-root').innerHTML = html }", CONTENT)
        return self

    def _agree(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.type)
        dialog.accept()

    def _serve(self, route: Route) -> None:
        path = route.request.url.removeprefix("http://127.0.0.1:9")
        name = path.rpartition("/")[2]
        if name in self.blocked:
            route.abort()
        elif path == "/App/":
            html = PageMaker(self._bundle.hash).page(AppSpec(object, "App"), NONCE)
            headers = {"Content-Type": "text/html", "Content-Security-Policy": csp(Csp(), NONCE)}
            route.fulfill(body=html, headers=headers)
        elif path == "/_ping":
            route.fulfill(status=204)
        elif name == "client.js":
            route.fulfill(body=self._bundle.script, content_type="text/javascript")
        elif name == "client.css":
            route.fulfill(body=self._bundle.css, content_type="text/css")
        else:
            route.fulfill(status=404)

    def _connect(self, socket: WebSocketRoute) -> None:
        self._socket = socket
        is_greeted = False

        def take(data: str | bytes) -> None:
            nonlocal is_greeted
            if not is_greeted:
                is_greeted = True
                self._greet(socket, data)
                return
            for message in self._protocol.receive(data):
                if isinstance(message, HOST):
                    self.wishes.append((message.verb, message.data))

        socket.on_message(take)

    def _greet(self, socket: WebSocketRoute, data: str | bytes) -> None:
        (hello,) = self._protocol.codec.decode_frame(data).messages
        assert isinstance(hello, HELLO)
        welcome = WELCOME(1, "key", "rebuild" if self.greetings else "new", "assets", "s1", "App", 0)
        self._protocol = Protocol()
        self._protocol.accept(0)
        socket.send(self._protocol.codec.encode_frame(0, 0, [welcome]))
        self.greetings += 1
        self.say(READY())

    def say(self, *messages: Message) -> None:
        """Send something to the page."""
        assert self._socket is not None
        for message in messages:
            self._protocol.send(message)
        for frame in self._protocol.frames():
            self._socket.send(frame)

    def tell(self, **facts: object) -> None:
        """Tell the page about its window, and wait until it knows."""
        self.say(NOTICE("window", facts))
        name, value = next(iter(facts.items()))
        self.until(lambda: self.page.evaluate("name => deskapp.session.window[name]", name) == value)

    def lose(self) -> None:
        """Lose the socket."""
        assert self._socket is not None
        self._socket.close(code=1011)

    def until(self, test: Callable[[], object]) -> None:
        """Wait until something holds."""
        deadline_s = time.monotonic() + WAIT_S
        while not test():
            assert time.monotonic() < deadline_s, f"{self.wishes} {self.dialogs} {self.greetings}"
            self._context.cookies()  # what the browser tells is taken in meanwhile

    def asked(self) -> list[tuple[str, object]]:
        """What was asked of the window since the last call: all that the page has said until now."""
        self.page.evaluate("deskapp.session.host('that is all')")
        self.until(lambda: ("that is all", None) in self.wishes)
        asked, self.wishes = self.wishes[:-1], []
        return asked

    def drag(self, selector: str, by: int = 10, button: Any = "left") -> None:
        """Press in the middle of an element and move."""
        box = self.page.locator(selector).bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down(button=button)
        self.page.mouse.move(x + by, y)
        self.page.mouse.up(button=button)

    def cursor(self, x: int, y: int) -> str:
        """The cursor at a place."""
        self.page.mouse.move(WIDTH / 2, HEIGHT / 2)
        self.page.mouse.move(x, y)
        cursor: str = self.page.evaluate("([x, y]) => getComputedStyle(document.elementFromPoint(x, y)).cursor", [x, y])
        return cursor

    def pixel(self, x: int = WIDTH // 2 + 60, y: int = HEIGHT // 2 + 60) -> tuple[int, ...]:
        """What is painted at a place."""
        picture = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        found = picture.getpixel((x, y))
        assert isinstance(found, tuple)
        return found

    def close(self) -> None:
        """End it, whatever it would ask."""
        self._context.close()


Show = Callable[..., Shown]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with driven_chromium(with_scrollbars=True) as browser:
        yield browser


@pytest.fixture
def show(browser: Browser) -> Iterator[Show]:
    pages: list[Shown] = []

    def show(**context: Any) -> Shown:
        pages.append(Shown(browser, **context))
        return pages[-1]

    yield show
    for each in pages:
        each.close()


@pytest.fixture
def movable(show: Show) -> Shown:
    """A page in a window without a frame."""
    shown = show().open()
    shown.tell(frameless=True, can_drag=True)
    return shown


DRAG = ("start_drag", None)


def test_a_drag_region_moves_the_window_once_the_pointer_has_moved(movable: Shown) -> None:
    movable.drag("#title", 3)
    assert movable.asked() == []
    movable.drag("#title")
    movable.drag("#styled")
    assert movable.asked() == [DRAG, DRAG]
    for other in ("#ok", "#field", "#rest"):
        movable.drag(other)
    movable.drag("#bar", button="right")
    assert movable.asked() == []


def test_a_double_click_on_a_drag_region_asks_to_maximize_and_selects_nothing(movable: Shown) -> None:
    movable.page.dblclick("#rest")
    assert movable.page.evaluate("getSelection().toString()") != ""
    movable.page.dblclick("#styled", position={"x": 10, "y": 10})
    movable.page.dblclick("#ok")
    assert movable.asked() == [("toggle_maximize", None)]
    assert "styled" not in movable.page.evaluate("getSelection().toString()")


def test_a_press_on_a_drag_region_leaves_the_keyboard_where_it_is(movable: Shown) -> None:
    movable.page.focus("#field")
    movable.page.click("#title")
    assert movable.page.evaluate("document.activeElement.id") == "field"


def test_what_is_in_a_shadow_tree_moves_the_window_as_well_but_for_its_buttons(movable: Shown) -> None:
    movable.page.evaluate("""
    const host = document.getElementById("rest");
    host.attachShadow({mode: "open"}).innerHTML =
        '<div data-deskapp-drag id="inner">bar <button id="shadowed">no</button></div>';
    """)
    movable.drag("#inner")
    assert movable.asked() == [DRAG]
    movable.drag("#shadowed")
    assert movable.asked() == []


def test_a_finger_moves_the_window_where_it_would_scroll_elsewhere(show: Show) -> None:
    shown = show(has_touch=True).open()
    shown.tell(frameless=True, can_drag=True)
    session = shown.page.context.new_cdp_session(shown.page)

    def swipe(x: int, y: int) -> None:
        for kind, points in (
            ("touchStart", [{"x": x, "y": y}]), ("touchMove", [{"x": x, "y": y - 30}]), ("touchEnd", []),
        ):  # fmt: skip
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    swipe(400, 35)
    assert shown.asked() == [DRAG]
    swipe(400, 200)
    assert shown.asked() == []


def test_edges_show_their_cursors_and_resize(movable: Shown) -> None:
    right, bottom = WIDTH - 1, HEIGHT - 1
    cursors = {
        (200, 0): "ns-resize",
        (200, bottom): "ns-resize",
        (0, 60): "ew-resize",
        (right, 60): "ew-resize",
        (0, 11): "nwse-resize",
        (right, bottom): "nwse-resize",
        (right - 11, 0): "nesw-resize",
        (0, bottom): "nesw-resize",
        (200, 20): "auto",
    }
    assert {place: movable.cursor(*place) for place in cursors} == cursors
    for place, edge in {(200, 2): "n", (right, bottom): "se", (2, 200): "w"}.items():
        movable.page.mouse.move(*place)
        movable.page.mouse.down()
        movable.page.mouse.up()
        assert movable.asked() == [("start_resize", edge)]


def test_a_press_on_an_edge_is_nothing_to_the_button_below_it(movable: Shown) -> None:
    movable.page.evaluate("""
    window.heard = [];
    const button = document.getElementById("ok");
    button.style.cssText = "position: fixed; left: 0; top: 100px; width: 100px; height: 50px";
    for (const type of ["pointerdown", "mousedown", "mouseup", "click"]) {
        button.addEventListener(type, () => heard.push(type));
    }
    """)
    movable.page.mouse.click(2, 120)
    assert movable.asked() == [("start_resize", "w")]
    assert movable.page.evaluate("heard") == []
    movable.page.mouse.click(50, 120)
    assert movable.page.evaluate("heard") == ["pointerdown", "mousedown", "mouseup", "click"]


def test_edges_are_off_while_the_window_is_maximized_or_in_fullscreen(movable: Shown) -> None:
    assert movable.cursor(0, 200) == "ew-resize"
    movable.tell(maximized=True)
    assert movable.cursor(0, 200) == "auto"
    movable.tell(maximized=False)
    assert movable.cursor(0, 200) == "ew-resize"
    movable.tell(fullscreen=True)
    assert movable.cursor(0, 200) == "auto"


def test_a_scrollbar_along_the_edge_stays_usable(movable: Shown) -> None:
    inner = WIDTH - 4
    assert movable.cursor(inner, 20) == "ew-resize"
    assert movable.cursor(inner, 150) == "auto"
    movable.page.mouse.move(inner, 275)
    movable.page.mouse.down()
    movable.page.mouse.up()
    assert movable.asked() == []
    movable.until(lambda: movable.page.evaluate("document.getElementById('list').scrollTop > 0"))
    assert movable.cursor(WIDTH - 1, 150) == "ew-resize"


def test_style_sheets_and_listeners_follow_the_window(movable: Shown) -> None:
    movable.page.evaluate("window.news = []; addEventListener('deskapp-window', event => news.push(event.detail))")
    movable.tell(maximized=True, has_focus=False)
    attributes = "document.documentElement.getAttributeNames().filter(name => name.startsWith('data-deskapp')).sort()"
    assert movable.page.evaluate(attributes) == ["data-deskapp-frameless", "data-deskapp-maximized"]
    movable.tell(maximized=False, has_focus=True)
    assert movable.page.evaluate(attributes) == ["data-deskapp-focused", "data-deskapp-frameless"]
    assert movable.page.evaluate("news") == [
        {"maximized": True, "has_focus": False},
        {"maximized": False, "has_focus": True},
    ]


def test_files_that_are_dropped_reach_python_by_name_and_their_element_by_path(show: Show, tmp_path: Path) -> None:
    shown = show().open()
    file = tmp_path / "a b.txt"
    file.write_text("text", encoding="utf-8")
    session = shown.page.context.new_cdp_session(shown.page)
    data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 30, "y": 320, "data": data})
    assert shown.asked() == [("drop", {"names": ["a b.txt"], "x": 30, "y": 320})]
    assert shown.page.url == ADDRESS
    shown.page.evaluate("""
    window.dropped = [];
    for (const id of ["rest", "list", "deskapp-root"]) {
        document.getElementById(id).addEventListener("deskapp-drop", event => dropped.push([id, event.detail]));
    }
    """)
    detail = {"paths": [str(file)], "x": 30, "y": 320}
    shown.say(NOTICE("dropped", detail))
    shown.asked()
    assert shown.page.evaluate("dropped") == [["rest", detail], ["deskapp-root", detail]]


def test_the_browser_asks_before_a_page_with_changes_is_left_but_not_when_python_has_it_made_anew(show: Show) -> None:
    shown = show().open()
    shown.page.click("#rest")  # browsers ask only on pages that somebody has used
    shown.say(NOTICE("confirm_close", "There are changes."))
    shown.asked()
    shown.page.reload()
    assert shown.dialogs == ["beforeunload"]
    shown.until(lambda: shown.greetings == 2)
    shown.page.click("#deskapp-root")
    shown.say(NOTICE("confirm_close", "There are changes."))
    shown.asked()
    shown.lose()
    shown.until(lambda: shown.greetings == 4)  # the socket is back, the page is made anew, the new page is there
    assert shown.dialogs == ["beforeunload"]


@pytest.mark.parametrize("blocked", [["client.js"], ["client.js", "client.css"]], ids=["no script yet", "nothing yet"])
def test_nothing_is_white_first_where_it_is_dark(show: Show, blocked: list[str]) -> None:
    for scheme, is_dark in (("dark", True), ("light", False)):
        shown = show(color_scheme=scheme)
        shown.blocked = blocked
        shown.page.goto(ADDRESS)
        assert (max(shown.pixel()) < 64) is is_dark, scheme
        assert (min(shown.pixel()) > 240) is not is_dark, scheme


def test_a_theme_that_python_sets_prevails_over_the_desktops(show: Show) -> None:
    shown = show(color_scheme="dark").open()
    assert max(shown.pixel()) < 64
    shown.say(NOTICE("theme", "light"))
    shown.asked()
    assert min(shown.pixel()) > 240
    shown.page.emulate_media(color_scheme="light")
    shown.say(NOTICE("theme", "dark"))
    shown.asked()
    assert max(shown.pixel()) < 64
    assert shown.page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
