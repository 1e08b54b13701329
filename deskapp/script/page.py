"""`ScriptPage`: what the page of a run shows, as far as Python has to know it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from deskapp.script.libraries import library, library_url
from deskapp.script.scopes import ScopeTree
from deskapp.session.current import current_run

if TYPE_CHECKING:
    from deskapp.session.run import Run

CLIENT = "deskapp.script"

P = TypeVar("P")


class ScriptPage:
    """What one run shows: its scopes, the libraries that its page has, and numbers for what is shown.

    Args:
        run: The run.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.scopes = ScopeTree(run.ignore)
        self.kept: dict[str, Any] = {}
        """What modules of this package keep of the page, each under a name of its own."""
        self._numbers = itertools.count(1)
        self._libraries: set[str] = set()
        self._is_known = False
        self._parts: dict[Callable[[ScriptPage], Any], Any] = {}
        self._lock = threading.RLock()

    def part(self, kind: Callable[[ScriptPage], P]) -> P:
        """What one subject needs to keep of the page; made when it is first asked for."""
        with self._lock:
            if kind not in self._parts:
                self._parts[kind] = kind(self)
            found: P = self._parts[kind]
        return found

    def next_number(self) -> int:
        """A number for something that is shown."""
        return next(self._numbers)

    def tell(self, verb: str, data: object, size_bytes: int = 100, *, library: str = "") -> None:
        """Have the page do something.

        Args:
            verb: As the page's table of verbs names it.
            data: JSON values, prepared for their way.
            size_bytes: About how much it is.
            library: A library that the page needs for it.

        Raises:
            SessionClosedException: The run has ended.
        """
        self.run.tell(self.sender(verb, lambda: data, library), size_bytes)

    def sender(self, verb: str, data: Callable[[], object], *libraries: str) -> Callable[[], None]:
        """What sends something, on the loop's thread, after all that the page needs for it.

        Args:
            verb: As the page's table of verbs names it.
            data: Asked when it is sent.
            *libraries: Which the page needs for it.

        Raises:
            LibrariesMissing: One is not there.
        """
        for name in libraries:
            if name and name not in self._libraries:
                library(name)  # it fails here, in the call of the one who wants it

        def send() -> None:
            self._bring(libraries)
            self.run.session.show(verb, data())

        return send

    def ask(self, verb: str, data: object, on_answer: Callable[[object, BaseException | None], None]) -> None:
        """Have the page do something and answer; on the loop's thread."""
        self._bring(())
        self.run.session.consult(verb, data, on_answer)

    def show_fault(self) -> None:
        """Tell the user that the program made a mistake; on the loop's thread."""
        self._bring(())
        self.run.session.show("fault", None)

    def _bring(self, libraries: tuple[str, ...]) -> None:
        session = self.run.session
        if not self._is_known:
            self._is_known = True
            self._define("pico")
            session.define("css", CLIENT, url=library_url("script.css"))
            session.define("js", CLIENT, url=library_url("script.js"))
        for name in libraries:
            if name and name not in self._libraries:
                self._libraries.add(name)
                self._define(name)

    def _define(self, name: str) -> None:
        found = library(name)
        session = self.run.session
        if found.style is not None:
            session.define("css", f"{CLIENT}.{name}", url=library_url(found.style.name))
        if found.script is not None:
            session.define("js", f"{CLIENT}.{name}", url=library_url(found.script.name))


def current_page(what: str) -> ScriptPage:
    """The page of the code that calls.

    Args:
        what: What is asked for, for example ``"put_text()"``.

    Raises:
        SessionNotFoundException: It belongs to no session.
        SessionClosedException: Its session has ended.
    """
    run: Any = current_run(what)
    run.check()
    if run.page is None:
        run.page = ScriptPage(run)
    page: ScriptPage = run.page
    return page
