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
PEER_LINES = 2_000
"""PyWebIO's time grows faster than the lines: for 10,000 it takes more than six minutes."""

UPDATES = 1_000
PAGES = 200


def measure_text(places: Places) -> Row:
    """10,000 calls of `put_text` in one function, until the browser has painted all; for PyWebIO five times 2,000."""
    return _row(places, "10,000 lines of put_text", "text", LINES, PEER_LINES)


def measure_table(places: Places) -> Row:
    """A table of ten rows and five columns shown anew 1,000 times in one scope, until the last one is painted."""
    return _row(places, "1,000 tables in one scope", "table", UPDATES, UPDATES)


def measure_memory(places: Places) -> Row:
    """Memory of the server for each of 200 functions that have shown two lines and wait for their page's end."""
    what, aim = "memory for each of 200 idle scripts", "at most as much"
    if not has("psutil"):
        return Row(what, "not measured", how_to_get("psutil"), "", aim, Met.UNKNOWN)
    return _compared(places, what, (aim, 1.0), "KiB", ("script_crowd", PAGES), ("script_crowd", PAGES), 1)


def _row(places: Places, what: str, kind: str, count: int, peer_count: int) -> Row:
    aim = (f"at most {AIM:g} of its time", AIM)
    ours, peers = ("script_page", kind, count), ("script_page", kind, peer_count)
    return _compared(places, what, aim, "ms", ours, peers, count / peer_count)


def _compared(
    places: Places,
    what: str,
    aim: tuple[str, float],
    unit: str,
    ours_by: tuple[object, ...],
    peers_by: tuple[object, ...],
    factor: float,
) -> Row:
    is_peer_here = has("pywebio")
    ours: list[float] = []
    peers: list[float] = []
    for _ in range(places.times(PAIRS, least=1)):
        ours.append(_measured(places, "deskapp", ours_by))
        if is_peer_here:
            peers.append(factor * _measured(places, "pywebio", peers_by))
    own = statistics.median(ours)
    notes = [f"ours {summary(ours, unit, 0)}"]
    if not is_peer_here:
        return Row(what, f"{own:.0f} {unit}", how_to_get("pywebio"), "", aim[0], Met.UNKNOWN, tuple(notes))
    peer = statistics.median(peers)
    notes.append(f"PyWebIO {summary(peers, unit, 0)}")
    ratio = own / peer
    return Row(
        what,
        f"{own:.0f} {unit}",
        f"PyWebIO {peer:.0f} {unit}",
        f"{ratio:.2f}",
        aim[0],
        at_most(ratio, aim[1]),
        tuple(notes),
    )


def _measured(places: Places, kind: str, child: tuple[object, ...]) -> float:
    module, *arguments = child
    taken: float = _child.run(places, str(module), kind, *arguments, timeout_s=180)
    return taken
