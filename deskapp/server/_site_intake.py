"""What a site takes: one publication, judged step by step, so that what is refused costs little."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote

from tornado import web

from deskapp._publish_rules import BODY_TYPE, NAME_HEADER, fault_of_name, fault_of_token
from deskapp.server._site_archive import SiteRefusal
from deskapp.server._site_limits import network
from deskapp.server._site_parts import SiteHandler, SiteParts
from deskapp.server._site_store import PublishedApp, TokenHash

logger = logging.getLogger("deskapp.site")

UPLOADS = 16
UPLOADS_OF_ONE = 4
"""So that one sender, who may be slow on purpose, does not keep all others out."""

UPLOAD_S = 900.0
DRAIN_S = 10.0
"""Seconds in which the rest of a refused upload is read and thrown away, so that its sender gets to read why."""


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
        self._uploads_as = ""
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
        uploads, customer = self.parts.uploads, network(self.peer)
        if uploads.total() >= UPLOADS or uploads[customer] >= UPLOADS_OF_ONE:
            self.set_header("Retry-After", "10")
            raise SiteRefusal(503, "too many publications are under way; try again soon")
        uploads[customer] += 1
        self._uploads_as = customer
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
        if self._uploads_as:
            uploads, customer, self._uploads_as = self.parts.uploads, self._uploads_as, ""
            uploads[customer] -= 1
            if not uploads[customer]:
                del uploads[customer]
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
        if self._path is not None:
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)
