"""What a browser fetches for a small app's page: bytes and requests until its own code runs; against Flexx."""

from __future__ import annotations

import shutil
import statistics
import sys

from benchmarks import _child
from benchmarks._child import Places
from benchmarks._peers import has, how_to_get, summary
from benchmarks._table import Met, Row, at_most

LOADS = 2


def measure_bytes(places: Places) -> Row:
    """Everything that the server sends, headers and websocket included."""
    return _row(places, "kib", "page load, bytes", "KiB", 1)


def measure_requests(places: Places) -> Row:
    """HTTP requests, the websocket's included."""
    return _row(places, "requests", "page load, requests", "", 0)


def _row(places: Places, key: str, what: str, unit: str, digits: int) -> Row:
    aim = "at most as much"
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        return Row(what, "not measured", "no Chromium here: sudo apt install chromium", "", aim, Met.UNKNOWN)
    is_flexx_here = has("flexx") and sys.version_info < (3, 12)
    ours = [_child.run(places, "page_load_deskapp")[key] for _ in range(places.times(LOADS, least=1))]
    own, notes = statistics.median(ours), [f"ours {summary(ours, unit, digits)}"]
    if not is_flexx_here:
        why = how_to_get("flexx") if sys.version_info < (3, 12) else "Flexx 0.8.4 needs Python 3.11 or older"
        return Row(what, f"{own:.{digits}f} {unit}".strip(), why, "", aim, Met.UNKNOWN, tuple(notes))
    flexx = [_child.run(places, "page_load_flexx")[key] for _ in range(places.times(LOADS, least=1))]
    peer = statistics.median(flexx)
    notes.append(f"Flexx {summary(flexx, unit, digits)}")
    return Row(
        what,
        f"{own:.{digits}f} {unit}".strip(),
        f"Flexx {peer:.{digits}f} {unit}".strip(),
        f"{own / peer:.2f}",
        aim,
        at_most(own / peer, 1.0),
        tuple(notes),
    )
