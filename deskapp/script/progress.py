"""What tells the user that something is under way: bars of progress, and what turns while it lasts."""

from __future__ import annotations

import contextlib
import difflib
import math
from types import TracebackType

from deskapp.errors import SessionException
from deskapp.script.basic import COLORS
from deskapp.script.outputs import Output
from deskapp.script.page import ScriptPage, current_page
from deskapp.script.scopes import checked_name

SHAPES = ("border", "grow")

_BARS = "progress bars"


class _Bar:
    """A bar of progress, as far as Python has to know it."""

    def __init__(self, output: Output, *, closes: bool) -> None:
        self.output = output
        self.closes = closes
        self.is_closed = False


def put_progressbar(
    name: str,
    init: float = 0,
    label: str | None = None,
    auto_close: bool = False,
    scope: str | None = None,
    position: int = -1,
) -> Output:
    """Show a bar of progress.

    Args:
        name: Its name, for `set_progressbar`: letters, digits, ``-`` and ``_``. One of the same name is forgotten.
        init: The progress that it shows at first, from 0 to 1.
        label: The text beside it; the progress in percent when None.
        auto_close: Whether it goes when it is at 1.
        scope, position: As of `put_text`.

    Raises:
        ValueError: It cannot have this name, or the progress is out of bounds.
        TypeError: The progress is no number.
    """
    what = "put_progressbar()"
    checked_name(name, what)
    value = _progress(init, what)
    props = {"name": name, "state": [value, _label(value, label)]}
    output = Output(what, "progress", props, scope=scope, position=position)
    bar = _bars(output.page)[name] = _Bar(output, closes=bool(auto_close))
    _close_if_done(bar, value)
    return output


def set_progressbar(name: str, value: float, label: str | None = None) -> None:
    """Set the progress that a bar shows.

    Args:
        name: Its name.
        value: The progress, from 0 to 1.
        label: The text beside it; the progress in percent when None.

    Raises:
        LookupError: There is no such bar.
        ValueError: The progress is out of bounds.
        TypeError: It is no number.
    """
    what = "set_progressbar()"
    checked_name(name, what)
    bars = _bars(current_page(what))
    bar = bars.get(name)
    if bar is None:
        near = difflib.get_close_matches(name, bars, n=2)
        hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "make it with put_progressbar() first."
        raise LookupError(f"{what} finds no bar {name!r} in the page; {hint}")
    progress = _progress(value, what)
    if not bar.is_closed:
        bar.output.update({"state": [progress, _label(progress, label)]})
        _close_if_done(bar, progress)


put_processbar = put_progressbar
set_processbar = set_progressbar


def _bars(page: ScriptPage) -> dict[str, _Bar]:
    found: dict[str, _Bar] = page.kept.setdefault(_BARS, {})
    return found


def _close_if_done(bar: _Bar, value: float) -> None:
    if bar.closes and value == 1:
        bar.is_closed = True
        bar.output.tell("drop", None)


def _progress(value: float, what: str) -> float:
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        raise TypeError(f"{what} takes a number from 0 to 1 as progress, not {value!r}")
    number = float(value)
    if not -1e-9 <= number <= 1 + 1e-9:  # sums of fractions are not exact
        hint = "; divide by 100" if math.isfinite(number) and 1 < number <= 100 else ""
        raise ValueError(f"{what} takes a number from 0 to 1 as progress, not {value!r}{hint}")
    return min(max(number, 0.0), 1.0)


def _label(value: float, label: object) -> str:
    return f"{value:.1%}" if label is None else str(label)


def put_loading(shape: str = "border", color: str = "dark", scope: str | None = None, position: int = -1) -> Output:
    """Show that something is under way; after a ``with`` block it goes, and what was shown in the block with it.

    Args:
        shape: ``"border"``: a ring that turns; ``"grow"``: a disc that grows.
        color: ``"primary"``, ``"secondary"``, ``"success"``, ``"danger"``, ``"warning"``, ``"info"``, ``"light"`` or
            ``"dark"``.
        scope, position: As of `put_text`.

    Raises:
        ValueError: There is no such shape or colour.
    """
    what = "put_loading()"
    if shape not in SHAPES:
        raise ValueError(f"{what} has the shapes {' and '.join(map(repr, SHAPES))}, not {shape!r}")
    if color not in COLORS:
        raise ValueError(f"{what} cannot be {color!r}; there are {', '.join(COLORS)}")
    inside = current_page(what).scopes.new_name()
    props = {"shape": shape, "color": color}
    return _Loading(what, "loading", props, children=(), scope=scope, position=position, inside=inside)


class _Loading(Output):
    """Goes after the block in which it is used."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self.page.scopes.remove(self._inside)
        with contextlib.suppress(SessionException) if error is not None else contextlib.nullcontext():
            self.tell("drop", None)
