"""Applications: make a component class into a window, or a page that browsers can open.

    from deskapp import app

    app.launch(MyApp, "app")      # a native window
    app.run()                     # returns when the last window closes

Each function acts on the program's one launcher, which is made on first use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, overload

from deskapp._config_object import default_config
from deskapp._lazy import lazy_names
from deskapp._spec import INDEX, AppSpec, Csp, check_script, name_of
from deskapp.errors import ConfigError, SpecError
from deskapp.paths import is_frozen

if TYPE_CHECKING:
    from deskapp._exit_policy import ExitPolicy
    from deskapp._manager import AppManager
    from deskapp.assets import Asset, AssetStore, Bundle
    from deskapp.bridge import (
        BaseAppComponent,
        JsComponent,
        LocalProperty,
        Model,
        PyComponent,
        StubComponent,
        get_active_model,
        get_active_models,
        get_component_classes,
        get_model_classes,
    )
    from deskapp.launcher import Launcher
    from deskapp.runtime.handle import Window
    from deskapp.server import Server
    from deskapp.session import ScriptHandle, Session

    manager: AppManager
    assets: AssetStore
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "deskapp.assets": ("Asset", "AssetStore", "Bundle"),
            "deskapp.bridge": (
                "BaseAppComponent",
                "JsComponent",
                "LocalProperty",
                "Model",
                "PyComponent",
                "StubComponent",
                "get_active_model",
                "get_active_models",
                "get_component_classes",
                "get_model_classes",
            ),
            "deskapp.session": ("ScriptHandle", "Session"),
        },
        made={"assets": lambda: launcher().store, "manager": lambda: launcher().manager},
    )

__all__ = [
    "App",
    "Asset",
    "AssetStore",
    "BaseAppComponent",
    "Bundle",
    "Csp",
    "JsComponent",
    "LocalProperty",
    "Model",
    "PyComponent",
    "ScriptHandle",
    "Session",
    "StubComponent",
    "assets",
    "call_soon",
    "create_server",
    "current_server",
    "export",
    "get_active_model",
    "get_active_models",
    "get_component_classes",
    "get_model_classes",
    "init_interactive",
    "init_notebook",
    "launch",
    "launcher",
    "manager",
    "run",
    "serve",
    "start",
    "stop",
    "use_launcher",
]

C = TypeVar("C", bound="type | Callable[..., object] | App")
Target: TypeAlias = "type | Callable[..., object] | App"


class App:
    """A component class with the arguments that its instances get; or a function, with those that it is called with.

    A function runs once for each window or page: a plain one on a thread of its own, an ``async`` one on the program's
    asyncio loop. Its session functions are in `deskapp.session`.

    Args:
        cls: A subclass of `PyComponent`, `JsComponent` or `Model`, or a function.
        *args: Positional arguments for its ``init``, or for the function.
        csp: What its pages may do beyond the strict default.
        **kwargs: Values of its properties, or keyword arguments for the function.
            ``title`` and ``icon`` also go to its windows and pages; a class without properties of these names may be
            given them all the same, and so may a function without such parameters.

    Raises:
        TypeError: `cls` is no component class and no function, or a function with other parameters.
    """

    def __init__(
        self, cls: type | Callable[..., object], *args: object, csp: Csp | None = None, **kwargs: object
    ) -> None:
        _check_target(cls)
        self.cls = cls
        self.args = args
        self._title, self._icon = _title_and_icon(kwargs)
        own = _own_names(cls)
        self.kwargs = {key: value for key, value in kwargs.items() if key in own or key not in ("title", "icon")}
        if not isinstance(cls, type):
            check_script(cls, args, self.kwargs)
        self._csp = csp if csp is not None else Csp()
        self._spec: AppSpec | None = None

    def __call__(self, *args: object, **kwargs: object) -> Any:
        """Make an instance inside the present session, with these arguments after and over the App's own.

        A function is called, here and now.
        """
        made: object = self.cls(*self.args, *args, **{**self.kwargs, **kwargs})
        return made

    def __repr__(self) -> str:
        return (
            f"<App based on {'class' if isinstance(self.cls, type) else 'function'} {name_of(self.cls)} "
            f"pre-initialized with {len(self.args)} args and {len(self.kwargs)} kwargs>"
        )

    @property
    def is_served(self) -> bool:
        """Whether browsers can reach it."""
        return self._spec is not None and launcher().manager.is_served(self._spec.name)

    @property
    def name(self) -> str:
        """The first part of its URL; ``"__main__"`` for the main app.

        Raises:
            RuntimeError: It is neither served nor launched.
        """
        if self._spec is None:
            raise RuntimeError(f"{self!r} has no name until it is served or launched.")
        return self._spec.public_name

    @property
    def url(self) -> str:
        """The address that browsers open.

        Raises:
            RuntimeError: It is not served, or there is no server that listens (any more).
        """
        if self._spec is None or not self.is_served:
            raise RuntimeError(f"{self!r} has no url until it is served: call its serve().")
        server = launcher().current_server(create=False)
        if server is None:
            raise RuntimeError(f"{self!r} has no url: its server has ended. create_server() or start() makes another.")
        return server.url(self._spec.path)

    def serve(self, name: str | None = None) -> None:
        """Make it reachable with a browser; each page gets an instance of its own.

        Args:
            name: First part of the URL; the class name when None, the main app at ``/`` when empty.

        Raises:
            RuntimeError: It is served already.
            ConfigError: The name cannot be part of a URL, or another app has it.
        """
        _serve_together([(self, name)])

    def launch(
        self,
        runtime: str | None = None,
        *,
        title: str | None = None,
        icon: str | Path | None = None,
        size: tuple[int, int] | None = None,
        pos: tuple[int, int] | None = None,
        windowmode: str | None = None,
        **options: object,
    ) -> BaseAppComponent | Model | ScriptHandle:
        """Show it in a window of its own and return the component; for a function a `ScriptHandle`.

        The component is made now; the window opens once `run` runs. A function begins when its page is there. Options
        are wishes: one that the runtime cannot fulfil is left out.

        Args:
            runtime: Which program shows the window: ``"app"`` (the best native window here), ``"webview"``,
                ``"browser"``, or several joined by ``or``. None takes the setting, ``"app or browser"``.
            title: Text of the title bar; the class name in words when None.
            icon: A picture file for title bar and task bar.
            size: Width and height of the page, in logical pixels.
            pos: Left and top edge of the window, in logical pixels.
            windowmode: ``"normal"``, ``"maximized"``, ``"fullscreen"`` or ``"kiosk"``.
            **options: ``min_size`` (pixels), ``resizable``, ``background`` (``"#rrggbb"``; that of the desktop's theme
                when not given), ``splash`` (a picture file, shown until the page is ready), ``visible``,
                ``frameless``, ``transparent``, ``on_top``, ``zoom``, ``skip_taskbar``, ``menu`` (a
                `deskapp.runtime.Menu`), ``context_menu`` (True, False; None: where there is text to edit or to copy),
                ``spell_check`` (True, False, or languages such as ``["en_GB"]``), ``confirm_close`` (True, or the text
                that the user is asked), ``hide_on_close``, ``remember`` (True, or a name: size and place come back
                next time), ``debug`` (developer tools); ``app_id``, what the program is called in paths and towards
                the desktop, for example ``"org.example.clock"``; ``in_process``, to have the window's system in this
                process.

        Raises:
            RuntimeUnavailable: None of the runtimes can work on this machine; the text says what would mend it.
            ConfigError: An option is unknown or impossible.
            TranspileError: A method meant for JavaScript cannot become JavaScript.
        """
        given = {
            "title": title,
            "icon": icon if icon is not None else self._icon,
            "size": size,
            "pos": pos,
            "windowmode": windowmode,
            **options,
        }
        before, self._spec = self._spec, self.spec  # first: its `init` may ask for the name
        try:
            shown: Any = launcher().launch(
                self._spec, runtime, **{key: value for key, value in given.items() if value is not None}
            )
        except BaseException:
            self._spec = before
            raise
        made: BaseAppComponent | Model | ScriptHandle = shown
        return made

    def dump(self, fname: str | None = None, link: int = 2) -> dict[str, bytes]:
        """Make the app into files that need no Python, and return them: content by path relative to the page.

        No server is started. What Python's components have done by then is in the page; `JsComponent`s are alive in it.

        Args:
            fname: Name of the page, ending in ``.html``, ``.htm`` or ``.hta``; the name of the class, in lower case,
                with ``.html`` when None.
            link: What becomes of scripts and styles: 0 embeds all into the page; 1 all but remote ones, which are
                loaded from their URLs; 2 makes each a file that the page links to; 3 all but remote ones.

        Raises:
            ConfigError: The name or `link` is impossible.
            AssetMissing: A remote asset that is to be included cannot be fetched.
            TranspileError: A method meant for JavaScript cannot become JavaScript.
        """
        return launcher().exporter.dump(self.spec, fname, link)

    def export(self, filename: str | Path, link: int = 2, overwrite: bool = True) -> None:
        """Write the app as a page that needs no Python: to be opened from disk, or put on any web server.

        Args:
            filename: The page, ending in ``.html``, ``.htm``, or ``.hta`` for a Windows HTML Application; or a folder,
                for a page named after the class. Folders are made. ``~`` is the user's home.
            link: As of `dump`.
            overwrite: Whether files that exist are replaced. If not, several apps can be exported into one folder
                without writing again what they share.

        Raises:
            ExportFailed: It cannot be written there; what was there is unchanged.
            Exception: As of `dump`.
        """
        launcher().exporter.export(self.spec, filename, link, overwrite=overwrite)

    def publish(self, name: str, token: str, url: str | None = None) -> str:
        """Send the app, as the files of `dump`, to a site that shows it; return its address there.

        Blocks until the site has answered. ``deskapp site`` is such a site.

        Args:
            name: What the app is called on the site, as part of its address.
            token: A secret of 8 characters or more. The site keeps it; later publications under this name need the
                same one.
            url: Where to send it; ``{name}`` and ``{token}`` are filled in. None takes the setting ``publish_url``.

        Raises:
            PublishError: Name, token or address cannot be, or the site did not take it; the text says what it said.
            Exception: As of `dump`.
        """
        from deskapp._publish import Publication

        # Before the app is made, which may take long.
        publication = Publication(name, token, url or default_config().publish_url)
        return publication.send(self.dump("index.html", 2))

    def freeze(
        self,
        dirname: str | Path,
        launch: str | None = "firefox-app",
        excludes: Sequence[str] = ("numpy",),
        includes: Sequence[str] = (),
    ) -> Path:
        """Make a program of the app that runs without an installed Python; needs ``pip install 'deskapp[freeze]'``.

        Installers, and all that can be said of a product, are the business of ``deskapp freeze``.

        Args:
            dirname: Where to work; the program lies in ``dist/<name of the class, in lower case>`` there.
            launch: The runtime that shows its window; None has it serve instead.
            excludes: Names of modules to leave out.
            includes: Names of modules to take in, though nothing seems to import them.

        Returns:
            The executable, which was started once to see that it works.

        Raises:
            FreezeError: The app cannot be frozen; what an earlier call made is as it was.
            TranspileError: Something meant for JavaScript cannot be.
        """
        import sys

        is_looked_at = _Default.launcher is not None and _Default.launcher.collect(self.spec)
        if is_looked_at or is_frozen():
            # A script that freezes itself: it runs to be frozen, or is the frozen program already.
            return Path(sys.executable)

        from deskapp.freeze import Build, read_object

        module = sys.modules[self.cls.__module__]
        names = [name for name, ob in vars(module).items() if ob is self]
        if not names and (self.args or self.kwargs or self._title or self._icon):
            why = f"this App of {name_of(self.cls)} has arguments; give it a name at the top of {module.__name__!r}"
            raise SpecError("entry", f"{why}, so that the frozen program finds it")
        product = read_object(
            module,
            names[0] if names else name_of(self.cls),
            product=name_of(self.cls),
            title=self.spec.title,
            icon=self.spec.icon,
            runtime=launch,
            excludes=excludes,
            includes=includes,
        )
        place = Path(dirname).resolve()
        return Build(product, formats=(), output=place / "dist", work=place / "build").run().tree.executable

    @property
    def spec(self) -> AppSpec:
        """What is to be made, under which name; that of the class until it was served."""
        return self._spec if self._spec is not None else self._make_spec(None)

    def _make_spec(self, name: str | None) -> AppSpec:
        return AppSpec(
            self.cls,
            name_of(self.cls) if name is None else name,
            args=self.args,
            kwargs=self.kwargs,
            title=self._title,
            icon=self._icon,
            csp=self._csp,
        )


@overload
def launch(
    cls: str, runtime: str | None = None, properties: Mapping[str, object] | None = None, **options: object
) -> Window: ...


@overload
def launch(  # type: ignore[overload-overlap]  # a class is a function as well, but this comes first
    cls: type, runtime: str | None = None, properties: Mapping[str, object] | None = None, **options: object
) -> BaseAppComponent | Model: ...


@overload
def launch(  # type: ignore[overload-overlap]  # an App can be called, too
    cls: App, runtime: str | None = None, properties: Mapping[str, object] | None = None, **options: object
) -> BaseAppComponent | Model | ScriptHandle: ...


@overload
def launch(
    cls: Callable[..., object],
    runtime: str | None = None,
    properties: Mapping[str, object] | None = None,
    **options: object,
) -> ScriptHandle: ...


def launch(
    cls: type | Callable[..., object] | App | str,
    runtime: str | None = None,
    properties: Mapping[str, object] | None = None,
    **options: object,
) -> BaseAppComponent | Model | ScriptHandle | Window:
    """Show a component class or a function in a window of its own; short for ``App(cls, **properties).launch(…)``.

    Args:
        cls: A subclass of `PyComponent`, `JsComponent` or `Model`, a function, plain or ``async``, or an `App`; or an
            address, ``http://…``, ``https://…`` or ``file://…``, which is shown as it is.
        runtime: Which program shows the window; see `App.launch`.
        properties: Values of the component's properties, or keyword arguments for the function.
        **options: Wishes for the window; see `App.launch`.

    Returns:
        The component, which is made now; for a function a `ScriptHandle`; for an address the window.

    Raises:
        TypeError: `cls` is an `App` or an address, and `properties` were given; or it is several apps.
    """
    if isinstance(cls, Mapping | list | tuple):
        raise TypeError(
            f"launch() shows one app, and was given {len(cls)} at once: serve() them, and launch() the one that the "
            "first window shows; go_app() opens the others."
        )
    if isinstance(cls, str) and "://" in cls:
        if properties:
            raise TypeError(f"{cls!r} is an address, which has no properties.")
        return launcher().launch_url(cls, runtime, **options)
    return _app_of(cls, properties).launch(runtime, **options)  # type: ignore[arg-type]


@overload
def serve(cls: Mapping[str, Target] | list[Target] | tuple[Target, ...]) -> dict[str, Target]: ...


@overload
def serve(cls: C, name: str | None = None, properties: Mapping[str, object] | None = None) -> C: ...


def serve(
    cls: C | Mapping[str, Target] | list[Target] | tuple[Target, ...],
    name: str | None = None,
    properties: Mapping[str, object] | None = None,
) -> C | dict[str, Target]:
    """Make a component class or a function reachable with a browser; short for ``App(cls, **properties).serve(name)``.

    Args:
        cls: A subclass of `PyComponent`, `JsComponent` or `Model`, a function, plain or ``async``, or an `App`. Or
            several of them: a dict by name, in which ``"index"`` or ``""`` is the main app, or a list, in which each
            has its own name. If one of several is refused, none is served.
        name: First part of the URL; the name of the class or function when None, the main app at ``/`` when empty.
        properties: Values of the component's properties.

    Returns:
        What was given, so that this can be a decorator; of several a dict by name.

    Raises:
        TypeError: One of several cannot be an app, or has no text as its name; or several were given one `name`.
        ConfigError: No app was given, a name cannot be part of a URL, or another app has it.
    """
    if isinstance(cls, Mapping | list | tuple):
        if name is not None or properties:
            raise TypeError("serve() takes several apps without `name` and `properties`; give it App(…)s with values.")
        return _serve_several(cls)
    _app_of(cls, properties).serve(name)
    return cls


def export(
    cls: type | App, filename: str | Path, properties: Mapping[str, object] | None = None, **options: Any
) -> None:
    """Write a component class as a page that needs no Python; short for ``App(…).export(filename)``.

    Args:
        cls: A subclass of `PyComponent`, `JsComponent` or `Model`, or an `App`.
        filename: The page, or a folder; see `App.export`.
        properties: Values of its properties; an `App` has its own.
        **options: ``link`` and ``overwrite``; see `App.export`.

    Raises:
        TypeError: `cls` is an `App`, and `properties` were given.
    """
    _app_of(cls, properties).export(filename, **options)


def create_server(
    host: str | bool | None = None,
    port: int | str | None = None,
    loop: object = None,
    backend: str = "tornado",
    **server_kwargs: object,
) -> Server:
    """Make a server in the place of the present one, which is closed.

    Apps, sessions and the handlers that were added stay: a process has one Tornado application.

    Args:
        host: Address or name to listen on; None takes the setting; False does not listen, for programs that give
            ``current_server().app`` to a server of their own.
        port: Its number. 0 takes one that is free, the same for an app if it can. A text of digits is a number; any
            other text becomes a port between 49152 and 65535, always the same. None takes the setting.
        loop: The asyncio loop on which the program is to run; None has a new one made.
        backend: ``"tornado"``.
        **server_kwargs: Arguments for Tornado's ``HTTPServer``: ``ssl_options`` with a certificate, ``xheaders=True``
            behind a proxy.

    Raises:
        RuntimeError: A server is running.
        ConfigError: An argument is impossible, or the port is taken. The present server stays then.
    """
    return launcher().create_server(host, port, loop, backend, **server_kwargs)


@overload
def current_server(create: Literal[True] = True, **server_kwargs: object) -> Server: ...


@overload
def current_server(create: bool, **server_kwargs: object) -> Server | None: ...


def current_server(create: bool = True, **server_kwargs: object) -> Server | None:
    """Return the present server.

    Its ``app`` is the Tornado application: ``current_server().app.add_handlers(r".*", [(r"/mine", MyHandler)])``.

    Args:
        create: Whether to make one if there is none; else None is returned.
        **server_kwargs: For `create_server`, if one is made.
    """
    return launcher().current_server(create, **server_kwargs)


def run(policy: ExitPolicy | str | None = None) -> int:
    """Run until the last window closes; return the exit code 0. See `deskapp.launcher.Launcher.run`.

    Args:
        policy: ``"last_window"``, ``"main_window"`` (the first one takes the others with it) or ``"never"`` (`stop`
            ends it); the setting ``exit_policy`` when None.
    """
    return launcher().run(policy)


def start() -> int:
    """Run the server until `stop` is called, whether there are windows or not."""
    return launcher().start()


def stop() -> None:
    """Make `run` or `start` return, in order; may be called from any thread."""
    launcher().stop()


def init_interactive(
    cls: type | App | None = None, runtime: str | None = None, **options: object
) -> BaseAppComponent | Model:
    """Show a window and go on with the prompt: IPython's, that of Jupyter and other kernels, or the plain one.

    Components that are made at the prompt from now on appear in that window. Called again, this does nothing while
    the window is open; after that it opens another one. The end of the prompt ends all windows.

    Args:
        cls: What the window shows first: a subclass of `PyComponent`, `JsComponent` or `Model`, or an `App`. None: an
            empty page.
        runtime: Which program shows the window; see `App.launch`.
        **options: Wishes for the window; see `App.launch`.

    Returns:
        The root component of the window.

    Raises:
        DeskappError: There is no prompt, or one that lets nobody work while it waits.
        RuntimeUnavailable: None of the runtimes can work on this machine.
        TranspileError: A class cannot become JavaScript; of what is typed at a plain prompt before Python 3.13, none
            can.
    """
    from deskapp.interactive import EmptyPage, prompt

    if cls is None:
        cls, options = EmptyPage, {"title": "deskapp", **options}
    if not isinstance(cls, type | App) or (isinstance(cls, App) and cls.spec.is_script):
        raise TypeError(f"init_interactive() shows components, not {cls!r}; launch() shows what a function does.")
    app = _app_of(cls, None)

    def show() -> BaseAppComponent | Model:
        shown: Any = app.launch(runtime, **options)  # type: ignore[arg-type]
        component: BaseAppComponent | Model = shown
        return component

    return prompt(launcher()).show(show)


def init_notebook() -> None:
    """Show components in the cells of this Jupyter notebook.

    From now on components may be made in cells, and one that a cell ends with, or that is given to ``display``, is
    shown below the cell. Needs the extra ``notebook``; no server and no port.

    Raises:
        DeskappError: This is no Jupyter kernel.
        PackageMissing: anywidget is not installed.
    """
    from deskapp.interactive import notebook

    notebook(launcher())


def call_soon(function: Callable[..., object], *args: object) -> None:
    """Have a function called soon on the thread that components live on; may be called from any thread.

    Args:
        function: What to call.
        *args: Its arguments.
    """
    from deskapp.event import current_loop

    current_loop().call_soon(function, *args)


class _Default:
    """Holds the program's launcher, made on first use and replaceable in tests."""

    launcher: Launcher | None = None


def launcher() -> Launcher:
    """Return the program's launcher, made on first use."""
    if _Default.launcher is None:
        from deskapp.launcher import Launcher

        _Default.launcher = Launcher()
    return _Default.launcher


def takes_script() -> bool:
    """Whether a script may have its window now: nothing was launched or served, and the launcher is the program's own.

    Raises:
        SystemExit: The program runs only to see what it consists of.
    """
    present = _Default.launcher
    return present is None or present.takes_script()


def use_launcher(new: Launcher | None) -> Launcher | None:
    """Replace the program's launcher and return the old one; for tests.

    Args:
        new: The launcher; None has a new one made on next use, with what `deskapp.config` says then.
    """
    old, _Default.launcher = _Default.launcher, new
    if new is None:
        default_config().release()
    return old


def _app_of(cls: object, properties: Mapping[str, object] | None) -> App:
    if not isinstance(cls, App):
        return App(cls, **(properties or {}))  # type: ignore[arg-type]
    if properties:
        raise TypeError(f"{cls!r} has its values already: give them to App(), not in `properties`.")
    return cls


def _serve_several(given: Mapping[str, Target] | Sequence[Target]) -> dict[str, Target]:
    if isinstance(given, Mapping):
        named = dict(given)
    else:
        named = {}
        for target in given:
            own_name = name_of(target.cls if isinstance(target, App) else target)
            if own_name in named:
                raise _twice(own_name, "give serve() a dict, in which each has a name of its own")
            named[own_name] = target
    if not named:
        raise ConfigError("apps", given, origin="serve", why="there is none in it; give at least one")
    for name in named:
        if not isinstance(name, str):
            raise TypeError(f"serve() knows apps by names that are texts, not by {name!r}.")
    if INDEX in named and "" in named:
        raise _twice(INDEX, "'index' and '' both mean the main app")
    apps = {name: _app_of(target, None) for name, target in named.items()}
    _serve_together([(app, "" if name == INDEX else name) for name, app in apps.items()])
    return named


def _twice(name: str, why: str) -> ConfigError:
    return ConfigError("name", name, origin="serve", why=f"two of the apps are called so; {why}")


def _serve_together(apps: Sequence[tuple[App, str | None]]) -> None:
    """Serve all of them, or none if one of them cannot be."""
    specs: dict[App, AppSpec] = {}
    for app, name in apps:
        known = specs.get(app, app._spec if app.is_served else None)
        if known is not None:
            raise RuntimeError(f"{app!r} is served already, as {known.public_name!r}.")
        specs[app] = app._make_spec(name)
    launcher().serve(*specs.values())
    for app, spec in specs.items():
        app._spec = spec


def _title_and_icon(values: Mapping[str, object]) -> tuple[str, Path | None]:
    """What an app's values say about its windows; values of other kinds are the component's own business."""
    title, icon = values.get("title"), values.get("icon")
    return title if isinstance(title, str) else "", Path(icon) if isinstance(icon, str | Path) and str(icon) else None


def _own_names(cls: type | Callable[..., object]) -> Iterable[str]:
    """The properties of a class, or the parameters of a function."""
    if isinstance(cls, type):
        names: Iterable[str] = cls.__properties__  # type: ignore[attr-defined]
        return names
    import inspect

    try:
        return list(inspect.signature(cls).parameters)
    except ValueError:  # some that are written in C have none
        return ()


def _check_target(cls: object) -> None:
    from deskapp import bridge

    if callable(cls) and not isinstance(cls, type | App):
        return
    if isinstance(cls, type) and issubclass(cls, bridge.PyComponent | bridge.JsComponent):
        return
    if not isinstance(cls, type) or not issubclass(cls, bridge.Model):  # not looked at, so not imported, without need
        raise TypeError(
            f"{cls!r} cannot be an app: it must be a subclass of deskapp.PyComponent, deskapp.JsComponent "
            "or deskapp.Model, or a function."
        )
