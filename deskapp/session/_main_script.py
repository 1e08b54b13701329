"""A program that is one script: it runs on the main thread already when its page comes, and cannot begin anew."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deskapp.session._tasks import Script, ScriptRun, ThreadRun
from deskapp.session.run import Run, settle

if TYPE_CHECKING:
    from deskapp.session._session import Session

NOT_AGAIN = (
    "This program was interrupted, because its page was loaded anew.",
    "Close the window, and start the program again.",
)


@dataclass(frozen=True)
class MainScript(Script):
    """The script that runs, as what a window shows; its function is never called.

    Attributes:
        begun: Its run, once the page is there.
    """

    begun: Future[Run] = field(default_factory=Future)

    def make_run(self, session: Session) -> ScriptRun:
        """The run that the script goes on with; for any page but the first one, a run that has nothing to do."""
        return _NoRun(session, self) if self.begun.done() else MainRun(session, self)


class MainRun(ThreadRun):
    """What a script does in its window. Every thread of the program belongs to it."""

    def start(self) -> None:
        """Let the script go on: it has a thread already."""
        self._note_loop()
        assert isinstance(self._script, MainScript)
        settle(self._script.begun, self, None)


class _NoRun(ScriptRun):
    """A page that came too late to show something."""

    def start(self) -> None:
        self.session.show_stopped(*NOT_AGAIN)
        if self._end(self._is_over()):
            settle(self.finished, None, None)
