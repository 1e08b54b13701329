"""The way from a second process of a program to the first: sockets that only the same user can use, and what is said.

    second                                   first
      {"hello": nonce}                 →
                                       ←     {"hello": nonce, "proof": …, "pid": …}
      {"proof": …, "opened": {…}}      →
                                       ←     {"taken": true}

Each line is JSON. The proofs are HMACs of the other's nonce with a secret that a loopback port has in a file of the
user's own; with it neither tells anything to a stranger who has the port by now. A socket in the file system needs
none: its folder is closed to others, and the system tells whose process is at the other end.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import socket
import struct
import sys
from pathlib import Path
from typing import Any, Protocol

from deskapp.paths import atomic_write

MAX_LINE_BYTES = 8 << 20
BACKLOG = 16
MAX_UNIX_PATH_BYTES = 100  # 108 on Linux and 104 on macOS, with the null at its end


class Strange(Exception):
    """The other end is not what it should be."""


class Channel(Protocol):
    """One kind of socket."""

    def listen(self) -> tuple[socket.socket, str]:
        """A socket that listens, and the secret of those who may connect."""

    def connect(self, timeout_s: float) -> tuple[socket.socket, str]:
        """A socket to the one who listens, and the secret.

        Raises:
            OSError: Nobody listens.
            ValueError: The secret's file is broken.
        """

    def remove(self) -> None:
        """Leave nothing behind."""


class UnixChannel:
    """A socket in the file system.

    Args:
        path: Its name; the folder is the user's own.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def listen(self) -> tuple[socket.socket, str]:
        """Listen at the name, whoever left something there."""
        self.remove()
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            before = os.umask(0o177)  # there is no moment at which others might connect
            try:
                listening.bind(str(self._path))
            finally:
                os.umask(before)
            listening.listen(BACKLOG)
        except BaseException:
            listening.close()
            raise
        return listening, ""

    def connect(self, timeout_s: float) -> tuple[socket.socket, str]:
        """Connect with the name; the process there must be of the same user."""
        connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connected.settimeout(timeout_s)
            connected.connect(str(self._path))
            check_user(connected)
        except BaseException:
            connected.close()
            raise
        return connected, ""

    def remove(self) -> None:
        """Take the name away."""
        self._path.unlink(missing_ok=True)


class LoopbackChannel:
    """A port of 127.0.0.1, whose number and secret are in a file of the user's own.

    Args:
        file: The file; its folder is the user's own.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def listen(self) -> tuple[socket.socket, str]:
        """Listen at a free port."""
        secret = secrets.token_urlsafe(32)
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if sys.platform == "win32":  # else another user's process may take the same port
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            listening.bind(("127.0.0.1", 0))
            listening.listen(BACKLOG)
            content = json.dumps({"port": listening.getsockname()[1], "secret": secret})
            atomic_write(self._file, content, mode=0o600)
        except BaseException:
            listening.close()
            raise
        return listening, secret

    def connect(self, timeout_s: float) -> tuple[socket.socket, str]:
        """Connect with the port that the file names."""
        content = json.loads(self._file.read_bytes())
        if not isinstance(content, dict) or not isinstance(content.get("port"), int):
            raise ValueError("no port is named")
        connected = socket.create_connection(("127.0.0.1", content["port"]), timeout_s)
        return connected, str(content.get("secret"))

    def remove(self) -> None:
        """Take the file away."""
        with contextlib.suppress(OSError):
            self._file.unlink()


def channel_in(folder: Path) -> Channel:
    """The channel of this system, with its file in a folder of the user's own."""
    path = folder / "instance.sock"
    if hasattr(socket, "AF_UNIX") and sys.platform != "win32" and len(os.fsencode(path)) <= MAX_UNIX_PATH_BYTES:
        return UnixChannel(path)
    return LoopbackChannel(folder / "instance.json")


def check_user(connected: Any) -> None:
    """Refuse a process of another user, where the system tells.

    Raises:
        Strange: It is another's.
    """
    user = peer_user(connected)
    if user is not None and user != os.getuid():
        raise Strange(f"the process at the other end belongs to user {user}")


def peer_user(connected: Any) -> int | None:
    """The number of the user whose process is at the other end of a socket; None if the system does not tell."""
    if getattr(connected, "family", None) != getattr(socket, "AF_UNIX", None):
        return None
    if sys.platform.startswith("linux"):
        size = struct.calcsize("3i")
        _, user, _ = struct.unpack("3i", connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
        return int(user)
    if sys.platform == "darwin":
        # struct xucred of sys/ucred.h: a version, then the user; SOL_LOCAL is 0, LOCAL_PEERCRED is 1.
        _, user = struct.unpack_from("=Ii", connected.getsockopt(0, 1, 76))
        return int(user)
    return None


def proof(secret: str, side: str, nonce: object) -> str:
    """What shows that `side` knows the secret, to the one who made the nonce."""
    return hmac.new(secret.encode(), f"{side}:{nonce}".encode(), hashlib.sha256).hexdigest()


def is_proof(secret: str, side: str, nonce: object, found: object) -> bool:
    """Whether it does."""
    return isinstance(found, str) and hmac.compare_digest(proof(secret, side, nonce).encode(), found.encode())


def to_line(message: dict[str, object]) -> bytes:
    """A message as it travels."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def from_line(line: bytes) -> dict[str, object]:
    """The message of a line.

    Raises:
        Strange: It is none.
    """
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Strange(f"no message: {error}") from None
    if not isinstance(message, dict):
        raise Strange("no message")
    return message
