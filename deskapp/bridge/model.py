"""`Model`, the older style of objects that live in Python and in JavaScript, each side with its own code.

Unlike a component, a Model has no owner: a property of ``class Both`` is set on either side, validated there, and told
to the other. Which value holds in the end is the subject of `revision.py`.

How a Model is told to its page, in messages:

    INSTANTIATE               when it has its id: the twin is made, with its defaults
    EMIT set                  a property of both sides that was set; its index is the mark of `revision.py`
    EMIT                      any other event that the other side listens to
    SUBSCRIBE                 the events that a side listens to
    INVOKE $init, $handlers   the steps of the twin's construction, when Python has done its own
    INVOKE $set, $run, $data  an attribute that refers to a linked object; a call; a blob to be fetched
    DISPOSE                   the end
"""

from __future__ import annotations

import logging
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, ClassVar

from deskapp.bridge import link as links
from deskapp.bridge._model_meta import JsSide, ModelMeta, get_model_classes
from deskapp.bridge.link import Link, LinkedObject
from deskapp.bridge.revision import NO_TURN, PythonEnd, is_settled
from deskapp.errors import CodecError, NotDeclared, ProtocolError
from deskapp.event import Attribute, Event, HasEvents, LegacyProperty, current_loop, prop

__all__ = ["Model", "get_active_model", "get_active_models", "get_model_classes"]

logger = logging.getLogger("deskapp.bridge")

RECEIVED = "$received"
"""Type of the event by which the page acknowledges a blob."""

_URLS = ("http://", "https://", "/flexx/data/", "_data/", "/_a/", "deskapp/data/")


class Model(LinkedObject, HasEvents, metaclass=ModelMeta):
    """An object with a twin in JavaScript.

    The class body is for Python, ``class JS`` in it for JavaScript, ``class Both`` for both. ``init`` runs on both
    sides, when the properties have their values and before handlers are connected. A Model that is made in the
    ``init``, or in the context, of another one belongs to its session, and an attribute that refers to a Model or
    component exists on both sides.

    Args:
        *init_args: Arguments for ``init``.
        session: The session that it belongs to; by default that of the active Model, or the current one.
        is_app: Whether it represents the app; for subclasses, as nothing here looks at it.
        **property_values: Initial values.

    Raises:
        SessionNotFoundException: It is made outside any app.
        AttributeError: There is no such property, or it is readonly.
    """

    JS: ClassVar[JsSide]
    CSS = ""
    _has_two_owners = True
    __local_properties__: ClassVar[list[str]]

    session = Attribute(doc="The session that it belongs to.")
    root = Attribute(doc="The first object of its session.")
    uid = Attribute(doc="A name that is unique among all sessions.")

    class Both:
        @prop
        def sync_props(self, v: Any = True) -> bool:
            """Whether JavaScript tells Python the values of properties; events that Python handles are told anyway."""
            return bool(v)

    def __init__(self, *init_args: Any, **property_values: Any) -> None:
        self._init_order = 0
        self._is_telling = False
        self._ends: dict[str, PythonEnd] = {}
        self._mirrored: dict[str, LinkedObject] = {}
        self._blobs: set[str] = set()
        self._blob_count = 0
        self._page_types: frozenset[str] = frozenset()
        self._told_types: list[str] = []
        try:
            super().__init__(*init_args, **property_values)
        except BaseException:
            if "_session" in self.__dict__ and not self._disposed:
                self._dispose()  # the page has made its twin already
            raise

    # Construction; the steps of `Component`

    def _init_identity(self, kwargs: dict[str, Any]) -> None:
        given, _ = kwargs.pop("session", None), kwargs.pop("is_app", None)
        cls = type(self)
        self._handlers.update(dict.fromkeys(set(cls.JS.__properties__) | set(cls.JS.__emitters__), ()))
        self._find_link(given)
        self._session.instantiate(self, {})
        self._session.keep_alive(self)

    def _apply_values(self, values: list[tuple[str, Any]]) -> None:
        # The defaults are the twin's own as well; only what was given is to be told.
        number = sum(self._descriptors[name].has_default for name in self.__properties__)
        super()._apply_values(values[:number])
        self._is_telling = True
        super()._apply_values(values[number:])

    def _run_init(self, *args: Any) -> None:
        self.init(*args)

    def init(self) -> None:
        """Set the object up; subclasses override this, with arguments as they like. JavaScript has one of its own."""

    def _init_handlers(self) -> None:
        self._init_order = self._loop.next_number()
        self._session.invoke(self, "$init", [])
        super()._init_handlers()
        self._tell_subscription()
        self._session.invoke(self, "$handlers", [])

    def _enter(self) -> AbstractContextManager[None]:
        """Make its page the current one while its code runs."""
        return links.use(self._session)

    # What happens in Python is told to the page

    def _observer(self, event: Event) -> None:
        kind = event["type"]
        if not self._is_telling or self._disposed:
            return
        if self._is_shared(kind) and "new_value" in event and "old_value" in event:
            end = self._ends.setdefault(str(kind), PythonEnd())
            try:
                self._tell(str(kind), event["new_value"], end.set_here())
            except ProtocolError:
                end.take_back()
                self._values[str(kind)] = event["old_value"]  # what cannot be shown is not held either
                raise
        elif kind in self._page_types:
            self._session.publish(self, event)

    def _tell(self, name: str, value: object, mark: list[int]) -> None:
        self._session.publish(self, Event({"type": name, "new_value": value, "mutation": "set", "index": mark}))

    def _is_shared(self, name: object) -> bool:
        return name in self.__properties__ and name not in self.__local_properties__

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a property, or an attribute; one that refers to a linked object is set in JavaScript, too."""
        super().__setattr__(name, value)
        if isinstance(value, LinkedObject) or name in self.__dict__.get("_mirrored", ()):
            self._mirror(name, value if isinstance(value, LinkedObject) else None)

    def __delattr__(self, name: str) -> None:
        super().__delattr__(name)
        if name in self._mirrored:
            self._mirror(name, None)

    def _mirror(self, name: str, value: LinkedObject | None) -> None:
        if name in self._descriptors or "_session" not in self.__dict__ or self._disposed:
            return
        if value is None:
            self._mirrored.pop(name, None)
        else:
            self._mirrored[name] = value
        self._session.invoke(self, "$set", [name, value])

    # What happens in the page is told to Python

    def _receive(self, kind: str, mutation: str, value: object, index: Any) -> None:
        """Apply what happened in the page.

        Raises:
            NotDeclared: It is a property of Python alone, or is changed in a way that there is not.
            TypeError, ValueError: The message is not as it should be, or the validator refuses the value.
        """
        if kind == RECEIVED:
            self._forget_blob(value)
        elif mutation == "set" and self._is_shared(kind):
            self._receive_value(kind, value, _checked_mark(index))
        elif mutation or kind in self._of_python_alone():
            raise NotDeclared(self._id, kind)
        elif not isinstance(value, dict):
            raise TypeError(f"what an event carries must be a dict, not {type(value).__name__}")
        elif self.get_event_handlers(kind):
            if self._is_shared(kind):
                value = self._validated_change(kind, value)
            self._say_nothing(lambda: self.emit(kind, value))

    def _of_python_alone(self) -> set[str]:
        """Types of events that do not happen in the page, whatever it says."""
        cls = type(self)
        emitters = {name for name in cls.__emitters__ if name not in cls.JS.__emitters__}
        return emitters | (set(cls.__properties__) & set(cls.__local_properties__))

    def _validated_change(self, name: str, value: Mapping[str, Any]) -> dict[str, Any]:
        """What handlers get to know of a change that is not held here: values that its validator lets pass."""
        descriptor: LegacyProperty = self._descriptors[name]
        if not {"new_value", "old_value"} <= set(value):
            raise ValueError(f"a change of {name!r} carries new_value and old_value, not {sorted(value)}")
        return {key: self._let_pass(descriptor, value[key]) for key in ("new_value", "old_value")}

    def _let_pass(self, descriptor: LegacyProperty, value: object) -> object:
        """A value of the page as its validator returns it; as it is, if that one changes whatever it returned."""
        validated = self._validate(descriptor, value)
        if type(validated) is not type(value) or self._is_settled(descriptor, validated):
            return validated
        return value

    def _is_settled(self, descriptor: LegacyProperty, validated: object) -> bool:
        return is_settled(lambda value: self._validate(descriptor, value), validated, descriptor.is_same)

    def _receive_value(self, name: str, value: object, mark: list[int]) -> None:
        end = self._ends.setdefault(name, PythonEnd())
        if not end.accepts(mark):
            return  # the page has got the later one meanwhile
        descriptor: LegacyProperty = self._descriptors[name]
        try:
            validated = self._validate(descriptor, value)
        except Exception:
            self._tell(name, self._values.get(name), end.answer(mark))
            raise
        self._say_nothing(lambda: self._store(name, validated))
        if not descriptor.is_same(validated, value) and self._is_settled(descriptor, validated):
            self._tell(name, validated, end.answer(mark))

    def _say_nothing(self, do: Any) -> None:
        """Do something that the page knows already; what its handlers do in turn comes later, and is told."""
        was_telling, self._is_telling = self._is_telling, False
        try:
            do()
        finally:
            self._is_telling = was_telling

    # Subscriptions

    def _on_connections_changed(self, kind: str) -> None:
        if self._init_order and not self._disposed:
            self._tell_subscription()

    def _subscribed_types(self) -> list[str]:
        own = set(self.__properties__) & set(self.__local_properties__)
        return [kind for kind in self.get_event_types() if kind not in own and self.get_event_handlers(kind)]

    def _tell_subscription(self) -> None:
        types = self._subscribed_types()
        if types != self._told_types:
            self._told_types = types
            self._session.subscribe(self, types)

    def _set_subscription(self, link: Link, types: frozenset[str]) -> None:
        self._page_types = types

    # Calls and data

    def call_js(self, call: str) -> None:
        """Run JavaScript in the page: the name of a method of this object and its arguments, as in ``"foo(1, 2)"``.

        Args:
            call: JavaScript text that is evaluated as if ``this.`` stood before it.
        """
        if not isinstance(call, str):
            raise TypeError(f"call_js() takes a text such as 'foo(1, 2)', not {call!r}")
        self._session.invoke(self, "$run", [call])

    def send_data(self, data: bytes | str, meta: Mapping[str, Any] | None = None) -> None:
        """Send a blob to the twin in the page, whose ``receive_data(array_buffer, meta)`` is called when it is there.

        Args:
            data: The blob. Or the URL of one: a text that starts with ``http://``, ``https://``, ``_data/`` or
                ``/flexx/data/``, or a URL that `Session.add_data` or `AssetStore.add_shared_data` returned.
            meta: Goes with it; a ``byteLength`` is added for a blob.

        Raises:
            TypeError: The data is neither bytes nor such a URL, or `meta` is no dict.
        """
        if meta is not None and not isinstance(meta, dict):
            raise TypeError(f"send_data() takes a dict for meta, not {meta!r}")
        info = dict(meta or {})
        if isinstance(data, str):
            if not data.startswith(_URLS):
                starts = ", ".join(_URLS[:4])
                raise TypeError(f"send_data() takes bytes or a URL that starts with one of {starts}; not {data!r}")
            self._session.invoke(self, "$data", [self._address(data), info, ""])
            return
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"send_data() takes bytes, or the URL of some, not {type(data).__name__}")
        blob = bytes(data)
        info["byteLength"] = len(blob)
        self._blob_count += 1
        name = f"{self._id}-{self._blob_count}"
        url = self._session.add_data(name, blob)
        try:
            self._session.invoke(self, "$data", [url, info, name])
        except BaseException:
            self._session.remove_data(name)
            raise
        self._blobs.add(name)

    def _address(self, url: str) -> str:
        """A URL of data, in whichever form, as pages have it."""
        for prefix in ("/flexx/data/", "_data/"):
            if url.startswith(prefix):
                owner, _, name = url.removeprefix(prefix).partition("/")
                if owner == "shared":
                    return f"deskapp/data/shared/{name}"
                blob = self._session.get_data(urllib.parse.unquote(name)) if owner == self._session.id else None
                if blob is not None:
                    return str(self._session.add_data(urllib.parse.unquote(name), blob))
        return url

    def _forget_blob(self, value: object) -> None:
        name = value.get("name") if isinstance(value, dict) else None
        if isinstance(name, str) and name in self._blobs:
            self._blobs.discard(name)
            self._session.remove_data(name)

    def _forget_blobs(self) -> None:
        for name in self._blobs:
            self._session.remove_data(name)
        self._blobs = set()

    # A page that is made anew

    def _held_values(self) -> dict[str, object]:
        return {name: value for name, value in self._values.items() if self._is_shared(name)}

    def _tell_anew(self) -> None:
        self._forget_blobs()  # whoever waited for them is gone
        self._told_types = self._subscribed_types()
        for name, value in self._held_values().items():
            mark = [self._ends.setdefault(name, PythonEnd()).rev, NO_TURN]
            with _left_out_if_it_cannot_travel():
                self._tell(name, value, mark)
        for name, attribute in self._mirrored.items():
            if not attribute._disposed:
                self._session.invoke(self, "$set", [name, attribute])

    def _init_anew(self) -> None:
        self._session.invoke(self, "$init", [])
        self._session.invoke(self, "$handlers", [])

    def _apply_mutation(self, name: str, value: Any, mutation: str = "set", index: Any = -1) -> bool:
        """Hold another value without asking the validator; for what went with the page that had it."""
        before, self._is_telling = self._is_telling, False
        try:
            return self._store(name, value)
        finally:
            self._is_telling = before

    # The end

    def _dispose(self) -> None:
        if not self._disposed:
            super()._dispose()
            self._forget_blobs()
            self._session.dispose(self)

    def _end(self) -> None:
        if not self._disposed:
            super()._dispose()

    def __del__(self) -> None:
        session = self.__dict__.get("_session")
        if session is not None and not self.__dict__.get("_disposed", True):
            session.forget(self._id)
            for name in self._blobs:  # the twin ends before it could take them
                self._loop.call_soon(session.remove_data, name)
        super().__del__()


@contextmanager
def _left_out_if_it_cannot_travel() -> Iterator[None]:
    """Go on without a value that cannot be told: a default, say, that JavaScript makes for itself."""
    try:
        yield
    except CodecError as error:
        logger.warning("The page is made anew without a value: %s", error)


def _checked_mark(index: Any) -> list[int]:
    if not (isinstance(index, list) and len(index) == 2):
        raise ValueError(f"a value of a Model carries its revision and turn, not {index!r}")
    return index


def get_active_models() -> tuple[Model, ...]:
    """The Models whose contexts the running code is in, outermost first."""
    return tuple(item for item in current_loop().get_active_components() if isinstance(item, Model))


def get_active_model() -> Model | None:
    """The Model whose context is the innermost, or None."""
    active = get_active_models()
    return active[-1] if active else None
