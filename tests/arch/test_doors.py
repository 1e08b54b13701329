"""Every foreign library has one door into the package."""

from __future__ import annotations

import ast
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.arch.house import PACKAGE, imported, shown, sources

# Library → files that may import it, in whatever way.
DOORS = {
    "tornado": ["server/*.py"],
    "webview": ["runtime/webview/host.py", "runtime/webview/winforms/*.py"],
    "gi": ["runtime/webview/gtk/*.py"],
    "qtpy": ["runtime/webview/qt/*.py"],
    "PyQt6": ["runtime/webview/qt/*.py"],
    "PySide6": ["runtime/webview/qt/*.py"],
    "clr": ["runtime/webview/winforms/*.py"],
    "System": ["runtime/webview/winforms/*.py"],
    "Microsoft": ["runtime/webview/winforms/*.py"],
    "objc": ["runtime/webview/cocoa/*.py"],
    "AppKit": ["runtime/webview/cocoa/*.py"],
    "Foundation": ["runtime/webview/cocoa/*.py"],
    "WebKit": ["runtime/webview/cocoa/*.py"],
    "PyObjCTools": ["runtime/webview/cocoa/*.py"],
    "pscript": ["bridge/transpile.py"],
    "msgspec": ["bridge/messages.py", "bridge/codec.py", "bridge/frame.py", "session/_arguments.py"],
    "itsdangerous": ["session/_cookies.py"],
    "filelock": [
        "session/_cookie_secret.py",
        "server/_site_store.py",
        "desktop/single_instance.py",
        "runtime/browsers/_profiles.py",
        "freeze/build.py",
    ],
    "platformdirs": ["paths.py"],
    "tomllib": ["_config_sources.py"],
    "tomli": ["_config_sources.py"],
    "desktop_notifier": ["desktop/notifications.py"],
    "PIL": ["_icon.py"],
    "PyInstaller": ["freeze/pyinstaller.py", "freeze/hooks/*.py"],
    "pytest": ["testing/*.py"],
    "user_agents": ["session/_info.py"],
    "psutil": [],
    "IPython": ["interactive.py", "_notebook*.py"],
    "ipykernel": [],
    "ipywidgets": [],
    "anywidget": ["_notebook*.py"],
}


def strangers(path: Path, text: str) -> list[str]:
    """The imports in a file that should have come through another door."""
    found = []
    for name, line in imported(ast.parse(text)):
        library = name.partition(".")[0]
        if library in DOORS and not any(fnmatch(shown(path), door) for door in DOORS[library]):
            found.append(f"{shown(path)}:{line} imports {name}")
    return found


@pytest.mark.parametrize("path", sources(), ids=shown)
def test_foreign_libraries_come_through_their_doors_only(path: Path) -> None:
    assert strangers(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "import tornado.web",
        "def f():\n    from tornado import web",
        "import importlib\nimportlib.import_module('tornado')",
    ],
)
def test_an_import_elsewhere_is_seen_however_it_is_written(text: str) -> None:
    assert len(strangers(PACKAGE / "session" / "_session.py", text)) == 1
    assert strangers(PACKAGE / "server" / "_server.py", text) == []
