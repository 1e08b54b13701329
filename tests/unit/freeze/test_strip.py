"""Lean libraries: no symbols, no search paths of the machine that built them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deskapp.errors import BuildFailed, ToolMissing
from deskapp.freeze._strip import PATCHELF, is_repaired, kept_search_paths, lean_copies, lean_copy, search_paths

needs_tools = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="libraries of Linux")

SOURCE = "static int hidden_helper(int x) { return x + 1; }\nint shown(int x) { return hidden_helper(x); }\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""), ("/home/ada/python/lib", ""), ("$ORIGIN", "$ORIGIN"),
        ("$ORIGIN/../numpy.libs", "$ORIGIN/../numpy.libs"),
        ("/opt/lib:$ORIGIN/a:/usr/lib:$ORIGIN", "$ORIGIN/a:$ORIGIN"), ("$ORIGINAL/lib", ""), ("lib", ""), (":", ""),
    ],
)  # fmt: skip
def test_only_what_is_relative_to_the_library_stays_of_a_search_path(before: str, after: str) -> None:
    assert kept_search_paths(before) == after
    assert kept_search_paths(after) == after


@pytest.mark.parametrize(
    ("name", "expected"),
    [("numpy.libs/libopenblas.so", True), ("pillow.libs/x.so", True), ("numpy/core.so", False), ("x.libs", False)],
)
def test_libraries_that_auditwheel_put_into_wheels_are_known_by_their_folder(name: str, expected: bool) -> None:
    assert is_repaired(name) is expected


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shared library with symbols and a search path of this machine."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "a.c").write_text(SOURCE)
    made = folder / "liba.so"
    command = [
        "gcc",
        "-g",
        "-shared",
        "-fPIC",
        "-Wl,-rpath,/home/ada/lib:$ORIGIN/b",
        "-o",
        str(made),
        str(folder / "a.c"),
    ]
    subprocess.run(command, check=True)
    return made


def _symbols(file: Path) -> str:
    return subprocess.run(["readelf", "-Ws", str(file)], capture_output=True, text=True, check=True).stdout


@needs_tools
def test_a_lean_copy_has_its_interface_and_nothing_of_the_machine(library: Path, tmp_path: Path) -> None:
    copy = tmp_path / "deep/liba.so"
    lean_copy(library, copy, name="liba.so")
    assert "hidden_helper" in _symbols(library)
    assert "hidden_helper" not in _symbols(copy)
    assert "shown" in _symbols(copy)
    assert list(search_paths([library])) == [(library, "/home/ada/lib:$ORIGIN/b")]
    assert list(search_paths([copy])) == []
    kept = subprocess.run(
        [str(PATCHELF.path()), "--print-rpath", str(copy)], capture_output=True, text=True, check=True
    )
    assert kept.stdout.strip() == "$ORIGIN/b"


@needs_tools
def test_two_lean_copies_are_equal(library: Path, tmp_path: Path) -> None:
    made = [lean_copies([("x/liba.so", library)], tmp_path / name)["x/liba.so"] for name in "ab"]
    assert made[0].read_bytes() == made[1].read_bytes()
    assert made[0].parent.name == "x"


@needs_tools
def test_a_repaired_library_keeps_its_symbols(library: Path, tmp_path: Path) -> None:
    lean_copy(library, tmp_path / "liba.so", name="numpy.libs/liba.so")
    assert "hidden_helper" in _symbols(tmp_path / "liba.so")


@needs_tools
def test_a_damaged_library_fails_the_build_with_the_tools_words(tmp_path: Path) -> None:
    (tmp_path / "broken.so").write_bytes(b"\x7fELF and nothing more")
    with pytest.raises(BuildFailed, match=r"broken2\.so"):
        lean_copy(tmp_path / "broken.so", tmp_path / "broken2.so", name="broken.so")


@needs_tools
def test_a_missing_tool_is_named_with_its_package(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(ToolMissing, match="sudo apt install binutils"):
        lean_copy(library, tmp_path / "x.so", name="x.so")
