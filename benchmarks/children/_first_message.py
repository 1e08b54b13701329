"""Tells when the first message of a page arrives at our server."""

from __future__ import annotations

import time
from collections.abc import Callable

from deskapp.server._websocket import SocketHandler


def on_first_message(told: Callable[[float], None]) -> None:
    """Have `told` called with the system's clock at the first message of every websocket from now on."""
    heard: set[int] = set()
    pass_on = SocketHandler.on_message

    def on_message(handler: SocketHandler, data: str | bytes) -> None:
        if id(handler) not in heard:
            heard.add(id(handler))
            told(time.time())
        pass_on(handler, data)

    SocketHandler.on_message = on_message  # type: ignore[method-assign,assignment]
