from __future__ import annotations

import pytest

from deskapp.server._ranges import Unsatisfiable, is_unchanged, wanted_range


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, None),
        ("bytes=0-0", (0, 1)),
        ("bytes=9-", (9, 10)),
        ("bytes=0-99", (0, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)),
        (" bytes = 2 - 3 ", (2, 4)),
        ("bytes=3-2", None),
        ("bytes=-", None),
        ("bytes=1-2,3-4", None),
        ("pages=1-2", None),
        ("bytes=-1-2", None),
        ("bytes=\u0661-\u0662", None),
        ("bytes=" + "1" * 30 + "-", None),
    ],
)
def test_what_a_header_asks_for_of_ten_bytes(header: str | None, wanted: tuple[int, int] | None) -> None:
    assert wanted_range(header, 10) == wanted


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=10-", 10), ("bytes=99-100", 10), ("bytes=-0", 10), ("bytes=-1", 0)]
)
def test_what_is_not_there(header: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        wanted_range(header, size)


def test_a_range_counts_without_condition_or_with_the_very_tag() -> None:
    assert is_unchanged(None, '"a"')
    assert is_unchanged(' "a" ', '"a"')
    for other in ('"b"', 'W/"a"', "a", "", "Wed, 21 Oct 2015 07:28:00 GMT"):
        assert not is_unchanged(other, '"a"')
