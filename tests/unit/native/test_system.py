"""deskapp/native: opening, autostart, notifications and one instance, as programs call them."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from deskapp import native
from deskapp.desktop.notifications import checked_note
from deskapp.desktop.single_instance import SingleInstance
from deskapp.errors import ConfigError, DesktopFailed, PackageMissing
from deskapp.testing import AppHarness
from tests.unit.session.classes import Main


async def test_an_address_goes_to_the_default_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "xdg-open"
    program.write_text(f"#!/bin/sh\nprintf '%s' \"$1\" > '{tmp_path}/said'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    async with AppHarness():
        await native.open("https://example.org/?a=1&b=2")
        assert (tmp_path / "said").read_text() == "https://example.org/?a=1&b=2"
        program.write_text("#!/bin/sh\nexit 3\n")
        with pytest.raises(DesktopFailed, match="exit code 3"):
            await native.open(tmp_path)


async def test_a_file_is_shown_in_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "xdg-open"
    program.write_text(f"#!/bin/sh\nprintf '%s' \"$1\" > '{tmp_path}/said'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    async with AppHarness():
        await native.reveal(program)
        assert (tmp_path / "said").read_text() == str(tmp_path)


def test_the_program_starts_at_login_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with AppHarness(app_id="org.example.clock"):
        assert not native.autostart.is_enabled()
        native.autostart.enable(["--hidden"], name="Clock")
        text = (tmp_path / "autostart" / "org.example.clock.desktop").read_text(encoding="utf-8")
        assert "Name=Clock\n" in text
        assert text.split("Exec=")[1].splitlines()[0].endswith(" --hidden")
        assert native.autostart.is_enabled()
        native.autostart.disable()
        native.autostart.disable()
        assert not native.autostart.is_enabled()
        with pytest.raises(ConfigError):
            native.autostart.enable("--hidden")


async def test_without_the_library_the_command_that_gets_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "desktop_notifier", None)
    async with AppHarness():
        with pytest.raises(PackageMissing, match=r"pip install 'deskapp\[notify\]'"):
            await native.notify("Noon")


@pytest.mark.parametrize(
    "change",
    [
        {"title": " "},
        {"title": 7},
        {"body": None},
        {"icon": "gone.png"},
        {"urgency": "panic"},
        {"timeout_s": 0},
        {"buttons": {"Open": None}},
        {"buttons": {7: print}},
        {"buttons": {str(number): print for number in range(9)}},
        {"on_click": "open"},
    ],
)
def test_a_notification_that_cannot_be_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=next(iter(change))), AppHarness():
        native.notify(**{"title": "Noon", **change})


def test_seconds_are_whole_and_at_least_one() -> None:
    assert checked_note("a", timeout_s=0.2).timeout_s == 1
    assert checked_note("a", timeout_s=2.6).timeout_s == 3
    assert checked_note("a").timeout_s is None


async def test_the_first_start_hears_of_later_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["clock", "clock:first"])
    heard: list[native.Opened] = []

    async def on_open(what: native.Opened) -> None:
        heard.append(what)

    def later(*argv: str) -> bool:
        return SingleInstance("org.example.test", schemes=["clock"]).claim(argv)

    async with AppHarness() as app:
        assert native.single_instance(on_open, schemes=["clock"]).urls == ("clock:first",)
        app.launch(Main)
        assert await asyncio.to_thread(later, "clock:second", ".") is False
        await app.until(lambda: heard)
        assert heard[0].urls == ("clock:second",)
        assert heard[0].files == (tmp_path,)
    next_one = SingleInstance("org.example.test")
    assert next_one.claim([])  # the end of the program gives it up
    next_one.release()


def test_a_later_start_ends_with_code_0(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(SingleInstance, "claim", lambda self: False)
    with AppHarness(app_id=""), pytest.raises(SystemExit) as caught:
        native.single_instance(app_id="org.example.clock")
    assert caught.value.code == 0


def test_the_names_of_the_room_are_all_there() -> None:
    assert json.dumps([name for name in native.__all__ if not hasattr(native, name)]) == "[]"
