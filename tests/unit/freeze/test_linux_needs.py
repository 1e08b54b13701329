from __future__ import annotations

import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deskapp.freeze._spec import LinuxOptions, Mode
from deskapp.freeze.installers import _debian_depends
from deskapp.freeze.installers._binary import read_elf
from deskapp.freeze.installers._debian_depends import by_table, debian_depends, merged, packages_of, with_renamed
from deskapp.freeze.installers._linux_needs import (
    Binaries,
    Library,
    _expand,
    opened_libraries,
    read_binaries,
    window_programs,
)
from deskapp.runtime import select
from tests.unit.freeze.trees import make_tree, product, run

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the program is an ELF file, made by gcc")


def binaries(*sonames: str, versions: tuple[str, ...] = ()) -> Binaries:
    return Binaries("x86_64", (), tuple(Library(soname, versions, True) for soname in sonames), ())


@linux_only
def test_the_needs_of_a_program_are_what_it_does_not_bring(tmp_path: Path) -> None:
    tree = make_tree(tmp_path)
    found = read_binaries(tree)
    assert found.machine == platform.machine()
    assert [library.soname for library in found.libraries if "ld-linux" not in library.soname] == [
        "libc.so.6", "libz.so.1",
    ]  # fmt: skip
    assert len(found.files) == 2
    assert re.fullmatch(r"2\.\d+", found.glibc)
    # Brought along under that name, the system need not have it.
    (tree.path / "_internal" / "libz.so.1").symlink_to("lib/_fast.cpython-311.so")
    assert "libz.so.1" not in [library.soname for library in read_binaries(tree).libraries]


@linux_only
def test_elf_files_are_read_as_binutils_do() -> None:
    folder = Path(run("gcc", "-print-file-name=libc.so.6").strip()).resolve().parent
    samples = [path for path in sorted(folder.glob("lib*.so.*")) if path.is_file()][::17][:25]
    assert len(samples) > 5
    for path in [*samples, Path("/bin/ls")]:
        elf = read_elf(path)
        assert elf is not None, path
        text = run("readelf", "-dW", path)
        assert list(elf.needed) == re.findall(r"\(NEEDED\).*\[(.*)\]", text), path
        assert [elf.soname] == (re.findall(r"\(SONAME\).*\[(.*)\]", text) or [""]), path
        versions = run("readelf", "-VW", path).partition("Version needs section")[2]
        wanted: dict[str, set[str]] = {}
        for line in versions.splitlines():
            if file := re.search(r"File: (\S+)", line):
                names = wanted.setdefault(file[1], set())
            elif name := re.search(r"Name: (\S+)", line):
                names.add(name[1])
        assert {soname: set(found) for soname, found in elf.versions.items()} == wanted, path


@linux_only
def test_a_broken_elf_file_is_passed_over(tmp_path: Path) -> None:
    whole = make_tree(tmp_path).executable.read_bytes()
    path = tmp_path / "broken"
    for length in (*range(4, 400), len(whole) // 2):
        path.write_bytes(whole[:length])
        found = read_elf(path)
        assert found is None or found.needed == (), length
    path.write_bytes(b"text")
    assert read_elf(path) is None


@pytest.mark.parametrize("name", [*select.BUILT_IN, *select.ALIASES, "app or browser", "firefox-app, browser|webview"])
def test_names_of_runtimes_mean_the_same_as_at_run_time(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv(select.TOOLKIT_VARIABLE, raising=False)
    if sys.platform == "linux":
        assert list(dict.fromkeys(_expand(name))) == select.expand(name)


@pytest.mark.parametrize(
    ("runtime", "mode", "found"),
    [
        ("webview", Mode.SYSTEM, ("gtk",)),
        ("webview", Mode.FULL, ()),
        ("webview", Mode.QT, ()),
        ("app or browser", Mode.SYSTEM, ("gtk", "firefox", "chrome", "edge", "browser")),
        ("app or browser", Mode.FULL, ()),
        ("firefox-app or webview", Mode.FULL, ("firefox",)),
        ("chrome-app or browser", Mode.SYSTEM, ("chrome", "browser")),
        ("webview-qt", Mode.SYSTEM, ()),
        (None, Mode.SYSTEM, ()),
    ],
)
def test_what_shows_the_windows(tmp_path: Path, runtime: str | None, mode: Mode, found: tuple[str, ...]) -> None:
    assert window_programs(product(tmp_path, runtime=runtime, mode=mode)) == found


@pytest.mark.parametrize(
    ("runtime", "entries"),
    [
        ("webview", ["gir1.2-gtk-3.0", "gir1.2-webkit2-4.1", "libgirepository-1.0-1"]),
        ("firefox-app", ["firefox-esr | firefox"]),
        ("chrome-app", ["chromium | google-chrome-stable | chromium-browser"]),
        ("firefox-app or edge-app", ["firefox-esr | firefox | microsoft-edge-stable"]),
        ("firefox-app or webview", ["firefox-esr | firefox"]),
        ("browser", ["xdg-utils"]),
        (None, []),
    ],
)
def test_packages_of_debian_that_show_the_windows(tmp_path: Path, runtime: str | None, entries: list[str]) -> None:
    assert _debian_depends.window_depends(product(tmp_path, runtime=runtime), binaries()) == entries


def test_webkit_that_is_brought_along_needs_the_drivers_of_the_system(tmp_path: Path) -> None:
    full = product(tmp_path, mode=Mode.FULL, runtime="app or browser")
    entries = ["libegl1", "libgl1", "libgles2", "fontconfig-config"]
    assert _debian_depends.window_depends(full, binaries()) == entries
    both = product(tmp_path, mode=Mode.FULL, runtime="firefox-app or webview")
    assert _debian_depends.window_depends(both, binaries()) == [*entries, "firefox-esr | firefox"]
    for runtime in (None, "firefox-app", "browser"):
        assert opened_libraries(product(tmp_path, mode=Mode.FULL, runtime=runtime)) == ()
    assert opened_libraries(product(tmp_path, mode=Mode.QT)) == ()


def test_the_library_that_reads_typelibs_is_the_one_linked_to(tmp_path: Path) -> None:
    spec = product(tmp_path, runtime="webview")
    found = _debian_depends.window_depends(spec, binaries("libgirepository-2.0.so.0"))
    assert "libgirepository-2.0-0" in found
    assert "libgirepository-1.0-1" not in found


def test_packages_by_the_table() -> None:
    lines: list[str] = []
    found = by_table(
        binaries("libc.so.6", "libm.so.6", "libssl.so.3", "libodd.so.1", versions=("GLIBC_2.9", "GLIBC_2.35", "X_9")),
        log=lines.append,
    )
    assert found == ["libc6 (>= 2.35)", "libssl3"]
    assert lines == ["no package is known for libodd.so.1: name it in linux.depends"]


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("libssl3 (>= 3.0.0)", "libssl3 (>= 3.0.0) | libssl3t64 (>= 3.0.0)"),
        ("libssl3t64 (>= 3.5)", "libssl3t64 (>= 3.5) | libssl3 (>= 3.5)"),
        ("libglib2.0-0", "libglib2.0-0 | libglib2.0-0t64"),
        ("libffi8 (>= 3.4)", "libffi8 (>= 3.4)"),
        ("a | b (>= 1)", "a | b (>= 1)"),
    ],
)
def test_renamed_packages_are_asked_for_by_both_names(entry: str, found: str) -> None:
    assert with_renamed(entry) == found


def test_one_entry_a_package() -> None:
    assert merged(["b", "a (>= 1)", "b (>= 2)", "a", "c | d"]) == ["a (>= 1)", "b (>= 2)", "c | d"]


def test_what_dpkg_knows_about_libraries_is_read(tmp_path: Path) -> None:
    (tmp_path / "one.symbols").write_text(
        "libone.so.1 libone1 #MINVER#\n| libone1-plus #MINVER#\n* Build-Depends-Package: libone-dev\n one@Base 1.0\n"
        "libother.so.2 libother2 #MINVER#\n two@Base 1.0\n",
        encoding="utf-8",
    )
    (tmp_path / "two.shlibs").write_text(
        "libtwo 3 libtwo3 (>= 1), libtwo-data\nudeb: libtwo 3 libtwo3-udeb\nlibdash 5.3 libdash5.3\nlibno 1 libno1\n",
        encoding="utf-8",
    )
    found = packages_of(["libone.so.1", "libtwo.so.3", "libdash-5.3.so"], database=tmp_path)
    assert found == {"libone1", "libone1-plus", "libtwo3", "libtwo-data", "libtwo3-udeb", "libdash5.3"}


@linux_only
def test_the_tool_and_the_table_name_the_same_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, spec = read_binaries(make_tree(tmp_path)), product(tmp_path, linux=LinuxOptions(), runtime=None)
    lines: list[str] = []
    by_tool = debian_depends(spec, found, work=tmp_path / "work", log=lines.append)
    assert lines == []
    monkeypatch.setenv("PATH", str(tmp_path))
    table = debian_depends(spec, found, work=tmp_path / "other", log=lines.append)
    assert [entry.partition(" ")[0] for entry in table] == [entry.partition(" ")[0] for entry in by_tool]
    assert [entry.partition(" ")[0] for entry in table] == ["libc6", "zlib1g"]


@linux_only
def test_where_the_tool_fails_the_table_does(tmp_path: Path) -> None:
    tree = make_tree(tmp_path)
    folder = tree.path / "_internal"
    sources: dict[str, tuple[str, tuple[str, ...]]] = {
        "libodd.so.1": ("int odd(void) { return 1; }", ()),
        "user.so": ("int odd(void); int use(void) { return odd(); }", ("-L.", "-l:libodd.so.1")),
    }
    for target, (source, options) in sources.items():
        command = ["gcc", "-x", "c", "-shared", "-fPIC", f"-Wl,-soname,{target}", "-o", target, "-", *options]
        subprocess.run(command, input=source, text=True, cwd=folder, check=True, timeout=60)
    (folder / "libodd.so.1").unlink()
    lines: list[str] = []
    spec = product(tmp_path, linux=LinuxOptions(), runtime=None)
    found = debian_depends(spec, read_binaries(tree), work=tmp_path / "work", log=lines.append)
    assert [entry.partition(" ")[0] for entry in found] == ["libc6", "zlib1g"]
    assert any("dpkg-shlibdeps could not" in line for line in lines)
    assert any("libodd.so.1" in line for line in lines)
