"""What a machine has, told from files and variables alone."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from deskapp.runtime import _find
from deskapp.runtime._find import find_browser, find_gtk, find_qt, has_module, has_screen, screen_answers


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of modules that are not installed."""
    names: set[str] = set()
    monkeypatch.setattr(_find, "has_module", lambda name: name not in names)
    monkeypatch.setenv("DISPLAY", ":0")
    return names


@pytest.fixture
def typelibs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(_find, "_typelib_folders", lambda: [tmp_path])
    return tmp_path


def test_gtk_needs_its_modules_and_typelibs_in_turn(lacking: set[str], typelibs: Path) -> None:
    lacking.update({"webview", "gi"})
    assert find_gtk().remedy == "pip install pywebview"
    lacking.remove("webview")
    assert "PyGObject" in find_gtk().remedy
    lacking.remove("gi")
    assert "Gtk-3.0" in find_gtk().reason
    (typelibs / "Gtk-3.0.typelib").touch()
    assert "apt install" in find_gtk().remedy
    assert "WebKit2-4.1" in find_gtk().reason
    (typelibs / "WebKit2-4.0.typelib").touch()
    assert find_gtk().ok


@pytest.mark.usefixtures("typelibs")
def test_a_toolkit_without_a_screen_says_so(lacking: set[str], typelibs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Gtk-3.0", "WebKit2-4.1"):
        (typelibs / f"{name}.typelib").touch()
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert "no screen" in find_gtk().reason
    assert "xvfb-run" in find_gtk().remedy
    assert not has_screen()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert find_gtk().ok


def test_qt_needs_a_binding_with_web_engine(lacking: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    lacking.add("qtpy")
    assert "pywebview[qt6]" in find_qt().remedy
    lacking.remove("qtpy")
    lacking.update(_find.QT_BINDINGS)
    assert "no Qt" in find_qt().reason
    lacking.remove("PySide6")
    monkeypatch.setattr(_find, "_has_submodule", lambda package, name: False)
    assert find_qt().reason == "PySide6 is here, its WebEngine is not"
    monkeypatch.setattr(_find, "_has_submodule", lambda package, name: True)
    assert find_qt().ok


def test_qt_can_do_without_a_screen_where_it_is_told_to(lacking: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_find, "_has_submodule", lambda package, name: True)
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not find_qt().ok
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert find_qt().ok


def test_typelibs_are_sought_where_the_variable_says_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GI_TYPELIB_PATH", f"{tmp_path}{os.pathsep}")
    assert next(iter(_find._typelib_folders())) == tmp_path


def test_the_browser_variable_comes_before_the_table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("mine", "firefox"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("BROWSER", raising=False)
    assert find_browser() == tmp_path / "firefox"
    monkeypatch.setenv("BROWSER", "mine")
    assert find_browser() == tmp_path / "mine"
    monkeypatch.setenv("PATH", "/nowhere")
    assert find_browser() is None


def test_a_module_whose_package_is_missing_is_missing() -> None:
    assert has_module("json.decoder")
    assert not has_module("no_such_package.part")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="screens have no addresses there")
def test_a_screen_where_nobody_listens_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":64999")
    assert not screen_answers()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0/tmp/.X11-unix/X64999")
        server.listen()
        assert screen_answers()
    monkeypatch.setenv("DISPLAY", "elsewhere:0")
    assert screen_answers()
