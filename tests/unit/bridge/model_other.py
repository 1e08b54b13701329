"""What the Models of model_scope import."""

from __future__ import annotations

other_value = {"k": 7}


def imported(n: int) -> int:
    """Comes along in a module of its own."""
    return n * 2


def not_imported() -> int:
    """Stays in Python."""
    return 0
