from __future__ import annotations

import hashlib

from deskapp._content_tag import content_tag
from deskapp.assets import AssetStore
from deskapp.session._data import SessionData


def test_a_tag_is_half_of_the_contents_hash() -> None:
    assert content_tag(b"abc") == hashlib.sha256(b"abc").hexdigest()[:32]
    assert content_tag(b"") != content_tag(b"a")


def test_data_of_a_session_has_the_tag_of_its_present_content() -> None:
    data = SessionData("")
    assert data.tag("x") == ""
    data.add("x", b"one")
    assert data.tag("x") == data.tag("x") == content_tag(b"one")
    data.add("x", b"two")
    assert data.tag("x") == content_tag(b"two")
    data.remove("x")
    assert data.tag("x") == ""
    data.add("x", b"three")
    data.tag("x")
    data.clear()
    assert data.tag("x") == ""


def test_shared_data_has_a_tag() -> None:
    store = AssetStore()
    assert store.data_tag("x") == ""
    store.add_shared_data("x", b"one")
    assert store.data_tag("x") == content_tag(b"one")
