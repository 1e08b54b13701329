"""Which programs are scripts that may open a window by themselves. Those that do: `tests/desktop/test_script_mode`."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deskapp import App, app
from deskapp._script_mode import begin, finish_script, script_frame
from deskapp.errors import DeskappError, SessionClosedException, SessionNotFoundException
from deskapp.launcher import Launcher
from deskapp.session import run_js
from deskapp.testing import AppHarness, FakeRuntime
from tests.unit.session.classes import Main

ROOT = Path(__file__).parents[2]
ASK = "from deskapp._script_mode import script_frame\n"
SHOW = ASK + "print(script_frame() is not None)\n"


def answer(*command: str, text: str = "", **env: str) -> list[str]:
    """What a Python program prints."""
    values = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    values.pop("DISPLAY", None)  # whatever goes wrong: no window
    values.pop("WAYLAND_DISPLAY", None)
    done = subprocess.run(
        [sys.executable, *command], input=text, env=values, capture_output=True, text=True, timeout=20, check=False
    )
    return [*done.stdout.split(), *([] if done.returncode == 0 else [f"code {done.returncode}", done.stderr])]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "script.py"
    path.write_text(SHOW)
    return path


def test_a_file_is_a_script(file: Path) -> None:
    assert answer(str(file)) == ["True"]


def test_a_module_is_a_script(file: Path) -> None:
    assert answer("-m", "script", PYTHONPATH=f"{ROOT}{os.pathsep}{file.parent}") == ["True"]


def test_a_text_is_a_script() -> None:
    assert answer("-c", SHOW) == ["True"]
    assert answer("-", text=SHOW) == ["True"]


def test_what_a_test_runner_has_begun_does_not_hide_a_script_that_it_starts(file: Path) -> None:
    assert answer(str(file), PYTEST_CURRENT_TEST="x") == ["True"]


def test_code_that_a_script_imports_or_executes_belongs_to_it(file: Path) -> None:
    (file.parent / "other.py").write_text(f"import threading\nexec(compile({SHOW!r}, 'x', 'exec'))\n")
    file.write_text("import other\nexec(open(other.__file__).read())\n")
    assert answer(str(file)) == ["True", "True"]


def test_a_thread_of_a_script_belongs_to_it_while_the_script_runs(file: Path) -> None:
    file.write_text(
        f"{ASK}import threading, time\n"
        "def show():\n    print(script_frame() is not None)\n"
        "def late():\n    threading.main_thread().join()\n    show()\n"
        "first = threading.Thread(target=show)\nfirst.start()\nfirst.join()\n"
        "threading.Thread(target=late).start()\n"
    )
    assert answer(str(file)) == ["True", "False"]


@pytest.mark.parametrize(
    "text",
    [
        "import asyncio\nasync def main():\n    print(script_frame() is not None)\nasyncio.run(main())\n",
        "import atexit\natexit.register(lambda: print(script_frame() is not None))\n",
        "import sys\nsys.ps1 = '>'\nprint(script_frame() is not None)\n",
    ],
)
def test_a_loop_an_exit_and_a_prompt_are_none(file: Path, text: str) -> None:
    file.write_text(ASK + text)
    assert answer(str(file)) == ["False"]


def test_a_prompt_that_follows_a_file_is_none(file: Path) -> None:
    assert answer("-i", str(file))[0] == "False"
    assert answer(str(file), PYTHONINSPECT="1")[0] == "False"


def test_tests_are_none(file: Path) -> None:
    assert script_frame() is None
    assert begin() is None
    with pytest.raises(SessionNotFoundException):
        run_js("1")
    (file.parent / "test_it.py").write_text(
        "import unittest\nfrom deskapp._script_mode import script_frame\n"
        "class Test(unittest.TestCase):\n    def test(self):\n        print(script_frame() is not None)\n"
    )
    assert answer("-m", "unittest", "test_it", PYTHONPATH=f"{ROOT}{os.pathsep}{file.parent}") == ["False"]


@pytest.mark.parametrize(
    "before",
    [
        "app.launcher().manager",
        "app.create_server()",
        "app.serve(main)",
        "app.use_launcher(Launcher(Settings.load(environ={})))",
    ],
)
def test_a_program_that_has_begun_something_else_is_none(before: str) -> None:
    text = (
        "from deskapp import app\nfrom deskapp._config import Settings\nfrom deskapp.launcher import Launcher\n"
        "from deskapp.errors import SessionNotFoundException\nfrom deskapp.session import run_js\n"
        f"def main(): pass\n{before}\n"
        "try:\n    run_js('1')\nexcept SessionNotFoundException:\n    print('refused')\n"
    )
    assert answer("-c", text) == ["refused"]


def test_a_script_that_is_only_looked_at_ends_at_its_first_call() -> None:
    text = (
        "from deskapp import app\nfrom deskapp._collect import Collector\nfrom deskapp.session import run_js\n"
        "collector = Collector()\napp.use_launcher(collector)\n"
        "try:\n    run_js('1')\n"
        "except SystemExit as end:\n    print(end.code, collector.is_used, *collector.runtimes)\n"
    )
    assert answer("-c", text) == ["0", "True", "app", "or", "browser"]


def test_an_unused_launcher_takes_a_script_but_none_of_a_test() -> None:
    assert Launcher().takes_script()
    assert not Launcher(select=lambda _: [FakeRuntime]).takes_script()
    old = app.use_launcher(None)
    try:
        assert app.takes_script()
        assert app.launcher().manager is not None
        assert not app.takes_script()
    finally:
        app.use_launcher(old)


async def test_while_a_script_has_a_window_only_the_loop_may_launch() -> None:
    async with AppHarness() as harness:
        harness.launcher.launch_script(App(Main).spec)
        await harness.until(lambda: harness.launcher.is_running)
        for what in (lambda: app.launch(Main), lambda: app.serve(Main), app.run, app.start):
            with pytest.raises(DeskappError, match="was called in a script whose window is open already"):
                await asyncio.to_thread(what)
        assert harness.launcher.windows.count == 1
        app.launch(Main)
        assert harness.launcher.windows.count == 2


def test_a_program_that_was_no_script_ends_by_what_it_ended_by() -> None:
    finish_script(None)
    with pytest.raises(SessionClosedException, match="gone"):
        finish_script(SessionClosedException(1000, "gone"))
