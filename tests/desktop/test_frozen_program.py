"""Programs without their sources and without PScript, in windows of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from deskapp.freeze._spec import Entry, FreezeSpec
from tests.desktop.screen import Screen, wait_until
from tests.frozen_tree import FrozenProgram, compiled_deskapp, frozen_program

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(90)]

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled_deskapp(tmp_path_factory.mktemp("compiled"))


def frozen(tmp_path: Path, compiled: Path, entry: Entry) -> FrozenProgram:
    project = tmp_path / "project"
    shutil.copytree(EXAMPLES, project / "examples", ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    file = project / entry.file if entry.file is not None else None
    app_id = "org.example.gallery" if entry.module == "examples.gallery" else "org.example.frozen"
    spec = FreezeSpec("The Example", "1.0", app_id, Entry(entry.module, file, entry.name), project, "webview")
    return frozen_program(spec, tmp_path / "frozen", compiled)


@pytest.mark.parametrize(
    "entry",
    [
        Entry(file=Path("examples/counter.py")),
        pytest.param(Entry(module="examples.monitor"), marks=pytest.mark.long),
        pytest.param(Entry(module="examples.gallery"), marks=pytest.mark.long),
        pytest.param(Entry(module="examples.counter", name="Counter"), marks=pytest.mark.long),
    ],
    ids=str,
)
def test_its_page_connects_and_answers_in_a_window(
    entry: Entry, tmp_path: Path, compiled: Path, screen: Screen
) -> None:
    code, _, err = frozen(tmp_path, compiled, entry).run("--self-test", DISPLAY=screen.display)
    assert code == 0, err
    (shown,) = json.loads(err.splitlines()[-1])["shown"]
    assert shown["runtime"].startswith("webview")
    assert shown["connected_s"] > 0


def test_an_uncaught_error_is_shown_in_a_window_that_the_program_waits_for(
    tmp_path: Path, compiled: Path, screen: Screen
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    text = "import sys\nif sys.argv[0].endswith('program'):\n    raise LookupError('oh no')\n"
    (project / "app.py").write_text(text, encoding="utf-8")
    spec = FreezeSpec("My App", "1.0", "org.example.frozen", Entry(file=project / "app.py"), project, "webview")
    process = frozen_program(spec, tmp_path / "frozen", compiled).start(DISPLAY=screen.display)
    title = "My App has ended by an error"

    def handles() -> list[str]:
        done = subprocess.run(
            ["wmctrl", "-l"], env={**os.environ, "DISPLAY": screen.display}, capture_output=True, text=True, check=False
        )
        return [line.split()[0] for line in done.stdout.splitlines() if line.endswith(title)]

    try:
        wait_until(lambda: bool(handles()), what="the window")
        assert process.poll() is None
        screen.run("wmctrl", "-i", "-c", handles()[0])
        _, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 1
    assert "LookupError: oh no" in err
