"""Functions as programs in real pages: the programs of the documents, in a window and in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.desktop.browser import driven_chromium
from tests.desktop.program import Program, Start
from tests.desktop.screen import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(60)]

GREEN = "#2f6f4f"
RED = "#7f2f4f"


def check_values(values: dict[str, Any]) -> None:
    assert (values["function"], values["promise"], values["rejected"]) == (101, "Returned inside callback.", None)
    assert (values["seen"], values["width"], values["title"]) == (3, "80%", "Awesome scripts!!")


def check_info(facts: dict[str, Any], url: str) -> None:
    host = url.split("/")[2]
    assert (facts["server_host"], facts["origin"]) == (host, f"http://{host}")
    assert (facts["user_ip"], facts["backend"], facts["protocol"]) == ("127.0.0.1", "tornado", "websocket")
    assert "PC / Linux" in facts["user_agent"]
    assert "HTTPServerRequest" in facts["request"]


@pytest.mark.parametrize("kind", ["plain", "async"])
def test_a_function_runs_in_a_window_through_a_reload_to_its_close(start: Start, kind: str) -> None:
    program: Program = start("scripts.py", kind=kind)
    values = program.until("values")
    check_values(values)
    assert values["thread"] == ("deskapp-script-main" if kind == "plain" else "MainThread")
    check_info(program.until("info"), values["url"])
    assert program.until("thread")["value"] == 42
    program.until_painted("Awesome scripts!!", GREEN)
    program.until("holds")
    program.tell("reload")
    assert program.until("closed")["text"] == "The session is closed (1000: the page was loaded anew)."
    program.until("deferred", n=2, begun=1)
    check_values(program.until("values", times=2))
    assert program.all("values")[1]["begun"] == 1
    program.until("holds", times=2)
    program.close("Awesome scripts!!")
    assert program.wait() == 0
    assert len(program.all("held")) == 2
    assert [line["n"] for line in program.all("deferred")] == [1, 2, 1, 2]
    assert program.all("result") == [{"event": "result", "value": "over"}]
    assert program.log.count("eval_js() gives None for a rejected promise: Error: no") == 2
    assert "Traceback" not in program.log


@pytest.mark.parametrize("new_window", [True, False])
def test_go_app_shows_another_app_in_a_window(start: Start, new_window: bool) -> None:
    program: Program = start("scripts.py", kind="jump", new_window=new_window)
    assert program.until("other")["path"] == "/other/"
    program.until_painted("Other", RED)
    if new_window:
        assert program.titles() == ["Other", "Script"]
        program.close("Script")
        program.until("left")
        program.close("Other")
    else:
        program.until("left")
        wait_until(lambda: program.titles() == ["Other"], what="one window")
        program.close("Other")
    assert program.wait() == 0
    assert "Traceback" not in program.log


@pytest.mark.parametrize("kind", ["plain", "async"])
def test_a_served_function_runs_once_for_each_tab(start: Start, kind: str) -> None:
    program: Program = start("scripts.py", kind=kind, serve=True)
    url = program.until("serving")["url"]
    with driven_chromium() as browser:
        page: Page = browser.new_page()
        page.goto(url)
        values = program.until("values")
        check_values(values)
        check_info(program.until("info"), values["url"])
        program.until("holds")
        page.close()
        program.until("closed")
        assert [program.until("deferred", times=n)["n"] for n in (1, 2)] == [1, 2]
    program.tell("stop")
    assert program.wait() == 0
    assert "Traceback" not in program.log


def test_a_download_reaches_the_user_of_a_browser(start: Start, tmp_path: Path) -> None:
    program: Program = start("scripts.py", kind="save", serve=True)
    url = program.until("serving")["url"]
    with driven_chromium() as browser:
        page: Page = browser.new_page()
        with page.expect_download() as waiting:
            page.goto(url)
        found = waiting.value
        assert found.suggested_filename == "hello-world.txt"
        found.save_as(tmp_path / "found")
        assert (tmp_path / "found").read_bytes() == b"hello world!"
    program.tell("stop")
    assert program.wait() == 0


def test_a_program_that_has_failed_says_so_where_it_can_be_seen(start: Start) -> None:
    program: Program = start("scripts.py", kind="fail", serve=True)
    url = program.until("serving")["url"]
    with driven_chromium() as browser:
        page: Page = browser.new_page(viewport={"width": 600, "height": 400})
        page.goto(url)
        notice = page.locator("#deskapp-stopped")
        notice.wait_for()
        box = notice.bounding_box()
        assert box is not None
        assert 0 <= box["y"] <= box["y"] + box["height"] <= 400
    program.tell("stop")
    assert program.wait() == 0


def test_a_function_that_says_so_goes_on_after_its_window(start: Start) -> None:
    program: Program = start("scripts.py", kind="keep", brief=True)
    program.until_painted("Script", GREEN)
    program.close("Script")
    program.until("held")
    wait_until(lambda: not program.shown(), what="the window to be gone")
    assert not program.all("over")
    assert program.wait() == 0
    said = [line["event"] for line in program.lines]
    assert said.index("over") < said.index("deferred") < said.index("returned")
    assert program.all("result") == [{"event": "result", "value": "kept"}]
    assert "Traceback" not in program.log


def test_ctrl_c_ends_a_function_that_goes_on_after_its_window(start: Start) -> None:
    program: Program = start("scripts.py", kind="keep")
    program.until_painted("Script", GREEN)
    program.close("Script")
    program.until("held")
    program.interrupt()
    assert program.wait() == 130
    assert program.all("deferred")
    assert not program.all("over")
