"""What the architecture's tests share: the files of the package, and interpreters that have imported nothing yet."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "deskapp"


def sources() -> list[Path]:
    """Every Python file of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def shown(path: Path) -> str:
    """A file as it is named in failures and tables: relative to the package."""
    return path.relative_to(PACKAGE).as_posix()


def modules() -> list[str]:
    """The dotted names of all modules, but for programs and for the hooks of a freezer, which need that freezer."""
    names = []
    for path in sources():
        parts = ("deskapp", *path.relative_to(PACKAGE).with_suffix("").parts)
        if parts[-1] != "__main__" and not parts[-1].startswith("hook-"):
            names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The dotted names that a file imports, wherever and however plainly, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module, node.lineno
        elif isinstance(node, ast.Call) and _called(node) in {"import_module", "__import__"} and node.args:
            name = node.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield name.value, node.lineno


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def ask_fresh_interpreter(code: str, *arguments: str) -> Any:
    """Run `code` in a new interpreter, which has `arguments` in ``sys.argv[1:]``; what it prints last, read as JSON."""
    command = [sys.executable, "-B", "-W", "error", "-c", code, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
