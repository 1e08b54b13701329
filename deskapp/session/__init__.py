"""Sessions: one page, one websocket, one window; and functions on the session whose code calls them.

What is not needed before the first window's process has started is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskapp._lazy import lazy_names
from deskapp.session._owner import SessionOwner, Transport

if TYPE_CHECKING:
    from deskapp.session._cookie_secret import CookieSecret
    from deskapp.session._functions import (
        defer_call,
        download,
        eval_js,
        go_app,
        hold,
        keep_running,
        register_thread,
        run_async,
        run_asyncio_coroutine,
        run_js,
        set_env,
    )
    from deskapp.session._info import info
    from deskapp.session._local import local
    from deskapp.session._main_script import MainScript
    from deskapp.session._session import Session, Status
    from deskapp.session._tasks import Script, ScriptHandle
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "deskapp.session._cookie_secret": ("CookieSecret",),
            "deskapp.session._functions": (
                "defer_call",
                "download",
                "eval_js",
                "go_app",
                "hold",
                "keep_running",
                "register_thread",
                "run_async",
                "run_asyncio_coroutine",
                "run_js",
                "set_env",
            ),
            "deskapp.session._info": ("info",),
            "deskapp.session._local": ("local",),
            "deskapp.session._main_script": ("MainScript",),
            "deskapp.session._session": ("Session", "Status"),
            "deskapp.session._tasks": ("Script", "ScriptHandle"),
        },
        submodules=("coroutinebased",),
    )

__all__ = [
    "CookieSecret",
    "MainScript",
    "Script",
    "ScriptHandle",
    "Session",
    "SessionOwner",
    "Status",
    "Transport",
    "defer_call",
    "download",
    "eval_js",
    "go_app",
    "hold",
    "info",
    "keep_running",
    "local",
    "register_thread",
    "run_async",
    "run_asyncio_coroutine",
    "run_js",
    "set_env",
]
