"""Programs frozen by PyInstaller alone, with the hook that it finds by itself: they show native windows, too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deskapp.freeze.hooks import get_hook_dirs
from tests.desktop.processes import descendants
from tests.desktop.screen import Screen, wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.long, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[2]
START = """
from deskapp import launch, run
from counting.counter import Counter

launch(Counter, "webview", title="Plainly frozen")
run()
"""
SPEC = """
a = Analysis(["start.py"], hookspath={hooks!r}, module_collection_mode={{"counting": "pyz+py"}})
pyz = PYZ(a.pure)
exe = EXE(pyz, a.scripts, exclude_binaries=True, name="plain", console=False)
COLLECT(exe, a.binaries, a.datas, name="plain")
"""


def test_a_program_of_somebodys_own_spec_shows_its_window(tmp_path: Path, screen: Screen) -> None:
    (tmp_path / "counting").mkdir()
    (tmp_path / "counting/__init__.py").write_text("")
    shutil.copyfile(ROOT / "examples/counter.py", tmp_path / "counting/counter.py")
    (tmp_path / "start.py").write_text(START)
    (tmp_path / "plain.spec").write_text(SPEC.format(hooks=get_hook_dirs()))
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", "plain.spec"]
    subprocess.run(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, timeout=240)
    for source in ("start.py", "counting"):
        path = tmp_path / source
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    environment = {"DISPLAY": screen.display, "HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    with subprocess.Popen([tmp_path / "dist/plain/plain"], env=environment, cwd="/") as process:
        try:

            def owner() -> int | None:
                pids = [process.pid, *(one.pid for one in descendants(process.pid))]
                return next((pid for pid in pids if "Plainly frozen" in screen.titles(pid)), None)

            wait_until(lambda: owner() is not None, timeout_s=30)
            pid = owner()
            assert pid not in (None, process.pid)
            screen.close(pid, "Plainly frozen")
            assert process.wait(10) == 0
        finally:
            process.kill()
