"""From the start of a program until its page shows something, against a bare window of the same toolkit."""

from __future__ import annotations

import statistics

from benchmarks import _child
from benchmarks._child import Places
from benchmarks._peers import summary
from benchmarks._table import Row, at_most

AIM = 1.15
PAIRS = 15


def measure(places: Places) -> Row:
    """Launch an app and open a bare window, in turns; each is a whole program, timed from its start."""
    ours, bare, from_call, from_start = [], [], [], []
    for pair in range(places.times(PAIRS) + 1):
        app = _child.run(places, "launch_app")
        window = _child.run(places, "bare_window", places.toolkit)
        if pair:  # the first one fills the caches
            ours.append(app[0])
            from_call.append(app[1])
            bare.append(window[0])
            from_start.append(window[1])
    ratio = statistics.median(mine / base for mine, base in zip(ours, bare, strict=True))
    return Row(
        "launch to first reaction in the page",
        f"{statistics.median(ours):.0f} ms",
        f"bare {places.toolkit} window loaded {statistics.median(bare):.0f} ms",
        f"{ratio:.2f}",
        f"at most {AIM}",
        at_most(ratio, AIM),
        (
            f"ours {summary(ours, 'ms', 0)}; bare {summary(bare, 'ms', 0)}; both from the start of the process",
            f"from the call of launch() {summary(from_call, 'ms', 0)}; "
            f"bare, from create_window(), {summary(from_start, 'ms', 0)}",
        ),
    )
