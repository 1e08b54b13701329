"""The gallery on a real screen: a pointer presses its buttons, and the window system tells what came of it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.bus import own_bus
from tests.desktop.processes import web_processes
from tests.desktop.program import Program, starting
from tests.desktop.screen import Screen, wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(60)]

TITLE = "deskapp gallery"
WAIT_S = 15.0
CURRENT = "section:not([hidden])"


class Person:
    """Somebody who sits before the screen."""

    def __init__(self, program: Program, screen: Screen, home: Path) -> None:
        self.program, self.screen, self.home = program, screen, home

    def find(self, selector: str, text: str) -> tuple[int, int]:
        """Wait until the page shows this, and stands still; where it is on screen."""
        before, now = None, self.look(selector, text)
        while now != before:
            before, now = now, self.look(selector, text)
        return now

    def look(self, selector: str, text: str) -> tuple[int, int]:
        so_far = len(self.program.all("found"))
        self.program.tell("find", selector, text)
        found = self.program.until("found", times=so_far + 1, timeout_s=WAIT_S)
        lines = self.screen.run("xwininfo", "-id", self.program.window(TITLE).handle)
        left, top, height = (
            int(lines.partition(f"{name}:")[2].split()[0])
            for name in ("Absolute upper-left X", "Absolute upper-left Y", "Height")
        )
        bar = height - found["height"]  # where there is a menu bar, the page is below it
        return left + found["x"], top + bar + found["y"]

    def click(self, selector: str, text: str) -> None:
        x, y = self.find(selector, text)
        self.screen.run("xdotool", "mousemove", str(x), str(y), "click", "1")

    def go(self, title: str) -> None:
        for window in self.program.shown():
            if window.title != TITLE:  # what a test that failed has left
                self.screen.run("wmctrl", "-i", "-c", window.handle)
        self.click(".navigation button", title)
        self.find(f"{CURRENT} h1", title)

    def press(self, text: str) -> None:
        self.click(f"{CURRENT} button", text)

    def reads(self, text: str, selector: str = "output") -> None:
        """Wait until a person reads this below what was pressed."""
        self.find(f"{CURRENT} {selector}", text)

    def keys(self, *keys: str) -> None:
        self.screen.run("xdotool", "key", *keys)

    def until(self, condition: object, what: str) -> None:
        assert callable(condition)
        wait_until(condition, timeout_s=WAIT_S, what=what)

    def state(self) -> str:
        """What the window manager says of the window."""
        return self.screen.run("xprop", "-id", self.program.window(TITLE).handle, "_NET_WM_STATE")

    def active(self) -> int:
        """The window that has the keyboard."""
        found = re.search(r"0x[0-9a-f]+", self.screen.run("xprop", "-root", "_NET_ACTIVE_WINDOW"))
        return int(found[0], 16) if found else 0

    def answers(self, title: str, *keys: str) -> None:
        """Wait for a dialog, and press keys in it."""
        self.until(lambda: title in self.program.titles(), f"{title!r} in {self.program.titles()}")
        handle = self.program.window(title).handle
        self.screen.run("wmctrl", "-i", "-a", handle)
        self.until(lambda: self.active() == int(handle, 16), f"{title!r} in front")
        self.keys(*keys)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a program of ours that opens web addresses."""
    home = tmp_path_factory.mktemp("gallery")
    opener = home / "bin/xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\necho "$1" > "{home}/opened"\n')
    opener.chmod(0o755)
    return home


@pytest.fixture(scope="module")
def person(screen: Screen, home: Path) -> Iterator[Person]:
    """Before one gallery for all tests, in which each goes to its section first."""
    with own_bus(home) as address, starting(screen, home) as start:
        path = f"{home / 'bin'}:{os.environ['PATH']}"
        program = start("gallery.py", env={"DBUS_SESSION_BUS_ADDRESS": address, "PATH": path})
        person = Person(program, screen, home)
        person.find("h1", "Window")
        yield person
        program.tell("stop")
        assert program.wait() == 0
        assert "Traceback" not in program.log


def test_the_window_is_maximized_and_restored_and_says_so(person: Person) -> None:
    person.go("Window")
    person.press("Maximize")
    person.until(lambda: "MAXIMIZED" in person.state(), "maximized")
    person.reads("maximized", ".value")
    person.until(lambda: person.program.window(TITLE).width > 1300, "as large as the screen")
    person.press("Restore")
    person.until(lambda: "MAXIMIZED" not in person.state(), "restored")
    person.reads("normal", ".value")


def test_a_child_belongs_to_the_window_and_closes(person: Person) -> None:
    person.go("Many windows")
    person.press("Open a child")
    child, parent = person.program.window("A child"), person.program.window(TITLE)

    def owner() -> int:
        found = re.search(r"0x[0-9a-f]+", person.screen.run("xprop", "-id", child.handle, "WM_TRANSIENT_FOR"))
        return int(found[0], 16) if found else 0

    person.until(lambda: owner() == int(parent.handle, 16), "a child of the window")
    person.program.close("A child")
    person.until(lambda: person.program.titles() == [TITLE], "the child closed")


def test_the_window_refuses_to_close(person: Person) -> None:
    person.go("Closing")
    person.click(f"{CURRENT} .toggle", "Keep this window open")
    person.find(f"{CURRENT} .toggle:has(:checked)", "Keep")
    person.program.close(TITLE)
    person.reads("Refused")
    person.click(f"{CURRENT} .toggle", "Keep this window open")
    assert person.program.titles() == [TITLE]


def test_a_shortcut_of_the_menu_bar_works(person: Person) -> None:
    person.go("Menus")
    person.press("Show the bar")
    height = person.program.window(TITLE).height
    person.keys("ctrl+s")
    person.reads("You chose Save")
    person.press("Take it away")
    person.until(lambda: person.program.window(TITLE).height <= height, "no bar")


def test_a_dialog_is_answered(person: Person) -> None:
    person.go("Dialogs")
    person.press("Tell")
    person.answers("Kitchen", "Return")
    person.reads("You have seen it")


def test_what_is_copied_is_there_for_others(person: Person) -> None:
    person.go("Clipboard")
    person.press("Copy")
    person.reads("It is on the clipboard")
    person.press("Look")
    person.reads("It says: Greetings from deskapp")


def test_the_screen_is_listed(person: Person) -> None:
    person.go("Theme and screens")
    person.reads("1400 × 1000", "td")


def test_a_desktop_without_a_tray_is_told_kindly(person: Person) -> None:
    person.go("Tray")
    person.press("Show the icon")
    person.reads("tray", "output.warning")


def test_another_program_opens_an_address(person: Person) -> None:
    person.go("Open and reveal")
    person.press("Open")
    person.reads("Another program has it")
    assert (person.home / "opened").read_text() == "https://www.python.org/\n"


def test_the_page_becomes_a_pdf(person: Person) -> None:
    person.go("Print")
    person.press("Save as PDF")
    person.answers("Save as PDF", "Return")
    person.reads("gallery.pdf has")
    assert (person.home / "gallery.pdf").read_bytes().startswith(b"%PDF-")


def test_a_slow_window_comes_up_at_once(person: Person) -> None:
    person.go("First moment")
    person.press("Open a slow window")
    person.program.window("A slow window")
    person.program.close("A slow window")
    person.until(lambda: person.program.titles() == [TITLE], "the slow window closed")


def test_a_second_start_hands_over_and_ends(person: Person, home: Path) -> None:
    person.go("Instance and autostart")
    with starting(person.screen, home) as start:
        second = start(command=["-m", "examples.gallery", "second.txt"])
        assert second.wait() == 0
    person.reads("second.txt", ".value")


def test_a_page_that_crashes_comes_back_with_what_python_holds(person: Person) -> None:
    person.go("Faults")
    person.press("Count")
    person.reads("Counted to1", ".value")
    before = {process.pid for process in web_processes(person.program.host.pid)}
    person.press("Crash the page")
    person.reads("Crashes1", ".value")
    person.reads("Counted to1", ".value")
    assert {process.pid for process in web_processes(person.program.host.pid)} - before


def test_the_runtime_is_named(person: Person) -> None:
    person.go("Runtime")
    person.reads("webview-", ".value")
