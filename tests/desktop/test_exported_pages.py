"""Exported pages in real engines: opened from disk, and from a static host."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.desktop.browser import driven_chromium
from tests.desktop.program import PROGRAMS, ROOT, Start
from tests.desktop.screen import wait_until
from tests.static_server import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.desktop, pytest.mark.once]

WAIT_MS = 10_000


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the exports of programs/exports.py in all link modes; the remote asset's server still answers."""
    folder = tmp_path_factory.mktemp("exported")
    far = tmp_path_factory.mktemp("far")
    (far / "remote.js").write_text("window.remote = 'from afar';", encoding="utf-8")
    with serving(far) as address:
        command = [sys.executable, str(PROGRAMS / "exports.py"), str(folder), f"{address}/remote.js"]
        subprocess.run(command, check=True, timeout=60, env={**os.environ, "PYTHONPATH": str(ROOT)})
        (folder / "remote").write_text(command[-1], encoding="utf-8")
        yield folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with driven_chromium() as browser:
        yield browser


class Seen:
    """A page, and what it said to its console."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.said: list[str] = []
        page.set_default_timeout(WAIT_MS)
        page.on("console", lambda line: self.said.append(f"{line.type}: {line.text}"))
        page.on("pageerror", lambda error: self.said.append(f"uncaught: {error}"))
        page.goto(url)

    def line(self, name: str) -> str:
        """What the panel shows under a name; waits for it."""
        lines = self.page.locator(f"p[data-name='{name}']")
        lines.first.wait_for()
        return lines.last.inner_text()


@pytest.fixture(params=["disk", "host"])
def base(request: pytest.FixtureRequest, exported: Path) -> Iterator[str]:
    """Where the exports are: on disk, or on a static host below a folder."""
    if request.param == "disk":
        yield exported.as_uri()
    else:
        with serving(exported.parent) as address:
            yield f"{address}/{exported.name}"


@pytest.fixture
def see(browser: Browser) -> Iterator[Any]:
    pages: list[Page] = []

    def open_page(url: str) -> Seen:
        page = browser.new_page()
        pages.append(page)
        return Seen(page, url)

    yield open_page
    for page in pages:
        page.close()


@pytest.mark.parametrize("link", range(4))
def test_an_exported_page_lives_without_python(see: Any, base: str, link: int) -> None:
    seen: Seen = see(f"{base}/link{link}/main.html")
    page = seen.page
    # What Python held, and what it had done by itself
    assert seen.line("count") == "42"
    assert seen.line("values") == "2048"
    # Assets: a script, a style from a function, a remote script, a worker at the address that was given out
    assert seen.line("shout") == "LOUD9"
    assert seen.line("remote") == "from afar"
    assert seen.line("worker") == "42"
    assert page.evaluate("getComputedStyle(document.querySelector('.panel')).color") == "rgb(1, 2, 3)"
    assert page.evaluate("getComputedStyle(document.querySelector('.panel')).paddingLeft") == "5px"
    # Data: pictures by address, and bytes
    sizes = "[...document.images].map(each => [each.naturalWidth, each.naturalHeight])"
    wait_until(lambda: page.evaluate(sizes) == [[2, 3], [2, 3]], what="pictures")
    assert seen.line("deskapp/data/shared/numbers") == seen.line("deskapp/data/main/mine") == "2048"
    # The page's own components live
    page.click("#click")
    page.click("#click")
    wait_until(lambda: seen.line("clicks") == "2", what="clicks that are counted")
    # The security policy and all else had nothing to say so far.
    assert seen.said == []
    # Python's components only show what they had.
    page.click("#call")
    page.click("#ask")
    assert seen.line("refusal") == "SessionClosedException"
    assert seen.line("count") == "42"
    assert seen.said == [
        "warning: Main_1.add() does nothing: it needs Python, and this page was exported without it.",
    ]


def test_the_same_page_is_alive_with_python(see: Any, start: Start, exported: Path) -> None:
    program = start(command=[str(PROGRAMS / "exports.py"), "serve", (exported / "remote").read_text(encoding="utf-8")])
    seen: Seen = see(program.until("serving")["url"])
    assert seen.line("deskapp/data/shared/numbers") == "2048"
    mine = seen.page.locator("p[data-name^='/_a/']")
    mine.wait_for()
    assert mine.inner_text() == "2048"  # at an address that only this page knows
    assert seen.line("worker") == "42"
    seen.page.click("#call")
    wait_until(lambda: seen.line("count") == "44", what="actions of Python's")
    assert seen.said == []
    program.interrupt()
    assert program.wait() == 130


@pytest.mark.parametrize("link", range(4))
def test_a_second_app_lives_in_the_same_folder(see: Any, base: str, exported: Path, link: int) -> None:
    seen: Seen = see(f"{base}/link{link}/second.html")
    seen.page.wait_for_selector("text=second X9")
    assert seen.said == []
    clients = list((exported / f"link{link}").rglob("deskapp-client-*.js"))
    assert len(clients) == (1 if link >= 2 else 0)


def test_injected_scripts_do_not_run(see: Any, base: str) -> None:
    seen: Seen = see(f"{base}/link0/main.html")
    seen.line("count")
    for script in ("window.injected = 1", "eval('window.injected = 1')"):
        seen.page.evaluate(
            """text => {
                const script = document.createElement("script");
                script.textContent = text;
                document.head.appendChild(script);
            }""",
            script,
        )
    assert seen.page.evaluate("window.injected") is None
    assert len([line for line in seen.said if "Content Security Policy" in line]) == 2


def test_an_hta_is_a_page_for_engines_that_can_run_it(see: Any, exported: Path, tmp_path: Path) -> None:
    page = tmp_path / "main.html"  # the engine of .hta files exists on Windows only; this looks at what it would get
    command = [
        sys.executable,
        "-m",
        "deskapp",
        "export",
        str(ROOT / "examples" / "clock.py"),
        str(tmp_path / "clock.hta"),
    ]
    subprocess.run(command, check=True, timeout=60, env={**os.environ, "PYTHONPATH": str(ROOT)})
    (tmp_path / "clock.hta").rename(page)
    seen: Seen = see(page.as_uri())
    seen.page.wait_for_selector("canvas.face")
    assert seen.page.locator("#deskapp-splash").count() == 0
    assert seen.said == []


@pytest.mark.parametrize("link", [0, 2])
def test_an_exported_page_lives_in_a_native_window(start: Start, exported: Path, link: int) -> None:
    program = start(command=[str(PROGRAMS / "opens.py"), (exported / f"link{link}" / "main.html").as_uri()])
    shown = program.until("shown", timeout_s=20)
    assert shown["lines"]["count"] == "42"
    assert shown["lines"]["worker"] == "42"
    assert shown["lines"]["deskapp/data/main/mine"] == "2048"
    assert shown["pictures"] == [2, 2]
    assert program.wait() == 0
