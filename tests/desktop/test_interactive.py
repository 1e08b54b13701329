"""Prompts with a window: a plain Python and IPython in real terminals, with real windows."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.desktop.processes import descendants, is_alive
from tests.desktop.program import environment
from tests.desktop.screen import Screen, wait_until
from tests.unit.terminal import Terminal, terminal

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(120)]

CLOCK = """class Clock(JsComponent):
    ticks = event.IntProp(0, settable=True)
    def init(self):
        window.document.body.style.background = "#00ff00"
        window.setInterval(self.tick, 20)
    @event.action
    def tick(self):
        self._mutate_ticks(self.ticks + 1)
"""

MODULE = "from deskapp import *\n" + CLOCK

IPYTHON = ("-m", "IPython", "--no-banner", "--no-confirm-exit", "--colors=NoColor", "--HistoryManager.enabled=False")


@pytest.fixture(params=["plain", "ipython"])
def prompt(request: pytest.FixtureRequest, screen: Screen, tmp_path: Path) -> Iterator[Terminal]:
    command = IPYTHON if request.param == "ipython" else ("-q",)
    (tmp_path / "clock.py").write_text(MODULE)
    env = environment(screen, tmp_path, {"IPYTHONDIR": str(tmp_path / "ipython")})
    env["PYTHONPATH"] += f":{tmp_path}"
    with terminal(*command, **env) as opened:
        opened.ask("from deskapp import *")
        yield opened


def family(prompt: Terminal) -> list[psutil.Process]:
    """The processes of the prompt's windows."""
    return descendants(prompt.pid)


def windows(prompt: Terminal, screen: Screen) -> list[str]:
    """Titles of the windows that are shown."""
    return [window.title for process in family(prompt) for window in screen.windows(process.pid)]


def until_printed(prompt: Terminal, expression: str, wanted: str) -> None:
    """Ask until Python says so."""
    prompt.ask_until([f"print(f'it is {{{expression}}} !')"], lambda shown: f"it is {wanted} !" in shown)


def test_components_made_at_the_prompt_appear_in_a_window_that_opens_while_the_prompt_waits(
    prompt: Terminal, screen: Screen
) -> None:
    prompt.ask("page = init_interactive(title='prompt')")
    wait_until(lambda: windows(prompt, screen) == ["prompt"], timeout_s=10, what="the window")
    prompt.ask("from clock import Clock", "clock = Clock()")
    until_printed(prompt, "clock.ticks > 5", "True")
    # The loop goes on while nobody types: what the page says is handled when it comes.
    prompt.ask("seen = []", "r = clock.reaction(lambda *events: seen.append(1), 'ticks')")
    until_printed(prompt, "len(seen) > 5", "True")
    until_printed(prompt, "init_interactive() is page", "True")
    members = family(prompt)
    assert members
    assert prompt.leave() == 0
    wait_until(lambda: not any(is_alive(one) for one in members), timeout_s=5, what="the end of its processes")


def test_after_its_window_was_closed_there_can_be_another(prompt: Terminal, screen: Screen) -> None:
    prompt.ask("page = init_interactive(title='first')")
    wait_until(lambda: windows(prompt, screen) == ["first"], timeout_s=10, what="the window")
    [handle] = [window.handle for process in family(prompt) for window in screen.windows(process.pid)]
    screen.run("wmctrl", "-i", "-c", handle)
    wait_until(lambda: windows(prompt, screen) == [], timeout_s=5, what="the end of the window")
    until_printed(prompt, "page.session.status.name", "CLOSED")
    prompt.ask("again = init_interactive(title='second')")
    wait_until(lambda: windows(prompt, screen) == ["second"], timeout_s=10, what="the second window")
    until_printed(prompt, "again.session.status.name", "CONNECTED")
    assert prompt.leave() == 0


def test_ctrl_c_leaves_the_window_as_it_is(prompt: Terminal, screen: Screen) -> None:
    prompt.ask("page = init_interactive(title='stays')")
    wait_until(lambda: windows(prompt, screen) == ["stays"], timeout_s=10, what="the window")
    prompt.type("1 + ")
    prompt.expect("+")
    prompt.interrupt()
    until_printed(prompt, "page.session.status.name", "CONNECTED")
    assert windows(prompt, screen) == ["stays"]
    assert prompt.leave() == 0


def test_a_class_typed_at_the_prompt_becomes_javascript_where_its_source_is_kept(
    prompt: Terminal, screen: Screen, request: pytest.FixtureRequest
) -> None:
    is_kept = "ipython" in request.node.name or sys.version_info >= (3, 13)
    prompt.ask("page = init_interactive(title='typed')")
    wait_until(lambda: windows(prompt, screen) == ["typed"], timeout_s=10, what="the window")
    if is_kept:
        prompt.paste(CLOCK)
        prompt.ask("clock = Clock()")
        until_printed(prompt, "clock.ticks > 5", "True")
        prompt.paste(CLOCK.replace("self.ticks + 1", "1000000"))
        prompt.ask("clock2 = Clock()")
        until_printed(prompt, "clock2.ticks", "1000000")
    else:
        prompt.type(CLOCK.replace("\n", "\r") + "\r")
        shown = prompt.ask("clock = Clock()")
        assert "keeps its source from Python 3.13 on (IPython keeps it always)" in " ".join(shown.split())
    assert prompt.leave() == 0
