"""Which dictionary checks a language."""

from __future__ import annotations

import pytest

from deskapp.runtime.webview.qt._spelling import _match


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en_US", "en-US"), ("de_AT", "de_DE"), ("EN-gb", "en_GB"), ("en_ZA", "en-US"), ("fr", None)],
)
def test_a_language_is_found_however_it_is_written_or_else_in_another_country(
    language: str, expected: str | None
) -> None:
    assert _match(language, ["de_DE", "en-US", "en_GB"]) == expected
