"""Text, code, buttons, files to keep; and the scopes that all of them are shown in."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, TypeVar

from deskapp.script.callbacks import add_callback, check_callback
from deskapp.script.outputs import Output
from deskapp.script.page import current_page
from deskapp.script.scopes import ROOT, checked_name, pop_scope, push_scope, scope_stack
from deskapp.session import download
from deskapp.session.file_content import file_content

F = TypeVar("F", bound=Callable[..., Any])

COLORS = ("primary", "secondary", "success", "danger", "warning", "info", "light", "dark")


def put_text(
    *texts: object, sep: str = " ", inline: bool = False, scope: str | None = None, position: int = -1
) -> Output:
    """Show text as it is, with its line breaks.

    Args:
        *texts: What is shown: `str` of each.
        sep: What stands between them.
        inline: Whether it stays in the line of what was shown before.
        scope: Where it is shown; in the current scope when None.
        position: Before which thing there: 0 the first, -1 behind the last, negative ones count from the end.
    """
    text = sep.join(map(str, texts))
    return Output("put_text()", "text", {"text": text, "inline": bool(inline)}, scope=scope, position=position)


def put_code(
    content: object, language: str = "", rows: int | None = None, scope: str | None = None, position: int = -1
) -> Output:
    """Show program text with its syntax highlighted.

    Args:
        content: The text: `str` of it.
        language: Which language it is in, such as ``"python"`` or ``"json"``; empty: nothing is highlighted.
        rows: How many lines are seen at once, at most; all when None.
        scope, position: As of `put_text`.
    """
    if rows is not None and (not isinstance(rows, int) or rows < 1):
        raise ValueError(f"put_code() shows a whole number of rows above zero, not {rows!r}")
    props = {"text": str(content), "language": str(language or ""), "rows": rows}
    libraries = ("highlighter",) if language else ()
    return Output("put_code()", "code", props, scope=scope, position=position, library=libraries)


def put_buttons(
    buttons: Sequence[Any],
    onclick: Callable[..., object] | Sequence[Callable[[], object]],
    small: bool | None = None,
    link_style: bool = False,
    outline: bool = False,
    group: bool = False,
    scope: str | None = None,
    position: int = -1,
    **callback_options: Any,
) -> Output:
    """Show buttons in a row.

    Args:
        buttons: One each: its value; or label and value; or a dict with ``label``, ``value`` and, if wanted, ``color``
            (``"primary"``, ``"secondary"``, ``"success"``, ``"danger"``, ``"warning"``, ``"info"``, ``"light"`` or
            ``"dark"``) and ``disabled``.
        onclick: Called with the value of the button that was clicked; or one function without arguments for each.
        small: Whether they are small.
        link_style: Whether they look like links.
        outline: Whether they are drawn by their outline.
        group: Whether they stand without gaps.
        scope, position: As of `put_text`.
        **callback_options: ``serial_mode=True`` calls `onclick` for one click after the other; ``mutex_mode=True``
            drops clicks during a call. Without them, calls may overlap.

    Raises:
        TypeError, ValueError: A button, or an option, is none.
        WrongKindOfSession: A function is async, and the session that of a plain one.
    """
    what = "put_buttons()"
    items = [_button(each, what) for each in buttons]
    options = checked_options(callback_options, what)
    page = current_page(what)
    calls: list[Callable[[], object]]
    if callable(onclick):
        check_callback(page, onclick, what)
        calls = [functools.partial(onclick, item["value"]) for item in items]
    else:
        calls = list(onclick)
        if len(calls) != len(items):
            raise ValueError(f"{what} has {len(items)} buttons and {len(calls)} functions: give one for each")
        for each in calls:
            check_callback(page, each, what)
    disabled = {index for index, item in enumerate(items) if item["disabled"]}

    def clicked(index: Any) -> object:
        if not isinstance(index, int) or not 0 <= index < len(calls) or index in disabled:
            raise ValueError(f"there is no button {index!r} to click")
        return calls[index]()

    on = add_callback(page, clicked, what, **options)
    shown = []
    for index, item in enumerate(items):
        del item["value"]
        shown.append({"index": index, **item, "on": on})
    props = {
        "buttons": shown,
        "small": bool(small),
        "link": bool(link_style),
        "outline": bool(outline),
        "group": bool(group),
    }
    return Output(what, "buttons", props, scope=scope, position=position, listeners=(on,))


def put_button(
    label: str,
    onclick: Callable[[], object],
    color: str | None = None,
    small: bool | None = None,
    link_style: bool = False,
    outline: bool = False,
    disabled: bool = False,
    scope: str | None = None,
    position: int = -1,
) -> Output:
    """Show one button.

    Args:
        label: What stands on it.
        onclick: Called without arguments.
        color, small, link_style, outline: As of `put_buttons`.
        disabled: Whether it cannot be clicked.
        scope, position: As of `put_text`.
    """
    button = {"label": label, "value": "", "color": color, "disabled": disabled}
    return put_buttons(
        [button], [onclick], small=small, link_style=link_style, outline=outline, scope=scope, position=position
    )


def put_file(
    name: str,
    content: bytes | bytearray | memoryview,
    label: str | None = None,
    scope: str | None = None,
    position: int = -1,
) -> Output:
    """Show a link that gives the user a file to keep.

    Args:
        name: The name that is proposed for it.
        content: What is in it; it stays in this process until it is asked for.
        label: The link's text; the name when None.
        scope, position: As of `put_text`.
    """
    data = file_content(content, "put_file()")
    return put_button(label or name, lambda: download(name, data), link_style=True, scope=scope, position=position)


def _button(item: Any, what: str) -> dict[str, Any]:
    if isinstance(item, Mapping):
        unknown = sorted(set(item) - {"label", "value", "color", "disabled", "type"})
        if unknown or "label" not in item:
            wrong = f"has no {unknown[0]!r}" if unknown else "needs a 'label'"
            raise ValueError(f"a button of {what} {wrong}: {dict(item)!r}")
        label, value = item["label"], item.get("value", item["label"])
        color, disabled = item.get("color"), bool(item.get("disabled", False))
    elif isinstance(item, tuple | list):
        if len(item) not in (2, 3):
            raise ValueError(f"a button of {what} is a value, (label, value), or a dict, not {item!r}")
        label, value, color, disabled = item[0], item[1], None, bool(item[2]) if len(item) == 3 else False
    else:
        label = value = item
        color, disabled = None, False
    if color is not None and color not in COLORS:
        raise ValueError(f"a button of {what} cannot be {color!r}; there are {', '.join(COLORS)}")
    return {"label": str(label), "value": value, "color": color or "primary", "disabled": disabled}


def checked_options(options: Mapping[str, Any], what: str) -> dict[str, bool]:
    names = {"serial_mode": "serial", "mutex_mode": "drops"}
    for name in options:
        if name not in names:
            raise TypeError(f"{what} has no option {name!r}; there are {', '.join(names)}")
    return {names[name]: bool(value) for name, value in options.items()}


# -- scopes ------------------------------------------------------------------------------------------------------------


def put_scope(name: str | None = None, content: object = (), scope: str | None = None, position: int = -1) -> Output:
    """Make a scope: a place in the page that things can be shown in, and that can be emptied.

    Args:
        name: Its name: letters, digits, ``-`` and ``_``; one of its own when None.
        content: An output, or several, to begin with.
        scope, position: As of `put_text`.

    Raises:
        ValueError: It cannot have this name, or there is one of this name.
    """
    page = current_page("put_scope()")
    chosen = page.scopes.new_name() if name is None else checked_name(name, "put_scope()")
    if chosen in page.scopes:
        raise ValueError(f"put_scope() finds a scope {chosen!r} in the page already; use_scope() shows things in it")
    contents: Iterable[object] = content if isinstance(content, list | tuple) else (content,)
    return Output("put_scope()", "scope", {}, children=contents, scope=scope, position=position, inside=chosen)


class use_scope:
    """Show things in a scope: in a ``with`` block, or in a function that this decorates.

    Args:
        name: Its name. If there is none it is made, in the current scope. None: one is made for the block.
        clear: Whether it is emptied first.

    Raises:
        ValueError: A scope cannot have this name.
    """

    def __init__(self, name: str | None = None, clear: bool = False) -> None:
        if name is not None:
            checked_name(name, "use_scope()")
        self._name = name
        self._clear = clear

    def __enter__(self) -> str:
        page = current_page("use_scope()")
        name = self._name if self._name is not None else page.scopes.new_name()
        if name not in page.scopes:
            put_scope(name)
        elif self._clear:
            clear(name)
        push_scope(name)
        return name

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pop_scope()

    def __call__(self, func: F) -> F:
        """Decorate a function."""
        import inspect

        if inspect.iscoroutinefunction(func):

            @functools.wraps(func)
            async def awaited(*args: Any, **kwargs: Any) -> Any:
                with use_scope(self._name, self._clear):
                    return await func(*args, **kwargs)

            return awaited  # type: ignore[return-value]

        @functools.wraps(func)
        def called(*args: Any, **kwargs: Any) -> Any:
            with use_scope(self._name, self._clear):
                return func(*args, **kwargs)

        return called  # type: ignore[return-value]


def get_scope(stack_idx: int = -1) -> str | None:
    """The name of a scope that the running code is in.

    Args:
        stack_idx: Which one of the stack: -1 the current one, 0 the root.

    Returns:
        Its name; None if the stack is not as deep.
    """
    current_page("get_scope()")
    stack = scope_stack()
    try:
        return stack[stack_idx]
    except IndexError:
        return None


def set_scope(name: str, container_scope: str | None = None, position: int = -1, if_exist: str | None = None) -> None:
    """Make a scope, if it is not there yet.

    Args:
        name: Its name.
        container_scope: In which scope; in the current one when None.
        position: As of `put_text`.
        if_exist: What to do with one that is there: None leaves it as it is, ``"clear"`` empties it, ``"remove"``
            removes it and makes it anew.

    Raises:
        ValueError: It cannot have this name, or `if_exist` is none of these.
    """
    page = current_page("set_scope()")
    checked_name(name, "set_scope()")
    if if_exist not in (None, "clear", "remove"):
        raise ValueError(f"set_scope(if_exist=…) is None, 'clear' or 'remove', not {if_exist!r}")
    if name in page.scopes:
        if if_exist == "clear":
            clear(name)
        if if_exist != "remove":
            return
        remove(name)
    put_scope(name, scope=container_scope, position=position)


def clear(scope: str | None = None) -> None:
    """Empty a scope.

    Args:
        scope: Its name; the current one when None.

    Raises:
        ScopeNotFound: There is none.
    """
    page = current_page("clear()")
    name = page.scopes.check(_chosen(scope), "clear()")
    page.scopes.empty(name)
    page.tell("clear", name)


def remove(scope: str | None = None) -> None:
    """Remove a scope with what is in it.

    Args:
        scope: Its name; the current one when None.

    Raises:
        ScopeNotFound: There is none.
        ValueError: It is the root, which stays.
    """
    page = current_page("remove()")
    name = page.scopes.check(_chosen(scope), "remove()")
    if name == ROOT:
        raise ValueError("remove() cannot remove the root of the page; clear() empties it")
    page.scopes.remove(name)
    page.tell("remove", name)


def scroll_to(scope: str | None = None, position: str = "top") -> None:
    """Scroll the page to a scope.

    Args:
        scope: Its name; the current one when None.
        position: Where it is to be seen: ``"top"``, ``"middle"`` or ``"bottom"``.

    Raises:
        ScopeNotFound: There is none.
        ValueError: There is no such position.
    """
    page = current_page("scroll_to()")
    if position not in ("top", "middle", "bottom"):
        raise ValueError(f"scroll_to(position=…) is 'top', 'middle' or 'bottom', not {position!r}")
    page.tell("scroll", [page.scopes.check(_chosen(scope), "scroll_to()"), position])


def _chosen(scope: str | None) -> str:
    return scope if scope is not None else scope_stack()[-1]
