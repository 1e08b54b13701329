"""`Row`: what was measured, against what, and whether the aim is met; and the table of all rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

HEADINGS = ("what", "ours", "peer or limit", "ratio", "aim", "met")


class Met(Enum):
    """The last column."""

    YES = "yes"
    NO = "NO"
    UNKNOWN = "?"


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Args:
        what: What was measured.
        ours: Our number with its unit.
        peer: Whose number we compare with, and that number; or what to install to have one.
        ratio: The number that the aim is about, as text; empty without a peer.
        aim: What it should be.
        met: Whether it is.
        notes: Further facts, printed below the table.
    """

    what: str
    ours: str
    peer: str
    ratio: str
    aim: str
    met: Met
    notes: tuple[str, ...] = ()

    def cells(self) -> tuple[str, ...]:
        """The texts of its columns."""
        return self.what, self.ours, self.peer, self.ratio, self.aim, self.met.value


def at_most(ratio: float, limit: float) -> Met:
    """Whether something that should be small is."""
    return Met.YES if ratio <= limit else Met.NO


def at_least(ratio: float, limit: float) -> Met:
    """Whether something that should be large is."""
    return Met.YES if ratio >= limit else Met.NO


def table(rows: Sequence[Row]) -> str:
    """All rows under their headings, then their notes."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    texts = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    texts.insert(1, "  ".join("-" * width for width in widths))
    notes = [f"  {row.what}: {note}" for row in rows for note in row.notes]
    return "\n".join([*texts, *([""] if notes else []), *notes])
