from __future__ import annotations

import compileall
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskapp._main_module import run_as_main


@pytest.fixture(autouse=True)
def _main_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    main = sys.modules["__main__"]
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    sys.modules["__main__"] = main
    for name in [name for name in sys.modules if name.startswith("mm_")]:
        del sys.modules[name]


def test_a_module_runs_as_main_and_stays_it(tmp_path: Path) -> None:
    (tmp_path / "mm_one.py").write_text("class A: pass\nis_main = __name__ == '__main__'\n", encoding="utf-8")
    module = run_as_main("mm_one")
    assert module.is_main
    assert module.A.__module__ == "__main__"
    assert sys.modules["__main__"] is module
    assert module.__file__ == str(tmp_path / "mm_one.py")


def test_a_module_whose_name_is_no_python_name_runs(tmp_path: Path) -> None:
    (tmp_path / "mm_my-app.py").write_text("x = 1\n", encoding="utf-8")
    assert run_as_main("mm_my-app").x == 1


def test_it_is_main_still_when_it_has_ended_by_an_exception(tmp_path: Path) -> None:
    (tmp_path / "mm_ends.py").write_text("x = 1\nraise SystemExit(4)\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="4"):
        run_as_main("mm_ends")
    assert sys.modules["__main__"].x == 1


def test_of_a_package_its_main_module_runs_and_finds_its_neighbours(tmp_path: Path) -> None:
    package = tmp_path / "mm_pack"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "part.py").write_text("x = 3\n", encoding="utf-8")
    (package / "__main__.py").write_text("from .part import x\n", encoding="utf-8")
    assert run_as_main("mm_pack").x == 3


def test_no_source_is_needed(tmp_path: Path) -> None:
    file = tmp_path / "mm_bare.py"
    file.write_text("x = 5\n", encoding="utf-8")
    compileall.compile_file(file, legacy=True, quiet=1)
    file.unlink()
    assert run_as_main("mm_bare").x == 5


@pytest.mark.parametrize("name", ["mm_nothing", "mm_empty"])
def test_what_cannot_be_run_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "mm_empty").mkdir()
    (tmp_path / "mm_empty" / "__init__.py").write_text("", encoding="utf-8")
    with pytest.raises(ModuleNotFoundError, match=name):
        run_as_main(name)
