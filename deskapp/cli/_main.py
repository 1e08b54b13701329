"""Commands, exit codes, and the one place that turns errors into text."""

from __future__ import annotations

import argparse
import difflib
import sys
import traceback
from collections.abc import Sequence

from deskapp._version import __version__
from deskapp.cli._freeze import add_options as add_freeze_options
from deskapp.cli._site import add_options as add_site_options
from deskapp.errors import DeskappError

COMMANDS = ("run", "open", "export", "freeze", "site", "doctor", "version")

# Exit codes: 0, what `run()` or the program gave, 1 when `doctor` found nothing that works, and
EXIT_ERROR = 2
EXIT_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: The arguments without the program's name; by default those of the process.

    Returns:
        The exit code; 2 after a `DeskappError`, whose text went to stderr.

    Raises:
        SystemExit: By argparse after ``--help`` or wrong options, and by programs that end that way.
    """
    ours, programs = _split(list(sys.argv[1:] if argv is None else argv))
    parser = command_parsers()["deskapp"]
    _check_command(parser, ours)
    given = parser.parse_args(ours)
    try:
        return _dispatch(given, programs)
    except DeskappError as error:
        if given.traceback:
            traceback.print_exc()
        print(f"deskapp: {error}", file=sys.stderr)
        return EXIT_ERROR
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """What is before the first ``--`` is ours, the rest is the program's."""
    at = words.index("--") if "--" in words else len(words)
    return words[:at], words[at + 1 :]


def _check_command(parser: argparse.ArgumentParser, words: list[str]) -> None:
    first = next((word for word in words if not word.startswith("-")), None)
    if not words:
        parser.error(f"a command is missing; known are {', '.join(COMMANDS)}. For example: deskapp run FILE")
    if first is None or first in COMMANDS:
        return
    if first.endswith(".py") or ":" in first:
        parser.error(f"there is no command {first!r}; did you mean: deskapp run {first}")
    near = difflib.get_close_matches(first, COMMANDS, n=1)
    known = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(COMMANDS)}."
    parser.error(f"there is no command {first!r}; {known}")


def _dispatch(given: argparse.Namespace, programs: Sequence[str]) -> int:
    # Each command's module is imported when it runs: `deskapp version` has no business loading the others.
    if given.command == "run":
        from deskapp.cli._run import run

        return run(given.target, runtime=given.runtime, arguments=programs)
    if given.command == "open":
        from deskapp.cli._open import open_anything

        return open_anything(given.what, runtime=given.runtime, size=given.size)
    if given.command == "export":
        from deskapp.cli._export import export

        return export(given.target, given.place, link=given.link, overwrite=given.overwrite)
    if given.command == "freeze":
        from deskapp.cli._freeze import freeze

        return freeze(given)
    if given.command == "site":
        from deskapp.cli._site import site

        site(given)
    if given.command == "doctor":
        from deskapp.cli._doctor import doctor

        return doctor()
    print(f"deskapp {__version__}")
    return 0


def command_parsers() -> dict[str, argparse.ArgumentParser]:
    """The parsers by command, the whole one as ``"deskapp"``; the reference page is made of them."""
    parser = argparse.ArgumentParser(prog="deskapp", description="Python in, desktop application out.")
    parser.add_argument("--version", action="version", version=f"deskapp {__version__}")
    parser.add_argument("--traceback", action="store_true", help="show where an error came from")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser(
        "run",
        help="start an app",
        usage="deskapp run [--runtime RUNTIME] TARGET [-- ARGUMENT ...]",
        description="FILE or MODULE runs as a program, which launches by itself; with :NAME, that class is launched. "
        "What follows -- goes to the program.",
    )
    run.add_argument("target", metavar="TARGET", help="FILE, FILE:NAME, MODULE or MODULE:NAME")
    run.add_argument("--runtime", help="what shows the windows, for example 'app' or 'browser'")
    opener = commands.add_parser(
        "open",
        help="show an address or a file in a window",
        description="Whatever an engine can show: a web page, an exported app, a picture.",
    )
    opener.add_argument("what", metavar="URL_OR_FILE", help="an address, or the path of a file")
    opener.add_argument("--runtime", help="what shows the window, for example 'app', 'webview-qt' or 'chrome-app'")
    opener.add_argument("--size", metavar="WIDTHxHEIGHT", help="of the page, for example 800x600")
    export = commands.add_parser(
        "export",
        help="write an app as a page that needs no Python",
        description="The app's page and what belongs to it, to be opened from disk or put on any web server. The file "
        "is imported, not run; without :NAME it has to be clear which class is meant.",
    )
    export.add_argument("target", metavar="FILE_OR_MODULE[:NAME]", help="an App, or a component class")
    export.add_argument("place", metavar="TARGET", help="a page (.html, .htm, .hta), or a folder for it")
    export.add_argument(
        "--link",
        type=int,
        choices=(0, 1, 2, 3),
        default=2,
        help="scripts and styles: 0 all in the page; 1 all but remote ones; 2 all as files (the default); 3 all but "
        "remote ones",
    )
    export.add_argument("--no-overwrite", dest="overwrite", action="store_false", help="leave files alone that exist")
    freezer = commands.add_parser(
        "freeze",
        help="make a program that runs without Python, and installers of it",
        description="A folder or a file that runs on a machine without Python, started once to see that it works, and "
        "the installers that the project names. What the product is, says [tool.deskapp] in pyproject.toml.",
    )
    add_freeze_options(freezer)
    site = commands.add_parser(
        "site",
        help="keep a site that App.publish sends apps to",
        description="Receive what App.publish sends, and show it to everybody who has its address. Sizes are written "
        "as 5000, 64K, 64M or 1G.",
    )
    add_site_options(site)
    doctor = commands.add_parser("doctor", help="what works on this machine, and what mends the rest")
    version = commands.add_parser("version", help="the version of deskapp")
    return {
        "deskapp": parser,
        "run": run,
        "open": opener,
        "export": export,
        "freeze": freezer,
        "site": site,
        "doctor": doctor,
        "version": version,
    }
