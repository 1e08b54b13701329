from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest

from deskapp._config import Settings
from deskapp.errors import ConfigError
from deskapp.server._options import hashed_port, read_plan, read_port


def test_what_is_not_given_comes_from_the_settings() -> None:
    settings = Settings(host="localhost", port=4321)
    plan = read_plan(settings)
    assert (plan.settings.host, plan.settings.port, plan.listens) == ("localhost", 4321, True)
    assert plan.options == {"ssl_options": None}


def test_what_is_given_counts_and_says_where_it_came_from() -> None:
    plan = read_plan(Settings(host="localhost"), "127.0.0.1", "8080", xheaders=True)
    assert (plan.settings.host, plan.settings.port) == ("127.0.0.1", 8080)
    assert plan.settings.origin("port") == "create_server"
    assert plan.options["xheaders"] is True


def test_false_means_not_to_listen() -> None:
    plan = read_plan(Settings(), False)
    assert (plan.listens, plan.settings.host) == (False, "127.0.0.1")


@pytest.mark.parametrize(("port", "number"), [(0, 0), ("0", 0), (80, 80), ("65535", 65535), ("hello", 50120)])
def test_ports_are_numbers_or_names(port: int | str, number: int) -> None:
    assert read_port(port) == number


@pytest.mark.parametrize("port", [-1, 65536, "65536", True, 1.5, None, b"1"])
def test_other_ports_are_refused(port: Any) -> None:
    with pytest.raises(ConfigError, match="port"):
        read_port(port)


def test_names_become_ports_for_private_use() -> None:
    ports = [hashed_port(name) for name in ("", "a", "hello", "Hello", "my tool", "ü", "x" * 1000)]
    assert all(49152 <= port <= 65535 for port in ports)
    assert len(set(ports)) == len(ports)


@pytest.mark.parametrize("host", ["", True, 3, b"localhost"])
def test_hosts_that_are_none_are_refused(host: Any) -> None:
    with pytest.raises(ConfigError, match="host"):
        read_plan(Settings(), host)


def test_an_empty_host_in_the_settings_does_not_open_to_a_network() -> None:
    with pytest.raises(ConfigError, match=r"write '0\.0\.0\.0' if every address"):
        read_plan(Settings(host=""))


@pytest.mark.parametrize("entry", ["*", "a/b"])
def test_the_list_of_hosts_is_checked_before_anything_is_opened(entry: str) -> None:
    with pytest.raises(ConfigError, match="host_allow_list"):
        read_plan(Settings(host_allow_list=(entry,)))


def test_there_is_one_backend() -> None:
    assert read_plan(Settings(), backend="Tornado").listens
    with pytest.raises(ConfigError, match="'tornado'"):
        read_plan(Settings(), backend="flask")


def test_unknown_arguments_are_answered_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match="xheaders"):
        read_plan(Settings(), x_headers=True)


def test_a_certificate_in_code_counts_before_that_of_the_settings(certificate: tuple[Path, Path]) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    files = {"ssl_certfile": str(certificate[0]), "ssl_keyfile": str(certificate[1])}
    assert read_plan(Settings(**files), ssl_options=context).options["ssl_options"] is context  # type: ignore[arg-type]
    assert isinstance(read_plan(Settings(**files)).options["ssl_options"], ssl.SSLContext)  # type: ignore[arg-type]


@pytest.mark.parametrize("swapped", [False, True])
def test_a_certificate_that_is_none_is_refused(certificate: tuple[Path, Path], tmp_path: Path, swapped: bool) -> None:
    other = tmp_path / "other.pem"
    other.write_text("no certificate")
    files = {"ssl_certfile": str(other), "ssl_keyfile": str(certificate[1])}
    if swapped:
        files = {"ssl_certfile": str(certificate[1]), "ssl_keyfile": str(certificate[0])}
    with pytest.raises(ConfigError, match="ssl_certfile"):
        read_plan(Settings(**files))  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="ssl_options"):
        read_plan(Settings(), ssl_options={"certfile": files["ssl_certfile"], "keyfile": files["ssl_keyfile"]})
