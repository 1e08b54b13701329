"""The Python in the documents works.

A block marked ```python is a whole program, or a whole test file, and is run. One marked ```python fragment is a part
of something and is only compiled. One marked ```python title="…" repeats a file of the examples, which have tests.
"""

from __future__ import annotations

import ast
import asyncio
import importlib.util
import inspect
import logging
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from deskapp import app
from deskapp._config import Settings
from deskapp._config_object import Config, use_config
from deskapp._logging import set_log_level
from deskapp.event import Loop, use_loop
from deskapp.launcher import Launcher
from deskapp.runtime.window import WindowId
from deskapp.testing.fake_runtime import FakeRuntime
from tests.docs.markdown import ROOT, Block, blocks

KNOWN = {"", "python", "python fragment", "console", "sh", "text", "toml", "js", "css", "html", "ini"}
OPEN_FOR_S = 0.02

PROGRAMS = [block for block in blocks() if block.info == "python"]
FRAGMENTS = [block for block in blocks() if block.info == "python fragment"]
REPEATED = {block: match[1] for block in blocks() if (match := re.fullmatch('python title="([^"]+)"', block.info))}


class ClosingRuntime(FakeRuntime):
    """Its windows are closed soon after they have opened, as by an impatient user."""

    def _load(self, window: WindowId, url: str) -> None:
        super()._load(window, url)
        asyncio.get_running_loop().call_later(OPEN_FOR_S, self._close, window)


@pytest.fixture
def launcher() -> Iterator[Launcher]:
    """The launcher that a program finds."""
    with use_loop(Loop()):
        new = Launcher(Settings.load(environ={}), select=lambda _: [ClosingRuntime])
        old, config = app.use_launcher(new), use_config(Config(environ={}, argv=()))
        level = logging.getLogger("deskapp").level
        yield new
        app.use_launcher(old)
        use_config(config)
        set_log_level(level)


def run(block: Block, folder: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Run a block as a module of its own; code that becomes JavaScript needs a file to be read from."""
    name = f"block_{abs(hash(str(block)))}"
    path = folder / f"{name}.py"
    path.write_text(block.text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("block", PROGRAMS, ids=str)
def test_a_program_in_the_documents_runs(
    block: Block, launcher: Launcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    if "serve(" in block.text or "start()" in block.text:
        launcher.stop()  # the next run() ends at once: no page of a served app will ever come
    module = run(block, tmp_path, monkeypatch)
    for name, function in list(vars(module).items()):
        if name.startswith("test_"):
            result = function()
            if inspect.iscoroutine(result):
                asyncio.run(result)
    assert not launcher.is_running
    assert [record.getMessage() for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")] == []


@pytest.mark.parametrize("block", FRAGMENTS, ids=str)
def test_a_fragment_in_the_documents_is_python(block: Block) -> None:
    text = textwrap.dedent(block.text)
    compile(text, str(block), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


@pytest.mark.parametrize("block", REPEATED, ids=str)
def test_a_repeated_file_is_as_it_is_shown(block: Block) -> None:
    files = (ROOT / "examples").rglob(REPEATED[block])
    assert block.text in [file.read_text(encoding="utf-8") for file in files]


def test_every_block_says_what_it_is() -> None:
    assert [f"{b}: {b.info!r}" for b in blocks() if b.info not in KNOWN and b not in REPEATED] == []


def test_the_readme_shows_a_program_that_runs() -> None:
    assert any(block.page == "README.md" and "run()" in block.text for block in PROGRAMS)
