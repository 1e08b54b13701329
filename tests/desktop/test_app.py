"""Programs of a user, from launch to exit code, with real windows."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desktop.browser import chromium, driven_chromium
from tests.desktop.program import PROGRAMS, Program, Start
from tests.desktop.screen import wait_until

pytestmark = pytest.mark.desktop

GREEN = "#2f6f4f"
INTERRUPTED = 130
TERMINATED = 143


def test_three_windows_are_shown_and_run_returns_with_the_last_one_closed(start: Start) -> None:
    program = start("windows.py", titles=["one", "two", "three"])
    for title in ("one", "two", "three"):
        program.until("seen", title=title)
    assert program.titles() == ["one", "three", "two"]
    for title in ("one", "two", "three"):
        program.until_painted(title, GREEN)
    program.remember_family()
    program.close("two")
    program.until("disposed", title="two", timeout_s=1)
    program.close("one")
    program.until("disposed", title="one", timeout_s=1)
    wait_until(lambda: program.titles() == ["three"], timeout_s=1)
    assert not program.all("returned")
    closed_at_s = time.monotonic()
    program.close("three")
    program.until("returned", code=0, timeout_s=2)
    assert time.monotonic() - closed_at_s < 1
    assert program.wait(timeout_s=1) == 0
    program.assert_nothing_left()
    assert program.log == ""


def test_a_reload_makes_the_page_anew_from_what_python_holds(start: Start) -> None:
    program = start("windows.py")
    first = program.until("seen")
    assert (first["count"], first["level"], first["part_number"]) == (0, 0, 7)
    program.until("part", times=2)
    program.tell("raise_level", "one")
    program.until("raised_level", level=1)
    program.tell("set_count", "one", 41)
    program.tell("reload", "one")
    again = program.until("seen", times=2)
    assert (again["count"], again["level"], again["part_number"]) == (41, 1, 7)
    program.until_painted("one", GREEN)
    # What JavaScript had made is made anew; the component that Python made lives on, in both directions.
    program.until("part", times=4)
    assert [line["id"] is not None for line in program.all("part")] == [False, True, False, True]
    program.tell("raise_level", "one")
    program.until("raised_level", level=2)
    program.tell("tell_state", "one")
    state = program.until("state")
    assert (state["level"], state["status"]) == (2, 2)
    assert not program.all("disposed")
    program.close("one")
    assert program.wait() == 0
    assert "Traceback" not in program.log


@pytest.mark.parametrize(("send", "code"), [(Program.interrupt, INTERRUPTED), (Program.terminate, TERMINATED)])
def test_a_signal_ends_windows_components_and_processes_in_order(
    start: Start, send: Callable[[Program], None], code: int
) -> None:
    program = start("windows.py", titles=["one", "two"])
    for title in ("one", "two"):
        program.until("seen", title=title)
    family = program.remember_family()
    assert len(family) >= 3  # the host and its web processes
    send(program)
    assert program.wait(timeout_s=3) == code
    program.assert_nothing_left(timeout_s=0.5)
    order = [(line["event"], line.get("title")) for line in program.lines if line["event"] in ("disposed", "raised")]
    assert order == [("disposed", "two"), ("disposed", "one"), ("raised", None)]
    wait_until(lambda: program.shown() == [], timeout_s=1)


def test_windows_come_and_go_while_it_runs_and_share_one_host(start: Start) -> None:
    program = start("windows.py")
    program.until("seen", title="one")
    host = program.host.pid
    program.tell("open_window", "two")
    program.until("seen", title="two")
    program.tell("ask_for_window", "two", "three")  # a page asks, an action launches
    program.until("seen", title="three")
    assert program.titles() == ["one", "three", "two"]
    assert program.host.pid == host
    program.tell("close", "one")  # session.close()
    program.until("disposed", title="one", timeout_s=2)
    wait_until(lambda: program.titles() == ["three", "two"], timeout_s=2)
    program.tell("set_title", "two", "Zwei ✓")
    wait_until(lambda: program.titles() == ["Zwei ✓", "three"], timeout_s=2)
    program.tell("reload", "two")
    program.until("seen", title="two", times=2)
    wait_until(lambda: program.titles() == ["Zwei ✓", "three"], timeout_s=2)
    program.tell("close", "two")
    program.until("disposed", title="two", timeout_s=2)
    assert not program.all("returned")
    program.tell("close", "three")
    assert program.wait(timeout_s=3) == 0


def test_the_last_window_that_a_program_closes_itself_ends_run(start: Start) -> None:
    program = start("windows.py")
    program.until("seen")
    program.remember_family()
    program.tell("close", "one")
    program.until("returned", code=0, timeout_s=2)
    assert program.wait() == 0
    program.assert_nothing_left()


def test_a_window_closed_before_its_page_came_ends_run(start: Start) -> None:
    program = start("windows.py", deaf=True)
    wait_until(lambda: program.titles() == ["one"], what="the window")
    program.close("one")
    program.until("returned", code=0, timeout_s=2)
    assert program.all("disposed", title="one")
    assert not program.all("seen")
    assert program.wait() == 0


def test_a_page_that_never_connects_is_a_failure_after_the_deadline(start: Start) -> None:
    program = start("windows.py", deaf=True, env={"DESKAPP_CONNECT_TIMEOUT_S": "1"})
    raised = program.until("raised", timeout_s=8)
    assert raised["kind"] == "RuntimeFailed"
    assert "did not connect within 1 s" in raised["text"]
    assert program.all("disposed", title="one")
    assert program.wait() == 1


def test_a_proxy_in_the_environment_does_not_come_between_a_window_and_its_program(start: Start) -> None:
    proxy = "http://127.0.0.1:9"
    program = start("windows.py", env={"http_proxy": proxy, "HTTP_PROXY": proxy, "all_proxy": proxy, "no_proxy": None})
    program.until("seen", timeout_s=5)
    program.close("one")
    assert program.wait() == 0


def test_windows_in_the_programs_own_process_work_and_close(start: Start) -> None:
    program = start("windows.py", titles=["one", "two"], wishes={"in_process": True})
    for title in ("one", "two"):
        program.until("seen", title=title)
        program.until_painted(title, GREEN)
    assert {window.pid for window in program.shown()} == {program.process.pid}
    program.tell("set_count", "one", 3)
    program.tell("raise_level", "one")
    program.until("raised_level", level=1)
    program.tell("reload", "one")
    assert program.until("seen", title="one", times=2)["count"] == 3
    program.tell("open_window", "three")
    program.until("seen", title="three")
    program.remember_family()
    for title in ("one", "three"):
        program.close(title)
        program.until("disposed", title=title, timeout_s=2)
    program.close("two")
    program.until("returned", code=0, timeout_s=2)
    assert program.wait(timeout_s=3) == 0
    program.assert_nothing_left()


@pytest.mark.parametrize(("send", "code"), [(Program.interrupt, INTERRUPTED), (Program.terminate, TERMINATED)])
def test_a_signal_ends_windows_in_the_programs_own_process(
    start: Start, send: Callable[[Program], None], code: int
) -> None:
    program = start("windows.py", titles=["one", "two"], wishes={"in_process": True})
    for title in ("one", "two"):
        program.until("seen", title=title)
    program.remember_family()
    send(program)
    assert program.wait(timeout_s=3) == code
    assert {line["title"] for line in program.all("disposed")} == {"one", "two"}
    program.assert_nothing_left()


def test_each_page_of_a_served_app_has_an_instance_and_a_reload_a_fresh_one(start: Start, tmp_path: Path) -> None:
    program = start("served.py")
    url = program.until("serving")["url"]
    assert url.endswith("/Visit/")
    with chromium(f"{url}?who=first", tmp_path / "first"), chromium(f"{url}?who=second", tmp_path / "second"):
        program.until("seen", number=1)
        program.until("seen", number=2)
        assert {line["query"] for line in program.all("made")} == {"who=first", "who=second"}
        program.tell("set_count", 1, 5)
        program.until("count", number=1, count=5)
        program.tell("reload", 1)
        assert program.until("seen", number=3)["count"] == 0
        program.until("disposed", number=1, timeout_s=5)
        assert not program.all("disposed", number=2)
        program.tell("launch_too")  # a window beside the tabs, with an instance of its own
        program.until("seen", number=4)
        program.close("launched")
        program.until("disposed", number=4, timeout_s=2)
        assert not program.all("returned")
        program.tell("stop")
        program.until("returned", code=0, timeout_s=3)
        assert {line["number"] for line in program.all("disposed")} == {1, 2, 3, 4}
    assert program.wait() == 0


def test_a_main_app_is_served_at_the_root(start: Start, tmp_path: Path) -> None:
    program = start("served.py", name="")
    url = program.until("serving")["url"]
    assert url.count("/") == 3
    with chromium(url, tmp_path / "profile"):
        program.until("seen", number=1)
        program.interrupt()
        assert program.wait() == INTERRUPTED


def test_a_served_app_that_cannot_start_says_so_once_and_its_page_does_not_come_back_for_more(start: Start) -> None:
    program = start("served.py", fails=True)
    url = program.until("serving")["url"]
    with driven_chromium() as browser:
        page = browser.new_page()
        page.goto(url)
        page.get_by_text("This app could not start.").wait_for(timeout=5000)
        assert page.evaluate("deskapp.session.is_closed")  # and not waiting for its next try
    assert program.log.count("Traceback") == 1
    assert "on purpose" in program.log
    program.tell("stop")
    assert program.wait() == 0


def deskapp(*arguments: str) -> list[str]:
    return ["-m", "deskapp", *arguments]


def test_deskapp_run_runs_a_file_as_a_program(start: Start) -> None:
    options = json.dumps({"titles": ["from the file"]})
    program = start(command=deskapp("run", str(PROGRAMS / "windows.py"), "--", options))
    program.until("seen", title="from the file")
    program.close("from the file")
    program.until("returned", code=0)
    assert program.wait() == 0


def test_deskapp_run_launches_a_class_of_a_file(start: Start) -> None:
    program = start(command=deskapp("run", str(PROGRAMS / "windows.py") + ":Main"))
    program.until("seen", title="")
    program.remember_family()
    assert program.titles() == ["Main"]
    program.close("Main")
    assert program.wait() == 0
    program.assert_nothing_left()


def test_deskapp_run_ends_by_ctrl_c_without_a_traceback(start: Start) -> None:
    program = start(command=deskapp("run", str(PROGRAMS / "windows.py") + ":Main"))
    program.until("seen")
    program.interrupt()
    assert program.wait(timeout_s=3) == INTERRUPTED
    assert program.all("disposed")
    assert program.log == ""


def test_deskapp_run_takes_the_runtime_that_it_is_told(start: Start) -> None:
    program = start(command=deskapp("run", "--runtime", "firefux-app", str(PROGRAMS / "windows.py") + ":Main"))
    assert program.wait() == 2
    assert "firefux-app" in program.log
    assert "Traceback" not in program.log


def test_deskapp_doctor_names_what_works_here(start: Start) -> None:
    program = start(command=deskapp("doctor"))
    assert program.wait() == 0
    for word in ("webview-gtk", "webview-qt", "browser", "connect_timeout_s", str(program.home)):
        assert word in program.text
    assert program.log == ""


def test_deskapp_without_a_command_says_how_it_is_used(start: Start) -> None:
    program = start(command=["-m", "deskapp"])
    assert program.wait() == 2
    assert "usage: deskapp" in program.log
    assert "run" in program.log


def test_a_program_may_launch_and_run_again(start: Start) -> None:
    program = start("again.py")
    for number in (1, 2):
        program.until("seen", times=number)
        program.remember_family()
        program.close(f"round {number}")
        program.until("returned", code=0, round=number, timeout_s=2)
    assert program.wait() == 0
    program.assert_nothing_left()
    assert program.log == ""


def test_a_window_shows_all_that_its_python_did_before_run(start: Start) -> None:
    program = start("windows.py", titles=["one"], color="#803010")
    program.until("seen", color="#803010")
    program.until_painted("one", "#803010")
    program.close("one")
    assert program.wait() == 0
