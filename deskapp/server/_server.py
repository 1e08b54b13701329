"""`Server`: listens on a port, or on two, for the program's one Tornado application."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import TYPE_CHECKING, Protocol

from tornado import httpserver

from deskapp.server._application import Application
from deskapp.server._hosts import LOOPBACK, WILDCARDS, AllowedHosts, bracketed, hosts_at, is_loopback, listed_hosts
from deskapp.server._options import ServerPlan
from deskapp.server._sockets import bind, listen

if TYPE_CHECKING:
    from deskapp.session import Session

logger = logging.getLogger("deskapp.server")

IDLE_S = 75.0
"""So long a connection may keep us waiting for a request's head. Tornado's hour lets a few hundred idle connections,
which cost a stranger nothing, take all the descriptors that a process may have."""


class Program(Protocol):
    """What a server asks of the program that it is part of; the launcher is one."""

    @property
    def is_running(self) -> bool: ...

    def start(self) -> int: ...

    def stop(self) -> None: ...


class Server:
    """Listens from the moment it is made; answers while the program runs.

    Windows of launched apps always come to 127.0.0.1 without TLS: where the server itself is not reached that way, it
    listens there as well, for them.

    Args:
        app: What answers; the program has one, whatever servers it makes.
        plan: Where to listen, and how.
        program: Runs the program when `start` is called.
        port: The port to try first where the plan takes any. That it is taken is no error.

    Raises:
        ConfigError: The port that was asked for is taken, or the host is not one of this machine.
    """

    def __init__(self, app: Application, plan: ServerPlan, program: Program, *, port: int | None = None) -> None:
        self._app = app
        self._settings = plan.settings
        self._program = program
        self._preferred_port = port
        self._http = httpserver.HTTPServer(app, **{"idle_connection_timeout": IDLE_S, **plan.options})
        self._protocol = "https" if plan.options.get("ssl_options") is not None else "http"
        self._window_http = httpserver.HTTPServer(app, idle_connection_timeout=IDLE_S)
        self._is_listening = self._is_closed = False
        self._is_announced = False
        self._socket = bind(self._settings, preferred=port) if plan.listens else None
        self._port = _port_of(self._socket)
        self._window_socket: socket.socket | None = None
        self._port_of_windows = 0
        self._tell_hosts()

    def __repr__(self) -> str:
        serving = self.serving
        return f"<Server at {self.url('/')}>" if serving is not None else "<Server, not listening>"

    # -- what it is ------------------------------------------------------------------------------------------------

    @property
    def serving(self) -> tuple[str, int] | None:
        """Host and port; None if it does not listen, or does no longer."""
        if self._socket is None or self._is_closed:
            return None
        return self._settings.host, self._port

    @property
    def protocol(self) -> str:
        """``"http"`` or ``"https"``."""
        return self._protocol

    @property
    def app(self) -> Application:
        """The Tornado application: ``app.add_handlers(r".*", [(r"/mine", MyHandler)])``."""
        return self._app

    @property
    def server(self) -> httpserver.HTTPServer:
        """Tornado's own server below this one."""
        return self._http

    @property
    def is_closed(self) -> bool:
        """Whether it has let its port go for good."""
        return self._is_closed

    def url(self, path: str) -> str:
        """The address of a path on this server.

        Args:
            path: Begins with a slash.

        Raises:
            RuntimeError: It does not listen.
        """
        serving = self.serving
        if serving is None:
            why = "is closed" if self._is_closed else "does not listen: it was made with create_server(host=False)"
            raise RuntimeError(f"There is no address for {path!r}: the server {why}.")
        host, port = serving
        if host in WILDCARDS:  # no address that anybody could open
            listed = next(iter(self._settings.host_allow_list), "127.0.0.1")
            if "://" in listed:
                return f"{listed.rstrip('/')}{path}"
            if not listed.endswith("]") and ":" in listed:
                return f"{self._protocol}://{listed}{path}"
            host = listed
        return f"{self._protocol}://{bracketed(host)}:{port}{path}"

    def launch_url(self, session: Session, path: str) -> str:
        """The address that admits one page to a session, once."""
        port = self._window_port()
        return f"http://127.0.0.1:{port}{path}#k={self._app.site.admit_by_ticket(session)}"

    # -- for users -------------------------------------------------------------------------------------------------

    def start(self) -> int:
        """Run the program until it is stopped, as `deskapp.start` does.

        Raises:
            RuntimeError: It is closed, or the program runs already.
        """
        if self._is_closed:
            raise RuntimeError("This server is closed; create_server() makes another.")
        if self._program.is_running:
            raise RuntimeError("This server runs already.")
        return self._program.start()

    def stop(self) -> None:
        """Make the program end in order, as `deskapp.stop` does; may be called from any thread."""
        self._program.stop()

    def close(self) -> None:
        """Let the port go; a closed server is of no more use. Does nothing to one that is closed.

        Raises:
            RuntimeError: The program runs.
        """
        if self._is_listening:
            raise RuntimeError("This server runs; call stop() first, which closes it.")
        self._close_sockets()

    # -- for the launcher ------------------------------------------------------------------------------------------

    def listen(self) -> None:
        """Begin to answer; must be called on a running asyncio loop. Connections that came before have waited."""
        asyncio.get_running_loop()
        if self._is_listening:
            return
        self._is_listening = True
        if self._socket is not None:
            self._http.add_sockets([self._socket])
        if self._window_socket is not None:
            self._window_http.add_sockets([self._window_socket])
        self.announce()

    def announce(self) -> None:
        """Tell people who serve where; once, and only while it answers. Those who launch windows need not know."""
        if not self._is_listening or self._is_announced or self._socket is None:
            return
        if not self._app.site.manager.serves_any:
            logger.debug("Listening at %s", self.url("/"))
            return
        self._is_announced = True
        host = self._settings.host
        if not is_loopback(host):
            logger.warning(
                "The server is open to the network: it listens on %s, and whoever reaches it can use every served app.",
                host,
            )
            if self._protocol == "http":
                logger.warning(
                    "It speaks plain http: everybody on the way can read and change what is sent. "
                    "Set ssl_certfile, or let it listen on 127.0.0.1 behind a proxy that speaks TLS."
                )
            if host in WILDCARDS and not self._settings.host_allow_list:
                logger.warning(
                    "It answers to %s only. Name the hosts by which others reach it in host_allow_list.",
                    ", ".join(LOOPBACK),
                )
        logger.info("Serving apps at %s", self.url("/"))

    async def end(self, *, timeout_s: float = 5.0) -> None:
        """Stop listening and drop the connections that are left.

        Args:
            timeout_s: Seconds to wait for them.
        """
        was_listening, self._is_listening = self._is_listening, False
        if not was_listening:
            self._close_sockets()
            return
        self._is_closed = True
        both = (self._http, self._window_http)
        for http in both:
            http.stop()
        try:
            await asyncio.wait_for(asyncio.gather(*(http.close_all_connections() for http in both)), timeout_s)
        except asyncio.TimeoutError:
            logger.warning("Some connections did not end within %g s", timeout_s)

    # -- the rest --------------------------------------------------------------------------------------------------

    def _window_port(self) -> int:
        """A port of 127.0.0.1 that speaks plain http; opened now if there is none yet."""
        if self._is_plain_loopback():
            return self._port
        if self._window_socket is None:
            try:
                self._window_socket = listen("127.0.0.1", self._preferred_port or 0)
            except OSError:
                self._window_socket = listen("127.0.0.1", 0)
            self._port_of_windows = _port_of(self._window_socket)
            self._tell_hosts()
            if self._is_listening:
                self._window_http.add_sockets([self._window_socket])
        return self._port_of_windows

    def _is_plain_loopback(self) -> bool:
        return (
            self._socket is not None
            and self._protocol == "http"
            and self._settings.host in ("127.0.0.1", "localhost", "0.0.0.0")
        )

    def _tell_hosts(self) -> None:
        """Tell the application under which names it is reached now."""
        windows = served = AllowedHosts()
        if self._is_plain_loopback() or self._window_socket is not None:
            windows = hosts_at(self._window_port(), ["127.0.0.1"])
        settings = self._settings
        if self._socket is not None:
            names = [*LOOPBACK, *(() if settings.host in WILDCARDS else (settings.host,))]
            served = hosts_at(self._port, names, protocol=self._protocol)
        served |= listed_hosts(settings.host_allow_list, port=self._port, origin=settings.origin("host_allow_list"))
        self._app.site.answers_to(windows=windows, served=served)

    def _close_sockets(self) -> None:
        self._is_closed = True
        for listening in (self._socket, self._window_socket):
            if listening is not None:
                listening.close()


def _port_of(listening: socket.socket | None) -> int:
    """The number of its port, to be asked while it is open; 0 without a socket."""
    return 0 if listening is None else int(listening.getsockname()[1])
