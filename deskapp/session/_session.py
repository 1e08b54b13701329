"""`Session`: one page, one websocket, one window; its life and its public face.

A session composes six parts that know nothing of each other: the registry of components, the presence of classes in the
page, the exchange of questions, the dispatch of what the page sends, the data blobs, and the protocol. It is the `Link`
that its components were given.
"""

from __future__ import annotations

import asyncio
import enum
import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from deskapp._secret import new_secret
from deskapp.assets import AssetStore
from deskapp.bridge import link as links
from deskapp.bridge import messages
from deskapp.bridge.codec import Codec, Extension
from deskapp.bridge.component import BaseAppComponent, JsComponent, PyComponent, StubComponent
from deskapp.bridge.limits import Limits
from deskapp.bridge.protocol import Protocol
from deskapp.errors import ClientReloaded, CodecError, ProtocolError, SessionClosedException
from deskapp.event import Event, Loop, current_loop
from deskapp.session._data import SessionData
from deskapp.session._dispatch import Dispatch
from deskapp.session._exchange import Exchange
from deskapp.session._owner import SessionOwner, Transport, UnownedSession
from deskapp.session._presence import Presence
from deskapp.session._rebuild import drop_what_the_page_had, rebuild
from deskapp.session._registry import Registry

if TYPE_CHECKING:
    from deskapp.bridge.module_graph import ModuleGraph

logger = logging.getLogger("deskapp.session")


class Status(enum.IntEnum):
    """Where a session is in its life."""

    CLOSED = 0
    PENDING = 1
    CONNECTED = 2


class Session:
    """Connects one page with the components that Python made for it.

    Args:
        app_name: Name of the app that runs in it.
        store: Shared assets and data; an empty store when not given.
        request: The request of the websocket's handshake, for a served app; None for a launched one.
        graph: The JavaScript modules, shared by all sessions of a program.
        loop: The event loop of its components; the current one when not given.
        owner: Who decides about its life.
        limits: Bounds of its queues, in bytes.
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
    ) -> None:
        self._app_name = app_name
        self._id = new_secret()
        self.key = new_secret()
        self.asset_key = new_secret()
        self.request = request
        self.page = ""
        self._store = store if store is not None else AssetStore()
        self._loop = loop if loop is not None else current_loop()
        self._owner: SessionOwner = owner if owner is not None else UnownedSession()
        self._codec = Codec([Extension("c", (BaseAppComponent,), self._encode_component, self._decode_component)])
        self._protocol = Protocol(self._codec, limits=limits)
        self._registry = Registry()
        self._presence = Presence(graph if graph is not None else _own_graph(self._store), self._store)
        self._exchange = Exchange()
        self._data = SessionData()
        self._dispatch = Dispatch(self, self._registry, self._presence, self._exchange, self._codec)
        self._transport: Transport | None = None
        self._root: BaseAppComponent | None = None
        self._title = ""
        self._is_new = True
        self._is_flush_due = False
        self._ending: SessionClosedException | None = None

    def __repr__(self) -> str:
        return f"<Session of {self._app_name!r}, {self.status.name.lower()}>"

    # -- what it is ------------------------------------------------------------------------------------------------

    @property
    def id(self) -> str:
        """Its name, hard to guess; it opens nothing."""
        return self._id

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
        return Status.CONNECTED if self._transport is not None else Status.PENDING

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
        self._data.add(name, data)
        return f"/_a/{self.asset_key}/data/{name}"

    def remove_data(self, name: str) -> None:
        """Drop a blob; no error if there is none."""
        self._data.remove(name)

    def get_data(self, name: str) -> bytes | None:
        """Return a blob of this session, else the shared one of that name, else None."""
        found = self._data.get(name)
        return found if found is not None else self._store.get_data(name)

    def data_tag(self, name: str) -> str:
        """What changes with the content of what `get_data` returns, for the browser's cache; ``""`` if it is None."""
        return self._data.tag(name) or self._store.data_tag(name)

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
        self._send(messages.CALL(number, code, prepared))
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
        self._send(messages.NOTICE("title", title))

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

    # -- Link: what components ask for ---------------------------------------------------------------------------------

    def register(self, component: BaseAppComponent) -> str:
        """Take a new component in; see `deskapp.bridge.link.Link`."""
        self._check_open()
        component_id = self._registry.new_id(type(component).__name__)
        self._registry.add(component_id, component, owned_here=not isinstance(component, JsComponent))
        if self._root is None:
            self._root = component
        return component_id

    def instantiate(self, component: BaseAppComponent, props: Mapping[str, object]) -> None:
        """Make the other half of a component."""
        self._send_instantiate(component, props, req=0)
        if isinstance(component, JsComponent):
            self._registry.hold(component.id)  # the page has it from now on

    def check(self, component: BaseAppComponent, name: str, value: object) -> None:
        """Raise if a value cannot travel."""
        self._codec.prepare(value, f"{component.id}.{name}")

    def publish(self, component: BaseAppComponent, event: Event) -> None:
        """Send what happened to the other half."""
        if self._ending is None:
            self._send(self._emit_message(component, event))

    def invoke(self, component: BaseAppComponent, action: str, args: Sequence[object]) -> None:
        """Ask the page to run an action of a component that lives there."""
        if self._ending is not None:
            logger.warning("%s.%s() does nothing: %s", component.id, action, self._ending)
            return
        where = f"{component.id}.{action}()"
        prepared = [self._codec.prepare(value, f"{where} argument {n}") for n, value in enumerate(args, 1)]
        self._send(messages.INVOKE(self.wire_id(component), action, prepared, 0))

    def subscribe(self, component: BaseAppComponent, types: Sequence[str]) -> None:
        """Ask the page for events of a component that lives there."""
        self._send(messages.SUBSCRIBE(self.wire_id(component), list(types)))

    def dispose(self, component: BaseAppComponent) -> None:
        """Tell the page that a component ends, or is to end."""
        if self._ending is not None:
            component._end()
            return
        self._send(messages.DISPOSE(self.wire_id(component)))
        if isinstance(component, PyComponent):
            self._registry.bury(self.wire_id(component))
        else:
            self._registry.mark_leaving(component.id)

    def forget(self, component_id: str) -> None:
        """A component was collected. May be called on any thread, from a finalizer."""
        if self._ending is None:
            self._loop.call_soon(self._forget, component_id)

    def root(self) -> BaseAppComponent | None:
        """The component that was made first."""
        return self._root

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
        previous, self._transport = self._transport, transport
        if previous is not None:
            previous.close(1000, "the page has opened another connection")
        is_same_page = hello.page == self.page
        if self._is_new:
            # A tab that brings the key of a session that is not this one was loaded anew.
            how: messages.How = "fresh" if hello.key not in (None, self.key) and not hello.ticket else "new"
        elif is_same_page and self._protocol.accept(hello.last_seq):
            how = "replay"
        else:
            how = "rebuild"
        loss = drop_what_the_page_had(self._registry) if how == "rebuild" else None
        if loss is not None:
            self._protocol.new_epoch()
        if how != "replay":
            self._protocol.accept(0)
        self._is_new = False
        self.page = hello.page
        welcome = messages.WELCOME(
            messages.PROTOCOL_VERSION,
            self.key,
            how,
            self.asset_key,
            self._id,
            self._app_name,
            self._protocol.last_received,
        )
        transport.write(self._codec.encode_frame(0, 0, [welcome]))
        if loss is not None:
            self._exchange.fail_all(ClientReloaded())
            if self._title:
                self._send(messages.NOTICE("title", self._title))
            rebuild(self, self._registry, self._presence, loss)
            logger.info("%r: the page was loaded anew and rebuilt; %d objects of it were dropped", self, loss.count)
        if how != "replay":
            self._send(messages.READY())
        self.flush()
        self._owner.session_connected(self)
        return how

    def disconnect(self, transport: Transport, *, left: bool) -> None:
        """The socket is gone; what was not acknowledged is kept for its return.

        Args:
            transport: The one that is gone; an older one than the present is ignored.
            left: Whether the page said goodbye.
        """
        if transport is not self._transport or self._ending is not None:
            return
        self._transport = None
        self._protocol.suspend()
        self._owner.session_suspended(self, left=left)

    def receive(self, data: str | bytes) -> None:
        """Handle one frame from the page.

        Raises:
            ProtocolError: The frame breaks the rules; the caller closes the connection with its code.
        """
        if self._ending is not None:
            return
        incoming = self._protocol.receive(data)
        if incoming:
            self._is_flush_due = True  # below: no need to ask the loop for it
            try:
                with self._loop.batch(), links.use(self):
                    self._dispatch.handle_all(incoming)
            finally:
                self._is_flush_due = False
                self._registry.end_turn()
        self.flush()

    def ping(self) -> None:
        """Ask the page for a sign of life."""
        self._protocol.ping()
        self.flush()

    async def is_alive(self, timeout_s: float) -> bool:
        """Whether the page answers a ping in time.

        Args:
            timeout_s: Seconds to wait.
        """
        self.ping()
        try:
            await asyncio.wait_for(self._dispatch.next_change(lambda: not self._protocol.awaits_pong), timeout_s)
        except (asyncio.TimeoutError, SessionClosedException):
            return False
        return self.status is Status.CONNECTED

    def flush(self) -> None:
        """Write what may be written now."""
        self._is_flush_due = False
        transport = self._transport
        if transport is None:
            return
        try:
            frames = self._protocol.frames()
        except ProtocolError as error:
            logger.error("%r: %s; the session closes", self, error)
            self.close(error.close_code, str(error))
            return
        for frame in frames:
            transport.write(frame)
        self._dispatch.note_change()

    def end(self, code: int, reason: str) -> None:
        """Dispose everything. Called once by the owner, which alone decides."""
        if self._ending is not None:
            return
        transport, self._transport = self._transport, None
        if transport is not None:
            self._protocol.send(messages.CLOSE(code, reason))
            for frame in self._protocol.frames():
                transport.write(frame)
            transport.close(code, reason)
        self._ending = SessionClosedException(code, reason)
        self._protocol.close()
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
    def loop(self) -> Loop:
        """The event loop of its components."""
        return self._loop

    @property
    def is_behind(self) -> bool:
        """Whether the page has more to catch up with than may be under way."""
        return self._protocol.is_behind or self._protocol.waiting_bytes > 0

    @property
    def has_unacknowledged(self) -> bool:
        """Whether something was sent that the page has not acknowledged."""
        return not self._protocol.is_settled

    def js_name(self, cls: type[BaseAppComponent]) -> tuple[str, str]:
        """Module and name under which the page knows a class."""
        return self._presence.js_name(cls)

    def wire_id(self, component: BaseAppComponent) -> str:
        """The id by which this page knows a component: its own id at home, its `uid` elsewhere."""
        return cast(str, component.id if component.session is self else component.uid)

    def _send(self, message: Any) -> None:
        self._protocol.send(message)
        if not self._is_flush_due:
            self._is_flush_due = True
            self._loop.call_at_end(self.flush)

    def _send_instantiate(self, component: BaseAppComponent, props: Mapping[str, object], *, req: int) -> None:
        cls = type(component)
        for definition in self._presence.definitions(cls):
            self._send(definition)
        module, name = self._presence.js_name(cls)
        where = component.id
        creation = component._creation
        # The init of a PyComponent runs in Python; what it is given may be anything, and is nothing to the page.
        given = creation.args if isinstance(component, JsComponent) else ()
        args = [self._codec.prepare(value, f"{where} argument {n}") for n, value in enumerate(given, 1)]
        self._send(
            messages.INSTANTIATE(
                self.wire_id(component),
                module,
                name,
                args,
                {key: self._codec.prepare(value, f"{where}.{key}") for key, value in props.items()},
                list(creation.contexts) if component.session is self else [],
                component._subscribed_types(),
                req,
            )
        )

    def _emit_message(self, component: BaseAppComponent, event: Event) -> messages.EMIT:
        fields = cast("dict[str, Any]", event)
        kind, mutation = fields["type"], fields.get("mutation", "")
        where = f"{component.id}.{kind}"
        if not mutation:
            info = {key: value for key, value in fields.items() if key not in ("type", "source")}
            return messages.EMIT(self.wire_id(component), kind, "", self._codec.prepare(info, where), -1)
        if mutation == "set":
            value, index = fields["new_value"], -1
        else:
            value, index = fields["objects"], fields["index"]
        return messages.EMIT(self.wire_id(component), kind, mutation, self._codec.prepare(value, where), index)

    def _forget(self, component_id: str) -> None:
        """Tell the page, on the loop's thread, that the Python half of a component was collected."""
        if self._ending is not None or self._registry.is_buried(component_id):
            return
        if self._registry.is_owned_here(component_id):
            self._send(messages.DISPOSE(component_id))
        else:
            self._send(messages.SUBSCRIBE(component_id, None))
        self._registry.bury(component_id)

    def _encode_component(self, value: object) -> object:
        component = value
        assert isinstance(component, BaseAppComponent)
        if isinstance(component, StubComponent):
            return [component.session_id, component.id]
        if component.session is self:
            return [self._id, component.id]
        if isinstance(component, PyComponent) and not component._disposed and self._ending is None:
            self._adopt(component)
            return [self._id, component.uid]
        return [component.session.id, component.id]

    def _decode_component(self, value: object) -> object:
        if not (isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value)):
            raise CodecError("a component reference must be a session id and a component id")
        session_id, component_id = value
        component = self._registry.get(component_id) if session_id == self._id else None
        return component if component is not None else StubComponent(session_id, component_id)

    def _adopt(self, component: PyComponent) -> None:
        """Give this page a proxy of a component that was made for another page."""
        if self._registry.get(component.uid) is not None:
            return
        self._registry.add(component.uid, component, owned_here=True)  # first: its values may lead back to it
        component._add_link(self)
        try:
            self._send_instantiate(component, component._synced_values(), req=0)
        except BaseException:
            component._remove_link(self)
            self._registry.remove(component.uid)
            raise

    def _check_open(self) -> None:
        if self._ending is not None:
            raise self._ending


def _own_graph(store: AssetStore) -> ModuleGraph:
    from deskapp.bridge.code_source import CodeSource
    from deskapp.bridge.module_graph import ModuleGraph

    return ModuleGraph(store, CodeSource())
