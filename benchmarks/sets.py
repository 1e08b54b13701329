"""Property sets with one reaction, in Python alone, many in one action."""

from __future__ import annotations

import statistics

from benchmarks import _child
from benchmarks._child import Places
from benchmarks._peers import has, how_to_get, summary
from benchmarks._table import Met, Row, at_most

SETS = 20_000
ROUNDS = 7
REPEATS = 5
PEERS = {"psygnal": "psygnal", "traitlets": "traitlets", "flexx": "Flexx"}


def measure(places: Places) -> Row:
    """Let each library set a property many times, in turns, each round in fresh processes."""
    here = [name for name in PEERS if has(name)]
    taken: dict[str, list[float]] = {name: [] for name in ("deskapp", *here)}
    for _ in range(places.times(REPEATS)):
        for name, values in taken.items():
            values.append(_child.run(places, "set_properties", name, SETS, ROUNDS))
    ours = statistics.median(taken["deskapp"])
    what, aim = "property set with a reaction", "not slower than the fastest"
    absent = [name for name in PEERS if name not in here]
    notes = [f"{name} {summary(values, 'µs', 2)}" for name, values in taken.items()]
    if absent:
        notes.append(how_to_get(*absent))
    if not here:
        return Row(what, f"{ours:.2f} µs", how_to_get(*absent), "", aim, Met.UNKNOWN, tuple(notes))
    fastest = min(here, key=lambda name: statistics.median(taken[name]))
    peer = statistics.median(taken[fastest])
    return Row(
        what,
        f"{ours:.2f} µs",
        f"{PEERS[fastest]} {peer:.2f} µs",
        f"{ours / peer:.2f}",
        aim,
        at_most(ours / peer, 1.0) if not absent or ours > peer else Met.UNKNOWN,
        tuple(notes),
    )
