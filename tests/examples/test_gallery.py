"""The gallery: each section builds, and its buttons ask for what they say; then all of it on a real screen."""

from __future__ import annotations

import importlib
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deskapp.native import Opened
from deskapp.runtime.capabilities import Capabilities
from deskapp.runtime.window import WindowId
from deskapp.testing import AppHarness, FakeRuntime, TestClient
from tests.examples.program import EXAMPLES

# Examples are written without annotations, as beginners do, so they are not looked at by the type checker.
Gallery: Any = importlib.import_module("examples.gallery.app").Gallery
SECTIONS: list[Any] = importlib.import_module("examples.gallery.sections").SECTIONS
lines_of: Any = importlib.import_module("examples.gallery.section").lines_of

MOST_LINES = 120


@dataclass
class Visit:
    """A running gallery, whose window and page are in memory."""

    app: AppHarness
    gallery: Any
    window: WindowId
    page: TestClient

    async def go(self, title: str) -> Any:
        """Choose a section; returns it."""
        self.page.invoke(self.gallery, "set_chosen", title)
        await self.app.until(lambda: title in self.gallery.sections)
        await self.app.quiet()
        return self.gallery.sections[title]

    def parts(self, cls: str, **props: object) -> list[str]:
        """The ids of widgets of this class that have these properties."""
        known = self.page.objects.values()
        return [found.id for found in known if found.cls == cls and props.items() <= found.props.items()]

    def press(self, text: str, at: int = 0) -> None:
        self.page.emit(self.parts("Button", text=text)[at], "pressed", {})

    def turn(self, text: str, *, on: bool) -> None:
        [toggle] = self.parts("Toggle", text=text)
        self.page.emit(toggle, "turned", {"on": on})

    async def until_told(self, *words: str, is_warning: bool = False) -> None:
        """Wait until a demo says this."""

        def is_there() -> bool:
            demos = [self.page.find(id).props for id in self.parts("Demo")]
            texts = [demo.get("outcome", "") for demo in demos if demo.get("is_warning", False) == is_warning]
            return any(all(word in text for word in words) for text in texts)

        await self.app.until(is_there)

    async def until_shown(self, label: str, text: str) -> None:
        """Wait until a line shows this."""
        await self.app.until(lambda: self.parts("Value", label=label, text=text))

    async def until_called(self, name: str, *args: object) -> None:
        """Wait until the runtime was asked for this."""
        await self.app.until(lambda: (name, self.window, *args) in self.app.runtime.calls)

    async def child(self) -> Any:
        """Wait for the one other window; what it was opened with."""
        await self.app.until(lambda: len(self.app.runtime.windows) == 2)
        return self.app.runtime.windows[list(self.app.runtime.windows)[-1]].spec


async def visit(app: AppHarness) -> Visit:
    gallery = app.launch(Gallery)
    window = await app.window(gallery)
    page = app.page(gallery)
    await app.until(lambda: page.is_ready)
    return Visit(app, gallery, window, page)


@pytest.fixture
async def here() -> AsyncIterator[Visit]:
    async with AppHarness() as app:
        yield await visit(app)


def test_sections_are_short() -> None:
    for path in (EXAMPLES / "gallery").rglob("*.py"):
        if path.name != "widgets.py":
            assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES, path


@pytest.mark.parametrize("cls", SECTIONS, ids=lambda cls: cls.TITLE)
async def test_a_section_builds_and_shows_code(here: Visit, cls: Any, caplog: pytest.LogCaptureFixture) -> None:
    await here.go(cls.TITLE)
    demos = here.parts("Demo")
    assert demos
    assert any(here.page.find(demo).props.get("code") for demo in demos)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_code_is_cut_into_lines_with_pieces() -> None:
    assert lines_of('if x:\n    return "a", 1  # why') == [
        [0, [["word", "if"], ["plain", " x:"]]],
        [
            4,
            [
                ["plain", "    "],
                ["word", "return"],
                ["plain", " "],
                ["text", '"a"'],
                ["plain", ", "],
                ["number", "1"],
                ["plain", "  "],
                ["remark", "# why"],
            ],
        ],
    ]


COMMANDS: list[tuple[str, str, tuple[object, ...]]] = [
    ("Window", "900 × 640", ("resize", 900, 640)),
    ("Window", "Center", ("center",)),
    ("Window", "Maximize", ("maximize",)),
    ("Window", "Minimize", ("minimize",)),
    ("Window", "Fullscreen", ("fullscreen", True)),
    ("Window", "Hide", ("hide",)),
    ("Window", "Restore", ("restore",)),
    ("Window", "Another title", ("set_title", "Called something else")),
    ("Window", "Zoom to 125 %", ("set_zoom", 1.25)),
    ("Menus", "Take it away", ("set_menu", None)),
    ("Task bar", "Five seconds of work", ("set_progress", 0.0)),
    ("Task bar", "Work without known end", ("set_progress", -1)),
    ("Task bar", "End it", ("set_progress", None)),
    ("Print", "Print…", ("print_page", None)),
    ("Faults", "Crash the page", ("end_page",)),
]


@pytest.mark.parametrize(("section", "button", "call"), COMMANDS, ids=[button for _, button, _ in COMMANDS])
async def test_a_button_tells_the_window(here: Visit, section: str, button: str, call: tuple[str, Any]) -> None:
    await here.go(section)
    here.press(button)
    await here.until_called(*call)


async def test_what_the_window_does_is_followed(here: Visit) -> None:
    await here.go("Window")
    here.press("Maximize")
    await here.until_shown("State", "maximized")
    here.turn("On top of others", on=True)
    await here.until_called("set_on_top", True)


@pytest.mark.parametrize(
    ("button", "wish"),
    [
        ("Open a child", {"frameless": False, "modal": False}),
        ("Open one that goes behind", {"parent": None}),
        ("Open a modal child", {"modal": True}),
        ("Open a frameless window", {"frameless": True, "transparent": False}),
        ("Open a transparent window", {"frameless": True, "transparent": True}),
    ],
)
async def test_further_windows_open(here: Visit, button: str, wish: dict[str, object]) -> None:
    await here.go("Many windows")
    here.press(button)
    spec = await here.child()
    assert {name: getattr(spec, name) for name in wish} == wish


async def test_closing_is_asked_and_refused(here: Visit) -> None:
    await here.go("Closing")
    here.turn("Keep this window open", on=True)
    await here.until_called("set_confirm_close", True)
    here.app.launcher.windows.listener.close_requested(here.window)
    await here.until_told("Refused", "1")
    here.turn("Keep this window open", on=False)
    here.turn("Ask before this window closes", on=True)
    here.app.runtime.answers["message"] = 1
    await here.app.quiet()
    here.app.launcher.windows.listener.close_requested(here.window)
    await here.app.until(lambda: [call for call in here.app.runtime.calls if call[0] == "message"])
    assert here.window in here.app.runtime.windows
    here.press("Open a window that asks")
    assert (await here.child()).confirm_close


async def test_the_menu_follows_its_items(here: Visit) -> None:
    await here.go("Menus")
    here.press("Show the bar")

    def bars() -> list[Any]:
        return [call[2] for call in here.app.runtime.calls if call[0] == "set_menu"]

    await here.app.until(bars)
    assert [item["text"] for item in bars()[0]] == ["&File", "&Edit", "&View"]
    here.turn("Save is possible", on=False)
    await here.app.until(lambda: bars()[-1][0]["items"][0]["enabled"] is False)
    here.turn("Save is possible", on=True)
    await here.app.until(lambda: bars()[-1][0]["items"][0]["enabled"] is True)
    here.app.runtime.user_chooses(here.window, "bar", bars()[-1][0]["items"][0]["id"])
    await here.until_told("You chose Save")
    here.app.runtime.answers["popup_menu"] = 1
    here.press("Show it from Python")
    await here.until_told("You chose Green")


@pytest.mark.parametrize(
    ("button", "service", "answer", "told"),
    [
        ("Open a picture…", "file_dialog", ["/tmp/a.png"], "You chose /tmp/a.png"),
        ("Open several…", "file_dialog", ["/tmp/a", "/tmp/b"], "/tmp/a\n/tmp/b"),
        ("Save as…", "file_dialog", ["/tmp/n.txt"], "It would go to /tmp/n.txt"),
        ("Choose a folder…", "file_dialog", None, "You chose nothing"),
        ("Tell", "message", 0, "You have seen it"),
        ("Confirm", "message", 0, "Deleted"),
        ("Ask", "message", 1, "You pressed Discard"),
    ],
)
async def test_a_dialog_is_shown_and_its_answer_told(
    here: Visit, button: str, service: str, answer: object, told: str
) -> None:
    here.app.runtime.answers[service] = answer
    await here.go("Dialogs")
    here.press(button)
    await here.until_told(told)


async def test_the_clipboard_is_set_and_read(here: Visit) -> None:
    await here.go("Clipboard")
    here.press("Copy")
    text = {"do": "set", "format": "text", "value": "Greetings from deskapp"}
    await here.app.until(lambda: ("clipboard", None, text) in here.app.runtime.calls)
    here.app.runtime.answers["clipboard"] = "from elsewhere"
    here.press("Look")
    await here.until_told("from elsewhere")


async def test_dropped_files_are_told_with_their_paths(here: Visit, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("four")
    await here.go("Dropped files")
    here.app.runtime.user_drops(here.window, [str(tmp_path / "a.txt")], 30, 40)
    await here.until_told(f"{tmp_path / 'a.txt'} (4 bytes)", "at 30, 40")


async def test_the_desktop_is_followed(here: Visit) -> None:
    screen = {"name": "A", "x": 0, "y": 0, "width": 800, "height": 600, "work_area": [0, 20, 800, 580], "scale": 2.0}
    here.app.runtime.answers["screens"] = [screen]
    await here.go("Theme and screens")
    await here.app.until(lambda: here.parts("Table", rows=[["A", "0, 0", "800 × 600", "800 × 580 at 0, 20", "2"]]))
    here.app.runtime.system_says("theme", "dark")
    await here.until_shown("The desktop is", "dark")
    here.app.runtime.system_says("power", "resume")
    await here.until_told("woken up")


async def test_the_window_goes_to_the_tray_and_comes_back(here: Visit) -> None:
    await here.go("Tray")
    here.turn("Close to tray", on=True)
    await here.until_called("set_confirm_close", True)
    here.app.launcher.windows.listener.close_requested(here.window)
    await here.until_called("hide")
    here.app.runtime.system_says("tray", {"id": "tray-1", "what": "menu", "item": 0})
    await here.until_called("show")
    await here.until_shown("Called up", "1 times")


async def test_a_package_that_is_missing_is_named(here: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "desktop_notifier", None)
    await here.go("Notifications")
    here.press("Notify")
    await here.until_told("pip install 'deskapp[notify]'", is_warning=True)


async def test_what_cannot_be_opened_is_told(here: Visit) -> None:
    section = await here.go("Open and reveal")
    here.page.set(section.field, "text", "/no/such/file")
    await here.app.until(lambda: section.field.text == "/no/such/file")
    here.press("Open")
    await here.until_told("/no/such/file", is_warning=True)


async def test_the_page_is_printed_into_a_file(here: Visit, tmp_path: Path) -> None:
    path = tmp_path / "gallery.pdf"
    path.write_bytes(b"%PDF-1")
    here.app.runtime.answers["file_dialog"] = [str(path)]
    await here.go("Print")
    here.press("Save as PDF…")
    await here.until_called("print_page", str(path))
    await here.until_told("has 6 bytes")


async def test_a_slow_window_has_a_splash(here: Visit) -> None:
    await here.go("First moment")
    here.press("Open a slow window")
    assert (await here.child()).splash.name == "icon.png"


async def test_a_second_start_brings_the_window_up(here: Visit) -> None:
    await here.go("Instance and autostart")
    here.gallery.greet(Opened(argv=("b.txt",), cwd=Path("/tmp")))
    await here.until_called("show")
    await here.until_called("focus")
    await here.app.until(lambda: any("b.txt (in /tmp)" in start for start in here.gallery.starts))
    here.press("Start at login")
    await here.until_told("It starts at login")
    here.press("No longer")
    await here.until_told("does not start")


async def test_a_crash_is_counted(here: Visit) -> None:
    await here.go("Faults")
    here.app.runtime.crash_page(here.window)
    await here.until_shown("Crashes", "1")
    here.press("Count")
    await here.until_shown("Counted to", "1")


async def test_the_runtime_is_named_with_what_it_can_do(here: Visit) -> None:
    await here.go("Runtime")
    await here.until_shown("Runtime", "fake")
    await here.app.until(
        lambda: any(
            ["✓", "set_zoom", "scale the page"] in here.page.find(id).props.get("rows", [])
            for id in here.parts("Table")
        )
    )


class Poor(FakeRuntime):
    capabilities = Capabilities(reports=frozenset({"closed"}), can_destroy=True)


async def test_what_a_runtime_cannot_do_is_a_line_in_the_section() -> None:
    async with AppHarness([Poor]) as app:
        here = await visit(app)
        await here.go("Window")
        here.press("Zoom to 125 %")
        await here.until_told("'set_zoom'", "webview-gtk", is_warning=True)
