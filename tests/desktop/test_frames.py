"""Windows that a program holds, told by the window system what became of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desktop.program import Program, Start
from tests.desktop.screen import ShownWindow, wait_until

pytestmark = pytest.mark.desktop

GREEN, BROWN = "#2f6f4f", "#7f3f2f"


def transient_for(program: Program, title: str) -> str:
    return program.screen.run("xprop", "-id", program.window(title).handle, "WM_TRANSIENT_FOR")


def focus_dialog(program: Program, main: str) -> None:
    """Give the keyboard to the window that is not the main one, as a click would."""
    [dialog] = [window for window in program.shown() if window.handle != main]
    program.screen.run("wmctrl", "-i", "-a", dialog.handle)
    wait_until(
        lambda: int(program.screen.run("xdotool", "getactivewindow")) == int(dialog.handle, 16),
        what="the dialog's focus",
    )


def test_a_handler_keeps_a_window_and_lets_it_go(start: Start) -> None:
    program = start("frames.py")
    program.until("seen", title="one")
    program.tell("ask_before_closing", "one")
    program.tell("answer", False, None)
    program.tell("do", "one", "set_title", "kept")
    program.window("kept")
    program.close("kept")
    program.until("asked")
    program.tell("do", "one", "resize", 320, 210)
    program.until("changed", what="size", value=[320, 210])
    assert program.titles() == ["kept"]
    program.close("kept")
    program.until("asked", times=2)
    assert program.until("returned")["code"] == 0
    assert program.wait() == 0


def test_a_question_before_closing_is_a_dialog_of_the_system(start: Start) -> None:
    program = start("frames.py", wishes={"confirm_close": "Leave the work?"})
    program.until("seen", title="one")
    main = program.window("one").handle
    program.close("one")
    wait_until(lambda: len(program.shown()) == 2, what="the question")
    focus_dialog(program, main)
    program.screen.run("xdotool", "key", "--clearmodifiers", "Escape")
    wait_until(lambda: len(program.shown()) == 1, what="the end of the question")
    program.close("one")
    wait_until(lambda: len(program.shown()) == 2, what="the question again")
    focus_dialog(program, main)
    program.screen.run("xdotool", "key", "--clearmodifiers", "Return")
    assert program.until("returned")["code"] == 0


def test_a_child_stays_above_its_parent_and_goes_with_it(start: Start) -> None:
    program = start("frames.py")
    program.until("seen", title="one")
    program.tell("open_child", "one", "child", {"modal": True})
    program.until("seen", title="child")
    program.until_painted("child", BROWN)
    parent = program.window("one").handle
    assert f"{int(parent, 16):#x}" in transient_for(program, "child")
    state = program.screen.run("xprop", "-id", program.window("child").handle, "_NET_WM_STATE")
    assert "_NET_WM_STATE_MODAL" in state
    program.tell("do", "one", "destroy")
    program.until("disposed", title="child")
    assert program.until("returned")["code"] == 0
    program.wait()
    program.assert_nothing_left()


def test_the_first_window_takes_the_others_with_it_if_that_is_the_policy(start: Start) -> None:
    program = start("frames.py", policy="main_window")
    program.until("seen", title="one")
    program.tell("open_one", "two")
    program.until("seen", title="two")
    program.close("one")
    program.until("disposed", title="two")
    assert program.until("returned")["code"] == 0


def test_a_window_that_hides_when_it_is_closed_shows_again(start: Start) -> None:
    program = start("frames.py", wishes={"hide_on_close": True})
    program.until("seen", title="one")
    program.window("one")
    program.close("one")
    wait_until(lambda: program.titles() == [], what="the window to be hidden")
    program.until("changed", what="visible", value=False)
    program.tell("do", "one", "show")
    program.window("one")
    program.tell("do", "one", "destroy")
    assert program.until("returned")["code"] == 0


def size_of(window: ShownWindow) -> tuple[int, int]:
    return window.width, window.height


def test_a_window_comes_back_where_it_was(start: Start) -> None:
    places = []
    for turn in range(3):
        program = start("frames.py", wishes={"remember": True, "app_id": "org.example.remembered"})
        program.until("seen", title="one")
        if turn == 0:
            program.tell("do", "one", "move", 240, 180)
            program.until("changed", what="position", value=[240, 180])
            program.tell("do", "one", "resize", 420, 310)
            program.until("changed", what="size", value=[420, 310])
        # The toolkit tells a moment before the window manager has done it.
        wait_until(lambda: size_of(program.window("one")) == (420, 310), what="the size")  # noqa: B023
        window = program.window("one")
        places.append((window.x, window.y, window.width, window.height))
        program.close("one")
        assert program.until("returned")["code"] == 0
        program.wait()
    assert places[0] == places[1] == places[2]


def test_a_page_that_hangs_is_told_of_and_made_anew_when_the_user_wants_that(start: Start) -> None:
    program = start("frames.py", env={"DESKAPP_HEARTBEAT_S": "0.3", "DESKAPP_IDLE_HEARTBEAT_S": "0.3"})
    program.until("seen", title="one")
    main = program.window("one").handle
    program.tell("hang", "one", 60)
    program.until("changed", what="responding", value=False)
    wait_until(lambda: len(program.shown()) == 2, what="the question")
    focus_dialog(program, main)
    program.screen.run("xdotool", "key", "--clearmodifiers", "Tab")  # from "Wait" to "Reload"
    program.screen.run("xdotool", "key", "--clearmodifiers", "Return")
    program.until("changed", what="responding", value=True)
    program.until_painted("one", GREEN)
    assert "crashed; it is loaded anew" in program.log
    program.tell("do", "one", "destroy")
    assert program.until("returned")["code"] == 0
    program.wait()
    program.assert_nothing_left()


def test_a_page_that_answers_late_is_not_touched(start: Start) -> None:
    program = start(
        "frames.py", wishes={"debug": True}, env={"DESKAPP_HEARTBEAT_S": "0.3", "DESKAPP_IDLE_HEARTBEAT_S": "0.3"}
    )
    program.until("seen", title="one")
    program.tell("hang", "one", 4)
    program.until("changed", what="responding", value=False)
    program.until("changed", what="responding", value=True)
    assert program.titles() == ["one"]  # who debugs is not asked
    assert "loaded anew" not in program.log
    program.close("one")
    assert program.until("returned")["code"] == 0


def test_any_address_and_any_file_is_shown(start: Start, tmp_path: Path) -> None:
    page = tmp_path / "my page & more.html"
    page.write_text(f"<title>Theirs</title><body style='margin:0;background:{BROWN}'>", encoding="utf-8")
    program = start("frames.py", url=page.as_uri(), wishes={"size": (300, 200)})
    program.until("changed", what="title", value="Theirs")
    program.until_painted("Theirs", BROWN)
    program.close("Theirs")
    assert program.until("returned")["code"] == 0
    assert program.all("has_asyncio_server") == [{"event": "has_asyncio_server", "value": False}]


def test_the_command_open_shows_a_file(start: Start, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(f"<title>Opened</title><body style='background:{GREEN}'>", encoding="utf-8")
    program = start(command=["-m", "deskapp", "open", "page.html", "--size", "320x240"])
    window = program.window("Opened", timeout_s=15)
    assert (window.width, window.height) == (320, 240)
    program.until_painted("Opened", GREEN)
    program.close("Opened")
    assert program.wait() == 0
