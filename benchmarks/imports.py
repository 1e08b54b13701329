"""``import deskapp`` against an interpreter that imports nothing."""

from __future__ import annotations

import statistics
import sys
import time

from benchmarks import _child
from benchmarks._child import Places
from benchmarks._peers import summary
from benchmarks._table import Row, at_most

AIM_MS = 20.0
PAIRS = 25


def measure(places: Places) -> Row:
    """Start an interpreter with and without the import, in turns."""
    bare, ours = [], []
    for _ in range(places.times(PAIRS) + 1):
        bare.append(_start(places, "pass"))
        ours.append(_start(places, "import deskapp"))
    # The first pair reads from the disk and writes the compiled files.
    del bare[0], ours[0]
    more = statistics.median(mine - base for mine, base in zip(ours, bare, strict=True))
    return Row(
        "import deskapp",
        f"{statistics.median(ours):.1f} ms",
        f"bare interpreter {statistics.median(bare):.1f} ms",
        f"{more:+.1f} ms",
        f"at most +{AIM_MS:g} ms",
        at_most(more, AIM_MS),
        (f"ours {summary(ours, 'ms')}; bare {summary(bare, 'ms')}",),
    )


def _start(places: Places, code: str) -> float:
    started = time.perf_counter()
    _child.run_command(places, [sys.executable, "-c", code])
    return (time.perf_counter() - started) * 1000
