"""A browser's process: held back until it is guarded, heard through pipes, and ended with the application."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from deskapp.runtime.browsers import _process as module
from deskapp.runtime.browsers._process import BrowserProcess
from tests.desktop.browser_apps import stand_in, within
from tests.desktop.processes import is_alive

ROOT = Path(__file__).parents[4]

ECHO = r"""
os.write(4, json.dumps({"fds": sorted(os.listdir("/proc/self/fd")), "stdin": sys.stdin.read()}).encode() + b"\0")
rest = b""
while data := os.read(3, 65536):
    *messages, rest = (rest + data).split(b"\0")
    for message in messages:
        os.write(4, json.dumps({"echo": json.loads(message)}).encode() + b"\0")
sys.exit(7)
"""

# An application that starts a browser and is killed before it can do anything more.
APPLICATION = """
import sys
from pathlib import Path
from deskapp.runtime.browsers._process import BrowserProcess
litter = Path(sys.argv[2]) if len(sys.argv) > 2 else None
process = BrowserProcess([sys.argv[1]], name="browser", litter=litter)
print(process.pid, process._guard.pid, flush=True)
sys.stdin.read()
"""


class Child:
    """A process, what it said and how often it ended."""

    def __init__(self, program: Path, **options: Any) -> None:
        self.messages: list[dict[str, Any]] = []
        self.ended = 0
        self.process = BrowserProcess([str(program)], name="browser", **options)
        self.process.attach(asyncio.get_running_loop(), self._end, self.messages.append)

    def _end(self) -> None:
        self.ended += 1

    async def until(self, condition: Callable[[], object], timeout_s: float = 5.0) -> None:
        deadline_s = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < deadline_s
            await asyncio.sleep(0.002)


def runs(pid: int) -> bool:
    return psutil.pid_exists(pid) and is_alive(psutil.Process(pid))


def until_ended(*pids: int, timeout_s: float = 5.0) -> None:
    deadline_s = time.monotonic() + timeout_s
    while left := [pid for pid in pids if runs(pid)]:
        assert time.monotonic() < deadline_s, f"{left} are left after {timeout_s} s"
        time.sleep(0.01)


async def test_messages_go_both_ways_over_the_third_and_fourth_descriptor(tmp_path: Path) -> None:
    child = Child(stand_in(tmp_path, ECHO), speaks=True)
    for number in range(50):
        child.process.send({"number": number})
    await child.until(lambda: len(child.messages) == 51)
    first, *echoes = child.messages
    assert first["stdin"] == ""
    assert set(first["fds"]) <= {"0", "1", "2", "3", "4", "5"}  # the last is that of the listing itself
    assert [message["echo"]["number"] for message in echoes] == list(range(50))
    await child.process.close(timeout_s=2)
    assert child.ended == 1


async def test_the_end_is_noticed_at_once_with_exit_code_and_last_words(tmp_path: Path) -> None:
    program = stand_in(tmp_path, "print('out'); sys.stdout.flush(); sys.exit('no display')")
    child = Child(program)
    await child.until(lambda: child.ended)
    assert child.process.exit_code == 1
    assert child.process.tail.splitlines() == ["out", "no display"]
    child.process.send({"too": "late"})


@pytest.mark.parametrize("has_pidfd", [True, False])
async def test_a_killed_browser_is_noticed_within_a_tenth_of_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_pidfd: bool
) -> None:
    if not has_pidfd:  # as on macOS
        monkeypatch.delattr(os, "pidfd_open")
    child = Child(stand_in(tmp_path, "os.write(4, b'{}\\0'); time.sleep(60)"), speaks=True)
    await child.until(lambda: child.messages)
    os.kill(child.process.pid, signal.SIGKILL)
    await child.until(lambda: child.ended, timeout_s=0.1)
    assert child.process.exit_code == -signal.SIGKILL


async def test_closing_asks_once_and_then_forces(tmp_path: Path) -> None:
    code = (
        "signal.signal(signal.SIGTERM, lambda *_: os.write(4, b'{}\\0')); os.write(4, b'{}\\0')\nwhile 1: time.sleep(1)"
    )
    child = Child(stand_in(tmp_path, code), speaks=True)
    await child.until(lambda: child.messages)
    with within(4):
        await asyncio.gather(child.process.close(timeout_s=0.2), child.process.close(timeout_s=0.2))
    assert child.process.exit_code == -signal.SIGKILL
    assert child.ended == 1


async def test_its_environment_is_what_it_was_given(tmp_path: Path) -> None:
    program = stand_in(tmp_path, "print(sorted(os.environ)); sys.exit(1)")
    child = Child(program, env={"PATH": os.environ["PATH"], "ONE": "1"})
    await child.until(lambda: child.ended)
    assert "'ONE'" in child.process.tail
    assert "HOME" not in child.process.tail


async def test_a_program_that_is_missing_says_so(tmp_path: Path) -> None:
    child = Child(tmp_path / "missing")
    await child.until(lambda: child.ended)
    assert child.process.exit_code in (126, 127)
    assert "missing" in child.process.tail


async def test_nothing_is_left_of_many(tmp_path: Path) -> None:
    program = stand_in(tmp_path, "time.sleep(60)")
    gc.collect()  # what tests before this one have left
    before, children = set(os.listdir("/proc/self/fd")), set(psutil.Process().children())
    for speaks in (True, False) * 5:
        await Child(program, speaks=speaks).process.close(timeout_s=1)
    assert set(os.listdir("/proc/self/fd")) <= before
    assert set(psutil.Process().children()) <= children


def test_without_a_shell_it_is_an_error_and_leaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHELL", "/nowhere/sh")
    before = set(os.listdir("/proc/self/fd"))  # some of which end by themselves
    with pytest.raises(FileNotFoundError):
        BrowserProcess(["browser"], name="browser", speaks=True)
    assert set(os.listdir("/proc/self/fd")) <= before


async def test_a_loop_on_another_thread_hears_of_the_end(tmp_path: Path) -> None:
    program = stand_in(tmp_path, "sys.exit(3)")

    async def watch() -> int | None:
        child = Child(program)
        await child.until(lambda: child.ended)
        return child.process.exit_code

    assert await asyncio.to_thread(lambda: asyncio.run(watch())) == 3


# -- applications that are killed --------------------------------------------------------------------------------------


def killed_application(*arguments: str) -> tuple[int, int]:
    """Process ids of the browser and the guard of an application that was killed."""
    command = [sys.executable, "-c", APPLICATION, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as program:
        assert program.stdout is not None
        pid, guard = map(int, program.stdout.readline().split())
        assert runs(guard)
        program.kill()
        program.wait(5)
    return pid, guard


def test_a_killed_application_leaves_neither_browser_nor_guard_nor_litter(tmp_path: Path) -> None:
    litter = tmp_path / "a profile"
    litter.mkdir()
    (litter / "file").touch()
    pid, guard = killed_application(str(stand_in(tmp_path, "time.sleep(60)")), str(litter))
    until_ended(pid, timeout_s=1)
    until_ended(guard)  # where nobody collects the dead, it takes them for living, for two seconds
    assert not litter.exists()


def test_a_browser_that_does_not_listen_is_killed_with_its_own_processes(tmp_path: Path) -> None:
    code = (
        "import subprocess\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(f'{{child.pid}} ')\nchild.wait()"
    )
    program = stand_in(tmp_path, code)
    command = [sys.executable, "-c", APPLICATION, str(program)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as application:
        assert application.stdout is not None
        pid, guard = map(int, application.stdout.readline().split())
        deadline_s = time.monotonic() + 5
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().endswith(" "):
            assert time.monotonic() < deadline_s
            time.sleep(0.01)
        application.kill()
        application.wait(5)
    until_ended(pid, guard, int((tmp_path / "pid").read_text()), timeout_s=10)


def test_an_application_that_dies_before_it_says_go_starts_no_browser(tmp_path: Path) -> None:
    marker = tmp_path / "started"
    command = [module.SHELL, "-c", module.WAIT_AND_BECOME, "browser", "touch", str(marker)]
    subprocess.run(command, stdin=subprocess.DEVNULL, timeout=5, check=False)
    assert not marker.exists()
    subprocess.run(command, input=b"go\n", timeout=5, check=True)
    assert marker.exists()
