"""The page about the architecture knows every file; a new one is added there in the same change."""

from __future__ import annotations

import re

from tests.arch.house import PACKAGE, shown, sources
from tests.docs.markdown import ROOT

TEXT = (ROOT / "docs" / "explain" / "architecture.md").read_text(encoding="utf-8")
FLOORS = TEXT[TEXT.index("\n## Floors\n") : TEXT.index("\n## Flows\n")]


def named() -> set[str]:
    """The files that the tables name, relative to the package; a name without folder is in that of the one before."""
    found: set[str] = set()
    for row in re.findall(r"^\| (`[^|]+) \|", FLOORS, re.MULTILINE):
        folder = ""
        for name in re.findall(r"`([^`]+)`", row):
            folder = name.rpartition("/")[0] or folder
            found.add(name if "/" in name or not folder else f"{folder}/{name}")
    return found


def test_every_python_file_has_its_line() -> None:
    whole = tuple(name for name in named() if name.endswith("/"))
    files = [shown(path) for path in sources() if path.name != "__init__.py"]
    assert [f for f in files if f not in named() and not f.startswith(whole)] == []


def test_every_file_of_the_client_has_its_line() -> None:
    client = (PACKAGE / "bridge" / "client").glob("*.js")
    assert [path.name for path in client if path.name not in named()] == []


def test_no_line_is_about_a_file_that_is_gone() -> None:
    client = PACKAGE / "bridge" / "client"
    assert [name for name in named() if not (PACKAGE / name).exists() and not (client / name).exists()] == []
