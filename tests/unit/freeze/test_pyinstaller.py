"""The text of a ``.spec``, what PyInstaller is run with, and how its result takes the place of the one before."""

from __future__ import annotations

import ast
import importlib.metadata
import itertools
import os
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

import deskapp
from deskapp.errors import AssetMissing, BuildFailed, SpecError, ToolMissing
from deskapp.freeze import pyinstaller
from deskapp.freeze._order import VARIABLE, Order, present_order
from deskapp.freeze._spec import DataFile, Entry, FreezeSpec, MacOptions, Mode
from deskapp.freeze.pyinstaller import WINDOWS_MANIFEST, build_environment, bundle, spec_text

GOLDEN = Path(__file__).parent / "golden/spec"

PLAIN = FreezeSpec(
    name="Body Mass",
    version="1.2.0",
    app_id="org.example.BodyMass",
    entry=Entry(module="body_mass.app", name="BodyMass"),
    project=Path("/home/ada/body mass"),
)
RICH = replace(
    PLAIN,
    name='Ada\'s "Maß"\n# not a comment',
    mode=Mode.FULL,
    onefile=True,
    console=True,
    includes=("plugins.kilo", "plugins.stone"),
    excludes=("numpy",),
    data=(
        DataFile(Path("/home/ada/body mass/data/Größen tabelle.csv"), PurePosixPath("data/Größen tabelle.csv")),
        DataFile(Path("/srv/shared/pictures"), PurePosixPath("pictures")),
    ),
    copyright="© 2031 Ada",
    macos=MacOptions(minimum_version="12.0", usage={"NSCameraUsageDescription": "To scan labels."}),
)


@pytest.mark.parametrize(("file", "spec"), [("plain.spec", PLAIN), ("rich.spec", RICH)])
def test_the_text_of_a_spec_is_the_same_everywhere(file: str, spec: FreezeSpec) -> None:
    assert spec_text(spec) == (GOLDEN / file).read_text(encoding="utf-8")


def test_a_spec_names_no_folder_of_the_machine_but_those_of_data_outside_the_project() -> None:
    assert "/home/ada" not in spec_text(RICH)
    assert "/srv/shared/pictures" in spec_text(RICH)


class _Called:
    """Stands for what PyInstaller gives a spec: notes what is called with what."""

    def __init__(self, name: str, notes: dict[str, tuple[tuple[object, ...], dict[str, object]]]) -> None:
        self._name, self._notes = name, notes

    def __call__(self, *args: object, **kwargs: object) -> _Called:
        self._notes[self._name] = (args, kwargs)
        return self

    pure = scripts = "table"
    binaries: list[object] = []  # noqa: RUF012
    datas: list[object] = []  # noqa: RUF012


def _run(
    text: str, platform: str, monkeypatch: pytest.MonkeyPatch
) -> dict[str, tuple[tuple[object, ...], dict[str, object]]]:
    """Execute a spec as PyInstaller does, with stand-ins; return what was called."""
    notes: dict[str, tuple[tuple[object, ...], dict[str, object]]] = {}
    names = {name: _Called(name, notes) for name in ("Analysis", "PYZ", "EXE", "COLLECT", "BUNDLE")}
    parts = type("Parts", (), {"files": []})
    for name in ("entry", "icon", "version", "manifest"):
        setattr(parts, name, name)
    for name in ("pathex", "hookspath"):
        setattr(parts, name, [name])
    parts.hiddenimports, parts.excludes, parts.hooksconfig = ["found"], ["unneeded"], {}  # type: ignore[attr-defined]

    def collect(**kwargs: object) -> object:
        notes["collect"] = ((), kwargs)
        return parts

    def prune(a: object, *, mode: str) -> None:
        notes["prune"] = ((a,), {"mode": mode})

    monkeypatch.setitem(vars(deskapp.freeze), "collect", collect)
    monkeypatch.setitem(vars(deskapp.freeze), "prune", prune)
    monkeypatch.setattr(sys, "platform", platform)
    exec(compile(text, "app.spec", "exec"), dict(names))
    return notes


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
@pytest.mark.parametrize("spec", [PLAIN, RICH, replace(PLAIN, onefile=True), replace(RICH, onefile=False)])
def test_a_spec_makes_a_program_of_one_name_on_each_system(
    spec: FreezeSpec, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = _run(spec_text(spec), platform, monkeypatch)
    assert notes["EXE"][1]["name"] == spec.slug
    assert ("COLLECT" in notes) is not spec.onefile
    assert ("BUNDLE" in notes) is (platform == "darwin")
    assert notes["Analysis"][1]["hiddenimports"] == ["found", *spec.includes]
    assert notes["Analysis"][1]["excludes"] == ["unneeded", *spec.excludes]
    assert notes["prune"][1] == {"mode": spec.mode.value}
    assert notes["EXE"][1]["console"] is spec.console


def test_code_is_compiled_as_it_was_when_its_javascript_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    for spec in (PLAIN, RICH):
        assert _run(spec_text(spec), "linux", monkeypatch)["Analysis"][1]["optimize"] == 0


def test_an_application_of_macos_says_what_it_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    _, keywords = _run(spec_text(RICH), "darwin", monkeypatch)["BUNDLE"]
    plist = keywords["info_plist"]
    assert isinstance(plist, Mapping)
    assert plist["NSCameraUsageDescription"] == "To scan labels."
    assert plist["LSMinimumSystemVersion"] == "12.0"
    assert keywords["bundle_identifier"] == "org.example.BodyMass"


@pytest.mark.parametrize(
    "name", ["x", "Maß", "a'b", 'a"b', "a\\b", "a\nb", "a\rimport os", "{x}", "%s", "\u2028import os", "日本 1"]
)
def test_any_name_makes_a_spec_that_python_reads_as_one_comment_and_its_texts(name: str) -> None:
    spec = replace(PLAIN, name=f"N{name}", app_id="org.example.n")
    calls = [node for node in ast.walk(ast.parse(spec_text(spec))) if isinstance(node, ast.Call)]
    names = sorted(call.func.id for call in calls if isinstance(call.func, ast.Name))
    assert names == ["Analysis", "BUNDLE", "COLLECT", "EXE", "PYZ", "collect", "prune"]
    assert f"{spec.name}.app" in [
        node.value for node in ast.walk(ast.parse(spec_text(spec))) if isinstance(node, ast.Constant)
    ]


def test_the_manifest_for_windows_asks_for_no_rights_and_for_every_screens_own_resolution() -> None:
    root = ElementTree.fromstring(WINDOWS_MANIFEST.encode())
    texts = {element.tag.rpartition("}")[2]: element for element in root.iter()}
    assert texts["dpiAwareness"].text == "PerMonitorV2"
    assert texts["requestedExecutionLevel"].get("level") == "asInvoker"


def test_two_builds_have_the_same_hashes_and_the_same_time(tmp_path: Path) -> None:
    first, second = (build_environment({}, tmp_path / name) for name in "ab")
    assert first["PYTHONHASHSEED"] == second["PYTHONHASHSEED"] == "1"
    assert first["SOURCE_DATE_EPOCH"] == second["SOURCE_DATE_EPOCH"]
    assert build_environment({"SOURCE_DATE_EPOCH": "5"}, tmp_path)["SOURCE_DATE_EPOCH"] == "5"


def test_the_deskapp_that_runs_is_the_one_that_is_frozen(tmp_path: Path) -> None:
    path = build_environment({"PYTHONPATH": "/other"}, tmp_path).get("PYTHONPATH")
    home = Path(deskapp.__file__).parents[1]
    if home.name in ("site-packages", "dist-packages"):
        assert path is None
    else:
        assert path == f"{home}{os.pathsep}/other"


def test_without_pyinstaller_the_error_has_the_command_that_gets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def version(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", version)
    with pytest.raises(ToolMissing, match=re.escape("pip install 'deskapp[freeze]'")):
        _bundle(PLAIN, tmp_path)


def test_a_pyinstaller_that_is_too_old_is_refused_with_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda name: "6.9.0")
    with pytest.raises(ToolMissing, match=r"6\.10 \(here is 6\.9\.0\)"):
        _bundle(PLAIN, tmp_path)


def _bundle(spec: FreezeSpec, folder: Path, *, spec_file: Path | None = None) -> object:
    folder.joinpath("entry.py").write_text("")
    return bundle(
        replace(spec, project=folder),
        entry=folder / "entry.py",
        manifest=None,
        modules=["main"],
        runtimes=["app or browser"],
        spec_file=spec_file,
        target=folder / "dist",
        work=folder / "work",
        log=lambda line: None,
    )


@pytest.fixture
def fake_pyinstaller(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A PyInstaller that makes what `said` tells; it runs in this process."""
    said: dict[str, object] = {"output": "", "files": {"body-mass/body-mass": "program"}}

    def run(command: list[str], *, stage: str, cwd: Path, env: Mapping[str, str | None], log: object) -> str:
        said["command"], said["env"] = command, env
        said["build"] = present_order({VARIABLE: str(env[VARIABLE])})
        said["spec"] = Path(command[-1]).read_text(encoding="utf-8")
        if isinstance(said.get("error"), BaseException):
            raise said["error"]  # type: ignore[misc]
        dist = Path(command[command.index("--distpath") + 1])
        files = said["files"]
        assert isinstance(files, dict)
        for name, content in files.items():
            file = dist / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
        return str(said["output"])

    monkeypatch.setattr(pyinstaller, "run", run)
    monkeypatch.setattr(pyinstaller, "check_tools", lambda: None)
    monkeypatch.setattr(sys, "platform", "linux")
    return said


def test_the_finished_tree_lies_in_the_target(tmp_path: Path, fake_pyinstaller: dict[str, object]) -> None:
    tree = bundle_result(tmp_path)
    assert (tree / "body-mass").read_text() == "program"
    assert sorted(path.name for path in (tmp_path / "dist").iterdir()) == ["body-mass"]


def bundle_result(folder: Path) -> Path:
    made = _bundle(PLAIN, folder)
    path = made.path  # type: ignore[attr-defined]
    assert made.executable == path / "body-mass"  # type: ignore[attr-defined]
    assert isinstance(path, Path)
    return path


def test_a_program_of_one_file_gets_a_folder_of_its_own(tmp_path: Path, fake_pyinstaller: dict[str, object]) -> None:
    fake_pyinstaller["files"] = {"body-mass": "one file"}
    assert (bundle_result(tmp_path) / "body-mass").read_text() == "one file"


def test_the_tree_before_stays_when_the_build_fails(tmp_path: Path, fake_pyinstaller: dict[str, object]) -> None:
    tree = bundle_result(tmp_path)
    for error in (BuildFailed("PyInstaller", command=["x"], exit_code=1, log="No space left"), KeyboardInterrupt()):
        fake_pyinstaller["error"] = error
        with pytest.raises(type(error)):
            _bundle(PLAIN, tmp_path)
        assert (tree / "body-mass").read_text() == "program"
    assert [path.name for path in (tmp_path / "dist").iterdir()] == ["body-mass"]


def test_a_new_tree_takes_the_place_of_the_old_one_whole(tmp_path: Path, fake_pyinstaller: dict[str, object]) -> None:
    tree = bundle_result(tmp_path)
    (tree / "left.over").write_text("of the build before")
    fake_pyinstaller["files"] = {"body-mass/body-mass": "newer"}
    assert bundle_result(tmp_path) == tree
    assert [path.name for path in tree.iterdir()] == ["body-mass"]
    assert (tree / "body-mass").read_text() == "newer"


def test_a_build_that_ended_between_two_renames_is_mended_by_the_next(
    tmp_path: Path, fake_pyinstaller: dict[str, object]
) -> None:
    tree = bundle_result(tmp_path)
    tree.rename(tree.with_name(".body-mass.old"))
    fake_pyinstaller["files"] = {"body-mass/other": "x"}
    with pytest.raises(BuildFailed):
        _bundle(PLAIN, tmp_path)
    fake_pyinstaller["files"] = {"body-mass/body-mass": "newer"}
    bundle_result(tmp_path)
    assert [path.name for path in (tmp_path / "dist").iterdir()] == ["body-mass"]


def test_a_rename_that_fails_puts_the_old_tree_back(
    tmp_path: Path, fake_pyinstaller: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = bundle_result(tmp_path)
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.name == ".body-mass.new":
            raise OSError("the disk is full")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="the disk is full"):
        _bundle(PLAIN, tmp_path)
    assert (tree / "body-mass").read_text() == "program"


def test_a_spec_that_makes_something_else_is_told_so(tmp_path: Path, fake_pyinstaller: dict[str, object]) -> None:
    fake_pyinstaller["files"] = {"something/else": ""}
    with pytest.raises(BuildFailed, match=r"made 'something', without 'body-mass'.*name='body-mass'"):
        _bundle(PLAIN, tmp_path)


def test_an_edited_spec_is_used_as_it_stands(tmp_path: Path, fake_pyinstaller: dict[str, object]) -> None:
    edited = tmp_path / "mine.spec"
    edited.write_text("# mine\n")
    _bundle(PLAIN, tmp_path, spec_file=edited)
    assert fake_pyinstaller["spec"] == edited.read_text() == "# mine\n"


def test_a_spec_that_is_not_there_is_named(tmp_path: Path, fake_pyinstaller: dict[str, object]) -> None:
    with pytest.raises(SpecError, match=r"gone\.spec.*--spec-only"):
        _bundle(PLAIN, tmp_path, spec_file=tmp_path / "gone.spec")


def test_an_included_module_that_is_not_there_fails_the_build(
    tmp_path: Path, fake_pyinstaller: dict[str, object]
) -> None:
    fake_pyinstaller["output"] = (
        "12 ERROR: Hidden import 'plugins.kilo' not found!\n13 ERROR: Hidden import 'x' not found!"
    )
    _bundle(PLAIN, tmp_path)  # what libraries list and do not have is their own affair
    with pytest.raises(SpecError, match=r"includes.*'plugins\.kilo'"):
        _bundle(RICH_HERE, tmp_path)


RICH_HERE = replace(PLAIN, includes=("plugins.kilo",))


def test_the_build_is_told_what_was_found_out(tmp_path: Path, fake_pyinstaller: dict[str, object]) -> None:
    _bundle(replace(PLAIN, runtime="firefox-app"), tmp_path)
    build = fake_pyinstaller["build"]
    assert isinstance(build, Order)
    assert build.modules == ("main",)
    assert build.runtimes == ("webview-gtk", "firefox-app", "chrome-app", "edge-app", "browser")
    assert build.project == str(tmp_path)
    assert str(tmp_path) in build.path


def test_a_build_is_read_as_it_was_written(tmp_path: Path) -> None:
    for mode, manifest in itertools.product(Mode, (None, "m.json")):
        build = Order("e.py", manifest, ("a", "b.ß"), ("browser",), mode, ("/x y",), "/p", "/w", pictures=("i.png",))
        assert present_order(build.write(tmp_path / "build.json")) == build
    assert present_order({}) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"entry": 1}', '{"mode": "other"}', "\0"])
def test_a_damaged_description_of_a_build_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "build.json"
    file.write_text(text)
    with pytest.raises(SpecError, match="no description of a build"):
        present_order({VARIABLE: str(file)})
    with pytest.raises(SpecError, match="no description of a build"):
        present_order({VARIABLE: str(tmp_path / "gone")})


def test_an_icon_that_no_program_can_draw_is_refused_before_the_build(
    tmp_path: Path, fake_pyinstaller: dict[str, object]
) -> None:
    icon = tmp_path / "icon.ico"
    icon.write_text("no picture")
    with pytest.raises(AssetMissing, match=r"icon\.ico"):
        _bundle(replace(PLAIN, icon=icon), tmp_path)
    assert "command" not in fake_pyinstaller
