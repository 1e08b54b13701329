"""deskapp/cli/_main.py and the two ways in."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import deskapp.cli
from deskapp.cli._main import COMMANDS, EXIT_ERROR, EXIT_INTERRUPTED, main


def test_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["version"]) == 0
    assert capsys.readouterr().out == f"deskapp {deskapp.__version__}\n"


def test_python_dash_m_and_the_module_say_the_same() -> None:
    command = [sys.executable, "-m", "deskapp", "version"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout == f"deskapp {deskapp.__version__}\n"


def test_the_installed_command_is_main() -> None:
    commands = [one for one in entry_points(group="console_scripts") if one.name == "deskapp"]
    assert [one.value for one in commands] in ([], ["deskapp.cli:main"])
    assert deskapp.cli.main is main


def test_a_deskapp_error_becomes_text_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "absent.py"]) == EXIT_ERROR == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("deskapp: Cannot use 'absent.py': there is no file 'absent.py'.")
    assert "Traceback" not in told.err


def test_on_request_an_error_shows_where_it_came_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--traceback", "run", "absent.py"]) == EXIT_ERROR
    assert "Traceback" in capsys.readouterr().err


def test_other_errors_of_a_program_are_its_own(tmp_path: Path) -> None:
    (tmp_path / "faulty.py").write_text("raise KeyError('mine')", encoding="utf-8")
    with pytest.raises(KeyError, match="mine"):
        main(["run", str(tmp_path / "faulty.py")])


def test_ctrl_c_is_no_error_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "stopped.py").write_text("raise KeyboardInterrupt", encoding="utf-8")
    assert main(["run", str(tmp_path / "stopped.py")]) == EXIT_INTERRUPTED
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["docter"], "did you mean 'doctor'?"),
        (["xyzzy"], f"known are {', '.join(COMMANDS)}."),
        (["clock.py"], "did you mean: deskapp run clock.py"),
        (["clock:Clock"], "did you mean: deskapp run clock:Clock"),
    ],
)
def test_an_unknown_command_gets_the_nearest(words: list[str], hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert hint in capsys.readouterr().err


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert all(name in told for name in ("run", "site", "doctor", "version"))
