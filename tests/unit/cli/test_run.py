"""deskapp/cli/_run.py: programs run as `python` runs them, names are handed to the app."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from deskapp.cli._main import main
from tests.unit.cli.modules import forget_modules_in

PROGRAM = """
import json, os, sys, beside
from pathlib import Path
import __main__
Path(beside.OUT).write_text(json.dumps([__name__, __main__.__file__, sys.argv, os.environ.get("DESKAPP_RUNTIME")]))
"""


@pytest.fixture(autouse=True)
def own_interpreter_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a command may change in its own process, put back afterwards."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "argv", list(sys.argv))
    monkeypatch.setenv("DESKAPP_RUNTIME", "")
    yield
    forget_modules_in(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A program and a module beside it."""
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "beside.py").write_text(f"OUT = {str(tmp_path / 'out.json')!r}", encoding="utf-8")
    return tmp_path


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The calls that reach `deskapp.app`, which needs no window here."""
    calls: list[object] = []
    module = ModuleType("deskapp.app")

    def launch(what: type, runtime: str | None = None) -> None:
        calls.append((what.__name__, what.__module__, runtime))

    def run() -> int:
        calls.append("run")
        return 5

    vars(module).update(launch=launch, run=run)
    monkeypatch.setitem(sys.modules, "deskapp.app", module)
    return calls


def outcome(folder: Path) -> list[object]:
    """What the program wrote about itself."""
    import json

    written: list[object] = json.loads((folder / "out.json").read_text())
    return written


def test_a_file_runs_as_the_main_program_with_its_arguments(folder: Path) -> None:
    file = str(folder / "program.py")
    assert main(["run", file, "--", "--size", "3"]) == 0
    assert outcome(folder) == ["__main__", file, [file, "--size", "3"], ""]


def test_a_module_runs_as_the_main_program(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert main(["run", "program"]) == 0
    assert outcome(folder)[0] == "__main__"


def test_the_runtime_reaches_a_program_by_its_settings(folder: Path) -> None:
    assert main(["run", "--runtime", "browser", str(folder / "program.py")]) == 0
    assert outcome(folder)[-1] == "browser"
    assert os.environ["DESKAPP_RUNTIME"] == "browser"


def test_a_program_keeps_its_own_exit_code(tmp_path: Path) -> None:
    (tmp_path / "leaves.py").write_text("raise SystemExit(7)", encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        main(["run", str(tmp_path / "leaves.py")])
    assert caught.value.code == 7


def test_a_class_of_a_file_is_imported_and_launched(folder: Path, app: list[object]) -> None:
    (folder / "clockfile.py").write_text("import beside\nclass Clock: pass\n", encoding="utf-8")
    assert main(["run", f"{folder / 'clockfile.py'}:Clock"]) == 5
    assert app == [("Clock", "clockfile", None), "run"]


def test_a_class_of_a_module_is_launched_in_the_runtime_asked_for(
    folder: Path, app: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "clockmodule.py").write_text("class Clock: pass\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    assert main(["run", "clockmodule:Clock", "--runtime", "browser"]) == 5
    assert app == [("Clock", "clockmodule", "browser"), "run"]


def test_a_program_that_launches_nothing_is_told_how_its_classes_are_launched(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "deskapp.launcher", raising=False)
    file = folder / "clock.py"
    file.write_text("from deskapp import PyComponent\nclass Clock(PyComponent): ...\n", encoding="utf-8")
    assert main(["run", str(file)]) == 0
    assert (
        f"it launched nothing. To launch one of its classes, write deskapp run {file}:Clock" in capsys.readouterr().err
    )
    monkeypatch.setitem(sys.modules, "deskapp.launcher", ModuleType("deskapp.launcher"))
    assert main(["run", str(file)]) == 0
    assert capsys.readouterr().err == ""
