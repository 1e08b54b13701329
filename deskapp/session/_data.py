"""The data blobs of one session."""

from __future__ import annotations

import urllib.parse

from deskapp._content_tag import content_tag


class SessionData:
    """Blobs by name; gone with the session.

    Args:
        path: What their addresses begin with, a slash at its end.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._blobs: dict[str, bytes] = {}
        self._tags: dict[str, str] = {}

    def add(self, name: str, data: bytes) -> str:
        """Keep a blob, in place of an earlier one of that name, and return its address.

        Raises:
            TypeError: The name is no text, or the data no bytes.
            ValueError: No browser would ask for such a name.
        """
        if not isinstance(name, str) or not name:
            raise TypeError(f"the name of data must be a text that is not empty, not {name!r}")
        if not {".", ".."}.isdisjoint(name.split("/")):
            raise ValueError(f"data cannot be called {name!r}: browsers leave '.' and '..' out of addresses")
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"data {name!r} must be bytes, not {type(data).__name__}")
        self._blobs[name] = bytes(data)
        self._tags.pop(name, None)
        return self.url(name)

    def url(self, name: str) -> str:
        """Where a page finds the blob of that name."""
        return self._path + urllib.parse.quote(name)

    def get(self, name: str) -> bytes | None:
        """Return a blob, or None."""
        return self._blobs.get(name)

    def tag(self, name: str) -> str:
        """Return what changes with the content of a blob, worked out once for each content; ``""`` if there is none."""
        if name in self._blobs and name not in self._tags:
            self._tags[name] = content_tag(self._blobs[name])
        return self._tags.get(name, "")

    def remove(self, name: str) -> None:
        """Drop a blob; no error if there is none."""
        self._blobs.pop(name, None)
        self._tags.pop(name, None)

    def names(self) -> list[str]:
        """Names of all blobs, sorted."""
        return sorted(self._blobs)

    def clear(self) -> None:
        """Drop all."""
        self._blobs.clear()
        self._tags.clear()
