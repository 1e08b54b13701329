"""The server: the only room that knows Tornado."""

from deskapp.server._server import Server

__all__ = ["Server"]
