from __future__ import annotations

import errno
from pathlib import Path

import pytest

from deskapp.runtime.browsers.find import Program
from deskapp.runtime.firefox import app as firefox
from deskapp.runtime.window import WindowMode, WindowSpec

PROFILE = Path("/p")


def command(window: WindowSpec, application: Path | None = None) -> str:
    return " ".join(firefox.arguments("org.example.app", window, PROFILE, application))


def installed(folder: Path) -> Path:
    (folder / "browser").mkdir(parents=True)
    (folder / "browser/omni.ja").touch()
    (folder / "application.ini").touch()
    program = folder / "firefox"
    program.write_bytes(b"\x7fELF")
    program.chmod(0o755)
    return program


def test_a_window_has_its_size_place_and_class() -> None:
    text = command(WindowSpec("http://x/", width=640, height=480, x=-5, y=7))
    assert text == (
        "--name org.example.app --class org.example.app --profile /p --no-remote --new-instance "
        "--width 640 --height 480 --left -5 --top 7"
    )


def test_an_application_of_another_name_brings_its_class_itself() -> None:
    text = command(WindowSpec("http://x/"), Path("/p/application.ini"))
    assert text.startswith("-app /p/application.ini --profile /p ")
    assert "--class" not in text


@pytest.mark.parametrize("mode", list(WindowMode))
def test_modes(mode: WindowMode) -> None:
    text = command(WindowSpec("http://x/", mode=mode))
    assert ("--kiosk" in text) is (mode in (WindowMode.FULLSCREEN, WindowMode.KIOSK))
    assert ("--width" in text) is (mode is WindowMode.NORMAL)


def test_the_address_is_not_among_the_arguments() -> None:
    assert "ticket" not in command(WindowSpec("http://127.0.0.1/#ticket"))


def test_on_windows_the_program_is_told_to_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "--wait-for-browser" not in firefox.own_instance(PROFILE)
    monkeypatch.setattr("sys.platform", "win32")
    assert "--wait-for-browser" in firefox.own_instance(PROFILE)


def test_what_a_restart_of_firefox_hands_down_is_taken_away() -> None:
    environment = firefox.environment()
    assert environment["XRE_PROFILE_PATH"] is None
    assert environment["MOZ_CRASHREPORTER_DISABLE"] == "1"


def test_no_session_bus_is_started_where_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert firefox.environment()["DBUS_SESSION_BUS_ADDRESS"] == "disabled:"
    (tmp_path / "bus").touch()
    assert "DBUS_SESSION_BUS_ADDRESS" not in firefox.environment()
    (tmp_path / "bus").unlink()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/run/bus")
    assert "DBUS_SESSION_BUS_ADDRESS" not in firefox.environment()


def test_an_icon_does_not_stay_in_a_profile_for_the_next_window(tmp_path: Path) -> None:
    path = tmp_path / "chrome/deskapp/chrome/icons/default/default16.png"
    path.parent.mkdir(parents=True)
    path.touch()
    firefox.forget_icon(tmp_path)
    firefox.forget_icon(tmp_path)
    assert not path.exists()
    assert (tmp_path / "chrome/deskapp").is_dir()


def test_a_firefox_of_a_distribution_is_found_behind_links_and_scripts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = installed(tmp_path / "lib/firefox-esr")
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    link = folder / "firefox-esr"
    link.symlink_to(program)
    script = folder / "firefox"
    script.write_text('#!/bin/sh\n\n[ -x "$F.real" ] && exec "$F.real" "$@"\n\nexec firefox-esr "$@"\n')
    for path in (program, link, script):
        assert firefox.installed_in(Program((str(path),))) == program.parent
    script.write_text('#!/bin/sh\nexec nothing-such "$@"\n')
    assert firefox.installed_in(Program((str(script),))) is None


def test_confined_and_foreign_firefoxes_are_taken_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = str(installed(tmp_path))
    assert firefox.installed_in(Program((program,), snap="firefox")) is None
    assert firefox.installed_in(Program((program,), flatpak="org.mozilla.firefox")) is None
    monkeypatch.setattr("sys.platform", "darwin")
    assert firefox.installed_in(Program((program,))) is None


def test_the_browser_s_code_is_linked_and_follows_another_installation(tmp_path: Path) -> None:
    link = tmp_path / "profile/chrome/deskapp/omni.ja"
    for name in ("one", "two"):
        (tmp_path / name).write_text(name)
    for name, is_other in (("one", True), ("one", False), ("two", True)):
        assert firefox.link_archive(tmp_path / name, link) is is_other
        assert link.read_text() == name
    link.unlink()
    link.write_text("a file in its place")
    assert firefox.link_archive(tmp_path / "one", link)
    assert link.samefile(tmp_path / "one")


def test_where_files_cannot_be_linked_the_browser_s_code_is_found_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise OSError(errno.EXDEV, "another file system")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    (tmp_path / "one").write_text("one")
    assert firefox.link_archive(tmp_path / "one", tmp_path / "profile/omni.ja")
    assert (tmp_path / "profile/omni.ja").readlink() == tmp_path / "one"


def test_code_that_cannot_be_extended_is_taken_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    installed = tmp_path / "browser/omni.ja"
    installed.parent.mkdir()
    installed.write_bytes(b"laid out in another way")
    assert firefox.our_archive(tmp_path) == installed
    assert "titled as its own" in caplog.text


def test_a_window_is_shown_when_firefox_has_noted_it(tmp_path: Path) -> None:
    path = tmp_path / "sessionCheckpoints.json"
    assert not firefox.is_shown(path)
    for text, expected in (("", False), ('{"final-ui-startup":true}', False), (f'{{"{firefox.SHOWN}":true}}', True)):
        path.write_text(text)
        assert firefox.is_shown(path) is expected
