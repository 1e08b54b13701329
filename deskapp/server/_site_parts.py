"""What a site's handlers share: the store, the counts, the threads; and what all its answers have in common."""

from __future__ import annotations

import logging
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tornado import web

from deskapp.server._site_limits import Attempts
from deskapp.server._site_store import PublishedApp, SiteStore

logger = logging.getLogger("deskapp.site")

LOADING_S = 60.0
"""Seconds in which a page that was loaded before a publication still gets its own files."""

MAX_READERS = 10_000

FRONT_CSP = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


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
        self.uploads: Counter[str] = Counter()
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


class OtherHandler(SiteHandler):
    """Methods that nobody needs here."""

    def prepare(self) -> None:
        """Refuse."""
        self.set_header("Allow", "GET, HEAD, POST")
        self.set_status(405)
        self.finish("405 Method Not Allowed\n")
