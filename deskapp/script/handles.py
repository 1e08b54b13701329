"""`output`: contents that are put somewhere, and changed there later."""

from __future__ import annotations

from typing import ClassVar

from deskapp.script.outputs import Output
from deskapp.script.page import current_page


def output(*contents: object) -> OutputHandle:
    """Contents that can be changed when they are shown; they are shown where the result is put.

    Args:
        *contents: Texts and outputs.
    """
    return OutputHandle(*contents)


class OutputHandle(Output):
    """Contents that can be changed; made by `output`. Nothing is seen of it until it is put into an output or shown.

    Args:
        *contents: Texts and outputs.
    """

    _waits: ClassVar[bool] = True

    def __init__(self, *contents: object) -> None:
        what = "output()"
        inside = current_page(what).scopes.new_name()
        super().__init__(what, "scope", {}, children=contents, inside=inside)
        self._is_loose = True

    def show(self) -> Output:
        """Show it by itself, in the scope that was current when it was made. Returns itself."""
        if self._is_loose and self._carrier is None and self.page.run.withdraw(self._posted):
            self._is_loose = False
            send = self.page.sender(self._verb, lambda: [self._spec, self._where, -1], *sorted(self._libraries))
            self._posted = self.page.run.post(send, self._posted.size_bytes)
        return self

    send = show

    def reset(self, *contents: object) -> None:
        """Have it contain these contents instead of what it contains."""
        self.page.scopes.empty(self._inside)
        self._splice(0, None, contents)

    def append(self, *contents: object) -> None:
        """Add contents behind the last one."""
        self._splice(-1, 0, contents)

    def insert(self, idx: int, *contents: object) -> None:
        """Add contents before another one.

        Args:
            idx: Which one: 0 the first. Negative ones count from the end, and mean behind: -1 behind the last.
            *contents: Texts and outputs.
        """
        self._splice(_checked(idx, "insert()"), 0, contents)

    def replace(self, idx: int, *contents: object) -> None:
        """Show contents instead of one.

        Args:
            idx: Which one: 0 the first, -1 the last.
            *contents: Texts and outputs.
        """
        self._splice(_checked(idx, "replace()"), 1, contents)

    def _splice(self, start: int, count: int | None, contents: tuple[object, ...]) -> None:
        """Put contents in the place of `count` others, or of all."""
        before = set(self._libraries)
        taken = [self.adopt(each) for each in contents]
        root: Output = self
        while root._carrier is not None:
            root = root._carrier
        if isinstance(root, OutputHandle) and root._is_loose and root._posted.send is not None:
            children = self._spec[2]["children"]
            first, end = spliced(len(children), start, count)
            children[first:end] = taken
            root._libraries |= self._libraries
            return
        libraries = sorted(self._libraries - before)
        data = [self._inside, start, count, taken]
        size = 100 + sum(len(each) if isinstance(each, str) else 100 for each in taken)
        self.page.run.tell(self.page.sender("splice", lambda: data, *libraries), size)


def spliced(length: int, start: int, count: int | None) -> tuple[int, int]:
    """Which part of a list is meant: from where to where; the page counts alike.

    Args:
        length: How long the list is.
        start: Where it begins; negative ones count from the end, for `count` 0 from behind the last.
        count: How many; all when None.
    """
    if count is None:
        return 0, length
    first = start if start >= 0 else length + start + (1 if count == 0 else 0)
    first = min(max(first, 0), length)
    return first, min(first + count, length)


def _checked(idx: int, what: str) -> int:
    if not isinstance(idx, int) or isinstance(idx, bool):
        raise TypeError(f"{what} takes a whole number as place, not {idx!r}")
    return idx
