"""The composition root: makes one loop, one manager, one server and the runtimes, and runs them to their end.

launch()   settings → runtimes that can work here → the host's process starts → server bound → session and root
run()      windows open → … → the last one closes → server stops → runtimes stop → exit code
"""

from __future__ import annotations

import contextlib
import logging
import re
import signal
import sys
import threading
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deskapp import paths
from deskapp._config import Settings
from deskapp._config_object import default_config
from deskapp._exit_policy import ExitPolicy
from deskapp._lazy import LazyModule
from deskapp._logging import log_shown
from deskapp._signals import loop_signals, plain_signals
from deskapp._spec import AppSpec, as_spec
from deskapp._threads import AppThread
from deskapp._window_memory import WindowMemory
from deskapp._window_options import Wishes, read_window_options
from deskapp._window_record import Candidates, WindowRecord
from deskapp._windows import Windows
from deskapp.errors import ConfigError, DeskappError, RuntimeUnavailable
from deskapp.event import Loop, current_loop
from deskapp.runtime.base import Runtime
from deskapp.runtime.window import WindowSpec, check_url

if TYPE_CHECKING:
    import asyncio

    from deskapp._call import Call
    from deskapp._export import Exporter
    from deskapp._manager import AppManager
    from deskapp.assets import AssetStore
    from deskapp.bridge.code_source import CodeSource
    from deskapp.bridge.link import LinkedObject
    from deskapp.bridge.module_graph import ModuleGraph
    from deskapp.desktop.services import Services
    from deskapp.desktop.window_state import WindowStates
    from deskapp.runtime.handle import Window
    from deskapp.runtime.webview.pywebview import PyWebview
    from deskapp.server import Application, Server, ServerPlan
    from deskapp.session import ScriptHandle, Session
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the host's process can start

logger = logging.getLogger("deskapp")

STOP_TIMEOUT_S = 5.0
FIRST_PORT = 49152
PORT_RANGE = 8192
PRODUCT_ICON = "deskapp_icon.png"
"""The icon of a frozen program, for windows that were given none; in the root of its bundle."""


@dataclass(frozen=True)
class _Opening:
    """What is known of a window before anything is made for it but a process that starts."""

    spec: WindowSpec
    wishes: Wishes
    candidates: Candidates


class Launcher:
    """Everything that one program has one of. All methods but `stop` belong to one thread.

    Args:
        settings: The settings; when not given, it takes `deskapp.config`.
        select: Names the runtimes that can work, best first; replaced in tests.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        select: Callable[[str], Iterable[type[Runtime]]] | None = None,
    ) -> None:
        self.settings = settings if settings is not None else default_config().take()
        self._select = select
        self._is_default = settings is None and select is None
        self._shows_script = False
        self._loop: Loop = current_loop()
        self._store: AssetStore | None = None
        self._code_source: CodeSource | None = None
        self._graph: ModuleGraph | None = None
        self._exporter: Exporter | None = None
        self._manager: AppManager | None = None
        self._windows: Windows | None = None
        self._services: Services | None = None
        self._application: Application | None = None
        self._plan: ServerPlan | None = None
        self._given_aio: asyncio.AbstractEventLoop | None = None
        self._server: Server | None = None
        self._hosts: dict[type[Runtime], Runtime] = {}
        self._dead_hosts: list[Runtime] = []
        self._had_pages = False
        self._app_id = self.settings.app_id
        self._aio: asyncio.AbstractEventLoop | None = None
        self._finish: asyncio.Event | None = None
        self._policy = ExitPolicy(self.settings.exit_policy)
        self._present_policy = self._policy
        self._surplus_stops = 0
        self._gui: PyWebview | None = None
        self._caught: int | None = None

    # -- what there is one of ------------------------------------------------------------------------------------------

    @property
    def store(self) -> AssetStore:
        """Shared assets and data."""
        if self._store is None:
            from deskapp.assets import AssetStore

            self._store = AssetStore()
            self._store.attach_modules(lambda: self.graph)
        return self._store

    @property
    def code_source(self) -> CodeSource:
        """Where JavaScript comes from."""
        if self._code_source is None:
            from deskapp.bridge.code_source import CodeSource

            manifest = paths.bundled_manifest()
            if manifest is not None:
                from deskapp.bridge.precompiled import Precompiled

                self._code_source = CodeSource(manifest=Precompiled.read(manifest))
            else:
                from deskapp.bridge.cache import CodeCache

                self._code_source = CodeSource(CodeCache(paths.app_paths("deskapp").cache / "js"))
        return self._code_source

    @property
    def graph(self) -> ModuleGraph:
        """The JavaScript modules of all apps."""
        if self._graph is None:
            from deskapp.bridge import get_linked_classes
            from deskapp.bridge.module_graph import ModuleGraph

            self._graph = ModuleGraph(self.store, self.code_source, classes=get_linked_classes)
        return self._graph

    @property
    def exporter(self) -> Exporter:
        """Makes apps into files."""
        if self._exporter is None:
            from deskapp._export import Exporter

            self._exporter = Exporter(self.store, self.code_source)
        return self._exporter

    @property
    def manager(self) -> AppManager:
        """Apps and sessions."""
        if self._manager is None:
            from deskapp._manager import AppManager

            self._manager = AppManager(self.settings, self.store, self.graph)
            self._manager.reaction("connections_changed", self._pages_changed)
        return self._manager

    @property
    def application(self) -> Application:
        """The Tornado application, of which there is one, whatever servers come and go."""
        if self._application is None:
            from deskapp.server import Application, Site

            self._application = Application(Site(self.settings, self.manager, self.store, self.code_source.client()))
        return self._application

    @property
    def server(self) -> Server:
        """The server; bound to its port once asked for."""
        if self._server is None or self._server.is_closed:
            from deskapp.server import read_plan

            self._server = self._make_server(self._plan or read_plan(self.settings))
            if self.is_running:
                self._server.listen()
        return self._server

    def create_server(
        self,
        host: str | bool | None = None,
        port: int | str | None = None,
        loop: object = None,
        backend: str = "tornado",
        **server_kwargs: object,
    ) -> Server:
        """Make a server in the place of the present one; see `deskapp.app.create_server`."""
        if self.is_running:
            raise RuntimeError("A server is running already; stop() it before create_server() makes another.")
        from deskapp.server import check_host, read_plan

        aio = getattr(loop, "asyncio_loop", loop)  # Tornado's IOLoop has one inside
        if aio is not None and not isinstance(aio, asyncio.AbstractEventLoop):
            raise ConfigError("loop", loop, origin="create_server", why="give an asyncio loop, or none")
        plan = read_plan(self.settings, host, port, backend, **server_kwargs)
        old = self._server
        if old is not None and old.serving is not None and plan.settings.port in (0, old.serving[1]):
            if plan.listens:
                check_host(plan.settings)
            old.close()  # first, so that its port can be had
        self._server = self._make_server(plan)
        self._plan, self._given_aio = plan, aio
        if old is not None:
            old.close()
        return self._server

    def current_server(self, create: bool = True, **server_kwargs: object) -> Server | None:
        """The present server; see `deskapp.app.current_server`."""
        if self._server is not None and not self._server.is_closed:
            return self._server
        if not create:
            return None
        return self.create_server(**server_kwargs) if server_kwargs else self.server  # type: ignore[arg-type]

    def _make_server(self, plan: ServerPlan) -> Server:
        from deskapp.server import Server

        return Server(self.application, plan, self, port=preferred_port(self._app_id))

    @property
    def windows(self) -> Windows:
        """The windows of this program."""
        if self._windows is None:
            self._windows = Windows(
                lambda: self.manager,
                host_for=self._host,
                connect_timeout_s=self.settings.connect_timeout_s,
                on_change=self._check_end,
                on_ended=self._session_ended,
                on_failed=self._host_failed,
                open_child=self._launch_child,
                go_app=self._go_app,
                service_kinds=self._service_kinds,
                on_news=self._news,
                memory=WindowMemory(self._window_states, lambda: self.services.screens()),
                aio=lambda: self._aio,
            )
        return self._windows

    @property
    def services(self) -> Services:
        """What the program asks of the desktop around its windows."""
        if self._services is None:
            from deskapp.desktop.services import Services

            self._services = Services(
                self.windows.calls.service, self._begin_service, keep=self._keep_hosts, app_id=lambda: self.app_id
            )
        return self._services

    def _begin_service(self, call: Call[Any]) -> None:
        """Have a call begin now, or when the program runs; in a notebook, say, which never does, on the loop there."""
        here = None if self.is_running else asyncio._get_running_loop()
        if here is not None:
            call.begin(here)
        else:
            self.windows.calls.begin(call)

    @property
    def app_id(self) -> str:
        """What the program is called in paths and towards the desktop."""
        self._app_id = self._app_id or default_app_id(None)
        return self._app_id

    @property
    def hosts(self) -> Mapping[type[Runtime], Runtime]:
        """The runtimes that are at work, by their class."""
        return dict(self._hosts)

    @property
    def is_running(self) -> bool:
        """Whether `run` or `start` is under way."""
        return self._finish is not None

    # -- launching -----------------------------------------------------------------------------------------------------

    def launch(self, spec: AppSpec, runtime: str | None = None, **options: object) -> LinkedObject | ScriptHandle:
        """Make an app and a window for it.

        The window opens as soon as `run` runs; the component is there at once, a function begins with its page.

        Args:
            spec: The app.
            runtime: Names of runtimes, for example ``"app"`` or ``"app or browser"``; the settings' when None.
            **options: Wishes for the window, see `deskapp.app.App.launch`.

        Raises:
            RuntimeUnavailable: None of the runtimes can work here.
            ConfigError: An option is unknown or impossible.
            TranspileError: Something meant for JavaScript cannot be.
            Exception: Whatever the component's ``init`` raises.
        """
        return _shown_in(self._prepare(spec.name, runtime, spec, options), spec)

    def takes_script(self) -> bool:
        """Whether this is the launcher that programs get by themselves, and nothing was done with it yet."""
        is_untouched = self._server is None and self._windows is None and self._manager is None
        return self._is_default and is_untouched and not self.is_running

    def launch_script(self, spec: AppSpec) -> None:
        """Make the window of a program that is a script; nothing else can be launched, served or run from outside then.

        Args:
            spec: The script.

        Raises:
            RuntimeUnavailable: No runtime can work here.
        """
        self.launch(spec, in_process=False)  # the main thread is the script's
        self._shows_script = True

    def _check_no_script(self, what: str) -> None:
        """Refuse what is asked by a script, which is another thread than the one that all this belongs to."""
        if self._shows_script and not (self.is_running and self._loop.is_here):
            raise DeskappError(
                f"{what} was called in a script whose window is open already: a function of the session was called "
                "before, outside of any app. Do one or the other: call session functions in functions that you "
                f"launch or serve, or leave out {what}."
            )

    def launch_url(self, url: str, runtime: str | None = None, **options: object) -> Window:
        """Make a window that shows an address of somebody else's.

        Args:
            url: An address that begins with ``http://``, ``https://`` or ``file://``.
            runtime: As of `launch`.
            **options: As of `launch`.

        Returns:
            The window, which opens as soon as `run` runs.

        Raises:
            RuntimeUnavailable: None of the runtimes can work here.
            ConfigError: The address or an option is impossible.
        """
        check_url(url)
        opening = self._begin_window(runtime, options, name=url, title=url, icon=None)
        record = WindowRecord(None, lambda: replace(opening.spec, url=url), opening.candidates, opening.wishes)
        handle = self.windows.add(record, opening.spec.title)
        self._open_if_running()
        return handle

    def _prepare(
        self,
        name: str,
        runtime: str | None,
        spec: AppSpec,
        options: dict[str, object],
        *,
        parent: WindowRecord | None = None,
        is_child: bool = False,
    ) -> Session:
        """Make an app's session and the record of its window."""
        opening = self._begin_window(
            runtime, options, name=name, title=spec.title, icon=spec.icon, app=spec, is_child=is_child
        )
        _ = self.server  # its port is taken now
        was_known = self.manager.spec(spec.name)
        self.manager.register(spec, serve=self.manager.is_served(spec.name))
        window = opening.spec

        def describe() -> WindowSpec:
            assert record.session is not None
            return replace(window, url=self.server.launch_url(record.session, self._path_of(record.session)))

        def made(session: Session) -> None:
            """Before the root is made, whose `init` may already ask for its window."""
            record.session = session
            self.windows.add(record, window.title)
            if window.title != spec.title:  # which is what the page is called that all windows of the app load
                session.set_title(window.title)

        record = WindowRecord(None, describe, opening.candidates, opening.wishes, parent, is_child)
        try:
            session = self.manager.create_session(
                spec, owner=self.windows, parent=None if parent is None else parent.session, on_made=made
            )
        except BaseException:
            self.windows.forget(record)
            self.manager.restore(spec.name, was_known)
            raise
        self._open_if_running()
        return session

    def _begin_window(
        self,
        runtime: str | None,
        options: dict[str, object],
        *,
        name: str,
        title: str,
        icon: Path | None,
        app: AppSpec | None = None,
        is_child: bool = False,
    ) -> _Opening:
        """Read what is wished of a window, and start the process that will show it; nothing else is made yet."""
        self._check_no_script("launch()")
        in_process = options.pop("in_process", None)
        self.name_program(options.pop("app_id", None))
        wishes = read_window_options(options, key=name or "main")
        if wishes.fields.get("modal") and not is_child:
            why = "it needs a parent that it keeps waiting; session.open_window() opens children."
            raise ConfigError("modal", True, origin="launch", why=why)
        # Impossible wishes are refused before anything is made.
        spec = WindowSpec(
            **{
                "url": "http://127.0.0.1/",
                "title": title,
                "icon": icon or paths.bundled(PRODUCT_ICON),
                "debug": self.settings.debug,
                **{field: value for field, value in wishes.fields.items() if field != "modal"},
            }
        )
        candidates = Candidates(self._candidates(runtime or self.settings.runtime))
        self._app_id = self._app_id or default_app_id(app)
        # First of all, so that the host's process imports its toolkit while we import our server.
        self._host(candidates.first, in_process=bool(paths.is_mac_bundle() if in_process is None else in_process))
        return _Opening(spec, wishes, candidates)

    def _launch_child(
        self,
        parent: WindowRecord,
        target: object,
        properties: Mapping[str, object] | None,
        runtime: str | None,
        **options: object,
    ) -> LinkedObject | ScriptHandle:
        """Open a window that belongs to another; see `Session.open_window`."""
        spec = as_spec(target, properties)
        if runtime is None:
            runtime = parent.runtime.name if parent.runtime is not None else parent.candidates.first.name
        is_child = options.pop("child", True) is not False
        session = self._prepare(spec.name, runtime, spec, dict(options), parent=parent, is_child=is_child)
        return _shown_in(session, spec)

    def _go_app(self, record: WindowRecord, name: str, new_window: bool) -> None:
        """Show another app of the program in a window of its own, or in place of what a window shows."""
        spec = self.manager.find_spec(name)
        if new_window:
            runtime = record.runtime.name if record.runtime is not None else record.candidates.first.name
            self._prepare(spec.name, runtime, spec, {})
            return

        def made(session: Session) -> None:
            record.session = session

        before = record.session
        try:
            self.manager.create_session(spec, owner=self.windows, on_made=made)
        except BaseException:
            record.session = before
            raise
        if before is not None:
            self.windows.show_next(record, before)

    def _path_of(self, session: Session) -> str:
        spec = self.manager.spec(session.app_name)
        assert spec is not None
        return spec.path

    def _open_if_running(self) -> None:
        if self.is_running:
            self.windows.open_waiting()

    def name_program(self, app_id: object) -> None:
        """Take the id that a launch gives the whole program; there is one, and the first window fixes it."""
        if app_id is None:
            return
        app_id = paths.checked_app_id(str(app_id))
        if self._app_id not in ("", app_id):
            raise ConfigError("app_id", app_id, origin="launch", why=f"this program is {self._app_id!r} already")
        self._app_id = app_id

    def collect(self, spec: AppSpec) -> bool:
        """Take note of an app if this program runs only to see what it consists of; return whether it does."""
        return False

    def serve(self, *specs: AppSpec) -> None:
        """Make apps reachable with a browser, one instance a page; none of them if one is refused.

        Raises:
            ConfigError: Another app has one's name, or the port is taken.
        """
        self._check_no_script("serve()")
        server = self.server
        for spec in specs:
            self.manager.check_name(spec)
        for spec in specs:
            self.manager.register(spec, serve=True)
        server.announce()

    # -- running -------------------------------------------------------------------------------------------------------

    def run(self, policy: ExitPolicy | str | None = None) -> int:
        """Run until the last window closes, or without windows the last page of all served apps; return the exit code.

        Args:
            policy: What else ends it, or does not: see `ExitPolicy`; the setting ``exit_policy`` when None.

        Raises:
            ValueError: There is no such policy.
            KeyboardInterrupt: After Ctrl+C, once everything has ended in order.
            SystemExit: With code 143 after SIGTERM, once everything has ended in order.
            RuntimeFailed: A runtime ended by itself, or no window could be shown.
            DeskappError: It runs already.
        """
        return self._run(self._policy if policy is None else ExitPolicy(policy))

    def start(self) -> int:
        """Run until `stop` is called, whether there are windows or not."""
        return self._run(ExitPolicy.NEVER)

    async def run_async(self, *, stops_with_last_window: bool = True) -> int:
        """As `run`, for a program that has an asyncio loop of its own, which runs already.

        Ctrl+C and SIGTERM are left to that program; `stop`, or cancelling, ends this in order.

        Args:
            stops_with_last_window: Whether to end as `run` does; else only `stop` ends it.

        Raises:
            RuntimeFailed: A runtime ended by itself, or no window could be shown.
            DeskappError: It runs already.
        """
        self._check_idle()
        self._present_policy = self._policy if stops_with_last_window else ExitPolicy.NEVER
        await self._main(handles_signals=False)
        self._raise_failure()
        return 0

    async def close(self) -> None:
        """End in order what was made, for a program that does not run: tests, mostly."""
        self._check_idle()
        self._loop.integrate()
        try:
            await self._shut_down()
        finally:
            self._loop.detach()

    def stop(self) -> None:
        """Make `run` or `start` end in order; from any thread. Called too early, it ends the next one at once."""
        aio, finish = self._aio, self._finish
        if aio is None or finish is None:
            self._surplus_stops += 1
        else:
            with contextlib.suppress(RuntimeError):  # it ended meanwhile
                aio.call_soon_threadsafe(finish.set)

    def _stop_if_running(self) -> None:
        if self.is_running:
            self.stop()

    def _run(self, policy: ExitPolicy) -> int:
        self._check_no_script("run()")
        self._check_idle()
        if threading.current_thread() is not threading.main_thread() and self._gui is not None:
            raise DeskappError(
                f"run() was called on the thread {threading.current_thread().name!r}, but the window system lives in "
                "this process and wants its main thread; call run() there."
            )
        if asyncio._get_running_loop() is not None:
            raise DeskappError(
                "run() was called from a coroutine, whose asyncio loop runs already; "
                "write `await deskapp.app.launcher().run_async()` there."
            )
        self._present_policy = policy
        given = self._given_aio
        aio = given if given is not None else asyncio.new_event_loop()
        try:
            asyncio.set_event_loop(aio)
            with log_shown(self.settings.log_level):
                caught = self._run_main(aio)
        finally:
            asyncio.set_event_loop(None)
            if given is None:  # what is on a loop of somebody else is theirs
                with contextlib.closing(aio):
                    _cancel_tasks(aio)
        if caught == signal.SIGINT:
            raise KeyboardInterrupt
        if caught is not None:
            raise SystemExit(128 + caught)
        self._raise_failure()
        return 0

    def _check_idle(self) -> None:
        if self.is_running:
            raise DeskappError("run() or start() is under way already; call it once and launch from inside.")

    def _raise_failure(self) -> None:
        if self._windows is not None and (failure := self._windows.take_failure()) is not None:
            raise failure

    def _run_main(self, aio: asyncio.AbstractEventLoop) -> int | None:
        gui, self._gui = self._gui, None
        if gui is None:
            return aio.run_until_complete(self._main())
        # The window system takes this thread, and gives it back when the last window has closed or we tell it to.
        app = AppThread(aio)
        app.start(self._main())
        try:
            with plain_signals(lambda number: aio.call_soon_threadsafe(self._on_signal, number)):
                gui.host.run()
        finally:
            self._stop_if_running()
            caught: int | None = app.join(timeout_s=3 * STOP_TIMEOUT_S)
            self._loop.take_over()
        return caught

    async def _main(self, *, handles_signals: bool = True) -> int | None:
        """Serve until told to finish; return the signal that asked for it."""
        self._aio = asyncio.get_running_loop()
        self._finish = finish = asyncio.Event()
        self._caught = None
        self._had_pages = False
        with loop_signals(self._aio, self._on_signal) if handles_signals else contextlib.nullcontext():
            try:
                self._loop.integrate(self._aio)
                if self._server is not None or self._manager is not None or not self.windows.were_any:
                    self.server.listen()
                if self._surplus_stops:
                    self._surplus_stops -= 1
                    finish.set()
                else:
                    self.windows.open_waiting()
                self._check_end()
                await finish.wait()
            finally:
                try:
                    await self._shut_down()
                finally:
                    self._loop.detach()
                    self._aio = self._finish = None
        return self._caught

    def _on_signal(self, number: int) -> None:
        self._caught = number
        if self._finish is not None:
            self._finish.set()

    async def _shut_down(self) -> None:
        """Services, windows, sessions, server, runtimes: in this order, each with a deadline."""
        if self._services is not None:
            await self._services.close()
        if self._windows is not None:
            await self._windows.close_all(timeout_s=STOP_TIMEOUT_S)
        if self._manager is not None:
            for session in reversed(self._manager.sessions):
                self._manager.close_session(session, 1001, "the program ends")
            await self._manager.finish(timeout_s=STOP_TIMEOUT_S)
        self._loop.iter()
        if self._server is not None:
            server, self._server = self._server, None
            await server.end(timeout_s=STOP_TIMEOUT_S)
        hosts = [*self._hosts.values(), *self._dead_hosts]
        self._hosts, self._dead_hosts = {}, []
        ends = await asyncio.gather(*(host.stop(timeout_s=STOP_TIMEOUT_S) for host in hosts), return_exceptions=True)
        for host, end in zip(hosts, ends, strict=True):
            if isinstance(end, Exception):
                logger.error("Runtime %r could not be stopped: %s", host.name, end, exc_info=end)

    def _check_end(self) -> None:
        """Finish when what `run` waits for has ended."""
        finish = self._finish
        if finish is None or self._present_policy is ExitPolicy.NEVER:
            return
        windows = self.windows
        if windows.were_any:
            lives = windows.has_main if self._present_policy is ExitPolicy.MAIN_WINDOW else windows.count > 0
        else:
            lives = not self._had_pages or bool(self.manager.sessions)
        if not lives and not self._is_kept_running():
            finish.set()

    def _is_kept_running(self) -> bool:
        """Whether a function goes on without its window; the end is checked again after it."""
        runs = self._manager.kept_runs if self._manager is not None else []
        for run in runs:
            run.finished.add_done_callback(lambda _: self._loop.call_soon(self._check_end))
        return bool(runs)

    def _pages_changed(self, *_: object) -> None:
        """A session came or went."""
        self._had_pages = True
        self._check_end()

    def _host_failed(self, name: str) -> None:
        """A runtime ended by itself: the next window gets a new one."""
        for kind, host in list(self._hosts.items()):
            if host.name == name:
                self._dead_hosts.append(self._hosts.pop(kind))
        if self._services is not None and self.is_running:
            self._services.restore()

    def _news(self, service: str, value: object) -> None:
        """A runtime has news of a service."""
        if self._services is not None:
            self._services.take(service, value)

    async def _keep_hosts(self, on: bool) -> None:
        """Let the processes that do services stay when no window is left, or no longer."""
        for host in list(self._hosts.values()):
            if host.capabilities.services:
                await host.set_kept(on)

    def _session_ended(self, session: Session) -> None:
        if self._application is not None:
            self._application.site.forget(session)

    def _candidates(self, requested: str) -> Iterable[type[Runtime]]:
        if self._select is not None:
            return self._select(requested)
        from deskapp.runtime.select import look_up

        return look_up(requested, toolkit=self.settings.toolkit or None)

    def _window_states(self) -> WindowStates:
        from deskapp.desktop.window_state import WindowStates

        return WindowStates(paths.app_paths(self.app_id).data / "windows.json")

    def _service_kinds(self) -> list[type[Runtime]]:
        """The runtimes that may do services of the desktop for windows of a runtime that cannot."""
        try:
            return list(self._candidates("webview"))
        except RuntimeUnavailable:
            return []

    def _host(self, kind: type[Runtime], *, in_process: bool = False) -> Runtime:
        host = self._hosts.get(kind)
        if host is None:
            storage = paths.app_paths(self.app_id).data / "web"
            host = self._make_in_process(kind, storage) if in_process else kind(self._app_id, storage=storage)
            self._hosts[kind] = host
            host.start(self.windows.listener)
        return host

    def _make_in_process(self, kind: type[Runtime], storage: Path) -> Runtime:
        from deskapp.runtime.webview.pywebview import PyWebview

        why = ""
        if not issubclass(kind, PyWebview):
            why = f"runtime {kind.name!r} always runs in a process of its own"
        elif self.is_running or self._gui is not None:
            why = "there is one such host in a program, and it is made before run()"
        if why or not issubclass(kind, PyWebview):
            raise ConfigError("in_process", True, origin="launch", why=why)
        self._gui = kind(self._app_id, storage=storage, inproc=True)
        return self._gui


def _shown_in(session: Session, spec: AppSpec) -> LinkedObject | ScriptHandle:
    """What a launch returns: the root component, or the handle of a function."""
    if spec.is_script:
        from deskapp.session import ScriptHandle

        return ScriptHandle(session)
    assert session.app is not None
    return session.app


def preferred_port(app_id: str) -> int:
    """A port that stays the same for an app, so that its pages keep their origin between runs."""
    return FIRST_PORT + zlib.crc32(app_id.encode()) % PORT_RANGE


def default_app_id(spec: AppSpec | None) -> str:
    """What the program is called in paths and towards the desktop when nobody said so."""
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    stem = Path(script).stem if script else ""
    if stem in ("", "__main__", "main", "app"):
        stem = (spec.name or spec.target_name) if spec is not None else ""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-._") or "deskapp"


def _cancel_tasks(aio: asyncio.AbstractEventLoop) -> None:
    """Let every task that is left end, as `asyncio.run` does."""
    tasks = asyncio.all_tasks(aio)
    for task in tasks:
        task.cancel()
    if tasks:
        aio.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    aio.run_until_complete(aio.shutdown_asyncgens())
