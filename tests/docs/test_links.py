"""Links between the documents lead somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.markdown import ROOT, anchors, links, pages, shown

# Being made; to be taken out as they arrive.
AWAITED = {"docs/images/monitor-light.png"}


def faults(page: Path) -> list[str]:
    """Links of a page that lead nowhere."""
    found = []
    for link in links(page):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() and target not in {ROOT / name for name in AWAITED}:
            found.append(f"{link}: there is no such file")
        elif anchor and target.exists() and anchor not in anchors(target):
            found.append(f"{link}: {target.name} has no such heading")
    return found


@pytest.mark.parametrize("page", pages(), ids=shown)
def test_internal_links_lead_to_files_and_headings(page: Path) -> None:
    assert faults(page) == []


def test_every_page_can_be_reached_from_the_index() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "docs" / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        waiting += [(page.parent / link.partition("#")[0]).resolve() for link in links(page) if "://" not in link]
    assert [shown(page) for page in pages() if page not in reached] == []


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# One\n[a](#one) [b](#two) [c](absent.md) [d](https://example.org) [e](page.md#one) `[f](code.md)`\n",
        encoding="utf-8",
    )
    assert [fault.partition(":")[0] for fault in faults(page)] == ["#two", "absent.md"]
