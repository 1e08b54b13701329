"""A frozen program to package: small, but with everything that makes packaging hard; and the product that it is.

body-mass                             an executable that prints what lies beside it
_internal/lib/_fast.cpython-311.so    linked to the system's zlib, executable as linkers leave it
_internal/lib/latest.so               link to it
_internal/Grüße an [alle].txt         blanks, brackets and letters beyond ASCII
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from deskapp.freeze._spec import Entry, FileType, FreezeSpec, LinuxOptions
from deskapp.freeze.installers import DistTree, installer
from deskapp.freeze.tools import Log

GOLDEN = Path(__file__).parent / "golden"
UPDATE_VARIABLE = "UPDATE_GOLDEN"
GREETING = "_internal/Grüße an [alle].txt"

_PROGRAM = r"""
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv) {
    char path[4096], line[256];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 64);
    if (length < 0) return 2;
    path[length] = 0;
    strcpy(strrchr(path, '/') + 1, "_internal/Gr\xc3\xbc\xc3\x9f" "e an [alle].txt");
    FILE *file = fopen(path, "r");
    if (!file || !fgets(line, sizeof line, file)) return 3;
    printf("%s%d argument(s)\n", line, argc - 1);
    return 0;
}
"""
_LIBRARY = "extern const char *zlibVersion(void);\nconst char *fast(void) { return zlibVersion(); }\n"


def make_tree(folder: Path) -> DistTree:
    """Make the program below `folder`."""
    root = folder / "dist" / "body-mass"
    (root / "_internal" / "lib").mkdir(parents=True)
    (root / GREETING).write_text("Grüße!\n", encoding="utf-8")
    library = root / "_internal" / "lib" / "_fast.cpython-311.so"
    _compile(_LIBRARY, library, "-shared", "-fPIC", "-l:libz.so.1", "-Wl,-rpath,$ORIGIN/../lib")
    (library.parent / "latest.so").symlink_to(library.name)
    _compile(_PROGRAM, root / "body-mass", "-pie", "-fPIE", "-Wl,-z,relro,-z,now")
    return DistTree(root, root / "body-mass")


def product(folder: Path, **changes: object) -> FreezeSpec:
    """The product, with everything that a table can say."""
    license = folder / "LICENSE"
    license.write_text("MIT License\n\nPermission is hereby granted, free of charge.\n", encoding="utf-8")
    values: dict[str, object] = {
        "name": "Body Mass",
        "version": "1.2rc1",
        "app_id": "org.example.BodyMass",
        "entry": Entry(module="body_mass", name="BodyMass"),
        "project": folder,
        "runtime": "webview or browser",
        "summary": "Weighs people & 100% of their things; quickly.",
        "description": "First paragraph,\non two lines with <tags>.\n\n.hidden files are weighed as well.",
        "author": "Ada Lovelace",
        "author_email": "ada@example.org",
        "homepage": "https://example.org/body-mass",
        "license": "MIT",
        "license_files": (license,),
        "copyright": "© 2031 Ada Lovelace",
        "categories": ("Science", "Math"),
        "keywords": ("weight", "a;b"),
        "url_schemes": ("bodymass",),
        "file_types": (
            FileType("bmx", "application/x-body-mass", "Body & mass"),
            FileType("txt", "text/plain", "Text"),
        ),
        "linux": LinuxOptions(depends=("fonts-dejavu-core",), rpm_requires=("dejavu-sans-fonts",)),
    }
    values.update(changes)
    return FreezeSpec(**values)  # type: ignore[arg-type]


def build(format: str, spec: FreezeSpec, tree: DistTree, folder: Path, *, log: Log | None = None) -> Path:
    """Make an installer in `folder`, and return its file."""
    work = folder / "work"
    work.mkdir(parents=True)
    artifact = installer(format).build(spec, tree, target=folder / "out", work=work, log=log or (lambda line: None))
    assert artifact.format == format
    assert artifact.size == artifact.path.stat().st_size
    assert [path.name for path in (folder / "out").iterdir()] == [artifact.path.name]
    return artifact.path


def run(*command: str | Path, cwd: Path | None = None, timeout_s: float = 60.0) -> str:
    """Run a tool that has to be here, in English, and return what it printed."""
    assert shutil.which(command[0]), f"{command[0]} is needed: python3 dev.py installs it"
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, env=environment, capture_output=True, encoding="utf-8", timeout=timeout_s
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout


def as_root(*command: str | Path) -> tuple[str | Path, ...]:
    """A command that believes to be root's, as installing does."""
    return command if os.geteuid() == 0 else ("unshare", "--map-root-user", *command)


def listing(folder: Path) -> list[str]:
    """Everything below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def assert_golden(name: str, text: str) -> None:
    """`text` is what the file of that name holds; with `UPDATE_VARIABLE` set it is written there."""
    path = GOLDEN / name
    if os.environ.get(UPDATE_VARIABLE):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


def _compile(source: str, target: Path, *options: str) -> None:
    # From a folder of its own: nothing of it may end in the file.
    command = ["gcc", "-x", "c", "-O2", "-s", "-Wl,--build-id=none", "-D_FORTIFY_SOURCE=2", "-o", str(target), "-"]
    subprocess.run([*command, *options], input=source, check=True, text=True, timeout=60)
