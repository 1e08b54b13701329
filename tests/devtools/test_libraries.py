"""devtools/libraries.py: fetched once, again when the lock file changes, and said where they cannot be had."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from devtools import checks, environment, libraries, report
from devtools.report import ROOT, Steps

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in for npm is a shell script")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a lock file, and a PATH on which there is nothing yet but the shell's own."""
    for module in (libraries, environment, report):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    folder = tmp_path / "examples"
    folder.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        (folder / name).write_text(name, encoding="utf-8")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def put_npm(project: Path, body: str) -> Path:
    """An npm that notes its calls."""
    calls = project / "calls"
    calls.touch()
    npm = project / "bin" / "npm"
    npm.parent.mkdir(exist_ok=True)
    npm.write_text(f'#!/bin/sh\necho "$@" >> {calls}\n{body}\n', encoding="utf-8")
    npm.chmod(0o755)
    return calls


def test_they_are_fetched_once_and_again_when_the_lock_file_changes(project: Path) -> None:
    calls = put_npm(project, "/bin/mkdir -p examples/node_modules")
    assert libraries.libraries_problem() is None
    assert libraries.libraries_problem() is None
    assert calls.read_text(encoding="utf-8") == "--prefix examples ci\n"
    (project / "examples" / "package-lock.json").write_text("newer", encoding="utf-8")
    assert not libraries.has_libraries()
    assert libraries.libraries_problem() is None
    assert len(calls.read_text(encoding="utf-8").splitlines()) == 2


def test_without_npm_it_says_how_to_get_it_and_the_tests_say_what_they_leave_out(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert libraries.libraries_problem() == "there is no npm"
    assert "apt-get install --no-install-recommends nodejs npm" in capsys.readouterr().out
    steps = Steps()
    checks.libraries(steps)
    assert steps.rows[0][1].startswith("not run: there is no npm")
    assert not steps.failed


def test_npm_that_fails_does_not_stop_the_other_commands_but_is_a_failure_of_the_tests(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_npm(project, "echo no network; exit 1")
    assert libraries.libraries_problem() is not None
    assert "no network" in capsys.readouterr().out
    steps = Steps()
    checks.libraries(steps)
    assert steps.failed


def test_the_lock_file_names_no_registry_and_pins_what_it_names() -> None:
    text = (ROOT / "examples" / "package-lock.json").read_text(encoding="utf-8")
    assert not re.search(r"https?://", text)
    packages = {name: facts for name, facts in json.loads(text)["packages"].items() if name}
    assert packages
    assert all(facts["integrity"].startswith("sha512-") for facts in packages.values())
    assert {facts["license"] for facts in packages.values()} == {"MIT"}
