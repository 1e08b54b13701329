"""What a site answers: the files of published apps, and whether it takes a publication."""

from __future__ import annotations

import asyncio
import contextlib
import html
import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, unquote

from tornado import iostream, web

from deskapp._publish_rules import BODY_TYPE, INDEX, NAME, NAME_HEADER, fault_of_name, fault_of_token
from deskapp.server._site_archive import PublishedFile, SiteRefusal
from deskapp.server._site_limits import Attempts
from deskapp.server._site_store import PublishedApp, SiteStore, TokenHash

logger = logging.getLogger("deskapp.site")

UPLOADS = 8
UPLOAD_S = 900.0
DRAIN_S = 10.0
"""Seconds in which the rest of a refused upload is read and thrown away, so that its sender gets to read why."""

READ_S = 60.0
"""Seconds that a reader may take for a piece."""

LOADING_S = 60.0
"""Seconds in which a page that was loaded before a publication still gets its own files."""

PIECE_BYTES = 65536
MAX_READERS = 10_000

# Every published app comes from the site's one origin, and their authors need not trust each other: each page is an
# origin of its own, without the storage of others. Being such a stranger to the site, it needs to be let at its files.
SANDBOX = (
    "sandbox allow-downloads allow-forms allow-modals allow-orientation-lock allow-pointer-lock allow-popups "
    "allow-popups-to-escape-sandbox allow-presentation allow-scripts; "
)
CSP = "object-src 'none'; base-uri 'self'"
FRONT_CSP = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

# Not `mimetypes`: it asks the machine, which may call scripts plain text.
_TEXT = {"css": "text/css", "csv": "text/csv", "htm": "text/html", "html": "text/html", "js": "text/javascript"}
_TEXT |= {"md": "text/markdown", "mjs": "text/javascript", "txt": "text/plain", "vtt": "text/vtt"}
_TYPES = {name: f"{kind}; charset=utf-8" for name, kind in _TEXT.items()} | {
    "apng": "image/apng",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "flac": "audio/flac",
    "geojson": "application/geo+json",
    "gif": "image/gif",
    "glb": "model/gltf-binary",
    "gltf": "model/gltf+json",
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "m4a": "audio/mp4",
    "map": "application/json",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "otf": "font/otf",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "ttf": "font/ttf",
    "wasm": "application/wasm",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "xml": "application/xml",
    "zip": "application/zip",
}


class SiteParts:
    """What the handlers of one site share.

    Args:
        store: What is published.
        lists_apps: Whether the front page lists the apps.
        trusts_apps: Whether the apps may see each other's storage; else each page is an origin of its own.
    """

    def __init__(self, store: SiteStore, *, lists_apps: bool, trusts_apps: bool) -> None:
        self.store = store
        self.lists_apps = lists_apps
        self.trusts_apps = trusts_apps
        self.wrong_tokens = Attempts(10, 600)
        self.new_names = Attempts(30, 3600)
        self.uploads = 0
        # One thread each: publications come one after the other, and no flood of guesses takes more than one core.
        self.writer = ThreadPoolExecutor(1, "deskapp-site-writer")
        self.checker = ThreadPoolExecutor(1, "deskapp-site-checker")
        self._loading: dict[tuple[str, str], tuple[PublishedApp, float]] = {}

    def close(self) -> None:
        """Wait for what is being written, and let the folder go."""
        self.checker.shutdown()
        self.writer.shutdown()
        self.store.close()

    def app_for(self, peer: str, app: PublishedApp, path: str) -> PublishedApp:
        """The publication that a reader gets: the newest, but for what belongs to a page that he has begun to load."""
        key, now = (peer, app.name), time.monotonic()
        if path.endswith((".html", ".htm")):
            if len(self._loading) >= MAX_READERS:
                self._loading.clear()
            self._loading[key] = app, now
            return app
        begun, when = self._loading.get(key, (app, now))
        return begun if now - when < LOADING_S and begun is self.store.before(app.name) else app


class SiteHandler(web.RequestHandler):
    """What all answers have in common."""

    def initialize(self, parts: SiteParts) -> None:
        """Take what the handlers share."""
        self.parts = parts
        self.about = ""  # for the log; what a request says of itself may hold a secret

    def set_default_headers(self) -> None:
        """Say nothing of the server, and let nothing be guessed."""
        self.clear_header("Server")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Security-Policy", FRONT_CSP)
        self.set_header("Content-Type", "text/plain; charset=utf-8")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer an error in plain text that repeats nothing of the request."""
        self.finish(f"{status_code} {self._reason}\n")

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log what we did wrong, without the request's address, which may hold a secret."""
        if not isinstance(value, web.HTTPError):
            logger.error("%s of %s failed", self.request.method, self.about or "-", exc_info=(typ, value, tb))

    @property
    def peer(self) -> str:
        """The address of the other side."""
        return self.request.remote_ip or ""


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
        self.set_header("Content-Type", _TYPES.get(path.rpartition(".")[2].lower(), "application/octet-stream"))
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
        asked = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", self.request.headers.get("Range", "").strip())
        if asked is None or not (asked[1] or asked[2]) or self._is_of_another_content():
            return 0, file.size
        if asked[1]:
            start, end = int(asked[1]), min(int(asked[2]) + 1, file.size) if asked[2] else file.size
        else:
            start, end = max(0, file.size - int(asked[2])), file.size
        if start >= end:
            self.set_header("Content-Range", f"bytes */{file.size}")
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.set_status(416)
            raise web.Finish
        self.set_status(206)
        self.set_header("Content-Range", f"bytes {start}-{end - 1}/{file.size}")
        return start, end

    def _is_of_another_content(self) -> bool:
        wanted = self.request.headers.get("If-Range")
        return wanted is not None and wanted.strip() != self._headers["Etag"]

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


@web.stream_request_body
class PublishHandler(SiteHandler):
    """Takes a publication: looks at its head, then at its token, then stores it, then looks into it."""

    SUPPORTED_METHODS = ("POST",)

    def initialize(self, parts: SiteParts) -> None:
        """Take what the handlers share."""
        super().initialize(parts)
        self._refusal: SiteRefusal | None = None
        self._until = 0.0
        self._size = 0
        self._is_uploading = False
        self._is_writing = False
        self._is_gone = False
        self._path: Path | None = None
        self._file: IO[bytes] | None = None
        self._checked: TokenHash | None = None

    async def prepare(self) -> None:
        """Refuse what can be refused before its body was read."""
        connection: Any = self.request.connection
        connection.set_max_body_size(2**60)  # its size is judged here, where there is somebody to say so
        connection.set_body_timeout(UPLOAD_S)
        try:
            self._name, self._token = self._head()
            await self._admit()
        except SiteRefusal as refusal:
            self._refuse(refusal)

    def _head(self) -> tuple[str, str]:
        headers = self.request.headers
        path = unquote(self.request.path, errors="replace").strip("/")
        name = headers.get(NAME_HEADER, path)
        if path and path != name:
            raise SiteRefusal(400, f"the address and the header {NAME_HEADER} have different names")
        if not name:
            raise SiteRefusal(400, f"the header {NAME_HEADER} is missing")
        fault = fault_of_name(name)
        if fault:
            raise SiteRefusal(400, f"this is no name for an app: {fault}")
        self.about = name
        scheme, _, token = headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            self.set_header("WWW-Authenticate", "Bearer")
            raise SiteRefusal(401, "the token is missing; send it as 'Authorization: Bearer TOKEN'")
        fault = fault_of_token(token)
        if fault:
            raise SiteRefusal(400, fault)
        if headers.get("Content-Type", "").partition(";")[0].strip().lower() != BODY_TYPE:
            raise SiteRefusal(415, f"the body has to be {BODY_TYPE}")
        length = headers.get("Content-Length", "0")
        if length.isdecimal() and int(length) > self.parts.store.limits.max_bytes:
            raise self._too_large()
        return name, token

    async def _admit(self) -> None:
        store = self.parts.store
        for attempts, what in ((self.parts.wrong_tokens, "wrong tokens"), (self.parts.new_names, "new names")):
            wait_s = attempts.wait_s(self.peer)
            if wait_s and (attempts is self.parts.wrong_tokens or store.app(self._name) is None):
                self.set_header("Retry-After", str(wait_s))
                raise SiteRefusal(429, f"too many {what} came from your address; try again in {wait_s} s")
        store.check_room(self._name)
        if self.parts.uploads >= UPLOADS:
            self.set_header("Retry-After", "10")
            raise SiteRefusal(503, "too many publications are under way; try again soon")
        self.parts.uploads += 1
        self._is_uploading = True
        await self._in_thread(self.parts.checker, self._check)
        if self._is_gone:
            raise SiteRefusal(400, "the sender has gone")
        self._path = store.new_upload()
        try:
            self._file = self._path.open("xb")
        except OSError as error:
            raise self._full(error) from error

    def _check(self) -> None:
        self._checked = self.parts.store.check_token(self._name, self._token)

    def data_received(self, chunk: bytes) -> None:
        """Store a piece of the body, or throw it away."""
        self._size += len(chunk)
        if self._refusal is None and self._size > self.parts.store.limits.max_bytes:
            self._refuse(self._too_large())
        if self._refusal is not None:
            if time.monotonic() > self._until and not self._finished:
                self._answer(self._refusal)
            return
        assert self._file is not None
        try:
            self._file.write(chunk)
        except OSError as error:
            self._refuse(self._full(error))

    async def post(self) -> None:
        """Publish what came."""
        try:
            if self._refusal is not None:
                raise self._refusal
            assert self._file is not None
            try:
                self._file.close()
            except OSError as error:
                raise self._full(error) from error
            is_new = self.parts.store.app(self._name) is None
            self._is_writing = True  # to its end, even if the sender goes
            app = await self._in_thread(self.parts.writer, self._publish)
        except SiteRefusal as refusal:
            self._answer(refusal)
            return
        finally:
            self._is_writing = False
            self._clean_up()
        if is_new:
            self.parts.new_names.count(self.peer)
        logger.info("%s was published from %s: %d files", app.name, self.peer, len(app.files))
        self.set_status(201 if is_new else 200)
        self.finish({"url": f"/{app.name}/", "name": app.name, "files": len(app.files)})

    def _publish(self) -> PublishedApp:
        assert self._path is not None
        return self.parts.store.publish(self._name, self._token, self._path, checked=self._checked)

    async def _in_thread(self, pool: ThreadPoolExecutor, function: Any) -> Any:
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, function)
        except SiteRefusal as refusal:
            if refusal.status == 403:
                self.parts.wrong_tokens.count(self.peer)
                logger.warning("%s: refused, from %s: %s", self.about, self.peer, refusal.why)
            raise

    def _refuse(self, refusal: SiteRefusal) -> None:
        """Remember why; the answer is given when the sender has sent, or after a while."""
        self._refusal = refusal
        self._until = time.monotonic() + DRAIN_S
        self._clean_up()

    def _answer(self, refusal: SiteRefusal) -> None:
        self.set_status(refusal.status)
        self.finish(refusal.why + "\n")

    def _too_large(self) -> SiteRefusal:
        return SiteRefusal(413, f"this is too large, the most are {self.parts.store.limits.max_bytes} bytes")

    def _full(self, error: OSError) -> SiteRefusal:
        logger.error("%s could not be stored: %s", self.about, error)
        return SiteRefusal(507, "the site could not store it")

    def on_finish(self) -> None:
        """The answer is given."""
        self._clean_up()

    def on_connection_close(self) -> None:
        """The sender is gone before his answer."""
        super().on_connection_close()
        self._is_gone = True
        self._clean_up()

    def _clean_up(self) -> None:
        if self._is_writing:
            return
        if self._is_uploading:
            self._is_uploading = False
            self.parts.uploads -= 1
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
        if self._path is not None:
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)


class OtherHandler(SiteHandler):
    """Methods that nobody needs here."""

    def prepare(self) -> None:
        """Refuse."""
        self.set_header("Allow", "GET, HEAD, POST")
        self.set_status(405)
        self.finish("405 Method Not Allowed\n")
