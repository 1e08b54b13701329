"""devtools/system.py: what is missing, and what is said where nothing may be installed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from devtools import system

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="packages are Linux's")


@pytest.fixture
def debian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with apt on which only `xvfb` and the new name of `libasound2` are installed, and gcc was removed."""
    answers = {
        "dpkg-query": "printf 'xvfb installed\\nlibasound2t64 installed\\ngcc config-files\\n'",
        "apt-cache": "[ $2 = libglib2.0-0 ] && printf '  Candidate: (none)\\n' || printf '  Candidate: 1.0\\n'",
        "apt-get": f'echo "$@" >> {tmp_path}/calls',
    }
    for name, answer in answers.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path), "/usr/bin", "/bin"]))
    wanted = "xvfb gcc libasound2|libasound2t64 libglib2.0-0|libglib2.0-0t64"
    monkeypatch.setattr(system, "PACKAGES", wanted)
    monkeypatch.setattr(system, "_python_packages", list)
    return tmp_path


def test_only_what_is_missing_is_installed_under_the_name_that_this_release_has(
    debian: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "_as_root", list)
    system.ensure_system_packages()
    calls = (debian / "calls").read_text(encoding="utf-8").splitlines()
    assert calls[0].endswith("update")
    assert calls[1].endswith("install -y --no-install-recommends gcc libglib2.0-0t64")


def test_without_permission_the_exact_command_is_shown_and_nothing_run(
    debian: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system, "_as_root", lambda: None)
    system.ensure_system_packages()
    assert "sudo apt-get install --no-install-recommends gcc libglib2.0-0t64" in capsys.readouterr().out
    assert not (debian / "calls").exists()


def test_apt_is_not_called_when_nothing_is_missing(debian: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "PACKAGES", "xvfb libasound2|libasound2t64")
    monkeypatch.setattr(system, "_as_root", list)
    system.ensure_system_packages()
    assert not (debian / "calls").exists()
