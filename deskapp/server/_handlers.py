"""What the server answers over HTTP: pages, the client, the files of sessions; nothing is made by a GET."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any

from tornado import web

from deskapp._page import CLIENT_PATH, csp
from deskapp._secret import new_secret
from deskapp._spec import Csp

if TYPE_CHECKING:
    from deskapp.server._server import Site

_STRICT = Csp()


class Handler(web.RequestHandler):
    """GET and HEAD with the headers that every reply carries."""

    SUPPORTED_METHODS: tuple[str, ...] = ("GET", "HEAD")

    def initialize(self, site: Site) -> None:
        """Take what the handlers share."""
        self.site = site

    def set_default_headers(self) -> None:
        """Refuse framing, sniffing, referrers and caching; answers say otherwise where they may."""
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cross-Origin-Opener-Policy", "same-origin")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("X-Frame-Options", "DENY")
        self.set_header("Content-Security-Policy", csp(_STRICT, new_secret()))
        self.clear_header("Server")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer an error in plain text that repeats nothing of the request."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code} {self._reason}\n")

    async def head(self, *args: str) -> None:
        """Answer a HEAD as a GET; Tornado drops the body."""
        answer = self.get(*args)
        if answer is not None:
            await answer


class Refused(Handler):
    """A request that fails the checks on Host or Sec-Fetch."""

    def initialize(self, site: Site, status_code: int = 403) -> None:
        """Take the status to answer with."""
        super().initialize(site)
        self._refusal = status_code

    def prepare(self) -> None:
        """Answer before anything else is looked at."""
        raise web.HTTPError(self._refusal)


class PageHandler(Handler):
    """The constant loader of an app."""

    async def get(self, name: str = "") -> None:
        """Answer with the app's page; its session is made by the websocket's first message."""
        spec = self.site.manager.spec(name)
        if spec is None:
            raise web.HTTPError(404)
        nonce = new_secret()
        self.set_header("Content-Security-Policy", csp(spec.csp, nonce))
        if not self._may_have_opener(name):
            self.clear_header("Cross-Origin-Opener-Policy")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.site.pages.page(spec, nonce))

    def _may_have_opener(self, name: str) -> bool:
        """Whether another page may have opened this one, so that it must be cut off from that page.

        Engines do the cutting with a new web process, when the first one has just started: 130 ms with WebKitGTK 2.50.
        The window of an app that is not served is opened by us, and ``none`` says that no page was involved.
        """
        return self.site.manager.is_served(name) or self.request.headers.get("Sec-Fetch-Site") != "none"


class SlashHandler(Handler):
    """``/name`` without its slash: the page's relative URLs need it."""

    async def get(self, name: str) -> None:
        """Redirect to the page."""
        if self.site.manager.spec(name) is None:
            raise web.HTTPError(404)
        self.redirect(f"/{name}/", permanent=False)


class ClientHandler(Handler):
    """The client's script and style, under a name that changes with their content."""

    async def get(self, client_hash: str, file: str) -> None:
        """Answer with the file, to be kept for ever."""
        found = self.site.client_files.get(file)
        if found is None or client_hash != self.site.client_hash:
            raise web.HTTPError(404)
        text, content_type = found
        self.set_header("Content-Type", content_type)
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.finish(text)


class PingHandler(Handler):
    """A sign of life, so that a page need not open sockets to find out (Firefox delays those after a failure)."""

    async def get(self) -> None:
        """Answer with nothing."""
        self.set_status(204)
        self.finish()


class FileHandler(Handler):
    """Data of a session, under a path that only its page knows."""

    async def get(self, asset_key: str, name: str) -> None:
        """Answer with a blob of the session, or a shared one."""
        session = self.site.manager.find_by_asset_key(asset_key)
        self._answer(name, session.get_data(name) if session is not None else None)

    def _answer(self, name: str, found: str | bytes | None) -> None:
        if found is None:
            raise web.HTTPError(404)
        content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if content_type.startswith("text/") or content_type == "application/javascript":
            content_type += "; charset=utf-8"
        self.set_header("Content-Type", content_type)
        self.set_header("Cache-Control", "private, no-cache")
        # A document among the user's files gets no rights over the app's page.
        self.set_header(
            "Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        )
        self.finish(found)


class CookieHandler(Handler):
    """A cookie that a session has set, at an address that its page was told and that is good for one time."""

    SUPPORTED_METHODS = ("GET",)  # a HEAD would use it up

    async def get(self, asset_key: str, token: str) -> None:
        """Answer with nothing but the cookie."""
        session = self.site.manager.find_by_asset_key(asset_key)
        header = session.take_cookie(token) if session is not None else None
        if header is None:
            raise web.HTTPError(404)
        self.set_status(204)
        self.set_header("Set-Cookie", header)
        self.finish()


class SharedFileHandler(FileHandler):
    """Shared assets and data: beside every page, at the address that the store gave out."""

    async def get(self, kind: str, name: str) -> None:
        """Answer with a shared asset's text, or a shared blob."""
        store = self.site.store
        asset = store.get_asset(name) if kind == "assets" else None
        self._answer(name, asset.to_string() if asset is not None else store.get_data(name) if kind == "data" else None)


def routes(site: Site, socket_handler: type[web.RequestHandler]) -> list[Any]:
    """The routes of the server, most specific first.

    Args:
        site: What the handlers share.
        socket_handler: The websocket's handler.
    """
    shared = {"site": site}
    name = r"([A-Za-z_][A-Za-z0-9_]*)"
    return [
        (rf"{CLIENT_PATH}/([0-9a-f]+)/([a-z.]+)", ClientHandler, shared),
        (r"/_ping", PingHandler, shared),
        (r"/_ws/(.*)", socket_handler, shared),
        (r"/_a/([A-Za-z0-9_-]+)/data/(.+)", FileHandler, shared),
        (r"/_a/([A-Za-z0-9_-]+)/cookie/([A-Za-z0-9_-]+)", CookieHandler, shared),
        (r"/(?:[A-Za-z_][A-Za-z0-9_]*/)?deskapp/(assets|data)/shared/(.+)", SharedFileHandler, shared),
        (r"/", PageHandler, shared),
        (rf"/{name}/", PageHandler, shared),
        (rf"/{name}", SlashHandler, shared),
    ]
