"""The folder of a site: who published what, in files that are there whole or not at all.

    FOLDER/deskapp-site.json          says that the folder is a site's
    FOLDER/apps/clock/app.json        name, salted hash of the token, which archive holds the files, and where in it
    FOLDER/apps/clock/<version>.zip   the files
    FOLDER/incoming/                  uploads and archives that are not finished; emptied at start

A publication counts from the moment in which ``app.json`` is replaced. Before it the old one is there, and whatever a
crash leaves behind is named by no ``app.json`` and swept at the next start.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import logging
import os
import secrets
import shutil
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deskapp._publish_rules import SiteLimits, fault_of_name
from deskapp.errors import ConfigError
from deskapp.paths import atomic_write
from deskapp.server._site_archive import PublishedFile, SiteRefusal, rewrite

logger = logging.getLogger("deskapp.site")

MARK = "deskapp-site.json"
FORMAT = 1

# Tokens are chosen by people, and may be guessed where a random key could not be; so a hash that takes some 50 ms and
# 16 MiB, and a salt of its own. RFC 7914, section 2; https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
_SCRYPT = {"n": 2**14, "r": 8, "p": 1, "maxmem": 2**26, "dklen": 32}
_SALT_BYTES = 16


@dataclass(frozen=True)
class TokenHash:
    """What is kept of a token.

    Attributes:
        salt: In hex.
        hash: In hex.
    """

    salt: str
    hash: str

    @classmethod
    def of(cls, token: str, salt: str | None = None) -> TokenHash:
        """Hash a token; takes some 50 ms."""
        salt = secrets.token_hex(_SALT_BYTES) if salt is None else salt
        return cls(salt, hashlib.scrypt(token.encode(), salt=bytes.fromhex(salt), **_SCRYPT).hex())

    def is_of(self, token: str) -> bool:
        """Whether this is the hash of `token`; takes as long whether it is or not."""
        return hmac.compare_digest(TokenHash.of(token, self.salt).hash, self.hash)


@dataclass(frozen=True)
class PublishedApp:
    """One publication.

    Attributes:
        name: As it was first published.
        version: Names the archive.
        token: What is kept of the token.
        published: Seconds since 1970.
        files: What is where in the archive, by path.
        archive: Holds the files.
    """

    name: str
    version: str
    token: TokenHash
    published: float
    files: Mapping[str, PublishedFile]
    archive: Path


class SiteStore:
    """The apps of a site. `publish` and `check_token` block, and belong to one thread other than the readers'.

    Args:
        folder: Made if it is not there.
        limits: How much the site takes.
        is_closed: Whether names that are not there yet are refused.

    Raises:
        ConfigError: The folder is no site's, cannot be written, or another process has it.
    """

    def __init__(self, folder: Path, limits: SiteLimits, *, is_closed: bool = False) -> None:
        self.folder = folder.resolve()
        self.limits = limits
        self.is_closed = is_closed
        self._apps: dict[str, PublishedApp] = {}
        self._before: dict[str, PublishedApp] = {}
        self._writing = threading.Lock()
        import filelock  # on demand: importing it tries out what the file system can do

        try:
            _mark(self.folder)
            self._lock = filelock.FileLock(self.folder / ".lock", timeout=0, thread_local=False)
            self._lock.acquire()
        except filelock.Timeout:
            raise _folder_fault(self.folder, "another `deskapp site` works with it") from None
        except OSError as error:
            raise _folder_fault(self.folder, f"it cannot be used: {error.strerror or error}") from error
        try:
            self._sweep()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let others have the folder."""
        self._lock.release()

    # -- reading, from any thread --------------------------------------------------------------------------------------

    def app(self, name: str) -> PublishedApp | None:
        """What is published under a name, whatever its case."""
        return self._apps.get(name.lower())

    def before(self, name: str) -> PublishedApp | None:
        """What was published under a name until the last publication; its files are kept for pages that are loading."""
        return self._before.get(name.lower())

    def names(self) -> list[str]:
        """The names of all apps, sorted."""
        return sorted((app.name for app in list(self._apps.values())), key=str.lower)

    def new_upload(self) -> Path:
        """A path for an upload."""
        return self.folder / "incoming" / f"{secrets.token_hex(16)}.upload"

    def check_room(self, name: str) -> None:
        """Refuse a new name that the site has no room for."""
        if self.app(name) is None:
            if self.is_closed:
                raise SiteRefusal(403, f"this site takes no new names, and has no {name!r}")
            if len(self._apps) >= self.limits.max_apps:
                raise SiteRefusal(507, f"this site has its {self.limits.max_apps} apps, and no room for another")

    # -- writing -------------------------------------------------------------------------------------------------------

    def check_token(self, name: str, token: str) -> TokenHash | None:
        """Compare a token with the one of that name; None if nothing is published there.

        Raises:
            SiteRefusal: It is another one.
        """
        app = self.app(name)
        if app is None:
            return None
        if not app.token.is_of(token):
            raise SiteRefusal(403, f"{app.name!r} was published with another token")
        return app.token

    def publish(self, name: str, token: str, upload: Path, *, checked: TokenHash | None = None) -> PublishedApp:
        """Publish an upload under a name, which keeps its first token for ever.

        Args:
            name: The app's name.
            token: The token.
            upload: The zip file; it stays.
            checked: What `check_token` said; asked again if it no longer holds.

        Raises:
            SiteRefusal: The token is another one, or the upload is not accepted. Nothing has changed then.
        """
        with self._writing:
            old = self.app(name)
            self.check_room(name)
            if old is None:
                kept = TokenHash.of(token)
            else:
                kept = old.token
                if kept is not checked:  # somebody was first to publish it while this upload was on its way
                    self.check_token(name, token)
            version = secrets.token_hex(8)
            fresh = self.folder / "incoming" / f"{version}.zip"
            try:
                files = rewrite(upload, fresh, self.limits)
                return self._replace(old, name, version, kept, files, fresh)
            except OSError as error:
                logger.error("%s could not be stored: %s", name, error)
                raise SiteRefusal(507, "the site could not store it") from error
            finally:
                fresh.unlink(missing_ok=True)

    def _replace(
        self,
        old: PublishedApp | None,
        name: str,
        version: str,
        token: TokenHash,
        files: Mapping[str, PublishedFile],
        fresh: Path,
    ) -> PublishedApp:
        home = self.folder / "apps" / name.lower()
        home.mkdir(mode=0o700, exist_ok=True)
        new = PublishedApp(
            old.name if old is not None else name, version, token, time.time(), files, home / f"{version}.zip"
        )
        os.replace(fresh, new.archive)
        _sync(home)
        try:
            atomic_write(home / "app.json", json.dumps(_record(new)), mode=0o600)
        except BaseException:
            new.archive.unlink(missing_ok=True)
            raise
        _sync(home)
        self._apps[name.lower()] = new
        before = self._before.pop(name.lower(), None)
        if old is not None:
            self._before[name.lower()] = old
        if before is not None:
            with contextlib.suppress(OSError):  # Windows keeps what somebody reads; the next start sweeps it
                before.archive.unlink()
        return new

    # -- starting ------------------------------------------------------------------------------------------------------

    def _sweep(self) -> None:
        """Read what is published, and remove what a crash has left."""
        incoming, apps = self.folder / "incoming", self.folder / "apps"
        for directory in (incoming, apps):
            directory.mkdir(mode=0o700, exist_ok=True)
        for left in incoming.iterdir():
            _remove(left)
        for home in sorted(apps.iterdir()):
            try:
                app = _read(home)
            except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                # It may be repaired by hand; until then the name stays taken, and nobody else gets it.
                raise _folder_fault(home, f"what is published there is damaged: {error!r}") from error
            if app is None:
                _remove(home)
                continue
            self._apps[home.name] = app
            for path in home.iterdir():
                if path.name not in ("app.json", app.archive.name):
                    _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _mark(folder: Path) -> None:
    """Make the folder a site's, if it is new or empty; files of somebody else are never touched."""
    mark = folder / MARK
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not mark.exists():
        if any(folder.iterdir()):
            raise _folder_fault(folder, f"it holds something else; take an empty one (a site's has a file {MARK})")
        atomic_write(mark, json.dumps({"format": FORMAT}))
    try:
        known = json.loads(mark.read_text(encoding="utf-8"))["format"] == FORMAT
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise _folder_fault(folder, f"its {MARK} is not one that this version of deskapp knows")


def _read(home: Path) -> PublishedApp | None:
    """What a directory publishes; None if its first publication never came to its end."""
    path = home / "app.json"
    if not path.exists():
        return None
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    files = {name: PublishedFile(*place) for name, place in record["files"].items()}
    app = PublishedApp(
        record["name"],
        record["version"],
        TokenHash(**record["token"]),
        record["published"],
        files,
        home / f"{record['version']}.zip",
    )
    end = max(file.offset + file.size for file in files.values())
    if fault_of_name(app.name) or app.name.lower() != home.name or app.archive.stat().st_size < end:
        raise ValueError("name or archive do not fit")
    return app


def _record(app: PublishedApp) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "name": app.name,
        "version": app.version,
        "token": asdict(app.token),
        "published": app.published,
        "files": {path: [file.offset, file.size, file.sha256] for path, file in app.files.items()},
    }


def _sync(directory: Path) -> None:
    """Have the names in a directory survive a loss of power, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _folder_fault(folder: Path, why: str) -> ConfigError:
    return ConfigError("DIR", str(folder), origin="deskapp site", why=f"{why}.")
