"""Real builds: frozen programs are small, prove themselves, and start nothing with what is theirs."""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import pytest

from deskapp.errors import SpecError
from deskapp.freeze._spec import DataFile, Entry, FreezeSpec, Mode
from deskapp.freeze.entry import entry_text
from deskapp.freeze.installers import DistTree
from deskapp.freeze.precompile import precompile
from deskapp.freeze.pyinstaller import archive_modules, bundle, spec_text
from deskapp.freeze.verify import Contents, clean_environment, verify
from tests.desktop.screen import Screen, wait_until

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.once,
    pytest.mark.timeout(400),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="sizes and modes are Linux's"),
]
long = pytest.mark.long

COUNTER = Path(__file__).parents[2] / "examples/counter.py"


@dataclass(frozen=True)
class Built:
    """A program that was built."""

    spec: FreezeSpec
    tree: DistTree
    folder: Path

    def verify(self) -> Contents:
        """Look into it and start it."""
        runtimes = [self.spec.runtime or ""]
        return verify(self.spec, self.tree, runtimes=runtimes, build_folders=[self.folder], log=print)


def build(folder: Path, program: Path = COUNTER, *, spec_file: Path | None = None, **wishes: object) -> Built:
    """Build a program as `deskapp freeze` does."""
    project = folder / "my projekt ß"
    project.mkdir(parents=True, exist_ok=True)
    file = project / "counter.py"
    shutil.copyfile(program, file)
    spec = FreezeSpec(
        name="Counter", version="1.0", app_id="org.example.counter", entry=Entry(file=file), project=project
    )
    spec = replace(spec, **wishes)  # type: ignore[arg-type]
    found = precompile(spec, folder / "found", log=print)
    entry = folder / "entry.py"
    entry.write_text(entry_text(spec), encoding="utf-8")
    tree = bundle(
        spec,
        entry=entry,
        manifest=found.manifest,
        modules=found.modules,
        runtimes=found.runtimes or [spec.runtime or ""],
        spec_file=spec_file,
        target=folder / "dist",
        work=folder / "work",
        log=print,
    )
    return Built(spec, tree, folder)


@contextmanager
def running(tree: DistTree, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The program, started as from the desktop; ended at the end."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [str(tree.executable)], env=clean_environment(os.environ, home), cwd="/", start_new_session=True
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def descendants(pid: int) -> list[int]:
    """Processes that a process has started, and theirs."""
    parents: dict[int, int] = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                fields = (place / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it ended this moment
                continue
            parents[int(place.name)] = int(fields[1])
    found, pending = [], [pid]
    for parent in pending:
        for child in [child for child, of in parents.items() if of == parent]:
            found.append(child)
            pending.append(child)
    return found


def programs(pid: int) -> dict[str, int]:
    """File of the program → process, of all that a process has started."""
    found = {}
    for child in descendants(pid):
        try:
            found[os.readlink(f"/proc/{child}/exe")] = child
        except OSError:  # it ended this moment
            continue
    return found


def _helper(pid: int) -> str | None:
    return next((file for file in programs(pid) if file.endswith("/WebKitWebProcess")), None)


def _is_blue_in_the_middle(screen: Screen, title: str) -> bool:
    """Whether the counter's button, in the theme's accent colour, is seen in the middle of its window."""
    rows = [line.split(maxsplit=7) for line in screen.run("wmctrl", "-lG").splitlines() if title in line]
    if not rows:
        return False
    x, y, width, height = map(int, rows[0][2:6])
    red, _, blue = bytes.fromhex(screen.color_at(x + width // 2 - 90, y + height // 2)[1:])
    return blue > 180 and red < 120


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The counter with GTK and WebKit of the system."""
    return build(tmp_path_factory.mktemp("system"))


def test_the_counter_is_small_shows_itself_and_lends_nothing_to_programs_of_the_system(
    counter: Built, screen: Screen, tmp_path: Path
) -> None:
    contents = counter.verify()
    assert contents.size <= 16_000_000
    assert len(contents.files) <= 80
    assert "pscript" not in contents.packed
    with running(counter.tree, tmp_path) as process:
        wait_until(lambda: _is_blue_in_the_middle(screen, "Counter"), timeout_s=30, what="the counter's button")
        helper = _helper(process.pid)
        assert helper is not None
        assert helper.startswith("/usr/lib"), "WebKit is the system's"
        child = programs(process.pid)[helper]
        environment = Path(f"/proc/{child}/environ").read_bytes().decode().split("\0")
        assert not [line for line in environment if str(counter.tree.path) in line]
        maps = Path(f"/proc/{child}/maps").read_text()
        assert str(counter.tree.path) not in maps
        assert "gio_modules" not in maps


@long
def test_two_builds_are_equal_byte_by_byte(counter: Built) -> None:
    """In the same folder: PyInstaller's archive has no paths, Python's compiled files have none of the build's."""
    before = counter.folder / "before"
    shutil.copytree(counter.tree.path, before, symlinks=True)
    again = build(counter.folder)
    names = [str(name) for name in again.tree.files()]
    assert names == [str(name) for name in DistTree(before, before).files()]
    _, differing, failed = filecmp.cmpfiles(before, again.tree.path, names, shallow=False)
    assert (differing, failed) == ([], [])


@long
def test_a_build_in_another_folder_has_the_same_bytes(counter: Built, tmp_path: Path) -> None:
    other = build(tmp_path)
    names = [str(name) for name in other.tree.files()]
    _, differing, failed = filecmp.cmpfiles(counter.tree.path, other.tree.path, names, shallow=False)
    assert (differing, failed) == ([], [])


@long
def test_one_file_is_smaller_still(tmp_path: Path, screen: Screen) -> None:
    built = build(tmp_path, onefile=True)
    contents = built.verify()
    assert list(contents.files) == ["counter"]
    assert contents.size <= 9_000_000


@long
def test_a_program_for_firefox_has_no_webview_and_no_toolkit(tmp_path: Path, screen: Screen) -> None:
    built = build(tmp_path, runtime="firefox-app")
    contents = built.verify()
    inside = {name.partition(".")[0] for name in contents.packed}
    assert not inside & {"webview", "gi", "qtpy", "bottle", "proxy_tools"}
    assert "deskapp.runtime.firefox.app" in contents.packed
    assert contents.size <= 15_000_000


@long
def test_with_webkit_inside_no_webkit_of_the_system_is_used(tmp_path: Path, screen: Screen) -> None:
    built = build(tmp_path, mode=Mode.FULL)
    contents = built.verify()
    assert contents.size <= 320_000_000
    moved = tmp_path / "moved somewhere else"
    built.tree.path.rename(moved)
    with running(DistTree(moved, moved / "counter"), tmp_path) as process:
        wait_until(lambda: _is_blue_in_the_middle(screen, "Counter"), timeout_s=60, what="the counter's button")
        helper = _helper(process.pid)
        assert helper == str(moved / "_internal/webkit2gtk-4.1/WebKitWebProcess")
        maps = Path(f"/proc/{programs(process.pid)[helper]}/maps").read_text()
        libraries = [
            line.split(maxsplit=5)[-1]
            for line in maps.splitlines()
            if "libwebkit2gtk" in line or "libjavascriptcore" in line
        ]
        assert libraries
        assert all(library.startswith(str(moved)) for library in libraries)


@long
def test_with_qt_inside_the_page_is_shown_by_chromium(tmp_path: Path, screen: Screen) -> None:
    pytest.importorskip("PyQt6.QtWebEngineCore", reason="Qt for Python is an extra of its own")
    built = build(tmp_path, mode=Mode.QT, runtime="webview")
    contents = built.verify()
    assert "webview.platforms.qt" in contents.packed
    assert "webview.platforms.gtk" not in contents.packed
    assert contents.size <= 420_000_000


TLS = """
from gi.repository import Gio

assert Gio.TlsBackend.get_default().supports_tls(), "no TLS"

"""


@long
def test_https_works_and_data_and_an_edited_spec_are_honoured(tmp_path: Path, screen: Screen) -> None:
    """A program that uses the system's GLib itself, reads a file of its own, and has a spec of its own."""
    program = tmp_path / "program.py"
    reading = (
        "from pathlib import Path\n"
        "text = Path(__file__).with_name('größen tabelle.txt').read_text(encoding='utf-8')\n"
        "assert text == 'große Zahlen', text\n"
    )
    begin, _, end = COUNTER.read_text(encoding="utf-8").partition("\n\n\nclass Button")
    program.write_text(
        f"{begin}\n{TLS}\n\nclass Button{end.replace('    launch(', _indented(reading) + '    launch(')}"
    )
    folder = tmp_path / "build"
    project = folder / "my projekt ß"
    (project / "daten").mkdir(parents=True)
    (project / "daten/größen tabelle.txt").write_text("große Zahlen", encoding="utf-8")
    data = (DataFile(project / "daten/größen tabelle.txt", PurePosixPath("größen tabelle.txt")),)
    plain = FreezeSpec("Counter", "1", "org.example.counter", Entry(file=project / "counter.py"), project, data=data)
    edited = project / "edited.spec"
    edited.write_text(spec_text(plain).replace("optimize=1", "optimize=0") + "# mine\n", encoding="utf-8")
    # Run unfrozen, the program reads the file beside its source.
    shutil.copyfile(project / "daten/größen tabelle.txt", project / "größen tabelle.txt")
    built = build(folder, program, spec_file=edited, data=data)
    built.verify()
    assert "_codecs_jp" in " ".join(str(name) for name in built.tree.files()), "the program reads texts"


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


@long
def test_an_included_module_that_is_not_there_leaves_the_tree_before(
    counter: Built, build_again: Callable[..., Built]
) -> None:
    inode = counter.tree.executable.stat().st_ino
    with pytest.raises(SpecError, match="plugins"):
        build_again(counter.folder, includes=("plugins_that_are_not_there",))
    assert counter.tree.executable.stat().st_ino == inode


@pytest.fixture
def build_again() -> Callable[..., Built]:
    return build


@long
def test_the_modules_in_the_program_are_this_deskapps(counter: Built) -> None:
    packed = archive_modules(counter.tree.executable)
    ours = {name for name in packed if name.partition(".")[0] == "deskapp"}
    assert "deskapp._frozen" in ours
    assert not [name for name in ours if name.startswith(("deskapp.testing", "deskapp.freeze", "deskapp.cli"))]
