"""`deskapp freeze`: from a project, or a file, to a program and its installers."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deskapp.errors import SpecError

if TYPE_CHECKING:
    from deskapp.freeze import BuildReport, FreezeSpec

MEGABYTE = 1_000_000

OVERRIDES = ("name", "version", "app_id", "entry", "icon", "runtime", "mode")
"""Options that are called as the key of the table which they count more than."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what can be said of a build."""
    here = "a folder with pyproject.toml, or a Python file; this folder if nothing is given"
    parser.add_argument("what", metavar="PROJECT_OR_FILE", nargs="?", default=".", help=here)
    product = parser.add_argument_group("the product, instead of what [tool.deskapp] says")
    product.add_argument("--name", help="what people call it")
    product.add_argument("--version", help="as in PEP 440, for example 1.2")
    product.add_argument("--app-id", help="for example org.example.BodyMass")
    product.add_argument("--entry", help="MODULE:NAME, MODULE, FILE or FILE:NAME")
    product.add_argument("--icon", help="a square picture, best a .png of 1024 pixels")
    product.add_argument("--runtime", help="what shows its windows; only that goes in")
    product.add_argument("--serve", action="store_true", help="no windows: it serves, and people come with a browser")
    product.add_argument("--include", action="append", metavar="MODULE", help="take in a module that nobody imports")
    product.add_argument("--exclude", action="append", metavar="MODULE", help="leave a module out")
    shape = parser.add_argument_group("what is made")
    shape.add_argument("--mode", choices=("system", "full", "qt"), help="on Linux: what of the window system goes in")
    one = shape.add_mutually_exclusive_group()
    unpacks = "one file, which unpacks itself at each start"
    one.add_argument("--onefile", action="store_true", default=None, help=unpacks)
    one.add_argument("--onedir", dest="onefile", action="store_false", help="a folder (the default)")
    installers = "an installer, for example deb; may be repeated; 'none' makes none"
    shape.add_argument("--format", action="append", metavar="FORMAT", help=installers)
    shape.add_argument("--output", type=Path, metavar="DIR", help="instead of dist in the project")
    shape.add_argument("--spec", type=Path, metavar="FILE", help="a .spec of PyInstaller's, used as it stands")
    shape.add_argument("--spec-only", action="store_true", help="write the .spec, to be read or changed, and no more")
    workflow = "write a workflow that builds on Linux, Windows and macOS, and no more"
    shape.add_argument("--ci", choices=("github",), help=workflow)
    shape.add_argument("--sign-with", metavar="KEY", help="a secret key of minisign or gpg that signs the checksums")
    untested = "hand over what nobody has started"
    shape.add_argument("--no-self-test", dest="self_test", action="store_false", help=untested)
    told = parser.add_argument_group("what is told")
    told.add_argument("--json", action="store_true", help="the result as JSON on stdout; progress goes to stderr")
    told.add_argument("--verbose", action="store_true", help="all that the tools say")


def freeze(given: argparse.Namespace) -> int:
    """Do what the command line says.

    Returns:
        The exit code.

    Raises:
        FreezeError: The table or a stage is at fault; what was built before is as it was.
    """
    spec = read_spec(given)
    if given.ci:
        from deskapp.freeze.ci import WORKFLOW_PATH, github_workflow

        arguments = [] if Path(given.what).is_dir() else [Path(given.what).name]
        return _write(spec.project / WORKFLOW_PATH, github_workflow(spec, arguments=arguments))
    if given.spec_only:
        from deskapp.freeze.pyinstaller import spec_text

        return _write(given.spec or spec.project / f"{spec.slug}.spec", spec_text(spec))
    from deskapp.freeze import Build

    formats = None if given.format is None else formats_of(given.format)
    progress = Lines(sys.stderr if given.json else sys.stdout, verbose=given.verbose)
    report = Build(
        spec,
        formats=formats,
        spec_file=given.spec,
        output=given.output,
        self_test=given.self_test,
        sign_with=given.sign_with,
        progress=progress,
    ).run()
    if given.json:
        print(json.dumps(report.to_data(), indent=1))
    else:
        print(summary(report))
    return 0


def _write(path: Path, text: str) -> int:
    """Write a file that people may change afterwards, and keep what they have changed."""
    from deskapp.paths import atomic_write

    if path.is_file() and path.read_text(encoding="utf-8") != text:
        raise SpecError(str(path), "it is there already, and says something else; delete it to have it written anew")
    atomic_write(path, text)
    print(f"wrote {_shown(path)}")
    return 0


def read_spec(given: argparse.Namespace) -> FreezeSpec:
    """The product that the command line means.

    Raises:
        SpecError: A key is missing or wrong.
    """
    from deskapp.freeze import read_project, read_script

    what = Path(given.what)
    overrides: dict[str, object] = {key: getattr(given, key) for key in OVERRIDES if getattr(given, key) is not None}
    if given.serve:
        overrides["runtime"] = None
    if given.onefile is not None:
        overrides["onefile"] = given.onefile
    for option, key in (("include", "includes"), ("exclude", "excludes")):
        if getattr(given, option):
            overrides[key] = getattr(given, option)
    if overrides.get("icon"):
        overrides["icon"] = str(Path(str(overrides["icon"])).resolve())
    if what.is_dir():
        return read_project(what, overrides)
    place, colon, name = str(what).rpartition(":")
    if colon and name.isidentifier() and place.endswith((".py", ".pyw")):
        what = Path(place)
        overrides.setdefault("entry", f"{what.name}:{name}")
    if what.suffix not in (".py", ".pyw"):
        raise SpecError("entry", f"{str(what)!r} is neither a folder nor a Python file")
    return read_script(what, overrides)


class Lines:
    """Tells of a build line by line; what tools say, only when it is wanted or something fails."""

    def __init__(self, stream: Any, *, verbose: bool = False) -> None:
        self._stream = stream
        self._verbose = verbose
        self._is_open = False

    def begin(self, stage: str) -> None:
        self._say(f"{stage} … ", end="")
        self._is_open = True

    def line(self, text: str) -> None:
        if self._verbose:
            self._break()
            self._say(f"    {text}")

    def end(self, stage: str, seconds: float) -> None:
        self._say(f"{seconds:.1f} s" if self._is_open else f"{stage}: {seconds:.1f} s")
        self._is_open = False

    def _break(self) -> None:
        if self._is_open:
            self._say("")
            self._is_open = False

    def _say(self, text: str, *, end: str = "\n") -> None:
        print(text, end=end, file=self._stream, flush=True)


def summary(report: BuildReport) -> str:
    """What was made, for people: where it is, how large, and the hashes."""
    spec, tree = report.spec, report.tree
    count = sum(1 for _ in tree.files())
    total = sum(seconds for _, seconds in report.stages)
    lines = [
        "",
        f"{spec.name} {spec.version}, made in {total:.0f} s:",
        f"  {_shown(tree.executable)}",
        f"      {_megabytes(tree.size)}, {count} {'file' if count == 1 else 'files'}",
    ]
    for one in report.artifacts:
        lines += [f"  {_shown(one.path)}", f"      {_megabytes(one.size)}, sha256 {one.sha256}"]
    return "\n".join([*lines, *(f"note: {warning}" for warning in report.warnings)])


def _shown(path: Path) -> str:
    """As short as it can be named from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE / 10 else f"{size / 1000:.1f} kB"


def formats_of(words: Sequence[str]) -> list[str]:
    """Formats that were given one by one or joined by commas."""
    return [format for word in words for format in word.split(",") if format and format != "none"]
