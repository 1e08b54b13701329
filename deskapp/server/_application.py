"""`Application`: the program's one Tornado application, and `Site`: what its handlers share.

Servers come and go; the apps, the sessions and the handlers that users have added stay here.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from tornado import httputil, web

from deskapp._config import Settings
from deskapp._manager import AppManager
from deskapp._page import PageMaker
from deskapp._spec import RESERVED
from deskapp.assets import AssetStore
from deskapp.bridge.client_bundle import ClientBundle, client_bundle
from deskapp.server._access import READING, Tickets, allows_fetch
from deskapp.server._guarded import Refused
from deskapp.server._handlers import ClientFile, routes
from deskapp.server._hosts import AllowedHosts
from deskapp.server._websocket import SocketHandler

if TYPE_CHECKING:
    from deskapp.session import Session

logger = logging.getLogger("deskapp.server")

OVERSIZE_BYTES = 2**20
MAX_HINTS = 20
"""So many refused names are told in the log, each once; others may be somebody's noise."""


class Site:
    """What the handlers share.

    Args:
        settings: Limits, in seconds and bytes.
        manager: Apps and sessions.
        store: Shared assets and data.
        client: What every page loads first; made from the files of this package when None.
    """

    def __init__(
        self, settings: Settings, manager: AppManager, store: AssetStore, client: ClientBundle | None = None
    ) -> None:
        self.settings = settings
        self.manager = manager
        self.store = store
        self.tickets = Tickets()
        client = client or client_bundle()
        self.client_hash = client.hash
        self.client_files = {
            "client.js": ClientFile(client.script, "text/javascript; charset=utf-8"),
            "client.css": ClientFile(client.css, "text/css; charset=utf-8"),
        }
        self.library_files: dict[tuple[str, str], ClientFile] = {}
        self.pages = PageMaker(self.client_hash)
        self.ungreeted: set[object] = set()
        self._window_hosts = self._served_hosts = AllowedHosts()
        self._launched: set[str] = set()
        self._hints: set[str] = set()

    def answers_to(self, *, windows: AllowedHosts, served: AllowedHosts) -> None:
        """Say under which names the present server is reached: by our own windows, and by everybody."""
        self._window_hosts, self._served_hosts = windows, served | windows

    @property
    def hosts(self) -> AllowedHosts:
        """The hosts that the server answers to: with nothing served, the one that our windows use."""
        return self._served_hosts if self.manager.serves_any else self._window_hosts

    def admit_by_ticket(self, session: Session) -> str:
        """Issue a ticket for the window of a launched session, which keeps its session over reloads."""
        self._launched.add(session.id)
        return self.tickets.issue(session.id)

    def keeps_sessions(self, session: Session) -> bool:
        """Whether a reload gets the same session back: windows do, tabs of served apps start afresh."""
        return session.id in self._launched

    def forget(self, session: Session) -> None:
        """A session ended: its tickets are worth nothing."""
        self._launched.discard(session.id)
        self.tickets.revoke(session.id)

    def allows_host(self, request: httputil.HTTPServerRequest) -> bool:
        """Whether a request names this server."""
        host = request.headers.get("Host")
        if self.hosts.allows_host(host):
            return True
        self._hint(f"A request for the host {host!r} was refused. If that is this server, add it to host_allow_list.")
        return False

    def allows_origin(self, request: httputil.HTTPServerRequest) -> bool:
        """Whether a request comes from a page of ours."""
        origin, host = request.headers.get("Origin"), request.headers.get("Host")
        if self.hosts.allows_origin(origin, host=host, secure=request.protocol == "https"):
            return True
        if origin is not None and self.hosts.allows_host(host) and origin.partition("://")[2] == host:
            self._hint(
                f"A page at {origin!r} was refused, because it came to this server by {request.protocol}. "
                "If that is a proxy in front of it, add that address to host_allow_list."
            )
        return False

    def _hint(self, text: str) -> None:
        if self.manager.serves_any and text not in self._hints and len(self._hints) < MAX_HINTS:
            self._hints.add(text)
            logger.warning("%s", text)


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
        self.site = site

    def find_handler(self, request: httputil.HTTPServerRequest, **kwargs: Any) -> Any:
        """Refuse a wrong Host (421, DNS rebinding), and with 403 what other sites fetch, post, and open sockets to."""
        site, headers = self.site, request.headers
        if not site.allows_host(request):
            return self._refuse(request, 421)
        fetch_site = headers.get("Sec-Fetch-Site")
        if not allows_fetch(
            fetch_site,
            headers.get("Sec-Fetch-Mode"),
            headers.get("Sec-Fetch-Dest"),
            is_page=not request.path.startswith("/_"),
            method=request.method or "",
        ):
            return self._refuse(request, 403)
        # Browsers too old for Sec-Fetch say where a form came from, all the same, and all of them with a websocket.
        is_foreign = fetch_site != "same-origin" and "Origin" in headers and not site.allows_origin(request)
        changes = request.method not in READING or headers.get("Upgrade", "").lower() == "websocket"
        if is_foreign and changes:
            return self._refuse(request, 403)
        if self._is_ours(request.path):
            return self.wildcard_router.find_handler(request, **kwargs) or self._refuse(request, 404)
        return super().find_handler(request, **kwargs)  # tries users' handlers first

    def _is_ours(self, path: str) -> bool:
        """Whether a path is an app's page or a part of one, which no handler of a user may take by accident."""
        parts = path.split("/", 3)
        if len(parts) < 2:  # "OPTIONS *"
            return False
        _, first, *rest = parts
        if first in RESERVED or first == "deskapp":
            return True
        return self.site.manager.spec(first) is not None and (rest in ([], [""]) or rest[0] == "deskapp")

    def _refuse(self, request: httputil.HTTPServerRequest, status_code: int) -> Any:
        return self.get_handler_delegate(request, Refused, {"site": self.site, "status_code": status_code})


def _log_request(handler: web.RequestHandler) -> None:
    """Log without the query: addresses may say more than a log should keep."""
    level = logging.DEBUG if handler.get_status() < 500 else logging.ERROR
    request = handler.request
    logger.log(level, "%s %s %d", request.method, request.path, handler.get_status())
