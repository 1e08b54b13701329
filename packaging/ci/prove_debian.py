"""Proves that frozen programs work on Debian systems that are not this one: fresh ones, without Python.

    sudo .venv/bin/python packaging/ci/prove_debian.py [--release trixie] [--shape deb] [--shape onefile]

The monitor of the examples is frozen in three shapes, and each is run in fresh Debian 12 and 13 roots:

    deb       installed with apt, which gets what it depends on and nothing more; run by its name from the menu's search
              path; then purged: not one file may be there that was not there before
    onefile   run where the packages are that the .deb depends on
    full      run, from a folder and as an AppDir that nobody can write to, where neither GTK nor WebKit is, only what
              `FULL_NEEDS` names

"Run" is the self-test of a frozen program, as a plain user on a virtual screen: it opens its window, waits for the page
to connect, makes a round trip, closes, and says so. The screen is this machine's, so the roots have nothing of X either
that was not asked for.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT))  # behind the libraries: one of them is called as the folder that this file is in

from debian_roots import (  # noqa: E402
    HOME,
    RELEASES,
    ProofFailed,
    Root,
    changes,
    ensure_base,
    is_of_the_books,
    last_lines,
    remove,
    sources_for,
    sources_text,
    unpack,
)

from devtools.display import xvfb  # noqa: E402
from devtools.report import SetupProblem  # noqa: E402

PROJECT = ROOT / "examples" / "monitor"
SHAPES = ("deb", "onefile", "full")
SELF_TEST_S = 180.0

# What a program with WebKit inside needs of the system: drivers and what they share with the program, the protocol of
# the screen, fonts. All of it is on every desktop.
FULL_NEEDS = (
    "fontconfig-config",
    "fonts-dejavu-core",
    "libdrm2",
    "libegl1",
    "libexpat1",
    "libgl1",
    "libgles2",
    "libwayland-client0",
    "libwayland-cursor0",
    "libwayland-egl1",
    "libwayland-server0",
    "libx11-6",
    "libx11-xcb1",
    "libxcb1",
)

# Beginnings of the names of packages that no root may have, where the program brings along what is in them.
PYTHON = ("python3", "libpython3")
WINDOW_SYSTEM = ("libgtk-", "libwebkit", "libjavascriptcore", "gir1.2-", "libgirepository", *PYTHON)


@dataclass(frozen=True)
class Frozen:
    """The program in its shapes.

    Attributes:
        command: Name of the program.
        deb: The package.
        onefile: The single file.
        full: The folder of the program with WebKit inside.
        image: The same as an AppDir, or packed into a file system.
    """

    command: str
    deb: Path | None = None
    onefile: Path | None = None
    full: Path | None = None
    image: Path | None = None


@dataclass
class Table:
    """What was proven, line by line."""

    rows: list[tuple[str, str, str, float, int]] = field(default_factory=list)
    failed: bool = False

    def prove(self, system: str, what: str, size: int, proof: Callable[[], str]) -> bool:
        """Run one proof, which returns what it found or raises `ProofFailed`; whether it holds."""
        started = time.monotonic()
        try:
            outcome, holds = f"ok: {proof()}", True
        except ProofFailed as error:
            say(f"{system}, {what}: {error}")
            outcome, holds = f"FAILED: {textwrap.shorten(str(error).splitlines()[0], 100)}", False
            self.failed = True
        seconds = time.monotonic() - started
        self.rows.append((system, what, outcome, seconds, size))
        say(f"{system}, {what}: {outcome} ({seconds:.1f} s)")
        return holds

    def text(self) -> str:
        """All of it, one proof a line."""
        width = max((len(what) for _, what, _, _, _ in self.rows), default=0)
        lines = [
            f"{system:<12}  {what:<{width}}  {seconds:6.1f} s  {f'{size / 1e6:.1f} MB' if size else '':>9}  {outcome}"
            for system, what, outcome, seconds, size in self.rows
        ]
        return "\n".join(["=" * (width + 46), *lines])


def main(arguments: Sequence[str]) -> int:
    """Prove all that is asked for; 1 if something does not hold."""
    given = _parser().parse_args(arguments)
    if os.geteuid() != 0:
        say("only root can enter another system's root: run it with sudo")
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that no root is left behind
    table = Table()
    shapes, releases = given.shape or SHAPES, given.release or list(RELEASES)
    given.cache.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix="deskapp-proof-", dir=given.work) as folder, _screen() as display:
            frozen = freeze(shapes, given.frozen or Path(folder, "frozen"), table, squashfs=given.squashfs)
            for release in releases:
                mirror = None if given.mirror is None else [f"{given.mirror}|{release}|main"]
                sources = sources_for(release) if mirror is None else sources_text(mirror, release)
                say(f"the base system of {RELEASES[release]}")
                base = ensure_base(release, given.cache, sources)
                roots = Roots(base, Path(folder), given.cache / f"archives-{release}", display)
                if frozen.deb or frozen.onefile:
                    prove_packaged(RELEASES[release], roots, frozen, table)
                if frozen.full:
                    prove_full(RELEASES[release], roots, frozen, table)
    except ProofFailed as error:
        say(str(error))
        table.failed = True
    say(f"what was proven\n{table.text()}")
    return 1 if table.failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--release", action="append", choices=list(RELEASES), help="may be repeated; default: all")
    parser.add_argument("--shape", action="append", choices=SHAPES, help="may be repeated; default: all")
    parser.add_argument(
        "--cache", type=Path, default=Path("/var/cache/deskapp-proofs"), help="keeps base systems and packages"
    )
    parser.add_argument(
        "--work", type=Path, help="where programs and roots lie meanwhile; default: the temporary folder"
    )
    parser.add_argument("--frozen", type=Path, help="keeps the frozen programs, and takes those that are there already")
    parser.add_argument("--squashfs", action="store_true", help="pack the AppDir as an AppImage has it; takes minutes")
    parser.add_argument("--mirror", metavar="URL", help="of Debian, instead of those of this machine's apt")
    return parser


# -- the programs ------------------------------------------------------------------------------------------------------


def freeze(shapes: Sequence[str], folder: Path, table: Table, *, squashfs: bool = False) -> Frozen:
    """Freeze the monitor in some shapes, each of which tests itself on this machine before it counts as made.

    Raises:
        ProofFailed: One could not be made.
    """
    from deskapp.freeze import read_project

    command = read_project(PROJECT).slug
    made: dict[str, Path] = {}
    here = "this machine"
    if "deb" in shapes:
        _freeze(table, here, "system", folder / "system", "--format", "deb")
        made["deb"] = _only(folder / "system", "*.deb")
    if "onefile" in shapes:
        _freeze(table, here, "onefile", folder / "onefile", "--onefile", "--format", "none")
        made["onefile"] = folder / "onefile" / command / command
    if "full" in shapes:
        _freeze(table, here, "full", folder / "full", "--mode", "full", "--format", "none")
        made["full"] = folder / "full" / command
        made["image"] = _image(made["full"], command, squashfs=squashfs)
    return Frozen(command, **made)


def _freeze(table: Table, system: str, what: str, output: Path, *options: str) -> None:
    if output.is_dir():
        say(f"{what}: as it lies in {output}")
        return

    def proof() -> str:
        started = time.monotonic()
        # The example is imported from here.
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        command = [sys.executable, "-m", "deskapp", "freeze", str(PROJECT), "--json", "--output", str(output), *options]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise ProofFailed(f"it cannot be frozen:\n{last_lines(done.stderr + done.stdout)}")
        program = json.loads(done.stdout)["program"]
        return f"frozen and tested in {time.monotonic() - started:.0f} s, {program['files']} files"

    if not table.prove(system, what, 0, proof):
        raise ProofFailed(f"without {what} there is nothing to prove")
    table.rows[-1] = (*table.rows[-1][:4], _size(output / PROJECT.name))


def _image(tree: Path, command: str, *, squashfs: bool) -> Path:
    from deskapp.freeze import read_project
    from deskapp.freeze.installers import DistTree
    from deskapp.freeze.installers.appimage import make_appdir, make_squashfs

    folder, image = tree.parent / f"{command}.AppDir", tree.parent / f"{command}.squashfs"
    if not folder.is_dir():
        make_appdir(read_project(PROJECT, {"mode": "full"}), DistTree(tree, tree / command), folder)
    if not squashfs:
        return folder
    if not image.is_file():
        say("packing the AppDir")
        make_squashfs(folder, image, log=say)
    return image


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise ProofFailed(f"{len(found)} files in {folder} are called {pattern}, and one should be")
    return found[0]


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(one.lstat().st_size for one in path.rglob("*") if not one.is_dir() or one.is_symlink())


# -- the proofs --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Roots:
    """Makes fresh roots of one release.

    Args:
        base: The archive of its base system.
        work: Where they lie.
        archives: The packages that apt has fetched already.
        display: The screen.
    """

    base: Path
    work: Path
    archives: Path
    display: str

    @contextlib.contextmanager
    def fresh(self, name: str) -> Iterator[Root]:
        """A root that is gone after the block."""
        folder = self.work / f"root-{self.base.stem}-{name}"
        try:
            yield unpack(self.base, folder, self.archives)
        finally:
            remove(folder)

    def self_test(self, root: Root, program: str, image: Path | None = None) -> str:
        """Have a program in a root test itself; how long it took until its page was there.

        Raises:
            ProofFailed: It failed.
        """
        env = {"DISPLAY": self.display, "XDG_RUNTIME_DIR": f"/{HOME}/runtime"}
        runtime = root.folder / HOME / "runtime"
        runtime.mkdir(mode=0o700, exist_ok=True)
        shutil.chown(runtime, *_owner(root.folder / HOME))
        result = HOME / "self-test.json"
        (root.folder / result).unlink(missing_ok=True)
        done = root.run(program, f"--self-test=/{result}", deadline_s=SELF_TEST_S, as_user=True, env=env, image=image)
        if done.exit_code != 0 or not (root.folder / result).is_file():
            end = "did not end in time" if done.exit_code is None else f"ended with exit code {done.exit_code}"
            raise ProofFailed(f"{program} --self-test {end}:\n{last_lines(done.text)}")
        told = json.loads((root.folder / result).read_text(encoding="utf-8"))
        windows = [window for window in told["shown"] if str(window["runtime"]).startswith("webview")]
        if not told["ok"] or not windows:
            raise ProofFailed(f"{program} --self-test showed no window of its own: {told}")
        return f"{windows[0]['runtime']}, page connected after {windows[0]['connected_s']:.2f} s"


def prove_packaged(system: str, roots: Roots, frozen: Frozen, table: Table) -> None:
    """The .deb from installing to removing; the single file where that has what it needs."""
    with roots.fresh("packaged") as root:
        deb = frozen.deb
        if deb is None:
            raise ProofFailed("the single file needs the packages of the .deb: add --shape deb")
        name, inside = frozen.command, Path("root") / deb.name
        shutil.copy(deb, root.folder / inside)
        depends = subprocess.run(["dpkg-deb", "-f", str(deb), "Depends"], capture_output=True, text=True, check=True)

        # What the packages of others leave behind is not to be told of ours: they come and go once beforehand. Some
        # stay, as an init does that a session bus brought along: apt lets nobody lose that.
        def come_and_go() -> str:
            bare = root.installed()
            root.apt("satisfy", "--no-install-recommends", depends.stdout.strip())
            came = sorted(root.installed() - bare)
            _check_absent(root, PYTHON)
            if root.run("apt-mark", "auto", *came).exit_code != 0:
                raise ProofFailed("apt-mark does not mark what came as not asked for")
            root.apt("autoremove", "--purge")
            stayed = root.installed() - bare
            return f"{len(came)} packages came, none of them Python; {len(stayed)} of them stay"

        if not table.prove(system, "what the .deb depends on, alone", 0, come_and_go):
            return
        basis, before = root.installed(), root.state()

        def install() -> str:
            root.apt("install", "--no-install-recommends", f"/{inside}")
            came = root.installed() - basis
            for path in (f"usr/bin/{name}", "usr/share/applications/org.example.Monitor.desktop"):
                if not (root.folder / path).exists() and not (root.folder / path).is_symlink():
                    raise ProofFailed(f"/{path} was not installed")
            return f"{len(came)} packages"

        if not table.prove(system, "deb: apt install", _size(deb), install):
            return
        table.prove(system, "deb: self-test", _installed_size(root, name), lambda: roots.self_test(root, name))
        if frozen.onefile is not None:
            single = HOME / "single file" / frozen.onefile.name
            (root.folder / single).parent.mkdir()
            shutil.copy(frozen.onefile, root.folder / single)
            table.prove(
                system, "onefile: self-test", _size(frozen.onefile), lambda: roots.self_test(root, f"/{single}")
            )

        def purge() -> str:
            owned = root.run("dpkg", "-L", name).text.split("\n")
            root.apt("purge", name)
            root.apt("autoremove", "--purge")
            _check_same_packages(basis, root)
            after = root.state()
            left = changes(before, after)
            left += [f"+ /{path}" for path in after if is_of_the_books(path) and _is_ours(path, name)]
            if left:
                raise ProofFailed("not as it was before:\n" + "\n".join(left[:40]))
            own = [path for path in owned if path.startswith("/") and path.strip("/") not in before]
            return f"{len(own)} files and folders of its own gone, {len(after)} others as before"

        table.prove(system, "deb: apt purge, autoremove", 0, purge)


def prove_full(system: str, roots: Roots, frozen: Frozen, table: Table) -> None:
    """The program with WebKit inside, where there is neither GTK nor WebKit."""
    if frozen.full is None or frozen.image is None:
        raise ProofFailed("it was not frozen in this shape")
    with roots.fresh("full") as root:

        def prepare() -> str:
            basis = root.installed()
            root.apt("install", "--no-install-recommends", *FULL_NEEDS)
            _check_absent(root, WINDOW_SYSTEM)
            return f"{len(root.installed() - basis)} packages, none of GTK, WebKit or Python"

        if not table.prove(system, "what `full` needs", 0, prepare):
            return
        place = Path("opt") / "a folder of its own"
        shutil.copytree(frozen.full, root.folder / place, symlinks=True)
        program = f"/{place}/{frozen.command}"
        table.prove(system, "full: self-test", _size(frozen.full), lambda: roots.self_test(root, program))
        remove(root.folder / place)
        image = frozen.image
        table.prove(
            system, f"full, {image.suffix[1:]}: self-test", _size(image),
            lambda: roots.self_test(root, "/mnt/AppRun", image),
        )  # fmt: skip


def _check_absent(root: Root, beginnings: tuple[str, ...]) -> None:
    found = sorted(name for name in root.installed() if name.startswith(beginnings))
    if found:
        raise ProofFailed(f"the root has what it must do without: {', '.join(found)}")


def _check_same_packages(basis: set[str], root: Root) -> None:
    now = root.installed()
    if now != basis:
        raise ProofFailed(f"other packages than before: {', '.join(sorted(now ^ basis))}")


def _is_ours(path: str, name: str) -> bool:
    """Whether a file of dpkg's or of a cache is about the program, which is fine in logs alone."""
    is_log = path.startswith("var/log/") or path.startswith("var/cache/apt/archives/")
    stem = Path(path).name
    return not is_log and (stem == name or stem.startswith((f"{name}.", f"{name}:", f"{name}_")) or "Monitor" in stem)


def _installed_size(root: Root, name: str) -> int:
    return _size(root.folder / "usr/lib" / name)


def _owner(path: Path) -> tuple[int, int]:
    facts = path.stat()
    return facts.st_uid, facts.st_gid


# -- the screen --------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _screen() -> Iterator[str]:
    """A virtual screen that everybody on this machine may use, and nobody elsewhere; ends with the block."""
    if shutil.which("Xvfb") is None:
        raise ProofFailed("Xvfb is missing; sudo apt install xvfb")
    with contextlib.ExitStack() as stack:
        try:
            display = stack.enter_context(xvfb("-ac", size="1280x1024"))
        except SetupProblem as problem:
            raise ProofFailed(str(problem)) from None
        yield display


def say(text: str) -> None:
    """One line to the person at the terminal."""
    sys.stdout.write(f"prove_debian: {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
