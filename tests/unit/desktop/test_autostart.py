"""deskapp/desktop/autostart.py: the entry of Linux is started by the system's own reader of such entries."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from deskapp.desktop.autostart import (
    RUN_KEY,
    FileEntry,
    RegistryEntry,
    checked_arguments,
    desktop_entry,
    entry_for,
    is_enabled_entry,
    launch_agent,
    program_command,
    run_value,
)
from deskapp.errors import ConfigError, DesktopFailed

AWKWARD = ["plain", "two words", 'a "quote"', "back\\slash", "$HOME `id`", "50%", "%f", "semi;colon", "", "Grüße", "#"]


def test_an_entry_says_what_the_specification_wants() -> None:
    assert desktop_entry("My Clock", ["/usr/bin/clock", "--hidden"]) == (
        "[Desktop Entry]\nType=Application\nName=My Clock\nExec=/usr/bin/clock --hidden\n"
        "X-GNOME-Autostart-enabled=true\n"
    )


@pytest.mark.skipif(shutil.which("gio") is None, reason="GLib's reader of desktop entries is not here")
def test_arguments_arrive_as_they_were_given(tmp_path: Path) -> None:
    said = tmp_path / "said"
    program = tmp_path / "a program"
    program.write_text(f"#!/bin/sh\nprintf '[%s]\\n' \"$@\" > '{said}.new'\nmv '{said}.new' '{said}'\n")
    program.chmod(0o755)
    entry = tmp_path / "clock.desktop"
    entry.write_text(desktop_entry("Clock\nName=Other", [str(program), *AWKWARD]), encoding="utf-8")
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": "disabled:"}  # else one may be started, and stay
    subprocess.run(["gio", "launch", str(entry)], env=environment, check=True, timeout=10)
    from tests.desktop.screen import wait_until

    wait_until(said.exists)
    assert said.read_text(encoding="utf-8").splitlines() == [f"[{argument}]" for argument in AWKWARD]


def test_an_entry_is_written_whole_read_and_removed(tmp_path: Path) -> None:
    entry = FileEntry(tmp_path / "autostart" / "clock.desktop", "clock", "Clock")
    assert not entry.is_there()
    entry.remove()
    entry.write(["clock"])
    assert entry.is_there()
    assert [file.name for file in entry.file.parent.iterdir()] == ["clock.desktop"]
    entry.write(["clock", "--hidden"])
    assert "Exec=clock --hidden" in entry.file.read_text(encoding="utf-8")
    entry.remove()
    assert not entry.is_there()


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false", "Hidden = True"])
def test_an_entry_that_the_user_turned_off_is_off(line: str) -> None:
    text = desktop_entry("Clock", ["clock"]).replace("X-GNOME-Autostart-enabled=true", line)
    assert not is_enabled_entry(text)
    assert is_enabled_entry(text.replace(line, "#" + line))
    assert not is_enabled_entry("")


def test_it_is_where_the_desktop_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    entry: Any = entry_for("org.example.clock")
    assert entry.file == tmp_path / "autostart" / "org.example.clock.desktop"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    entry = entry_for("org.example.clock")
    assert entry.file == tmp_path / ".config" / "autostart" / "org.example.clock.desktop"
    monkeypatch.setattr(sys, "platform", "darwin")
    entry = entry_for("org.example.clock")
    assert entry.file == tmp_path / "Library" / "LaunchAgents" / "org.example.clock.plist"
    entry.write(["/Applications/Clock.app/Contents/MacOS/Clock", "--hidden"])
    assert entry.is_there()


def test_an_id_that_could_lead_elsewhere_is_refused() -> None:
    with pytest.raises(ConfigError):
        entry_for("../../.bashrc")


def test_an_agent_is_a_property_list() -> None:
    found = plistlib.loads(launch_agent("org.example.clock", ["/clock", *AWKWARD]))
    assert found["Label"] == "org.example.clock"
    assert found["ProgramArguments"] == ["/clock", *AWKWARD]
    assert found["RunAtLoad"] is True


def test_windows_gets_a_command_line() -> None:
    assert (
        run_value(["C:\\My Clock\\clock.exe", "--hidden", 'a "b"']) == '"C:\\My Clock\\clock.exe" --hidden "a \\"b\\""'
    )
    with pytest.raises(DesktopFailed, match="longer than 260"):
        run_value(["C:\\clock.exe", "x" * 260])


class FakeRegistry(ModuleType):
    """As `winreg`, with one key."""

    HKEY_CURRENT_USER, KEY_SET_VALUE, REG_SZ = "HKCU", 2, 1

    def __init__(self) -> None:
        super().__init__("winreg")
        self.keys: dict[str, dict[str, tuple[str, int]]] = {}

    @contextmanager
    def CreateKey(self, root: str, path: str) -> Iterator[dict[str, tuple[str, int]]]:
        yield self.keys.setdefault(f"{root}\\{path}", {})

    @contextmanager
    def OpenKey(self, root: str, path: str, reserved: int = 0, access: int = 0) -> Iterator[dict[str, tuple[str, int]]]:
        if f"{root}\\{path}" not in self.keys:
            raise FileNotFoundError
        yield self.keys[f"{root}\\{path}"]

    @staticmethod
    def SetValueEx(key: dict[str, tuple[str, int]], name: str, reserved: int, kind: int, value: str) -> None:
        key[name] = (value, kind)

    @staticmethod
    def QueryValueEx(key: dict[str, tuple[str, int]], name: str) -> tuple[str, int]:
        if name not in key:
            raise FileNotFoundError
        return key[name]

    @staticmethod
    def DeleteValue(key: dict[str, tuple[str, int]], name: str) -> None:
        if name not in key:
            raise FileNotFoundError
        del key[name]


def test_windows_keeps_it_in_the_registry() -> None:
    registry = FakeRegistry()
    entry = RegistryEntry("org.example.clock", registry)
    assert not entry.is_there()
    entry.remove()
    entry.write(["clock.exe", "--hidden"])
    assert registry.keys == {f"HKCU\\{RUN_KEY}": {"org.example.clock": ("clock.exe --hidden", 1)}}
    assert entry.is_there()
    entry.remove()
    entry.remove()
    assert not entry.is_there()


def main_is(monkeypatch: pytest.MonkeyPatch, **values: object) -> None:
    monkeypatch.setitem(sys.modules, "__main__", SimpleNamespace(**values))


def test_a_script_is_started_with_its_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    main_is(monkeypatch, __file__="clock.py", __spec__=None)
    assert program_command(["--hidden"]) == [sys.executable, str(tmp_path / "clock.py"), "--hidden"]


def test_a_module_is_started_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    main_is(monkeypatch, __file__="/a/clock/__main__.py", __spec__=SimpleNamespace(name="clock.__main__"))
    assert program_command() == [sys.executable, "-m", "clock"]
    main_is(monkeypatch, __file__="/a/clock/gui.py", __spec__=SimpleNamespace(name="clock.gui"))
    assert program_command() == [sys.executable, "-m", "clock.gui"]


def test_a_frozen_program_is_started_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/clock/clock")
    assert program_command(["-q"]) == ["/opt/clock/clock", "-q"]


@pytest.mark.parametrize(("inside", "started"), [("/tmp/.mount_1", "/home/a/Clock.AppImage"), ("/other", None)])
def test_of_an_appimage_the_file_is_started(monkeypatch: pytest.MonkeyPatch, inside: str, started: str | None) -> None:
    program = "/tmp/.mount_1/usr/bin/clock"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", program)
    monkeypatch.setenv("APPIMAGE", "/home/a/Clock.AppImage")
    monkeypatch.setenv("APPDIR", inside)
    assert program_command() == [started or program]


def test_a_prompt_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    main_is(monkeypatch, __spec__=None)
    with pytest.raises(DesktopFailed, match="typed at a prompt"):
        program_command()


@pytest.mark.parametrize("args", ["--hidden", ["a\nb"], ["a\0"], [7]])
def test_arguments_that_cannot_be_kept_are_refused(args: Any) -> None:
    with pytest.raises(ConfigError):
        checked_arguments(args)
