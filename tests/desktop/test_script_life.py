"""Functions whose pages lose their connection, are loaded anew, and are closed; and whether everybody can use them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from devtools import frontend
from tests.desktop.browser import driven_chromium
from tests.desktop.program import Program, Start
from tests.docs.markdown import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(60)]

KEEP_SOCKETS = """
  self.sockets = [];
  const Plain = self.WebSocket;
  self.WebSocket = class extends Plain {
    constructor(...args) { super(...args); self.sockets.push(this); }
  };
"""

VIOLATIONS = """async () => {
  const own = ".deskapp-markdown > input:not([type])";  // the program's author wrote it, without a label
  const {violations} = await axe.run({exclude: [own]}, {resultTypes: ["violations"]});
  const about = ({html, failureSummary}) => `${html.slice(0, 200)} ${failureSummary}`;
  return violations.filter(({impact}) => impact === "serious" || impact === "critical")
    .map(({id, nodes}) => `${id}: ${nodes.map(about).join(" | ")}`);
}"""


@pytest.fixture
def browser() -> Iterator[Browser]:
    with driven_chromium() as browser:
        yield browser


def ended(program: Program) -> None:
    program.tell("stop")
    assert program.wait() == 0
    assert "Traceback" not in program.log


def test_a_lost_connection_comes_back_with_everything_in_place_and_the_question_open(
    start: Start, browser: Browser
) -> None:
    program: Program = start("script_life.py")
    page: Page = browser.new_page()
    page.set_default_timeout(10_000)
    page.add_init_script(KEEP_SOCKETS)
    page.goto(program.until("serving")["url"])
    page.get_by_label("Name").fill("Ev")
    page.evaluate("sockets[0].close()")
    page.get_by_role("button", name="count").click()  # while it is lost
    page.wait_for_function("() => sockets.length === 2 && sockets[1].readyState === 1")
    page.get_by_text("clicked").wait_for()
    assert page.get_by_text("shown before").is_visible()
    assert page.get_by_label("Name").input_value() == "Ev"
    page.get_by_label("Name").press("End")
    page.keyboard.type("e")
    page.keyboard.press("Enter")
    page.get_by_text("Hello Eve").wait_for()
    # Loaded anew it begins anew; what the first run had to do at its end is done.
    page.reload()
    page.get_by_label("Name").wait_for()
    assert page.get_by_text("Hello Eve").count() == 0
    assert program.until("deferred")["asked"] == "Eve"
    page.close()
    program.until("closed")
    assert program.until("deferred", times=2)["event"] == "deferred"
    assert program.all("deferred")[-1]["asked"] is None
    ended(program)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_that_functions_show_or_ask_keeps_anybody_out(start: Start, browser: Browser, scheme: Any) -> None:
    axe = (ROOT / frontend.FOLDER / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for name, paths, sign in (
        ("outputs.py", [""], "text=Many"),
        ("asking.py", ["everything/", "staying/"], "input"),
        ("script_data.py", ["table/"], ".ag-row"),
    ):
        program: Program = start(name)
        url = program.until("serving")["url"]
        for path in paths:
            page = browser.new_page(color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
            page.goto(url + path)
            page.locator(sign).first.wait_for()
            page.evaluate(axe)
            found[f"{name} {path}"] = page.evaluate(VIOLATIONS)
            page.close()
        program.tell("stop")
        program.wait()
    assert {name: faults for name, faults in found.items() if faults} == {}
