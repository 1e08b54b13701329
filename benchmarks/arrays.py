"""A NumPy array of 16 MiB to JavaScript and back, against one binary frame through a raw Tornado websocket."""

from __future__ import annotations

import statistics

from benchmarks import _child
from benchmarks._child import Places
from benchmarks._peers import has, how_to_get, summary
from benchmarks._table import Met, Row, at_least

AIM = 0.9
BLOCKS = 12
ARRAYS = 3


def measure(places: Places) -> Row:
    """Call an action in the page with the array, which emits it as an event; in turns with the raw socket."""
    what, aim = "16 MiB array to JavaScript and back", f"at least {AIM}"
    if not has("numpy"):
        return Row(what, "not measured", how_to_get("numpy"), "", aim, Met.UNKNOWN)
    told = _child.run(places, "page_echo", "array", places.times(BLOCKS), ARRAYS, timeout_s=180)
    # 16 MiB each way
    ours, raw = ([32 / seconds for seconds in each] for each in told)
    ratio = statistics.median(ours) / statistics.median(raw)
    return Row(
        what,
        f"{statistics.median(ours):.0f} MiB/s",
        f"raw Tornado websocket {statistics.median(raw):.0f} MiB/s",
        f"{ratio:.2f}",
        aim,
        at_least(ratio, AIM),
        (f"ours {summary(ours, 'MiB/s', 0)}; raw {summary(raw, 'MiB/s', 0)}",),
    )
