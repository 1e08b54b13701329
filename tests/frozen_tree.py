"""Programs as a freezer leaves them: compiled files alone, no PScript, a start-up script, a manifest."""

from __future__ import annotations

import compileall
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import deskapp
from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.entry import entry_text, import_paths
from deskapp.freeze.precompile import MANIFEST, precompile

# What the freezer's bootloader does, as far as a program can tell.
_BOOT = """\
import importlib.abc, marshal, sys
tree, program = {tree!r}, {program!r}
class Without(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("pscript", "PyInstaller"):
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Without())
sys.frozen, sys._MEIPASS, sys.executable = True, tree, program
sys.path.insert(0, tree)
del sys.argv[0]
sys.argv[:0] = [program]
import deskapp
assert deskapp.__file__.startswith(tree) and deskapp.__file__.endswith(".pyc"), deskapp.__file__
with open(tree + "/deskapp_entry.pyc", "rb") as file:
    code = marshal.loads(file.read()[16:])
exec(code, vars(sys.modules["__main__"]))
"""


@dataclass(frozen=True)
class FrozenProgram:
    """A program that runs from compiled files.

    Attributes:
        executable: What starts it.
        tree: Its files.
        environ: Its environment.
    """

    executable: Path
    tree: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    def start(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        """Start it; stderr is to be read."""
        return subprocess.Popen(
            [str(self.executable), *arguments],
            env={**self.environ, **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environ: str) -> tuple[int, str, str]:
        """Run it to its end; return exit code and what it wrote."""
        with self.start(*arguments, **environ) as process:
            try:
                out, err = process.communicate(timeout=60)
            finally:
                process.kill()
        return process.returncode, out, err


def compiled_deskapp(folder: Path) -> Path:
    """Compile this package into a folder, without its sources and without the client's."""
    source = Path(deskapp.__file__).parent
    target = folder / "deskapp"
    left_out = shutil.ignore_patterns("__pycache__", "client", "freeze", "testing", "cli", "_collect.py")
    shutil.copytree(source, target, ignore=left_out)
    _compile(target)
    return folder


def frozen_program(spec: FreezeSpec, folder: Path, compiled: Path) -> FrozenProgram:
    """Precompile a product and lay it out below `folder`; `compiled` is what `compiled_deskapp` returned."""
    tree = folder / "tree"
    tree.mkdir(parents=True)
    (tree / "deskapp").symlink_to(compiled / "deskapp")
    collected = precompile(spec, folder / "work")
    shutil.copy(collected.manifest, tree / MANIFEST)
    for root in reversed(import_paths(spec)):
        for path in root.iterdir():
            ours = path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py")))
            if ours and not path.resolve().is_relative_to(folder):
                copy = shutil.copytree if path.is_dir() else shutil.copy
                copy(path, tree / path.name)
    (tree / "deskapp_entry.py").write_text(entry_text(spec), encoding="utf-8")
    for path in tree.iterdir():
        if not path.is_symlink():
            _compile(path)
    assert not list(tree.rglob("*.py"))
    boot, program = folder / "boot.py", folder / "program"
    boot.write_text(_BOOT.format(tree=str(tree), program=str(program)), encoding="utf-8")
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I "{boot}" "$@"\n', encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    home = folder / "home"
    home.mkdir()
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("DESKAPP_", "XDG_", "PYTHON"))}
    environ.update(HOME=str(home), PYTHONWARNINGS="")
    environ.pop("DISPLAY", None)
    environ.pop("WAYLAND_DISPLAY", None)
    return FrozenProgram(program, tree, environ)


def _compile(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path / "__pycache__", ignore_errors=True)
        assert compileall.compile_dir(path, legacy=True, quiet=1, workers=1)
        for source in path.rglob("*.py"):
            source.unlink()
    elif path.suffix == ".py":
        assert compileall.compile_file(path, legacy=True, quiet=1)
        path.unlink()
