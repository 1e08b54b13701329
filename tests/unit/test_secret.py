from __future__ import annotations

from deskapp._secret import digest, new_secret


def test_secrets_are_long_safe_in_urls_and_never_the_same() -> None:
    found = {new_secret() for _ in range(100)}
    assert len(found) == 100
    assert all(len(secret) == 32 and secret.replace("-", "").replace("_", "").isalnum() for secret in found)


def test_a_digest_is_that_of_its_secret_alone() -> None:
    assert digest("a") == digest("a") != digest("b")
    assert len(digest("")) == len(digest("x" * 10_000)) == 32


def test_any_text_that_a_page_may_send_has_a_digest() -> None:
    assert digest("\ud800") != digest("?")
