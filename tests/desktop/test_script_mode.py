"""Files that run top to bottom and launch nothing, in real windows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.desktop.program import PROGRAMS, Program, Start

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(60)]

GREEN = "#2f6f4f"
TITLE = "Script mode"


def test_a_script_opens_its_window_goes_on_and_outlives_it(start: Start) -> None:
    program: Program = start("script_mode.py", kind="whole")
    values = program.until("values")
    assert (values["sum"], values["thread"], values["title"]) == (3, "MainThread", TITLE)
    assert program.until("other")["value"] == 42
    assert program.until("registered")["value"] == 49
    program.until_painted("Renamed", GREEN)
    program.until("holds")
    for name in ("launch", "serve", "run"):
        refused = program.until(name)
        assert refused["error"] == "DeskappError"
        assert f"{name}() was called in a script whose window is open already" in refused["text"]
    assert program.until("start")["error"] == "DeskappError"
    program.remember_family()
    program.close("Renamed")
    assert program.wait() == 0
    assert program.all("held")
    assert program.until("deferred")["value"] == 5
    assert program.until("after")["error"] == "SessionClosedException"
    assert program.until("launch_after")["error"] == "DeskappError"
    assert program.until("over")
    assert program.log == ""
    program.assert_nothing_left()


def test_a_script_that_has_ended_leaves_its_window_to_the_user(start: Start) -> None:
    program: Program = start("script_mode.py", kind="ends")
    program.until("over")
    program.until_painted(TITLE, GREEN)
    assert program.process.poll() is None
    program.remember_family()
    program.close(TITLE)
    assert program.wait() == 0
    assert program.log == ""
    program.assert_nothing_left()


def test_a_window_that_closes_ends_a_script_that_waits(start: Start) -> None:
    program: Program = start("script_mode.py", kind="waits")
    program.until("asks")
    program.window(TITLE)
    program.close(TITLE)
    assert program.wait() == 0
    assert program.all("deferred")
    assert not program.all("over")
    assert program.log == ""


def test_a_fault_of_the_script_is_shown_and_closes_its_window(start: Start) -> None:
    program: Program = start("script_mode.py", kind="raises")
    program.until_painted(TITLE, GREEN)
    program.remember_family()
    program.tell("go")
    assert program.wait() == 1
    assert program.log.count("Traceback") == 1
    assert "ValueError: a fault of the script" in program.log
    program.assert_nothing_left()


def test_sys_exit_keeps_its_code_and_closes_the_window(start: Start) -> None:
    program: Program = start("script_mode.py", kind="exits")
    program.until_painted(TITLE, GREEN)
    program.remember_family()
    program.tell("go")
    assert program.wait() == 3
    assert program.all("deferred")
    assert program.log == ""
    program.assert_nothing_left()


@pytest.mark.parametrize(("kind", "sign"), [("whole", "holds"), ("waits", "asks"), ("ends", "over")])
def test_ctrl_c_ends_a_script_and_its_window(start: Start, kind: str, sign: str) -> None:
    program: Program = start("script_mode.py", kind=kind)
    program.until(sign)
    program.window("Renamed" if kind == "whole" else TITLE)
    program.remember_family()
    program.interrupt()
    assert program.wait() == 130
    assert len(program.all("deferred")) == (kind != "ends")
    program.assert_nothing_left()


def test_sigterm_ends_a_script_and_its_window(start: Start) -> None:
    program: Program = start("script_mode.py", kind="ends")
    program.until_painted(TITLE, GREEN)
    program.remember_family()
    program.terminate()
    assert program.wait() == 143
    program.assert_nothing_left()


def test_a_window_host_that_dies_gives_exit_code_1(start: Start) -> None:
    program: Program = start("script_mode.py", kind="ends")
    program.until_painted(TITLE, GREEN)
    program.host.kill()
    assert program.wait() == 1
    assert "RuntimeFailed" in program.log


def test_a_script_cannot_begin_anew(start: Start) -> None:
    program: Program = start("script_mode.py", kind="reloads")
    assert program.until("after")["text"] == "The session is closed (1000: the page was loaded anew)."
    program.until("over")
    program.window("Before")
    assert program.process.poll() is None
    program.close("Before")
    assert program.wait() == 0
    assert "Traceback" not in program.log


def test_any_thread_may_make_the_first_call(start: Start) -> None:
    program: Program = start("script_mode.py", kind="thread")
    assert program.until("thread")["value"] == 42
    program.until_painted(TITLE, GREEN)
    assert program.titles() == [TITLE]
    program.close(TITLE)
    assert program.wait() == 0


def test_threads_go_on_after_the_last_line(start: Start) -> None:
    program: Program = start("script_mode.py", kind="late")
    program.until("over")
    program.until_painted(TITLE, GREEN)
    program.tell("go")
    assert program.until("late")["value"] == 42
    program.close(TITLE)
    assert program.wait() == 0
    assert program.log == ""


def test_outputs_and_their_callbacks_work_after_the_last_line(start: Start) -> None:
    program: Program = start("script_mode.py", kind="shows")
    clicked = program.until("clicked")
    assert "Text of a script" in clicked["shown"]
    assert "It was clicked" in clicked["shown"]
    assert clicked["thread"].startswith("deskapp-callback-")
    program.until("over")
    assert program.process.poll() is None
    program.close(TITLE)
    assert program.wait() == 0
    assert program.log == ""


def test_workers_have_no_part_in_the_window(start: Start) -> None:
    program: Program = start("script_mode.py", kind="workers")
    program.until("joined", times=2)
    assert [line["error"] for line in program.all("worker")] == ["SessionNotFoundException"] * 2
    assert [line["code"] for line in program.all("joined")] == [0, 0]
    program.until_painted(TITLE, GREEN)
    assert program.titles() == [TITLE]
    program.close(TITLE)
    assert program.wait() == 0


def test_the_first_call_tells_that_no_window_can_be_shown(start: Start) -> None:
    program: Program = start("script_mode.py", kind="tries", env={"DISPLAY": None, "DESKAPP_RUNTIME": "webview"})
    program.until("over")
    assert program.wait() == 0
    assert [line["error"] for line in program.all("tried")] == ["RuntimeUnavailable"] * 2


@pytest.mark.parametrize("how", ["file", "module", "text"])
def test_however_a_script_is_run(start: Start, how: str, tmp_path: Path) -> None:
    options = json.dumps({"kind": "ends"})
    code = "from deskapp.session import *; run_js(\"document.body.style.background = '#2f6f4f'\"); print('over')"
    command = {
        "file": ["-m", "deskapp", "run", str(PROGRAMS / "script_mode.py"), "--", options],
        "module": ["-m", "tests.desktop.programs.script_mode", options],
        "text": ["-c", code],
    }[how]
    program: Program = start(command=command)
    title = "Script" if how == "text" else TITLE
    program.until_painted(title, GREEN)
    program.until("text" if how == "text" else "over")
    assert program.process.poll() is None
    program.close(title)
    assert program.wait() == 0
    assert program.log == ""


def test_deskapp_run_ends_quietly_with_the_window_of_a_script_that_waits(start: Start) -> None:
    options = json.dumps({"kind": "waits"})
    program: Program = start(command=["-m", "deskapp", "run", str(PROGRAMS / "script_mode.py"), "--", options])
    program.until("asks")
    program.window(TITLE)
    program.close(TITLE)
    assert program.wait() == 0
    assert program.log == ""


FROZEN = """
import sys
from deskapp._frozen import Product, start
product = Product("Script", "1.0", "org.example.script", "tests.desktop.programs.script_mode")
sys.exit(start(product))
"""


@pytest.mark.parametrize("kind", ["ends", "waits"])
def test_a_frozen_script_lives_as_long_as_its_window(start: Start, tmp_path: Path, kind: str) -> None:
    program: Program = start(command=_frozen(tmp_path, json.dumps({"kind": kind})))
    program.until("asks" if kind == "waits" else "over")
    program.until_painted(TITLE, GREEN)
    program.close(TITLE)
    assert program.wait() == 0
    assert program.log == ""


@pytest.mark.parametrize(("kind", "failure"), [("whole", ""), ("ends", ""), ("waits", ""), ("raises", "ValueError")])
def test_a_frozen_script_shows_that_it_works(start: Start, tmp_path: Path, kind: str, failure: str) -> None:
    program: Program = start(command=_frozen(tmp_path, "--self-test", json.dumps({"kind": kind})))
    if kind == "raises":
        program.tell("go")
    code = program.wait()
    result = json.loads(program.log.splitlines()[-1])
    assert (code, result["ok"]) == ((3, False) if failure else (0, True)), program.log
    assert failure in result["failure"]
    if not failure:
        assert [shown["window"] for shown in result["shown"]] == [TITLE]


def _frozen(folder: Path, *arguments: str) -> list[str]:
    (folder / "frozen.py").write_text(FROZEN)
    return [str(folder / "frozen.py"), *arguments]
