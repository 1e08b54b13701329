"""Keeps `docs/coverage.md` honest: what the page names must have run, and passed.

The page ties each promise of the documents to tests. `CoverageWatch` is a pytest plugin, registered by
`tests/conftest.py`. In a run of the whole suite it fails the run at its end for every named test that is not there, or
that was chosen and did not pass. What was skipped did not run; an expected failure is no proof either. Markers (``-m``)
may choose a part of the suite: then the named tests of that part must have passed. A test for long runs only is no
proof, as nobody runs it with every change. Paths, ``-k`` and the like make a
run that says nothing about the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROW = re.compile(r"\| (?P<number>\d+) \| (?P<claim>[^|]+) \| (?P<tests>[^|]+) \| (?P<remark>[^|]*) ?\|")
TEST = re.compile(r"`(?P<test>tests/[^`]+)`")
PARTIAL_OPTIONS = ("keyword", "deselect", "ignore", "ignore_glob", "lf", "stepwise", "collectonly", "pyargs")
"""With one of these a run is not one of the whole suite."""


@dataclass(frozen=True)
class Claim:
    """One row of the page: a promise, and the tests that show it."""

    number: int
    text: str
    tests: tuple[str, ...]
    remark: str


def read_claims(page: Path) -> list[Claim]:
    """Read the rows of the page's tables.

    Raises:
        ValueError: A line of a table is no row, or names no test.
    """
    claims = []
    for line in page.read_text(encoding="utf-8").splitlines():
        if not line.startswith("| ") or line.startswith(("| number |", "| --- |")):
            continue
        row = ROW.fullmatch(line)
        if row is None:
            raise ValueError(f"{page.name}: this is no row of numbers, promises, tests and remarks: {line!r}")
        tests = tuple(TEST.findall(row["tests"]))
        rest = TEST.sub("", row["tests"])
        if not tests or rest.replace(",", "").strip():
            raise ValueError(f"{page.name}: number {row['number']} must name tests, as `tests/…::test_…`: {line!r}")
        claims.append(Claim(int(row["number"]), row["claim"].strip(), tests, row["remark"].strip()))
    return claims


def covers(named: str, node_id: str) -> bool:
    """Whether a collected test is the one that the page names; a name without ``[…]`` stands for all its cases."""
    return named in (node_id, node_id.partition("[")[0])


class CoverageWatch:
    """Watches a run of pytest on behalf of the page.

    Args:
        page: The page; its paths are relative to pytest's root directory.

    Attributes:
        page: The page.
    """

    def __init__(self, page: Path) -> None:
        self.page = page
        self._collected: dict[str, bool] = {}
        self._chosen: set[str] = set()
        self._reports: dict[str, set[str]] = {}
        self._faults: list[str] = []

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Iterator[None]:
        """Note what there is, and what is left of it once the others have chosen."""
        self._collected = {item.nodeid: item.get_closest_marker("long") is not None for item in items}
        yield
        self._chosen = {item.nodeid for item in items}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what became of each phase of a test."""
        outcome = "expected to fail" if hasattr(report, "wasxfail") else report.outcome
        self._reports.setdefault(report.nodeid, set()).add(outcome)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Judge the run."""
        ended = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)
        if exitstatus not in ended or not is_whole(session.config):
            return
        if exitstatus and (session.shouldfail or session.shouldstop):
            return  # it failed already, and stopped there (-x)
        self._faults = list(self._find_faults())
        if self._faults:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say why the run failed."""
        if self._faults:
            terminalreporter.section(f"{self.page.name} names tests that did not pass", red=True)
            for fault in self._faults:
                terminalreporter.line(fault)

    def _find_faults(self) -> Iterator[str]:
        try:
            claims = read_claims(self.page)
        except (OSError, ValueError) as error:
            yield str(error)
            return
        for claim in claims:
            for named in claim.tests:
                found = [test for test in self._collected if covers(named, test)]
                if not found:
                    yield f"{claim.number}: there is no test {named}"
                elif all(self._collected[test] for test in found):
                    yield f"{claim.number}: {named} is for long runs only"
                for test in sorted(self._chosen.intersection(found)):
                    outcomes = self._reports.get(test, set())
                    if outcomes != {"passed"}:
                        yield f"{claim.number}: {test} {' and '.join(sorted(outcomes)) or 'did not run'}"


def is_whole(config: pytest.Config) -> bool:
    """Whether a run is of the whole suite, or of all that some markers choose."""
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return False
    return not any(config.getoption(name, default=None) for name in PARTIAL_OPTIONS)
