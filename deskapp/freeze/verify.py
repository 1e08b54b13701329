"""Proves a frozen program before it is handed over: what is in it, what must not be, and that it works."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from deskapp.errors import VerifyFailed
from deskapp.freeze._parts import bundled_runtimes, is_left_out, is_named, left_out, toolkits_of
from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze._strip import search_paths
from deskapp.freeze.entry import own_sources
from deskapp.freeze.installers import DistTree
from deskapp.freeze.precompile import MANIFEST
from deskapp.freeze.pyinstaller import archive_modules
from deskapp.freeze.tools import Log, Tool, run_until

DEADLINE_S = 120.0
TAIL_LINES = 30
SCREEN_START_S = 15.0
XVFB = Tool("Xvfb", "sudo apt install xvfb")

SELF_TEST = "--self-test"

_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games:/snap/bin"

# Of the desktop that the program shows itself on; all else of our environment could hide that something is missing.
_DESKTOP = (
    "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE", "DBUS_SESSION_BUS_ADDRESS",
    "LANG", "TZ", "DESKAPP_SELF_TEST_SECONDS",
)  # fmt: skip
_OURS = (
    "PYTHON",
    "VIRTUAL_ENV",
    "CONDA",
    "DESKAPP_",
    "LD_",
    "GI_",
    "GIO_",
    "GTK_",
    "QT_",
    "WEBKIT_",
    "_PYI",
    "_MEIPASS",
)

_NO_MODULE = re.compile(r"No module named \\*['\"]([\w.]+)")


@dataclass(frozen=True)
class Contents:
    """What is in a frozen program.

    Attributes:
        files: Size in bytes of each file, by its path in the tree.
        packed: Size of each module and file inside the executable, by its name.
    """

    files: Mapping[str, int]
    packed: Mapping[str, int]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(self.files.values())

    def lines(self, largest: int = 20) -> list[str]:
        """A listing: number and size, then the largest files."""
        rows = sorted(self.files.items(), key=lambda row: (-row[1], row[0]))[:largest]
        head = (
            f"{len(self.files)} files, {self.size / 1e6:.1f} MB; {len(self.packed)} modules and files in the executable"
        )
        return [head, *(f"{size / 1e6:9.3f} MB  {name}" for name, size in rows)]


def verify(
    spec: FreezeSpec,
    tree: DistTree,
    *,
    runtimes: Sequence[str],
    build_folders: Sequence[Path] = (),
    deadline_s: float = DEADLINE_S,
    log: Log,
) -> Contents:
    """Look into a frozen program, then start it and let it test itself.

    Args:
        spec: The product.
        tree: The program.
        runtimes: What it launches, as `launch` takes it.
        build_folders: Folders of this machine whose names must not be in it, besides project and environment.
        deadline_s: Seconds for the self-test.
        log: Gets the listing and what the program says.

    Raises:
        VerifyFailed: Something is in it that must not be, or is missing, or the program does not work.
        ToolMissing: There is no screen, and no Xvfb either.
    """
    found = check_contents(spec, tree, runtimes=runtimes, build_folders=build_folders)
    for line in found.lines():
        log(line)
    run_self_test(tree, deadline_s=deadline_s, log=log)
    return found


def check_contents(
    spec: FreezeSpec, tree: DistTree, *, runtimes: Sequence[str], build_folders: Sequence[Path] = ()
) -> Contents:
    """Look for what must not be in a frozen program.

    Raises:
        VerifyFailed: It has PScript beside its JavaScript, source of the product, a runtime that it does not launch,
            or a path of this machine in it.
    """
    if not tree.executable.is_file():
        raise VerifyFailed("executable", f"{str(tree.executable)!r} is not there")
    packed = archive_modules(tree.executable)
    files = {name.as_posix(): tree.path / name for name in tree.files()}
    names = {*packed, *(_inside(name) for name in files)}
    _check_modules(spec, names, runtimes)
    _check_sources(spec, files, packed)
    _check_paths(spec, files, packed, build_folders)
    if sys.platform.startswith("linux"):
        for file, paths in search_paths(tree.path / name for name in tree.files()):
            raise VerifyFailed("search paths", f"{file.name} looks for libraries in {paths!r}, which is not the bundle")
    sizes = {name: file.stat().st_size for name, file in files.items() if not file.is_symlink()}
    return Contents(sizes, {name: len(content) for name, content in packed.items()})


def run_self_test(tree: DistTree, *, deadline_s: float = DEADLINE_S, log: Log) -> None:
    """Start the program with ``--self-test`` on the present screen, or on a virtual one if there is none.

    It gets an environment as a fresh session has it, a home of its own, and starts in another folder.

    Raises:
        VerifyFailed: It did not end with 0 in time; the text has its own words.
        ToolMissing: There is no screen, and no Xvfb either.
    """
    with _screen() as screen, _home() as home:
        result = Path(home, "result.json")
        command = [str(tree.executable), f"{SELF_TEST}={result}"]
        environment = {**clean_environment(os.environ, Path(home)), **screen}
        words, exit_code = run_until(command, env=environment, cwd=Path(home), deadline_s=deadline_s)
        told = _result(result)
    for line in words.splitlines():
        log(line)
    if exit_code == 0:
        return
    said = told or "\n".join(words.splitlines()[-TAIL_LINES:]) or "it said nothing"
    missing = _NO_MODULE.search(words) or _NO_MODULE.search(told)
    if missing is not None:
        advice = f"the module {missing.group(1)!r} did not come along; add it to `includes`"
        raise VerifyFailed(SELF_TEST, f"{advice}.\n{said}")
    if exit_code is None:
        raise VerifyFailed(SELF_TEST, f"it did not end within {deadline_s:g} s.\n{said}")
    raise VerifyFailed(SELF_TEST, f"it ended with exit code {exit_code}.\n{said}")


def _home() -> tempfile.TemporaryDirectory[str]:
    """A folder to be the user's home; a browser that showed a tab of the program may write there a moment longer."""
    return tempfile.TemporaryDirectory(prefix="deskapp-verify-", ignore_cleanup_errors=True)


def clean_environment(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    """What a program sees that a person starts from the desktop: nothing of Python's, or of who builds.

    Args:
        environ: Our environment.
        home: Instead of the user's home.
    """
    if sys.platform in ("win32", "darwin"):
        return {name: value for name, value in environ.items() if not name.upper().startswith(_OURS)}
    found = {name: environ[name] for name in _DESKTOP if name in environ}
    if "XDG_RUNTIME_DIR" not in found:
        runtime = home / "runtime"
        runtime.mkdir(mode=0o700, exist_ok=True)
        found["XDG_RUNTIME_DIR"] = str(runtime)
    return {"LANG": "C.UTF-8", **found, "HOME": str(home), "PATH": _SYSTEM_PATH}


def _inside(name: str) -> str:
    """Name of a file in the bundle's root, as a module's would be."""
    path = PurePosixPath(name)
    parts = path.parts[1:] if path.parts[0] == "_internal" else path.parts
    if not parts:
        return ""
    return ".".join((*parts[:-1], parts[-1].split(".")[0]))


def _check_modules(spec: FreezeSpec, names: set[str], runtimes: Sequence[str]) -> None:
    bundled = bundled_runtimes(runtimes, spec.mode)
    for pattern in left_out(bundled):
        if any(each == pattern or each.startswith(f"{pattern}.") for each in spec.includes):
            continue
        for name in sorted(names):
            if is_left_out(name, [pattern]):
                why = f"{name} is in it, which a program with {', '.join(bundled) or 'no runtime'} does not need"
                raise VerifyFailed("contents", f"{why}; who imports it?")
    if MANIFEST.partition(".")[0] in names and "pscript" in names and "pscript" not in spec.includes:
        raise VerifyFailed("contents", "pscript is in it, though its JavaScript was made already; who imports it?")
    if "gtk" not in toolkits_of(bundled) and not _is_wished(spec, "gi"):
        for name in ("gi._gi", "gi_typelibs"):
            if name in names:
                raise VerifyFailed("contents", f"{name} is in it, which only GTK needs; who imports it?")


def _is_wished(spec: FreezeSpec, module: str) -> bool:
    """Whether the product lists a library, or its own source names it."""
    if any(each == module or each.startswith(f"{module}.") for each in spec.includes):
        return True
    return is_named(module, own_sources(spec.project))


def _check_sources(spec: FreezeSpec, files: Mapping[str, Path], packed: Mapping[str, bytes]) -> None:
    """No file of the product's source travels, unless it is among its data."""
    wished = tuple(each.target.as_posix() for each in spec.data)
    own = {}
    for file in own_sources(spec.project):
        with contextlib.suppress(OSError):
            content = file.read_bytes()
            if content.strip():
                own[content] = file
    for name, place in files.items():
        inside = name.removeprefix("_internal/")
        if name.endswith((".py", ".pyw")) and not inside.startswith(wished or ("\0",)):
            source = own.get(place.read_bytes())
            if source is not None:
                raise VerifyFailed(
                    "contents", f"{name} is the source of {source.name}; name it in `data` if it is to be"
                )
    for name, content in packed.items():
        if content in own:
            raise VerifyFailed("contents", f"{name} in the executable is the source of {own[content].name}")


def _check_paths(
    spec: FreezeSpec, files: Mapping[str, Path], packed: Mapping[str, bytes], build_folders: Sequence[Path]
) -> None:
    """No folder of this machine is named in it; a short one such as ``/app`` may stand for anything and is no sign."""
    folders = {spec.project, *build_folders}
    if sys.prefix != sys.base_prefix:
        folders.add(Path(sys.prefix))
    signs = [f"{folder}{os.sep}".encode() for folder in sorted(folders) if len(folder.parts) > 2]
    for name, content in (*((name, place.read_bytes()) for name, place in files.items()), *packed.items()):
        for sign in signs:
            if sign in content:
                where = content.index(sign)
                shown = content[where : where + 120].split(b"\0")[0].decode("utf-8", "replace")
                raise VerifyFailed("contents", f"{name} has a path of this machine in it: {shown!r}")


@contextmanager
def _screen() -> Iterator[dict[str, str]]:
    """What the environment needs so that there is a screen; a virtual one ends with the block."""
    has_screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if has_screen or not sys.platform.startswith("linux"):
        yield {}
        return
    reading, writing = os.pipe()
    command = [str(XVFB.path()), "-displayfd", str(writing), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    try:
        server = subprocess.Popen(
            command, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
    finally:
        os.close(writing)
    try:
        with open(reading, encoding="ascii") as stream:
            number = stream.readline().strip()  # ends when the server has a number, or ends itself
        if not number:
            raise VerifyFailed("screen", f"Xvfb ended with exit code {server.wait(SCREEN_START_S)} and shows no screen")
        yield {"DISPLAY": f":{number}"}
    finally:
        server.terminate()
        try:
            server.wait(SCREEN_START_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _result(file: Path) -> str:
    """What the program wrote about its self-test, for people; empty if it did not come to that."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return json.dumps(told, indent=1, ensure_ascii=False) if isinstance(told, dict) else str(told)
