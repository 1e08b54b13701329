"""`SiteServer`: the receiving end of `App.publish`, a site that shows what it was sent."""

from __future__ import annotations

import asyncio
import logging
import socket
from pathlib import Path
from typing import Any

from tornado import httpserver, httputil, web

from deskapp._publish_rules import SiteLimits
from deskapp.errors import ConfigError
from deskapp.server._hosts import bracketed
from deskapp.server._site_files import FilesHandler
from deskapp.server._site_intake import PublishHandler
from deskapp.server._site_parts import OtherHandler, SiteParts
from deskapp.server._site_store import SiteStore
from deskapp.server._sockets import listen
from deskapp.server._tls import tls_context

logger = logging.getLogger("deskapp.site")

_ORIGIN = "deskapp site"

IDLE_S = 75.0
HEAD_BYTES = 16384


class _Application(web.Application):
    """Chooses the handler by method alone: what a path names is known to the handlers."""

    def __init__(self, parts: SiteParts) -> None:
        super().__init__(log_function=_log_request)
        self._parts = parts

    def find_handler(self, request: httputil.HTTPServerRequest, **kwargs: Any) -> Any:
        """Files are got, publications are posted."""
        handlers = {"GET": FilesHandler, "HEAD": FilesHandler, "POST": PublishHandler}
        return self.get_handler_delegate(
            request, handlers.get(request.method or "", OtherHandler), {"parts": self._parts}
        )


class SiteServer:
    """Listens from the moment it is made; answers once `start` was called on a running asyncio loop.

    Args:
        folder: Keeps what was published; made if it is not there.
        host: The address to listen on.
        port: The port; 0 takes a free one.
        limits: How much it takes.
        lists_apps: Whether the front page lists the apps.
        trusts_apps: Whether apps may see each other's storage; else each page is an origin of its own.
        is_closed: Whether it refuses names that it does not have yet.
        certfile: Certificate chain in PEM format; with it, the site speaks https.
        keyfile: Private key of the certificate, if it is in a file of its own.
        is_behind_proxy: Whether the addresses of senders are what a proxy says in X-Forwarded-For or X-Real-IP.

    Raises:
        ConfigError: The folder, the address, the port or the certificate cannot be used.
    """

    def __init__(
        self,
        folder: Path,
        *,
        host: str = "127.0.0.1",
        port: int = 8080,
        limits: SiteLimits | None = None,
        lists_apps: bool = False,
        trusts_apps: bool = False,
        is_closed: bool = False,
        certfile: str = "",
        keyfile: str = "",
        is_behind_proxy: bool = False,
    ) -> None:
        self._tls = tls_context(certfile, keyfile, certfile_origin=_ORIGIN, keyfile_origin=_ORIGIN)
        self._socket = _listen(host, port)
        self._host = host
        self._port: int = self._socket.getsockname()[1]
        self._is_behind_proxy = is_behind_proxy
        self._http: httpserver.HTTPServer | None = None
        try:
            store = SiteStore(folder, limits or SiteLimits(), is_closed=is_closed)
        except BaseException:
            self._socket.close()
            raise
        self._parts = SiteParts(store, lists_apps=lists_apps, trusts_apps=trusts_apps)

    @property
    def url(self) -> str:
        """The address of the front page, and where to publish."""
        return f"{'https' if self._tls else 'http'}://{bracketed(self._host)}:{self._port}/"

    @property
    def names(self) -> list[str]:
        """The names of the published apps."""
        return self._parts.store.names()

    def start(self) -> None:
        """Begin to answer; must be called on a running asyncio loop."""
        asyncio.get_running_loop()
        self._http = httpserver.HTTPServer(
            _Application(self._parts),
            ssl_options=self._tls,
            xheaders=self._is_behind_proxy,
            idle_connection_timeout=IDLE_S,
            max_header_size=HEAD_BYTES,
            max_body_size=65536,
        )
        self._http.add_socket(self._socket)

    async def stop(self, *, timeout_s: float = 5.0) -> None:
        """Stop listening, drop the connections that are left, and finish the publication that is being written.

        Args:
            timeout_s: Seconds to wait for the connections.
        """
        if self._http is None:
            self._socket.close()
        else:
            self._http.stop()
            try:
                await asyncio.wait_for(self._http.close_all_connections(), timeout_s)
            except asyncio.TimeoutError:
                logger.warning("Some connections did not end within %g s", timeout_s)
        await asyncio.to_thread(self._parts.close)


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except (OSError, OverflowError) as error:  # the second is about a port beyond 65535
        why = f"{getattr(error, 'strerror', None) or error}; choose another --host or --port."
        raise ConfigError("host and port", f"{host}:{port}", origin=_ORIGIN, why=why) from error


def _log_request(handler: web.RequestHandler) -> None:
    """Log method, app and status: an address may hold more than a log should keep."""
    level = logging.DEBUG if handler.get_status() < 500 else logging.ERROR
    about = getattr(handler, "about", "")
    logger.log(level, "%s %s %d", handler.request.method, about or "-", handler.get_status())
