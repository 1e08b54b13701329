from __future__ import annotations

import pytest

from deskapp.errors import ConfigError
from deskapp.server._hosts import LOOPBACK, AllowedHosts, bracketed, hosts_at, is_loopback, listed_hosts

HOSTS = hosts_at(4000, LOOPBACK)


@pytest.mark.parametrize("host", ["127.0.0.1:4000", "localhost:4000", "LOCALHOST:4000", "[::1]:4000"])
def test_the_exact_hosts_are_answered(host: str) -> None:
    assert HOSTS.allows_host(host)


@pytest.mark.parametrize(
    "host",
    [None, "", "127.0.0.1", "127.0.0.1:4001", "localhost", "evil.example:4000", "127.0.0.1:4000.evil.example",
     "0.0.0.0:4000",
     "127.0.0.1:4000@evil.example", " 127.0.0.1:4000", "127.1:4000", "2130706433:4000"],
)  # fmt: skip
def test_no_other_host_is_answered(host: str | None) -> None:
    assert not HOSTS.allows_host(host)


def test_on_the_ports_of_the_web_the_port_is_left_out() -> None:
    assert hosts_at(80, ["127.0.0.1"]).allows_host("127.0.0.1")
    assert hosts_at(443, ["app.example"], protocol="https").allows_host("app.example")
    assert not hosts_at(443, ["app.example"]).allows_host("app.example")


@pytest.mark.parametrize("host", ["127.0.0.1:4000", "localhost:4000", "[::1]:4000"])
def test_a_page_of_this_very_host_may_open_a_socket(host: str) -> None:
    assert HOSTS.allows_origin(f"http://{host}", host=host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "127.0.0.1:4000"),
        ("", "127.0.0.1:4000"),
        ("null", "127.0.0.1:4000"),
        ("file://", "127.0.0.1:4000"),
        ("http://evil.example", "127.0.0.1:4000"),
        ("http://127.0.0.1:4001", "127.0.0.1:4000"),
        ("http://localhost:4000", "127.0.0.1:4000"),
        ("https://127.0.0.1:4000", "127.0.0.1:4000"),
        ("http://127.0.0.1:4000/", "127.0.0.1:4000"),
        ("http://evil.example:4000", "evil.example:4000"),
        ("http://127.0.0.1:4000", None),
    ],
)
def test_no_other_page_may(origin: str | None, host: str | None) -> None:
    assert not HOSTS.allows_origin(origin, host=host)


def test_behind_tls_the_origin_is_that_of_tls() -> None:
    assert HOSTS.allows_origin("https://localhost:4000", host="localhost:4000", secure=True)
    assert not HOSTS.allows_origin("http://localhost:4000", host="localhost:4000", secure=True)


def listed(*entries: str) -> AllowedHosts:
    return listed_hosts(entries, port=4000, origin="the test")


def test_a_listed_name_is_answered_at_our_port_and_at_the_usual_one() -> None:
    hosts = listed("Apps.example.org")
    for host in ("apps.example.org", "apps.example.org:4000", "APPS.example.org"):
        assert hosts.allows_host(host)
        assert hosts.allows_origin(f"http://{host}", host=host)
    for host in ("example.org", "x.apps.example.org", "apps.example.org.evil.example", "apps.example.org:4001"):
        assert not hosts.allows_host(host)


def test_a_listed_name_with_a_port_is_answered_at_that_one_alone() -> None:
    hosts = listed("apps.example.org:8443", "[fe80::1]:90")
    assert hosts.allows_host("apps.example.org:8443")
    assert hosts.allows_host("[fe80::1]:90")
    assert not hosts.allows_host("apps.example.org")
    assert not hosts.allows_host("apps.example.org:4000")


def test_behind_a_proxy_that_speaks_tls_pages_have_its_origin() -> None:
    hosts = listed("https://apps.example.org")
    assert hosts.allows_host("apps.example.org")
    assert hosts.allows_origin("https://apps.example.org", host="apps.example.org")
    assert not hosts.allows_origin("http://apps.example.org", host="apps.example.org")
    assert not hosts.allows_origin("https://apps.example.org", host="127.0.0.1:4000")
    assert not hosts.allows_host("apps.example.org:4000")


def test_the_usual_port_of_an_origin_is_left_out_as_browsers_do() -> None:
    assert listed("https://a.example:443").allows_host("a.example")
    assert listed("https://a.example:8443/").allows_origin("https://a.example:8443", host="a.example:8443")
    assert not listed("https://a.example:8443").allows_host("a.example")


@pytest.mark.parametrize(
    "entry", ["*", "*.example.org", "a b", "https://a.example/path", "ftp://a.example", "a.example:0", "a:99999", "a\n"]
)
def test_an_entry_that_is_no_host_is_an_error_that_names_it(entry: str) -> None:
    with pytest.raises(ConfigError, match="host_allow_list"):
        listed(entry)


def test_hosts_can_be_joined() -> None:
    both = hosts_at(1, ["a"]) | listed("https://b.example")
    assert both.allows_host("a:1")
    assert both.allows_host("b.example")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", "::1", "[::1]"])
def test_what_stays_on_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_what_does_not(host: str) -> None:
    assert not is_loopback(host)


def test_addresses_of_version_six_stand_in_brackets() -> None:
    assert [bracketed(host) for host in ("::1", "[::1]", "a.example", "1.2.3.4")] == [
        "[::1]", "[::1]", "a.example", "1.2.3.4",
    ]  # fmt: skip
