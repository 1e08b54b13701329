"""What comes above the page for a while: short messages, and popups."""

from __future__ import annotations

import functools
import inspect
import math
import re
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from deskapp.script.callbacks import add_callback
from deskapp.script.layout import contents_of
from deskapp.script.outputs import Output
from deskapp.script.page import ScriptPage, current_page

F = TypeVar("F", bound=Callable[..., Any])

TOAST_COLORS = ("info", "error", "warn", "success")
TOAST_POSITIONS = ("left", "center", "right")

_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\Z")
_POPUP = "popup"


class PopupSize:
    """How large a popup is."""

    LARGE = "large"
    NORMAL = "normal"
    SMALL = "small"


def toast(
    content: object,
    duration: float = 2,
    position: str = "center",
    color: str = "info",
    onclick: Callable[[], object] | None = None,
) -> None:
    """Show a short message above the page, for a while.

    Args:
        content: The text: `str` of it.
        duration: For how many seconds; 0: until the user closes it.
        position: ``"left"``, ``"center"`` or ``"right"``, at the top.
        color: ``"info"``, ``"error"``, ``"warn"``, ``"success"``, or a colour such as ``"#2188ff"``.
        onclick: Called without arguments when it is clicked.

    Raises:
        TypeError: `onclick` is no function, or `duration` no number.
        ValueError: There is no such position or colour, or the duration is negative.
        WrongKindOfSession: The function is async, and the session that of a plain one.
    """
    what = "toast()"
    if isinstance(duration, bool) or not isinstance(duration, int | float):
        raise TypeError(f"{what} takes a number of seconds as duration, not {duration!r}")
    if not (math.isfinite(duration) and duration >= 0):
        raise ValueError(f"{what} takes 0 seconds or more as duration, not {duration!r}")
    if position not in TOAST_POSITIONS:
        raise ValueError(f"{what} has the positions {', '.join(TOAST_POSITIONS)}, not {position!r}")
    if not isinstance(color, str) or (color not in TOAST_COLORS and not _HEX.match(color)):
        raise ValueError(f"{what} cannot be {color!r}; there are {', '.join(TOAST_COLORS)} and colours like '#2188ff'")
    page = current_page(what)
    text = page.run.prepare(str(content), what)
    click = None if onclick is None else add_callback(page, onclick, what, is_bare=True)
    page.tell("toast", [text, min(duration, 2**31) * 1000, position, color, click], 100 + len(str(content)))


def popup(
    title: str,
    content: object = None,
    size: str = PopupSize.NORMAL,
    implicit_close: bool = True,
    closable: bool = True,
) -> Popup:
    """Show things in a popup above the page, in the place of one that is open.

    As a ``with`` block, what is shown in it goes there, and the block gets the name of its scope. A function that it
    decorates shows things there.

    Args:
        title: Its title.
        content: An output, a text, or a list of them.
        size: ``"large"``, ``"normal"`` or ``"small"``: see `PopupSize`.
        implicit_close: Whether a click beside it, or Escape, closes it.
        closable: Whether the user can close it at all; if not, `close_popup` does.

    Raises:
        ValueError: There is no such size.
    """
    what = "popup()"
    sizes = (PopupSize.LARGE, PopupSize.NORMAL, PopupSize.SMALL)
    if size not in sizes:
        raise ValueError(f"{what} has the sizes {', '.join(sizes)}, not {size!r}")
    return Popup(
        current_page(what), str(title), [] if content is None else contents_of(content), size,
        closes_lightly=bool(implicit_close and closable), closes=bool(closable),
    )  # fmt: skip


def close_popup() -> None:
    """Close the popup, if one is open."""
    page = current_page("close_popup()")
    if _forget_popup(page):
        page.tell("close_popup", None)


class Popup(Output):
    """A popup; made by `popup`.

    Args:
        page: What shows it.
        title: Its title.
        content: What is in it at first.
        size: How large it is.
        closes_lightly: Whether a click beside it, or Escape, closes it.
        closes: Whether the user can close it.
    """

    _verb: ClassVar[str] = "popup"

    def __init__(
        self, page: ScriptPage, title: str, content: list[Any], size: str, *, closes_lightly: bool, closes: bool
    ) -> None:
        inside = page.scopes.new_name()

        def closed(data: object, answer: Callable[[object], None]) -> None:
            if page.kept.get(_POPUP) is self:
                _forget_popup(page)
            answer(None)

        self.closed = page.run.listen(closed)
        """The id under which the page reports that the user has closed it."""
        props = {"title": title, "size": size, "light": closes_lightly, "closes": closes, "on": self.closed}
        super().__init__("popup()", "popup", props, children=content, inside=inside)
        _forget_popup(page)
        page.scopes.move(inside, "")  # it is in no scope: it goes with none
        page.kept[_POPUP] = self

    def forget(self) -> None:
        """It is no longer there."""
        self.page.scopes.remove(self._inside)
        self.page.run.ignore(self.closed)

    def __call__(self, func: F) -> F:
        """Decorate a function: what it shows goes into the popup."""
        if inspect.iscoroutinefunction(func):

            @functools.wraps(func)
            async def awaited(*args: Any, **kwargs: Any) -> Any:
                with self:
                    return await func(*args, **kwargs)

            return awaited  # type: ignore[return-value]

        @functools.wraps(func)
        def called(*args: Any, **kwargs: Any) -> Any:
            with self:
                return func(*args, **kwargs)

        return called  # type: ignore[return-value]


def _forget_popup(page: ScriptPage) -> bool:
    shown: Popup | None = page.kept.pop(_POPUP, None)
    if shown is not None:
        shown.forget()
    return shown is not None
