"""What `deskapp freeze` understands, and what it tells."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from deskapp.cli._freeze import Lines, formats_of, read_spec, summary
from deskapp.cli._main import command_parsers
from deskapp.errors import SpecError
from deskapp.freeze import Artifact, BuildReport, DistTree, Entry, Mode


def read(*words: str) -> object:
    return read_spec(command_parsers()["deskapp"].parse_args(["freeze", *words]))


def test_options_count_more_than_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("")
    (tmp_path / "icon.svg").write_text("<svg/>")
    monkeypatch.chdir(tmp_path)
    spec = read(
        *("a.py:Main", "--name", "Body Mass", "--version", "2.0", "--app-id", "org.example.Mass", "--icon", "icon.svg"),
        *("--include", "a.b", "--include", "c", "--exclude", "numpy", "--mode", "qt", "--onefile", "--serve"),
    )
    assert (spec.name, spec.version, spec.app_id) == ("Body Mass", "2.0", "org.example.Mass")  # type: ignore[attr-defined]
    assert spec.entry == Entry(file=tmp_path / "a.py", name="Main")  # type: ignore[attr-defined]
    assert (spec.includes, spec.excludes) == (("a.b", "c"), ("numpy",))  # type: ignore[attr-defined]
    assert (spec.mode, spec.onefile, spec.runtime) == (Mode.QT, True, None)  # type: ignore[attr-defined]
    assert spec.icon == tmp_path / "icon.svg"  # type: ignore[attr-defined]


def test_a_folder_or_a_file_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SpecError, match="'app' is neither a folder nor a Python file"):
        read("app")
    with pytest.raises(SpecError, match=r"pyproject\.toml"):
        read()
    with pytest.raises(SpecError, match="there is no file"):
        read("app.py")


def test_formats_may_be_joined() -> None:
    assert formats_of(["deb,rpm", "zip"]) == ["deb", "rpm", "zip"]
    assert formats_of(["none"]) == []


def test_progress_is_a_line_for_each_stage() -> None:
    for verbose, expected in ((False, "one … 1.2 s\n"), (True, "one … \n    said\none: 1.2 s\n")):
        stream = io.StringIO()
        lines = Lines(stream, verbose=verbose)
        lines.begin("one")
        lines.line("said")
        lines.end("one", 1.23)
        assert stream.getvalue() == expected


def test_the_summary_names_files_sizes_and_hashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text("")
    tree = tmp_path / "dist" / "a"
    tree.mkdir(parents=True)
    (tree / "a").write_bytes(bytes(2_500_000))
    artifact = Artifact("deb", tmp_path / "dist" / "a.deb", 1234, "0" * 64)
    spec = read("a.py")
    report = BuildReport(spec, DistTree(tree, tree / "a"), (artifact,), (("bundle", 9.6),), ("look here",))  # type: ignore[arg-type]
    assert summary(report).splitlines() == [
        "",
        "a 1.0, made in 10 s:",
        "  dist/a/a",
        "      2.5 MB, 1 file",
        "  dist/a.deb",
        f"      1.2 kB, sha256 {'0' * 64}",
        "note: look here",
    ]
