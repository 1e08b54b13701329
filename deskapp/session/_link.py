"""`PageLink`: the half of a session that components see; what is said about them, and how they are referred to.

It is the `Link` that components of the page were given. A component of another page may be linked here as well: when a
value refers to a `PyComponent` that was made for another page, this page gets a proxy of it, under its `uid`.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakValueDictionary

from deskapp._secret import new_secret
from deskapp.bridge import messages
from deskapp.bridge.codec import Codec, Extension
from deskapp.bridge.component import PyComponent, StubComponent
from deskapp.bridge.link import LinkedObject
from deskapp.errors import CodecError, ProtocolError, SessionClosedException
from deskapp.session._line import Line
from deskapp.session._registry import Registry

if TYPE_CHECKING:
    from deskapp.bridge.component import JsComponent
    from deskapp.bridge.limits import Limits
    from deskapp.event import Event, Loop
    from deskapp.session._presence import Presence

logger = logging.getLogger("deskapp.session")


class PageLink(ABC):
    """Carries components between Python and one page; see `deskapp.bridge.link.Link`.

    Args:
        presence: The classes that the page has.
        loop: The event loop of its components.
        limits: Bounds of the line's queues, in bytes.
        session_id: Its name; a fresh one that is hard to guess when not given.
    """

    def __init__(self, presence: Presence, loop: Loop, limits: Limits | None, *, session_id: str | None = None) -> None:
        self._id = session_id if session_id is not None else new_secret()
        self._loop = loop
        self._codec = Codec([Extension("c", (LinkedObject,), self._encode_component, self._decode_component)])
        self._line = Line(self._codec, loop, limits, on_flushed=self._flushed, on_broken=self._broken)
        self._registry = Registry()
        self._presence = presence
        self._root: LinkedObject | None = None
        # Components of other pages of which this page was told. It may name these and no others: ids are no keys.
        self._shown_of_others: WeakValueDictionary[tuple[str, str], LinkedObject] = WeakValueDictionary()
        # What setters of the page's components were last told, until the page has acknowledged it: if it dies before
        # that, the page that takes its place is told, or it would show for ever what was true before.
        self._unconfirmed: dict[tuple[str, str], tuple[object, ...]] = {}
        self._ending: SessionClosedException | None = None

    @property
    def id(self) -> str:
        """Its name, hard to guess; it opens nothing."""
        return self._id

    @property
    def loop(self) -> Loop:
        """The event loop of its components."""
        return self._loop

    # -- what components ask for ---------------------------------------------------------------------------------------

    def register(self, component: LinkedObject) -> str:
        """Take a new component in; see `deskapp.bridge.link.Link`."""
        self._check_open()
        component_id = self._registry.new_id(type(component).__name__)
        self._registry.add(component_id, component, owned_here=not component._lives_in_page)
        if self._root is None:
            self._root = component
        return component_id

    def instantiate(self, component: LinkedObject, props: Mapping[str, object]) -> None:
        """Make the other half of a component."""
        self._send_instantiate(component, props, req=0)
        if component._lives_in_page:
            self._registry.hold(component.id)  # the page has it from now on

    def check(self, component: LinkedObject, name: str, value: object) -> None:
        """Raise if a value cannot travel."""
        self._codec.prepare(value, f"{component.id}.{name}")

    def publish(self, component: LinkedObject, event: Event) -> None:
        """Send what happened to the other half."""
        if self._ending is None:
            self._line.send(self._emit_message(component, event))

    def invoke(self, component: LinkedObject, action: str, args: Sequence[object]) -> None:
        """Ask the page to run an action of a component that lives there."""
        if self._ending is not None:
            logger.warning("%s.%s() does nothing: %s", component.id, action, self._ending)
            return
        where = f"{component.id}.{action}()"
        prepared = [self._codec.prepare(value, f"{where} argument {n}") for n, value in enumerate(args, 1)]
        self._line.send(messages.INVOKE(self.wire_id(component), action, prepared, 0))
        if component._has_generated(action):
            self._unconfirmed[component.id, action] = tuple(args)

    def subscribe(self, component: LinkedObject, types: Sequence[str]) -> None:
        """Ask the page for events of a component that lives there."""
        self._line.send(messages.SUBSCRIBE(self.wire_id(component), list(types)))

    def dispose(self, component: LinkedObject) -> None:
        """Tell the page that a component ends, or is to end."""
        if self._ending is not None:
            component._end()
            return
        self._line.send(messages.DISPOSE(self.wire_id(component)))
        if component._lives_in_page:
            self._registry.mark_leaving(component.id)
        else:
            self._registry.bury(self.wire_id(component))

    def forget(self, component_id: str) -> None:
        """A component was collected. May be called on any thread, from a finalizer."""
        if self._ending is None:
            self._loop.call_soon(self._forget, component_id)

    def root(self) -> LinkedObject | None:
        """The component that was made first."""
        return self._root

    def introduce(self, component: PyComponent) -> None:
        """Give this page a proxy of a `PyComponent` that was made for another page; nothing if it is known here."""
        self._encode_component(component)

    # -- for the parts -------------------------------------------------------------------------------------------------

    def js_name(self, cls: type[LinkedObject]) -> tuple[str, str]:
        """Module and name under which the page knows a class."""
        return self._presence.js_name(cls)

    def wire_id(self, component: LinkedObject) -> str:
        """The id by which this page knows a component: its own id at home, its `uid` elsewhere."""
        return cast(str, component.id if component.session is self else component.uid)

    def _send_instantiate(self, component: LinkedObject, props: Mapping[str, object], *, req: int) -> None:
        cls = type(component)
        for definition in self._presence.definitions(cls):
            self._line.send(definition)
        module, name = self._presence.js_name(cls)
        where = component.id
        creation = component._creation
        # An init that runs in Python may be given anything, and what it is given is nothing to the page.
        given = creation.args if component._lives_in_page else ()
        args = [self._codec.prepare(value, f"{where} argument {n}") for n, value in enumerate(given, 1)]
        self._line.send(
            messages.INSTANTIATE(
                self.wire_id(component),
                module,
                name,
                args,
                {
                    **{key: self._codec.prepare(value, f"{where}.{key}") for key, value in props.items()},
                    **({"style": creation.style} if creation.style else {}),
                },
                list(creation.contexts) if component.session is self else [],
                component._subscribed_types(),
                req,
            )
        )

    def _emit_message(self, component: LinkedObject, event: Event) -> messages.EMIT:
        fields = cast("dict[str, Any]", event)
        kind, mutation = fields["type"], fields.get("mutation", "")
        where = f"{component.id}.{kind}"
        if not mutation:
            info = {key: value for key, value in fields.items() if key not in ("type", "source")}
            return messages.EMIT(self.wire_id(component), kind, "", self._codec.prepare(info, where), -1)
        if mutation == "set":
            value, index = fields["new_value"], fields.get("index", -1)  # a Model's mark
        else:
            value, index = fields["objects"], fields["index"]
        return messages.EMIT(self.wire_id(component), kind, mutation, self._codec.prepare(value, where), index)

    def _forget(self, component_id: str) -> None:
        """Tell the page, on the loop's thread, that the Python half of a component was collected."""
        if self._ending is not None or self._registry.is_buried(component_id):
            return
        if self._registry.is_owned_here(component_id):
            self._line.send(messages.DISPOSE(component_id))
            self._registry.bury(component_id)
        else:
            self._line.send(messages.SUBSCRIBE(component_id, None))
            self._registry.let_go(component_id)

    def _encode_component(self, value: object) -> object:
        component = value
        assert isinstance(component, LinkedObject)
        if isinstance(component, StubComponent):
            return [component.session_id, component.id]
        if component.session is self:
            return [self._id, component.id]
        if isinstance(component, PyComponent) and not component._disposed and self._ending is None:
            self._adopt(component)
            return [self._id, component.uid]
        reference = component.session.id, component.id
        self._shown_of_others[reference] = component
        return list(reference)

    def _decode_component(self, value: object) -> object:
        if not (isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value)):
            raise CodecError("a component reference must be a session id and a component id")
        session_id, component_id = value
        if session_id != self._id:
            found = self._shown_of_others.get((session_id, component_id))
            return found if found is not None else StubComponent(session_id, component_id)
        component = self._registry.get(component_id)
        if component is None:
            component = self._reclaim(component_id)
        return component if component is not None else StubComponent(self, component_id)

    def _reclaim(self, component_id: str) -> JsComponent | None:
        """Make the Python half of an object again that was let go, before the page had heard of that."""
        cls = self._registry.class_let_go(component_id)
        if cls is None or self._ending is not None:
            return None
        component = cls._from_page(self, component_id)
        self._registry.add(component_id, component, owned_here=False)
        self._line.send(messages.SUBSCRIBE(component_id, []))  # answered by the values of its properties
        return component

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

    @abstractmethod
    def keep_alive(self, ob: object, iters: int | None = None) -> None:
        """Hold an object for some round trips to the page and back."""

    # -- told by the line ----------------------------------------------------------------------------------------------

    @abstractmethod
    def _flushed(self) -> None:
        """Frames were written."""

    @abstractmethod
    def _broken(self, error: ProtocolError) -> None:
        """The rules cannot be kept any longer: the session is to end."""
