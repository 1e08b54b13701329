"""`AppManager`: which apps there are, which sessions they have, and what becomes of a tab whose page went away."""

from __future__ import annotations

import asyncio
import difflib
import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from deskapp._config import Settings
from deskapp._secret import digest
from deskapp._spec import INDEX, MAIN, AppSpec, name_of
from deskapp.assets import AssetStore
from deskapp.bridge import link
from deskapp.bridge.limits import Limits
from deskapp.errors import ConfigError, DeskappError, TooManySessions
from deskapp.event import Component, emitter
from deskapp.session import CookieSecret, Script, Session, SessionOwner

if TYPE_CHECKING:
    from deskapp.bridge.module_graph import ModuleGraph
    from deskapp.session.run import Run

logger = logging.getLogger("deskapp.session")

GONE = 1001
"""Close code of a session whose page went away and did not come back."""

FINISH_POLL_S = 0.01

MADE_ROOM = 4430
"""Close code of a session that ended while its page was away, because others needed the place."""


class AppManager(Component, SessionOwner):
    """Apps by name and sessions by key. Emits ``connections_changed(name)`` when a page comes or goes.

    ``app.manager.reaction("connections_changed", handler)`` hears of it; `get_connections` tells who is there.

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
        self._by_asset_key: dict[bytes, Session] = {}
        self._by_frame_key: dict[bytes, Session] = {}
        self._tabs: set[str] = set()
        self._unfinished: set[Session] = set()
        self._total_sessions = 0
        self._graces: dict[str, asyncio.TimerHandle] = {}
        self._cookie_secret = CookieSecret(settings.cookie_secret)

    @emitter
    def connections_changed(self, name: str) -> dict[str, object]:
        """A session of the app `name` was made or has ended, or its page has come or gone."""
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
        self.check_name(spec)
        self._specs[spec.name] = spec
        if serve:
            self._served.add(spec.name)

    def check_name(self, spec: AppSpec) -> None:
        """Check that no other app has the name of this one.

        Raises:
            ConfigError: One has.
        """
        known = self._specs.get(spec.name)
        if known is not None and not _is_same_target(known.cls, spec.cls):
            raise ConfigError(
                "name",
                spec.name,
                origin="serve or launch",
                why=f"{'.'.join(_identity(known.cls))} has this name already; "
                f"give one of them another with App({spec.target_name}).serve('other_name')",
            )

    def restore(self, name: str, spec: AppSpec | None) -> None:
        """Let a name stand for what it stood for before: another spec, or nothing."""
        if spec is not None:
            self._specs[name] = spec
        elif name not in self._served:
            self._specs.pop(name, None)

    def spec(self, name: str) -> AppSpec | None:
        """The app of this name, or None."""
        return self._specs.get(_key(name))

    def find_spec(self, name: str) -> AppSpec:
        """The app of this name; the main app is ``"index"`` as well, if no other is called so.

        Raises:
            LookupError: There is none.
        """
        found = self.spec(name) or (self.spec(MAIN) if name == INDEX else None)
        if found is None:
            names = self.get_app_names()
            near = difflib.get_close_matches(name, names, n=2)
            hint = (
                f"did you mean {' or '.join(map(repr, near))}?" if near else f"there are: {', '.join(names) or 'none'}."
            )
            raise LookupError(f"There is no app {name!r}; {hint}")
        return found

    def is_served(self, name: str) -> bool:
        """Whether a browser without a ticket gets a session of this app."""
        return _key(name) in self._served

    @property
    def serves_any(self) -> bool:
        """Whether any app may be reached without a ticket."""
        return bool(self._served)

    def served_specs(self) -> list[AppSpec]:
        """The apps that anybody may open, by title."""
        return sorted((self._specs[name] for name in self._served), key=lambda spec: (spec.title.lower(), spec.name))

    def has_app_name(self, name: str) -> str | None:
        """The real name of the app that is called so in whatever case; None if there is none.

        Args:
            name: For example ``"myapp"``, which finds ``"MyApp"``; a name that is exactly right is preferred, and after
                that one that is served.
        """
        found = [known for known in self.get_app_names() if known.lower() == name.lower()]
        found.sort(key=lambda known: (known != name, not self.is_served(known)))
        return found[0] if found else None

    def get_app_names(self) -> list[str]:
        """Names of all apps, sorted; the main app is ``"__main__"``."""
        return sorted(spec.public_name for spec in self._specs.values())

    # -- sessions ------------------------------------------------------------------------------------------------------

    def create_session(
        self,
        spec: AppSpec,
        *,
        owner: SessionOwner | None = None,
        parent: Session | None = None,
        request: object = None,
        on_made: Callable[[Session], None] = lambda session: None,
    ) -> Session:
        """Make a session and the app's root component in it; a function begins later, when its page is there.

        Args:
            spec: The app.
            owner: Who decides about its life; this manager when not given.
            parent: The session whose window opened this one's.
            request: The handshake request of a served page.
            on_made: Called with the session before there is anything in it.

        Raises:
            TooManySessions: It is one of a served app, and there are as many as may be.
            TranspileError: Something meant for JavaScript cannot be.
            DeskappError: The root closed its session in its ``init``.
            Exception: Whatever the root's ``init`` raises; the session is ended then.
        """
        if owner is None:
            self._make_room()
        session = Session(
            spec.public_name,
            self._store,
            request,
            graph=self._graph,
            loop=self._loop,
            owner=self if owner is None else owner,
            parent=parent,
            limits=Limits(frame_bytes=self._settings.max_message_bytes, queue_bytes=self._settings.replay_bytes),
            cookie_secret=self._cookie_secret,
        )
        try:
            on_made(session)
            if spec.is_script:
                script = spec.cls
                session.set_script(script if isinstance(script, Script) else Script(script, spec.args, spec.kwargs))
            else:
                with link.use(session):
                    spec.make_root()
        except BaseException:
            session.end(4450, "the app could not start")
            raise
        if session.ending is not None:
            raise DeskappError(f"{spec.target_name} closed its session while it was made; there is nothing to show.")
        self._sessions[session.id] = session
        self._by_key[digest(session.key)] = session
        self._by_asset_key[digest(session.asset_key)] = session
        self._by_frame_key[digest(session.frame_key)] = session
        self._total_sessions += 1
        if owner is None:
            self._tabs.add(session.id)
        self.connections_changed(spec.public_name)
        return session

    @property
    def sessions(self) -> list[Session]:
        """All live sessions, in order of creation."""
        return list(self._sessions.values())

    @property
    def total_sessions(self) -> int:
        """How many sessions there have been, those that have ended included."""
        return self._total_sessions

    def get_connections(self, name: str) -> list[Session]:
        """The sessions of an app whose page is there, in order of creation.

        Args:
            name: The app's name; ``"__main__"`` for the main app.

        Raises:
            LookupError: No app has this name.
        """
        spec = self.spec(name)
        if spec is None:
            raise LookupError(f"There is no app {name!r}; there are: {', '.join(self.get_app_names()) or 'none'}.")
        return [
            session
            for session in self._sessions.values()
            if session.app_name == spec.public_name and session.status is session.STATUS.CONNECTED
        ]

    def get_session_by_id(self, session_id: str) -> Session | None:
        """Find a session by its id."""
        return self._sessions.get(session_id)

    def find_by_key(self, key: str) -> Session | None:
        """Find a session by its key; looked up by hash, so that timing tells nothing."""
        return self._by_key.get(digest(key))

    def find_by_asset_key(self, asset_key: str) -> Session | None:
        """Find a session by the key of its files."""
        return self._by_asset_key.get(digest(asset_key))

    def find_by_frame_key(self, frame_key: str) -> Session | None:
        """Find a session by the key of the frames in its page."""
        return self._by_frame_key.get(digest(frame_key))

    def remove(self, session: Session) -> None:
        """Forget a session that has ended."""
        self._cancel_grace(session)
        if self._sessions.pop(session.id, None) is not None:
            self._by_key.pop(digest(session.key), None)
            self._by_asset_key.pop(digest(session.asset_key), None)
            self._by_frame_key.pop(digest(session.frame_key), None)
            self._tabs.discard(session.id)
            if not session.is_finished:
                self._unfinished = {other for other in self._unfinished if not other.is_finished} | {session}
            self.connections_changed(session.app_name)

    @property
    def kept_runs(self) -> list[Run]:
        """What goes on after its session because it said so."""
        return [run for session in self._unfinished for run in session.unfinished_runs if run.keeps_running]

    async def finish(self, *, timeout_s: float) -> None:
        """Wait until the functions are done that were to be called after the end of sessions that have ended.

        What would go on after its session does so no longer.

        Args:
            timeout_s: Seconds to wait; what goes on after that is named in the log.
        """
        for run in self.kept_runs:
            run.stop_keeping()
        deadline = asyncio.get_running_loop().time() + timeout_s
        while late := [session for session in self._unfinished if not session.is_finished]:
            if asyncio.get_running_loop().time() > deadline:
                names = ", ".join(sorted({session.app_name for session in late}))
                logger.warning("The program does not wait any longer for what %s does after its end", names)
                break
            await asyncio.sleep(FINISH_POLL_S)
        self._unfinished.clear()

    # -- SessionOwner, for tabs ----------------------------------------------------------------------------------------

    def close_session(self, session: Session, code: int, reason: str) -> None:
        """End a tab's session at once."""
        session.end(code, reason)
        self.remove(session)

    def go_app(self, session: Session, name: str, new_window: bool) -> None:
        """Show another served app, in a tab of its own or in that of the session."""
        spec = self.find_spec(name)
        self.check_app(session, name)
        address = f"{json.dumps(spec.path)} + location.search"
        # Without a tie to this page: a tab that is opened with one gets a copy of its storage, and so of its key.
        code = f"window.open({address}, '_blank', 'noopener')" if new_window else f"window.location.assign({address})"
        session.send_command("EXEC", f"void {code}")

    def check_app(self, session: Session, name: str) -> None:
        """Raise if no tab can show this app."""
        if not self.is_served(self.find_spec(name).name):
            raise LookupError(f"The app {name!r} is not served, so no tab can show it; call serve() for it.")

    def session_connected(self, session: Session) -> None:
        """The page is there (again)."""
        self._cancel_grace(session)
        self.connections_changed(session.app_name)

    def session_suspended(self, session: Session, *, left: bool) -> None:
        """The tab is gone: it may come back within the grace, else its session ends."""
        self._cancel_grace(session)
        grace_s = self._settings.close_grace_s if left else self._settings.reconnect_grace_s
        self._graces[session.id] = asyncio.get_running_loop().call_later(grace_s, self._grace_is_over, session)
        if len(self._waiting_tabs()) > self._settings.max_waiting_sessions:
            self._end_longest_away()
        self.connections_changed(session.app_name)

    # -- bounds --------------------------------------------------------------------------------------------------------

    def _make_room(self) -> None:
        """Let a page in, if need be in the place of one that has gone away."""
        limit = self._settings.max_sessions
        if limit and len(self._tabs) >= limit and not self._end_longest_away():
            raise TooManySessions(limit)

    def _waiting_tabs(self) -> list[str]:
        """Ids of the tabs' sessions whose page is away, the longest one first."""
        return [session_id for session_id in self._graces if session_id in self._tabs]

    def _end_longest_away(self) -> bool:
        waiting = self._waiting_tabs()
        session = self._sessions.get(waiting[0]) if waiting else None
        if session is None:
            return False
        logger.warning("%r ends while its page is away: there are too many sessions", session)
        session.close(MADE_ROOM, "too many pages were open")
        return True

    def _grace_is_over(self, session: Session) -> None:
        self._graces.pop(session.id, None)
        session.close(GONE, "the page went away")  # its owner may be another

    def _cancel_grace(self, session: Session) -> None:
        timer = self._graces.pop(session.id, None)
        if timer is not None:
            timer.cancel()


def _key(name: str) -> str:
    return "" if name == MAIN else name


def _is_same_target(one: object, other: object) -> bool:
    """Whether two classes or functions are one, or one the redefinition of the other."""
    return one is other or (_identity(one) == _identity(other) and hasattr(one, "__qualname__"))


def _identity(target: object) -> tuple[str, str]:
    module = getattr(target, "__module__", None) or type(target).__module__
    return str(module), str(getattr(target, "__qualname__", None) or name_of(target))
