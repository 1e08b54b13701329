"""Nothing but the command line writes to the terminal by itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.arch.house import shown, sources

QUIET = [path for path in sources() if not shown(path).startswith("cli/")]


@pytest.mark.parametrize("path", QUIET, ids=shown)
def test_no_print_outside_the_command_line(path: Path) -> None:
    lines = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "pprint"}
    ]
    assert lines == []
