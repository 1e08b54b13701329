"""Components on both sides of a real page, and what a session can do, looked at by the program itself."""

from __future__ import annotations

import pytest

from tests.desktop.browser import driven_chromium
from tests.desktop.program import Start

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(60)]


def test_components_and_sessions_keep_their_promises_in_a_real_page(start: Start) -> None:
    program = start("lives.py")
    url = program.until("serving")["url"]
    with driven_chromium() as browser:
        browser.new_page().goto(url)
        try:
            program.until("done", timeout_s=40)
        except AssertionError:
            raise AssertionError(f"{program.lines}\n{program.log}") from None
    assert not program.all("failed")
    assert [line["check"] for line in program.all("passed")] == [
        "proxies_of_python_components",
        "python_components_are_made_in_python_only",
        "python_components_end_in_python_only",
        "python_components_end_when_collected",
        "javascript_components_of_python",
        "javascript_components_of_the_page",
        "round_trips",
        "questions",
        "commands",
        "members",
        "its_end",
    ]
    assert program.text == "the older way\n"  # what session.eval prints
    program.tell("stop")
