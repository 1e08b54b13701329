"""The server: the only room that knows Tornado."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskapp.server._application import Application, Site
from deskapp.server._options import ServerPlan, read_plan
from deskapp.server._server import Server

if TYPE_CHECKING:
    from deskapp.server._site import SiteServer

__all__ = ["Application", "Server", "ServerPlan", "Site", "SiteServer", "read_plan"]


def __getattr__(name: str) -> object:
    if name == "SiteServer":  # another program than the one that shows windows, which need not wait for it
        from deskapp.server._site import SiteServer

        return SiteServer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
