"""D-Bus in Qt: the connections, one call that does not wait long, and signals."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from deskapp._session_bus import has_session_bus
from deskapp.runtime.webview.qt._base import QtModules

CALL_TIMEOUT_MS = 300


class QtBus:
    """One of the two buses.

    Args:
        qt: Qt's modules.
        is_system: The system's bus rather than the session's.
    """

    def __init__(self, qt: QtModules, *, is_system: bool = False) -> None:
        self._qt = qt
        self._receivers: list[Any] = []
        self._dbus: Any = None
        self._connection: Any = None
        if not (is_system or has_session_bus()):
            return  # Qt would start a bus of its own
        try:
            self._dbus = importlib.import_module("qtpy.QtDBus")
        except ImportError:  # not part of Qt on every platform
            return
        kind = self._dbus.QDBusConnection
        connection = kind.systemBus() if is_system else kind.sessionBus()
        if connection.isConnected():
            self._connection = connection

    @property
    def is_here(self) -> bool:
        """Whether there is such a bus."""
        return self._connection is not None

    def has(self, service: str) -> bool:
        """Whether somebody answers to that name; starts nobody."""
        if self._connection is None:
            return False
        return bool(self._connection.interface().isServiceRegistered(service).value())

    def call(self, service: str, path: str, interface: str, method: str, *args: object) -> Any:
        """The first value of the answer; None if there was none in time."""
        message = self._dbus.QDBusMessage.createMethodCall(service, path, interface, method)
        message.setAutoStartService(False)
        message.setArguments(list(args))
        reply = self._connection.call(message, self._dbus.QDBus.CallMode.Block, CALL_TIMEOUT_MS)
        if reply.type() != self._dbus.QDBusMessage.MessageType.ReplyMessage or not reply.arguments():
            return None
        return self._plain(reply.arguments()[0])

    def listen(self, service: str, path: str, interface: str, signal: str, heard: Callable[[list[Any]], None]) -> bool:
        """Have `heard` called with the values of every such signal."""
        message_class = self._dbus.QDBusMessage

        def receive(self: Any, message: Any) -> None:
            heard([plain(value) for value in message.arguments()])

        plain = self._plain
        slot = self._qt.core.Slot(message_class)(receive)
        receiver = type("Receiver", (self._qt.core.QObject,), {"receive": slot})()
        self._receivers.append(receiver)
        return bool(self._connection.connect(service, path, interface, signal, receiver.receive))

    def tell(self, path: str, interface: str, signal: str, *args: object) -> bool:
        """Send a signal."""
        message = self._dbus.QDBusMessage.createSignal(path, interface, signal)
        message.setArguments(list(args))
        return bool(self._connection.send(message))

    def _plain(self, value: Any) -> Any:
        while isinstance(value, self._dbus.QDBusVariant):
            value = value.variant()
        return value
