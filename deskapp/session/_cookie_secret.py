"""The secret that signs cookies: configured, or made once for each user of this machine, and kept."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path

from deskapp.paths import app_paths, atomic_write, ensure_private

logger = logging.getLogger("deskapp.session")

SECRET_BYTES = 32
LOCK_TIMEOUT_S = 10.0


class CookieSecret:
    """Gives the secret of one program; looks for it when it is first needed.

    Args:
        configured: The secret, if somebody has chosen one.
        file: Where the secret of the installation is kept; in the user's configuration directory when not given.
    """

    def __init__(self, configured: str = "", file: Path | None = None) -> None:
        self._secret = configured
        self._file = file

    def __call__(self) -> str:
        """Return the secret, the same one each time."""
        if not self._secret:
            self._secret = installation_secret(self._file or app_paths("deskapp").config / "cookie-secret")
        return self._secret


def installation_secret(file: Path) -> str:
    """Return the secret that a file holds; the first call of all makes it.

    Two processes that make it at once get the same one. If it cannot be kept, a new secret is returned each time, and
    cookies last no longer than the program that holds it.

    Args:
        file: Where it is kept, readable by its user alone.
    """
    try:
        return _read(file) or _make(file)
    except OSError as error:
        logger.warning(
            "The secret that signs cookies cannot be kept in %s (%s): cookies are worth nothing after the program "
            "has ended. The setting cookie_secret gives them another one.",
            file,
            error,
        )
        return secrets.token_urlsafe(SECRET_BYTES)


def _read(file: Path) -> str | None:
    """The secret in a file; None if there is none."""
    try:
        text = file.read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return text if len(text) >= SECRET_BYTES else None


def _make(file: Path) -> str:
    from filelock import FileLock, Timeout  # on demand: it is needed once

    ensure_private(file.parent)
    try:
        with FileLock(file.with_name(f"{file.name}.lock"), timeout=LOCK_TIMEOUT_S):
            found = _read(file)
            if found is None:
                if file.exists():
                    logger.warning("%s holds no secret: a new one is made, cookies so far are worth nothing", file)
                found = secrets.token_urlsafe(SECRET_BYTES)
                atomic_write(file, found + "\n", mode=0o600)
            return found
    except Timeout as error:
        raise OSError(f"another program has been holding {error.lock_file} for {LOCK_TIMEOUT_S:g} s") from error
