"""Whose value counts when both sides set one property: Python is the end point.

Python counts its settings of a property: the *revision*. What it tells the page carries it, and what the page tells
carries the revision that it has seen. So Python knows a value that was set before the page had heard of Python's last
one, and drops it: the page has got that one meanwhile. The page counts its settings, too: the *turn*. When Python makes
another value of what the page has set, it answers with that turn, and the page takes the answer unless it has set the
property again since.

    Python sets      [rev, -1]     the page validates; if that changes the value, it tells so, once
    the page sets    [rev, turn]   Python validates, and that is what holds
    Python answers   [rev, turn]   the page takes it as it is

A validator that changes what it has validated already (``int(v) + 1``) has no value on which the two sides could agree.
Then Python answers nothing: each side keeps what its own validator made of the value.

Mirror: ``client/revision.js``. Vectors: ``tests/vectors/model/``.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

Mark = list[int]
"""``[revision, turn]``, as it travels; the turn is -1 if the message answers nothing."""

NO_TURN = -1


class PythonEnd:
    """What Python knows of one property of one object."""

    __slots__ = ("rev",)

    def __init__(self) -> None:
        self.rev = 0

    def set_here(self) -> Mark:
        """Python has set the property; returns the mark of the message that tells."""
        self.rev += 1
        return [self.rev, NO_TURN]

    def take_back(self) -> None:
        """The page could not be told: it has not seen that revision, and will not."""
        self.rev -= 1

    def accepts(self, mark: Mark) -> bool:
        """Whether a value that the page has set is to be taken."""
        return mark[0] >= self.rev

    def answer(self, mark: Mark) -> Mark:
        """The mark of the message that tells the page what became of its value."""
        return [self.rev, mark[1]]


class Verdict(Enum):
    """What the page does with a value from Python."""

    DROP = "drop"
    TAKE = "take"
    VALIDATE = "validate"


class PageEnd:
    """What the page knows of one property of one object."""

    __slots__ = ("seen", "turn")

    def __init__(self) -> None:
        self.seen = 0
        self.turn = 0

    def set_here(self) -> Mark:
        """The page has set the property, or its validation has changed the value; returns the message's mark."""
        self.turn += 1
        return [self.seen, self.turn]

    def receives(self, mark: Mark) -> Verdict:
        """What is to be done with a value from Python."""
        rev, turn = mark
        if turn == NO_TURN:
            self.seen = rev
            return Verdict.VALIDATE
        return Verdict.TAKE if turn == self.turn else Verdict.DROP


def is_settled(validate: Callable[[object], object], value: object, is_same: Callable[[object, object], bool]) -> bool:
    """Whether a validated value stays what it is when it is validated again.

    Args:
        validate: The validator.
        value: What it has returned.
        is_same: Compares two values.
    """
    try:
        return is_same(validate(value), value)
    except Exception:  # it does not even accept its own: nothing to agree on
        return False
