"""Whom we compare with, whether they are here, and how to get them."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

REQUIREMENTS = Path("benchmarks", "requirements.txt")


def has(*modules: str) -> bool:
    """Whether all `modules` can be imported."""
    return all(find_spec(module) is not None for module in modules)


def how_to_get(*modules: str) -> str:
    """What stands in the table instead of a peer's number."""
    return f"no {', '.join(modules)} here: {Path(sys.executable).name} -m pip install -r {REQUIREMENTS}"


def summary(values: Sequence[float], unit: str, digits: int = 1) -> str:
    """Median and range of several measurements, for a note."""
    texts = (f"{value:.{digits}f}" for value in (statistics.median(values), min(values), max(values)))
    middle, least, most = texts
    return f"median {middle}, {least} to {most} {unit}, n = {len(values)}"
