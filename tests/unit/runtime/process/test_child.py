"""A supervised child process, with real children."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from deskapp.runtime.process._pipe_ends import WAITING_BYTES
from deskapp.runtime.process.child import ChildProcess
from deskapp.runtime.process.supervised import TAIL_LINES
from tests.desktop.processes import is_alive

HEAD = """
import json, os, signal, subprocess, sys, time
commands = open(int(sys.argv[1]))
events = open(int(sys.argv[2]), "w")
def say(**message):
    events.write(json.dumps(message) + "\\n"); events.flush()
"""


@pytest.fixture(params=[False, True], ids=["loop", "threads"], autouse=True)
def _pipes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test runs with pipes that the loop watches, and with pipes that threads read, as on Windows."""
    monkeypatch.setattr(Child, "threads", request.param)


class Child:
    """A child that runs Python code, and what it said."""

    threads = False

    def __init__(self, code: str) -> None:
        self.messages: list[dict[str, Any]] = []
        command = [sys.executable, "-c", HEAD + code]
        self.process = ChildProcess(command, name="child", cwd=Path("/"), threads=self.threads)
        self.ended = 0
        self.process.attach(asyncio.get_running_loop(), self.messages.append, self._end)

    def _end(self) -> None:
        self.ended += 1

    async def until(self, condition: object, timeout_s: float = 5.0) -> None:
        assert callable(condition)
        deadline_s = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < deadline_s
            await asyncio.sleep(0.005)


def runs(pid: int) -> bool:
    return psutil.pid_exists(pid) and is_alive(psutil.Process(pid))


async def test_messages_go_both_ways_in_order() -> None:
    child = Child("for line in commands: say(echo=json.loads(line))")
    for number in range(100):
        child.process.send({"number": number})
    await child.until(lambda: len(child.messages) == 100)
    assert [message["echo"]["number"] for message in child.messages] == list(range(100))
    await child.process.end(timeout_s=0.01)
    assert (child.process.exit_code, child.ended) == (-signal.SIGTERM, 1)


async def test_the_end_comes_with_exit_code_and_last_words() -> None:
    child = Child("print('on stdout', flush=True); sys.exit('on stderr, without a newline at the end')")
    await child.until(lambda: child.ended)
    assert child.process.exit_code == 1
    assert child.process.tail.splitlines() == ["on stdout", "on stderr, without a newline at the end"]
    await child.process.end(timeout_s=1)


async def test_the_death_of_a_child_is_noticed_at_once() -> None:
    child = Child("say(up=1); time.sleep(60)")
    await child.until(lambda: child.messages)
    os.kill(child.process.pid, signal.SIGKILL)
    await child.until(lambda: child.ended, timeout_s=0.2)
    assert child.process.exit_code == -signal.SIGKILL
    child.process.send({"too": "late"})
    await child.process.end(timeout_s=1)


async def test_a_child_that_ignores_everything_is_killed_with_its_own_children() -> None:
    child = Child(
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "grandchild = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "say(pid=grandchild.pid); time.sleep(60)"
    )
    await child.until(lambda: child.messages)
    await child.process.end(timeout_s=0.05)
    assert child.process.exit_code == -signal.SIGKILL
    assert not runs(child.messages[0]["pid"])


async def test_a_child_that_closes_its_pipe_but_lives_on_is_ended() -> None:
    child = Child("events.close(); time.sleep(60)")
    await child.until(lambda: child.ended)
    assert child.process.exit_code == -signal.SIGKILL
    await child.process.end(timeout_s=1)


async def test_a_talkative_child_neither_stands_still_nor_fills_memory() -> None:
    child = Child(
        "for number in range(20_000):\n"
        "    try: os.write(2, b'word %d\\n' % number)\n"
        "    except BlockingIOError: pass\n"
        "say(done=1); commands.read()"
    )
    time.sleep(0.5)  # noqa: ASYNC251  a busy loop is the point
    await child.until(lambda: child.messages)
    assert len(child.process.tail.splitlines()) <= TAIL_LINES
    await child.process.end(timeout_s=0.05)


async def test_what_is_no_json_is_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    child = Child("events.write('nonsense\\n'); say(good=1)")
    await child.until(lambda: child.ended)
    assert child.messages == [{"good": 1}]
    assert "no JSON" in caplog.text
    await child.process.end(timeout_s=1)


def test_a_child_can_be_attached_to_another_loop() -> None:
    async def begin() -> Child:
        child = Child("for line in commands: say(echo=json.loads(line))")
        child.process.send({"n": 1})
        await child.until(lambda: len(child.messages) == 1)
        return child

    async def go_on(child: Child) -> None:
        child.process.attach(asyncio.get_running_loop(), child.messages.append, child._end)
        child.process.send({"n": 2})
        await child.until(lambda: len(child.messages) == 2)
        await child.process.end(timeout_s=0.05)

    child = asyncio.run(begin())
    asyncio.run(go_on(child))
    assert child.ended == 1


def test_a_program_that_is_missing_is_an_error_and_leaks_nothing() -> None:
    before = set(os.listdir("/proc/self/fd"))  # some of which end by themselves
    with pytest.raises(FileNotFoundError):
        ChildProcess(["/nowhere/at/all"], name="child", cwd=Path("/"), threads=Child.threads)
    assert set(os.listdir("/proc/self/fd")) <= before


async def test_a_full_pipe_is_an_error_not_a_standstill() -> None:
    child = Child("say(up=1); time.sleep(60)")

    def fill() -> None:
        for _ in range(WAITING_BYTES // 1_000_000 + 1):
            child.process.send({"text": "x" * 1_000_000})

    with pytest.raises(BlockingIOError, match="does not read"):
        fill()
    await child.process.end(timeout_s=0.05)
