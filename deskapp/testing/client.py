"""`TestClient`: a page without a browser, which speaks the wire with a session in memory.

`FakePage` is what a page keeps and knows; it has no transport, so that a test may put it behind a real socket. It
shows what Python said (`messages`, `objects`) and says what a test wants it to say (`emit`, `invoke`, …). A page that
is *obedient*, as it is unless a test wants otherwise, behaves as the objects of a real page mostly do: it reports the
values that it was given, follows generated setters, ends what Python wants to be ended, and answers questions.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from deskapp.bridge import messages
from deskapp.bridge.codec import Codec, Extension
from deskapp.bridge.limits import Limits
from deskapp.bridge.link import LinkedObject
from deskapp.bridge.messages import Message
from deskapp.bridge.protocol import Protocol, Side, State, greeting
from deskapp.bridge.revision import PageEnd, Verdict
from deskapp.event import Component, mutate_array, mutate_dict
from deskapp.session import Session

M = TypeVar("M", bound=Message)

MAX_TURNS = 1000
"""Iterations after which an app that never comes to rest is given up."""

_heaps = itertools.count(1)


@dataclass(frozen=True)
class Ref:
    """A component, as values on the wire refer to it.

    Args:
        session_id: The session that it is known in.
        id: Its id there.
    """

    session_id: str
    id: str


@dataclass
class PageObject:
    """The half of a component that a page holds.

    Args:
        id: Its id.
        module: Module of its class, in JavaScript.
        cls: Name of its class.
        props: What the page knows of its properties.
        args: Arguments of ``init``.
        active: Ids of the components in whose contexts it was made.
        types: Plain events that Python wants to hear of.
        ends: Of an object that lives on both sides: what the page knows of each property, see `Model`.
    """

    id: str
    module: str
    cls: str
    props: dict[str, Any]
    args: list[Any] = field(default_factory=list)
    active: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    ends: dict[str, PageEnd] = field(default_factory=dict)


class FakePage:
    """What a page keeps and knows, and the rules that it follows; frames go in and come out.

    Args:
        obedient: Whether it does what the objects of a real page mostly do; see the module.
        answer: Gives the value for a CALL, from its code and its arguments; what it raises is the page's error.
        limits: The bounds of its connection.

    Attributes:
        messages: Everything that Python said, in order, values revived; handshakes are in `welcomes`.
        objects: The components that the page has, by id.
        modules: The text of each JavaScript module that the page was given.
        styles: The text of each style sheet that the page was given.
        heap: Names this page's memory; a reload makes a new one.
        key: Opens the session again.
        is_ready: Whether Python said that the first batch is complete.
        closed: Why Python ended the session; None while it lives.
    """

    def __init__(
        self,
        *,
        obedient: bool = True,
        answer: Callable[[str, dict[str, Any]], object] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.is_obedient = obedient
        self.answer = answer
        # Acknowledging every frame keeps tests short: nothing waits for the sixteenth.
        self._limits = limits or Limits(ack_frames=1)
        self.key: str | None = None
        self.session_id = ""
        self.messages: list[Message] = []
        self.welcomes: list[messages.WELCOME] = []
        self._codec = Codec([Extension("c", (Ref, LinkedObject), self._encode_ref, self._decode_ref)])
        self._requests = itertools.count(1)
        self._forget()

    def _forget(self) -> None:
        """Be a page that has just been loaded."""
        self.heap = f"heap{next(_heaps)}"
        self._protocol = Protocol(self._codec, side=Side.CLIENT, limits=self._limits)
        self._is_welcome = False
        self._begin()

    def _begin(self) -> None:
        """Have nothing, as when a session begins or is rebuilt."""
        self.objects: dict[str, PageObject] = {}
        self.modules: dict[str, str] = {}
        self.styles: dict[str, str] = {}
        self.is_ready = False
        self.closed: messages.CLOSE | None = None

    # -- connection ----------------------------------------------------------------------------------------------------

    @property
    def how(self) -> str:
        """How it was taken at its last connection: ``"new"``, ``"replay"``, ``"rebuild"`` or ``"fresh"``."""
        return self.welcomes[-1].how if self.welcomes else ""

    def hello(self, *, ticket: str | None = None, path: str = "/", query: str = "") -> messages.HELLO:
        """The first message of a connection."""
        self._is_welcome = False
        self._protocol.suspend()
        return messages.HELLO(
            messages.PROTOCOL_VERSION,
            ticket,
            self.key,
            self._protocol.last_received,
            "navigate",
            self.heap,
            path,
            query,
        )

    def frame_of(self, *what: Message) -> str | bytes:
        """A frame outside the order of frames, such as the one that holds HELLO."""
        return self._codec.encode_frame(0, 0, what)

    def take(self, frame: str | bytes) -> None:
        """Handle a frame from Python.

        Raises:
            ProtocolError: Python broke a rule of the wire.
        """
        if not self._is_welcome:
            self._take_welcome(greeting(self._codec.decode_frame(frame), messages.WELCOME))
            return
        for message in self._protocol.receive(frame):
            self._take_message(message)

    def frames(self) -> list[str | bytes]:
        """What the page would write now."""
        return self._protocol.frames()

    def lose(self) -> None:
        """The socket is lost; the page keeps all that it has."""
        self._is_welcome = False
        self._protocol.suspend()

    @property
    def has_news(self) -> bool:
        """Whether something waits to be told to Python."""
        return self._protocol.waiting_bytes > 0

    def _take_welcome(self, welcome: messages.WELCOME) -> None:
        self._is_welcome = True
        self.welcomes.append(welcome)
        self.key, self.session_id = welcome.key, welcome.session_id
        if welcome.how == "replay":
            assert self._protocol.accept(welcome.last_seq), "Python promised to have what this page forgot"
            return
        self._begin()
        self._protocol.new_epoch()
        self._protocol.accept(0)

    # -- what Python said ----------------------------------------------------------------------------------------------

    def of(self, kind: type[M], **fields: object) -> list[M]:
        """The messages of one kind whose fields have these values, in order."""
        return [
            message
            for message in self.messages
            if isinstance(message, kind) and all(getattr(message, name) == value for name, value in fields.items())
        ]

    def last(self, kind: type[M], **fields: object) -> M:
        """The last message of one kind whose fields have these values.

        Raises:
            LookupError: There is none.
        """
        found = self.of(kind, **fields)
        if not found:
            raise LookupError(f"no {kind.__name__} with {fields} among {len(self.messages)} messages")
        return found[-1]

    def told(self, kind: str) -> list[Any]:
        """What Python told of one type of event or of one property: the values, in order."""
        return [message.value for message in self.of(messages.EMIT, type=kind)]

    def find(self, component: str | LinkedObject) -> PageObject:
        """The page's half of a component.

        Args:
            component: The component or its id.

        Raises:
            LookupError: The page has no such object.
        """
        component_id = component if isinstance(component, str) else self._id_of(component)
        if component_id not in self.objects:
            raise LookupError(f"the page has no object {component_id!r}; it has {', '.join(self.objects) or 'none'}")
        return self.objects[component_id]

    def prop(self, component: str | LinkedObject, name: str) -> Any:
        """The value of a property, as the page knows it."""
        return self.find(component).props[name]

    def _take_message(self, message: Message) -> None:
        message = self._revived(message)
        self.messages.append(message)
        match message:
            case messages.DEFINE(kind=kind, name=name, text=text):
                (self.modules if kind == "js" else self.styles)[name] = text
            case messages.INSTANTIATE():
                self._instantiate(message)
            case messages.EMIT(index=[_, _], mutation="set") if self._lives_on_both_sides(message.id):
                self._take_value(self.objects[message.id], message)
            case messages.EMIT() if message.id in self.objects and message.mutation:
                mutate(self.objects[message.id].props, message)
            case messages.SUBSCRIBE() if message.id in self.objects:
                self.objects[message.id].types = list(message.types or ())
            case messages.DISPOSE():
                self.objects.pop(message.id, None)
                if self.is_obedient:
                    self.send(messages.DISPOSED(message.id))
            case messages.INVOKE() if self.is_obedient and message.id in self.objects:
                self._follow(message)
            case messages.CALL() if self.is_obedient:
                self._answer(message)
            case messages.READY():
                self.is_ready = True
            case messages.CLOSE():
                self.closed = message

    def _instantiate(self, message: messages.INSTANTIATE) -> None:
        known = {} if message.id not in self.objects else self.objects[message.id].props
        self.objects[message.id] = PageObject(
            message.id,
            message.module,
            message.cls,
            {**known, **message.props},
            list(message.args),
            list(message.active),
            list(message.types),
        )
        if self.is_obedient and self._lives_in_page(message.id):
            for name, value in message.props.items():
                if self._has_property(message.id, name):  # else it is `style`, which is for the node
                    self.set(message.id, name, value)

    def _take_value(self, known: PageObject, message: messages.EMIT) -> None:
        """Take what Python set of an object that lives on both sides, as one whose validator changes nothing."""
        mark: Any = message.index
        if known.ends.setdefault(message.type, PageEnd()).receives(mark) is not Verdict.DROP:
            known.props[message.type] = message.value

    def _lives_in_page(self, component_id: str) -> bool:
        """Whether the page owns an object; only a page that is in the same process can tell."""
        return False

    def _has_property(self, component_id: str, name: str) -> bool:
        """Whether an object has a property; only a page that is in the same process can tell."""
        return True

    def _lives_on_both_sides(self, component_id: str) -> bool:
        """Whether an object has no owner, as a `Model`; only a page that is in the same process can tell."""
        return False

    def _follow(self, message: messages.INVOKE) -> None:
        if message.action.startswith("set_") and len(message.args) == 1:
            name = message.action.removeprefix("set_")
            self.objects[message.id].props[name] = message.args[0]
            self.set(message.id, name, message.args[0])

    def _answer(self, message: messages.CALL) -> None:
        answer = self.answer if message.code else None  # a CALL without code is a round trip
        try:
            value = answer(message.code, message.args) if answer is not None else None
        except Exception as error:  # the page's own border: what its code raises is its answer
            if message.req > 0:
                self.fail(message.req, type(error).__name__, str(error))
        else:
            if message.req > 0:
                self.result(message.req, value)

    # -- what the page says --------------------------------------------------------------------------------------------

    def send(self, message: Message) -> None:
        """Say anything; it travels with the next frames."""
        if self._protocol.state is not State.CLOSED:
            self._protocol.send(message)

    def set(self, component: str | LinkedObject, name: str, value: object) -> None:
        """Tell that a property of an object that lives in the page has a new value."""
        self.emit(component, name, value, "set")

    def emit(
        self,
        component: str | LinkedObject,
        kind: str,
        value: object = None,
        mutation: messages.Mutation = "",
        index: int | list[int] = -1,
    ) -> None:
        """Tell of an event, or of a mutation, of an object that lives in the page.

        Args:
            component: The component or its id.
            kind: Type of the event, or name of the property.
            value: What the event carries; the new value or the objects of a mutation.
            mutation: How the property changed; empty for a plain event.
            index: Where a partial mutation happened.
        """
        value = {} if value is None and not mutation else value
        component_id = self._id_of(component)
        if mutation == "set" and self._lives_on_both_sides(component_id):
            known = self.find(component_id)
            known.props[kind] = value
            index = known.ends.setdefault(kind, PageEnd()).set_here()
        self.send(messages.EMIT(component_id, kind, mutation, self._prepare(value), index))

    def invoke(self, component: str | LinkedObject, action: str, *args: object, answered: bool = False) -> int:
        """Ask for an action of a component that lives in Python.

        Args:
            component: The component or its id.
            action: The action.
            *args: Its arguments.
            answered: Whether a RESULT is wanted.

        Returns:
            The number of the request; 0 if no answer is wanted.
        """
        number = next(self._requests) if answered else 0
        prepared = [self._prepare(value) for value in args]
        self.send(messages.INVOKE(self._id_of(component), action, prepared, number))
        return number

    def make(
        self,
        cls: type[LinkedObject] | tuple[str, str],
        component_id: str,
        props: Mapping[str, object] | None = None,
    ) -> str:
        """Make an object in the page and announce it.

        Args:
            cls: Its class, or (module, name) of it in JavaScript.
            component_id: Its id; that of an object made in a page ends in ``js``.
            props: Values of its properties.
        """
        module, name = cls if isinstance(cls, tuple) else self._js_name(cls)
        prepared = {key: self._prepare(value) for key, value in (props or {}).items()}
        self.objects[component_id] = PageObject(component_id, module, name, dict(props or {}))
        self.send(messages.INSTANTIATE(component_id, module, name, [], prepared, [], [], 0))
        return component_id

    def subscribe(self, component: str | LinkedObject, *types: str) -> None:
        """Ask for plain events of a component that lives in Python: these and no others."""
        self.send(messages.SUBSCRIBE(self._id_of(component), list(types)))

    def dispose(self, component: str | LinkedObject) -> None:
        """Tell that an object that lives in the page has ended."""
        component_id = self._id_of(component)
        self.objects.pop(component_id, None)
        self.send(messages.DISPOSE(component_id))

    def report(self, name: str, data: object = None, *, answered: bool = False) -> int:
        """The user does something with what a function shows or asks.

        Args:
            name: The id under which that is to be reported, as the element's properties have it.
            data: What was done.
            answered: Whether the page wants to know the outcome.

        Returns:
            The number of the request; 0 without an answer.
        """
        request = next(self._requests) if answered else 0
        self.send(messages.SCRIPT_EVENT(name, self._prepare(data), request))
        return request

    def result(self, request: int, value: object = None) -> None:
        """Answer a CALL."""
        self.send(messages.RESULT(request, self._prepare(value), None))

    def fail(self, request: int, name: str, text: str, stack: str = "") -> None:
        """Answer a CALL with an error."""
        self.send(messages.RESULT(request, None, {"name": name, "text": text, "stack": stack}))

    def log(self, level: str, text: str, stack: str = "") -> None:
        """Write to the page's console."""
        self.send(messages.LOG(level, text, stack))

    # -- values --------------------------------------------------------------------------------------------------------

    def ref(self, component: str | LinkedObject) -> Ref:
        """A reference to a component, to be used in values."""
        return Ref(self.session_id, self._id_of(component))

    def _id_of(self, component: str | LinkedObject) -> str:
        return component if isinstance(component, str) else str(component.id)

    def _js_name(self, cls: type[LinkedObject]) -> tuple[str, str]:
        return cls.__module__, cls.__name__

    def _prepare(self, value: object) -> Any:
        return self._codec.prepare(value, "the page's value")

    def _revived(self, message: Message) -> Message:
        fields = (getattr(message, name) for name in message.__struct_fields__)
        return type(message)(*map(self._codec.revive, fields))

    def _encode_ref(self, value: Ref | LinkedObject) -> object:
        ref = value if isinstance(value, Ref) else self.ref(value)
        return [ref.session_id, ref.id]

    def _decode_ref(self, value: list[Any]) -> object:
        return Ref(*value)


class TestClient(FakePage):
    """A page that is connected with a session in the same process.

    Frames are handled as Python writes them; what the page has to say travels with `settle`, or by itself soon after
    while an asyncio loop runs.

    Args:
        session: The session whose page this is.
        obedient: Whether it does what the objects of a real page mostly do.
        answer: Gives the value for a CALL, from its code and its arguments.
        limits: The bounds of its side of the connection.
    """

    __test__ = False  # its name is no promise to pytest

    def __init__(
        self,
        session: Session,
        *,
        obedient: bool = True,
        answer: Callable[[str, dict[str, Any]], object] | None = None,
        limits: Limits | None = None,
    ) -> None:
        super().__init__(obedient=obedient, answer=answer, limits=limits)
        self.session = session
        self._transport: MemoryTransport | None = None

    @property
    def is_connected(self) -> bool:
        """Whether its connection stands."""
        return self._transport is not None and self._transport.is_open

    def connect(self, *, path: str = "/", query: str = "") -> str:
        """Connect with the session and return how the page was taken; also after a loss."""
        self.drop()
        hello = self.hello(path=path, query=query)
        self._transport = MemoryTransport(self._take_and_answer)
        how = self.session.connect(self._transport, hello)
        self.settle()
        return how

    def drop(self, *, left: bool = False) -> None:
        """Lose the connection.

        Args:
            left: Whether the page says goodbye, as one that is closed does.
        """
        transport, self._transport = self._transport, None
        self.lose()
        if transport is not None and transport.is_open:
            transport.is_open = False
            self.session.disconnect(transport, left=left)

    def reload(self) -> str:
        """Load the page anew, with nothing left but its key, and connect."""
        self.drop(left=True)
        self._forget()
        return self.connect()

    def send(self, message: Message) -> None:
        """Say anything; it travels with `settle`, or soon if an asyncio loop runs."""
        super().send(message)
        self._flush_soon()

    def send_frame(self, frame: str | bytes) -> None:
        """Hand Python a frame as it is.

        Raises:
            ProtocolError: It breaks a rule of the wire.
        """
        self.session.receive(frame)

    def settle(self) -> None:
        """Let both sides speak until neither has anything left to say.

        Raises:
            TimeoutError: They do not come to an end.
        """
        loop = self.session.loop
        for _ in range(MAX_TURNS):
            self._flush()
            if loop.is_processing or not loop.has_pending():
                if not self._flush():
                    return
            else:
                loop.iter()
        raise TimeoutError(f"{self.session!r} did not come to rest within {MAX_TURNS} turns")

    def _take_and_answer(self, frame: str | bytes) -> None:
        self.take(frame)
        self._flush_soon()

    def _flush_soon(self) -> None:
        transport = self._transport
        if transport is not None and not transport.is_flush_due:
            try:
                asyncio.get_running_loop().call_soon(self._flush)
            except RuntimeError:
                return
            transport.is_flush_due = True

    def _flush(self) -> bool:
        transport = self._transport
        if transport is None:
            return False
        transport.is_flush_due = False
        frames = self.frames() if transport.is_open else []
        for frame in frames:
            if transport.is_open:
                self.session.receive(frame)
        return bool(frames)

    def _lives_in_page(self, component_id: str) -> bool:
        component = self.session.get_component_instance(component_id)
        return component is not None and component._lives_in_page

    def _has_property(self, component_id: str, name: str) -> bool:
        component = self.session.get_component_instance(component_id)
        return not isinstance(component, Component) or name in type(component).__properties__

    def _lives_on_both_sides(self, component_id: str) -> bool:
        component = self.session.get_component_instance(component_id)
        return component is not None and component._has_two_owners and component_id in self.objects

    def _id_of(self, component: str | LinkedObject) -> str:
        return component if isinstance(component, str) else self.session.wire_id(component)

    def _js_name(self, cls: type[LinkedObject]) -> tuple[str, str]:
        return self.session.js_name(cls)


class MemoryTransport:
    """Carries frames to a page in the same process; see `deskapp.session.Transport`.

    Args:
        take: Gets each frame.

    Attributes:
        is_open: Whether frames arrive.
        closed_with: Code and reason, once Python has ended the connection.
    """

    def __init__(self, take: Callable[[str | bytes], None]) -> None:
        self._take = take
        self.is_open = True
        self.is_flush_due = False
        self.closed_with: tuple[int, str] | None = None

    def write(self, frame: str | bytes) -> None:
        """Hand a frame over."""
        if self.is_open:
            self._take(frame)

    def close(self, code: int, reason: str) -> None:
        """End the connection."""
        self.is_open = False
        self.closed_with = code, reason


def mutate(props: dict[str, Any], message: messages.EMIT) -> None:
    """Do to a page's properties what an EMIT says."""
    name, value, index = message.type, message.value, message.index
    if message.mutation == "set" or name not in props:
        props[name] = value
    elif isinstance(props[name], dict):
        mutate_dict(props[name], {"mutation": message.mutation, "objects": value})
    else:
        mutate_array(props[name], {"mutation": message.mutation, "objects": value, "index": index})
