"""The page of differences is a page of tables, and what it says is not there yet is not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

import deskapp
from deskapp import app
from tests.docs.markdown import ROOT

PAGE = (ROOT / "docs" / "differences.md").read_text(encoding="utf-8")
ROW = re.compile(r"\| [^|]+ \|( [^|]+)? \| [^|]+ \|( [^|]+)? \|")


def lacks_name(name: str) -> bool:
    """Whether programs cannot import it."""
    return not hasattr(deskapp, name) and not hasattr(app, name)


PROBES: dict[str, Callable[[str], bool]] = {
    "Widget": lacks_name,
}


def not_there_yet() -> list[str]:
    section = PAGE.partition("## Not there yet\n")[2].partition("\n## ")[0]
    return re.findall(r"`([^`]+)`", section)


@pytest.mark.parametrize("name", not_there_yet())
def test_what_is_not_there_yet_is_not(name: str) -> None:
    assert PROBES[name](name), f"{name} is there now: take it out of docs/differences.md"


def test_every_line_of_a_table_is_a_row() -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith("|")]
    assert len(lines) > 80
    assert [line for line in lines if not ROW.fullmatch(line)] == []


def test_nothing_is_listed_twice() -> None:
    subjects = re.findall(r"^\| ([^|]+) \|", PAGE, re.MULTILINE)
    counted = {subject: subjects.count(subject) for subject in subjects if subject not in ("what", "---")}
    assert [subject for subject, number in counted.items() if number > 1] == []
