"""Frozen programs: how large they are, and how long they take to start.

Sizes are those of ``examples/counter.py``, against what PyInstaller makes of it by itself. Starts are those of a
program that launches a window and ends at the first reaction in its page, from the start of its process; every other
one is that of the peer. What is built is kept until the end of the run.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import _child
from benchmarks._child import ROOT, Failed, Places
from benchmarks._peers import summary
from benchmarks._table import Met, Row, at_most

MB = 1_000_000
SIZE_AIM = 1 / 12
SIZE_LIMIT_MB = 16.0
FILES_LIMIT = 80
DEB_LIMIT_MB = 6.5
FULL_LIMIT_MB = 105.0
START_AIM = 1.0
ONEFILE_AIM = 1.15
PAIRS = 11
BUILD_TIMEOUT_S = 900.0

COUNTER = ("examples/counter.py", "--runtime", "webview")
# It ends before a self-test could speak with its page.
LAUNCHED = (
    *(".", "--entry", "benchmarks.children.launch_app"),
    *("--name", "launched", "--runtime", "webview", "--no-self-test"),
)


def measure_size(places: Places) -> Row:
    """Bytes of the folder."""
    ours = _size(_frozen(places, "system", COUNTER))
    plain = _size(_plain(places))
    ratio = ours / plain
    met = Met.YES if ratio <= SIZE_AIM and ours <= SIZE_LIMIT_MB * MB else Met.NO
    aim = f"at most 1/{1 / SIZE_AIM:.0f}, {SIZE_LIMIT_MB:.0f} MB"
    return Row("frozen counter, bytes", _mb(ours), f"plain PyInstaller {_mb(plain)}", f"1/{1 / ratio:.1f}", aim, met)


def measure_files(places: Places) -> Row:
    """Files of the folder."""
    ours = len(_files(_frozen(places, "system", COUNTER)))
    plain = len(_files(_plain(places)))
    peer = f"plain PyInstaller {plain}"
    aim = f"at most {FILES_LIMIT}"
    return Row("frozen counter, files", str(ours), peer, f"1/{plain / ours:.0f}", aim, at_most(ours, FILES_LIMIT))


def measure_deb(places: Places) -> Row:
    """Bytes of the package for Debian."""
    if shutil.which("dpkg-deb") is None:
        return Row("frozen counter, .deb", "UNKNOWN", "no dpkg here", "", "", Met.UNKNOWN)
    [deb] = _frozen(places, "deb", (*COUNTER, "--format", "deb")).parent.glob("*.deb")
    size = deb.stat().st_size
    limit = DEB_LIMIT_MB * MB
    aim = f"at most {DEB_LIMIT_MB} MB"
    return Row("frozen counter, .deb", _mb(size), "", f"{size / limit:.2f}", aim, at_most(size, limit))


def measure_start(places: Places) -> Row:
    """From the start of the process to the first reaction in the page, against the program as it is."""
    frozen = [str(_executable(_frozen(places, "launched", LAUNCHED)))]
    source = [sys.executable, "-m", "benchmarks.children.launch_app"]
    return _compare(places, "frozen program, start to first reaction", frozen, source, "not frozen", START_AIM)


def measure_onefile(places: Places) -> Row:
    """As `measure_start`: one file against a folder."""
    onefile = [str(_executable(_frozen(places, "launched-onefile", (*LAUNCHED, "--onefile"))))]
    folder = [str(_executable(_frozen(places, "launched", LAUNCHED)))]
    return _compare(places, "frozen program of one file, likewise", onefile, folder, "folder", ONEFILE_AIM)


def measure_full(places: Places) -> Row:
    """Bytes of an AppImage's squashfs that brings WebKitGTK along."""
    what, aim = "frozen counter with WebKitGTK, compressed", f"at most {FULL_LIMIT_MB:.0f} MB"
    if shutil.which("mksquashfs") is None:
        return Row(what, "UNKNOWN", "no mksquashfs here: sudo apt install squashfs-tools", "", aim, Met.UNKNOWN)
    tree = _frozen(places, "full", (*COUNTER, "--mode", "full"))
    packed = tree.parent / "full.squashfs"
    packed.unlink(missing_ok=True)
    command = ["mksquashfs", str(tree), str(packed), "-comp", "zstd", "-Xcompression-level", "19", "-quiet"]
    subprocess.run([*command, "-no-progress"], check=True, stdin=subprocess.DEVNULL)
    size, limit = packed.stat().st_size, FULL_LIMIT_MB * MB
    note = f"unpacked {_mb(_size(tree))}"
    return Row(what, _mb(size), "", f"{size / limit:.2f}", aim, at_most(size, limit), (note,))


def _compare(places: Places, what: str, ours: Sequence[str], peer: Sequence[str], name: str, aim: float) -> Row:
    mine: list[float] = []
    theirs: list[float] = []
    for pair in range(places.times(PAIRS) + 1):
        found = [_child.run_command(places, command)[0] for command in (ours, peer)]
        if pair:  # the first one fills the caches
            mine.append(found[0])
            theirs.append(found[1])
    ratio = statistics.median(one / other for one, other in zip(mine, theirs, strict=True))
    return Row(
        what,
        f"{statistics.median(mine):.0f} ms",
        f"{name} {statistics.median(theirs):.0f} ms",
        f"{ratio:.2f}",
        f"at most {aim}",
        at_most(ratio, aim),
        (f"ours {summary(mine, 'ms', 0)}; {name} {summary(theirs, 'ms', 0)}",),
    )


def _frozen(places: Places, name: str, arguments: Sequence[str]) -> Path:
    """The folder that `deskapp freeze` makes; made once in a run."""
    output = _place(places) / name
    if not output.exists():
        formats = () if "--format" in arguments else ("--format", "none")
        command = [sys.executable, "-m", "deskapp", "freeze", *arguments, *formats, "--output", str(output)]
        _build(places, command)
    [tree] = [path for path in output.iterdir() if path.is_dir()]
    return tree


def _plain(places: Places) -> Path:
    """The folder that PyInstaller makes by itself."""
    output = _place(places) / "plain"
    if not output.exists():
        own = ["--distpath", str(output), "--workpath", str(output / "work"), "--specpath", str(output / "work")]
        command = [
            sys.executable,
            "-m",
            "benchmarks.children.plain_pyinstaller",
            "--noconfirm",
            "--log-level",
            "ERROR",
            *own,
        ]
        _build(places, [*command, str(ROOT / "examples/counter.py")])
    return output / "counter"


def _place(places: Places) -> Path:
    return Path(places.env["XDG_CACHE_HOME"]).parent / "frozen"


def _build(places: Places, command: Sequence[str]) -> None:
    _child.run_command(places, command, timeout_s=BUILD_TIMEOUT_S)


def _executable(tree: Path) -> Path:
    return tree / tree.name


def _files(tree: Path) -> list[Path]:
    found = [path for path in tree.rglob("*") if path.is_file() and not path.is_symlink()]
    if not found:
        raise Failed(f"there is nothing in {tree}")
    return found


def _size(tree: Path) -> int:
    return sum(path.stat().st_size for path in _files(tree))


def _mb(size: int) -> str:
    return f"{size / MB:.1f} MB"
