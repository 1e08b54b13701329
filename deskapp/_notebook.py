"""Components in the cells of a Jupyter notebook: `Notebook` carries sessions over the comm of a widget.

    kernel                                              page of JupyterLab (a *heap*)
    Notebook ── home session ──┐                    ┌── Session, the client's
             └─ other sessions ┤  the comm of one   ├── places: the cells that show components
                               └─ anywidget, heard ─┘
                                  by every page

The first page has the home session, to which belongs what is made in cells. When that page is loaded anew, the new one
gets the session, rebuilt from what Python holds. A second tab beside a live first one has a session of its own, with
proxies of the `PyComponent`s that it shows; a `JsComponent` lives in one page, which the person may choose.

Everything happens on the thread of the kernel's asyncio loop, also what arrives on another (subshells of ipykernel 7).
"""

from __future__ import annotations

import ast
import asyncio
import logging
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any

from deskapp._notebook_widgets import Cell, make_cell, make_channel
from deskapp._secret import new_secret
from deskapp._spec import AppSpec
from deskapp.bridge import PyComponent, messages
from deskapp.bridge import link as links
from deskapp.bridge.codec import Codec
from deskapp.bridge.component import BaseAppComponent, StubComponent
from deskapp.bridge.protocol import greeting
from deskapp.errors import ProtocolError
from deskapp.session import SessionOwner, Status

if TYPE_CHECKING:
    from deskapp.launcher import Launcher
    from deskapp.session import Session

logger = logging.getLogger("deskapp")

ALIVE_TIMEOUT_S = 1.5
"""How long the page that has the home session may take to answer before another one gets it."""

TAKEN = 1000
LEFT = 1001

MimeBundle = dict[str, Any]


class NotebookRoot(PyComponent):
    """The root of a notebook's sessions; it shows nothing."""


class CommTransport:
    """Carries frames to one page.

    Args:
        channel: The widget whose comm is used.
        heap: The page; others hear the comm, too.
    """

    def __init__(self, channel: Any, heap: str) -> None:
        self._channel = channel
        self._heap = heap

    def write(self, frame: str | bytes) -> None:
        """Send one frame; bytes go as they are, beside the comm's JSON."""
        if isinstance(frame, str):
            self._channel.send({"heap": self._heap, "do": "frame", "frame": frame})
        else:
            self._channel.send({"heap": self._heap, "do": "frame"}, buffers=[frame])

    def close(self, code: int, reason: str) -> None:
        """Tell the page that nothing more comes."""
        self._channel.send({"heap": self._heap, "do": "close", "code": code, "reason": reason})


class Notebook(SessionOwner):
    """All sessions of one kernel. Owns them: a page that goes away may come back until the kernel ends.

    Args:
        launcher: Gives store, module graph and event loop.
        aio: The kernel's asyncio loop.
        cell_text: Returns the Python of the cell that runs.
    """

    def __init__(
        self, launcher: Launcher, aio: asyncio.AbstractEventLoop, *, cell_text: Callable[[], str] = lambda: ""
    ) -> None:
        self._manager = launcher.manager
        self._aio = aio
        self._cell_text = cell_text
        self._admissions = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._sessions: dict[str, tuple[Session, CommTransport]] = {}
        self._cells: dict[str, tuple[BaseAppComponent, Cell]] = {}
        self.home = self._new_session()
        # No secret of ours: what widgets hold is saved with the notebook, and read by whoever gets the file.
        self.channel = make_channel(new_secret())
        self.channel.on_msg(self._heard)

    def _new_session(self) -> Session:
        return self._manager.create_session(AppSpec(NotebookRoot, "notebook"), owner=self)

    # -- cells ---------------------------------------------------------------------------------------------------------

    def mime_bundle(self, component: BaseAppComponent) -> tuple[MimeBundle, MimeBundle]:
        """What IPython is to display for a component: a cell that shows it, if it lives in this notebook."""
        text = {"text/plain": repr(component)}
        if self._is_answer_of_action(component):
            return text, {}  # actions return their component; to call one is not to ask for it again
        if isinstance(component, StubComponent) or component._disposed or component.session is not self.home:
            return text, {}
        self.home.flush()  # what makes it in the page goes before what shows it
        known = self._cells.get(component.uid)
        cell = known[1] if known is not None else make_cell(self.channel, component.uid)
        self._cells = {uid: held for uid, held in self._cells.items() if not held[0]._disposed}
        self._cells[component.uid] = (component, cell)  # on the screen, so it is held
        data, metadata = cell.mime_bundle()
        return {**data, **text}, metadata

    def _is_answer_of_action(self, component: BaseAppComponent) -> bool:
        """Whether a cell ends with the call of an action, and it is the cell's value that is to be displayed."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code.co_name != "compute_format_data":  # IPython's displayhook
            frame = frame.f_back
        if frame is None:
            return False  # display(component)
        try:
            last = ast.parse(self._cell_text()).body[-1]
        except (SyntaxError, IndexError, ValueError):
            return False
        called = last.value.func if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) else None
        return isinstance(called, ast.Attribute) and called.attr in type(component).__actions__

    def _show_elsewhere(self, session: Session) -> None:
        """Let the page of another session know the `PyComponent`s that cells show."""
        for component, _ in self._cells.values():
            if isinstance(component, PyComponent) and not component._disposed:
                session.introduce(component)

    # -- what pages say ------------------------------------------------------------------------------------------------

    def _heard(self, _widget: object, content: Any, buffers: Sequence[memoryview | bytes]) -> None:
        """Take a message of a page, on whichever thread the kernel reads it."""
        self._aio.call_soon_threadsafe(self._take, content, [bytes(buffer) for buffer in buffers])

    def _take(self, content: Any, buffers: list[bytes]) -> None:
        heap, verb = (content.get("heap"), content.get("do")) if isinstance(content, dict) else (None, None)
        if not isinstance(heap, str) or len(heap) > 64:
            logger.warning("A notebook page said something that is no message of ours")
        elif verb == "hello":
            self._spawn(self._admit(heap, str(content.get("frame")), is_taking=content.get("take") is True))
        elif heap in self._sessions:
            session, _ = self._sessions[heap]
            if verb == "frame":
                self._receive(session, buffers[0] if buffers else str(content.get("frame")))
            elif verb == "bye":
                self._drop(heap)
            elif verb == "data":
                self._send_data(session, heap, str(content.get("url")))

    def _receive(self, session: Session, frame: str | bytes) -> None:
        try:
            session.receive(frame)
        except ProtocolError as error:
            logger.error("%r: %s; the session closes", session, error)
            session.close(error.close_code, str(error))

    def _send_data(self, session: Session, heap: str, url: str) -> None:
        """Answer a request for data of the session or shared ones, which other pages fetch from a server."""
        name = url.partition("/data/")[2]
        data = session.get_data(name)
        self.channel.send({"heap": heap, "do": "data", "url": url}, buffers=[] if data is None else [data])

    # -- which page has which session ----------------------------------------------------------------------------------

    async def _admit(self, heap: str, frame: str, *, is_taking: bool) -> None:
        """Give a page that greets a session."""
        hello = greeting(Codec().decode_frame(frame), messages.HELLO)
        async with self._admissions:  # two pages that greet at once are not to get the same session
            if is_taking:
                self._dispossess(heap)
                session = self.home
            elif heap in self._sessions:
                session = self._sessions[heap][0]
            elif self.home.status is not Status.CONNECTED or not await self.home.is_alive(ALIVE_TIMEOUT_S):
                self._dispossess(heap)
                session = self.home
            else:
                session = self._new_session()
            transport = CommTransport(self.channel, heap)
            self._sessions[heap] = (session, transport)
            session.connect(transport, hello)
            if session is not self.home:
                self._show_elsewhere(session)

    def _dispossess(self, heap: str) -> None:
        """The home session goes to `heap`: whoever has it, and what `heap` has, are over."""
        own = self._sessions.pop(heap, None)
        if own is not None and own[0] is not self.home:
            own[0].disconnect(own[1], left=True)  # the page has forgotten it already
            self.close_session(own[0], TAKEN, "taken")
        for other, (session, transport) in list(self._sessions.items()):
            if session is self.home:
                del self._sessions[other]
                session.disconnect(transport, left=True)
                transport.close(TAKEN, "taken")

    def _drop(self, heap: str) -> None:
        """A page has gone. The home session waits for the next one."""
        session, transport = self._sessions.pop(heap)
        if session is self.home:
            session.disconnect(transport, left=True)
        else:
            self.close_session(session, LEFT, "the page went away")

    def _spawn(self, work: Any) -> None:
        task = self._aio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("A page of the notebook could not be let in: %s", error, exc_info=error)

    # -- SessionOwner --------------------------------------------------------------------------------------------------

    def close_session(self, session: Session, code: int, reason: str) -> None:
        """End a session at once."""
        session.end(code, reason)
        self._manager.remove(session)
        if session is self.home:
            links.use_default(None)
