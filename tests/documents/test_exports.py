"""What the documents promise of exported apps, in a browser that opens them from disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.desktop.browser import driven_chromium
from tests.desktop.program import ROOT
from tests.documents.stranger import PROGRAMS
from tests.integration.published_site import running_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(60)]

TIMEOUT_S = 15


def run_program(name: str, *arguments: str) -> str:
    """Run a program to its end; give what it printed."""
    done = subprocess.run(
        [sys.executable, str(PROGRAMS / name), *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class Exported:
    """What one run of the program left: files, and what it said."""

    def __init__(self, folder: Path, elsewhere: str) -> None:
        self.folder = folder
        self.elsewhere = elsewhere
        said = run_program("export_it.py", str(folder), elsewhere)
        self.said: list[Any] = [json.loads(line) for line in said.splitlines()]

    def text(self, *parts: str) -> str:
        """A file's text."""
        return self.folder.joinpath(*parts).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory, elsewhere: str) -> Exported:
    return Exported(tmp_path_factory.mktemp("exported"), elsewhere)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with driven_chromium() as browser:
        yield browser


def opened(browser: Browser, path: Path, text: str) -> Page:
    """Open a file from disk, and wait until it shows this text."""
    page = browser.new_page()
    page.goto(path.as_uri())
    page.get_by_text(text, exact=True).wait_for(timeout=5000)
    return page


def test_a_dump_is_a_dict_of_files_made_without_a_server(exported: Exported) -> None:
    all_embedded, remote_linked, all_linked, nothing_embedded, named, *rest = exported.said
    for files in (all_embedded, remote_linked, all_linked, nothing_embedded):
        assert "it.html" in files
    assert not [name for name in all_embedded if "mydep" in name or name.endswith(".css")]
    assert [name for name in all_linked if "mydep" in name]
    assert [name for name in all_linked if "lib" in name]  # with 2 remote assets are fetched
    assert not [name for name in nothing_embedded if "lib.css" in name]
    assert [name for name in named if name.endswith(".html")] == ["page.html"]
    assert rest == ["refused", "refused", False, False]


@pytest.mark.parametrize("link", [0, 1, 2, 3])
def test_an_exported_app_works_from_disk_in_every_link_mode(exported: Exported, browser: Browser, link: int) -> None:
    page = opened(browser, exported.folder / f"link{link}" / "page.html", f"the library of link {link}")
    color = "getComputedStyle(document.body).backgroundColor"
    page.wait_for_function(f"{color} === 'rgb(1, 2, 3)'", timeout=5000)
    is_remote = f"{exported.elsewhere}/lib.css" in page.content()
    assert is_remote == (link in (1, 3))


def test_without_data_an_app_is_one_document(exported: Exported) -> None:
    assert [path.name for path in (exported.folder / "link0").rglob("*") if path.is_file()] == ["page.html"]


def test_apps_in_one_folder_share_their_assets(exported: Exported, browser: Browser) -> None:
    opened(browser, exported.folder / "shared" / "page.html", "the library of Page")
    opened(browser, exported.folder / "shared" / "other.html", "the library of")
    libraries = [path for path in (exported.folder / "shared").rglob("*mydep*") if path.is_file()]
    assert len(libraries) == 1


def test_an_hta_says_that_it_is_one(exported: Exported) -> None:
    assert "x-ua-compatible" in exported.text("windows.hta").lower()


def test_what_exists_is_kept_if_asked(exported: Exported) -> None:
    assert exported.text("kept.html") == "mine"


def test_data_of_the_session_and_shared_data_come_along(exported: Exported, browser: Browser) -> None:
    page = browser.new_page()
    page.goto((exported.folder / "data" / "data.html").as_uri())
    page.wait_for_function(
        "[...document.images].length === 2 && [...document.images].every(i => i.naturalWidth === 9)", timeout=5000
    )


def test_a_published_app_keeps_its_name_for_those_who_have_the_token(browser: Browser, tmp_path: Path) -> None:
    with running_site(tmp_path / "site") as site:
        said = run_program("publish_it.py", site.url).splitlines()
        assert said[0] == said[1]
        assert said[2] == "PublishError"
        page = browser.new_page()
        page.goto(said[0])
        page.get_by_text("published: two", exact=True).wait_for(timeout=5000)
