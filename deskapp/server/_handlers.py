"""What the server answers over HTTP, but for users' files: pages, lists, client, libraries; a GET makes nothing."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

from tornado import web

from deskapp._content_tag import content_tag
from deskapp._page import CLIENT_PATH, ICON_PATH, csp
from deskapp._secret import new_secret
from deskapp._spec import Csp
from deskapp.errors import LibraryMissing
from deskapp.script.libraries import LIBRARY_PATH, SCRIPT_FILES, file_text, library_files
from deskapp.server._content_types import content_type
from deskapp.server._files import FileHandler, FrameHandler, IconHandler, SharedFileHandler
from deskapp.server._guarded import FOR_EVER, Handler

if TYPE_CHECKING:
    from deskapp.server._application import Site

_STRICT = Csp()


class ClientFile:
    """A file of the client or of a library, packed when that is first asked for.

    Args:
        text: Its content.
        content_type: Value of the Content-Type header.
    """

    def __init__(self, text: str, content_type: str) -> None:
        self.text = text
        self.content_type = content_type
        self._packed: bytes | None = None

    def packed(self) -> bytes:
        """The content under gzip, a quarter of the bytes."""
        if self._packed is None:
            self._packed = gzip.compress(self.text.encode(), mtime=0)
        return self._packed


class PageHandler(Handler):
    """The constant loader of an app; at ``/``, if there is no main app, the list of those that are served."""

    async def get(self, name: str = "") -> None:
        """Answer with the app's page; its session is made by the websocket's first message."""
        spec = self.site.manager.spec(name)
        if spec is None and not name and self.site.manager.serves_any:
            self._answer_list()
            return
        if spec is None:
            self._correct_case(name)
            return
        nonce = new_secret()
        self.set_header("Content-Security-Policy", csp(spec.csp, nonce))
        if not self._may_have_opener(name):
            self.clear_header("Cross-Origin-Opener-Policy")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.site.pages.page(spec, nonce))

    def _answer_list(self) -> None:
        """Only what anybody may open who gets this far: apps that were launched have no place here."""
        manager, nonce = self.site.manager, new_secret()
        self.set_header("Content-Security-Policy", csp(_STRICT, nonce))
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.site.pages.list_of(manager.served_specs(), nonce))

    def _correct_case(self, name: str) -> None:
        found = self.site.manager.has_app_name(name)
        if found is None or not self.site.manager.is_served(found):
            raise web.HTTPError(404)
        _redirect(self, found)

    def _may_have_opener(self, name: str) -> bool:
        """Whether another page may have opened this one, so that it must be cut off from that page.

        Engines do the cutting with a new web process, when the first one has just started: 130 ms with WebKitGTK 2.50.
        The window of an app that is not served is opened by us, and ``none`` says that no page was involved.
        """
        return self.site.manager.is_served(name) or self.request.headers.get("Sec-Fetch-Site") != "none"


class SlashHandler(PageHandler):
    """``/name`` without its slash: the page's relative URLs need it."""

    async def get(self, name: str = "") -> None:
        """Redirect to the page."""
        if self.site.manager.spec(name) is None:
            self._correct_case(name)
        else:
            _redirect(self, name)


class _KeptHandler(Handler):
    """A file whose address changes with its content."""

    def _answer(self, found: ClientFile) -> None:
        """Answer with the file, to be kept for ever."""
        self.set_header("Content-Type", found.content_type)
        self.set_header("Cache-Control", FOR_EVER)
        self.set_header("Vary", "Accept-Encoding")
        # Launched windows are on this machine, where unpacking costs more than it saves.
        if self.site.manager.serves_any and "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(found.packed())
        else:
            self.finish(found.text)


class ClientHandler(_KeptHandler):
    """The client's script and style, under a name that changes with their content."""

    async def get(self, client_hash: str, file: str) -> None:
        """Answer with the file."""
        found = self.site.client_files.get(file)
        if found is None or client_hash != self.site.client_hash:
            raise web.HTTPError(404)
        self._answer(found)


class LibraryHandler(_KeptHandler):
    """The libraries of pages of scripts, each file under a name that changes with its content."""

    async def get(self, tag: str, file: str) -> None:
        """Answer with the file."""
        found = self.site.library_files.get((tag, file)) or self._read(tag, file)
        self._answer(found)

    def _read(self, tag: str, file: str) -> ClientFile:
        try:
            text = file_text(file) if file in SCRIPT_FILES or file in library_files() else ""
        except LibraryMissing:
            text = ""
        if not text or tag != content_tag(text.encode()):
            raise web.HTTPError(404)
        found = self.site.library_files[tag, file] = ClientFile(text, content_type(file))
        return found


class PingHandler(Handler):
    """A sign of life, so that a page need not open sockets to find out (Firefox delays those after a failure)."""

    async def get(self) -> None:
        """Answer with nothing."""
        self.set_status(204)
        self.finish()


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


def _redirect(handler: Handler, name: str) -> None:
    """Send the browser to an app's page, with the query that it brought."""
    query = handler.request.query
    handler.redirect(f"/{name}/" + (f"?{query}" if query else ""), permanent=False)


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
        (rf"{LIBRARY_PATH}/([0-9a-z]+)/([a-z.]+)", LibraryHandler, shared),
        (rf"{ICON_PATH}/", IconHandler, shared),
        (rf"{ICON_PATH}/{name}/", IconHandler, shared),
        (r"/_ping", PingHandler, shared),
        (r"/_ws/(.*)", socket_handler, shared),
        (r"/_a/([A-Za-z0-9_-]+)/data/(.+)", FileHandler, shared),
        (r"/_a/([A-Za-z0-9_-]+)/frame/([A-Za-z0-9_-]+)", FrameHandler, shared),
        (r"/_a/([A-Za-z0-9_-]+)/cookie/([A-Za-z0-9_-]+)", CookieHandler, shared),
        (r"/(?:[A-Za-z_][A-Za-z0-9_]*/)?deskapp/(assets|data)/shared/(.+)", SharedFileHandler, shared),
        (r"/", PageHandler, shared),
        (rf"/{name}/", PageHandler, shared),
        (rf"/{name}", SlashHandler, shared),
    ]
