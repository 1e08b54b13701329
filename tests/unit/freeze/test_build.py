"""The stages of a build: their order, and that nothing is in its place before all of it is there."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from deskapp.errors import BuildFailed, SpecError
from deskapp.freeze import build
from deskapp.freeze._place import put_in_place
from deskapp.freeze._spec import Entry, FreezeSpec, LinuxOptions
from deskapp.freeze.build import Build
from deskapp.freeze.installers import DistTree
from deskapp.freeze.precompile import Collected

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="formats of Linux")


class Watcher:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def begin(self, stage: str) -> None:
        self.told.append(f"begin {stage}")

    def line(self, text: str) -> None:
        self.told.append(text)

    def end(self, stage: str, seconds: float) -> None:
        assert seconds >= 0
        self.told.append(f"end {stage}")


@pytest.fixture
def spec(tmp_path: Path) -> FreezeSpec:
    (tmp_path / "app.py").write_text("")
    entry = Entry(file=tmp_path / "app.py")
    return FreezeSpec("One", "1.0", "org.example.One", entry, tmp_path, linux=LinuxOptions(formats=("tar.gz",)))


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A PyInstaller that leaves a folder with `content` in its executable, in no time."""
    said: dict[str, Any] = {"content": "one", "order": []}

    def precompile(spec: FreezeSpec, target: Path, *, log: object) -> Collected:
        said["order"].append("precompile")
        return Collected(target / "manifest", ("app",), ("app or browser",), ("One",), ("look here",))

    def bundle(spec: FreezeSpec, *, target: Path, runtimes: Sequence[str], **rest: Any) -> DistTree:
        said["order"].append("bundle")
        said["runtimes"] = runtimes
        tree = target / spec.slug
        tree.mkdir(parents=True)
        (tree / spec.slug).write_text(said["content"])
        (tree / spec.slug).chmod(0o755)
        return DistTree(tree, tree / spec.slug)

    class Contents:
        def lines(self) -> list[str]:
            return ["one file"]

    def check_contents(*_: object, **__: object) -> Contents:
        said["order"].append("look inside")
        return Contents()

    def run_self_test(tree: DistTree, **_: object) -> None:
        said["order"].append("self-test")
        assert tree.executable.read_text() == said["content"]

    for name, stand_in in (
        ("check_tools", lambda: None),
        ("precompile", precompile),
        ("bundle", bundle),
        ("check_contents", check_contents),
        ("run_self_test", run_self_test),
    ):
        monkeypatch.setattr(build, name, stand_in)
    return said


def test_the_stages_come_in_order_and_are_told(spec: FreezeSpec, tools: dict[str, Any]) -> None:
    watcher = Watcher()
    report = Build(spec, progress=watcher).run()
    assert tools["order"] == ["precompile", "bundle", "look inside", "self-test"]
    stages = ["check", "precompile", "bundle", "look inside", "self-test", "tar.gz", "finish"]
    assert [name for name, _ in report.stages] == stages
    assert [line for line in watcher.told if line.startswith("begin")] == [f"begin {name}" for name in stages]
    assert [line for line in watcher.told if line.startswith("end")] == [f"end {name}" for name in stages]
    assert report.warnings == ("look here",)
    assert report.tree.executable == spec.project / "dist/one/one"
    assert [one.format for one in report.artifacts] == ["tar.gz", "checksums"]
    assert all(one.path.is_file() and one.path.parent == spec.project / "dist" for one in report.artifacts)
    data = json.loads(json.dumps(report.to_data()))
    assert (data["name"], data["program"]["files"], data["program"]["size"]) == ("One", 1, 3)


def test_what_shows_the_windows_is_what_the_product_says_or_what_it_was_seen_to_launch(
    spec: FreezeSpec, tools: dict[str, Any]
) -> None:
    from dataclasses import replace

    for said, expected in (("firefox-app", ["firefox-app"]), (None, ("app or browser",))):
        Build(replace(spec, runtime=said), formats=()).run()
        assert tools["runtimes"] == expected


def test_the_next_build_replaces_the_last_one_whole(spec: FreezeSpec, tools: dict[str, Any]) -> None:
    Build(spec).run()
    leftover = spec.project / "dist/one/of the last build"
    leftover.write_text("")
    tools["content"] = "two"
    Build(spec).run()
    assert not leftover.exists()
    assert (spec.project / "dist/one/one").read_text() == "two"
    assert sorted(path.name for path in (spec.project / "dist").iterdir())[:2] == ["SHA256SUMS", "one"]


@pytest.mark.parametrize("stage", ["bundle", "check_contents", "run_self_test"])
def test_a_stage_that_fails_leaves_the_last_build(
    spec: FreezeSpec, tools: dict[str, Any], monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    Build(spec).run()
    before = {path: path.stat().st_mtime_ns for path in (spec.project / "dist").rglob("*")}

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "whatever it says", "/some/file")

    monkeypatch.setattr(build, stage, fail)
    with pytest.raises(BuildFailed, match=r"No space left on device: /some/file\. The build before is as it was"):
        Build(spec).run()
    assert {path: path.stat().st_mtime_ns for path in (spec.project / "dist").rglob("*")} == before


def test_a_rename_that_fails_puts_the_last_build_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, source = tmp_path / "dist", tmp_path / "new"
    for folder, text in ((target, "old"), (source, "new")):
        folder.mkdir()
        (folder / "file").write_text(text)
    rename = Path.rename

    def refuse_the_new_one(old: Path, new: Path) -> Path:
        if old.name.endswith(".new"):
            raise OSError(errno.EIO, "no")
        return rename(old, new)

    monkeypatch.setattr(Path, "rename", refuse_the_new_one)
    with pytest.raises(OSError, match="no"):
        put_in_place(source, target)
    assert (target / "file").read_text() == "old"


def test_two_builds_of_one_product_do_not_mix(
    spec: FreezeSpec, tools: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def build_again(*_: object, **__: object) -> None:
        Build(spec).run()

    monkeypatch.setattr(build, "run_self_test", build_again)
    with pytest.raises(BuildFailed, match="another build of it is under way"):
        Build(spec).run()


def test_what_another_system_needs_is_refused_at_once(spec: FreezeSpec, tools: dict[str, Any]) -> None:
    with pytest.raises(SpecError, match=r"'nsis' is for windows.*here: tar\.gz.*--ci github"):
        Build(spec, formats=["nsis"]).run()
    assert tools["order"] == []


def test_without_a_self_test_nothing_is_started(spec: FreezeSpec, tools: dict[str, Any]) -> None:
    report = Build(spec, self_test=False, formats=[]).run()
    assert "self-test" not in [name for name, _ in report.stages]
    assert tools["order"] == ["precompile", "bundle", "look inside"]
    assert report.artifacts == ()
