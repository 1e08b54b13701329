"""Secrets that travel in URLs and messages."""

from __future__ import annotations

import hashlib
import secrets

_SECRET_BYTES = 24


def new_secret() -> str:
    """Make a secret of 192 bits, safe in a URL."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def digest(secret: str) -> bytes:
    """Hash a secret, so that looking it up in a dict tells nothing about how much of it was right."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()
