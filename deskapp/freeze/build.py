"""The stages of a build in order, and what came of it.

    check       tools and formats, before anything is made
    precompile  the program is run without launching anything; its JavaScript is made
    bundle      PyInstaller: a folder, or one file, that runs without Python
    look inside nothing is in it that must not be: PScript, the product's source, this machine's paths
    self-test   it is started, shows its window, and speaks with its page
    sign        where a certificate is named: the program, later each installer
    <format>    an installer, and one more
    finish      checksums; everything goes to its place

Everything is made in a folder of its own. Where the last build stands nothing changes before all of the new one is
there: then it is put in its place, by renames.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from deskapp.errors import BuildFailed, SpecError
from deskapp.freeze import _mac_bundle
from deskapp.freeze._place import put_in_place
from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.entry import entry_text
from deskapp.freeze.installers import Artifact, DistTree, Installer, installer
from deskapp.freeze.precompile import Collected, precompile
from deskapp.freeze.pyinstaller import bundle, check_tools
from deskapp.freeze.signing import Authenticode, sign_detached, signing_tools, write_checksums
from deskapp.freeze.verify import check_contents, run_self_test

WORK = Path("build", "deskapp")
"""Below the project: where builds happen."""

DIST = "dist"
"""Below the project: where the program and its installers are put."""

START_UP = "deskapp_start_up.py"
"""The start-up script; PyInstaller takes its name for that of a module, so no module of a product may be called so."""

SIGNED = (".exe", ".msi")
"""Installers that carry a signature in themselves."""

SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}

_Result = TypeVar("_Result")


class Progress(Protocol):
    """Somebody who watches a build."""

    def begin(self, stage: str) -> None:
        """A stage begins."""

    def line(self, text: str) -> None:
        """A tool of the present stage has said something."""

    def end(self, stage: str, seconds: float) -> None:
        """A stage has come to a good end."""


class Quiet:
    """Watches nothing."""

    def begin(self, stage: str) -> None:
        """Nothing is told."""

    def line(self, text: str) -> None:
        """Nothing is told."""

    def end(self, stage: str, seconds: float) -> None:
        """Nothing is told."""


@dataclass(frozen=True)
class BuildReport:
    """What a build has made.

    Attributes:
        spec: The product.
        tree: The program that runs without Python.
        artifacts: Installers, the checksums and their signatures.
        stages: Name and seconds of each stage, in order.
        warnings: Sentences about what people may want to look at.
    """

    spec: FreezeSpec
    tree: DistTree
    artifacts: tuple[Artifact, ...]
    stages: tuple[tuple[str, float], ...]
    warnings: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """As plain values: paths are texts, sizes bytes, times seconds."""
        return {
            "name": self.spec.name,
            "version": self.spec.version,
            "app_id": self.spec.app_id,
            "mode": self.spec.mode.value,
            "onefile": self.spec.onefile,
            "program": {
                "path": str(self.tree.path),
                "executable": str(self.tree.executable),
                "files": sum(1 for _ in self.tree.files()),
                "size": self.tree.size,
            },
            "artifacts": [
                {"format": one.format, "path": str(one.path), "size": one.size, "sha256": one.sha256}
                for one in self.artifacts
            ],
            "stages": [{"name": name, "seconds": round(seconds, 3)} for name, seconds in self.stages],
            "warnings": list(self.warnings),
        }


@dataclass
class Build:
    """One build of one product.

    Args:
        spec: What the product is.
        formats: Installers to be made; None takes those that the product names for this system.
        spec_file: A ``.spec`` of PyInstaller's to be used as it stands; None writes one.
        output: Where program and installers are put; None: ``dist`` in the project.
        work: Where everything is made; None: ``build/deskapp`` in the project.
        self_test: Start what was built. Without, nobody knows that it works.
        sign_with: A secret key for detached signatures of the checksums; see `deskapp.freeze.signing.sign_detached`.
        progress: Is told what happens.
    """

    spec: FreezeSpec
    formats: Sequence[str] | None = None
    spec_file: Path | None = None
    output: Path | None = None
    work: Path | None = None
    self_test: bool = True
    sign_with: str | None = None
    progress: Progress = field(default_factory=Quiet)
    _stages: list[tuple[str, float]] = field(default_factory=list, init=False)

    def run(self) -> BuildReport:
        """Do all of it.

        Raises:
            FreezeError: A stage failed; nothing of the build before is changed.
            TranspileError: Something of the product cannot become JavaScript.
        """
        spec = self.spec
        output = (self.output or spec.project / DIST).resolve()
        work = (self.work or spec.project / WORK).resolve() / spec.slug
        say = self.progress.line
        installers = self._stage("check", self._check)
        with _folder_to_itself(work), _no_room_is_an_error(self._stages):
            collected = self._stage("precompile", lambda: self._precompile(work))
            runtimes = [spec.runtime] if spec.runtime else collected.runtimes
            tree = self._stage("bundle", lambda: self._bundle(collected, runtimes, work))
            if sys.platform == "darwin":  # first, since macOS starts nothing whose signature is broken
                self._stage("finish .app", lambda: _mac_bundle.finish(spec, tree, work=_fresh(work / "app"), log=say))
            self._stage("look inside", lambda: self._look_inside(tree, runtimes, work))
            if self.self_test:
                self._stage("self-test", lambda: run_self_test(tree, log=say))
            signer = Authenticode.of(spec) if sys.platform == "win32" else None
            if signer is not None:
                self._stage("sign", lambda: signer.sign(tree.executable, log=say))
            made = [self._stage(one.format, partial(self._install, one, tree, work, signer)) for one in installers]
            placed, artifacts = self._stage("finish", lambda: self._finish(tree, made, work, output))
        return BuildReport(spec, placed, tuple(artifacts), tuple(self._stages), collected.warnings)

    def _stage(self, name: str, do: Callable[[], _Result]) -> _Result:
        self.progress.begin(name)
        started = time.monotonic()
        result = do()
        seconds = time.monotonic() - started
        self._stages.append((name, seconds))
        self.progress.end(name, seconds)
        return result

    def _check(self) -> list[Installer]:
        check_tools()
        entry_text(self.spec)
        if sys.platform == "darwin":
            _mac_bundle.check(self.spec)
        elif sys.platform == "win32":
            for tool in signing_tools(self.spec):
                tool.path()
        if self.spec_file is not None and not self.spec_file.is_file():
            raise SpecError("spec", f"there is no file {self.spec_file}; --spec-only writes one")
        found = [installer(format) for format in self._formats()]
        for one in found:
            self._check_installer(one)
        return found

    def _formats(self) -> Sequence[str]:
        if self.formats is not None:
            return self.formats
        options = getattr(self.spec, SYSTEMS.get(sys.platform, "linux"))
        formats: Sequence[str] = options.formats
        return formats

    def _check_installer(self, one: Installer) -> None:
        if one.platform not in ("any", sys.platform):
            ours = ", ".join(getattr(self.spec, SYSTEMS[sys.platform]).formats)
            why = (
                f"{one.format!r} is for {SYSTEMS[one.platform]}, and a program is frozen for the system it is frozen on"
            )
            raise SpecError("formats", f"{why} (here: {ours}). `deskapp freeze --ci github` builds on all of them")
        one.check(self.spec)
        for tool in one.tools(self.spec):
            tool.path()

    def _precompile(self, work: Path) -> Collected:
        return precompile(self.spec, _fresh(work / "precompile"), log=self.progress.line)

    def _look_inside(self, tree: DistTree, runtimes: Sequence[str], work: Path) -> None:
        for line in check_contents(self.spec, tree, runtimes=runtimes, build_folders=[work]).lines():
            self.progress.line(line)

    def _bundle(self, collected: Collected, runtimes: Sequence[str], work: Path) -> DistTree:
        entry = _fresh(work / "entry") / START_UP
        entry.write_text(entry_text(self.spec), encoding="utf-8")
        return bundle(
            self.spec,
            entry=entry,
            manifest=collected.manifest,
            modules=collected.modules,
            runtimes=runtimes,
            spec_file=self.spec_file,
            target=_fresh(work / "tree"),
            work=work / "pyinstaller",
            log=self.progress.line,
        )

    def _install(self, one: Installer, tree: DistTree, work: Path, signer: Authenticode | None) -> Artifact:
        own = _fresh(work / f"installer-{one.format}")
        ready = own / "ready"
        ready.mkdir()
        (own / "work").mkdir()
        made = one.build(self.spec, tree, target=ready, work=own / "work", log=self.progress.line)
        if signer is None or made.path.suffix not in SIGNED:
            return made
        signer.sign(made.path, log=self.progress.line)
        return Artifact.of(made.format, made.path)

    def _finish(
        self, tree: DistTree, made: Sequence[Artifact], work: Path, output: Path
    ) -> tuple[DistTree, list[Artifact]]:
        """Put everything in its place, the installers with their checksums first."""
        output.mkdir(parents=True, exist_ok=True)
        ready = list(made)
        if ready:
            sums = write_checksums(ready, _fresh(work / "sums"))
            ready.append(Artifact.of("checksums", sums))
            if self.sign_with is not None:
                signature = sign_detached(sums, self.sign_with, log=self.progress.line)
                ready.append(Artifact.of("signature", signature))
        placed = []
        for one in ready:
            put_in_place(one.path, output / one.path.name)
            placed.append(Artifact(one.format, output / one.path.name, one.size, one.sha256))
        target = output / tree.path.name
        put_in_place(tree.path, target)
        return DistTree(target, target / tree.executable.relative_to(tree.path)), placed


def _fresh(folder: Path) -> Path:
    """An empty folder of this name."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@contextlib.contextmanager
def _folder_to_itself(work: Path) -> Iterator[None]:
    """Keep a second build of the same product away."""
    import filelock

    work.mkdir(parents=True, exist_ok=True)
    try:
        with filelock.FileLock(work / "lock", timeout=0):
            yield
    except filelock.Timeout:
        why = f"another build of it is under way in {work}; wait for its end"
        raise BuildFailed("check", command=(), exit_code=1, log=why) from None


@contextlib.contextmanager
def _no_room_is_an_error(done: Sequence[tuple[str, float]]) -> Iterator[None]:
    """Turn what the file system refuses into an error of the build."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        after = f"after {done[-1][0]}" if done else "at the start"
        place = f": {error.filename}" if error.filename else ""
        why = f"{os.strerror(error.errno)}{place}. The build before is as it was."
        raise BuildFailed(f"the stage {after}", command=(), exit_code=error.errno, log=why) from error
