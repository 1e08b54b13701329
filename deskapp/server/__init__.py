"""The server: the only room that knows Tornado."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskapp._lazy import lazy_names
from deskapp.server._application import Application, Site
from deskapp.server._options import ServerPlan, read_plan
from deskapp.server._server import Server
from deskapp.server._sockets import check_host

if TYPE_CHECKING:
    from deskapp.server._site import SiteServer
else:  # another program than the one that shows windows, which need not wait for it
    __getattr__ = lazy_names(__name__, {"deskapp.server._site": ("SiteServer",)})

__all__ = ["Application", "Server", "ServerPlan", "Site", "SiteServer", "check_host", "read_plan"]
