"""A program in a process of its own, configured from every side."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PROGRAM = """
import asyncio, sys
from deskapp import PyComponent, app, config, serve
class Main(PyComponent):
    pass
config.cookie_secret = "from the program"
words = list(sys.argv)
serve(Main)
print(config)
print("serving", app.launcher().server.serving[1], app.launcher().settings.cookie_secret, sys.argv == words)
asyncio.run(app.launcher().close())
"""


def run(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    program = folder / "clock.py"
    program.write_text(PROGRAM, encoding="utf-8")
    (folder / "pyproject.toml").write_text("[tool.deskapp]\nport = 1\nheartbeat_s = 7\n", encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-W", "error", str(program), *words],
        cwd=folder.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        found: int = one.getsockname()[1]
        return found


def test_a_program_serves_where_its_command_line_says(tmp_path: Path) -> None:
    port = free_port()
    done = run(tmp_path, "file", "--deskapp-port", str(port), DESKAPP_PORT="2", DESKAPP_LOG_LEVEL="error")
    assert done.stderr == ""
    rows = {line.split()[0]: line.split(None, 2)[1:] for line in done.stdout.splitlines()}
    assert rows["port"] == [str(port), "command line --deskapp-port"]
    assert rows["log_level"] == ["'error'", "environment variable DESKAPP_LOG_LEVEL"]
    assert rows["heartbeat_s"] == ["7.0", str(tmp_path / "pyproject.toml")]
    assert rows["cookie_secret"] == ["'(secret)'", "an assignment to config.cookie_secret"]
    assert rows["serving"] == [str(port), "from the program True"]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (
            "--deskapp-port=http",
            "Setting 'port' (from command line --deskapp-port) cannot be 'http': write a whole number.",
        ),
        ("--deskapp-prot=1", "did you mean 'port'"),
    ],
)
def test_a_mistake_on_the_command_line_ends_the_program_with_its_name(tmp_path: Path, word: str, said: str) -> None:
    done = run(tmp_path, word)
    assert done.returncode == 1
    assert said in done.stderr.splitlines()[-1]
    assert done.stdout == ""
