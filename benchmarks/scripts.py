"""What functions show, against PyWebIO in the same browser, and the memory of functions that wait."""

from __future__ import annotations

import statistics

from benchmarks import _child
from benchmarks._child import Places
from benchmarks._peers import has, how_to_get, summary
from benchmarks._table import Met, Row, at_most

AIM = 0.2
PAIRS = 3
LINES = 10_000
UPDATES = 1_000
PAGES = 200


def measure_text(places: Places) -> Row:
    """10,000 calls of `put_text` in one function, until the browser has painted all of them."""
    return _row(places, "10,000 lines of put_text", "text", LINES)


def measure_table(places: Places) -> Row:
    """A table of ten rows and five columns shown anew 1,000 times in one scope, until the last one is painted."""
    return _row(places, "1,000 tables in one scope", "table", UPDATES)


def measure_memory(places: Places) -> Row:
    """Memory of the server for each of 200 functions that have shown two lines and wait for their page's end."""
    what, aim = "memory for each of 200 idle scripts", "at most as much"
    if not has("psutil"):
        return Row(what, "not measured", how_to_get("psutil"), "", aim, Met.UNKNOWN)
    return _compared(places, what, aim, 1.0, "KiB", "script_crowd", PAGES)


def _row(places: Places, what: str, kind: str, count: int) -> Row:
    return _compared(places, what, f"at most {AIM:g} of its time", AIM, "ms", "script_page", kind, count)


def _compared(places: Places, what: str, aim: str, limit: float, unit: str, child: str, *arguments: object) -> Row:
    is_peer_here = has("pywebio")
    ours: list[float] = []
    peers: list[float] = []
    for _ in range(places.times(PAIRS, least=1)):
        ours.append(_child.run(places, child, "deskapp", *arguments, timeout_s=120))
        if is_peer_here:
            peers.append(_child.run(places, child, "pywebio", *arguments, timeout_s=300))
    own = statistics.median(ours)
    notes = [f"ours {summary(ours, unit, 0)}"]
    if not is_peer_here:
        return Row(what, f"{own:.0f} {unit}", how_to_get("pywebio"), "", aim, Met.UNKNOWN, tuple(notes))
    peer = statistics.median(peers)
    notes.append(f"PyWebIO {summary(peers, unit, 0)}")
    ratio = own / peer
    return Row(
        what, f"{own:.0f} {unit}", f"PyWebIO {peer:.0f} {unit}", f"{ratio:.2f}", aim, at_most(ratio, limit), tuple(notes)
    )
