"""benchmarks/_table.py"""

from __future__ import annotations

from benchmarks._table import Met, Row, at_least, at_most, table


def test_columns_are_aligned_and_notes_follow() -> None:
    rows = [
        Row("a", "1 ms", "peer 2 ms", "0.50", "at most 1", at_most(0.5, 1.0), ("n = 3",)),
        Row("longer", "2 ms", "no peer here: pip install it", "", "at least 1", Met.UNKNOWN),
    ]
    assert table(rows).splitlines() == [
        "what    ours  peer or limit                 ratio  aim         met",
        "------  ----  ----------------------------  -----  ----------  ---",
        "a       1 ms  peer 2 ms                     0.50   at most 1   yes",
        "longer  2 ms  no peer here: pip install it         at least 1  ?",
        "",
        "  a: n = 3",
    ]


def test_a_limit_that_is_just_kept_is_kept() -> None:
    assert at_most(1.15, 1.15) is Met.YES
    assert at_most(1.16, 1.15) is Met.NO
    assert at_least(0.9, 0.9) is Met.YES
    assert at_least(0.89, 0.9) is Met.NO
