"""Data of sessions, shared data and shared assets: answered whole or in ranges, and kept by browsers while true."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from tornado import iostream, web

from deskapp._content_tag import content_tag
from deskapp._page import FRAME_POLICY, page_icon
from deskapp.errors import AssetMissing
from deskapp.server._content_types import content_type
from deskapp.server._guarded import FOR_EVER, Handler
from deskapp.server._ranges import Unsatisfiable, is_unchanged, wanted_range

if TYPE_CHECKING:
    from deskapp.assets import Asset

logger = logging.getLogger("deskapp.server")

PIECE_BYTES = 2**20
"""A file is written in pieces, each when the one before has left, so that slow readers cost no memory."""

# A document among the user's files gets no rights over the app's page.
_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


class FileHandler(Handler):
    """Data of a session, under a path that only its page knows."""

    async def get(self, asset_key: str, name: str) -> None:
        """Answer with a blob of the session, or a shared one."""
        session = self.site.manager.find_by_asset_key(asset_key)
        found = session.get_data(name) if session is not None else None
        if session is None or found is None:
            raise web.HTTPError(404)
        await self._answer(name, found, session.data_tag(name))

    async def _answer(self, name: str, content: bytes, tag: str) -> None:
        """Write what was asked for of a file.

        Args:
            name: Tells its type.
            content: All of it.
            tag: Changes with the content. A page that asks with ``?h=TAG`` need never ask again.
        """
        is_for_ever = self.get_query_argument("h", "") == tag
        self.set_header("Content-Type", content_type(name))
        self.set_header("Cache-Control", FOR_EVER.replace("public", "private") if is_for_ever else "private, no-cache")
        self.set_header("Content-Security-Policy", _POLICY)
        self.set_header("Accept-Ranges", "bytes")
        self.set_header("Etag", f'"{tag}"')
        if self.check_etag_header():
            self.set_status(304)
            await self.finish()
            return
        start, stop = 0, len(content)
        headers = self.request.headers
        if self.request.method == "GET" and is_unchanged(headers.get("If-Range"), f'"{tag}"'):
            try:
                wanted = wanted_range(headers.get("Range"), len(content))
            except Unsatisfiable:
                self.set_header("Content-Range", f"bytes */{len(content)}")
                self.set_header("Content-Type", "text/plain; charset=utf-8")
                self.set_header("Cache-Control", "no-store")
                self.clear_header("Etag")
                self.set_status(416)
                await self.finish("416 Range Not Satisfiable\n")
                return
            if wanted is not None:
                start, stop = wanted
                self.set_status(206)
                self.set_header("Content-Range", f"bytes {start}-{stop - 1}/{len(content)}")
        await self._write_content(content, start, stop)

    async def _write_content(self, content: bytes, start: int, stop: int) -> None:
        self.set_header("Content-Length", str(stop - start))
        try:
            if self.request.method != "HEAD":
                for at in range(start, stop, PIECE_BYTES):
                    self.write(content[at : min(at + PIECE_BYTES, stop)])
                    await self.flush()
            await self.finish()
        except iostream.StreamClosedError:
            return  # the player has seen enough


class FrameHandler(Handler):
    """A document in a frame of a session's page, under a path that only the page and the document know."""

    async def get(self, frame_key: str, name: str) -> None:
        """Answer with the document, which has no origin whichever way it is opened."""
        session = self.site.manager.find_by_frame_key(frame_key)
        document = session.get_frame(name) if session is not None else None
        if document is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", FRAME_POLICY)
        self.set_header("X-Frame-Options", "SAMEORIGIN")
        await self.finish(document)


class SharedFileHandler(FileHandler):
    """Shared assets and data: beside every page, at the address that the store gave out."""

    async def get(self, kind: str, name: str) -> None:
        """Answer with a shared asset's text, or a shared blob."""
        store = self.site.store
        if kind == "assets":
            asset = store.get_asset(name)
            if asset is None:
                raise web.HTTPError(404)
            content = (await _text_of(asset)).encode()
            await self._answer(name, content, content_tag(content))
        else:
            data = store.get_data(name)
            if data is None:
                raise web.HTTPError(404)
            await self._answer(name, data, store.data_tag(name))


class IconHandler(FileHandler):
    """The icon of an app, which the browser shows on its tab."""

    async def get(self, name: str = "") -> None:  # type: ignore[override]
        """Answer with the picture."""
        spec = self.site.manager.spec(name)
        icon = page_icon(spec) if spec is not None else None
        if icon is None:
            raise web.HTTPError(404)
        try:
            content = await asyncio.to_thread(icon.read_bytes)
        except OSError as error:
            logger.error("The icon %s cannot be read: %s", icon, error)
            raise web.HTTPError(404) from error
        await self._answer(icon.name, content, content_tag(content))


async def _text_of(asset: Asset) -> str:
    """The text of an asset; one that lies elsewhere is fetched without keeping anybody else waiting."""
    if not asset.remote:
        return asset.to_string()
    try:
        return await asyncio.to_thread(asset.to_string)
    except AssetMissing as error:
        logger.error("%s", error)
        raise web.HTTPError(502) from error
