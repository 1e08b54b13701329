"""Which links leave the application."""

from __future__ import annotations

import pytest

from deskapp.runtime.webview._links import is_openable, leads_out

HERE = "http://127.0.0.1:5000/app/"


@pytest.mark.parametrize(
    ("target", "out"),
    [
        ("http://127.0.0.1:5000/app/other", False),
        ("http://127.0.0.1:5000/app/#part", False),
        ("http://127.0.0.1:5001/app/", True),
        ("https://127.0.0.1:5000/app/", True),
        ("https://example.org/", True),
        ("mailto:a@example.org", True),
        ("blob:http://127.0.0.1:5000/1", False),
        ("javascript:void(0)", False),
    ],
)
def test_a_link_leads_out_if_its_origin_is_another(target: str, out: bool) -> None:
    assert leads_out(HERE, target) is out


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:1", "vscode://file/x", "x-terminal:rm"])
def test_a_page_cannot_start_other_programs(url: str) -> None:
    assert not is_openable(url)


def test_web_and_mail_addresses_are_opened_outside() -> None:
    assert all(map(is_openable, ["http://a.example", "https://a.example", "mailto:a@a.example"]))
