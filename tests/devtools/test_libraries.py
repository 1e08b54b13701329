"""devtools/libraries.py: fetched once, again when a lock file changes, and said where they cannot be had."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from devtools import checks, environment, libraries, report
from devtools.report import ROOT, Steps
from tests.devtools.npm import FETCHES, put_npm, put_sources

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in for npm is a shell script")

LOCK_FILES = ("examples/package-lock.json", "packaging/frontend/package-lock.json")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with lock files, and a PATH on which there is nothing yet but the shell's own."""
    for module in (libraries, environment, report):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    put_sources(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def test_they_are_fetched_once(project: Path) -> None:
    calls = put_npm(project)
    assert libraries.libraries_problem() is None
    assert libraries.libraries_problem() is None
    frontend = f"--prefix {project}/packaging/frontend"
    assert calls.read_text(encoding="utf-8").splitlines() == [
        f"{frontend} ci",
        f"{frontend} run build",
        "--prefix examples ci",
    ]


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ("examples/package-lock.json", ["examples ci"]),
        ("packaging/frontend/package-lock.json", ["frontend ci", "frontend run build"]),
        ("packaging/frontend/build.mjs", ["frontend ci", "frontend run build"]),
        ("packaging/frontend/entries/grid.js", ["frontend ci", "frontend run build"]),
    ],
)
def test_what_has_changed_is_fetched_again(project: Path, changed: str, asked: list[str]) -> None:
    calls = put_npm(project)
    assert libraries.libraries_problem() is None
    calls.write_text("", encoding="utf-8")
    (project / changed).write_text("newer", encoding="utf-8")
    assert not libraries.has_libraries()
    assert libraries.libraries_problem() is None
    told = calls.read_text(encoding="utf-8").splitlines()
    assert [line.removeprefix("--prefix ").removeprefix(f"{project}/packaging/") for line in told] == asked


def test_what_is_gone_is_fetched_again(project: Path) -> None:
    put_npm(project)
    assert libraries.libraries_problem() is None
    (project / "deskapp/script/libraries/grid.js").unlink()
    assert not libraries.has_libraries()
    assert libraries.libraries_problem() is None
    assert (project / "deskapp/script/libraries/grid.js").is_file()
    (project / "packaging/frontend/node_modules/axe-core").rmdir()
    assert not libraries.has_libraries()


def test_what_cannot_be_bundled_is_a_problem(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_npm(
        project, FETCHES.replace('*"frontend run build")', '*"frontend run build") echo no such export; exit 3;;\nno)')
    )
    problem = libraries.libraries_problem()
    assert problem is not None
    assert "could not bundle the front-end libraries (exit code 3)" in problem
    assert "no such export" in capsys.readouterr().out
    assert not libraries.has_libraries()


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


@pytest.mark.parametrize("lock_file", LOCK_FILES)
def test_a_lock_file_names_no_registry_and_pins_what_it_names(lock_file: str) -> None:
    text = (ROOT / lock_file).read_text(encoding="utf-8")
    assert not re.search(r"https?://", text)
    packages = {name: facts for name, facts in json.loads(text)["packages"].items() if name}
    assert packages
    assert all(facts["integrity"].startswith("sha512-") for facts in packages.values())
    shipped = {facts["license"] for facts in packages.values() if not facts.get("dev")}
    assert shipped <= {"MIT", "BSD-3-Clause", "(MPL-2.0 OR Apache-2.0)"}


def test_the_front_end_libraries_are_asked_for_at_exact_versions() -> None:
    facts = json.loads((ROOT / "packaging/frontend/package.json").read_text(encoding="utf-8"))
    versions = [*facts["dependencies"].values(), *facts["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)
