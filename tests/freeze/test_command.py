"""`deskapp freeze` as people use it: a project with spaces and umlauts in its path, unpacked elsewhere and run."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from PIL import Image

from tests.desktop.screen import Screen

pytestmark = [pytest.mark.desktop, pytest.mark.once]

ROOT = Path(__file__).parents[2]

PROGRAM = """
from pathlib import Path
from deskapp import App, JsComponent, PyComponent, event, launch, run
import greetings

class Note(JsComponent):
    text = event.StringProp()

    @event.reaction("text")
    def show(self, *events):
        assert self.text, "what Python would leave out if it were told to optimize"
        self.node.textContent = self.text

    def _create_dom(self):
        return window.document.createElement("p")

class Notes(PyComponent):
    def init(self):
        data = Path(__file__).with_name("daten mit ß.txt").read_text(encoding="utf-8")
        self.note = Note(text=greetings.hello() + data)

if __name__ == "__main__":
    launch(App(Notes, title='Notizen für alle'), size=(400, 300))
    run()
"""
TABLE = """
[project]
name = "notizen"
version = "1.2rc1"
description = "Notes for everybody"
authors = [{ name = "Ada", email = "ada@example.org" }]
license = "MIT"

[tool.deskapp]
name = "Notizen"
app_id = "org.example.Notizen"
entry = "notizen.py"
icon = "art/icon ä.png"
data = ["daten mit ß.txt"]
runtime = "webview"

[tool.deskapp.linux]
formats = ["tar.gz"]
"""


def make_project(folder: Path, program: str = PROGRAM) -> Path:
    (folder / "art").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(TABLE, encoding="utf-8")
    (folder / "notizen.py").write_text(program, encoding="utf-8")
    (folder / "greetings.py").write_text("def hello():\n    return 'Hallo '\n", encoding="utf-8")
    (folder / "daten mit ß.txt").write_text("Welt", encoding="utf-8")
    (folder / "LICENSE").write_text("Do what you like.\n", encoding="utf-8")
    Image.new("RGBA", (512, 512), "#3070d0").save(folder / "art/icon ä.png")
    return folder


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "deskapp", "freeze", *map(str, arguments)]


def environment(screen: Screen) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "DISPLAY": screen.display}


def freeze(screen: Screen, *arguments: str | Path, timeout_s: float = 150) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), env=environment(screen), capture_output=True, text=True, timeout=timeout_s, check=False
    )


def contents(folder: Path) -> dict[str, str]:
    """Every file by its path, with a digest."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("freeze") / "Mein Projekt ä")


@pytest.fixture(scope="module")
def built(project: Path, screen: Screen) -> dict[str, object]:
    done = freeze(screen, project, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(json.loads(done.stdout))


def until(condition: Callable[[], object], *, timeout_s: float = 15.0) -> None:
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline_s, f"not within {timeout_s} s"
        time.sleep(0.05)


@pytest.mark.timeout(240)
def test_a_project_becomes_a_program_that_runs_anywhere(
    built: dict[str, object], project: Path, screen: Screen, tmp_path: Path
) -> None:
    assert (built["name"], built["version"], built["app_id"]) == ("Notizen", "1.2rc1", "org.example.Notizen")
    stages = [stage["name"] for stage in built["stages"]]  # type: ignore[attr-defined]
    assert stages == ["check", "precompile", "bundle", "look inside", "self-test", "tar.gz", "finish"]
    found = {one["format"]: one for one in built["artifacts"]}  # type: ignore[attr-defined]
    assert set(found) == {"tar.gz", "checksums"}
    archive = Path(found["tar.gz"]["path"])
    assert archive.parent == project / "dist"
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert found["tar.gz"]["sha256"] == digest
    assert f"{digest}  {archive.name}" in (project / "dist/SHA256SUMS").read_text()

    place = tmp_path / "anderswo mit Leerzeichen"
    with tarfile.open(archive) as file:
        file.extractall(place, filter="data") if sys.version_info >= (3, 12) else file.extractall(place)
    [executable] = [path for path in place.rglob("notizen") if path.is_file()]
    home = tmp_path / "home"
    home.mkdir()
    seen = {"HOME": str(home), "DISPLAY": screen.display, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    with subprocess.Popen([executable], env=seen, cwd=home) as process:
        try:
            until(lambda: [pid for pid in family(process.pid) if "Notizen für alle" in screen.titles(pid)])
            [pid] = [pid for pid in family(process.pid) if screen.titles(pid)]
            [window] = screen.windows(pid)
            assert "org.example.Notizen" in window.wm_class
            screen.run("wmctrl", "-i", "-c", window.handle)
            assert process.wait(10) == 0
        finally:
            process.kill()


def family(pid: int) -> list[int]:
    try:
        process = psutil.Process(pid)
        return [pid, *(child.pid for child in process.children(recursive=True))]
    except psutil.NoSuchProcess:
        return []


@pytest.mark.timeout(240)
def test_a_build_that_fails_leaves_the_last_good_one(
    built: dict[str, object], project: Path, screen: Screen, tmp_path: Path
) -> None:
    before = contents(project / "dist")
    broken = PROGRAM.replace("data = Path", "import secrets_of_nobody\n        data = Path")
    (project / "notizen.py").write_text(broken, encoding="utf-8")
    try:
        done = freeze(screen, project)
    finally:
        (project / "notizen.py").write_text(PROGRAM, encoding="utf-8")
    assert done.returncode == 2
    assert "secrets_of_nobody" in done.stderr
    assert contents(project / "dist") == before


@pytest.mark.timeout(120)
def test_an_interrupted_build_leaves_the_last_good_one_and_no_process(
    built: dict[str, object], project: Path, screen: Screen
) -> None:
    before = contents(project / "dist")
    with subprocess.Popen(
        command(project, "--verbose"),
        env=environment(screen),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if "Building because" in line or "Analyzing" in line:
                    break
            children = psutil.Process(process.pid).children(recursive=True)
            assert children
            process.send_signal(signal.SIGINT)
            said = process.stdout.read()
            assert process.wait(20) == 130, said
        finally:
            process.kill()
    psutil.wait_procs(children, timeout=5)
    assert [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []
    assert contents(project / "dist") == before


@pytest.mark.parametrize(
    ("table", "arguments", "said"),
    [
        ("", ["--format", "msi"], ["'msi' is for windows", "--ci github"]),
        ("", ["--format", "debb"], ["did you mean 'deb'?"]),
        ("", ["--version", "one"], ["version: 'one'"]),
        ("", ["--icon", "nothing.png"], ["icon: there is no file"]),
        ("", ["--spec", "nothing.spec"], ["--spec-only writes one"]),
        ("", ["--entry", "notizen:Nots"], ["entry: there is no 'Nots' in 'notizen'", "did you mean 'Notes'?"]),
        ("", ["--entry", "broken.py"], ["entry: ", "ZeroDivisionError"]),
        ("modes = 1\n", [], ["modes: there is no such key; did you mean 'mode'?"]),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_built(
    table: str, arguments: list[str], said: list[str], tmp_path: Path, screen: Screen
) -> None:
    folder = make_project(tmp_path / "p")
    (folder / "broken.py").write_text("1 / 0\n")
    text = (folder / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(
        text.replace("[tool.deskapp]\n", f"[tool.deskapp]\n{table}"), encoding="utf-8"
    )
    done = freeze(screen, folder, *arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    for words in said:
        assert words in done.stderr
    assert not (folder / "dist").exists()


def test_the_spec_and_the_workflow_are_written_and_what_people_changed_is_kept(tmp_path: Path, screen: Screen) -> None:
    folder = make_project(tmp_path / "p")
    for option, place, part in (
        (["--spec-only"], "notizen.spec", "collect("),
        (["--ci", "github"], ".github/workflows/freeze.yml", "deskapp freeze"),
    ):
        file = folder / place
        for _ in range(2):
            done = freeze(screen, folder, *option)
            assert done.returncode == 0, done.stderr
            assert place in done.stdout
        assert part in file.read_text(encoding="utf-8")
        file.write_text("# mine\n", encoding="utf-8")
        done = freeze(screen, folder, *option)
        assert (done.returncode, file.read_text()) == (2, "# mine\n")
        assert "delete it" in done.stderr
