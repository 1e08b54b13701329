"""The tutorial shows files that exist, all of them, as they are; `test_programs` runs them."""

from __future__ import annotations

import re
from pathlib import Path

from tests.examples.program import EXAMPLES

PAGE = Path(__file__).parents[2] / "docs/tutorial/index.md"
BLOCK = re.compile(r"^```(?P<head>[^\n]+)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
TITLE = re.compile(r'python title="([\w./]+)"')


def blocks() -> list[tuple[str, str]]:
    return [(found["head"], found["code"]) for found in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))]


def test_every_program_in_the_tutorial_is_a_file_taken_over_literally() -> None:
    for head, code in blocks():
        if head != "console":
            title = TITLE.fullmatch(head)
            assert title, head
            assert code == (EXAMPLES / "tutorial" / title[1]).read_text(encoding="utf-8"), title[1]


def test_every_program_of_the_tutorial_is_shown_once() -> None:
    shown = [title[1] for head, _ in blocks() if (title := TITLE.fullmatch(head))]
    assert sorted(shown) == sorted(path.name for path in (EXAMPLES / "tutorial").glob("*.py"))


def test_links_of_the_tutorial_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGE.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (PAGE.parent / link).exists()] == []
