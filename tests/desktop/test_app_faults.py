"""What happens to a program when a process of it, a page or a connection dies."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest

from tests.desktop.processes import is_alive, kill, web_processes
from tests.desktop.program import Start
from tests.desktop.screen import wait_until

pytestmark = pytest.mark.desktop

GREEN = "#2f6f4f"


def test_when_the_window_host_is_killed_its_sessions_end_at_once_and_run_raises_why(start: Start) -> None:
    program = start("windows.py", titles=["one", "two"])
    for title in ("one", "two"):
        program.until("seen", title=title)
    program.remember_family()
    host = program.host
    killed_at_s = time.monotonic()
    kill(host)
    program.until("disposed", title="one", timeout_s=1)
    program.until("disposed", title="two", timeout_s=1)
    assert time.monotonic() - killed_at_s < 0.2
    raised = program.until("raised", timeout_s=2)
    assert raised["kind"] == "RuntimeFailed"
    assert "webview" in raised["text"]
    assert "-9" in raised["text"]
    assert program.wait() == 1
    assert "RuntimeFailed" in program.log
    program.assert_nothing_left()


def test_the_last_words_of_a_host_that_dies_are_in_the_error(start: Start) -> None:
    program = start("windows.py")
    program.until("seen")
    program.host.send_signal(signal.SIGABRT)  # SIGABRT: faulthandler tells where each thread was
    raised = program.until("raised", timeout_s=3)
    assert "Fatal Python error: Aborted" in raised["text"]
    assert program.wait() == 1


def test_when_the_application_is_killed_its_windows_and_processes_go_at_once(start: Start) -> None:
    program = start("windows.py", titles=["one", "two"])
    for title in ("one", "two"):
        program.until("seen", title=title)
    family = program.remember_family()
    shown = [window.handle for window in program.shown()]
    pid = program.host.pid
    assert len(shown) == 2
    program.kill()
    wait_until(lambda: not any(is_alive(process) for process in family), timeout_s=0.5)
    assert program.screen.windows(pid) == []
    program.wait()
    program.assert_nothing_left()


def test_a_page_whose_web_process_is_killed_comes_back_with_its_state(start: Start) -> None:
    program = start("windows.py", titles=["one", "two"])
    for title in ("one", "two"):
        program.until("seen", title=title)
    program.tell("raise_level", "one")
    program.tell("set_count", "one", 5)
    program.tell("set_count", "two", 6)
    program.until("raised_level", level=1)
    pages = web_processes(program.host.pid)
    assert pages
    kill(pages[0])
    again = program.until("seen", times=3)
    assert (again["title"], again["count"], again["level"]) in (("one", 5, 1), ("two", 6, 0))
    assert again["part_number"] == 7
    program.until_painted(again["title"], GREEN)
    assert program.titles() == ["one", "two"]
    program.tell("set_title", again["title"], "still here")
    wait_until(lambda: "still here" in program.titles(), what="the new title")
    assert not program.all("disposed")
    program.tell("set_title", again["title"], again["title"])
    wait_until(lambda: program.titles() == ["one", "two"], what="the old title")
    program.close("one")
    program.close("two")
    assert program.wait() == 0
    program.until_logged("crashed")


def test_a_page_that_crashes_again_and_again_is_given_up(start: Start) -> None:
    program = start("windows.py")
    for level in range(1, 6):
        program.until("seen")
        program.tell("raise_level", "one")
        program.until("raised_level", level=level)
        [page] = web_processes(program.host.pid)
        program.forget()
        kill(page)
    raised = program.until("raised", timeout_s=3)
    assert raised["kind"] == "RuntimeFailed"
    assert "crashed 5 times" in raised["text"]
    assert program.all("disposed", title="one")
    assert program.wait() == 1


def test_a_crashed_page_that_does_not_come_back_is_a_failure_after_the_deadline(start: Start) -> None:
    program = start("windows.py", env={"DESKAPP_CONNECT_TIMEOUT_S": "1"})
    program.until("seen")
    program.tell("go_deaf")
    [page] = web_processes(program.host.pid)
    kill(page)
    raised = program.until("raised", timeout_s=4)
    assert "did not connect within 1 s" in raised["text"]
    assert program.wait() == 1


def test_a_terminal_that_is_closed_takes_the_program_and_its_windows_with_it(start: Start) -> None:
    here = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it is ignored, and programs inherit that
    program = start("windows.py")
    signal.signal(signal.SIGHUP, here)
    program.until("seen")
    program.remember_family()
    os.killpg(program.process.pid, signal.SIGHUP)
    assert program.wait(timeout_s=2) == 129
    program.assert_nothing_left(timeout_s=1)


def test_nothing_is_lost_when_the_connection_is_cut_again_and_again_under_a_stream_of_events(start: Start) -> None:
    total, cuts = 4000, 5
    program = start("stream.py", total=total)
    program.until("ready")
    program.tell("begin")
    for cut in range(1, cuts + 1):
        # Somewhere in the middle: when the next part of the stream has come through in both directions.
        program.until("progress", side="python", part=2 * cut)
        program.until("progress", side="page", part=2 * cut)
        program.tell("cut")
        program.until("cut", times=cut)
    assert program.until("page_has_all", timeout_s=15)["wrong"] == 0
    assert program.until("python_has_all", timeout_s=15)["wrong"] == 0
    assert len(program.all("cut", connected=True)) == cuts
    program.tell("tell_counts")
    assert program.until("counts") == {"event": "counts", "python": total, "page": total}
    assert len(program.all("ready")) == 1  # it was the same page all the time
    program.close("Main")
    assert program.wait() == 0


def test_a_program_that_is_busy_for_a_while_keeps_its_windows_and_answers_afterwards(start: Start) -> None:
    program = start("windows.py")
    program.until("seen")
    program.tell("be_busy", 2.5)
    program.tell("raise_level", "one")
    program.until("raised_level", level=1, timeout_s=6)
    assert len(program.all("seen")) == 1
    program.close("one")
    assert program.wait() == 0
    assert program.log == ""


def test_a_second_ctrl_c_ends_a_program_that_hangs_while_it_ends(start: Start) -> None:
    program = start("windows.py", hangs_at_end=True)
    program.until("seen")
    program.remember_family()
    program.interrupt()
    program.until("hangs")
    program.interrupt()
    assert program.wait(timeout_s=3) == 130
    program.assert_nothing_left()


@pytest.mark.long
def test_a_window_host_that_stands_still_is_ended_by_force(start: Start) -> None:
    program = start("windows.py")
    program.until("seen")
    program.remember_family()
    program.host.suspend()
    program.interrupt()
    assert program.wait(timeout_s=13) == 130
    program.assert_nothing_left()


def test_a_screen_that_is_lost_ends_the_program_with_the_toolkits_words(start: Start) -> None:
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with open(reading, encoding="ascii") as stream:
            display = f":{stream.readline().strip()}"
        program = start("windows.py", titles=["one"], env={"DISPLAY": display})
        program.until("seen", title="one")
        program.remember_family()
    finally:
        server.kill()
        server.wait(5)
    assert program.until("raised", timeout_s=5)["kind"] == "RuntimeFailed"
    assert program.all("disposed", title="one")
    assert program.wait() == 1
    program.assert_nothing_left()
