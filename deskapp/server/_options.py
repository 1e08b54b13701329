"""What `create_server` may be given: host, port and certificate, read into a `ServerPlan` before anything is opened."""

from __future__ import annotations

import inspect
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tornado import httpserver, netutil

from deskapp._config import Settings
from deskapp.errors import ConfigError
from deskapp.server._hosts import listed_hosts
from deskapp.server._tls import tls_context

FIRST_PRIVATE_PORT = 49152
PRIVATE_PORTS = 2**14

_ORIGIN = "create_server"
_HASH_STEP = 0xD2D84A61


@dataclass(frozen=True)
class ServerPlan:
    """Where and how a server is to listen.

    Args:
        settings: Host, port, certificate and further host names.
        listens: Whether it is to listen at all; a program may give the application to a server of its own.
        options: Arguments for Tornado's ``HTTPServer``.
    """

    settings: Settings
    listens: bool = True
    options: Mapping[str, Any] = field(default_factory=dict)


def read_plan(
    settings: Settings,
    host: str | bool | None = None,
    port: int | str | None = None,
    backend: str = "tornado",
    **server_kwargs: Any,
) -> ServerPlan:
    """Turn the arguments of `create_server` into a plan.

    Args:
        settings: What counts where nothing was given.
        host: Address or name to listen on; None for that of the settings; False not to listen.
        port: A number; 0 for any; a text of digits; another text, which is hashed; None for that of the settings.
        backend: ``"tornado"``.
        **server_kwargs: Arguments for Tornado's ``HTTPServer``, for example ``ssl_options`` or ``xheaders``.

    Raises:
        ConfigError: One of them is impossible.
    """
    if backend.lower() != "tornado":
        raise ConfigError("backend", backend, origin=_ORIGIN, why="there is one, 'tornado'.")
    known = [name for name in inspect.signature(httpserver.HTTPServer.initialize).parameters if name != "self"]
    for name, value in server_kwargs.items():
        if name not in known[1:]:
            raise ConfigError(
                name, value, origin=_ORIGIN, why=f"Tornado's HTTPServer takes {', '.join(known[1:])}, and not this."
            )
    given: dict[str, Any] = {}
    if host is True or not isinstance(host, str | bool | None):
        raise ConfigError("host", host, origin=_ORIGIN, why="write an address or a name; False means not to listen.")
    if isinstance(host, str):
        given["host"] = host
    if port is not None:
        given["port"] = read_port(port)
    origins = {**settings.origins, **dict.fromkeys(given, _ORIGIN)}
    chosen = replace(settings, **given, origins=origins)
    if not chosen.host:
        raise ConfigError(
            "host", "", origin=chosen.origin("host"), why="write '0.0.0.0' if every address of the machine is meant."
        )
    listed_hosts(chosen.host_allow_list, port=chosen.port, origin=chosen.origin("host_allow_list"))
    options = dict(server_kwargs)
    options["ssl_options"] = _tls(chosen, options.get("ssl_options"))
    return ServerPlan(chosen, host is not False, options)


def read_port(port: int | str) -> int:
    """The number of a port that may be given as a name.

    Args:
        port: A number, a text of digits, or any other text.

    Raises:
        ConfigError: There is no such port.
    """
    number = port
    if isinstance(number, str):
        number = int(number) if number.isascii() and number.isdigit() else hashed_port(number)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= 65535:
        raise ConfigError("port", port, origin=_ORIGIN, why="it is a number from 0 to 65535, or a name.")
    return number


def hashed_port(name: str) -> int:
    """A port of the range for private use (RFC 6335, 6) that stays the same for a name.

    It is the one that Flexx gives to that name, so that bookmarks of a program that moves here stay good.
    """
    value = 0
    for code in (*map(ord, name), len(name)):
        value += (value >> 3) + code * _HASH_STEP
    return FIRST_PRIVATE_PORT + value % PRIVATE_PORTS


def _tls(settings: Settings, given: object) -> ssl.SSLContext | None:
    """The certificate that was given in code, else that of the settings, else None."""
    try:
        if isinstance(given, ssl.SSLContext):
            return given
        if given is not None:
            if not isinstance(given, dict) or not given.get("certfile"):
                raise ValueError("it names no certificate")
            return netutil.ssl_options_to_context(given, server_side=True)
    except (OSError, TypeError, KeyError, ValueError, AssertionError) as error:
        why = f"{error or type(error).__name__}; give an ssl.SSLContext, or a dict with 'certfile' and 'keyfile'"
        raise ConfigError("ssl_options", given, origin=_ORIGIN, why=why) from error
    return tls_context(
        settings.ssl_certfile,
        settings.ssl_keyfile,
        certfile_origin=settings.origin("ssl_certfile"),
        keyfile_origin=settings.origin("ssl_keyfile"),
    )
