"""Property events from JavaScript, against Flexx, both in a bare window of the same toolkit."""

from __future__ import annotations

import statistics
import sys

from benchmarks import _child
from benchmarks._child import Places
from benchmarks._peers import has, how_to_get, summary
from benchmarks._table import Met, Row, at_least

AIM = 10.0
PAIRS = 3
BURSTS = 10
OUR_EVENTS = 20_000
FLEXX_EVENTS = 4_000


def measure(places: Places) -> Row:
    """Have an action in the page set a property many times; a reaction in Python counts the events that arrive."""
    what, aim = "property events from JavaScript", f"at least {AIM:g} times"
    is_flexx_here = has("flexx") and sys.version_info < (3, 12)
    ours, flexx = [], []
    for _ in range(places.times(PAIRS, least=1)):
        ours += _child.run(places, "events_deskapp", places.toolkit, BURSTS, OUR_EVENTS)
        if is_flexx_here:
            flexx += _child.run(places, "events_flexx", places.toolkit, BURSTS, FLEXX_EVENTS)
    rate = statistics.median(ours)
    notes = [f"ours {summary(ours, 'events/s', 0)}"]
    if not is_flexx_here:
        why = how_to_get("flexx") if sys.version_info < (3, 12) else "Flexx 0.8.4 needs Python 3.11 or older"
        return Row(what, f"{rate:,.0f} a second", why, "", aim, Met.UNKNOWN, tuple(notes))
    notes.append(f"Flexx {summary(flexx, 'events/s', 0)}")
    ratio = rate / statistics.median(flexx)
    return Row(
        what,
        f"{rate:,.0f} a second",
        f"Flexx {statistics.median(flexx):,.0f} a second",
        f"{ratio:.1f}",
        aim,
        at_least(ratio, AIM),
        tuple(notes),
    )
