"""Python → JavaScript → Python, against a raw Tornado websocket in the same window."""

from __future__ import annotations

import statistics

from benchmarks import _child
from benchmarks._child import Places
from benchmarks._peers import has, how_to_get, summary
from benchmarks._table import Met, Row, at_most

AIM = 1.2
BLOCKS = 20
TRIPS = 250


def measure(places: Places) -> Row:
    """Set a property in the page and see it changed; the raw socket's page sends a text back. In turns."""
    what, aim = "round trip to JavaScript", f"at most {AIM}"
    if not has("numpy"):
        return Row(what, "not measured", how_to_get("numpy"), "", aim, Met.UNKNOWN)
    blocks = places.times(BLOCKS)
    ours, raw = ([second * 1000 for second in each] for each in _child.run(places, "page_echo", "small", blocks, TRIPS))
    ratio = statistics.median(_medians(ours, blocks)) / statistics.median(_medians(raw, blocks))
    return Row(
        what,
        f"{statistics.median(ours):.3f} ms",
        f"raw Tornado websocket {statistics.median(raw):.3f} ms",
        f"{ratio:.2f}",
        aim,
        at_most(ratio, AIM),
        (f"ours {summary(ours, 'ms', 3)}; raw {summary(raw, 'ms', 3)}",),
    )


def _medians(values: list[float], blocks: int) -> list[float]:
    size = len(values) // blocks
    return [statistics.median(values[start : start + size]) for start in range(0, len(values), size)]
