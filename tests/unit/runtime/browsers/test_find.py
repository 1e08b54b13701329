"""Browsers of a machine, found in its files, its variables and its registry."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from deskapp.runtime.browsers import find as module
from deskapp.runtime.browsers.find import (
    KINDS,
    BrowserMissing,
    Program,
    find_program,
    linux_programs,
    mac_programs,
    snap_name,
    version_of,
    windows_programs,
)


def program(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file system whose PATH holds nothing."""
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    return tmp_path / "root"


def test_the_best_name_comes_first_whatever_the_folder(root: Path, home: Path) -> None:
    plain = program(root / "usr/bin/chromium")
    snap = program(root / "snap/bin/chromium")
    chrome = program(root / "usr/local/bin/google-chrome")
    found = list(linux_programs(KINDS["chrome"], root, home))
    assert [one.path for one in found] == [chrome, plain]
    plain.unlink()
    assert list(linux_programs(KINDS["chrome"], root, home))[1] == Program((str(snap),), snap="chromium")


def test_a_flatpak_is_the_last_choice(root: Path, home: Path) -> None:
    exported = program(home / ".local/share/flatpak/exports/bin/org.mozilla.firefox")
    [found] = linux_programs(KINDS["firefox"], root, home)
    assert found == Program((str(exported),), flatpak="org.mozilla.firefox")
    assert found.own_folder(home) == home / ".var/app/org.mozilla.firefox/data"
    program(root / "usr/bin/firefox")
    assert next(linux_programs(KINDS["firefox"], root, home)).flatpak is None


def test_a_snap_is_known_by_its_folder_or_by_the_script_that_hands_over_to_it(tmp_path: Path, home: Path) -> None:
    assert snap_name(Path("/snap/bin/firefox")) == "firefox"
    assert snap_name(Path("/snap/bin/chromium.chromedriver")) == "chromium"
    script = program(tmp_path / "usr/bin/chromium-browser", '#!/bin/sh\nexec /snap/bin/chromium "$@"\n')
    assert snap_name(script) == "chromium"
    assert snap_name(program(tmp_path / "usr/bin/firefox")) is None
    assert snap_name(tmp_path / "missing") is None
    assert snap_name(program(tmp_path / "binary", "\x7fELF /snap/bin/chromium")) is None
    assert Program(("/snap/bin/firefox",), snap="firefox").own_folder(home) == home / "snap/firefox/common"
    assert Program(("/usr/bin/firefox",)).own_folder(home) is None


def test_on_windows_the_registry_comes_before_the_folders(tmp_path: Path) -> None:
    registered = program(tmp_path / "odd place" / "chrome.exe")
    installed = program(tmp_path / "Program Files" / "Google" / "Chrome" / "Application" / "chrome.exe")
    registry = {"chrome.exe": f'"{registered}"', "chromium.exe": str(tmp_path / "gone.exe")}
    folders = [str(tmp_path / "Program Files"), str(tmp_path / "Program Files"), str(tmp_path / "missing")]
    found = list(windows_programs(KINDS["chrome"], registered=registry.get, folders=folders))
    assert found == [str(registered), str(installed)]


def test_on_macos_the_bundle_of_all_comes_before_that_of_the_user(root: Path, home: Path) -> None:
    bundle = "Microsoft Edge.app/Contents/MacOS/Microsoft Edge"
    mine = program(home / "Applications" / bundle)
    assert list(mac_programs(KINDS["edge"], root, home)) == [mine]
    everybodys = program(root / "Applications" / bundle)
    assert list(mac_programs(KINDS["edge"], root, home)) == [everybodys, mine]


def test_the_environment_names_a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = program(tmp_path / "my-chrome")
    monkeypatch.setenv("DESKAPP_CHROME", str(chosen))
    assert find_program("chrome").path == chosen
    chosen.chmod(0o644)
    with pytest.raises(BrowserMissing) as caught:
        find_program("chrome")
    assert "DESKAPP_CHROME" in caught.value.why
    assert caught.value.remedy == "unset DESKAPP_CHROME"


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin", "freebsd14"])
@pytest.mark.parametrize("kind", list(KINDS))
def test_what_is_missing_comes_with_the_command_that_gets_it(
    kind: str, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_candidates", lambda known, platform: iter(()))
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(BrowserMissing) as caught:
        find_program(kind)
    assert kind.capitalize() in caught.value.why
    assert caught.value.remedy


def test_each_system_is_searched_in_its_own_places(monkeypatch: pytest.MonkeyPatch, root: Path, home: Path) -> None:
    monkeypatch.setattr(Path, "home", lambda: home)
    for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LOCALAPPDATA", str(root))
    mine = program(root / "Mozilla Firefox" / "firefox.exe")
    bundle = program(home / "Applications" / "Firefox.app/Contents/MacOS/firefox")
    known = KINDS["firefox"]
    assert [one.path for one in module._candidates(known, "win32")] == [mine]
    assert [one.path for one in module._candidates(known, "darwin")] == [bundle]


def test_a_browser_says_its_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = program(tmp_path / "one", "#!/bin/sh\necho Chromium 156.0.8078.108 built on something 12\n")
    assert version_of(Program((str(said),))) == "156.0.8078.108"
    esr = program(tmp_path / "two", "#!/bin/sh\necho Mozilla Firefox 153.7.0esr\n")
    assert version_of(Program((str(esr),))) == "153.7.0esr"
    assert version_of(Program((str(program(tmp_path / "three")),))) == ""
    assert version_of(Program((str(tmp_path / "missing"),))) == ""
    monkeypatch.setattr(module, "VERSION_TIMEOUT_S", 0.1)
    slow = program(tmp_path / "four", "#!/bin/sh\nexec sleep 30\n")
    assert version_of(Program((str(slow),))) == ""


def test_on_windows_the_folder_beside_the_program_tells_the_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exe = program(tmp_path / "chrome.exe")
    for name in ("99.0.1.2", "101.0.4951.54", "Dictionaries"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(sys, "platform", "win32")
    assert version_of(Program((str(exe),))) == "101.0.4951.54"


def test_looking_in_the_registry_is_for_windows() -> None:
    assert module._registered("chrome.exe") is None
    assert all(os.path.isabs(folder) for folder in module._folders())
