"""`Session`: one page, one websocket, one window; its life and its public face.

A session composes parts that know nothing of each other: the line to the page, the registry of components, the presence
of classes in the page, the exchange of questions, the dispatch of what the page sends, and the data blobs. As a
`PageLink` it is what its components were given.
"""

from __future__ import annotations

import asyncio
import enum
import logging
from typing import TYPE_CHECKING

from deskapp._secret import new_secret
from deskapp.assets import AssetStore
from deskapp.bridge import link as links
from deskapp.bridge import messages
from deskapp.bridge.component import BaseAppComponent, PyComponent
from deskapp.bridge.limits import Limits
from deskapp.errors import ClientReloaded, ProtocolError, SessionClosedException
from deskapp.event import Loop, current_loop
from deskapp.session._data import SessionData
from deskapp.session._dispatch import Dispatch
from deskapp.session._exchange import Exchange
from deskapp.session._link import PageLink
from deskapp.session._owner import SessionOwner, Transport, UnownedSession
from deskapp.session._presence import Presence
from deskapp.session._rebuild import drop_what_the_page_had, rebuild

if TYPE_CHECKING:
    from deskapp.bridge.module_graph import ModuleGraph

logger = logging.getLogger("deskapp.session")


class Status(enum.IntEnum):
    """Where a session is in its life."""

    CLOSED = 0
    PENDING = 1
    CONNECTED = 2


class Session(PageLink):
    """Connects one page with the components that Python made for it.

    Args:
        app_name: Name of the app that runs in it.
        store: Shared assets and data; an empty store when not given.
        request: The request of the websocket's handshake, for a served app; None for a launched one.
        graph: The JavaScript modules, shared by all sessions of a program.
        loop: The event loop of its components; the current one when not given.
        owner: Who decides about its life.
        limits: Bounds of its queues, in bytes.
        session_id: Its `id`; a fresh one, hard to guess, when not given. An export gives one, so that two are equal.
        data_path: Where pages find its data; below an address that only its page knows when not given.
    """

    STATUS = Status

    def __init__(
        self,
        app_name: str,
        store: AssetStore | None = None,
        request: object = None,
        *,
        graph: ModuleGraph | None = None,
        loop: Loop | None = None,
        owner: SessionOwner | None = None,
        limits: Limits | None = None,
        session_id: str | None = None,
        data_path: str | None = None,
    ) -> None:
        self._app_name = app_name
        self._store = store if store is not None else AssetStore()
        presence = Presence(graph if graph is not None else _own_graph(self._store), self._store)
        super().__init__(presence, loop if loop is not None else current_loop(), limits, session_id=session_id)
        self.key = new_secret()
        self.asset_key = new_secret()
        self.request = request
        self.page = ""
        self._owner: SessionOwner = owner if owner is not None else UnownedSession()
        self._exchange = Exchange()
        self._data = SessionData(data_path if data_path is not None else f"/_a/{self.asset_key}/data/")
        self._dispatch = Dispatch(self, self._registry, self._presence, self._exchange, self._codec)
        self._title = ""
        self._is_new = True

    def __repr__(self) -> str:
        return f"<Session of {self._app_name!r}, {self.status.name.lower()}>"

    # -- what it is ------------------------------------------------------------------------------------------------

    @property
    def app_name(self) -> str:
        """Name of the app that runs in it."""
        return self._app_name

    @property
    def app(self) -> BaseAppComponent | None:
        """The root component: the one that was made first."""
        return self._root

    @property
    def status(self) -> Status:
        """Whether its page is there."""
        if self._ending is not None:
            return Status.CLOSED
        return Status.CONNECTED if self._line.transport is not None else Status.PENDING

    @property
    def ending(self) -> SessionClosedException | None:
        """Why it closed; None while it lives."""
        return self._ending

    @property
    def present_modules(self) -> set[str]:
        """Names of the JavaScript modules that the page has; a copy."""
        return self._presence.modules

    @property
    def assets_to_ignore(self) -> set[str]:
        """Names of assets that are not to be sent; change it as you like."""
        return self._presence.assets_to_ignore

    def get_component_instance(self, component_id: str) -> BaseAppComponent | None:
        """Return the component with this id, or None; it may be disposed already."""
        return self._registry.get(component_id)

    def components(self) -> list[BaseAppComponent]:
        """The live components of this page, in order of creation."""
        return [component for _, component in self._registry]

    # -- data --------------------------------------------------------------------------------------------------------

    def add_data(self, name: str, data: bytes) -> str:
        """Keep a blob for the page to fetch, and return its URL. An earlier blob of that name is replaced.

        Args:
            name: Its name; may contain slashes.
            data: What to serve.
        """
        return self._data.add(name, data)

    def remove_data(self, name: str) -> None:
        """Drop a blob; no error if there is none."""
        self._data.remove(name)

    def get_data(self, name: str) -> bytes | None:
        """Return a blob of this session, else the shared one of that name, else None."""
        found = self._data.get(name)
        return found if found is not None else self._store.get_data(name)

    def get_data_names(self) -> list[str]:
        """Names of the blobs of this session."""
        return self._data.names()

    # -- the page's answers --------------------------------------------------------------------------------------------

    async def eval_js(self, code: str, *, timeout_s: float | None = 30.0, **args: object) -> object:
        """Evaluate JavaScript in the page and return its value.

        An expression gives its value (a promise is awaited); otherwise `code` is the body of an async function and
        gives what it returns.

        Args:
            code: JavaScript text.
            timeout_s: Seconds to wait; None waits as long as the session lives.
            **args: Values that the code finds under these names.

        Raises:
            ClientError: The code raised; carries its JavaScript stack.
            ClientReloaded: The page was loaded anew meanwhile.
            SessionClosedException: The session ended.
            TimeoutError: No answer came in time.
        """
        self._check_open()
        prepared = {name: self._codec.prepare(value, f"eval_js({name}=…)") for name, value in args.items()}
        number, answer = self._exchange.ask()
        self._line.send(messages.CALL(number, code, prepared))
        return await asyncio.wait_for(answer, timeout_s)

    co_eval = eval_js

    async def co_roundtrip(self, *, timeout_s: float = 30.0) -> None:
        """Wait until the page has handled everything that was sent up to now.

        Raises:
            TimeoutError: The page did not answer in time.
        """
        await self.eval_js("0", timeout_s=timeout_s)

    async def drain(self, *, timeout_s: float | None = None) -> None:
        """Wait until the page has caught up with what was sent; for producers of many messages.

        Args:
            timeout_s: Seconds to wait; None waits as long as the session lives.
        """
        self._check_open()
        await asyncio.wait_for(self._dispatch.next_change(lambda: not self.is_behind), timeout_s)

    def set_title(self, title: str) -> None:
        """Set the page's title; a launched window follows it."""
        self._title = title
        self._line.send(messages.NOTICE("title", title))

    @property
    def title(self) -> str:
        """What the page was told to call itself; empty if it has the app's title."""
        return self._title

    def close(self, code: int = 1000, reason: str = "") -> None:
        """End this session: its window closes and its components are disposed.

        Args:
            code: WebSocket close code.
            reason: Shown to the user when the window stays.
        """
        if self._ending is None:
            self._owner.close_session(self, code, reason)

    # -- the transport's side ------------------------------------------------------------------------------------------

    def connect(self, transport: Transport, hello: messages.HELLO) -> str:
        """Take a page that was let in.

        Args:
            transport: Where its frames go.
            hello: Its first message.

        Returns:
            How it was taken: ``"new"``, ``"replay"`` or ``"rebuild"``.
        """
        self._check_open()
        self._line.take(transport)
        protocol = self._line.protocol
        is_same_page = hello.page == self.page
        if self._is_new:
            # A tab that brings the key of a session that is not this one was loaded anew.
            how: messages.How = "fresh" if hello.key not in (None, self.key) and not hello.ticket else "new"
        elif is_same_page and protocol.accept(hello.last_seq):
            how = "replay"
        else:
            how = "rebuild"
        loss = drop_what_the_page_had(self._registry) if how == "rebuild" else None
        if loss is not None:
            protocol.new_epoch()
        if how != "replay":
            protocol.accept(0)
        self._is_new = False
        self.page = hello.page
        welcome = messages.WELCOME(
            messages.PROTOCOL_VERSION,
            self.key,
            how,
            self.asset_key,
            self._id,
            self._app_name,
            protocol.last_received,
        )
        self._line.write_at_once(welcome)
        if loss is not None:
            self._exchange.fail_all(ClientReloaded())
            if self._title:
                self._line.send(messages.NOTICE("title", self._title))
            rebuild(self, self._registry, self._presence, loss)
            logger.info("%r: the page was loaded anew and rebuilt; %d objects of it were dropped", self, loss.count)
        if how != "replay":
            self._line.send(messages.READY())
        self._line.flush()
        self._owner.session_connected(self)
        return how

    def disconnect(self, transport: Transport, *, left: bool) -> None:
        """The socket is gone; what was not acknowledged is kept for its return.

        Args:
            transport: The one that is gone; an older one than the present is ignored.
            left: Whether the page said goodbye.
        """
        if transport is not self._line.transport or self._ending is not None:
            return
        self._line.lose()
        self._owner.session_suspended(self, left=left)

    def receive(self, data: str | bytes) -> None:
        """Handle one frame from the page.

        Raises:
            ProtocolError: The frame breaks the rules; the caller closes the connection with its code.
        """
        if self._ending is not None:
            return
        incoming = self._line.protocol.receive(data)
        if incoming:
            self._line.is_flush_due = True  # below: no need to ask the loop for it
            try:
                with self._loop.batch(), links.use(self):
                    self._dispatch.handle_all(incoming)
            finally:
                self._line.is_flush_due = False
                self._registry.end_turn()
        self._line.flush()

    def ping(self) -> None:
        """Ask the page for a sign of life."""
        self._line.protocol.ping()
        self._line.flush()

    async def is_alive(self, timeout_s: float) -> bool:
        """Whether the page answers a ping in time.

        Args:
            timeout_s: Seconds to wait.
        """
        self.ping()
        try:
            await asyncio.wait_for(self._dispatch.next_change(lambda: not self._line.protocol.awaits_pong), timeout_s)
        except (asyncio.TimeoutError, SessionClosedException):
            return False
        return self.status is Status.CONNECTED

    def flush(self) -> None:
        """Write what may be written now."""
        self._line.flush()

    def end(self, code: int, reason: str) -> None:
        """Dispose everything. Called once by the owner, which alone decides."""
        if self._ending is not None:
            return
        self._line.end(code, reason)
        self._ending = SessionClosedException(code, reason)
        self._exchange.fail_all(self._ending)
        self._dispatch.note_change()
        for component in reversed(self.components()):
            try:
                if isinstance(component, PyComponent):
                    component._remove_link(self)
                if component.session is self:
                    # Pages of other sessions that have a proxy of it are told.
                    (component.dispose if isinstance(component, PyComponent) else component._end)()
            except Exception:  # a border: a user's own dispose() must not keep the others from theirs
                logger.exception("%s could not be disposed", component.id)
        self._registry.clear()
        self._data.clear()
        self._root = None

    # -- for the parts -------------------------------------------------------------------------------------------------

    @property
    def is_behind(self) -> bool:
        """Whether the page has more to catch up with than may be under way."""
        return self._line.is_behind

    @property
    def has_unacknowledged(self) -> bool:
        """Whether something was sent that the page has not acknowledged."""
        return not self._line.protocol.is_settled

    def _flushed(self) -> None:
        self._dispatch.note_change()

    def _broken(self, error: ProtocolError) -> None:
        logger.error("%r: %s; the session closes", self, error)
        self.close(error.close_code, str(error))


def _own_graph(store: AssetStore) -> ModuleGraph:
    from deskapp.bridge.code_source import CodeSource
    from deskapp.bridge.module_graph import ModuleGraph

    return ModuleGraph(store, CodeSource())
