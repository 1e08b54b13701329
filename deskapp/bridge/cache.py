"""A folder of small JSON files by key, for code that is expensive to make anew.

Any number of processes may use one folder: files appear whole or not at all, and what cannot be read is simply not
there. The folder stays bounded; the entries that were not used for the longest time go first.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import tempfile
import time
from pathlib import Path

MAX_ENTRIES = 1000
MAX_BYTES = 32 * 1024 * 1024
STILL_FRESH_S = 24 * 3600
"""An entry's time of use is written down when it is older than this, not at every start."""

_SUFFIX = ".json"
_logger = logging.getLogger("deskapp")


class CodeCache:
    """JSON data by key, below one folder.

    Args:
        directory: The folder; made when something is first put into it.
        max_entries: How many entries to keep.
        max_bytes: How large they may be together.
    """

    def __init__(self, directory: Path, *, max_entries: int = MAX_ENTRIES, max_bytes: int = MAX_BYTES) -> None:
        self._directory = directory
        self._max_entries, self._max_bytes = max_entries, max_bytes

    def get(self, key: str) -> object | None:
        """Return the data that was put under the key, or None if there is none that can be read."""
        path = self._directory / (key + _SUFFIX)
        try:
            with open(path, "rb") as file:
                checksum = file.readline().strip()
                text = file.read()
                age_s = time.time() - os.fstat(file.fileno()).st_mtime
            if checksum != _checksum(text):
                return None
            data: object = json.loads(text)
        except (OSError, ValueError):
            return None
        if age_s > STILL_FRESH_S:
            with contextlib.suppress(OSError):
                os.utime(path)
        return data

    def put(self, key: str, data: object) -> None:
        """Keep JSON data under a key. If the folder cannot be written to, nothing is kept and nobody minds."""
        text = json.dumps(data, separators=(",", ":")).encode()
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(suffix=".tmp", dir=self._directory)
            try:
                with open(handle, "wb") as file:
                    file.write(_checksum(text) + b"\n" + text)
                os.replace(temporary, self._directory / (key + _SUFFIX))
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)
                raise
            self._prune()
        except OSError as error:
            _logger.debug("The cache %s cannot be written to: %s", self._directory, error)

    def _prune(self) -> None:
        entries = []
        with os.scandir(self._directory) as found:
            for entry in found:
                with contextlib.suppress(OSError):  # another process may have removed it
                    stat = entry.stat()
                    entries.append((stat.st_mtime, stat.st_size, entry.path))
        entries.sort(reverse=True)
        size = 0
        for index, (mtime, size_bytes, path) in enumerate(entries):
            size += size_bytes
            left_over = path.endswith(".tmp") and time.time() - mtime > STILL_FRESH_S
            if index >= self._max_entries or size > self._max_bytes or left_over:
                with contextlib.suppress(OSError):
                    os.unlink(path)


def _checksum(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=16).hexdigest().encode()
