from __future__ import annotations

import pytest

from deskapp.session._data import SessionData


def test_data_is_kept_under_its_name_until_it_is_removed() -> None:
    data = SessionData("data/")
    data.add("b", b"2")
    data.add("a/b", b"1")
    assert (data.get("b"), data.get("a/b"), data.get("c")) == (b"2", b"1", None)
    assert data.names() == ["a/b", "b"]
    data.remove("b")
    data.remove("never there")
    assert data.names() == ["a/b"]


def test_the_last_data_of_a_name_counts() -> None:
    data = SessionData("data/")
    data.add("a", b"1")
    data.add("a", b"2")
    assert data.get("a") == b"2"


def test_data_does_not_change_when_its_source_does() -> None:
    source = bytearray(b"abc")
    data = SessionData("data/")
    data.add("a", source)  # type: ignore[arg-type]
    source[0] = 0
    assert data.get("a") == b"abc"


@pytest.mark.parametrize("name", ["", None, 3, b"a"])
def test_a_name_is_a_text_that_is_not_empty(name: object) -> None:
    with pytest.raises(TypeError, match="name of data"):
        SessionData("data/").add(name, b"")  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["text", None, [1]])
def test_data_is_bytes(value: object) -> None:
    with pytest.raises(TypeError, match="must be bytes"):
        SessionData("data/").add("a", value)  # type: ignore[arg-type]


def test_clearing_drops_all() -> None:
    data = SessionData("data/")
    data.add("a", b"1")
    data.clear()
    assert data.names() == []


@pytest.mark.parametrize("name", ["..", "../x", "a/./b", "a/.."])
def test_names_that_no_browser_asks_for_are_refused(name: str) -> None:
    data = SessionData("/d/")
    with pytest.raises(ValueError, match="browsers leave"):
        data.add(name, b"x")
    assert data.names() == []
    assert data.add("a..b/.c", b"x") == "/d/a..b/.c"
