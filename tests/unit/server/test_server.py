from __future__ import annotations

import asyncio
import socket
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
from deskapp.server import Server
from tests.integration.sockets import get
from tests.unit.session.classes import Main


def make(*, port: int | None = None, **settings: Any) -> Server:
    chosen = Settings(**settings)
    store = AssetStore()
    with use_loop(Loop()):
        manager = AppManager(chosen, store, ModuleGraph(store, CodeSource()))
    manager.register(AppSpec(Main, "Main"), serve=True)
    return Server(chosen, manager, store, port=port)


async def test_a_server_is_bound_when_it_is_made_and_answers_once_started() -> None:
    server = make()
    host, port = server.serving
    assert (host, server.url("/x/")) == ("127.0.0.1", f"http://127.0.0.1:{port}/x/")
    waiting = asyncio.ensure_future(get(server.url("/Main/")))  # connects at once, is answered later
    await asyncio.sleep(0)
    server.start()
    assert (await waiting).code == 200
    await server.stop()


async def test_starting_twice_is_starting_once() -> None:
    server = make()
    server.start()
    server.start()
    assert (await get(server.url("/Main/"))).code == 200
    await server.stop()


async def test_a_server_that_stopped_has_let_its_port_go() -> None:
    server = make()
    server.start()
    port = server.serving[1]
    await server.stop()
    again = make(**{"port": None})
    await again.stop()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


async def test_a_server_that_never_started_lets_its_port_go_too() -> None:
    server = make()
    port = server.serving[1]
    await server.stop()
    await server.stop()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


async def test_a_preferred_port_is_taken_if_it_is_free_and_no_fault_if_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = make(port=port)
        assert server.serving[1] not in (0, port)
        await server.stop()
    server = make(port=port)
    assert server.serving[1] == port
    await server.stop()


async def test_a_port_that_was_asked_for_and_is_taken_is_an_error_that_names_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        store = AssetStore()
        settings = Settings(port=port)
        with use_loop(Loop()):
            manager = AppManager(settings, store, ModuleGraph(store, CodeSource()))
        with pytest.raises(ConfigError, match=f"'port' .* cannot be {port}"):
            Server(settings, manager, store)


def test_a_host_that_is_not_of_this_machine_is_an_error_that_names_it() -> None:
    with pytest.raises(ConfigError, match="'host'"):
        make(host="203.0.113.7")


async def test_a_server_may_listen_on_another_address_of_the_loopback() -> None:
    server = make(host="localhost")
    server.start()
    assert (await get(server.url("/Main/"))).code == 200
    await server.stop()


def test_starting_needs_a_running_loop() -> None:
    server = make()
    with pytest.raises(RuntimeError):
        server.start()
    asyncio.run(server.stop())


async def test_further_hosts_are_those_of_the_settings() -> None:
    server = make(host_allow_list=("my.example",))
    server.start()
    port = server.serving[1]
    reply = await get(server.url("/Main/"), headers={"Host": f"my.example:{port}"})
    assert reply.code == 200
    await server.stop()
