"""An app exported as a page, from the start of the process to its end, against Flexx."""

from __future__ import annotations

import statistics
import sys
import time
from typing import Any

from benchmarks import _child
from benchmarks._child import Places
from benchmarks._peers import has, how_to_get, summary
from benchmarks._table import Met, Row, at_most

AIM = 1.0
PAIRS = 5
ROUNDS = 5


def measure(places: Places) -> Row:
    """Let a process export once, in turns; then let one of each export several times."""
    what, aim = "export an app, whole process", f"at most {AIM:g}"
    is_flexx_here = has("flexx") and sys.version_info < (3, 12)
    ours, flexx = [], []
    for _ in range(places.times(PAIRS) + 1):
        ours.append(_whole(places, "export_deskapp"))
        if is_flexx_here:
            flexx.append(_whole(places, "export_flexx"))
    # The first of each writes compiled files, and with us the cache of JavaScript.
    cold_ms = ours.pop(0)
    again: dict[str, Any] = _child.run(places, "export_deskapp", ROUNDS)
    size_mb = again["size_bytes"] / 1e6
    notes = [
        f"ours {summary(ours, 'ms')}; the first time {cold_ms:.0f} ms",
        f"within a process, again: {summary(again['export_ms'][1:], 'ms')}; {size_mb:.1f} MB, which plain writing "
        f"puts on disk in {statistics.median(again['write_ms']):.1f} ms",
    ]
    mine = statistics.median(ours)
    if not is_flexx_here:
        why = how_to_get("flexx") if sys.version_info < (3, 12) else "Flexx 0.8.4 needs Python 3.11 or older"
        return Row(what, f"{mine:.0f} ms", why, "", aim, Met.UNKNOWN, tuple(notes))
    del flexx[0]
    theirs: dict[str, Any] = _child.run(places, "export_flexx", ROUNDS)
    notes.append(f"Flexx {summary(flexx, 'ms')}; again {summary(theirs['export_ms'][1:], 'ms')}")
    peer = statistics.median(flexx)
    ratio = mine / peer
    return Row(what, f"{mine:.0f} ms", f"Flexx {peer:.0f} ms", f"{ratio:.2f}", aim, at_most(ratio, AIM), tuple(notes))


def _whole(places: Places, child: str) -> float:
    started = time.perf_counter()
    _child.run(places, child, 0)
    return (time.perf_counter() - started) * 1000
