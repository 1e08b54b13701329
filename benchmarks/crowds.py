"""A thousand pages on one server: memory for each, and the time until all have heard of a change; against Flexx."""

from __future__ import annotations

import statistics
import sys

from benchmarks import _child
from benchmarks._child import Places
from benchmarks._peers import has, how_to_get, summary
from benchmarks._table import Met, Row, at_most

PAGES = 1000
BROADCASTS = 20
PAIRS = 3


def measure_memory(places: Places) -> Row:
    """Memory of the server for each page of a small app with a component in Python and one in the page."""
    return _row(places, "memory", "memory for each of 1,000 pages", "KiB", 1, broadcasts=0)


def measure_broadcast(places: Places) -> Row:
    """A shared component changes; each page's own component tells its page; until the last page has got it."""
    return _row(places, "broadcast", "one change to 1,000 pages", "ms", 0, broadcasts=BROADCASTS)


def _row(places: Places, key: str, what: str, unit: str, digits: int, *, broadcasts: int) -> Row:
    aim = "at most as much"
    if not has("psutil"):
        return Row(what, "not measured", how_to_get("psutil"), "", aim, Met.UNKNOWN)
    is_flexx_here = has("flexx") and sys.version_info < (3, 12)
    ours: list[float] = []
    flexx: list[float] = []
    for _ in range(places.times(PAIRS, least=1)):
        ours += _child.run(places, "crowd_deskapp", PAGES, broadcasts, timeout_s=180)[key]
        if is_flexx_here:
            flexx += _child.run(places, "crowd_flexx", PAGES, broadcasts, timeout_s=180)[key]
    own = statistics.median(ours)
    notes = [f"ours {summary(ours, unit, digits)}"]
    if not is_flexx_here:
        why = how_to_get("flexx") if sys.version_info < (3, 12) else "Flexx 0.8.4 needs Python 3.11 or older"
        return Row(what, f"{own:.{digits}f} {unit}", why, "", aim, Met.UNKNOWN, tuple(notes))
    peer = statistics.median(flexx)
    notes.append(f"Flexx {summary(flexx, unit, digits)}")
    return Row(
        what,
        f"{own:.{digits}f} {unit}",
        f"Flexx {peer:.{digits}f} {unit}",
        f"{own / peer:.2f}",
        aim,
        at_most(own / peer, 1.0),
        tuple(notes),
    )


def raise_file_limit() -> None:
    """Let this process have as many sockets open as the system admits to it."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
