"""devtools/environment.py: finding the other Pythons, and knowing when nothing is to be done."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from devtools import environment
from devtools.environment import STAMP, ensure_environment, find_interpreter, left_out

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")


def stand_in(path: Path, answer: str, exit_code: int = 0) -> Path:
    """A program that answers like `python --version`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{answer}'\nexit {exit_code}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PATH and a home with what the test puts there."""
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "shims"), str(tmp_path / "bin"), "/bin"]))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def test_a_name_on_path_that_works_is_taken(tmp_path: Path) -> None:
    good = stand_in(tmp_path / "bin" / "python9.9", "Python 9.9.1")
    assert find_interpreter("9.9") == good


def test_a_shim_that_fails_leads_to_the_newest_version_beside_it(tmp_path: Path) -> None:
    stand_in(tmp_path / "shims" / "python9.9", "pyenv: python9.9: command not found", exit_code=127)
    stand_in(tmp_path / "versions" / "9.9.2" / "bin" / "python9.9", "Python 9.9.2")
    newest = stand_in(tmp_path / "versions" / "9.9.10" / "bin" / "python9.9", "Python 9.9.10")
    stand_in(tmp_path / "versions" / "9.8.1" / "bin" / "python9.8", "Python 9.8.1")
    assert find_interpreter("9.9") == newest


def test_versions_of_the_users_pyenv_are_found_without_shims_on_path(tmp_path: Path) -> None:
    good = stand_in(tmp_path / "home" / ".pyenv" / "versions" / "9.9.0" / "bin" / "python9.9", "Python 9.9.0")
    assert find_interpreter("9.9") == good


def test_a_program_of_another_version_under_that_name_is_not_taken(tmp_path: Path) -> None:
    stand_in(tmp_path / "bin" / "python9.9", "Python 9.1.0")
    assert find_interpreter("9.9") is None


def test_the_own_version_is_not_among_the_further_ones() -> None:
    assert f"{sys.version_info[0]}.{sys.version_info[1]}" not in environment.further_interpreters()


def test_an_environment_is_set_up_once_and_again_when_the_project_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text("one", encoding="utf-8")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    commands: list[list[str]] = []

    def record(command: list[object], *, quiet: bool = False) -> int:
        words = [str(word) for word in command]
        commands.append(words)
        if words[1:3] == ["-m", "venv"]:
            python = stand_in(
                Path(words[3]) / "bin" / "python", f"Python {sys.version_info[0]}.{sys.version_info[1]}.0"
            )
            assert python.exists()
        return 1 if words[-1].startswith(".[gtk") else 0

    monkeypatch.setattr(environment, "run", record)
    folder = tmp_path / ".venv"
    python = ensure_environment(folder, Path(sys.executable), ("gtk", "qt"))
    assert python == folder / "bin" / "python"
    assert [words[-1] for words in commands] == [str(folder), ".[gtk,qt]", ".[qt]"]
    assert left_out(folder) == ["gtk"]

    commands.clear()
    ensure_environment(folder, Path(sys.executable), ("gtk", "qt"))
    assert commands == []

    (tmp_path / "pyproject.toml").write_text("two", encoding="utf-8")
    ensure_environment(folder, Path(sys.executable), ("qt",))
    assert [words[-1] for words in commands] == [".[qt]"]
    assert left_out(folder) == []
    assert (folder / STAMP).exists()
