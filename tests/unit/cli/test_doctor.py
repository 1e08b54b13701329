"""deskapp/cli/_doctor.py."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

import deskapp
from deskapp.cli._main import main
from deskapp.runtime import select

HAS_RUNTIMES = Path(deskapp.__file__).with_name("runtime").joinpath("select.py").exists()


@dataclass
class Report:
    """What is said of one runtime."""

    name: str
    ok: bool
    reason: str = ""
    remedy: str = ""


def these_runtimes(monkeypatch: pytest.MonkeyPatch, *reports: Report) -> None:
    """Let the runtimes say `reports`."""
    module = ModuleType("deskapp.runtime.select")
    vars(module).update(vars(select))  # the freezer asks it other things
    vars(module)["report"] = lambda: list(reports)
    monkeypatch.setitem(sys.modules, "deskapp.runtime.select", module)


def test_what_works_and_what_mends_the_rest_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = Report("pywebview", True, "GTK, Qt")
    bad = Report("firefox-app", False, "Firefox is not installed.", "apt install firefox-esr")
    these_runtimes(monkeypatch, good, bad)
    assert main(["doctor"]) == 0
    told = capsys.readouterr().out
    assert "pywebview    works: GTK, Qt" in told
    assert "firefox-app  does not work: Firefox is not installed." in told
    assert "to mend it: apt install firefox-esr" in told


def test_without_any_runtime_the_exit_code_is_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    these_runtimes(monkeypatch, Report("pywebview", False, "no screen"))
    assert main(["doctor"]) == 1
    assert "No runtime works here" in capsys.readouterr().out


def test_versions_directories_and_settings_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    these_runtimes(monkeypatch, Report("pywebview", True))
    monkeypatch.setenv("DESKAPP_PORT", "4321")
    main(["doctor"])
    told = capsys.readouterr().out
    assert deskapp.__version__ in told
    assert sys.executable in told
    assert "cache" in told
    assert "4321  (environment variable DESKAPP_PORT)" in told


def test_a_secret_is_not_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    these_runtimes(monkeypatch, Report("pywebview", True))
    monkeypatch.setenv("DESKAPP_COOKIE_SECRET", "do not tell")
    main(["doctor"])
    told = capsys.readouterr().out
    assert "'(secret)'  (environment variable DESKAPP_COOKIE_SECRET)" in told
    assert "do not tell" not in told


def test_a_faulty_setting_is_an_error_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    these_runtimes(monkeypatch)
    monkeypatch.setenv("DESKAPP_PORT", "http")
    assert main(["doctor"]) == 2
    assert "Setting 'port'" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["doctor"]] if HAS_RUNTIMES else [])
def test_the_real_runtimes_are_reported(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deskapp", *command], capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode in (0, 1)
    assert done.stderr == ""
    runtimes = done.stdout.partition("\nRuntimes\n")[2].splitlines()
    assert any(line.strip().startswith("browser ") for line in runtimes)


def test_what_can_be_frozen_and_what_is_missing_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    these_runtimes(monkeypatch, Report("pywebview", True))
    monkeypatch.setenv("PATH", str(tmp_path))  # no tool at all
    assert main(["doctor"]) == 0
    told = capsys.readouterr().out.partition("What deskapp freeze can make")[2]
    if sys.platform == "linux":
        assert "rpm" in told
        assert "rpmbuild is not here" in told
        assert "to mend it: " in told
