"""Importing does nothing: no thread, loop, process, socket, written file, changed environment; and it is light."""

from __future__ import annotations

from typing import Any

import pytest

from tests.arch.house import ask_fresh_interpreter, modules

# An audit hook sees what C code does as well; before 3.12 it is not told of threads. Sockets stand for event loops too,
# each of which makes a pair of them.
WATCH = """
import importlib, json, os, sys, threading
PLAIN = ("socket.__new__", "subprocess.Popen", "os.system", "os.fork", "os.posix_spawn",
         "os.putenv", "os.unsetenv", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "signal.signal")
seen, current = [], None
def watch(event, args):
    if current is None:
        return
    if event in PLAIN:
        seen.append([current, event, repr(args)[:200]])
    elif event == "open":
        path, mode, flags = args
        writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
        if (flags or 0) & writes and path != os.devnull:
            seen.append([current, event, repr(args)[:200]])
sys.addaudithook(watch)
start = threading.Thread.start
def watched_start(self):
    seen.append([current, "thread", repr(self)])
    start(self)
threading.Thread.start = watched_start
environment = dict(os.environ)
for name in sys.argv[1:]:
    current = name
    importlib.import_module(name)
    current = None
    if dict(os.environ) != environment:
        seen.append([name, "environment", ""])
        environment = dict(os.environ)
print(json.dumps(seen))
"""

LOADED = """
import importlib, json, sys
importlib.import_module(sys.argv[1])
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""

HEAVY = {"tornado", "pscript", "webview", "msgspec", "numpy", "asyncio", "platformdirs", "PIL", "argparse"}

# Package → what its import, and that of all floors below, must not bring.
LIGHT = {
    "deskapp": HEAVY,
    "deskapp.errors": HEAVY,
    "deskapp._config": HEAVY,
    "deskapp.paths": HEAVY,
    "deskapp.event": {"tornado", "pscript", "webview", "msgspec", "numpy"},
    "deskapp.assets": {"tornado", "pscript", "webview", "numpy"},
    "deskapp.bridge": {"tornado", "pscript", "webview", "numpy"},
    "deskapp.runtime": {"tornado", "pscript", "webview", "msgspec", "numpy"},
    "deskapp.native": {*HEAVY, "desktop_notifier", "dbus_fast", "filelock"},
    "deskapp.session": {"tornado", "pscript", "webview", "numpy"},
}


def test_importing_any_module_does_nothing() -> None:
    assert ask_fresh_interpreter(WATCH, *modules()) == []


@pytest.mark.parametrize(
    ("code", "event"),
    [
        ("import threading; t = threading.Thread(target=print); t.start(); t.join()", "thread"),
        ("import asyncio; asyncio.new_event_loop().close()", "socket.__new__"),
        ("import os; os.environ['NEW'] = '1'", "os.putenv"),
        ("open('written', 'w').close()", "open"),
    ],
)
def test_the_watch_sees(code: str, event: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "guilty.py").write_text(f"import os\nos.chdir({str(tmp_path)!r})\n{code}\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    seen = ask_fresh_interpreter(WATCH, "guilty")
    assert event in {one[1] for one in seen}


@pytest.mark.parametrize("name", LIGHT)
def test_importing_brings_nothing_heavy(name: str) -> None:
    assert LIGHT[name].intersection(ask_fresh_interpreter(LOADED, name)) == set()
