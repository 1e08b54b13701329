"""A stand-in for npm, and a project with what it is asked to fetch."""

from __future__ import annotations

from pathlib import Path

FETCHES = """\
case "$*" in
    *"examples ci") /bin/mkdir -p examples/node_modules ;;
    *"frontend ci") /bin/mkdir -p packaging/frontend/node_modules/axe-core ;;
    *"frontend run build") /bin/mkdir -p deskapp/script/libraries
        for name in grid.js pico.css LICENSES.md; do echo made > deskapp/script/libraries/$name; done ;;
    *) exit 9 ;;
esac"""


def put_sources(project: Path) -> None:
    """Lock files and what stands beside them."""
    for folder, names in (
        ("examples", ("package.json", "package-lock.json", ".npmrc")),
        ("packaging/frontend", ("package.json", "package-lock.json", ".npmrc", "build.mjs")),
        ("packaging/frontend/entries", ("grid.js", "pico.css")),
    ):
        (project / folder).mkdir(parents=True, exist_ok=True)
        for name in names:
            (project / folder / name).write_text(name, encoding="utf-8")


def put_npm(project: Path, body: str = FETCHES) -> Path:
    """An npm in ``bin`` that notes its calls, one a line, in the file that is returned."""
    calls = project / "calls"
    calls.touch()
    npm = project / "bin" / "npm"
    npm.parent.mkdir(exist_ok=True)
    npm.write_text(f'#!/bin/sh\necho "$@" >> {calls}\n{body}\n', encoding="utf-8")
    npm.chmod(0o755)
    return calls
