from __future__ import annotations

import platform
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from deskapp.errors import SpecError, ToolMissing
from deskapp.freeze._spec import LinuxOptions
from deskapp.freeze.installers import installer
from deskapp.freeze.installers._binary import elf_size
from deskapp.freeze.installers.appimage import RUNTIME_VARIABLE, find_runtime, make_appdir
from tests.unit.freeze.trees import as_root, build, listing, make_tree, product, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the program is an ELF file, made by gcc")

# Stands for the runtime, which mounts what this one unpacks; what is behind its own end both have to find.
_RUNTIME = r"""
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv) {
    FILE *file = fopen("/proc/self/exe", "rb");
    Elf64_Ehdr head;
    if (!file || fread(&head, sizeof head, 1, file) != 1) return 100;
    char path[4096], command[9000];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    path[length] = 0;
    snprintf(command, sizeof command, "unsquashfs -quiet -no-progress -d '%s.mounted' -o %ld '%s'",
             path, (long)(head.e_shoff + head.e_shentsize * head.e_shnum), path);
    if (system(command) != 0) return 101;
    strcat(path, ".mounted/AppRun");
    return execv(path, argv);
}
"""


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("runtime") / "runtime"
    subprocess.run(["gcc", "-x", "c", "-o", path, "-"], input=_RUNTIME, check=True, text=True, timeout=60)
    with path.open("r+b") as file:
        file.seek(8)
        file.write(b"AI\x02")
    return path


@pytest.fixture(autouse=True)
def _no_other_runtime(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(RUNTIME_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def test_it_is_one_file_that_runs(tmp_path: Path, runtime: Path) -> None:
    spec = product(tmp_path, linux=LinuxOptions(appimage_runtime=runtime))
    made = build("appimage", spec, make_tree(tmp_path), tmp_path / "first")
    assert made.name == f"body-mass-1.2rc1-{platform.machine()}.AppImage"
    assert made.stat().st_mode & 0o777 == 0o755
    content, head = made.read_bytes(), runtime.read_bytes()
    assert content.startswith(head)
    assert content[8:11] == b"AI\x02"
    assert content[len(head) :].startswith(b"hsqs")
    assert run(made, "one", "two") == "Grüße!\n2 argument(s)\n"
    unpacked = made.with_name(f"{made.name}.mounted")
    assert (unpacked / "org.example.BodyMass.desktop").is_file()
    assert (unpacked / ".DirIcon").read_bytes().startswith(b"\x89PNG")


def test_the_appdir_runs_wherever_it_is(tmp_path: Path) -> None:
    folder = make_appdir(product(tmp_path), make_tree(tmp_path), tmp_path / "App Dir")
    assert run(folder / "AppRun") == "Grüße!\n0 argument(s)\n"
    moved = shutil.move(folder, tmp_path / "elsewhere")
    assert run(Path(moved) / "AppRun", "one") == "Grüße!\n1 argument(s)\n"
    assert [name for name in listing(Path(moved)) if "/" not in name] == [
        ".DirIcon", "AppRun", "org.example.BodyMass.desktop", "org.example.BodyMass.png", "usr",
    ]  # fmt: skip
    assert run("desktop-file-validate", Path(moved) / "org.example.BodyMass.desktop") == ""


def test_a_drawing_is_the_picture(tmp_path: Path) -> None:
    drawing = tmp_path / "icon.svg"
    drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    folder = make_appdir(product(tmp_path, icon=drawing), make_tree(tmp_path), tmp_path / "App")
    assert (folder / ".DirIcon").read_text(encoding="utf-8") == drawing.read_text(encoding="utf-8")
    assert (folder / "org.example.BodyMass.svg").is_file()


def test_the_same_input_makes_the_same_bytes(tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(RUNTIME_VARIABLE, str(runtime))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
    made = []
    for place in ("one", "other place"):
        (tmp_path / place).mkdir()
        made.append(build("appimage", product(tmp_path), make_tree(tmp_path / place), tmp_path / place / "made"))
    assert made[0].read_bytes() == made[1].read_bytes()
    size = runtime.stat().st_size
    assert struct.unpack_from("<I", made[0].read_bytes(), size + 8) == (1900000000,)
    owners = run(*as_root("unsquashfs", "-lln", "-o", str(size), made[0]))
    assert {line.split()[1] for line in owners.splitlines() if line.startswith(("-", "d", "l"))} == {"0/0"}


def test_without_a_runtime_it_is_told_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match=r"type2-runtime.*DESKAPP_APPIMAGE_RUNTIME") as caught:
        installer("appimage").check(product(tmp_path))
    assert str(tmp_path / "data" / "deskapp") in str(caught.value)


def test_a_runtime_is_found_among_the_users_files(tmp_path: Path, runtime: Path) -> None:
    place = tmp_path / "data" / "deskapp" / f"runtime-{platform.machine()}"
    place.parent.mkdir(parents=True)
    shutil.copy(runtime, place)
    assert find_runtime(product(tmp_path), platform.machine()) == place
    installer("appimage").check(product(tmp_path))


def test_what_is_no_runtime_is_refused(tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = runtime.read_bytes()
    wrong = {
        "no type-2 runtime": (b"hello", good[:8] + bytes(3) + good[11:], b"", b"#!/bin/sh\n"),
        "says that it ends after": (good + b"rest", good[:-100]),
        "the program is for": (good[:18] + b"\xb7\x00" + good[20:],),
        "damaged": (good[:60],),
    }
    path = tmp_path / "wrong"
    for words, contents in wrong.items():
        for content in contents:
            path.write_bytes(content)
            with pytest.raises(SpecError, match=words) as caught:
                find_runtime(product(tmp_path, linux=LinuxOptions(appimage_runtime=path)), "x86_64")
            assert caught.value.key == "linux.appimage_runtime"
    monkeypatch.setenv(RUNTIME_VARIABLE, str(tmp_path / "missing"))
    with pytest.raises(SpecError, match="cannot be read") as caught:
        find_runtime(product(tmp_path), "x86_64")
    assert caught.value.key == RUNTIME_VARIABLE


def test_where_an_elf_file_ends(tmp_path: Path) -> None:
    tree = make_tree(tmp_path)
    for path in (tree.executable, tree.path / "_internal/lib/_fast.cpython-311.so"):
        assert elf_size(path) == path.stat().st_size
    (tmp_path / "text").write_text("text", encoding="utf-8")
    with pytest.raises(ValueError, match="no ELF file"):
        elf_size(tmp_path / "text")
