"""`Handler`: what every handler of ours does, which is GET and HEAD with guarding headers; and `Refused`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tornado import web

from deskapp._page import csp
from deskapp._secret import new_secret
from deskapp._spec import Csp

if TYPE_CHECKING:
    from deskapp.server._application import Site

FOR_EVER = "public, max-age=31536000, immutable"
"""Cache-Control of an answer whose address changes with its content."""

_STRICT = Csp()


@web.stream_request_body
class Handler(web.RequestHandler):
    """GET and HEAD with the headers that every reply carries. Bodies of requests are dropped as they come."""

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

    def data_received(self, chunk: bytes) -> None:
        """Nobody asks for anything that takes a body."""

    def compute_etag(self) -> None:
        """Pages differ each time by their nonce; files bring a tag of their own."""
        return None

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
    """A request that fails the checks on Host or Sec-Fetch, by whatever method."""

    SUPPORTED_METHODS = web.RequestHandler.SUPPORTED_METHODS

    def initialize(self, site: Site, status_code: int = 403) -> None:
        """Take the status to answer with."""
        super().initialize(site)
        self._refusal = status_code

    def prepare(self) -> None:
        """Answer before anything else is looked at."""
        raise web.HTTPError(self._refusal)
