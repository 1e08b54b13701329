"""The page of promises is complete, the tests that it names exist, and a run in which they did not pass fails."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.coverage_page import Claim, CoverageWatch, covers, read_claims
from tests.docs.markdown import ROOT

pytest_plugins = ["pytester"]

PAGE = ROOT / "docs" / "coverage.md"
PROMISES = 307


def names_of(test_file: Path) -> dict[str, set[str]]:
    """Tests of a file, as ``name`` or ``Class::name``, with the markers that are written at them or for all of them."""
    names: dict[str, set[str]] = {}

    def visit(body: list[ast.stmt], prefix: str, inherited: set[str]) -> None:
        for node in body:
            if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "pytestmark" for t in node.targets):
                inherited |= marks_in([node.value])
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                names[prefix + node.name] = inherited | marks_in(node.decorator_list)
            elif isinstance(node, ast.ClassDef):
                visit(node.body, f"{prefix}{node.name}::", inherited | marks_in(node.decorator_list))

    visit(ast.parse(test_file.read_text(encoding="utf-8")).body, "", set())
    return names


def marks_in(decorators: list[ast.expr]) -> set[str]:
    """What stands behind ``pytest.mark.`` in them; single cases of a test (`pytest.param`) are the watch's business."""
    todo: list[ast.AST] = list(decorators)
    marks = set()
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "mark":
            marks.add(node.attr)
        if not (isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "param"):
            todo.extend(ast.iter_child_nodes(node))
    return marks


def test_every_number_is_there_once_and_in_order() -> None:
    assert [claim.number for claim in read_claims(PAGE)] == list(range(1, PROMISES + 1))


def test_every_named_test_exists_and_runs_with_the_others() -> None:
    known: dict[str, dict[str, set[str]]] = {}
    faults = []
    for claim in read_claims(PAGE):
        for named in claim.tests:
            path, _, name = named.partition("[")[0].partition("::")
            if path not in known:
                known[path] = names_of(ROOT / path) if (ROOT / path).is_file() else {}
            marks = known[path].get(name)
            if marks is None or not name.rpartition("::")[2].startswith("test_"):
                faults.append(f"{claim.number}: there is no test {named}")
            elif marks & {"long", "skip", "skipif", "xfail"}:
                faults.append(f"{claim.number}: {named} is not run with every change: {sorted(marks)}")
    assert faults == []


def test_no_promise_is_without_words() -> None:
    assert [claim.number for claim in read_claims(PAGE) if len(claim.text) < 8] == []


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("| 1 | it works | |", "no row"),
        ("| 1 | it works |  |  |", "no row"),
        ("| 1 | it works | by looking at it |  |", "must name tests"),
        ("| 1 | it works | `tests/a.py::test_a` and more |  |", "must name tests"),
    ],
)
def test_a_row_that_names_no_test_is_refused(row: str, error: str, tmp_path: Path) -> None:
    page = tmp_path / "coverage.md"
    page.write_text(f"| number | promise | tests | remark |\n| --- | --- | --- | --- |\n{row}\n")
    with pytest.raises(ValueError, match=error):
        read_claims(page)


def test_a_row_is_read_with_its_tests_and_its_remark(tmp_path: Path) -> None:
    page = tmp_path / "coverage.md"
    page.write_text("text\n| 7 | it works | `tests/a.py::test_a`, `tests/b.py::test_b[x-1]` | later |\n")
    claim = Claim(7, "it works", ("tests/a.py::test_a", "tests/b.py::test_b[x-1]"), "later")
    assert read_claims(page) == [claim]


def test_a_name_covers_all_its_cases_and_a_case_only_itself() -> None:
    assert covers("tests/a.py::test_a", "tests/a.py::test_a")
    assert covers("tests/a.py::test_a", "tests/a.py::test_a[x::y]")
    assert covers("tests/a.py::test_a[x]", "tests/a.py::test_a[x]")
    assert not covers("tests/a.py::test_a[x]", "tests/a.py::test_a[y]")
    assert not covers("tests/a.py::test_a", "tests/a.py::test_ab")


# -- the watch, in runs of pytest of its own ---------------------------------------------------------------------------

CONFTEST = """
from pathlib import Path
from tests.coverage_page import CoverageWatch

def pytest_configure(config):
    config.pluginmanager.register(CoverageWatch(Path("coverage.md")))
"""

INI = """
[pytest]
testpaths = tests
addopts = -p no:randomly -p no:asyncio
markers =
  desktop: opens a window
  long: takes long
"""

TESTS = """
import pytest

def test_plain(): pass

@pytest.mark.parametrize("n", [1, 2])
def test_cases(n): assert n < 3

def test_other(): pass

@pytest.mark.desktop
def test_window(): pass

@pytest.mark.parametrize("n", [1, pytest.param(2, marks=pytest.mark.long)])
def test_half_long(n): pass

@pytest.mark.long
def test_long(): pass

def test_skipped(): pytest.skip("no")

@pytest.mark.desktop
def test_skipped_window(): pytest.skip("no")

@pytest.mark.xfail(strict=False)
def test_hoped_for(): pass

@pytest.fixture
def broken():
    yield
    raise RuntimeError("broken")

def test_that_breaks_afterwards(broken): pass
"""

GOOD_TESTS = TESTS.partition("@pytest.fixture")[0]


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    """A suite of tests that is watched; its page is yet to be written."""
    pytester.makeini(INI)
    pytester.makepyfile(**{"tests/test_it": TESTS})
    pytester.makepyfile(**{"tests/conftest": CONFTEST})
    return pytester


def run(suite: pytest.Pytester, named: str, *options: str) -> tuple[int, str]:
    """Run it with a page that names one test; give the exit code and what was said about the page."""
    suite.path.joinpath("coverage.md").write_text(f"| 5 | it works | `tests/test_it.py::{named}` |  |\n")
    result = suite.runpytest_inprocess(*options)
    said = [line for line in result.outlines if line.startswith("5: ")]
    return int(result.ret), "\n".join(said)


@pytest.mark.parametrize("named", ["test_plain", "test_cases", "test_cases[2]", "test_window", "test_half_long"])
def test_a_run_in_which_the_named_tests_passed_is_good(suite: pytest.Pytester, named: str) -> None:
    suite.makepyfile(**{"tests/test_it": GOOD_TESTS})
    assert run(suite, named) == (0, "")


@pytest.mark.parametrize(
    ("named", "fault"),
    [
        ("test_gone", "5: there is no test tests/test_it.py::test_gone"),
        ("test_cases[3]", "5: there is no test tests/test_it.py::test_cases[3]"),
        ("test_long", "5: tests/test_it.py::test_long is for long runs only"),
        ("test_half_long[2]", "5: tests/test_it.py::test_half_long[2] is for long runs only"),
        ("test_skipped", "5: tests/test_it.py::test_skipped passed and skipped"),
        ("test_hoped_for", "5: tests/test_it.py::test_hoped_for expected to fail and passed"),
    ],
)
def test_a_run_in_which_a_named_test_did_not_pass_fails(suite: pytest.Pytester, named: str, fault: str) -> None:
    suite.makepyfile(**{"tests/test_it": GOOD_TESTS})
    assert run(suite, named) == (1, fault)
    assert run(suite, "test_plain") == (0, "")  # the same run is good if the page does not count on that test


@pytest.mark.parametrize("page", [None, "| 5 | it works |  |  |\n"])
def test_a_page_that_cannot_be_read_fails_the_run(suite: pytest.Pytester, page: str | None) -> None:
    suite.makepyfile(**{"tests/test_it": GOOD_TESTS})
    if page is not None:
        suite.path.joinpath("coverage.md").write_text(page)
    result = suite.runpytest_inprocess()
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*coverage.md names tests that did not pass*", "*coverage.md*"])


def test_a_named_test_that_breaks_afterwards_is_named(suite: pytest.Pytester) -> None:
    assert run(suite, "test_that_breaks_afterwards") == (
        1,
        "5: tests/test_it.py::test_that_breaks_afterwards failed and passed",
    )


def test_a_named_test_that_was_never_begun_is_named(suite: pytest.Pytester) -> None:
    suite.makepyfile(**{"tests/test_it": GOOD_TESTS})
    suite.makeconftest("def pytest_runtest_protocol(item):\n    return True if item.name == 'test_other' else None\n")
    assert run(suite, "test_other") == (1, "5: tests/test_it.py::test_other did not run")


def test_markers_choose_which_named_tests_must_have_passed(suite: pytest.Pytester) -> None:
    assert run(suite, "test_skipped_window", "-m", "desktop") == (
        1,
        "5: tests/test_it.py::test_skipped_window passed and skipped",
    )
    suite.makepyfile(**{"tests/test_it": GOOD_TESTS})
    assert run(suite, "test_skipped_window", "-m", "not desktop") == (0, "")
    assert run(suite, "test_gone", "-m", "not desktop")[0] == 1


@pytest.mark.parametrize("options", [["-k", "plain"], ["tests/test_it.py::test_plain"], ["--collect-only", "-q"]])
def test_a_run_of_a_part_says_nothing_about_the_page(suite: pytest.Pytester, options: list[str]) -> None:
    assert run(suite, "test_skipped", *options) == (0, "")


def test_this_suite_is_watched(pytestconfig: pytest.Config) -> None:
    [watch] = [plugin for plugin in pytestconfig.pluginmanager.get_plugins() if isinstance(plugin, CoverageWatch)]
    assert watch.page == PAGE
