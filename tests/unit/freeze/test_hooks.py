"""Hooks: where PyInstaller finds them, and that what they leave out is not imported by what they bring along."""

from __future__ import annotations

import ast
import functools
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from deskapp.errors import ConfigError, SpecError
from deskapp.freeze import _parts, collect
from deskapp.freeze._order import VARIABLE, Order
from deskapp.freeze._parts import (
    NEVER,
    bundled_runtimes,
    deskapp_data,
    deskapp_folder,
    deskapp_modules,
    is_left_out,
    is_named,
    left_out,
    source_files,
    toolkits_of,
    uses_module,
)
from deskapp.freeze._spec import Mode
from deskapp.freeze.hooks import build_hook_dirs, get_hook_dirs
from deskapp.runtime.select import BUILT_IN

HOOKS = sorted((deskapp_folder() / "freeze/hooks").rglob("hook-*.py"))
PLATFORMS = ("linux", "win32", "darwin")
WISHES = (
    "app or browser",
    "app",
    "webview",
    "browser",
    "firefox-app",
    "chrome-app or firefox-app",
    "firefox-xul-app",
    "firefox-browser",
)


def test_the_entry_point_names_the_folder_of_hooks() -> None:
    text = (deskapp_folder().parent / "pyproject.toml").read_text(encoding="utf-8")
    assert '[project.entry-points.pyinstaller40]\nhook-dirs = "deskapp.freeze.hooks:get_hook_dirs"' in text
    [folder] = get_hook_dirs()
    assert Path(folder, "hook-deskapp.py").is_file()


def test_only_deskapps_own_hook_is_for_everybody() -> None:
    assert [file.name for file in Path(get_hook_dirs()[0]).glob("hook-*.py")] == ["hook-deskapp.py"]
    assert Path(build_hook_dirs(Mode.SYSTEM)[-1]).name == "lean"
    assert Path(build_hook_dirs(Mode.FULL)[-1]).name == "full"


def _load(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("hook_under_test", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _build(
    runtimes: tuple[str, ...], folder: Path, *, manifest: str | None = "m.json", mode: Mode = Mode.SYSTEM
) -> Order:
    return Order("e.py", manifest, ("main",), runtimes, mode, (str(folder),), str(folder), str(folder))


def test_for_a_spec_of_somebody_elses_every_runtime_comes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    hook = _load(Path(get_hook_dirs()[0], "hook-deskapp.py"))
    for place in BUILT_IN.values():
        assert place.partition(":")[0] in hook.hiddenimports
    assert not [name for name in hook.hiddenimports if is_left_out(name, NEVER)]
    assert ("pscript", "pyz+py") in hook.module_collection_mode.items()
    assert "pscript" not in hook.excludedimports
    assert any(file.endswith("client/index.js") for file, _ in hook.datas)


def test_a_build_brings_its_own_runtimes_and_no_client_beside_its_manifest(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for key, value in _build(("firefox-app",), tmp_path).write(tmp_path / "b.json").items():
        monkeypatch.setenv(key, value)
    hook = _load(Path(get_hook_dirs()[0], "hook-deskapp.py"))
    assert "deskapp.runtime.firefox.app" in hook.hiddenimports
    assert "deskapp.runtime.webview.pywebview" not in hook.hiddenimports
    assert "pscript" in hook.excludedimports
    assert {Path(target).parts[-1] for _, target in hook.datas} == {
        "templates",
        "app",
        "content",
        "pipe",
    }


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("wish", WISHES)
def test_no_module_that_comes_along_imports_at_once_one_that_does_not(wish: str, platform: str) -> None:
    out = left_out(bundled_runtimes([wish], Mode.SYSTEM, platform), platform)
    for name in deskapp_modules(out):
        for imported in _imported_at_once(name):
            assert not is_left_out(imported, out), f"{name} imports {imported}"


@functools.cache
def _imported_at_once(name: str) -> tuple[str, ...]:
    """What importing a module of deskapp imports of deskapp and pywebview, but for what another system would."""
    return tuple(_imports(name))


def _imports(name: str) -> Iterator[str]:
    stem = deskapp_folder().parent.joinpath(*name.split("."))
    file = stem.with_suffix(".py") if stem.with_suffix(".py").is_file() else stem / "__init__.py"
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("wish", WISHES)
def test_every_runtime_that_is_launched_comes_along(wish: str, platform: str) -> None:
    runtimes = bundled_runtimes([wish], Mode.SYSTEM, platform)
    modules = deskapp_modules(left_out(runtimes, platform))
    assert runtimes
    for runtime in runtimes:
        assert BUILT_IN[runtime].partition(":")[0] in modules


def test_of_native_windows_one_toolkit_comes_along() -> None:
    assert bundled_runtimes(["app or browser"], Mode.SYSTEM, "linux")[0] == "webview-gtk"
    assert toolkits_of(bundled_runtimes(["app or browser"], Mode.QT, "linux")) == ("qt",)
    assert toolkits_of(bundled_runtimes(["app"], Mode.SYSTEM, "win32")) == ("edge",)
    assert toolkits_of(bundled_runtimes(["app"], Mode.SYSTEM, "darwin")) == ("cocoa",)
    assert toolkits_of(bundled_runtimes(["webview or webview-qt"], Mode.SYSTEM, "linux")) == ("gtk", "qt")
    assert toolkits_of(bundled_runtimes(["firefox-app or browser"], Mode.SYSTEM, "linux")) == ()


def test_the_environment_of_who_builds_does_not_choose_the_toolkit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKAPP_TOOLKIT", "qt")
    assert bundled_runtimes(["webview"], Mode.SYSTEM, "linux") == ("webview-gtk",)


def test_a_runtime_that_is_not_known_is_refused() -> None:
    with pytest.raises(ConfigError, match="firefox-app"):
        bundled_runtimes(["firefox-ap"], Mode.SYSTEM, "linux")


def test_a_program_for_browsers_has_no_part_of_the_window_host() -> None:
    modules = deskapp_modules(left_out(bundled_runtimes(["firefox-app or browser"], Mode.SYSTEM, "linux"), "linux"))
    assert not [name for name in modules if name.startswith("deskapp.runtime.webview")]
    assert "webview" in left_out(("firefox-app",), "linux")


def test_files_of_a_runtime_travel_with_it_alone() -> None:
    def files(runtimes: tuple[str, ...], *, has_manifest: bool = True) -> str:
        return " ".join(target for _, target in deskapp_data(runtimes, has_manifest=has_manifest))

    assert "privileged/xul" in files(("firefox-xul-app",))
    assert "privileged/xul" not in files(("firefox-app",))
    for runtime, own in (("firefox-app", "privileged/app"), ("firefox-xul-app", "privileged/xul")):
        assert own in files((runtime,))
        assert "privileged/pipe" in files((runtime,))
    assert "bridge/client" not in files(("browser",))
    assert "bridge/client" in files(("browser",), has_manifest=False)


@pytest.mark.parametrize(
    ("source", "is_used"),
    [
        ("from deskapp.output import put_text\n", True),
        ("import deskapp.output\n", True),
        ("import os, deskapp.output as out\n", True),
        ("from deskapp import launch, output\n", True),
        ("from deskapp import (\n    launch,\n    output,\n)\n", True),
        ("from deskapp import launch, \\\n    output\n", True),
        ("import deskapp\ndeskapp.output.put_text('')\n", True),
        ("import deskapp as da\nda.output.put_text('')\n", True),
        ("import os, deskapp as da\nda.output.put_text('')\n", True),
        ("from deskapp import launch\noutput = 1\n", False),
        ("import deskapp as da\nda.outputs = 1\n", False),
        ("from deskapp import (launch)\noutput(1)\n", False),
        ("from mydeskapp import output\nself.output = 1\n", False),
    ],
)
def test_a_module_of_a_package_is_found_in_the_programs_own_source(source: str, is_used: bool, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(source)
    assert uses_module("deskapp.output", source_files(["main"], [str(tmp_path)])) is is_used


@pytest.mark.parametrize(
    ("source", "comes"),
    [
        ("from deskapp.input import textarea\n", True),
        ("from deskapp import output\n", True),
        ("from deskapp.pin import pin\n", True),
        ("from deskapp import launch, session\n", False),
    ],
)
def test_front_end_libraries_come_along_for_a_program_that_shows_or_asks(
    source: str, comes: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "main.py").write_text(source)
    for key, value in _build(("browser",), tmp_path).write(tmp_path / "b.json").items():
        monkeypatch.setenv(key, value)
    installed = tmp_path / "deskapp"
    (installed / "script/libraries").mkdir(parents=True)
    for name in ("grid.js", "pico.css", "LICENSES.md", "sources.sha256"):
        (installed / "script/libraries" / name).touch()
    for name in ("__init__.py", "forms.py", "libraries.py"):
        (installed / "script" / name).touch()
    (installed / "script/client").mkdir()
    (installed / "script/client/script.js").touch()
    monkeypatch.setattr(_parts, "deskapp_folder", lambda: installed)
    hook = _load(Path(get_hook_dirs()[0], "hook-deskapp.py"))
    found = sorted(Path(file).name for file, target in hook.datas if target == "deskapp/script/libraries")
    assert found == (["LICENSES.md", "grid.js", "pico.css"] if comes else [])
    assert ("deskapp/script/client" in {target for _, target in hook.datas}) is comes
    assert "deskapp.script.libraries" not in hook.excludedimports
    for name in ("deskapp.script.forms", "deskapp.output", "deskapp._choices"):
        assert (name in hook.excludedimports) is not comes


def test_names_stand_for_what_is_below_them_and_for_nothing_else() -> None:
    assert is_left_out("a.b", ["a.b"])
    assert is_left_out("a.b.c", ["a.b"])
    assert not is_left_out("a.bc", ["a.b"])
    assert not is_left_out("a", ["a.b"])


def test_a_word_is_found_in_the_programs_own_source(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack/__init__.py").write_text("import csv\n")
    (tmp_path / "one.py").write_text("encoding_of = 1\n")
    assert is_named("csv", source_files(["one", "pack"], [str(tmp_path)]))
    assert not is_named("encoding", source_files(["one", "pack", "gone"], [str(tmp_path)]))


@pytest.mark.parametrize("file", [file for file in HOOKS if file.parent.name == "lean" and file.stem != "hook-webview"])
def test_a_hook_leaves_out_modules_by_full_names(file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for key, value in _build(("browser",), tmp_path).write(tmp_path / "b.json").items():
        monkeypatch.setenv(key, value)
    hook = _load(file)
    assert hook.excludedimports
    assert all(part.isidentifier() for name in hook.excludedimports for part in name.split("."))


def test_a_program_that_names_filelock_has_all_of_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = next(file for file in HOOKS if file.name == "hook-filelock.py")
    for key, value in _build(("browser",), tmp_path).write(tmp_path / "b.json").items():
        monkeypatch.setenv(key, value)
    assert "filelock.asyncio" in _load(file).excludedimports
    (tmp_path / "main.py").write_text("from filelock import AsyncFileLock\n")
    assert _load(file).excludedimports == []


def test_a_spec_that_plain_pyinstaller_runs_is_told_how_to_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(SpecError, match="deskapp freeze --spec FILE"):
        collect()


@pytest.fixture
def build_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    pytest.importorskip("PyInstaller")
    for key, value in _build(("webview-gtk", "browser"), tmp_path).write(tmp_path / "b.json").items():
        monkeypatch.setenv(key, value)
    return tmp_path


def test_data_files_keep_their_names_whatever_they_are(build_here: Path) -> None:
    (build_here / "pics mit ß/tief").mkdir(parents=True)
    (build_here / "pics mit ß/a b.png").write_text("a")
    (build_here / "pics mit ß/tief/ü.png").write_text("u")
    found = collect(data=[("pics mit ß", "bilder"), ("pics mit ß/a b.png", "one/renamed.png")]).files
    assert [row[0] for row in found] == [
        "deskapp_manifest.json",
        "bilder/a b.png",
        "bilder/tief/ü.png",
        "one/renamed.png",
    ]


def test_data_that_is_not_there_is_named(build_here: Path) -> None:
    with pytest.raises(SpecError, match="nowhere"):
        collect(data=[("nowhere", "x")])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has the parts of the system in question")
def test_the_hooks_that_bring_gtk_along_are_kept_out(build_here: Path) -> None:
    parts = collect()
    assert "gi.repository.Gtk" in parts.excludes
    assert "gi.repository" not in parts.excludes
    assert "gi.overrides.Gtk" in parts.hiddenimports


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the system's own encodings need them")
def test_encodings_come_along_for_a_program_that_may_meet_them(build_here: Path) -> None:
    assert "_codecs_jp" in collect().excludes
    (build_here / "main.py").write_text("text = open('x', encoding=wished).read()\n")
    assert "_codecs_jp" not in collect().excludes


@pytest.mark.parametrize(
    ("library", "source"),
    [
        ("desktop_notifier", "from deskapp import native\nnative.notify('Done')\n"),
        ("user_agents", "from deskapp.session import info\nprint(info.user_agent.browser)\n"),
    ],
)
def test_a_library_behind_a_function_comes_along_for_a_program_that_names_it(
    library: str, source: str, build_here: Path
) -> None:
    assert library not in collect().hiddenimports
    (build_here / "main.py").write_text(source)
    assert library in collect().hiddenimports


@pytest.mark.parametrize(("source", "comes"), [("import gi", True), ("import gizmo", False)])
def test_a_library_of_a_toolkit_comes_along_for_a_program_that_imports_it_itself(
    source: str, comes: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for key, value in _build(("firefox-app",), tmp_path).write(tmp_path / "b.json").items():
        monkeypatch.setenv(key, value)
    (tmp_path / "main.py").write_text(source)
    assert ("gi" not in collect().excludes) is comes
    assert "PyQt6" in collect().excludes
