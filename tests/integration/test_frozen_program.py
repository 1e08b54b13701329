"""Programs without their sources and without PScript: compiled files, a manifest and a start-up script."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskapp.freeze._spec import Entry, FreezeSpec
from tests.frozen_tree import FrozenProgram, compiled_deskapp, frozen_program
from tests.integration.sockets import SocketPage, get

pytestmark = [pytest.mark.timeout(90), pytest.mark.skipif(os.name == "nt", reason="its stand-in is a shell script")]

EXAMPLES = Path(__file__).parents[2] / "examples"
Freeze = Callable[..., FrozenProgram]

APP = """
import inspect
from deskapp import JsComponent, Model, PyComponent, event, serve, start

def shout(text):
    return text.upper() + "!"

def coloured(color):
    class Coloured(JsComponent):
        def init(self):
            self.node.style.color = color
            self.node.textContent = shout("local")
    return Coloured

class Button(JsComponent):
    text = event.StringProp("press", settable=True)
    @event.reaction("text")
    def show(self, *events):
        self.node.textContent = shout(self.text)

class Main(PyComponent):
    count = event.IntProp(settable=True)
    def init(self):
        try:
            inspect.getsource(Button)
        except OSError:
            self.has_source = False
        else:
            raise AssertionError("its source is there")
        self.button = Button(text=lambda: str(self.count))
        self.local = coloured("red")()
    @event.action
    def add(self, number):
        self.set_count(self.count + number)
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled_deskapp(tmp_path_factory.mktemp("compiled"))


@pytest.fixture
def freeze(tmp_path: Path, compiled: Path) -> Freeze:
    def make(text: str, name: str | None = None, **more: Any) -> FrozenProgram:
        project = tmp_path / "a project"
        project.mkdir()
        file = project / ("my-app.py" if name is None else "my_app.py")
        file.write_text(text, encoding="utf-8")
        entry = Entry(file=file, name=name)
        return frozen_program(
            FreezeSpec("My App", "1.0", "org.example.frozen", entry, project, **more), tmp_path / "frozen", compiled
        )

    return make


def address_of(process: subprocess.Popen[str]) -> str:
    """Where a program says that it serves."""
    assert process.stderr is not None
    for line in process.stderr:
        found = re.search(r"Serving apps at (http://\S+)", line)
        if found is not None:
            return found.group(1)
    raise AssertionError("it ended without serving")


async def round_trip(address: str) -> None:
    """Load a page as a browser does, call an action of its app, and see what came of it."""
    html = (await get(address)).body.decode()
    script = re.search(r'src="([^"]+client\.js)"', html)
    assert script is not None, html
    client = await get(address.rstrip("/") + script.group(1))
    assert (client.code, b"deskapp" in client.body) == (200, True)
    page = SocketPage(address)
    assert await page.connect() == "new"
    try:
        await page.until(lambda: page.is_ready)
        (main,) = [each.id for each in page.objects.values() if each.cls == "Main"]
        page.invoke(main, "add", 4)
        await page.until(lambda: page.prop(main, "count") == 4)
        defined = "\n".join(page.modules.values())
    finally:
        await page.end()
    for part in ("Button", "Coloured$", "shout", "toUpperCase"):
        assert part in defined


PROGRAM = (
    APP
    + """
coloured("blue")
if __name__ == "__main__":
    serve(Main, "")
    start()
"""
)


@pytest.mark.parametrize("name", [None, "Main"])
async def test_a_program_without_sources_serves_its_page_and_answers(freeze: Freeze, name: str | None) -> None:
    program = freeze(PROGRAM, name, runtime=None)
    assert not list(program.tree.rglob("*.py"))
    assert not list(program.tree.rglob("*.js"))
    process = program.start()
    try:
        address = await asyncio.to_thread(address_of, process)
        await round_trip(address)
    finally:
        process.send_signal(signal.SIGTERM)
        _, rest = await asyncio.to_thread(process.communicate, timeout=20)
    assert process.returncode == 128 + signal.SIGTERM
    assert "Traceback" not in rest


def result_of(err: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads([line for line in err.splitlines() if line.startswith('{"ok"')][-1])
    return found


def test_a_served_program_passes_its_self_test_and_writes_the_result_down(freeze: Freeze, tmp_path: Path) -> None:
    program = freeze(PROGRAM, runtime=None)
    code, _, err = program.run(f"--self-test={tmp_path / 'the result.json'}")
    assert code == 0, err
    result = result_of(err)
    assert result["shown"] == [{"served": "__main__"}]
    assert json.loads((tmp_path / "the result.json").read_text(encoding="utf-8")) == result


LATE_ERROR = """
if sys.argv[0].endswith("program"):
    {fault}
"""


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("raise LookupError('no such thing')", "LookupError: no such thing"),
        pytest.param("sys.exit(5)", "it ended with exit code 5", marks=pytest.mark.long),
        pytest.param("sys.exit(0)", "without having shown or served anything", marks=pytest.mark.long),
        pytest.param("import time; time.sleep(60)", "after 3 s, the program starts", marks=pytest.mark.long),
        ("app.launch(Main, 'firefox-app')", "DISPLAY"),
        pytest.param(
            "import logging; logging.getLogger('deskapp.x').error('a page failed'); serve(Main, '')",
            "a page failed",
            marks=pytest.mark.long,
        ),
    ],
)
def test_a_self_test_that_fails_says_why_and_exits_with_3(freeze: Freeze, fault: str, why: str) -> None:
    text = (
        "import sys\nfrom deskapp import app\n"
        + APP
        + "coloured('blue')\n"
        + LATE_ERROR.format(fault=fault)
        + "\nstart()\n"
    )
    code, _, err = freeze(text, runtime="app").run("--self-test", DESKAPP_SELF_TEST_SECONDS="3")
    result = result_of(err)
    assert (code, result["ok"]) == (3, False), err
    assert why in result["failure"]


def test_an_uncaught_error_is_in_the_log_of_the_user(freeze: Freeze) -> None:
    program = freeze("import sys\nif sys.argv[0].endswith('program'):\n    raise LookupError('oh no')\n")
    code, out, err = program.run()
    assert (code, out) == (1, "")
    assert "LookupError: oh no" in err
    (log,) = Path(program.environ["HOME"]).rglob("my-app.log")
    text = log.read_text(encoding="utf-8")
    assert "CRITICAL deskapp: My App 1.0 ended by an error" in text
    assert "LookupError: oh no" in text


def test_a_crash_in_c_leaves_its_traceback(freeze: Freeze) -> None:
    text = "import ctypes, sys\ndef f():\n    ctypes.string_at(0)\nif sys.argv[0].endswith('program'):\n    f()\n"
    program = freeze(text)
    code, _, _ = program.run()
    assert code in (-signal.SIGSEGV, 128 + signal.SIGSEGV)
    (log,) = Path(program.environ["HOME"]).rglob("my-app-crash.log")
    assert "Segmentation fault" in log.read_text(encoding="utf-8")
    assert "in f" in log.read_text(encoding="utf-8")


def test_a_program_that_was_damaged_says_so(freeze: Freeze) -> None:
    program = freeze(PROGRAM, runtime=None)
    manifest = program.tree / "deskapp_manifest.json"
    manifest.write_text(manifest.read_text().replace('"python": "', '"python": "2.'), encoding="ascii")
    code, _, err = program.run()
    assert code == 1
    assert "cannot be used: it was made for python 2." in err


def long(name: str) -> Any:
    return pytest.param(name, marks=pytest.mark.long)


PROGRAMS = sorted(path.stem for path in EXAMPLES.glob("*.py"))


@pytest.mark.parametrize("name", [long(name) for name in PROGRAMS])
def test_every_example_runs_without_sources(name: str, tmp_path: Path, compiled: Path) -> None:
    """What it launches is served instead, for want of a screen; its JavaScript is all made."""
    project = tmp_path / "project"
    project.mkdir()
    shutil.copy(EXAMPLES / f"{name}.py", project)
    text = (project / f"{name}.py").read_text(encoding="utf-8")
    found = re.search(r"\b(?:App|launch)\((?!App)([A-Z]\w+)", text)
    assert found is not None
    cls = found.group(1)
    spec = FreezeSpec(name, "1", f"org.example.{name}", Entry(file=project / f"{name}.py", name=cls), project, None)
    code, _, err = frozen_program(spec, tmp_path / "frozen", compiled).run("--self-test")
    assert code == 0, err
    assert result_of(err)["shown"] == [{"served": "__main__"}]
