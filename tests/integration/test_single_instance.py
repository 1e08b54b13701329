"""One process for each user: real processes that hand over, crash, hang, and are somebody else's."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from deskapp.desktop.instance_channel import (
    LoopbackChannel,
    Strange,
    UnixChannel,
    channel_in,
    check_user,
    from_line,
    is_proof,
    proof,
)
from deskapp.desktop.opened import Opened
from deskapp.desktop.single_instance import SingleInstance
from deskapp.errors import DesktopFailed, NotAnswered
from deskapp.testing import AppHarness
from tests.desktop.screen import wait_until

ROOT = Path(__file__).parents[2]

PROGRAM = """
import asyncio, json, sys
from pathlib import Path
from deskapp.desktop import single_instance
from deskapp.desktop.instance_channel import LoopbackChannel
folder, mode, *argv = sys.argv[1:]
one = single_instance.SingleInstance("org.example.clock", schemes=["clock"], folder=Path(folder))
if "loopback" in mode:
    one._channel = LoopbackChannel(Path(folder) / "instance.json")
def say(word, opened):
    print(json.dumps([word, opened.to_wire()]), flush=True)
if not one.claim(argv, timeout_s=2 if "hasty" in mode else 15):
    sys.exit(0)
say("first", one.opened)
async def main():
    one.listen(asyncio.get_running_loop(), lambda opened: say("opened", opened))
    await asyncio.Event().wait()
if "silent" in mode:
    sys.stdin.read()
asyncio.run(main())
"""


class Programs:
    """Starts of the program above, each a process."""

    def __init__(self, folder: Path, cwd: Path, mode: str = "unix") -> None:
        self.folder, self.cwd, self.mode = folder, cwd, mode
        self.processes: list[subprocess.Popen[str]] = []

    def start(self, *argv: str, mode: str | None = None) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(self.folder), mode or self.mode, *argv],
            cwd=self.cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        return process

    def first(self, *argv: str, mode: str | None = None) -> subprocess.Popen[str]:
        process = self.start(*argv, mode=mode)
        assert heard(process)[0] == "first"
        return process

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.communicate()


def heard(process: subprocess.Popen[str]) -> tuple[str, Opened]:
    """The next line that a process says."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.stderr.read() if process.stderr is not None else ""
    word, opened = json.loads(line)
    return word, Opened.from_wire(opened)


@pytest.fixture(params=["unix", "loopback"])
def programs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Programs]:
    cwd = tmp_path / "cwd"
    cwd.mkdir()
    found = Programs(tmp_path / "run", cwd, request.param)
    yield found
    found.end()


def test_a_second_start_hands_over_what_it_was_to_open_and_ends_with_0(programs: Programs) -> None:
    (programs.cwd / "a b.txt").touch()
    first = programs.first("--quiet")
    second = programs.start("clock:alarm/7", "a b.txt", "--verbose", "gone")
    assert second.communicate(timeout=10) == ("", "")
    assert second.returncode == 0
    word, opened = heard(first)
    assert word == "opened"
    assert opened.urls == ("clock:alarm/7",)
    assert opened.files == (programs.cwd / "a b.txt",)
    assert opened.argv == ("clock:alarm/7", "a b.txt", "--verbose", "gone")
    assert opened.cwd == programs.cwd


def test_many_starts_at_once_make_one_process(programs: Programs) -> None:
    starts = [programs.start(f"clock:{number}") for number in range(6)]
    wait_until(lambda: sum(start.poll() is not None for start in starts) == 5, timeout_s=18)
    [first] = [start for start in starts if start.poll() is None]
    assert [start.returncode for start in starts if start is not first] == [0] * 5
    words = [heard(first) for _ in range(6)]
    assert [word for word, _ in words] == ["first", *["opened"] * 5]
    assert sorted(url for _, opened in words for url in opened.urls) == [f"clock:{number}" for number in range(6)]


def test_a_lock_that_a_crash_left_is_no_lock(programs: Programs) -> None:
    first = programs.first()
    first.kill()
    first.wait(5)
    assert any(programs.folder.iterdir())  # it left its things
    programs.first()


def test_a_first_one_that_hangs_is_an_error_that_names_it(programs: Programs) -> None:
    first = programs.first()
    first.send_signal(signal.SIGSTOP)
    second = programs.start("clock:x", mode=f"{programs.mode} hasty")
    _, words = second.communicate(timeout=10)
    assert second.returncode == 1
    assert (
        f"NotAnswered: 'org.example.clock' runs already (process {first.pid}), but did not answer within 2 s" in words
    )
    first.send_signal(signal.SIGCONT)
    assert programs.start("clock:y").wait(10) == 0


def test_what_comes_before_the_first_one_listens_is_taken_when_it_does(programs: Programs) -> None:
    first = programs.first(mode=f"{programs.mode} silent")
    second = programs.start("clock:early")
    wait_until(lambda: not is_starting(second))
    assert second.poll() is None
    assert first.stdin is not None
    first.stdin.close()
    first.stdin = None
    assert second.wait(10) == 0
    assert heard(first)[1].urls == ("clock:early",)


def test_the_next_start_is_the_first_when_the_first_has_ended_meanwhile(programs: Programs) -> None:
    first = programs.first()
    first.send_signal(signal.SIGSTOP)
    second = programs.start("clock:x")
    wait_until(lambda: not is_starting(second))
    first.kill()
    assert heard(second)[0] == "first"


def is_starting(process: subprocess.Popen[str]) -> bool:
    """Whether it has not come to its sockets yet."""
    folder = Path(f"/proc/{process.pid}/fd")
    return not any("socket:" in os.readlink(fd) for fd in folder.iterdir() if fd.exists())


# -- strangers ---------------------------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def listening(folder: Path, opened: list[Opened]) -> AsyncIterator[SingleInstance]:
    one = SingleInstance("org.example.clock", folder=folder)
    assert one.claim([])
    one.listen(asyncio.get_running_loop(), opened.append)
    try:
        yield one
    finally:
        one.release()


NOBODY = """
import socket, sys
one = socket.socket(socket.AF_UNIX)
one.settimeout(5)
one.connect(sys.argv[1])
try:
    one.sendall(b'{"hello": "x"}\\n')
    print("answered:", one.recv(100))
except OSError:
    print("answered: b''")
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else")
@pytest.mark.skipif(not Path("/usr/bin/python3").exists(), reason="that user needs a Python of the system")
async def test_another_user_is_not_let_in(caplog: pytest.LogCaptureFixture) -> None:
    folder = Path(tempfile.mkdtemp(prefix="deskapp-", dir="/tmp"))
    try:
        opened: list[Opened] = []
        async with listening(folder, opened):
            path = folder / "instance.sock"
            assert stat.S_IMODE(path.stat().st_mode) == 0o600

            def try_it() -> subprocess.CompletedProcess[str]:
                command = ["/usr/bin/python3", "-c", NOBODY, str(path)]
                return subprocess.run(
                    command, user=65534, capture_output=True, text=True, timeout=10, check=False, cwd="/"
                )

            assert "PermissionError" in (await asyncio.to_thread(try_it)).stderr
            os.chmod(folder, 0o755)
            assert "PermissionError" in (await asyncio.to_thread(try_it)).stderr
            os.chmod(path, 0o777)  # as if nothing but the system's word on who it is were left
            done = await asyncio.to_thread(try_it)
            assert done.stdout == "answered: b''\n", done.stderr
            assert "belongs to user 65534" in caplog.text
        assert opened == []
    finally:
        shutil.rmtree(folder)


def test_a_socket_of_another_user_is_not_talked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = socket.socketpair(socket.AF_UNIX)
    with one, other:
        check_user(one)
        monkeypatch.setattr(os, "getuid", lambda: 12345)
        with pytest.raises(Strange, match="belongs to user"):
            check_user(one)


LINES: list[bytes] = [
    b"\n", b"GET / HTTP/1.1\r\n\r\n", b"[]\n", b"null\n", b'{"hello": 1}\n{"proof": "x", "opened": {}}\n', b"\xff\n",
    b'{"hello": "x"}\n{"opened": {"urls": [], "files": [], "argv": [], "cwd": "/"}}\n', b"[" * 100_000 + b"\n",
]  # fmt: skip


@pytest.mark.parametrize("lines", LINES, ids=range(len(LINES)))
async def test_who_does_not_speak_our_language_opens_nothing(
    lines: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    opened: list[Opened] = []
    async with listening(tmp_path, opened) as one:
        connected, _ = await asyncio.to_thread(one._channel.connect, 5)
        reader, writer = await asyncio.open_connection(sock=connected)
        writer.write(lines)
        writer.write_eof()
        await asyncio.wait_for(reader.read(), 10)
        writer.close()
        again = SingleInstance("org.example.clock", folder=tmp_path)
        assert await asyncio.to_thread(again.claim, ["after"]) is False
        await AppHarness.until(lambda: opened)
    assert [what.argv for what in opened] == [("after",)]
    assert "no later start of this program" in caplog.text


def test_a_stranger_at_a_port_of_old_is_told_nothing(tmp_path: Path) -> None:
    channel = LoopbackChannel(tmp_path / "instance.json")
    left, _ = channel.listen()
    port = left.getsockname()[1]
    left.close()
    holder = SingleInstance("org.example.clock", folder=tmp_path)
    assert holder._take_lock()
    with socket.create_server(("127.0.0.1", port)) as stranger:
        stranger.settimeout(5)
        second = SingleInstance("org.example.clock", folder=tmp_path)
        second._channel = channel
        got: list[bytes] = []

        def answer() -> None:
            connected, _ = stranger.accept()
            with connected:
                got.append(connected.recv(1000))
                connected.sendall(b'{"hello": "y", "proof": "guessed", "pid": 1}\n')
                got.append(connected.recv(1000))

        thread = threading.Thread(target=answer)
        thread.start()
        assert second._hand_over(time.monotonic() + 5) is False
        thread.join(5)
    assert set(json.loads(got[0])) == {"hello"}
    assert got[1] == b""
    holder.release()


def test_a_proof_is_of_one_side_and_one_nonce() -> None:
    assert is_proof("secret", "first", "n", proof("secret", "first", "n"))
    for secret, side, nonce in (("other", "first", "n"), ("secret", "second", "n"), ("secret", "first", "m")):
        assert not is_proof(secret, side, nonce, proof("secret", "first", "n"))
    assert not is_proof("secret", "first", "n", None)
    with pytest.raises(Strange):
        from_line(b"")


# -- faults ------------------------------------------------------------------------------------------------------------


async def test_a_fault_of_the_application_is_logged_and_the_second_start_ends_well(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = SingleInstance("org.example.clock", folder=tmp_path)
    assert one.claim([])

    def fail(opened: Opened) -> None:
        raise KeyError("inside")

    one.listen(asyncio.get_running_loop(), fail)
    second = SingleInstance("org.example.clock", folder=tmp_path)
    assert await asyncio.to_thread(second.claim, ["x"]) is False
    await AppHarness.until(lambda: "could not be opened" in caplog.text)
    one.release()
    one.release()
    assert not one.is_first
    assert set(os.listdir(tmp_path)) <= {"instance.lock"}


def test_who_has_not_claimed_cannot_listen(tmp_path: Path) -> None:
    with contextlib.closing(asyncio.new_event_loop()) as aio, pytest.raises(DesktopFailed, match="has not claimed"):
        SingleInstance("org.example.clock", folder=tmp_path).listen(aio, lambda opened: None)


def test_a_folder_that_cannot_be_made_is_an_error_that_names_the_program(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DesktopFailed, match=r"see whether 'org\.example\.clock' runs already"):
        SingleInstance("org.example.clock", folder=tmp_path / "file" / "run").claim([])


def test_a_name_too_long_for_a_socket_has_a_port_instead(tmp_path: Path) -> None:
    assert isinstance(channel_in(Path("/run/user/1000/org.example.clock")), UnixChannel)
    deep = tmp_path / ("x" * 120)
    assert isinstance(channel_in(deep), LoopbackChannel)
    one = SingleInstance("org.example.clock", folder=deep)
    assert one.claim([])
    assert stat.S_IMODE((deep / "instance.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(deep.stat().st_mode) == 0o700
    with pytest.raises(NotAnswered):
        SingleInstance("org.example.clock", folder=deep).claim([], timeout_s=0.2)
    one.release()
    assert not (deep / "instance.json").exists()
