"""devtools/frontend.py and hatch_build.py: wheels and sdists have the front-end libraries."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from devtools import frontend
from devtools.report import ROOT
from tests.devtools.npm import put_npm, put_sources

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in for npm is a shell script")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a lock file, and a PATH on which there is nothing yet but the shell's own."""
    put_sources(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


class Runner:
    """Runs commands in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.commands: list[str] = []

    def __call__(self, command: Sequence[str]) -> int:
        self.commands.append(" ".join(command[-2:]))
        return subprocess.run(command, cwd=self.folder).returncode


def test_a_build_makes_the_libraries_once(project: Path) -> None:
    put_npm(project)
    run = Runner(project)
    frontend.prepare_build(project, "standard", run)
    assert frontend.is_in_place(project)
    assert len(run.commands) == 2
    frontend.prepare_build(project, "standard", run)
    assert len(run.commands) == 2


def test_a_build_that_finds_the_libraries_needs_no_npm(project: Path) -> None:
    put_npm(project)
    frontend.prepare_build(project, "standard", Runner(project))
    (project / "bin" / "npm").unlink()
    frontend.prepare_build(project, "standard", Runner(project))


def test_a_build_with_older_libraries_makes_them_anew(project: Path) -> None:
    put_npm(project)
    frontend.prepare_build(project, "standard", Runner(project))
    (project / "packaging/frontend/package-lock.json").write_text("newer", encoding="utf-8")
    run = Runner(project)
    frontend.prepare_build(project, "standard", run)
    assert run.commands[-1] == "run build"


def test_a_build_without_npm_says_what_to_install(project: Path) -> None:
    with pytest.raises(frontend.FrontendProblem, match=r"no npm on PATH.*apt-get install"):
        frontend.prepare_build(project, "standard", Runner(project))


def test_an_editable_installation_does_without(project: Path) -> None:
    run = Runner(project)
    frontend.prepare_build(project, "editable", run)
    assert run.commands == []
    assert not (project / frontend.TARGET).exists()


def test_npm_that_fails_leaves_no_stamp(project: Path) -> None:
    put_npm(project, "exit 7")
    with pytest.raises(frontend.FrontendProblem, match=r"could not fetch the front-end libraries \(exit code 7\)"):
        frontend.prepare_build(project, "standard", Runner(project))
    assert not frontend.is_in_place(project)


@pytest.fixture
def hatchling(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Hatchling, for PYTHONPATH."""
    folder = tmp_path_factory.mktemp("hatchling")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), "hatchling>=1.24"]
    subprocess.run(pip, check=True)
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files of a commit, as they are now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (tmp_path / "checkout" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tmp_path / "checkout" / name)
    return tmp_path / "checkout"


def _build(project: Path, hatchling: Path, *kinds: str, has_npm: bool) -> subprocess.CompletedProcess[str]:
    targets = [word for kind in kinds for word in ("-t", kind)]
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", *targets, "-d", str(project.parent / "dist")],
        cwd=project,
        env={
            **os.environ,
            "PYTHONPATH": str(hatchling),
            **({} if has_npm else {"PATH": str(project.parent)}),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.long
@pytest.mark.once
@pytest.mark.timeout(300)
def test_wheel_and_sdist_have_them_and_a_wheel_comes_of_the_sdist_without_node(checkout: Path, hatchling: Path) -> None:
    dist = checkout.parent / "dist"
    failed = _build(checkout, hatchling, "wheel", has_npm=False)
    assert failed.returncode != 0
    assert "deskapp cannot be built: There is no npm on PATH" in failed.stdout
    assert not list(dist.glob("*"))

    made = _build(checkout, hatchling, "sdist", "wheel", has_npm=True)
    assert made.returncode == 0, made.stdout
    entries = [entry.name for entry in (checkout / frontend.FOLDER / "entries").iterdir()]
    wanted = {f"{frontend.TARGET.as_posix()}/{name}" for name in (*entries, frontend.LICENSES, frontend.STAMP)}
    [wheel], [sdist] = dist.glob("*.whl"), dist.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        direct = {name: archive.read(name) for name in archive.namelist()}
    assert {name for name in direct if "/libraries/" in name} == wanted
    assert not [name for name in direct if "node_modules" in name or not name.startswith("deskapp")]

    wheel.unlink()
    with tarfile.open(sdist) as archive_of_sdist:
        assert not [name for name in archive_of_sdist.getnames() if "node_modules" in name]
        archive_of_sdist.extractall(checkout.parent, filter="data")
    [unpacked] = (path for path in checkout.parent.glob("deskapp-*") if path.is_dir())
    again = _build(unpacked, hatchling, "wheel", has_npm=False)
    assert again.returncode == 0, again.stdout
    with zipfile.ZipFile(wheel) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == direct
