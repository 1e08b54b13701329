"""The commands of `dev.py` and their arguments."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from devtools import checks, demo
from devtools.display import screen
from devtools.environment import FULL, ensure_environment
from devtools.libraries import libraries_problem
from devtools.report import ROOT, SetupProblem, Steps, say
from devtools.system import ensure_system_packages


def main(arguments: Sequence[str]) -> int:
    """Run one command; its exit code."""
    parser = _parser()
    given, rest = parser.parse_known_args(arguments)
    if rest and given.command != "test":
        parser.error(f"unknown arguments: {' '.join(rest)}")
    given.rest = rest
    # A shell that starts this in the background has it ignore Ctrl+C, and tests press that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # As with Ctrl+C, so that what was started is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        ensure_system_packages(
            for_installers=given.command in ("test", "bench", "setup"), for_long=getattr(given, "long", False)
        )
        python = ensure_environment(ROOT / ".venv", Path(sys.executable), FULL)
        libraries_problem()
        code: int = given.run(python, given)
        return code
    except SetupProblem as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        say("stopped")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py", description="Try, test and measure deskapp from a checkout.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    one = commands.add_parser("demo", help="open the demo")
    one.add_argument("--screenshot", type=Path, metavar="FILE", help="write a picture of it, then close it")
    one.add_argument("--seconds", type=float, metavar="N", help="close it after N seconds")
    one.add_argument("--toolkit", choices=["gtk", "qt"], help="what makes its window on Linux")
    one.set_defaults(run=_demo)

    one = commands.add_parser("test", help="run every check; pytest's arguments run pytest alone", allow_abbrev=False)
    one.add_argument("--fast", action="store_true", help="no windows, and on this Python only")
    one.add_argument("--long", action="store_true", help="also the tests that take minutes")
    one.set_defaults(run=_test)

    one = commands.add_parser("lint", help="style, types and floors")
    one.set_defaults(run=_lint)

    one = commands.add_parser("bench", help="run the benchmarks")
    one.add_argument("names", nargs="*", help="parts of their names; none means all")
    one.set_defaults(run=_bench)

    one = commands.add_parser("docs", help="write the generated pages of docs/reference anew")
    one.set_defaults(run=_docs)

    one = commands.add_parser("setup", help="set up what the other commands need, and no more")
    one.set_defaults(run=_setup)
    return parser


def _demo(python: Path, given: argparse.Namespace) -> int:
    with screen() as where:
        return demo.show(python, where, picture=given.screenshot, seconds=given.seconds, toolkit=given.toolkit)


def _test(python: Path, given: argparse.Namespace) -> int:
    steps = Steps()
    if given.rest:
        with screen() as where:
            checks.chosen(steps, python, where, given.rest)
        return steps.finish()
    checks.lint(steps, python)
    checks.client(steps)
    checks.libraries(steps)
    if given.fast:
        checks.windowless(steps, python)
    else:
        with screen() as where:
            checks.every_test(steps, python, where, with_long=given.long)
    return steps.finish()


def _lint(python: Path, given: argparse.Namespace) -> int:
    steps = Steps()
    checks.lint(steps, python)
    return steps.finish()


def _bench(python: Path, given: argparse.Namespace) -> int:
    steps = Steps()
    with screen() as where:
        checks.bench(steps, python, where, given.names)
    return steps.finish()


def _docs(python: Path, given: argparse.Namespace) -> int:
    return checks.reference(python)


def _setup(python: Path, given: argparse.Namespace) -> int:
    say(f"ready: {python.relative_to(ROOT)}")
    return 0
