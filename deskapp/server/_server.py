"""`Server`: one port on the loopback interface, its routes and who may use them."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import TYPE_CHECKING, Any

from tornado import httpserver, httputil, web

from deskapp._config import Settings
from deskapp._manager import AppManager
from deskapp._page import PageMaker
from deskapp.assets import AssetStore
from deskapp.bridge.client_bundle import client_bundle
from deskapp.errors import ConfigError
from deskapp.server._access import AllowedHosts, Tickets, allows_fetch
from deskapp.server._handlers import Refused, routes
from deskapp.server._websocket import SocketHandler

if TYPE_CHECKING:
    from deskapp.session import Session

logger = logging.getLogger("deskapp.server")


OVERSIZE_BYTES = 2**20


class Site:
    """What the handlers of one server share.

    Args:
        settings: Limits, in seconds and bytes.
        manager: Apps and sessions.
        store: Shared assets and data.
        hosts: The hosts that the server answers to.
    """

    def __init__(self, settings: Settings, manager: AppManager, store: AssetStore, hosts: AllowedHosts) -> None:
        self.settings = settings
        self.manager = manager
        self.store = store
        self._hosts = hosts
        self.tickets = Tickets()
        client = client_bundle()
        self.client_hash = client.hash
        self.client_files = {
            "client.js": (client.script, "text/javascript; charset=utf-8"),
            "client.css": (client.css, "text/css; charset=utf-8"),
        }
        self.pages = PageMaker(self.client_hash)
        self._launched: set[str] = set()

    def admit_by_ticket(self, session: Session) -> str:
        """Issue a ticket for the window of a launched session, which keeps its session over reloads."""
        self._launched.add(session.id)
        return self.tickets.issue(session.id)

    def keeps_sessions(self, session: Session) -> bool:
        """Whether a reload gets the same session back: windows do, tabs of served apps start afresh."""
        return session.id in self._launched

    @property
    def hosts(self) -> AllowedHosts:
        """The hosts that the server answers to: with nothing served, the one that our windows use."""
        return self._hosts if self.manager.serves_any else AllowedHosts(self._hosts.port)

    def forget(self, session: Session) -> None:
        """A session ended: its tickets are worth nothing."""
        self._launched.discard(session.id)
        self.tickets.revoke(session.id)

    def allows_origin(self, request: httputil.HTTPServerRequest) -> bool:
        """Whether a websocket's handshake comes from a page of ours."""
        return self.hosts.allows_origin(
            request.headers.get("Origin"), host=request.headers.get("Host"), secure=request.protocol == "https"
        )


class Application(web.Application):
    """Checks every request before any handler is chosen, so that users' own handlers are covered too."""

    def __init__(self, site: Site) -> None:
        super().__init__(
            routes(site, SocketHandler),
            # A little more than we accept, so that it is we who say why a frame is too large: Tornado's own code
            # (1009) is none that every engine hands to the page.
            websocket_max_message_size=site.settings.max_message_bytes + OVERSIZE_BYTES,
            log_function=_log_request,
            default_handler_class=Refused,
            default_handler_args={"site": site, "status_code": 404},
        )
        self._site = site

    def find_handler(self, request: httputil.HTTPServerRequest, **kwargs: Any) -> Any:
        """Refuse a wrong Host (421, DNS rebinding) and fetches by other sites (403)."""
        headers = request.headers
        if not self._site.hosts.allows_host(headers.get("Host")):
            return self.get_handler_delegate(request, Refused, {"site": self._site, "status_code": 421})
        is_page = not request.path.startswith("/_")
        if not allows_fetch(
            headers.get("Sec-Fetch-Site"), headers.get("Sec-Fetch-Mode"), headers.get("Sec-Fetch-Dest"), is_page=is_page
        ):
            return self.get_handler_delegate(request, Refused, {"site": self._site, "status_code": 403})
        return super().find_handler(request, **kwargs)


class Server:
    """Listens from the moment it is made; answers once `start` was called on a running asyncio loop.

    Args:
        settings: Host, port and limits.
        manager: Apps and sessions.
        store: Shared assets and data.
        port: The port to try first; `settings.port` when None. A preferred port that is taken is no error.

    Raises:
        ConfigError: The port that was asked for is taken, or the host is not one of this machine.
    """

    def __init__(self, settings: Settings, manager: AppManager, store: AssetStore, *, port: int | None = None) -> None:
        self._sockets = _bind(settings, preferred=port)
        self._port: int = self._sockets[0].getsockname()[1]
        self._host = settings.host
        names = set(settings.host_allow_list)
        if settings.host not in ("", "127.0.0.1"):
            names.add(settings.host)
        self.site = Site(settings, manager, store, AllowedHosts(self._port, frozenset(names | {"localhost", "[::1]"})))
        self.app = Application(self.site)
        self._http: httpserver.HTTPServer | None = None

    @property
    def serving(self) -> tuple[str, int]:
        """Host and port."""
        return self._host, self._port

    def url(self, path: str) -> str:
        """The address of a path on this server.

        Args:
            path: Begins with a slash.
        """
        return f"http://{self._host}:{self._port}{path}"

    def launch_url(self, session: Session, path: str) -> str:
        """The address that admits one page to a session, once."""
        return f"http://127.0.0.1:{self._port}{path}#k={self.site.admit_by_ticket(session)}"

    def start(self) -> None:
        """Begin to answer; must be called on a running asyncio loop. Connections that came before have waited."""
        asyncio.get_running_loop()
        if self._http is not None:
            return
        self._http = httpserver.HTTPServer(self.app, no_keep_alive=False)
        self._http.add_sockets(self._sockets)
        # People who serve need the address; those who launch windows do not.
        level = logging.INFO if self.site.manager.serves_any else logging.DEBUG
        logger.log(level, "Serving apps at %s", self.url("/"))

    async def stop(self, *, timeout_s: float = 5.0) -> None:
        """Stop listening and drop the connections that are left.

        Args:
            timeout_s: Seconds to wait for them.
        """
        if self._http is None:
            for listening in self._sockets:
                listening.close()
            return
        http, self._http = self._http, None
        http.stop()
        try:
            await asyncio.wait_for(http.close_all_connections(), timeout_s)
        except asyncio.TimeoutError:
            logger.warning("Some connections did not end within %g s", timeout_s)


def _bind(settings: Settings, *, preferred: int | None) -> list[socket.socket]:
    wanted = settings.port if settings.port else (preferred or 0)
    try:
        return [_listen(settings.host, wanted)]
    except OSError as error:
        if not settings.port and wanted:
            return [_listen(settings.host, 0)]
        key, value = ("port", settings.port) if settings.port else ("host", settings.host)
        raise ConfigError(
            key,
            value,
            origin=settings.origin(key),
            why=f"{error.strerror}; another program may have it. Port 0 takes any that is free",
        ) from error


def _listen(host: str, port: int) -> socket.socket:
    # Not Tornado's bind_sockets, which leaves a socket open when its port is taken.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=128)
    listening.setblocking(False)
    return listening


def _log_request(handler: web.RequestHandler) -> None:
    """Log without the query: addresses may say more than a log should keep."""
    level = logging.DEBUG if handler.get_status() < 500 else logging.ERROR
    request = handler.request
    logger.log(level, "%s %s %d", request.method, request.path, handler.get_status())
