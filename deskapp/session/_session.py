"""`Session`: one page, one websocket, one window; its life and its public face.

A session composes parts that know nothing of each other: the line to the page, the registry of components, the presence
of classes in the page, the exchange of questions, the dispatch of what the page sends, data, cookies. It is made in
three layers: `PageLink` is what its components see, `Services` what the app asks for, `Session` its life.
"""

from __future__ import annotations

import asyncio
import enum
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from deskapp._secret import new_secret
from deskapp.assets import AssetStore
from deskapp.bridge import link as links
from deskapp.bridge import messages
from deskapp.bridge.component import PyComponent
from deskapp.bridge.limits import Limits
from deskapp.bridge.link import LinkedObject, left_out_if_it_cannot_travel
from deskapp.errors import ClientReloaded, ProtocolError, SessionClosedException
from deskapp.event import Loop, current_loop
from deskapp.session._dispatch import Dispatch
from deskapp.session._older import OlderNames
from deskapp.session._owner import SessionOwner, Transport
from deskapp.session._presence import Presence
from deskapp.session._rebuild import drop_what_the_page_had, rebuild
from deskapp.session._tasks import Script, ScriptHandle
from deskapp.session.run import Run

if TYPE_CHECKING:
    from deskapp.bridge.component import BaseAppComponent
    from deskapp.bridge.model import Model
    from deskapp.bridge.module_graph import ModuleGraph
    from deskapp.runtime.base import Runtime
    from deskapp.runtime.handle import Window

logger = logging.getLogger("deskapp.session")


class Status(enum.IntEnum):
    """Where a session is in its life."""

    CLOSED = 0
    PENDING = 1
    CONNECTED = 2


class Session(OlderNames):
    """Connects one page with the components that Python made for it.

    Args:
        app_name: Name of the app that runs in it.
        store: Shared assets and data; an empty store when not given.
        request: The request of the websocket's handshake, for a served app; None for a launched one.
        graph: The JavaScript modules, shared by all sessions of a program.
        loop: The event loop of its components; the current one when not given.
        owner: Who decides about its life.
        parent: The session whose window opened this one's.
        limits: Bounds of its queues, in bytes.
        session_id: Its `id`; a fresh one, hard to guess, when not given. An export gives one, so that two are equal.
        data_path: Where pages find its data; below an address that only its page knows when not given.
        cookie_secret: Gives the text that signs cookies; that of this installation when not given.
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
        parent: Session | None = None,
        limits: Limits | None = None,
        session_id: str | None = None,
        data_path: str | None = None,
        cookie_secret: Callable[[], str] | None = None,
    ) -> None:
        store = store if store is not None else AssetStore()
        presence = Presence(graph if graph is not None else _own_graph(store), store)
        super().__init__(
            store,
            presence,
            loop if loop is not None else current_loop(),
            limits=limits,
            session_id=session_id,
            data_path=data_path,
            cookie_secret=cookie_secret,
        )
        self._app_name = app_name
        self.key = new_secret()
        self.request = request
        self.page = ""
        self.parent = parent
        self.is_in_front = False
        self._owner: SessionOwner = owner if owner is not None else SessionOwner()
        self._dispatch = Dispatch(self, self._registry, self._presence, self._exchange, self._codec)
        self._is_new = True
        self._script: Script | None = None
        self._run: Run | None = None
        self._earlier_runs: list[Run] = []
        self._first_title = ""
        self.handshake: object = request
        """The request with which the connection of its page began."""
        self.take_request(request)

    def __repr__(self) -> str:
        return f"<Session of {self._app_name!r}, {self.status.name.lower()}>"

    # -- what it is ------------------------------------------------------------------------------------------------

    @property
    def app_name(self) -> str:
        """Name of the app that runs in it."""
        return self._app_name

    @property
    def app(self) -> BaseAppComponent | Model | None:
        """The root component: the one that was made first."""
        return cast("BaseAppComponent | Model | None", self._root)

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
    def runtime(self) -> Runtime | None:
        """The runtime that shows it in a window; None in a browser, and while there is no window."""
        return self._owner.runtime_of(self)

    @property
    def window(self) -> Window | None:
        """The window that shows it; None for a tab of a served app, a notebook, a test's page in memory."""
        return self._owner.window_of(self)

    @property
    def present_modules(self) -> set[str]:
        """Names of the JavaScript modules that the page has; a copy."""
        return self._presence.modules

    @property
    def assets_to_ignore(self) -> set[str]:
        """Names of assets that are not to be sent; change it as you like."""
        return self._presence.assets_to_ignore

    def get_component_instance(self, component_id: str) -> LinkedObject | None:
        """Return the component with this id, or None; it may be disposed already."""
        return self._registry.get(component_id)

    def components(self) -> list[LinkedObject]:
        """The live components of this page, in order of creation."""
        return [component for _, component in self._registry]

    @property
    def run(self) -> Run | None:
        """The run of its program that is under way, or was the last one; None while that of a script has not begun."""
        if self._run is None and self._script is None:
            self._run = Run(self)
            if self._ending is not None:
                self._run.close(self._ending)
        return self._run

    @property
    def is_finished(self) -> bool:
        """Whether nothing of its program is left to be done: the deferred functions, above all."""
        return not self.unfinished_runs

    @property
    def unfinished_runs(self) -> list[Run]:
        """Those of which something is left to be done, from before its page was loaded anew as well."""
        runs = [*self._earlier_runs, *([] if self._run is None else [self._run])]
        return [run for run in runs if not run.finished.done()]

    # -- its life --------------------------------------------------------------------------------------------------

    def set_script(self, script: Script) -> None:
        """Make this the session of a function, which begins when its page is there, and anew with each new page."""
        self._script = script

    def end_run(self, code: int, reason: str) -> None:
        """End what its program does, before the page has gone. For the session's owner.

        Args:
            code: WebSocket close code.
            reason: Why.
        """
        run = self.run
        if run is not None:
            run.close(SessionClosedException(code, reason))

    async def drain(self, *, timeout_s: float | None = None) -> None:
        """Wait until the page has caught up with what was sent; for producers of many messages.

        Args:
            timeout_s: Seconds to wait; None waits as long as the session lives.
        """
        self._check_open()
        await asyncio.wait_for(self._dispatch.next_change(lambda: not self.is_behind), timeout_s)

    def open_window(
        self,
        target: type | object,
        properties: Mapping[str, object] | None = None,
        runtime: str | None = None,
        **options: object,
    ) -> LinkedObject | ScriptHandle:
        """Open another window of the same app: a child of this one, which closes with it.

        Its session is one of its own, whose `parent` this is. `PyComponent`s are shared: give one to the new
        component, and both pages show it. `JsComponent`s live in one page.

        Args:
            target: A subclass of `PyComponent`, `JsComponent` or `Model`, a function, or an `App`.
            properties: Values of the component's properties, or keyword arguments for the function; an `App` has its
                own.
            runtime: Which program shows it; that of this window when None.
            **options: As of `deskapp.app.App.launch`, and ``modal=True``: this window takes no input until that one
                closes. ``child=False`` lets it come before this one, and hide behind it.

        Returns:
            The component, which is made now; for a function its handle.

        Raises:
            DeskappError: This session has no window.
            Exception: As of `deskapp.app.App.launch`.
        """
        self._check_call("open_window")
        return self._owner.open_window(self, target, properties, runtime, options)

    def close(self, code: int = 1000, reason: str = "") -> None:
        """End this session: its window closes and its components are disposed.

        Args:
            code: WebSocket close code.
            reason: Shown to the user when the window stays.
        """
        if self._ending is None:
            self._owner.close_session(self, code, reason)

    def take_request(self, request: object) -> None:
        """Know the cookies of a request that the page has made. For servers.

        Args:
            request: Has ``cookies`` by name; anything else brings none.
        """
        self.handshake = request
        cookies = getattr(request, "cookies", None)
        if isinstance(cookies, Mapping):
            self._cookies.take_request(cookies)

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
        is_first = self._is_new
        if self._is_new:
            # A tab that brings the key of a session that is not this one was loaded anew.
            how: messages.How = "fresh" if hello.key not in (None, self.key) and not hello.ticket else "new"
        elif is_same_page and protocol.accept(hello.last_seq):
            how = "replay"
        else:
            how = "rebuild"
        if how == "rebuild" and self._script is not None:
            self._end_run_and_what_it_made()
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
            self._tell_again()
            if self._run is not None:
                self._run.lose_page()
            self._frames.clear()
            rebuild(self, self._registry, self._presence, loss)
            self._set_again()
            logger.info("%r: the page was loaded anew and rebuilt; %d objects of it were dropped", self, loss.count)
        if how != "replay":
            self._owner.page_greeted(self)
            self._line.send(messages.READY())
        if loss is not None:
            self._exchange.fail_all(ClientReloaded())  # last: who asks again asks the page that has everything
        self._line.flush()
        self._owner.session_connected(self)
        if self._script is not None and how != "replay" and self._ending is None:
            self._begin_run(self._script, is_first=is_first)
        return how

    def _begin_run(self, script: Script, *, is_first: bool) -> None:
        if is_first:
            self._first_title = self._title
        self._earlier_runs = self.unfinished_runs
        run = self._run = script.make_run(self)
        run.start()

    def _end_run_and_what_it_made(self) -> None:
        """A script's page was loaded anew: its run ends as at a close, and nothing of it is left for the next one."""
        if self._run is not None:
            self._run.close(SessionClosedException(1000, "the page was loaded anew"))
        self._end_components()
        self._frames.clear()
        self._root = None
        self._title, self._page_width, self._environment = self._first_title, "", {}

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
        self._line.flush()
        if self._unconfirmed and self._line.protocol.is_heard:
            self._unconfirmed.clear()

    def _set_again(self) -> None:
        """Tell a page that is made anew what setters the one before it was told and may not have heard."""
        waiting, self._unconfirmed = self._unconfirmed, {}
        for (component_id, action), args in waiting.items():
            component = self._registry.get(component_id)
            if component is not None and component._lives_in_page:
                with left_out_if_it_cannot_travel():
                    self.invoke(component, action, args)

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

    def silent(self) -> bool:
        """The page does not answer: ask the owner whether to keep its connection all the same."""
        return self._ending is None and self._owner.page_silent(self)

    def heard_again(self) -> None:
        """The page of which `silent` was told answers."""
        if self._ending is None:
            self._owner.page_heard(self)

    def flush(self) -> None:
        """Write what may be written now."""
        self._line.flush()

    def end(self, code: int, reason: str) -> None:
        """Dispose everything. Called once by the owner, which alone decides."""
        if self._ending is not None:
            return
        self._line.end(code, reason)
        self._ending = SessionClosedException(code, reason)
        if self._run is not None:
            self._run.close(self._ending)  # first: who is released by the rest is to find that it has ended
        self._end_services(self._ending)
        self._dispatch.note_change()
        self._end_components()

    def _end_components(self) -> None:
        for component in reversed(self.components()):
            try:
                if isinstance(component, PyComponent):
                    component._remove_link(self)
                    if component.session is self and component._links:
                        logger.warning(
                            "%s ends with its session, though %d other page(s) show it; what is to outlive a window "
                            "belongs into an event.Component",
                            component.id,
                            len(component._links),
                        )
                if component.session is self:
                    # Pages of other sessions that have a proxy of it are told.
                    (component._end if component._lives_in_page else component.dispose)()
            except Exception:  # a border: a user's own dispose() must not keep the others from theirs
                logger.exception("%s could not be disposed", component.id)
        self._registry.clear()
        self._root = None

    # -- for the parts -------------------------------------------------------------------------------------------------

    @property
    def is_behind(self) -> bool:
        """Whether the page has more to catch up with than may be under way."""
        return self._line.is_behind

    @property
    def waiting_bytes(self) -> int:
        """How much waits to be written to the page; on any thread."""
        return self._line.protocol.waiting_bytes

    def when_room(self, limit_bytes: int, done: Callable[[object, BaseException | None], None]) -> None:
        """Call a function once no more than `limit_bytes` wait to be written; with an error if that never is."""

        def pass_on(future: asyncio.Future[None]) -> None:
            done(None, None if future.cancelled() else future.exception())

        self._dispatch.next_change(lambda: self.waiting_bytes <= limit_bytes).add_done_callback(pass_on)

    def check_app(self, name: str) -> None:
        """Raise if `go_app` cannot show an app of this name; on any thread.

        Raises:
            LookupError: There is none, or it cannot be reached from here.
        """
        self._owner.check_app(self, name)

    def show_stopped(self, text: str = "", detail: str = "") -> None:
        """Tell the user that the program does not go on.

        Args:
            text: What has happened; that it has failed, when empty.
            detail: What the user can do.
        """
        self._line.send(messages.NOTICE("stopped", {"text": text, "detail": detail} if text else None))

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
    from deskapp.bridge import get_linked_classes
    from deskapp.bridge.code_source import CodeSource
    from deskapp.bridge.module_graph import ModuleGraph

    graph = ModuleGraph(store, CodeSource(), classes=get_linked_classes)
    store.attach_modules(lambda: graph)
    return graph
