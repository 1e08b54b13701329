"""Under which names the server answers, and from which origins a websocket may come. Pure functions and values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from deskapp.errors import ConfigError

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
WILDCARDS = frozenset({"0.0.0.0", "::"})
"""Addresses that stand for every address of the machine."""

_USUAL_PORT = {"http": 80, "https": 443}
_ENTRY = re.compile(r"(?:(https?)://)?([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?/?\Z")


@dataclass(frozen=True)
class AllowedHosts:
    """The values of the Host header that a server answers to.

    Args:
        hosts: Values of the header, in lower case. A page of such a host comes by the protocol of its request.
        origins: Origins at which a proxy in front of the server is reached; their hosts are allowed, too.
    """

    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()

    def allows_host(self, host: str | None) -> bool:
        """Whether a Host header names this server; anything else may be DNS rebinding."""
        if host is None:
            return False
        host = host.lower()
        return host in self.hosts or any(origin.partition("://")[2] == host for origin in self.origins)

    def allows_origin(self, origin: str | None, *, host: str | None, secure: bool = False) -> bool:
        """Whether a request comes from a page of this very server.

        A missing Origin, ``null`` and ``file://`` are no: only our own page may speak to us.

        Args:
            origin: The Origin header.
            host: The Host header.
            secure: Whether the request came by https.
        """
        if origin is None or host is None:
            return False
        origin, host = origin.lower(), host.lower()
        if host in self.hosts and origin == f"{'https' if secure else 'http'}://{host}":
            return True
        return origin in self.origins and origin.partition("://")[2] == host

    def __or__(self, other: AllowedHosts) -> AllowedHosts:
        return AllowedHosts(self.hosts | other.hosts, self.origins | other.origins)


def hosts_at(port: int, names: Iterable[str], *, protocol: str = "http") -> AllowedHosts:
    """The hosts of a server that is reached directly, under some names.

    Args:
        port: Where it listens.
        names: Host names and addresses without port.
        protocol: ``"http"`` or ``"https"``; browsers leave out the port that is usual for it.
    """
    found: set[str] = set()
    for name in names:
        name = bracketed(name).lower()
        found.add(f"{name}:{port}")
        if port == _USUAL_PORT[protocol]:
            found.add(name)
    return AllowedHosts(frozenset(found))


def listed_hosts(entries: Iterable[str], *, port: int, origin: str) -> AllowedHosts:
    """The hosts of the setting ``host_allow_list``.

    Args:
        entries: ``"name"`` (at the server's own port, or at the usual one), ``"name:port"``, or the origin
            ``"https://name"`` of a proxy that speaks TLS for us.
        port: Where the server listens.
        origin: Where the entries came from.

    Raises:
        ConfigError: One of them is none of these.
    """
    hosts: set[str] = set()
    origins: set[str] = set()
    for entry in entries:
        found = _ENTRY.match(entry)
        if found is None or (found[3] and not 0 < int(found[3]) < 65536):
            raise ConfigError(
                "host_allow_list",
                entry,
                origin=origin,
                why="write names such as 'apps.example.org' or 'apps.example.org:8443', or the address of a proxy "
                "such as 'https://apps.example.org'; there are no wildcards and no paths",
            )
        scheme, name, own_port = found[1], found[2].lower(), int(found[3] or 0)
        if scheme:
            is_usual = own_port in (0, _USUAL_PORT[scheme])
            origins.add(f"{scheme}://{name}" if is_usual else f"{scheme}://{name}:{own_port}")
        else:
            hosts.add(f"{name}:{own_port or port}")
            if own_port in (0, *_USUAL_PORT.values()):
                hosts.add(name)
    return AllowedHosts(frozenset(hosts), frozenset(origins))


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine alone."""
    return host in ("localhost", "::1", "[::1]") or host.startswith("127.")


def bracketed(host: str) -> str:
    """An address as it stands in URLs: those of IPv6 in brackets."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
