"""deskapp/cli/_target.py."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskapp.cli._target import TargetError, load, parse_target
from tests.unit.cli.modules import forget_modules_in

CLOCKS = """
from pathlib import Path
class Clock: pass
class Calendar: pass
def task(): pass
number = 3
"""


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current directory, with modules in it; what is imported is forgotten afterwards."""
    (tmp_path / "clocks.py").write_text(CLOCKS, encoding="utf-8")
    (tmp_path / "needy.py").write_text("import no_such_thing", encoding="utf-8")
    package = tmp_path / "parcel"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "inner.py").write_text("class Inside: pass", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield tmp_path
    forget_modules_in(tmp_path)


@pytest.mark.parametrize(
    ("text", "file", "module", "name"),
    [
        ("clocks.py", "clocks.py", None, None),
        ("clocks.py:Clock", "clocks.py", None, "Clock"),
        ("parcel/inner.py:Inside", "parcel/inner.py", None, "Inside"),
        ("clocks", None, "clocks", None),
        ("clocks:Clock", None, "clocks", "Clock"),
        ("parcel.inner:Inside", None, "parcel.inner", "Inside"),
    ],
)
def test_the_four_spellings(text: str, file: str | None, module: str | None, name: str | None) -> None:
    target = parse_target(text)
    assert (target.file, target.module, target.name) == (Path(file) if file else None, module, name)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("clock.py", r"no file 'clock\.py'\. Did you mean 'clocks\.py'\?"),
        ("nowhere/clock.py:Clock", r"no file 'nowhere/clock\.py'\.$"),
        ("C:\\clock.py:Clock", r"no file 'C:\\\\clock\.py'"),
        ("not a name", "write a Python file"),
        ("", "write a Python file"),
    ],
)
def test_what_is_no_target_is_refused(text: str, message: str) -> None:
    with pytest.raises(TargetError, match=message):
        parse_target(text)


@pytest.mark.parametrize(
    ("text", "name"), [("clocks.py:Clock", "Clock"), ("clocks:task", "task"), ("parcel.inner:Inside", "Inside")]
)
def test_names_are_found(text: str, name: str) -> None:
    assert getattr(load(parse_target(text)), "__name__", None) == name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("clocks.py:Clok", r"no 'Clok' in 'clocks'\. Did you mean 'Clock'\?"),
        ("clocks:Xyz", r"no 'Xyz' in 'clocks'\.$"),
        ("clocks:number", "'number' is int"),
        ("clockz:Clock", r"no module 'clockz'\. Did you mean 'clocks'\?"),
        ("parcel.outer:X", r"no module 'parcel\.outer'"),
        ("no_parcel.inner:X", r"no module 'no_parcel\.inner'"),
    ],
)
def test_what_is_not_there_is_named_with_what_is_near(text: str, message: str) -> None:
    with pytest.raises(TargetError, match=message):
        load(parse_target(text))


def test_a_missing_import_of_the_program_is_not_mistaken_for_a_missing_target() -> None:
    for text in ("needy.py:X", "needy:X"):
        with pytest.raises(ModuleNotFoundError, match="no_such_thing"):
            load(parse_target(text))
    assert "needy" not in sys.modules


@pytest.mark.parametrize("name", ["json.py", "two-words.py"])
def test_a_file_that_cannot_be_a_module_of_its_own_is_refused(in_a_folder: Path, name: str) -> None:
    (in_a_folder / name).write_text("class X: pass", encoding="utf-8")
    with pytest.raises(TargetError, match="name"):
        load(parse_target(f"{name}:X"))
