"""Fetches the text of remote assets, for pages that are to hold it themselves."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from deskapp.errors import AssetMissing

if TYPE_CHECKING:
    import http.client

FETCH_TIMEOUT_S = 5.0
"""How long nothing may come."""

FETCH_WHOLE_S = 60.0
"""How long all of it may take."""

FETCH_LIMIT_BYTES = 32 * 1024 * 1024


def fetched_text(name: str, url: str) -> str:
    """Return the text that lies at an address.

    Args:
        name: Of the asset, for the error.
        url: The address.

    Raises:
        AssetMissing: It cannot be read: see the constants for what is waited for.
    """
    import http.client  # with what follows 25 ms that programs without remote assets need not pay
    import urllib.request

    try:
        with urllib.request.urlopen(url, timeout=FETCH_TIMEOUT_S) as answer:
            data = _read_all(answer)
            return data.decode(answer.headers.get_content_charset("utf-8"))
    except (OSError, ValueError, LookupError, http.client.HTTPException) as error:
        raise AssetMissing(name, f"{url} cannot be read ({str(error) or type(error).__name__})") from error


def _read_all(answer: http.client.HTTPResponse) -> bytes:
    """The body of an answer, if it comes whole, in time, and is not too large.

    Raises:
        OSError: It does not.
    """
    deadline_s = time.monotonic() + FETCH_WHOLE_S
    announced = answer.headers.get("Content-Length", "")
    expected = int(announced) if announced.isdecimal() else None
    data = bytearray()
    while expected is None or len(data) < expected:
        part = answer.read1(65536)  # as much as is there: `read` would wait, each byte anew
        data += part
        if len(data) > FETCH_LIMIT_BYTES:
            raise OSError(f"it is larger than {FETCH_LIMIT_BYTES} bytes")
        if not part:
            break
        if time.monotonic() > deadline_s:
            raise TimeoutError(f"after {FETCH_WHOLE_S:g} s, {len(data)} bytes have come")
    if expected is not None and len(data) < expected:
        raise OSError(f"the connection ended after {len(data)} of {expected} bytes")
    return bytes(data)
