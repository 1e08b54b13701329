"""Opens the sockets that a server listens on."""

from __future__ import annotations

import errno
import socket
from dataclasses import replace

from deskapp._config import Settings
from deskapp.errors import ConfigError

WAITING_CONNECTIONS = 1024
"""How many connections the kernel keeps for us: as many as come at once when a thousand pages look for their server."""


def bind(settings: Settings, *, preferred: int | None) -> socket.socket:
    """Open a socket where the settings say.

    Args:
        settings: Host and port.
        preferred: The port to try first where the settings take any; that it is taken is no error.

    Raises:
        ConfigError: The port that was asked for is taken, or the host is not one of this machine.
    """
    wanted = settings.port if settings.port else (preferred or 0)
    try:
        return listen(settings.host, wanted)
    except OSError as error:
        if not settings.port and wanted:
            return bind(settings, preferred=None)
        if settings.port and error.errno in (errno.EADDRINUSE, errno.EACCES):
            key = "port"
            why = "another program may have it. Port 0 takes any that is free"
        else:
            key = "host"
            why = "write an address of this machine, or a name that has one, without protocol and port"
        raise ConfigError(
            key, getattr(settings, key), origin=settings.origin(key), why=f"{error.strerror}; {why}"
        ) from error


def check_host(settings: Settings) -> None:
    """Make sure that there is something to listen on, before a server that works is given up for it.

    Raises:
        ConfigError: The host is not one of this machine.
    """
    bind(replace(settings, port=0), preferred=None).close()


def listen(host: str, port: int) -> socket.socket:
    """Open one socket.

    Args:
        host: An address, or a name that has one.
        port: A port; 0 takes any.

    Raises:
        OSError: There is no such address here, or the port is taken.
    """
    # Not Tornado's bind_sockets, which leaves a socket open when its port is taken.
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=WAITING_CONNECTIONS)
    listening.setblocking(False)
    return listening
