"""deskapp/desktop/opening.py and outside.py: command lines as data; programs of our own stand for the system's."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from deskapp.desktop.opening import (
    check_path,
    check_target,
    explorer_line,
    open_command,
    open_target,
    reveal_commands,
    reveal_path,
)
from deskapp.desktop.outside import ask_program, outside_environment, start_program
from deskapp.errors import ConfigError, DesktopFailed
from deskapp.testing import AppHarness


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that comes first in PATH; each program in it writes its arguments into the file `said`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return folder


def put(folder: Path, name: str, *, exit_code: int = 0, last: str = "") -> None:
    said = folder.parent / "said"
    path = folder / name
    path.write_text(
        f"#!/bin/sh\nprintf '%s\\n' {name} \"$@\" >> '{said}'\necho went wrong >&2\n{last}\nexit {exit_code}\n",
        encoding="utf-8",
    )
    path.chmod(0o755)


def said(folder: Path) -> list[str]:
    file = folder.parent / "said"
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


@pytest.mark.parametrize(
    "target", ["https://example.org/a?b=c#d", "http://127.0.0.1:1/", "mailto:a@example.org", "HTTPS://example.org"]
)
def test_addresses_are_opened_as_they_are(target: str) -> None:
    assert check_target(target) == target


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://example.org/a",
        "smb://host/share",
        "vscode://file/a",
        "data:text/html,a",
        "https://",
        "https:///a",
        "https://example.org/a b",
        "https://example.org/\n--flag",
        " https://example.org/",
        "--help",
        "",
        "a\0b",
        "/no/such/file",
    ],
)
def test_everything_else_is_refused(target: str) -> None:
    with pytest.raises(ConfigError):
        check_target(target)


def test_paths_are_opened_if_they_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("--help", "a: b", "http:x"):
        (tmp_path / name).touch()
        assert check_target(tmp_path / name) == str(tmp_path / name)
    assert check_target("--help") == str(tmp_path / "--help")  # nothing that a program could take for an option
    assert check_path(".", origin="f") == tmp_path


def test_each_system_has_its_command() -> None:
    assert open_command("https://a.example/", "linux") == ["xdg-open", "https://a.example/"]
    assert open_command("/a", "darwin") == ["open", "/a"]
    assert open_command("C:\\a", "win32") == ["startfile", "C:\\a"]


def test_files_are_shown_by_the_file_manager_of_each_system() -> None:
    path = Path("/a, b/it's")
    gdbus, dbus_send, folder = reveal_commands(path, "linux")
    uri = "file:///a%2C%20b/it%27s"
    assert gdbus[-2:] == [f"['{uri}']", ""]
    assert dbus_send[-2:] == [f"array:string:{uri}", "string:"]
    assert folder == ["xdg-open", "/a, b"]
    assert reveal_commands(path, "darwin") == [["open", "-R", "/a, b/it's"]]
    [explorer] = reveal_commands(path, "win32")
    assert explorer_line(explorer) == f'explorer /select,"{path}"'


async def test_an_address_reaches_the_default_program(programs: Path) -> None:
    put(programs, "xdg-open")
    await open_target("https://example.org/?a=1&b=$HOME;`id`")
    assert said(programs) == ["xdg-open", "https://example.org/?a=1&b=$HOME;`id`"]  # no shell has read it


async def test_a_failure_of_the_program_is_told_with_its_words(programs: Path) -> None:
    put(programs, "xdg-open", exit_code=3)
    with pytest.raises(DesktopFailed, match=r"open '/': xdg-open ended with exit code 3 and said: went wrong"):
        await open_target("/")


async def test_a_missing_program_is_named_with_the_command_that_gets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DesktopFailed, match=r"no program 'xdg-open'.*sudo apt install xdg-utils"):
        await open_target("/")


async def test_a_file_is_shown_by_the_first_way_that_works(programs: Path, tmp_path: Path) -> None:
    put(programs, "gdbus", exit_code=1)
    put(programs, "dbus-send", exit_code=1)
    put(programs, "xdg-open")
    await reveal_path(tmp_path / "a.txt")
    assert [line for line in said(programs) if line in ("gdbus", "dbus-send", "xdg-open")] == [
        "gdbus", "dbus-send", "xdg-open",
    ]  # fmt: skip
    assert said(programs)[-1] == str(tmp_path)


async def test_a_file_manager_that_can_selects_the_file(programs: Path, tmp_path: Path) -> None:
    put(programs, "gdbus")
    put(programs, "xdg-open")
    await reveal_path(tmp_path / "a.txt")
    assert (tmp_path / "a.txt").as_uri() in said(programs)[-2]
    assert "xdg-open" not in said(programs)


async def test_a_program_that_stays_is_not_waited_for(programs: Path, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    put(programs, "browser", last=f"read line < '{fifo}'")
    await start_program(["browser"], fails_within_s=0.1)
    fifo.write_text("end\n", encoding="utf-8")  # blocks until it reads: so it was still there


async def test_a_question_is_ended_when_nobody_waits_any_more(programs: Path, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    put(programs, "asks", last=f"exec cat '{fifo}'")
    task = asyncio.ensure_future(ask_program(["asks"]))
    await AppHarness.until(lambda: said(programs))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_a_program_says_comes_back(programs: Path) -> None:
    put(programs, "asks", exit_code=5, last="echo Grüße")
    assert await ask_program(["asks", "--a"]) == (5, "Grüße\n")


def test_programs_outside_do_not_get_the_libraries_of_a_bundle() -> None:
    environ = {
        "LD_LIBRARY_PATH": "/bundle",
        "LD_LIBRARY_PATH_ORIG": "/mine",
        "DYLD_LIBRARY_PATH": "/bundle",
        "_PYI_APPLICATION_HOME_DIR": "/bundle",
        "HOME": "/home/a",
    }
    assert outside_environment(environ, frozen=True) == {"LD_LIBRARY_PATH": "/mine", "HOME": "/home/a"}
    assert outside_environment(environ, frozen=False) == environ
    assert outside_environment()["PATH"] == os.environ["PATH"]


@pytest.mark.skipif(sys.platform == "win32", reason="that system has os.startfile")
def test_what_windows_offers_is_no_program_here() -> None:
    assert not hasattr(os, "startfile")
