"""The front-end libraries in a real browser, on a page with the policy that every page of deskapp has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from deskapp._page import csp
from deskapp._spec import Csp
from deskapp.script.libraries import library, library_files, library_url
from devtools import frontend
from devtools.report import ROOT
from tests.desktop.browser import driven_chromium

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Route

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.once,
    pytest.mark.timeout(60),
    pytest.mark.skipif(
        not frontend.is_in_place(ROOT), reason="deskapp/script/libraries is not up to date: run dev.py setup"
    ),
]

ORIGIN = "http://libraries.test"
NONCE = "bm9uY2U"
TYPES = {"js": "text/javascript", "css": "text/css"}

BEGINNING = """
window.faults = [];
window.deskapp = {};
document.addEventListener("securitypolicyviolation", (event) =>
  window.faults.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
addEventListener("error", (event) => window.faults.push(event.message));
"""


@contextmanager
def page_with(*names: str) -> Iterator[Page]:
    """A page that has loaded some libraries, and at the end has had no fault."""
    urls = [library_url(part.name) for name in names for part in (library(name).script, library(name).style) if part]
    head = "".join(
        f'<link rel="stylesheet" href="{url}">'
        if url.endswith(".css")
        else f'<script src="{url}" nonce="{NONCE}"></script>'
        for url in urls
    )
    document = (
        f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Libraries</title>'
        f'<script nonce="{NONCE}">{BEGINNING}</script>{head}<body><main id="main"></main></body></html>'
    )
    asked: list[str] = []

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path == "/":
            policy = {"Content-Security-Policy": csp(Csp(), NONCE)}
            route.fulfill(content_type="text/html; charset=utf-8", headers=policy, body=document)
        elif path in urls:
            file = path.rpartition("/")[2]
            route.fulfill(path=library_files()[file], content_type=TYPES[file.rpartition(".")[2]])
        else:
            asked.append(route.request.url)
            route.abort()

    with driven_chromium() as browser:
        page = browser.new_page()
        said: list[str] = []

        def note(message: ConsoleMessage) -> None:
            # What the policy refuses is among the faults.
            if message.type in ("error", "warning") and "Content Security Policy" not in message.text:
                said.append(message.text)

        page.on("console", note)
        page.route("**/*", answer)
        page.goto(f"{ORIGIN}/")
        yield page
        assert page.evaluate("window.faults") == []
        assert said == []
        assert asked == []


def test_text_in_markdown_is_rendered_sanitised_and_its_code_has_colours() -> None:
    with page_with("markdown", "sanitizer", "highlighter", "pico") as page:
        html: str = page.evaluate(
            """() => {
                const { markdown, sanitizer, highlighter } = window.deskapp.libraries;
                const text = "# A\\n\\n**b** <script>alert(1)</script><a href='javascript:alert(1)'>c</a>\\n\\n"
                    + "| a | b |\\n|---|---|\\n| 1 | 2 |\\n\\n```python\\ndef f(): return 'x'\\n```";
                document.getElementById("main").innerHTML = sanitizer.sanitize(markdown.marked.parse(text));
                for (const code of document.querySelectorAll("pre code")) highlighter.highlightElement(code);
                return document.getElementById("main").innerHTML;
            }"""
        )
        assert "<h1>A</h1>" in html
        assert "<strong>b</strong>" in html
        assert "<td>2</td>" in html
        assert "<script" not in html
        assert "javascript:" not in html
        assert '<span class="hljs-keyword">def</span>' in html
        keyword = "getComputedStyle(document.querySelector('.hljs-keyword')).color"
        assert page.evaluate(keyword) == "rgb(121, 40, 161)"
        page.emulate_media(color_scheme="dark")
        assert page.evaluate(keyword) == "rgb(220, 198, 224)"
        page.evaluate("document.documentElement.dataset.theme = 'light'")
        assert page.evaluate(keyword) == "rgb(121, 40, 161)"
        page.emulate_media(color_scheme="light")
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        assert page.evaluate(keyword) == "rgb(220, 198, 224)"


def test_what_would_run_is_removed_by_the_sanitizer_and_refused_by_the_policy() -> None:
    with page_with("sanitizer") as page:
        clean = page.evaluate(
            "window.deskapp.libraries.sanitizer.sanitize('<img src=x: onerror=alert(1)><b onclick=x()>b</b>')"
        )
        assert clean == "<img><b>b</b>"
        # Chromium tells what the policy would have refused, though the parsed document could not have run it.
        assert set(page.evaluate("window.faults.splice(0)")) == {"script-src-attr inline "}


def test_pico_styles_what_is_inside_its_class_and_nothing_else() -> None:
    with page_with("pico") as page:
        page.evaluate(
            "document.getElementById('main').innerHTML = '<button id=a>a</button><p class=pico><button id=b>b</button>'"
        )
        paddings = [page.evaluate(f"getComputedStyle(document.getElementById('{name}')).padding") for name in "ab"]
        assert paddings == ["1px 6px", "12px 16px"]  # 0.75 and 1 rem, in a window of any width


def test_the_editor_has_colours_tells_changes_and_obeys() -> None:
    with page_with("editor") as page:
        page.evaluate(
            """nonce => {
                window.told = [];
                window.editor = window.deskapp.libraries.editor({
                    parent: document.getElementById("main"), text: "def f():\\n    return 'x'  # why\\n",
                    mode: "Python",
                    isDark: false, isReadOnly: false, nonce, label: "Your code",
                    onChange: text => window.told.push(text),
                });
                window.editor.focus();
            }""",
            NONCE,
        )
        area = page.get_by_role("textbox", name="Your code")
        colours = (
            "[...new Set([...document.querySelectorAll('.cm-line span')].map(each => getComputedStyle(each).color))]"
        )
        assert len(page.evaluate(colours)) >= 3
        page.keyboard.type("x = 1\n")
        assert page.evaluate("window.editor.text()") == "x = 1\ndef f():\n    return 'x'  # why\n"
        assert page.evaluate("window.told.at(-1)") == page.evaluate("window.editor.text()")
        count = page.evaluate("window.told.length")
        page.evaluate("window.editor.setText('y = 2')")
        assert area.inner_text().strip() == "y = 2"
        assert page.evaluate("window.told.length") == count

        page.evaluate("window.editor.setReadOnly(true)")
        assert area.get_attribute("aria-readonly") == "true"
        page.keyboard.type("z")
        assert page.evaluate("window.editor.text()") == "y = 2"
        page.evaluate("window.editor.setReadOnly(false)")
        page.keyboard.type("z")
        assert "z" in page.evaluate("window.editor.text()")

        background = "getComputedStyle(document.querySelector('.cm-editor')).backgroundColor"
        light = page.evaluate(background)
        page.evaluate("window.editor.setDark(true)")
        assert page.evaluate(background) == "rgb(40, 44, 52)" != light
        page.evaluate("window.editor.destroy()")
        assert page.evaluate("document.getElementById('main').childElementCount") == 0


def test_the_editor_knows_languages_and_takes_others_for_plain_text() -> None:
    known = ["css", "html", "javascript", "json", "markdown", "python", "sql", "typescript", "xml", "yaml"]
    known += ["htmlmixed", "js", "jsx", "md", "py", "ts", "yml", "SQL"]
    text = "# a: 1 /* x */ {\"a\": 'b'} <a b='c'> SELECT"
    with page_with("editor") as page:
        for mode in [*known, "fish", ""]:
            page.evaluate(
                """([text, mode, nonce]) => {
                    window.editor?.destroy();
                    const parent = document.getElementById("main");
                    window.editor = window.deskapp.libraries.editor({parent, text, mode, nonce});
                }""",
                [text, mode, NONCE],
            )
            assert page.locator(".cm-line").inner_text() == text
            assert (mode, page.locator(".cm-line span").count() > 0) == (mode, mode in known)


def test_the_editor_is_accessible_in_light_and_dark() -> None:
    axe = (ROOT / frontend.FOLDER / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    code = "# a comment\\nimport os\\n\\ndef f(a: int) -> str:\\n    return 'x' + str(1.5)\\n"
    with page_with("editor") as page:
        page.evaluate(axe)
        for is_dark in (False, True):
            found: list[Any] = page.evaluate(
                f"""async nonce => {{
                    document.getElementById("main").replaceChildren();
                    window.deskapp.libraries.editor({{parent: document.getElementById("main"), text: "{code}",
                        mode: "python", isDark: {str(is_dark).lower()}, nonce, label: "Code"}});
                    return (await axe.run("#main")).violations.filter(each => each.impact !== "minor")
                        .map(each => [each.id, each.nodes.map(node => node.html + node.failureSummary)]);
                }}""",
                NONCE,
            )
            assert found == []


GRID = """async nonce => {
    const { createGrid, themeQuartz } = window.deskapp.libraries.grid;
    const parent = document.getElementById("main");
    parent.style.height = "400px";
    window.blocks = [];
    window.grid = createGrid(parent, {
        columnDefs: [
            { field: "id", filter: "agNumberColumnFilter" },
            { field: "name", filter: "agTextColumnFilter", cellStyle: { fontWeight: "bold" } },
        ],
        rowModelType: "infinite",
        datasource: {
            getRows({ startRow, endRow, successCallback }) {
                window.blocks.push(startRow);
                const rows = [];
                for (let id = startRow; id < Math.min(endRow, 100000); id++) rows.push({ id, name: `row ${id}` });
                successCallback(rows, 100000);
            },
        },
        getRowId: ({ data }) => String(data.id),
        cacheBlockSize: 100,
        maxBlocksInCache: 10,
        rowSelection: { mode: "multiRow", checkboxes: true, headerCheckbox: false },
        theme: themeQuartz,
        styleNonce: nonce,
        columnHoverHighlight: true,
        autoSizeStrategy: { type: "fitGridWidth" },
        localeText: { noRowsToShow: "nothing" },
    });
}"""


def test_the_grid_shows_a_hundred_thousand_rows_of_which_it_fetches_what_is_seen() -> None:
    with page_with("grid") as page:
        page.evaluate(GRID, NONCE)
        page.get_by_text("row 0", exact=True).wait_for()
        assert page.locator("[aria-rowcount]").first.get_attribute("aria-rowcount") == "100001"
        page.evaluate("window.grid.ensureIndexVisible(99999)")
        page.get_by_text("row 99999", exact=True).wait_for()
        assert len(page.evaluate("window.blocks")) < 20
        assert page.locator(".ag-row").count() < 100
        page.locator(".ag-row").filter(has_text=re.compile("row 99999$")).get_by_role("checkbox").click()
        assert page.evaluate("window.grid.getSelectedRows()") == [{"id": 99999, "name": "row 99999"}]
        cell = page.get_by_text("row 99999", exact=True)
        assert cell.evaluate("each => getComputedStyle(each).fontWeight") == "700"
        root = "getComputedStyle(document.querySelector('.ag-root-wrapper')).backgroundColor"
        light = page.evaluate(root)
        page.evaluate("document.documentElement.dataset.agThemeMode = 'dark'")
        assert page.evaluate(root) != light


def test_the_grid_sorts_and_filters_rows_that_it_has_all() -> None:
    with page_with("grid") as page:
        page.evaluate(
            """nonce => {
                const { createGrid, themeQuartz } = window.deskapp.libraries.grid;
                const parent = document.getElementById("main");
                parent.style.height = "400px";
                window.grid = createGrid(parent, {
                    columnDefs: [{ field: "name", filter: "agTextColumnFilter" }],
                    rowData: ["b", "a", "c"].map(name => ({ name })),
                    getRowId: ({ data }) => data.name,
                    theme: themeQuartz,
                    styleNonce: nonce,
                });
            }""",
            NONCE,
        )

        def shown() -> list[str]:
            seen: list[str] = page.evaluate(
                "() => { const names = [];"
                " window.grid.forEachNodeAfterFilterAndSort(node => names.push(node.data.name)); return names; }"
            )
            return seen

        page.locator(".ag-cell").first.wait_for()
        page.get_by_role("columnheader", name="Name").click()
        assert shown() == ["a", "b", "c"]
        page.evaluate("window.grid.setFilterModel({name: {filterType: 'text', type: 'notEqual', filter: 'b'}})")
        assert shown() == ["a", "c"]
        page.evaluate("window.grid.applyTransaction({add: [{name: 'd'}], remove: [{name: 'a'}]})")
        assert shown() == ["c", "d"]
