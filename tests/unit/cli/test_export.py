"""deskapp/cli/_export.py: which app of a file is meant, and what becomes of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskapp import app as program
from deskapp.cli._main import EXIT_ERROR, main
from deskapp.testing import AppHarness
from tests.unit.cli.modules import forget_modules_in

HEAD = "from deskapp import App, JsComponent, PyComponent, app\n"
PY, JS = "class {}(PyComponent): pass\n", "class {}(JsComponent): pass\n"


@pytest.fixture(autouse=True)
def own_interpreter_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A program of its own in a folder of its own; what the command changes in its process is put back."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)
    with AppHarness():
        yield
    forget_modules_in(tmp_path)


@pytest.fixture
def write(tmp_path: Path) -> Path:
    """Where the program goes."""
    return tmp_path / "some_program.py"


def pages(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("**/*.html"))


@pytest.mark.parametrize(
    ("text", "page"),
    [
        (PY.format("Main") + JS.format("Leaf") + JS.format("Other"), "main.html"),
        (JS.format("Leaf"), "leaf.html"),
        ("class Older(app.Model): pass\n" + JS.format("Leaf"), "older.html"),
        (PY.format("One") + PY.format("Two") + "it = App(Two)\n", "two.html"),
        (PY.format("Main") + "from tests.unit.session.classes import Main as Foreign\n", "main.html"),
        (PY.format("Main") + "if __name__ == '__main__':\n    raise SystemExit('it is not to be run')\n", "main.html"),
    ],
)
def test_the_only_app_of_a_file_is_exported(write: Path, tmp_path: Path, text: str, page: str) -> None:
    write.write_text(HEAD + text, encoding="utf-8")
    assert main(["export", str(write), str(tmp_path / "out")]) == 0
    assert pages(tmp_path) == [page]


def test_a_name_says_which(write: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write.write_text(HEAD + PY.format("One") + PY.format("Two") + "third = App(One)\n", encoding="utf-8")
    assert main(["export", "some_program:Two", "out/x.html", "--link", "0"]) == 0
    assert capsys.readouterr().out == "Two is exported to out/x.html\n"
    assert main(["export", f"{write}:third", "out/y.html", "--link", "0"]) == EXIT_ERROR  # imported under that name
    assert "already a module" in capsys.readouterr().err
    assert main(["export", "some_program:third", "out/y.html", "--link", "0"]) == 0
    assert [path.name for path in sorted((tmp_path / "out").iterdir())] == ["x.html", "y.html"]


def test_several_apps_are_named(write: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write.write_text(HEAD + PY.format("One") + PY.format("Two"), encoding="utf-8")
    assert main(["export", "some_program.py", "out"]) == EXIT_ERROR
    assert "write some_program.py:One or some_program.py:Two" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("some_program.py", "it has no App"),
        ("some_program.py:number", "and a class or a function is needed"),
        ("some_program.py:function", "neither an App nor a component class"),
        ("some_program.py:Plain", "neither an App nor a component class"),
        ("some_program.py:functoin", "Did you mean 'function'"),
        ("none.py", "there is no file"),
    ],
)
def test_what_is_no_app(write: Path, target: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    write.write_text(HEAD + "number = 3\ndef function(): ...\nclass Plain: ...\n", encoding="utf-8")
    assert main(["export", target, "out"]) == EXIT_ERROR
    assert hint in capsys.readouterr().err


def test_existing_files_can_be_left_alone(write: Path, tmp_path: Path) -> None:
    write.write_text(HEAD + PY.format("Main"), encoding="utf-8")
    (tmp_path / "main.html").write_text("old", encoding="utf-8")
    assert main(["export", "--no-overwrite", "some_program.py", str(tmp_path)]) == 0
    assert (tmp_path / "main.html").read_text(encoding="utf-8") == "old"
    assert main(["export", "some_program", str(tmp_path)]) == 0
    assert "deskapp" in (tmp_path / "main.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("place", "hint"), [("x.txt", "ends in .html"), ("/proc/none/x.html", "Nothing was changed")])
def test_places_that_cannot_be(write: Path, place: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    write.write_text(HEAD + PY.format("Main"), encoding="utf-8")
    assert main(["export", "some_program.py", place]) == EXIT_ERROR
    assert hint in capsys.readouterr().err


def test_there_are_four_ways_to_link(write: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["export", "x.py", "out", "--link", "4"])
    assert "--link" in capsys.readouterr().err
    assert program.manager.sessions == []
