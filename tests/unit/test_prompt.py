"""`PromptHook` at real prompts of this Python, in a terminal; without windows."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import pytest

from tests.unit.terminal import Terminal, terminal

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX"),
    pytest.mark.timeout(60),
]

PROGRAM = """
import asyncio, time
from deskapp._prompt import PromptHook
aio = asyncio.new_event_loop()
ticks = []
def tick():
    ticks.append(time.monotonic())
    aio.call_later(0.02, tick)
def stuck():
    while True:
        pass
tick()
hook = PromptHook(aio)
hook.install()
"""

# The prompt that came with 3.13, and the one from before.
PROMPTS = [{"PYTHON_BASIC_REPL": "1"}, *([{}] if sys.version_info >= (3, 13) else [])]


@pytest.fixture(params=PROMPTS, ids=["classic", "new"][: len(PROMPTS)])
def prompt(request: pytest.FixtureRequest) -> Iterator[Terminal]:
    with terminal("-q", "-i", "-c", PROGRAM, **request.param) as opened:
        opened.ask()
        yield opened


TICKS = "print(f'ticks {len(ticks)} so far')"


def count(shown: str) -> int:
    """How often the loop's timer has ticked."""
    found = re.findall(r"ticks (\d+) so far", shown)
    assert found, shown
    return int(found[-1])


def until_more_ticks(prompt: Terminal) -> None:
    """Wait until the loop has gone on."""
    before = count(prompt.ask(TICKS))
    prompt.ask_until([TICKS], lambda shown: count(shown) > before + 5)


def test_the_loop_runs_while_the_prompt_waits(prompt: Terminal) -> None:
    prompt.ask("aio.call_later(0.4, print, 'from', 'the loop')")
    prompt.expect("from the loop")
    until_more_ticks(prompt)
    assert prompt.leave() == 0


def test_ctrl_c_cancels_the_line_and_nothing_else(prompt: Terminal) -> None:
    prompt.type("1 +")
    until_idle(prompt)
    prompt.interrupt()
    prompt.expect("KeyboardInterrupt")
    assert "Traceback" not in prompt.shown
    until_more_ticks(prompt)
    assert prompt.leave() == 0


def test_ctrl_c_ends_the_code_that_was_typed(prompt: Terminal) -> None:
    prompt.type("print('begun', 1 + 1); time.sleep(60)\r")
    prompt.expect("begun 2")
    prompt.interrupt()
    prompt.expect("KeyboardInterrupt")
    assert "_prompt.py" not in prompt.shown
    until_more_ticks(prompt)


def test_a_second_ctrl_c_ends_a_callback_that_does_not_end(prompt: Terminal) -> None:
    prompt.ask("aio.call_later(0.2, lambda: (print('stuck', 2 + 2), stuck()))")
    prompt.expect("stuck 4")
    prompt.interrupt()
    prompt.interrupt_until("KeyboardInterrupt")
    until_more_ticks(prompt)


def test_nothing_is_left_once_it_was_removed(prompt: Terminal) -> None:
    shown = prompt.ask(
        "import signal, ctypes",
        "hook.remove(); hook.remove()",
        "address = ctypes.c_void_p.in_dll(ctypes.pythonapi, 'PyOS_InputHook').value",
        "print('clean', address is None and signal.getsignal(2) is signal.default_int_handler)",
    )
    assert "clean True" in shown
    before = count(prompt.ask(TICKS))
    prompt.ask("time.sleep(0.2)")
    assert count(prompt.ask(TICKS)) == before


def until_idle(prompt: Terminal) -> None:
    """Wait until the typed keys were looked at, and the loop runs."""
    prompt.expect("+")
