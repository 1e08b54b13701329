"""The fixtures, used as the users of the package would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from deskapp import testing

ROOT = Path(__file__).parents[3]

TESTS = """
from deskapp import PyComponent, event

class Counter(PyComponent):
    n = event.IntProp(0, settable=True)

def test_step_by_step(deskapp_harness):
    counter = deskapp_harness.launch(Counter)
    page = deskapp_harness.page(counter)
    page.invoke(counter, "set_n", 3)
    deskapp_harness.settle()
    assert counter.n == 3
    assert page.prop(counter, "n") == 3

async def test_running(deskapp_running):
    counter = deskapp_running.launch(Counter)
    window = await deskapp_running.window(counter)
    deskapp_running.runtime.user_closes(window)
    assert await deskapp_running.finished() == 0
"""


def test_the_fixtures_serve_tests_of_apps(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["deskapp.testing.plugin"]\n')
    (tmp_path / "test_it.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\nfilterwarnings = error\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_the_package_is_lazy_and_its_names_are_all_there() -> None:
    code = (
        "import sys, json; before = set(sys.modules); import deskapp.testing, deskapp.testing.plugin;"
        "print(json.dumps(sorted(m for m in set(sys.modules) - before if m.startswith(('deskapp', 'tornado')))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=20, check=True
    )
    loaded = json.loads(done.stdout)
    assert not [
        name
        for name in loaded
        if name not in ("deskapp", "deskapp._lazy", "deskapp._version", "deskapp.testing", "deskapp.testing.plugin")
    ]
    for name in testing.__all__:
        assert getattr(testing, name).__name__ == name
