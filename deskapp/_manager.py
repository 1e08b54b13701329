"""`AppManager`: which apps there are, which sessions they have, and what becomes of a tab whose page went away."""

from __future__ import annotations

import asyncio
import difflib
import logging
from typing import TYPE_CHECKING

from deskapp._config import Settings
from deskapp._secret import digest
from deskapp._spec import AppSpec
from deskapp.assets import AssetStore
from deskapp.bridge import link
from deskapp.bridge.limits import Limits
from deskapp.errors import ConfigError, DeskappError
from deskapp.event import Component, emitter
from deskapp.session import CookieSecret, Session

if TYPE_CHECKING:
    from deskapp.bridge.module_graph import ModuleGraph
    from deskapp.session import SessionOwner

logger = logging.getLogger("deskapp.session")

GONE = 1001
"""Close code of a session whose page went away and did not come back."""


class AppManager(Component):
    """Apps by name and sessions by key. Emits ``connections_changed(name)`` when a session comes or goes.

    It owns the sessions of served apps, whose pages are tabs that come and go; the launcher owns those of windows.

    Args:
        settings: Grace times, in seconds.
        store: Shared assets and data.
        graph: The JavaScript modules of all apps.
    """

    def init(self, settings: Settings, store: AssetStore, graph: ModuleGraph) -> None:
        """Start without apps."""
        self._settings = settings
        self._store = store
        self._graph = graph
        self._specs: dict[str, AppSpec] = {}
        self._served: set[str] = set()
        self._sessions: dict[str, Session] = {}
        self._by_key: dict[bytes, Session] = {}
        self._graces: dict[str, asyncio.TimerHandle] = {}
        self._cookie_secret = CookieSecret(settings.cookie_secret)

    @emitter
    def connections_changed(self, name: str) -> dict[str, object]:
        """A session of the app `name` was made or has ended."""
        return {"name": name}

    # -- apps ----------------------------------------------------------------------------------------------------------

    def register(self, spec: AppSpec, *, serve: bool) -> None:
        """Make an app known.

        Args:
            spec: The app.
            serve: Whether a browser may come without a ticket and get a session of its own.

        Raises:
            ConfigError: Another app has this name.
        """
        known = self._specs.get(spec.name)
        if known is not None and not _is_same_class(known.cls, spec.cls):
            raise ConfigError(
                "name",
                spec.name,
                origin="serve or launch",
                why=f"{known.cls.__module__}.{known.cls.__qualname__} has this name already; "
                f"give one of them another with App({spec.cls.__name__}).serve('other_name')",
            )
        self._specs[spec.name] = spec
        if serve:
            self._served.add(spec.name)

    def restore(self, name: str, spec: AppSpec | None) -> None:
        """Let a name stand for what it stood for before: another spec, or nothing."""
        if spec is not None:
            self._specs[name] = spec
        elif name not in self._served:
            self._specs.pop(name, None)

    def spec(self, name: str) -> AppSpec | None:
        """The app of this name, or None."""
        return self._specs.get(name)

    def is_served(self, name: str) -> bool:
        """Whether a browser without a ticket gets a session of this app."""
        return name in self._served

    @property
    def serves_any(self) -> bool:
        """Whether any app may be reached without a ticket."""
        return bool(self._served)

    def get_app_names(self) -> list[str]:
        """Names of all apps, sorted."""
        return sorted(self._specs)

    def nearest_name(self, name: str) -> str:
        """The served name that is most like `name`, or ``""``."""
        found = difflib.get_close_matches(name, sorted(self._served), n=1)
        return found[0] if found else ""

    # -- sessions ------------------------------------------------------------------------------------------------------

    def create_session(self, spec: AppSpec, *, owner: SessionOwner | None = None, request: object = None) -> Session:
        """Make a session and the app's root component in it.

        Args:
            spec: The app.
            owner: Who decides about its life; this manager when not given.
            request: The handshake request of a served page.

        Raises:
            TranspileError: Something meant for JavaScript cannot be.
            DeskappError: The root closed its session in its ``init``.
            Exception: Whatever the root's ``init`` raises; the session is ended then.
        """
        session = Session(
            spec.name,
            self._store,
            request,
            graph=self._graph,
            loop=self._loop,
            owner=self if owner is None else owner,
            limits=Limits(frame_bytes=self._settings.max_message_bytes, queue_bytes=self._settings.replay_bytes),
            cookie_secret=self._cookie_secret,
        )
        try:
            with link.use(session):
                spec.cls(*spec.args, **spec.kwargs)
        except BaseException:
            session.end(4450, "the app could not start")
            raise
        if session.ending is not None:
            raise DeskappError(f"{spec.cls.__name__} closed its session while it was made; there is nothing to show.")
        self._sessions[session.id] = session
        self._by_key[digest(session.key)] = session
        self.connections_changed(spec.name)
        return session

    @property
    def sessions(self) -> list[Session]:
        """All live sessions, in order of creation."""
        return list(self._sessions.values())

    def get_session_by_id(self, session_id: str) -> Session | None:
        """Find a session by its id."""
        return self._sessions.get(session_id)

    def find_by_key(self, key: str) -> Session | None:
        """Find a session by its key; looked up by hash, so that timing tells nothing."""
        return self._by_key.get(digest(key))

    def find_by_asset_key(self, asset_key: str) -> Session | None:
        """Find a session by the key of its files."""
        wanted = digest(asset_key)
        return next((s for s in self._sessions.values() if digest(s.asset_key) == wanted), None)

    def remove(self, session: Session) -> None:
        """Forget a session that has ended."""
        self._cancel_grace(session)
        if self._sessions.pop(session.id, None) is not None:
            self._by_key.pop(digest(session.key), None)
            self.connections_changed(session.app_name)

    # -- SessionOwner, for tabs ----------------------------------------------------------------------------------------

    def close_session(self, session: Session, code: int, reason: str) -> None:
        """End a tab's session at once."""
        session.end(code, reason)
        self.remove(session)

    def session_connected(self, session: Session) -> None:
        """The tab is there (again)."""
        self._cancel_grace(session)

    def session_suspended(self, session: Session, *, left: bool) -> None:
        """The tab is gone: it may come back within the grace, else its session ends."""
        self._cancel_grace(session)
        grace_s = self._settings.close_grace_s if left else self._settings.reconnect_grace_s
        self._graces[session.id] = asyncio.get_running_loop().call_later(grace_s, self._grace_is_over, session)

    def runtime_of(self, session: Session) -> None:
        """A tab belongs to the user's browser, which is no runtime of ours."""

    def _grace_is_over(self, session: Session) -> None:
        self._graces.pop(session.id, None)
        session.close(GONE, "the page went away")  # its owner may be another

    def _cancel_grace(self, session: Session) -> None:
        timer = self._graces.pop(session.id, None)
        if timer is not None:
            timer.cancel()


def _is_same_class(one: type, other: type) -> bool:
    """Whether two classes are one, or one the redefinition of the other."""
    return one is other or (one.__module__, one.__qualname__) == (other.__module__, other.__qualname__)
