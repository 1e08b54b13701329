"""`App.freeze`: a script makes programs of its own class, one that shows a window and one that serves."""

from __future__ import annotations

import importlib.metadata
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from deskapp import App, PyComponent
from deskapp.errors import ToolMissing
from deskapp.freeze.pyinstaller import archive_modules
from tests.desktop.screen import Screen, wait_until

ROOT = Path(__file__).parents[2]

SCRIPT = """
import importlib
import sys

from deskapp import App, JsComponent, PyComponent

try:
    import heavy
except ImportError:
    heavy = None


class Line(JsComponent):
    def init(self):
        self.node.textContent = "Hello"


class Greeting(PyComponent):
    def init(self):
        self.line = Line()
        self.extra = importlib.import_module("ex" + "tra")  # no freezer sees this name


app = App(Greeting, title="Hello to all")

if __name__ == "__main__":
    folder, launch = sys.argv[1:]
    wish = None if launch == "nothing" else launch
    print(app.freeze(folder, launch=wish, excludes=("heavy",), includes=("extra",)))
"""


def freeze(folder: Path, launch: str, screen: Screen) -> Path:
    """Run a script that freezes its class; return what it printed, which is the executable."""
    project, dirname = folder / "project", folder / "made here"
    project.mkdir()
    (project / "greeting_script.py").write_text(SCRIPT, encoding="utf-8")
    (project / "extra.py").write_text("taken_in = True\n", encoding="utf-8")
    (project / "heavy.py").write_text("left_out = False\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "greeting_script.py", dirname, launch],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "DISPLAY": screen.display},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(path.name for path in project.iterdir()) == ["extra.py", "greeting_script.py", "heavy.py"]
    assert sorted(path.name for path in dirname.iterdir()) == ["build", "dist"]
    executable = Path(done.stdout.strip())
    assert executable == dirname / "dist/greeting/greeting"
    return executable


def without_python(home: Path, screen: Screen, **more: str) -> dict[str, str]:
    """An environment that knows nothing of the one in which the program was made."""
    home.mkdir(exist_ok=True)
    return {"HOME": str(home), "DISPLAY": screen.display, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **more}


@pytest.mark.desktop
@pytest.mark.once
@pytest.mark.timeout(240)
def test_a_script_makes_a_program_of_its_class_that_shows_a_window(tmp_path: Path, screen: Screen) -> None:
    executable = freeze(tmp_path, "webview", screen)
    packed = archive_modules(executable)
    assert "extra" in packed, "it is imported by a name that nobody can see"
    assert "heavy" not in packed, "though the script imports it"
    with subprocess.Popen([executable], env=without_python(tmp_path / "home", screen), cwd="/") as process:
        try:
            wait_until(lambda: _owner(process.pid, screen), timeout_s=30, what="the window")
            screen.close(_owner(process.pid, screen), "Hello to all")
            assert process.wait(15) == 0
        finally:
            process.kill()


def _owner(pid: int, screen: Screen) -> int | None:
    """Which of the program's processes shows its window."""
    try:
        family = [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    except psutil.NoSuchProcess:
        return None
    return next((one for one in family if "Hello to all" in screen.titles(one)), None)


@pytest.mark.desktop
@pytest.mark.once
@pytest.mark.timeout(240)
def test_with_nothing_to_launch_it_serves_and_people_bring_a_browser(tmp_path: Path, screen: Screen) -> None:
    executable = freeze(tmp_path, "nothing", screen)
    packed = {name.partition(".")[0] for name in archive_modules(executable)}
    assert not packed & {"webview", "gi"}, "it shows no window"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = without_python(tmp_path / "home", screen, DESKAPP_PORT=str(port))
    with subprocess.Popen([executable], env=environment, cwd="/") as process:
        try:
            status, page = _until_answered(lambda: _get(f"http://127.0.0.1:{port}/"), process)
            assert status == 200
            assert "<!doctype html>" in page.lower()
            assert "Hello to all" in page
            time.sleep(0.5)
            assert process.poll() is None, "it goes on serving"
        finally:
            process.kill()


def _get(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.status, answer.read().decode()


def _until_answered(ask: Callable[[], tuple[int, str]], process: subprocess.Popen[bytes]) -> tuple[int, str]:
    deadline_s = time.monotonic() + 20
    while True:
        try:
            return ask()
        except OSError:
            assert process.poll() is None, f"it ended with exit code {process.returncode}"
            assert time.monotonic() < deadline_s, "nobody answers"
            time.sleep(0.05)


class Nothing(PyComponent):
    """An app that is never made."""


def test_without_pyinstaller_the_command_that_gets_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    with pytest.raises(ToolMissing, match=r"PyInstaller.*pip install 'deskapp\[freeze\]'"):
        App(Nothing).freeze(tmp_path / "made here")
    assert not (tmp_path / "made here" / "dist").exists()
