"""`Output`: one thing that a function shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from deskapp.script.callbacks import add_callback
from deskapp.script.page import ScriptPage, current_page
from deskapp.script.scopes import pop_scope, push_scope, scope_stack
from deskapp.session.run import Posted

if TYPE_CHECKING:
    from types import TracebackType

Spec = list[Any]
"""What the page makes an element of: ``[number, kind, properties]``."""


class Output:
    """Something shown in the page; given to another output, it goes into that one.

    It is shown a moment after it was made, in the scope that was current then. An output that contains others is a
    context manager, in which functions show things in it.

    Args:
        what: The function that makes it, for messages.
        kind: What it is, as the page's table of kinds names it.
        props: Its properties: JSON values.
        children: Texts and outputs that it contains, in the property ``children``; None: it has none.
        scope: Where it is shown; in the current scope when None.
        position: Before which thing there: 0 the first, -1 behind the last, negative ones count from the end.
        library: Libraries that the page needs for it.
        inside: The scope that its content is in; empty if it has none.
        listeners: Ids under which the page reports what the user does with it; they go with it.

    Raises:
        SessionNotFoundException: The calling code belongs to no session.
        SessionClosedException: Its session has ended.
        ScopeNotFound: There is no such scope.
        CodecError: A property cannot travel.
    """

    _verb: ClassVar[str] = "put"
    """What the page is asked to do with it."""

    _waits: ClassVar[bool] = False
    """Whether it is not shown by itself."""

    def __init__(
        self,
        what: str,
        kind: str,
        props: Mapping[str, object],
        *,
        children: Iterable[object] | None = None,
        scope: str | None = None,
        position: int = -1,
        library: tuple[str, ...] = (),
        inside: str = "",
        listeners: tuple[str, ...] = (),
    ) -> None:
        page = self._page = current_page(what)
        where = page.scopes.check(scope, what) if scope is not None else _present_scope(page)
        if not isinstance(position, int) or isinstance(position, bool):
            raise TypeError(f"{what} takes a whole number as position, not {position!r}")
        self.kind = kind
        self._what = what
        self._inside = inside
        prepared = page.run.prepare(dict(props), what)
        self._scopes: list[str] = []  # of those in it the outermost ones
        self._libraries = set(library)
        self._carrier: Output | None = None
        self._number = page.next_number()
        if inside:
            page.scopes.add(inside, where)
            self._scopes.append(inside)
            prepared["scope"] = inside
        self._where = where
        self._container: Output | None = None
        self._listeners: list[str] = []  # its own, and those of what is in it, but for what is in a scope of it
        for listener in listeners:
            self._listen(listener)
        size = 64 + sum(len(value) for value in props.values() if isinstance(value, str | bytes))
        if children is not None:
            taken = prepared["children"] = [self.adopt(each) for each in children]
            size += sum(len(each) if isinstance(each, str) else 16 for each in taken)
        self._spec: Spec = [self._number, kind, prepared]
        send = page.sender(self._verb, lambda: [self._spec, where, position], *sorted(self._libraries))
        self._posted = Posted(send, size) if self._waits else page.run.post(send, size)

    def __repr__(self) -> str:
        return f"<Output of {self._what.rstrip('()')}>"

    @property
    def number(self) -> int:
        """Its number in the page."""
        return self._number

    @property
    def page(self) -> ScriptPage:
        """What shows it."""
        return self._page

    # -- what can be done with it --------------------------------------------------------------------------------------

    def style(self, css: str) -> Output:
        """Give it CSS declarations, such as ``"color: green"``; returns itself.

        Raises:
            TypeError: It is no text.
        """
        if not isinstance(css, str):
            raise TypeError(f"style() takes CSS as a text, not {css!r}")
        earlier = self._spec[2].get("style", "")
        self._change("style", f"{earlier};{css}" if earlier else css)
        return self

    def onclick(self, callback: Callable[[], object]) -> Output:
        """Call a function without arguments when it is clicked; returns itself.

        Raises:
            TypeError: It cannot be called.
        """
        listener = add_callback(self._page, callback, "onclick()", is_bare=True)
        self._listen(listener)
        self._change("click", listener)
        return self

    def show(self) -> Output:
        """Nothing more is needed to show it; for programs written for a library where it is. Returns itself."""
        return self

    send = show

    def update(self, props: Mapping[str, object]) -> None:
        """Change properties of it."""
        for name, value in self._page.run.prepare(dict(props), self._what).items():
            self._change(name, value)

    def tell(self, verb: str, data: object, *, library: str = "") -> None:
        """Have the page do something with it that is no change of a property."""
        run = self._page.run
        self._page.tell(verb, [self._number, run.prepare(data, self._what)], library=library)

    def _change(self, name: str, value: object) -> None:
        root = self
        while root._carrier is not None:
            root = root._carrier
        if not self._page.run.unless_sent(root._posted, lambda: self._spec[2].__setitem__(name, value)):
            self._spec[2][name] = value
            size = len(value) if isinstance(value, str | bytes) else 100
            self._page.tell("change", [self._number, name, value], size)

    # -- one in the other ----------------------------------------------------------------------------------------------

    def adopt(self, content: object) -> Any:
        """Take something in; what the page is told of it: a text, a new element, or the number of one that it has."""
        if not isinstance(content, Output):
            return self._page.run.prepare(str(content), self._what)
        if content._page is not self._page:
            raise ValueError(f"{content!r} belongs to another page; make it in this one")
        earlier, content._container = content._place, self
        scopes, place = self._page.scopes, content._place
        for name in content._scopes:
            scopes.move(name, place)
        for listener in content._listeners:
            scopes.release(earlier, listener)
            scopes.hold(place, listener)
        if not self._inside:
            self._scopes += content._scopes
            self._listeners += content._listeners
        self._libraries |= content._libraries
        if content._carrier is None and self._page.run.withdraw(content._posted):
            content._carrier = self
            return content._spec
        content._carrier = None
        return content._number

    @property
    def _place(self) -> str:
        """The scope that it is in now."""
        output = self
        while output._container is not None:
            output = output._container
            if output._inside:
                return output._inside
        return output._where

    def _listen(self, listener: str) -> None:
        self._listeners.append(listener)
        self._page.scopes.hold(self._place, listener)

    # -- as a place ----------------------------------------------------------------------------------------------------

    def __enter__(self) -> str:
        if not self._inside:
            raise TypeError(f"{self._what} is no place for other outputs: it cannot be used with `with`")
        push_scope(self._inside)
        return self._inside

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pop_scope()


def _present_scope(page: ScriptPage) -> str:
    """The innermost scope that the code is in, and that still is there."""
    for name in reversed(scope_stack()):
        if name in page.scopes:
            return name
    raise AssertionError("every page has its root")
