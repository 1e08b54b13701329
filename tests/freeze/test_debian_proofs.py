"""What the proofs on fresh Debian systems rest on: where packages come from, and what a root's comparison sees."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from deskapp.freeze import read_project

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="roots of Debian are unpacked on Linux")


@pytest.fixture
def roots(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "packaging" / "ci"))
    return importlib.import_module("debian_roots")


@pytest.fixture
def proofs(roots: ModuleType) -> ModuleType:
    return importlib.import_module("prove_debian")


def test_sources_are_those_of_this_machine_for_another_release(roots: ModuleType) -> None:
    targets = [
        "http://one.example/debian/|bookworm|main",
        "http://one.example/debian/|bookworm|contrib",
        "http://one.example/debian/|bookworm-updates|main",
        "http://two.example/security/|bookworm-security|main",
        "http://one.example/debian/|bookworm-backports|main",
    ]
    paragraphs = roots.sources_text(targets, "trixie").strip().split("\n\n")
    assert [paragraph.splitlines()[1:4] for paragraph in paragraphs] == [
        ["URIs: http://one.example/debian/", "Suites: trixie", "Components: main contrib"],
        ["URIs: http://one.example/debian/", "Suites: trixie-updates", "Components: main"],
        ["URIs: http://two.example/security/", "Suites: trixie-security", "Components: main"],
    ]
    assert all(f"Signed-By: {roots.KEY}" in paragraph for paragraph in paragraphs)


def test_without_lists_there_are_no_sources(roots: ModuleType) -> None:
    assert roots.sources_text([], "trixie") == ""


def test_whatever_a_removed_package_leaves_is_seen(roots: ModuleType, tmp_path: Path) -> None:
    root = roots.Root(tmp_path, tmp_path)
    for name in ("etc/kept", "usr/share/gone", "var/log/dpkg.log", "home/user/notes"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("before")
    (tmp_path / "usr/link").symlink_to("share")
    before = root.state()
    assert roots.changes(before, root.state()) == []

    (tmp_path / "etc/kept").write_text("after.")  # of the same length
    (tmp_path / "usr/share/gone").unlink()
    (tmp_path / "usr/link").unlink()
    (tmp_path / "usr/link").symlink_to("other")
    (tmp_path / "usr/lib/monitor").mkdir(parents=True)
    (tmp_path / "usr/share").chmod(0o700)
    for name in ("var/log/dpkg.log", "home/user/notes"):
        (tmp_path / name).write_text("not looked at")
    assert roots.changes(before, root.state()) == [
        "! /etc/kept",
        "+ /usr/lib",
        "+ /usr/lib/monitor",
        "! /usr/link",
        "! /usr/share",
        "- /usr/share/gone",
    ]


@pytest.mark.parametrize(
    ("path", "is_ours"),
    [
        ("var/lib/dpkg/info/monitor.list", True),
        ("var/lib/dpkg/info/monitor:amd64.postrm", True),
        ("var/cache/desktop/org.example.Monitor.desktop", True),
        ("var/lib/dpkg/info/monitoring-plugins.list", False),
        ("var/cache/apt/archives/monitor_1.0_amd64.deb", False),
        ("var/log/monitor.log", False),
    ],
)
def test_traces_in_the_books_are_told_from_those_of_others(proofs: ModuleType, path: str, is_ours: bool) -> None:
    assert proofs._is_ours(path, "monitor") is is_ours


def test_a_proof_that_fails_fails_the_whole_and_is_in_the_table(
    proofs: ModuleType, roots: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> str:
        raise roots.ProofFailed("it ended with exit code 1:\na line of the program's")

    table = proofs.Table()
    assert table.prove("Debian 13", "deb: self-test", 7_800_000, lambda: "shown")
    assert not table.failed
    assert not table.prove("Debian 12", "deb: self-test", 0, fails)
    assert table.failed
    assert "a line of the program's" in capsys.readouterr().out
    *_, good, bad = table.text().splitlines()
    assert good.startswith("Debian 13")
    assert good.endswith("7.8 MB  ok: shown")
    assert bad.endswith("FAILED: it ended with exit code 1:")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no root")
def test_only_root_proves(
    proofs: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert proofs.main([]) == 1
    assert "sudo" in capsys.readouterr().out


def test_the_monitor_is_a_product() -> None:
    spec = read_project(ROOT / "examples" / "monitor")
    assert (spec.name, spec.slug, spec.app_id) == ("Monitor", "monitor", "org.example.Monitor")
    assert spec.entry.module == "examples.monitor"
    assert [(one.source.name, one.target.as_posix()) for one in spec.data] == [
        ("icon.png", "examples/monitor/icon.png")
    ]
    assert [text.name for text in spec.license_files] == ["LICENSE"]
