"""Where the edges of a frameless window are."""

from __future__ import annotations

import pytest

from deskapp.runtime.webview.qt._frameless import edge_at


@pytest.mark.parametrize(
    ("place", "edge"),
    [
        ((100, 0), "n"),
        ((199, 50), "e"),
        ((100, 99), "s"),
        ((4, 50), "w"),
        ((0, 10), "nw"),
        ((195, 2), "ne"),
        ((190, 97), "se"),
        ((2, 95), "sw"),
        ((5, 50), ""),
        ((100, 50), ""),
    ],
)
def test_the_outermost_pixels_are_edges_and_the_ends_of_them_corners(place: tuple[int, int], edge: str) -> None:
    assert edge_at(*place, 200, 100) == edge
