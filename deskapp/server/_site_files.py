"""What a site shows: its front page, and the files of published apps."""

from __future__ import annotations

import asyncio
import html
from typing import IO, Any
from urllib.parse import quote, unquote

from tornado import iostream, web

from deskapp._publish_rules import INDEX, NAME
from deskapp.server._content_types import content_type
from deskapp.server._ranges import Unsatisfiable, is_unchanged, wanted_range
from deskapp.server._site_archive import PublishedFile
from deskapp.server._site_parts import SiteHandler
from deskapp.server._site_store import PublishedApp

READ_S = 60.0
"""Seconds that a reader may take for a piece."""

PIECE_BYTES = 65536

# Every published app comes from the site's one origin, and their authors need not trust each other: each page is an
# origin of its own, without the storage of others. Being such a stranger to the site, it needs to be let at its files.
SANDBOX = (
    "sandbox allow-downloads allow-forms allow-modals allow-orientation-lock allow-pointer-lock allow-popups "
    "allow-popups-to-escape-sandbox allow-presentation allow-scripts; "
)
CSP = "object-src 'none'; base-uri 'self'"


class FilesHandler(SiteHandler):
    """The front page, and the files of the apps."""

    SUPPORTED_METHODS = ("GET", "HEAD")

    async def head(self) -> None:
        """Answer a HEAD as a GET without its body."""
        await self.get()

    async def get(self) -> None:
        """Answer with a file of an app."""
        try:
            path = unquote(self.request.path, errors="strict")
        except UnicodeDecodeError:
            raise web.HTTPError(404) from None
        if path == "/":
            self._front_page()
            return
        if path == "/favicon.ico":  # which browsers ask for with every page that brings no icon
            self.set_status(204)
            self.set_header("Cache-Control", "public, max-age=86400")
            return
        name, slash, inner = path[1:].partition("/")
        app = self.parts.store.app(name) if NAME.fullmatch(name) else None
        if app is None:
            raise web.HTTPError(404)
        self.about = app.name
        if not slash or app.name != name:
            query = f"?{self.request.query}" if self.request.query else ""
            self.redirect(f"/{app.name}/{quote(inner)}{query}")
            return
        inner = inner + INDEX if not inner or inner.endswith("/") else inner
        await self._file(self.parts.app_for(self.peer, app, inner), inner)

    def _front_page(self) -> None:
        names = self.parts.store.names() if self.parts.lists_apps else []
        rows = "".join(f'<li><a href="{html.escape(name)}/">{html.escape(name)}</a></li>' for name in names)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(
            '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
            '<meta name="viewport" content="width=device-width"><title>Apps</title>'
            "<style>body { font: 16px/1.6 sans-serif; margin: 10vh auto; max-width: 30em }</style>"
            f"<h1>Apps</h1>{f'<ul>{rows}</ul>' if rows else '<p>Each app has its own address here.</p>'}</html>\n"
        )

    async def _file(self, app: PublishedApp, path: str) -> None:
        file = app.files.get(path)
        if file is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", content_type(path))
        self.set_header("Content-Security-Policy", CSP if self.parts.trusts_apps else SANDBOX + CSP)
        self.set_header("Access-Control-Allow-Origin", "*")
        self.set_header("Cross-Origin-Resource-Policy", "cross-origin")
        # A file may change with every publication; until then the answer is a short "not modified".
        self.set_header("Cache-Control", "no-cache")
        self.set_header("Etag", f'"{file.sha256[:32]}"')
        self.set_header("Accept-Ranges", "bytes")
        if self.check_etag_header():
            self.set_status(304)
            return
        start, end = self._range(file)
        self.set_header("Content-Length", str(end - start))
        try:
            archive = app.archive.open("rb")
        except FileNotFoundError:  # the publication after the next came between our look and this
            raise web.HTTPError(503) from None
        with archive:
            archive.seek(file.offset + start)
            if self.request.method != "HEAD":
                await self._send(archive, end - start)

    def _range(self, file: PublishedFile) -> tuple[int, int]:
        """First byte and the one behind the last of the answer; players of sound and film ask for parts."""
        headers = self.request.headers
        if self.request.method != "GET" or not is_unchanged(headers.get("If-Range"), self._headers["Etag"]):
            return 0, file.size
        try:
            wanted = wanted_range(headers.get("Range"), file.size)
        except Unsatisfiable:
            self.set_header("Content-Range", f"bytes */{file.size}")
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.set_status(416)
            raise web.Finish from None
        if wanted is None:
            return 0, file.size
        start, end = wanted
        self.set_status(206)
        self.set_header("Content-Range", f"bytes {start}-{end - 1}/{file.size}")
        return start, end

    async def _send(self, archive: IO[bytes], size: int) -> None:
        while size > 0:
            piece = archive.read(min(size, PIECE_BYTES))
            if not piece:
                raise web.HTTPError(500)
            size -= len(piece)
            self.write(piece)
            try:
                await asyncio.wait_for(self.flush(), READ_S)
            except asyncio.TimeoutError:
                connection: Any = self.request.connection
                connection.stream.close()
                raise web.Finish from None
            except iostream.StreamClosedError:
                raise web.Finish from None

    def compute_etag(self) -> None:
        """None of the content as it is written; files have theirs already."""
