"""A name for the content of a file, by which browsers see whether they have it already."""

from __future__ import annotations

import hashlib

TAG_LENGTH = 32


def content_tag(content: bytes) -> str:
    """The first half of the content's SHA-256, in hexadecimal; about a second for a gigabyte."""
    return hashlib.sha256(content).hexdigest()[:TAG_LENGTH]
