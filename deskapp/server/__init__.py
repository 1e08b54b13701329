"""The server: the only room that knows Tornado."""

from deskapp.server._application import Application, Site
from deskapp.server._options import ServerPlan, read_plan
from deskapp.server._server import Server

__all__ = ["Application", "Server", "ServerPlan", "Site", "read_plan"]
