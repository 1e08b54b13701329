from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deskapp.bridge.precompiled import Precompiled
from deskapp.errors import SpecError, TranspileError
from deskapp.freeze._spec import Entry, FreezeSpec
from deskapp.freeze.precompile import MANIFEST, Collected, precompile

pytestmark = pytest.mark.timeout(60)

Freeze = Callable[..., Collected]

APP = """
from deskapp import JsComponent, Model, PyComponent, event, launch, run

class Button(JsComponent):
    text = event.StringProp(settable=True)
    @event.reaction("text")
    def show(self, *events):
        self.node.textContent = "{:>5}".format(self.text)

class Main(PyComponent):
    def init(self):
        self.button = Button()
"""
ENDING = """
launch(Main, "firefox-app or browser", size=(200, 100))
run()
raise RuntimeError("not reached")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "a project"
    folder.mkdir()
    return folder


@pytest.fixture
def freeze(project: Path, tmp_path: Path) -> Freeze:
    def make(
        entry: Entry, files: dict[str, str], *, log: Any = None, deadline_s: float = 30.0, **more: Any
    ) -> Collected:
        for name, text in files.items():
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            (project / name).write_text(textwrap.dedent(text), encoding="utf-8")
        file = project / entry.file if entry.file is not None else None
        spec = FreezeSpec("Test", "1", "org.example.test", replace(entry, file=file), project)
        return precompile(replace(spec, **more), tmp_path / "target", log=log, deadline_s=deadline_s)

    return make


def keys(found: Collected) -> set[str]:
    """The units in a manifest, without their digests."""
    codes = json.loads(found.manifest.read_text(encoding="ascii"))["codes"]
    return {key.rpartition(":")[0] for key in codes}


def test_a_file_is_run_as_main_and_its_launch_is_written_down(freeze: Freeze, tmp_path: Path) -> None:
    found = freeze(Entry(file=Path("my app.py")), {"my app.py": APP + ENDING})
    assert found.manifest == tmp_path / "target" / MANIFEST
    assert keys(found) == {"__main__:Button.show"}
    assert (found.runtimes, found.apps, found.warnings) == (("firefox-app or browser",), ("Main",), ())
    assert found.modules == ("my app",)
    assert Precompiled.read(found.manifest).client().script


@pytest.mark.long
def test_a_guarded_file_runs_as_well(freeze: Freeze) -> None:
    guarded = APP + "\nif __name__ == '__main__':\n" + textwrap.indent(ENDING, "    ")
    assert freeze(Entry(file=Path("app.py")), {"app.py": guarded}).apps == ("Main",)


def test_of_a_module_the_named_class_is_launched(freeze: Freeze) -> None:
    found = freeze(Entry(module="pack.app", name="Main"), {"pack/__init__.py": "", "pack/app.py": APP})
    assert keys(found) == {"pack.app:Button.show"}
    assert found.modules == ("pack", "pack.app")
    assert found.runtimes == ("app or browser",)


@pytest.mark.long
def test_a_function_is_called_and_an_app_is_launched(freeze: Freeze) -> None:
    files = {
        "app.py": APP + "from deskapp import App\ndef main():\n    App(Main).serve('x'); run()\nthe_app = App(Main)\n"
    }
    assert freeze(Entry(module="app", name="main"), files).apps == ("x",)
    assert freeze(Entry(module="app", name="the_app"), files).apps == ("Main",)


def test_modules_that_functions_import_and_modules_that_are_named_are_looked_at(freeze: Freeze) -> None:
    late = "from deskapp import JsComponent\nclass {0}(JsComponent):\n    def init(self):\n        self.x = 1\n"
    files = {
        "app.py": APP + "def later():\n    from parts import late\n    import absent\n" + ENDING,
        "parts/__init__.py": "",
        "parts/late.py": late.format("Late") + "def again():\n    from . import later_still\n",
        "parts/later_still.py": late.format("LaterStill"),
        "named.py": late.format("Named"),
        "not_named.py": late.format("NotNamed"),
    }
    found = freeze(Entry(file=Path("app.py")), files, includes=("named",))
    assert {"parts.late:Late.init", "parts.later_still:LaterStill.init", "named:Named.init"} <= keys(found)
    assert not any("NotNamed" in key for key in keys(found))
    assert set(found.modules) == {"app", "named", "parts", "parts.late", "parts.later_still"}


def test_classes_in_functions_and_models_are_there(freeze: Freeze) -> None:
    text = """
    def make():
        class Local(JsComponent):
            def init(self):
                self.x = 1
        return Local

    def coloured(color):
        class Coloured(JsComponent):
            def init(self):
                self.node.style.color = color
        return Coloured

    red = coloured("red")

    class Old(Model):
        class JS:
            def act(self):
                self.x = 2
    """
    found = freeze(Entry(file=Path("app.py")), {"app.py": APP + textwrap.dedent(text) + ENDING})
    assert "__main__:make.<locals>.Local.init" in keys(found)
    assert "__main__:coloured.<locals>.Coloured.init" in keys(found)
    assert any(key.endswith("act") for key in keys(found))


def test_a_class_that_uses_an_argument_of_its_function_is_refused(freeze: Freeze) -> None:
    text = "def make(color):\n    class Local(JsComponent):\n        def init(self):\n            self.x = color\n"
    with pytest.raises(TranspileError, match=r"app\.py:\d+: make\.<locals>\.Local\.init .*'color'"):
        freeze(Entry(file=Path("app.py")), {"app.py": APP + text + ENDING})


def test_what_cannot_become_javascript_is_named_with_file_and_line(freeze: Freeze) -> None:
    text = "class Wrong(JsComponent):\n    def init(self):\n        self.x = open('x')\n"
    with pytest.raises(TranspileError, match=r"app\.py:15: Wrong\.init cannot become JavaScript: .*open"):
        freeze(Entry(file=Path("app.py")), {"app.py": APP + text + ENDING})


@pytest.mark.long
def test_the_manifest_is_the_same_wherever_and_whenever_it_is_made(
    freeze: Freeze, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = Entry(file=Path("app.py"))
    monkeypatch.setenv("PYTHONHASHSEED", "1")
    first = freeze(entry, {"app.py": APP + ENDING}).manifest.read_bytes()
    assert str(tmp_path).encode() not in first
    shutil.copytree(project, tmp_path / "elsewhere")
    spec = FreezeSpec(
        "Test", "1", "org.example.test", Entry(file=tmp_path / "elsewhere/app.py"), tmp_path / "elsewhere"
    )
    monkeypatch.setenv("PYTHONHASHSEED", "2")
    assert precompile(spec, tmp_path / "other").manifest.read_bytes() == first


@pytest.mark.long
def test_settings_of_the_table_come_along_but_secrets_do_not(freeze: Freeze) -> None:
    table = "[tool.deskapp]\nname = 'X'\nexit_policy = 'never'\ncookie_secret = 'sesame-open'\n"
    found = freeze(Entry(module="app", name="Main"), {"app.py": APP, "pyproject.toml": table})
    assert json.loads(found.manifest.read_text())["settings"] == {"exit_policy": "never"}
    assert "sesame" not in found.manifest.read_text()


def test_a_setting_that_cannot_be_is_named_by_its_key(freeze: Freeze) -> None:
    with pytest.raises(SpecError, match=r"^exit_policy: "):
        freeze(
            Entry(module="app", name="Main"), {"app.py": APP, "pyproject.toml": "[tool.deskapp]\nexit_policy = 'x'\n"}
        )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import nowhere_to_be_found\n", r"app\.py\", line 1.*No module named 'nowhere_to_be_found'"),
        pytest.param("def f():\n    1 / 0\nf()\n", r"line 2, in f.*ZeroDivisionError", marks=pytest.mark.long),
        pytest.param("x = (\n", r"app\.py\", line 1.*SyntaxError", marks=pytest.mark.long),
        pytest.param(
            "print('see me')\nraise SystemExit('no arguments')\n",
            r"no arguments.*It wrote:\nsee me",
            marks=pytest.mark.long,
        ),
        pytest.param("import os\nos._exit(7)\n", "exit code 7", marks=pytest.mark.long),
        ("import os\nprint('gone', flush=True)\nos._exit(0)\n", "exit code 0.*gone"),
        ("from deskapp import *\nclass A(PyComponent): pass\nlaunch(A, sice=(1, 2))\n", "sice"),
        (
            "from deskapp import *\nclass A(PyComponent): pass\nlaunch(A, app_id='org.example.else')\n",
            "org.example.else",
        ),
    ],
)
def test_an_entry_that_does_not_import_is_shown_with_its_traceback(freeze: Freeze, text: str, why: str) -> None:
    with pytest.raises(SpecError, match=f"(?s){why}") as caught:
        freeze(Entry(file=Path("app.py")), {"app.py": text})
    assert caught.value.key == ("app_id" if "else" in why else "entry")
    assert "deskapp/_frozen.py" not in str(caught.value)


@pytest.mark.long
def test_an_include_that_does_not_import_is_an_error_of_that_key(freeze: Freeze) -> None:
    with pytest.raises(SpecError, match=r"(?s)^includes: .*'nowhere'"):
        freeze(Entry(file=Path("app.py")), {"app.py": APP + ENDING}, includes=("nowhere",))


@pytest.mark.long
def test_an_entry_that_never_ends_has_a_deadline_and_leaves_nobody_behind(freeze: Freeze, project: Path) -> None:
    text = """
    import subprocess, sys, time
    print("waiting", flush=True)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    open("pid", "w").write(str(child.pid))
    time.sleep(60)
    """
    with pytest.raises(SpecError, match=r"(?s)^entry: .*within 2 s.*waiting"):
        freeze(Entry(file=Path("app.py")), {"app.py": text}, deadline_s=2.0)
    status = Path("/proc", (project / "pid").read_text(), "stat")
    assert not status.exists() or status.read_text().split()[2] == "Z"


@pytest.mark.long
def test_threads_of_the_program_are_not_waited_for(freeze: Freeze) -> None:
    text = "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\n"
    assert freeze(Entry(file=Path("app.py")), {"app.py": text + APP + ENDING}, deadline_s=20).apps == ("Main",)


def test_an_entry_that_launches_nothing_is_a_warning(freeze: Freeze) -> None:
    lines: list[str] = []
    found = freeze(Entry(module="app"), {"app.py": "print('hello')\n"}, log=lines.append)
    assert "launched nothing" in found.warnings[0]
    assert "hello" in lines
    assert any(line.startswith("warning: app was run") for line in lines)


def test_what_programs_do_before_they_run_does_nothing(freeze: Freeze) -> None:
    text = """
    from pathlib import Path
    from deskapp import App, app, create_server, current_server, export, native, serve
    native.single_instance(app_id="org.example.test")
    native.notify("hello")
    app.assets.add_shared_asset("x.js", "let x = 1;")
    create_server(port=1).app.add_handlers(r".*", [])
    for window in launch("https://example.org"):
        raise AssertionError
    main = launch(Main, "webview")
    main.button.text = "x"
    with main:
        main.set_text(3)
    export(Main, "page.html")
    App(Main).freeze("out")
    serve(Main, "served")
    app.start()
    """
    found = freeze(Entry(file=Path("app.py")), {"app.py": APP + textwrap.dedent(text)})
    assert found.apps == ("Main", "served")
    assert found.runtimes == ("app or browser", "webview")
    folder = found.manifest.parents[1] / "a project"
    assert sorted(path.name for path in folder.iterdir() if path.name != "__pycache__") == ["app.py"]
