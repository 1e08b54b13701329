from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from deskapp._spec import AppSpec, Csp, title_from_class_name
from deskapp.errors import ConfigError


class MyMonitor:
    pass


@pytest.mark.parametrize("name", ["a", "A_1", "_x", "Main", "x" * 200])
def test_a_name_is_an_identifier_and_becomes_the_path(name: str) -> None:
    assert AppSpec(MyMonitor, name).path == f"/{name}/"


def test_the_main_app_lies_at_the_root() -> None:
    assert AppSpec(MyMonitor, "").path == "/"


@pytest.mark.parametrize("name", ["my-app", "1a", "a b", "a/b", "..", "a\n", "ü", "a.b", "<b>", 3, b"a"])
def test_what_cannot_be_part_of_a_url_is_refused(name: Any) -> None:
    with pytest.raises(ConfigError, match="becomes part of a URL"):
        AppSpec(MyMonitor, name)


@pytest.mark.parametrize("name", ["_ws", "_a", "_client", "_icon", "_ping"])
def test_names_that_the_server_needs_itself_are_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="the server itself"):
        AppSpec(MyMonitor, name)


def test_a_spec_does_not_change() -> None:
    spec = AppSpec(MyMonitor, "a")
    with pytest.raises(dataclasses.FrozenInstanceError):
        spec.name = "b"  # type: ignore[misc]


def test_the_title_is_the_class_name_in_words_unless_given() -> None:
    assert AppSpec(MyMonitor, "a").title == "My Monitor"
    assert AppSpec(MyMonitor, "a", title="Mine").title == "Mine"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("MySystemMonitor2", "My System Monitor 2"),
        ("HTTPServer", "HTTP Server"),
        ("clock", "clock"),
        ("_Hidden", "Hidden"),
        ("A", "A"),
        ("snake_case", "snake case"),
        ("__", "__"),
    ],
)
def test_class_names_become_titles(name: str, title: str) -> None:
    assert title_from_class_name(name) == title


@pytest.mark.parametrize(
    "origin", ["https://api.example.org", "wss://x.org:8000", "http://127.0.0.1:1", "https://*.example.org"]
)
def test_an_origin_may_be_allowed(origin: str) -> None:
    assert Csp(connect=(origin,)).connect == (origin,)


@pytest.mark.parametrize(
    "origin", ["*", "api.example.org", "https://x.org/path", "https://x.org; script-src *", "'self'", "https://a b"]
)
def test_what_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(ConfigError, match="write an origin"):
        Csp(connect=(origin,))
