from __future__ import annotations

import mimetypes

import pytest

from deskapp.server._content_types import content_type


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.js", "text/javascript; charset=utf-8"),
        ("folder/A.CSS", "text/css; charset=utf-8"),
        ("x.json", "application/json"),
        ("film.mp4", "video/mp4"),
        ("x.wasm", "application/wasm"),
        ("no_ending", "application/octet-stream"),
        ("x.nothing", "application/octet-stream"),
        ("js", "application/octet-stream"),
    ],
)
def test_a_name_tells_the_kind_of_a_file(name: str, kind: str) -> None:
    assert content_type(name) == kind


def test_what_the_machine_says_of_endings_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mimetypes, "guess_type", lambda *_: ("text/plain", None))
    assert content_type("a.js").startswith("text/javascript")
