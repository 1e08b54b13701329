"""What is taken out of PyInstaller's analysis, and what stays, in each mode."""

from __future__ import annotations

import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deskapp.errors import BuildFailed, SpecError
from deskapp.freeze import prune
from deskapp.freeze._collect import Entry
from deskapp.freeze._order import VARIABLE, Order
from deskapp.freeze._prune import LIBRARY, NOT_BUNDLED, RUN_TIME_HOOKS
from deskapp.freeze._spec import Mode

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone has modes")


@dataclass
class Analysis:
    """PyInstaller's tables, and its own rule for the system's libraries."""

    pure: list[Entry] = field(default_factory=list)
    binaries: list[Entry] = field(default_factory=list)
    datas: list[Entry] = field(default_factory=list)
    scripts: list[Entry] = field(default_factory=list)

    def exclude_system_libraries(self, list_of_exceptions: list[str] | None = None) -> None:
        self.binaries = [row for row in self.binaries if not row[1].startswith(("/lib", "/usr/lib"))]

    def names(self) -> set[str]:
        return {row[0] for row in (*self.binaries, *self.datas, *self.scripts)}


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build's folder, which the environment names."""
    folder = tmp_path / "work"
    folder.mkdir()
    build = Order("e.py", None, (), ("webview-gtk",), Mode.SYSTEM, (), str(tmp_path), str(folder))
    for key, value in build.write(folder / "build.json").items():
        monkeypatch.setenv(key, value)
    return folder


def _file(folder: Path, name: str, content: bytes = b"content") -> str:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return str(file)


def _gtk(folder: Path) -> Analysis:
    """As the hooks for GTK leave it."""
    wheel = _file(folder, "site-packages/msgspec/_core.so")
    return Analysis(
        pure=[("b", "/x/b.py", "PYMODULE"), ("a", "/x/a.py", "PYMODULE")],
        binaries=[
            ("libgtk-3.so.0", "/usr/lib/x86_64-linux-gnu/libgtk-3.so.0", "BINARY"),
            ("msgspec/_core.so", wheel, "EXTENSION"),
        ],
        datas=[
            ("share/icons/Adwaita/index.theme", "/usr/share/icons/Adwaita/index.theme", "DATA"),
            ("share/locale/de/x.mo", "/usr/share/locale/de/x.mo", "DATA"),
            ("etc/gtk-3.0/settings.ini", "/etc/gtk-3.0/settings.ini", "DATA"),
            ("lib/gdk-pixbuf/loaders.cache", "/usr/lib/loaders.cache", "DATA"),
            ("gi_typelibs/Gtk-3.0.typelib", _file(folder, "fixed/Gtk-3.0.typelib"), "DATA"),
            ("share/own.txt", _file(folder, "own.txt"), "DATA"),
            ("x-1.dist-info/METADATA", _file(folder, "METADATA"), "DATA"),
            ("x-1.dist-info/RECORD", _file(folder, "RECORD"), "DATA"),
            ("x-1.dist-info/licenses/LICENSE", _file(folder, "LICENSE"), "DATA"),
        ],
        scripts=[*((name, f"/hooks/{name}.py", "PYSOURCE") for name in RUN_TIME_HOOKS), ("entry", "/e.py", "PYSOURCE")],
    )


def test_the_systems_part_is_taken_out_and_the_wheels_and_the_programs_own_stays(work: Path, tmp_path: Path) -> None:
    a = _gtk(tmp_path)
    prune(a, mode="system")
    assert a.names() == {
        "msgspec/_core.so", "share/own.txt", "x-1.dist-info/METADATA", "entry", "licenses/third-party.txt",
    }  # fmt: skip


def test_no_run_time_hook_points_glib_at_folders_that_are_not_there(work: Path, tmp_path: Path) -> None:
    """With `pyi_rth_gio` and no modules in its folder, GLib has no TLS, and every https page fails."""
    for mode in ("system", "qt"):
        a = _gtk(tmp_path)
        prune(a, mode=mode)
        assert [row[0] for row in a.scripts] == ["entry"]


def test_what_is_no_library_of_elf_is_copied_as_it_is(work: Path, tmp_path: Path) -> None:
    a = _gtk(tmp_path)
    prune(a)
    [(_, file, kind)] = a.binaries
    assert kind == "EXTENSION"
    assert Path(file).is_relative_to(work)
    assert Path(file).read_bytes() == b"content"


def test_tables_are_in_the_order_of_names_whatever_order_folders_were_read_in(work: Path, tmp_path: Path) -> None:
    first, second = _gtk(tmp_path), _gtk(tmp_path)
    for table in (second.pure, second.binaries, second.datas):
        table.reverse()
    prune(first)
    prune(second)
    assert (first.pure, first.binaries, first.datas) == (second.pure, second.binaries, second.datas)
    assert [row[0] for row in first.pure] == ["a", "b"]


def test_a_link_to_what_was_taken_out_goes_with_it(work: Path, tmp_path: Path) -> None:
    a = Analysis(
        binaries=[
            ("PyQt6/Qt6/lib/libQt6Quick3D.so.6", _file(tmp_path, "q3"), "BINARY"),
            ("PyQt6/Qt6/lib/libQt6Core.so.6", _file(tmp_path, "core"), "BINARY"),
            ("libQt6Quick3D.so.6", "PyQt6/Qt6/lib/libQt6Quick3D.so.6", "SYMLINK"),
            ("PyQt6/libQt6Core.so", "Qt6/lib/libQt6Core.so.6", "SYMLINK"),
        ],
        datas=[("PyQt6/Qt6/translations/qt_de.qm", _file(tmp_path, "de"), "DATA")],
    )
    prune(a, mode="qt")
    assert a.names() == {"PyQt6/Qt6/lib/libQt6Core.so.6", "PyQt6/libQt6Core.so", "licenses/third-party.txt"}


def test_with_webkit_inside_its_helpers_are_found_and_the_drivers_libraries_stay_outside(
    work: Path, tmp_path: Path
) -> None:
    webkit = b"\0/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1\0"
    a = Analysis(
        binaries=[
            ("libwebkit2gtk-4.1.so.0", _file(tmp_path, "webkit", webkit), "BINARY"),
            *((name, _file(tmp_path, name), "BINARY") for name in NOT_BUNDLED),
        ],
        datas=[
            ("gi_typelibs/WebKit2-4.1.typelib", _file(tmp_path, "t"), "DATA"),
            ("share/icons/Adwaita/cursors/arrow", _file(tmp_path, "arrow"), "DATA"),
            ("share/icons/Adwaita/icon-theme.cache", _file(tmp_path, "cache"), "DATA"),
            ("share/icons/Adwaita/index.theme", _file(tmp_path, "index"), "DATA"),
            ("share/icons/Adwaita/16x16/places/folder.png", _file(tmp_path, "folder"), "DATA"),
            ("share/icons/Adwaita/512x512/places/folder.png", _file(tmp_path, "large"), "DATA"),
        ],
        scripts=[("pyi_rth_gi", "/hooks/gi.py", "PYSOURCE"), ("entry", "/e.py", "PYSOURCE")],
    )
    prune(a, mode="full")
    assert [row[0] for row in a.scripts] == ["deskapp_rth_webkit", "pyi_rth_gi", "entry"]
    assert a.names() >= {
        "libwebkit2gtk-4.1.so.0", "gi_typelibs/WebKit2-4.1.typelib", "share/icons/Adwaita/index.theme",
        "share/icons/Adwaita/16x16/places/folder.png",
    }  # fmt: skip
    assert not a.names() & {*NOT_BUNDLED, "share/icons/Adwaita/cursors/arrow", "share/icons/Adwaita/icon-theme.cache"}
    assert "share/icons/Adwaita/512x512/places/folder.png" not in a.names()
    [library] = [row[1] for row in a.binaries]
    assert b"/proc/self/fd/99/" in Path(library).read_bytes()
    assert Path(tmp_path, "webkit").read_bytes() == webkit


def test_full_mode_without_webkit_says_what_to_install(work: Path) -> None:
    with pytest.raises(BuildFailed, match=r"sudo apt install gir1\.2-webkit2-4\.1"):
        prune(Analysis(), mode="full")


@pytest.mark.parametrize("mode", ["System", "lean", "", "none"])
def test_a_mode_that_is_not_known_is_refused_with_those_that_are(mode: str, work: Path) -> None:
    with pytest.raises(SpecError, match="system, full, qt"):
        prune(Analysis(), mode=mode)


def test_a_spec_that_plain_pyinstaller_runs_is_told_how_to_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(SpecError, match="deskapp freeze --spec FILE"):
        prune(Analysis())


def test_the_base_library_is_packed_but_for_what_is_read_before_zlib_is_there(work: Path, tmp_path: Path) -> None:
    library = tmp_path / LIBRARY
    names = ["os.pyc", "encodings/utf_8.pyc", "encodings/cp037.pyc", "encodings/__init__.pyc", "re/_parser.pyc"]
    with zipfile.ZipFile(library, "w") as archive:
        for name in names:
            archive.writestr(name, name.encode() * 100)
    a = Analysis(datas=[(LIBRARY, str(library), "DATA")])
    prune(a)
    [file] = [row[1] for row in a.datas if row[0] == LIBRARY]
    with zipfile.ZipFile(file) as archive:
        stored = {item.filename for item in archive.infolist() if item.compress_type == zipfile.ZIP_STORED}
        assert {name: archive.read(name) for name in names} == {name: name.encode() * 100 for name in names}
    assert stored == {"encodings/utf_8.pyc", "encodings/__init__.pyc"}
