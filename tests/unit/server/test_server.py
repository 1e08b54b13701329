"""One server: where it listens, what it says, and how it ends."""

from __future__ import annotations

import asyncio
import logging
import socket
from pathlib import Path
from typing import Any

import pytest

from deskapp._config import Settings
from deskapp._manager import AppManager
from deskapp._spec import AppSpec
from deskapp.assets import AssetStore
from deskapp.bridge.code_source import CodeSource
from deskapp.bridge.module_graph import ModuleGraph
from deskapp.errors import ConfigError
from deskapp.event import Loop, use_loop
from deskapp.server import Application, Server, Site, _server, read_plan
from tests.integration.sockets import get
from tests.unit.session.classes import Main


class Program:
    """Counts what a server asks of its program."""

    def __init__(self) -> None:
        self.is_running = False
        self.calls: list[str] = []

    def start(self) -> int:
        self.calls.append("start")
        return 7

    def stop(self) -> None:
        self.calls.append("stop")


def application(settings: Settings, *, serve: bool = True) -> Application:
    store = AssetStore()
    with use_loop(Loop()):
        manager = AppManager(settings, store, ModuleGraph(store, CodeSource()))
    manager.register(AppSpec(Main, "Main"), serve=serve)
    return Application(Site(settings, manager, store))


def make(*, port: int | None = None, serve: bool = True, given: Any = None, **settings: Any) -> Server:
    chosen = Settings(**settings)
    return Server(application(chosen, serve=serve), read_plan(chosen, **(given or {})), Program(), port=port)


def port_of(server: Server) -> int:
    assert server.serving is not None
    return server.serving[1]


async def test_a_server_is_bound_when_it_is_made_and_answers_once_it_listens() -> None:
    server = make()
    port = port_of(server)
    assert (server.serving, server.protocol) == (("127.0.0.1", port), "http")
    assert server.url("/x/") == f"http://127.0.0.1:{port}/x/"
    waiting = asyncio.ensure_future(get(server.url("/Main/")))  # connects at once, is answered later
    await asyncio.sleep(0)
    server.listen()
    assert (await waiting).code == 200
    await server.end()


async def test_listening_twice_is_listening_once() -> None:
    server = make()
    server.listen()
    server.listen()
    assert (await get(server.url("/Main/"))).code == 200
    await server.end()


async def test_a_server_that_ended_has_let_its_port_go() -> None:
    server = make()
    server.listen()
    port = port_of(server)
    await server.end()
    assert server.serving is None
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


async def test_a_server_that_never_listened_lets_its_port_go_too() -> None:
    server = make()
    port = port_of(server)
    await server.end()
    await server.end()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


async def test_a_preferred_port_is_taken_if_it_is_free_and_no_fault_if_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = make(port=port)
        assert port_of(server) not in (0, port)
        server.close()
    server = make(port=port)
    assert port_of(server) == port
    server.close()


def test_a_port_that_was_asked_for_and_is_taken_is_an_error_that_names_it() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(ConfigError, match=r"'port' .* cannot be \d+"),
    ):
        make(given={"port": taken.getsockname()[1]})


@pytest.mark.parametrize("host", ["203.0.113.7", "http://localhost", "localhost:80", "host.invalid"])
@pytest.mark.parametrize("port", [0, 49151])
def test_a_host_that_is_not_of_this_machine_is_an_error_that_names_it(host: str, port: int) -> None:
    with pytest.raises(ConfigError, match=rf"'host' .* cannot be '{host}'.*an address of this machine") as caught:
        make(host=host, port=port, given={"port": port})
    assert "another program" not in str(caught.value)


async def test_a_server_may_listen_on_another_address_of_the_loopback() -> None:
    server = make(host="localhost")
    server.listen()
    assert (await get(server.url("/Main/"))).code == 200
    await server.end()


async def test_an_address_of_version_six_stands_in_brackets() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    server = make(host="::1")
    server.listen()
    assert server.url("/Main/") == f"http://[::1]:{port_of(server)}/Main/"
    assert (await get(server.url("/Main/"))).code == 200
    await server.end()


def test_listening_needs_a_running_loop() -> None:
    server = make()
    with pytest.raises(RuntimeError):
        server.listen()
    server.close()


# -- what users call


def test_start_and_stop_are_those_of_the_program() -> None:
    server = make()
    program: Any = server._program
    assert server.start() == 7
    server.stop()
    assert program.calls == ["start", "stop"]
    program.is_running = True
    with pytest.raises(RuntimeError, match="runs already"):
        server.start()
    server.close()


def test_a_closed_server_says_so() -> None:
    server = make()
    server.close()
    server.close()
    assert (server.serving, server.is_closed) == (None, True)
    with pytest.raises(RuntimeError, match=r"closed; create_server\(\) makes another"):
        server.start()
    with pytest.raises(RuntimeError, match="the server is closed"):
        server.url("/")
    assert repr(server) == "<Server, not listening>"


async def test_a_server_that_listens_is_not_closed_but_stopped() -> None:
    server = make()
    server.listen()
    with pytest.raises(RuntimeError, match="call stop"):
        server.close()
    await server.end()


async def test_a_server_need_not_listen() -> None:
    server = make(given={"host": False})
    assert server.serving is None
    with pytest.raises(RuntimeError, match="host=False"):
        server.url("/")
    server.listen()
    await server.end()


async def test_the_application_may_be_answered_by_a_server_of_the_users_own() -> None:
    from tornado import httpserver

    server = make(given={"host": False}, host_allow_list=("mine.example",))
    own = httpserver.HTTPServer(server.app)
    sockets = [socket.create_server(("127.0.0.1", 0))]
    sockets[0].setblocking(False)
    own.add_sockets(sockets)
    address = f"http://127.0.0.1:{sockets[0].getsockname()[1]}/Main/"
    assert (await get(address, headers={"Host": "mine.example"})).code == 200
    assert (await get(address)).code == 421
    own.stop()
    await own.close_all_connections()
    server.close()


# -- what it tells


@pytest.mark.parametrize("sent", [b"", b"GET /Main/ HTTP/1.1\r\nHost: "])
async def test_a_connection_that_asks_for_nothing_is_dropped(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr(_server, "IDLE_S", 0.1)
    server = make()
    server.listen()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(server))
        writer.write(sent)
        assert await asyncio.wait_for(reader.read(), 10) == b""
        writer.close()
    finally:
        await server.end()


async def test_the_address_of_served_apps_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "deskapp.server")
    server = make()
    server.announce()
    assert caplog.messages == []
    server.listen()
    server.announce()
    assert caplog.messages == [f"Serving apps at http://127.0.0.1:{port_of(server)}/"]
    await server.end()


async def test_who_only_launches_windows_is_told_nothing_until_an_app_is_served(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "deskapp.server")
    server = make(serve=False)
    server.listen()
    assert caplog.messages == []
    server.app.site.manager.register(AppSpec(Main, "late"), serve=True)
    server.announce()
    assert caplog.messages == [f"Serving apps at {server.url('/')}"]
    await server.end()


@pytest.mark.parametrize(
    ("listed", "address"),
    [
        ((), "http://127.0.0.1:{port}/"),
        (("apps.example",), "http://apps.example:{port}/"),
        (("apps.example:90",), "http://apps.example:90/"),
        (("https://apps.example",), "https://apps.example/"),
    ],
)
async def test_opening_to_a_network_is_said_and_warned_about(
    caplog: pytest.LogCaptureFixture, listed: tuple[str, ...], address: str
) -> None:
    caplog.set_level(logging.INFO, "deskapp.server")
    server = make(host="0.0.0.0", host_allow_list=listed)
    server.listen()
    assert "open to the network" in caplog.text
    assert "plain http" in caplog.text
    assert ("in host_allow_list" in caplog.text) is not bool(listed)
    assert server.url("/") == address.format(port=port_of(server))
    assert caplog.messages[-1] == f"Serving apps at {server.url('/')}"
    await server.end()


async def test_an_open_server_answers_to_the_hosts_of_the_list_alone(caplog: pytest.LogCaptureFixture) -> None:
    server = make(host="0.0.0.0", host_allow_list=("my.example",))
    server.listen()
    port = port_of(server)
    address = f"http://127.0.0.1:{port}/Main/"
    for host in (f"my.example:{port}", f"127.0.0.1:{port}", f"localhost:{port}"):
        assert (await get(address, headers={"Host": host})).code == 200
    for host in (f"0.0.0.0:{port}", f"{socket.gethostname()}x:{port}", "evil.example"):
        assert (await get(address, headers={"Host": host})).code == 421
    assert (await get(address, headers={"Host": "evil.example"})).code == 421
    told = [message for message in caplog.messages if "evil.example" in message]
    assert told == [
        "A request for the host 'evil.example' was refused. If that is this server, add it to host_allow_list."
    ]
    await server.end()


async def test_strangers_cannot_fill_the_log_with_hosts(caplog: pytest.LogCaptureFixture) -> None:
    server = make()
    server.listen()
    for number in range(40):
        await get(server.url("/"), headers={"Host": f"host{number}.example"})
    assert 0 < sum("was refused" in message for message in caplog.messages) <= 20
    await server.end()


# -- windows


async def test_windows_come_to_the_loopback_without_tls_wherever_the_server_listens(
    certificate: tuple[Path, Path], session: Any
) -> None:
    files: dict[str, Any] = {"ssl_certfile": str(certificate[0]), "ssl_keyfile": str(certificate[1])}
    for settings in (files, {"host": "::1"} if socket.has_ipv6 else files):
        server = make(serve=False, **settings)
        server.listen()
        address = server.launch_url(session, "/Main/")
        assert address.startswith("http://127.0.0.1:")
        assert f":{port_of(server)}/" not in address
        assert server.launch_url(session, "/Main/").split("#")[0] == address.split("#")[0]
        assert (await get(address.split("#")[0])).code == 200
        await server.end()
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", int(address.split(":")[2].split("/")[0]))) != 0


@pytest.fixture
def session() -> Any:
    from deskapp.testing import AppHarness

    with AppHarness() as app:
        yield app.session(Main)


# -- TLS


async def test_with_a_certificate_it_speaks_https(
    certificate: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    server = make(ssl_certfile=str(certificate[0]), ssl_keyfile=str(certificate[1]), host="0.0.0.0")
    server.listen()
    assert server.protocol == "https"
    assert server.url("/Main/").startswith("https://")
    assert (await get(server.url("/Main/"), ca_certs=str(certificate[0]))).code == 200
    assert "plain http" not in caplog.text
    await server.end()


@pytest.mark.parametrize("kind", ["dict", "context"])
async def test_a_certificate_may_be_given_in_code(certificate: tuple[Path, Path], kind: str) -> None:
    import ssl

    options: Any = {"certfile": str(certificate[0]), "keyfile": str(certificate[1])}
    if kind == "context":
        options = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        options.load_cert_chain(*certificate)
    server = make(given={"ssl_options": options})
    server.listen()
    assert (await get(server.url("/Main/"), ca_certs=str(certificate[0]))).code == 200
    await server.end()
