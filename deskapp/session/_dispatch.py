"""What the page sends, and the one place that decides what it may do.

Everything from the page is untrusted. It reaches components of its own session, their declared actions, and the
properties of objects that live in the page; anything else is refused with a FAULT and changes nothing. Who sends
`MAX_FAULTS` of those in `FAULT_SPAN_S` seconds loses the session.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deskapp.bridge import messages
from deskapp.bridge.component import JsComponent, PyComponent
from deskapp.errors import NotDeclared, ProtocolError
from deskapp.session._arguments import ArgumentChecker

if TYPE_CHECKING:
    from deskapp.bridge.codec import Codec
    from deskapp.bridge.link import LinkedObject
    from deskapp.session._exchange import Exchange
    from deskapp.session._presence import Presence
    from deskapp.session._registry import Registry
    from deskapp.session._session import Session

logger = logging.getLogger("deskapp.session")
page_logger = logging.getLogger("deskapp.page")

MAX_FAULTS = 100
FAULT_SPAN_S = 10.0
MAX_LINES = 1000
"""Lines of the page's console within `FAULT_SPAN_S` seconds that are logged."""

MAX_LINE = 64 * 1024
"""Characters of one of them that are logged."""

MAX_SHOWN = 500
"""Characters of a text from the page that are repeated, in a log or an answer."""

_FAULTS_OF_THE_PAGE = (
    NotDeclared, ProtocolError, LookupError, TypeError, ValueError, AttributeError, NotImplementedError
)  # fmt: skip

_LEVELS = {
    "debug": logging.DEBUG,
    "log": logging.INFO,
    "info": logging.INFO,
    "warn": logging.WARNING,
    "warning": logging.WARNING,
}


class Dispatch:
    """Hands each message to its handler.

    Args:
        session: Whose page this is.
        registry: Its components.
        presence: The classes that its page has.
        exchange: The questions that its page was asked.
        codec: Revives values.
    """

    def __init__(
        self, session: Session, registry: Registry, presence: Presence, exchange: Exchange, codec: Codec
    ) -> None:
        self._session = session
        self._registry = registry
        self._presence = presence
        self._exchange = exchange
        self._codec = codec
        self._arguments = ArgumentChecker()
        self._faults: deque[float] = deque(maxlen=MAX_FAULTS)
        self._lines = 0
        self._lines_since = time.monotonic()
        self._waiting: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []
        self._handlers: dict[type, Callable[[Any], None]] = {
            messages.EMIT: self._on_emit,
            messages.INVOKE: self._on_invoke,
            messages.SUBSCRIBE: self._on_subscribe,
            messages.INSTANTIATE: self._on_instantiate,
            messages.DISPOSE: self._on_dispose,
            messages.DISPOSED: self._on_disposed,
            messages.RESULT: self._on_result,
            messages.LOG: self._on_log,
            messages.FAULT: self._on_fault,
            messages.HOST: self._on_host,
        }

    def handle_all(self, incoming: Sequence[Any]) -> None:
        """Handle a frame's messages in order; one that is refused does not stop the others.

        Raises:
            ProtocolError: A message that a page may not send, or too many refusals.
        """
        for message in incoming:
            handler = self._handlers.get(type(message))
            if handler is None:
                raise ProtocolError(f"a page may not send {type(message).__name__}")
            try:
                handler(message)
            except Exception as error:  # a border: whatever a message causes stays with that message
                self._refuse(message, error, is_ours=not isinstance(error, _FAULTS_OF_THE_PAGE))

    # -- handlers ------------------------------------------------------------------------------------------------------

    def _on_emit(self, message: messages.EMIT) -> None:
        component = self._find(message.id)
        if component is None:
            return
        component._receive(message.type, message.mutation, self._codec.revive(message.value), message.index)

    def _on_invoke(self, message: messages.INVOKE) -> None:
        component = self._find(message.id)
        if component is None:
            return
        if not isinstance(component, PyComponent) or message.action not in type(component).__actions__:
            raise NotDeclared(message.id, message.action)
        action = component._descriptors[message.action]
        if getattr(action, "property_name", None) in component._local_names:
            raise NotDeclared(message.id, message.action)  # the page's proxy has no such property
        args = [self._codec.revive(value) for value in message.args]
        args = self._arguments.check(action.func, args)
        try:
            with component._enter():
                getattr(component, message.action)(*args)
        except Exception as error:  # a border: what the app's own code does wrong is shown with its traceback
            self._refuse(message, error, is_ours=not action.is_autogenerated)
            return
        if message.req:
            self._session._line.send(messages.RESULT(message.req, None, None))

    def _on_subscribe(self, message: messages.SUBSCRIBE) -> None:
        component = self._find(message.id)
        if component is not None:
            component._set_subscription(self._session, frozenset(message.types or ()))

    def _on_instantiate(self, message: messages.INSTANTIATE) -> None:
        known = self._registry.get(message.id)
        if known is not None:
            # The page had been told that Python let it go, and Python has asked for it again meanwhile.
            if isinstance(known, JsComponent) and known._was_made_in_page:
                self._show(known, message.props)
            return
        cls = self._presence.component_class(message.module, message.cls)
        if cls is None or not issubclass(cls, JsComponent):
            raise NotDeclared(f"{message.module}.{message.cls}", "INSTANTIATE")
        if not message.id.endswith("js"):
            raise ProtocolError(f"a page may not choose the id {message.id!r}")
        component = cls._from_page(self._session, message.id)
        self._registry.add(message.id, component, owned_here=False)
        try:
            self._show(component, message.props)
            self._session.keep_alive(component)  # the message that stores it may come in another frame
        except BaseException:
            self._registry.remove(message.id)
            component._end()
            raise

    def _show(self, component: JsComponent, props: Mapping[str, object]) -> None:
        for name, value in props.items():
            component._receive(name, "set", self._codec.revive(value), -1)

    def _on_dispose(self, message: messages.DISPOSE) -> None:
        component = self._find(message.id)
        if component is not None:
            if not component._lives_in_page:
                raise NotDeclared(message.id, "dispose")
            self._registry.bury(message.id)
            component._end()
        self._session._line.send(messages.DISPOSED(message.id))

    def _on_disposed(self, message: messages.DISPOSED) -> None:
        component = self._registry.get(message.id)
        if component is None:
            return
        if not component._lives_in_page:
            raise NotDeclared(message.id, "DISPOSED")
        component._end()
        self._registry.bury(message.id)

    def _on_result(self, message: messages.RESULT) -> None:
        self._exchange.answer(message, self._codec.revive(message.value))

    def _on_log(self, message: messages.LOG) -> None:
        text = f"{message.text}\n{message.stack}".rstrip() if message.stack else message.text
        self._note(_LEVELS.get(message.level, logging.ERROR), text)

    def _on_fault(self, message: messages.FAULT) -> None:
        what = message.text if message.text.startswith(f"{message.error}: ") else f"{message.error}: {message.text}"
        self._note(logging.ERROR, f"the page refused {message.name or 'a message'} of {message.id or 'nobody'}: {what}")

    def _note(self, level: int, text: str) -> None:
        """Log what the page has to say: as much as a person could read."""
        now = time.monotonic()
        if now - self._lines_since >= FAULT_SPAN_S:
            self._lines, self._lines_since = 0, now
        self._lines += 1
        if self._lines <= MAX_LINES:
            text = text if len(text) <= MAX_LINE else f"{text[: MAX_LINE - 1]}…"
            page_logger.log(level, "%s: %s", self._session.app_name, text)
        elif self._lines == MAX_LINES + 1:
            page_logger.warning(
                "%s: more than %d lines within %g s; the rest is left out",
                self._session.app_name,
                MAX_LINES,
                FAULT_SPAN_S,
            )

    def _on_host(self, message: messages.HOST) -> None:
        raise ProtocolError(f"this window does not know the wish {message.verb!r}")

    # -- the rest ------------------------------------------------------------------------------------------------------

    def next_change(self, is_so: Callable[[], bool]) -> asyncio.Future[None]:
        """A future that is done once `is_so` says yes; it fails when the session ends.

        Args:
            is_so: Asked now, and again whenever something arrived.
        """
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((is_so, future))
        self.note_change()
        return future

    def note_change(self) -> None:
        """Something arrived, or the session ended: release those who waited for that."""
        if not self._waiting:
            return
        ending = self._session.ending
        waiting, self._waiting = self._waiting, []
        for is_so, future in waiting:
            if future.done():
                continue
            if ending is not None:
                future.set_exception(ending)
            elif is_so():
                future.set_result(None)
            else:
                self._waiting.append((is_so, future))

    def _find(self, component_id: str) -> LinkedObject | None:
        """The component that a message is for; None if it ended while the message was under way."""
        component = self._registry.get(component_id)
        if component is None and not self._registry.is_gone(component_id):
            raise LookupError(f"there is no component {component_id!r} in this session")
        return component

    def _refuse(self, message: Any, error: Exception, *, is_ours: bool) -> None:
        """Answer a message that failed.

        Args:
            message: The message.
            error: Why it failed.
            is_ours: Whether the app failed, rather than the page: then the log says where.
        """
        component_id = _short(getattr(message, "id", ""))
        name = _short(getattr(message, "action", "") or getattr(message, "type", "") or type(message).__name__)
        text = _short(str(error))
        logger.error(
            "%s.%s failed: %s: %s",
            component_id or self._session.app_name,
            name,
            type(error).__name__,
            text,
            exc_info=error if is_ours else None,
        )
        self._session._line.send(
            messages.FAULT(component_id, name, type(error).__name__, text, getattr(message, "req", 0) or 0)
        )
        now = time.monotonic()
        self._faults.append(now)
        if len(self._faults) == MAX_FAULTS and now - self._faults[0] < FAULT_SPAN_S:
            raise ProtocolError(f"the page sent {MAX_FAULTS} messages within {FAULT_SPAN_S:g} s that had to be refused")


def _short(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"
