"""A frozen program is refused for what is in it, and for what it does; its own words are told."""

from __future__ import annotations

import os
import stat
import sys
import time
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from deskapp.errors import ToolMissing, VerifyFailed
from deskapp.freeze import verify as verify_module
from deskapp.freeze._spec import DataFile, Entry, FreezeSpec, Mode
from deskapp.freeze.installers import DistTree
from deskapp.freeze.verify import check_contents, clean_environment, run_self_test, verify

posix = pytest.mark.skipif(sys.platform == "win32", reason="stand-ins for programs are shell scripts")


@pytest.fixture
def tree(tmp_path: Path) -> DistTree:
    """A program of which nothing is wrong."""
    folder = tmp_path / "tree"
    (folder / "_internal/tornado").mkdir(parents=True)
    (folder / "_internal/deskapp_manifest.json").write_text("{}")
    (folder / "_internal/tornado/speedups.so").write_text("library")
    return DistTree(folder, _script(folder / "app", "exit 0"))


@pytest.fixture
def spec(tmp_path: Path) -> FreezeSpec:
    project = tmp_path / "my project"
    (project / "pack").mkdir(parents=True)
    (project / "pack/app.py").write_text("class App: pass\n")
    (project / "pack/__init__.py").write_text("")
    return FreezeSpec("App", "1", "org.example.app", Entry(module="pack.app", name="App"), project)


@pytest.fixture
def packed(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What is in the executable."""
    found = {"pack": b"", "pack.app": b"code", "deskapp.app": b"code", "deskapp.runtime.tabs.browser": b"code"}
    monkeypatch.setattr(verify_module, "archive_modules", lambda executable: found)
    return found


def _script(file: Path, body: str) -> Path:
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


def _check(spec: FreezeSpec, tree: DistTree, runtime: str = "browser", **keywords: object) -> None:
    check_contents(spec, tree, runtimes=[runtime], **keywords)  # type: ignore[arg-type]


def test_a_program_of_which_nothing_is_wrong_is_listed(
    spec: FreezeSpec, tree: DistTree, packed: dict[str, bytes]
) -> None:
    found = check_contents(spec, tree, runtimes=["browser"])
    assert found.files["_internal/tornado/speedups.so"] == len("library")
    assert found.size == tree.size
    assert found.packed["pack.app"] == 4
    assert found.lines()[0].startswith("3 files, 0.0 MB; 4 modules")
    assert len(found.lines(largest=1)) == 2


@pytest.mark.parametrize(
    ("module", "runtime"),
    [
        ("pscript", "browser"), ("pscript.commonast", "browser"), ("webview.window", "browser"),
        ("gi._gi", "browser"),
        ("deskapp.testing.client", "browser"), ("deskapp.freeze.verify", "browser"),
        ("deskapp.runtime.firefox.app", "browser"),
        ("webview.platforms.winforms", "webview-gtk"), ("webview.platforms.cocoa", "webview-gtk"),
        ("webview.platforms.qt", "webview-gtk"), ("deskapp.runtime.webview.qt._base", "webview-gtk"),
        ("webview.platforms.gtk", "webview-qt"), ("deskapp.cli._main", "browser"),
    ],
)  # fmt: skip
def test_what_the_program_does_not_need_is_refused_by_name(
    module: str,
    runtime: str,
    spec: FreezeSpec,
    tree: DistTree,
    packed: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    packed[module] = b""
    packed.pop("deskapp.runtime.tabs.browser")
    if module.startswith("pscript."):
        packed["pscript"] = b""
    with pytest.raises(VerifyFailed, match=module.partition(".")[0]):
        _check(spec, tree, runtime)


def test_what_a_product_includes_by_name_is_wished(spec: FreezeSpec, tree: DistTree, packed: dict[str, bytes]) -> None:
    packed.update({"pscript": b"", "gi._gi": b"", "deskapp.testing": b""})
    _check(replace(spec, includes=("pscript", "gi", "deskapp.testing")), tree)


def test_what_the_product_imports_itself_is_wished(spec: FreezeSpec, tree: DistTree, packed: dict[str, bytes]) -> None:
    packed["gi._gi"] = b""
    (spec.project / "pack/app.py").write_text("import gi\n")
    _check(spec, tree)


def test_source_of_the_product_is_found_under_any_name(
    spec: FreezeSpec, tree: DistTree, packed: dict[str, bytes]
) -> None:
    (tree.path / "_internal/elsewhere.py").write_text("class App: pass\n")
    with pytest.raises(VerifyFailed, match=r"elsewhere\.py is the source of app\.py"):
        _check(spec, tree)
    _check(replace(spec, data=(DataFile(spec.project / "pack/app.py", PurePosixPath("elsewhere.py")),)), tree)


def test_source_of_the_product_is_found_in_the_executable(
    spec: FreezeSpec, tree: DistTree, packed: dict[str, bytes]
) -> None:
    packed["whatever"] = b"class App: pass\n"
    with pytest.raises(VerifyFailed, match="source of"):
        _check(spec, tree)


def test_source_of_others_is_theirs(spec: FreezeSpec, tree: DistTree, packed: dict[str, bytes]) -> None:
    (tree.path / "_internal/library.py").write_text("x = 1\n")
    (tree.path / "_internal/empty.py").write_text("")
    _check(spec, tree)


@pytest.mark.parametrize("where", ["file", "packed"])
def test_a_path_of_this_machine_is_found_and_shown(
    where: str, spec: FreezeSpec, tree: DistTree, packed: dict[str, bytes], tmp_path: Path
) -> None:
    content = f"\0\1{spec.project}/pack/app.py\0tail".encode()
    if where == "file":
        (tree.path / "_internal/library.so").write_bytes(content)
    else:
        packed["library"] = content
    with pytest.raises(VerifyFailed, match=r"library\S* has a path of this machine.*my project/pack/app\.py'"):
        _check(spec, tree)


def test_folders_of_the_build_are_looked_for_as_well(
    spec: FreezeSpec, tree: DistTree, packed: dict[str, bytes], tmp_path: Path
) -> None:
    packed["library"] = f"{tmp_path}/work/deep/entry.py".encode()
    _check(spec, tree)
    with pytest.raises(VerifyFailed, match=r"work/deep/entry\.py"):
        _check(spec, tree, build_folders=[tmp_path / "work"])


def test_a_short_path_is_no_sign_of_this_machine(spec: FreezeSpec, tree: DistTree, packed: dict[str, bytes]) -> None:
    packed["routes"] = b"/app/index.html"
    _check(spec, tree, build_folders=[Path("/app")])


def test_a_program_that_is_not_there_is_told(spec: FreezeSpec, tree: DistTree) -> None:
    tree.executable.unlink()
    with pytest.raises(VerifyFailed, match="not there"):
        _check(spec, tree)


@pytest.fixture
def a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":77")


@posix
def test_a_self_test_that_ends_with_0_is_good(tree: DistTree, a_screen: None) -> None:
    lines: list[str] = []
    _script(tree.executable, 'echo "asked: ${1%%=*}"; echo words >&2; exit 0')
    run_self_test(tree, log=lines.append)
    assert lines == ["asked: --self-test", "words"]


@posix
def test_a_self_test_that_fails_is_told_in_the_programs_own_words(tree: DistTree, a_screen: None) -> None:
    _script(tree.executable, "echo the cat is on the keyboard >&2; exit 7")
    with pytest.raises(VerifyFailed, match=r"exit code 7.\nthe cat is on the keyboard"):
        run_self_test(tree, log=lambda line: None)


@posix
def test_what_the_program_wrote_down_is_told(tree: DistTree, a_screen: None) -> None:
    _script(tree.executable, """echo '{"ok": false, "failure": "no page answered"}' > "${1#--self-test=}"; exit 3""")
    with pytest.raises(VerifyFailed, match='"failure": "no page answered"'):
        run_self_test(tree, log=lambda line: None)


@posix
@pytest.mark.parametrize(
    "words",
    [
        """ModuleNotFoundError: No module named 'plugins.kilo'""",
        """{"failure": "ModuleNotFoundError(\\\\"No module named 'plugins.kilo'\\\\")"}""",
        """ImportError: No module named "plugins.kilo\"""",
    ],
)
def test_a_module_that_is_missing_is_named(words: str, tree: DistTree, a_screen: None) -> None:
    _script(tree.executable, f"cat <<'END'\n{words}\nEND\nexit 1")
    with pytest.raises(VerifyFailed, match=r"module 'plugins\.kilo' did not come along; add it to `includes`"):
        run_self_test(tree, log=lambda line: None)


@posix
def test_a_program_that_does_not_end_is_ended_with_all_that_it_started(
    tree: DistTree, tmp_path: Path, a_screen: None
) -> None:
    child = tmp_path / "child.pid"
    _script(tree.executable, f"echo still here; sleep 60 & echo $! > '{child}'; wait")
    with pytest.raises(VerifyFailed, match=r"did not end within 0.5 s.\nstill here"):
        run_self_test(tree, deadline_s=0.5, log=lambda line: None)
    state = Path(f"/proc/{child.read_text().strip()}/status")
    deadline_s = time.monotonic() + 5  # the signal was sent; that it has come, nobody says
    while state.exists() and "(zombie)" not in state.read_text() and time.monotonic() < deadline_s:
        time.sleep(0.01)
    assert not state.exists() or "(zombie)" in state.read_text()


@posix
def test_the_program_sees_nothing_of_who_builds(
    tree: DistTree, a_screen: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in (
        "PYTHONPATH",
        "LD_LIBRARY_PATH",
        "DESKAPP_TOOLKIT",
        "VIRTUAL_ENV",
        "GI_TYPELIB_PATH",
        "QT_PLUGIN_PATH",
    ):
        monkeypatch.setenv(name, "/of/who/builds")
    lines: list[str] = []
    _script(tree.executable, "env; pwd")
    run_self_test(tree, log=lines.append)
    assert not [line for line in lines if "/of/who/builds" in line]
    assert "DISPLAY=:77" in lines
    [home] = [line.partition("=")[2] for line in lines if line.startswith("HOME=")]
    assert lines[-1] == home
    assert not Path(home).exists()


def test_the_session_of_the_desktop_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    environ = {
        "WAYLAND_DISPLAY": "w-0",
        "XDG_RUNTIME_DIR": "/run/user/7",
        "SECRET": "x",
        "PATH": "/venv/bin",
        "TZ": "UTC",
    }
    found = clean_environment(environ, tmp_path)
    assert {**found, **{"WAYLAND_DISPLAY": "w-0", "XDG_RUNTIME_DIR": "/run/user/7", "TZ": "UTC"}} == found
    assert "SECRET" not in found
    assert "/venv/bin" not in found["PATH"]
    other = clean_environment({}, tmp_path)
    assert stat.S_IMODE(os.stat(other["XDG_RUNTIME_DIR"]).st_mode) & 0o077 == 0 or os.name == "nt"


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_the_environment_is_kept_but_for_pythons(
    platform: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    environ = {"SystemRoot": "C:\\Windows", "PYTHONHOME": "x", "Virtual_Env": "y", "PATH": "z"}
    assert clean_environment(environ, tmp_path) == {"SystemRoot": "C:\\Windows", "PATH": "z"}


@posix
def test_without_any_screen_the_tool_that_makes_one_is_named(tree: DistTree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ToolMissing, match="sudo apt install xvfb"):
        run_self_test(tree, log=lambda line: None)


@posix
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="virtual screens are Linux's")
def test_without_a_screen_the_program_gets_a_virtual_one(tree: DistTree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    lines: list[str] = []
    _script(tree.executable, 'test -S "/tmp/.X11-unix/X${DISPLAY#:}" && echo "$DISPLAY"')
    run_self_test(tree, log=lines.append)
    assert not Path(f"/tmp/.X11-unix/X{lines[0].removeprefix(':')}").exists()


@posix
def test_both_are_done_in_one_call(spec: FreezeSpec, tree: DistTree, packed: dict[str, bytes], a_screen: None) -> None:
    lines: list[str] = []
    _script(tree.executable, "echo fine")
    assert verify(replace(spec, mode=Mode.SYSTEM), tree, runtimes=["browser"], log=lines.append).files
    assert lines[0].startswith("3 files")
    assert lines[-1] == "fine"
