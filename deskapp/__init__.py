"""Python in, desktop application out.

    from deskapp import JsComponent, PyComponent, event, launch, run

Every name is imported when it is first used, so that importing deskapp costs next to nothing.
"""

from __future__ import annotations

from deskapp._lazy import lazy_names

# Type checkers take this name for true wherever it comes from, and importing `typing` takes 8 ms.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from deskapp import app, errors, event, flx, native, paths, runtime, session, testing

    # Not in `__all__`: who imports all is to keep Python's `input`.
    from deskapp import input as input
    from deskapp import output as output
    from deskapp import pin as pin
    from deskapp._config import Settings
    from deskapp._config_object import Config
    from deskapp._exit_policy import ExitPolicy
    from deskapp._logging import set_log_level
    from deskapp._spec import Csp
    from deskapp._version import __version__
    from deskapp.app import (
        App,
        call_soon,
        create_server,
        current_server,
        export,
        init_interactive,
        init_notebook,
        launch,
        run,
        serve,
        start,
        stop,
    )
    from deskapp.assets import Asset, AssetStore, Bundle
    from deskapp.bridge import (
        JsComponent,
        LocalProperty,
        Model,
        PyComponent,
        RawJS,
        StubComponent,
        get_component_classes,
        this_is_js,
        undefined,
        window,
    )
    from deskapp.session import Session

    config: Config
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "deskapp._config": ("Settings",),
            "deskapp._exit_policy": ("ExitPolicy",),
            "deskapp._logging": ("set_log_level",),
            "deskapp._spec": ("Csp",),
            "deskapp._version": ("__version__",),
            "deskapp.app": (
                "App",
                "call_soon",
                "create_server",
                "current_server",
                "export",
                "init_interactive",
                "init_notebook",
                "launch",
                "run",
                "serve",
                "start",
                "stop",
            ),
            "deskapp.assets": ("Asset", "AssetStore", "Bundle"),
            "deskapp.bridge": (
                "JsComponent",
                "LocalProperty",
                "Model",
                "PyComponent",
                "RawJS",
                "StubComponent",
                "get_component_classes",
                "this_is_js",
                "undefined",
                "window",
            ),
            "deskapp.session": ("Session",),
        },
        submodules=(
            "app",
            "errors",
            "event",
            "flx",
            "input",
            "native",
            "output",
            "paths",
            "pin",
            "runtime",
            "session",
            "testing",
        ),
        made={"config": lambda: _present_config()},
    )

__all__ = [
    "App",
    "Asset",
    "AssetStore",
    "Bundle",
    "Csp",
    "ExitPolicy",
    "JsComponent",
    "LocalProperty",
    "Model",
    "PyComponent",
    "RawJS",
    "Session",
    "Settings",
    "StubComponent",
    "__version__",
    "app",
    "call_soon",
    "config",
    "create_server",
    "current_server",
    "errors",
    "event",
    "export",
    "flx",
    "get_component_classes",
    "init_interactive",
    "init_notebook",
    "launch",
    "native",
    "paths",
    "run",
    "runtime",
    "serve",
    "session",
    "set_log_level",
    "start",
    "stop",
    "testing",
    "this_is_js",
    "undefined",
    "window",
]


def _present_config() -> Config:
    from deskapp._config_object import default_config

    return default_config()  # asked anew each time: tests replace it


def __dir__() -> list[str]:
    return sorted(__all__)
