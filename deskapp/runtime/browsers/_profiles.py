"""Profile folders of browsers, one for each window: taken, locked, swept and reset.

    <storage>/chrome/1        the profile of the first window; it is kept
    <storage>/chrome/1.lock   held by the program whose window has it
    <storage>/chrome/2        that of a second window at the same time, of whichever program

The first that nobody holds is taken. Locks are the system's: one whose program died is free. When a profile was last
used is the time of its folder.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from deskapp.errors import RuntimeFailed

if TYPE_CHECKING:
    from filelock import BaseFileLock

logger = logging.getLogger(__name__)

MAX_PROFILES = 100
UNUSED_S = 7 * 24 * 3600.0
"""A profile beyond the first that nobody has used for so many seconds is removed."""


class Profile:
    """One folder that belongs to one window, until it is released.

    Attributes:
        path: The folder; it exists.
        is_temporary: It is removed when it is released.
    """

    def __init__(self, path: Path, lock: BaseFileLock | None) -> None:
        self.path = path
        self._lock = lock

    @property
    def is_temporary(self) -> bool:
        return self._lock is None

    def reset(self) -> None:
        """Make it as it was before its first use; no browser may be running in it."""
        _remove(self.path)
        _make(self.path)

    def release(self) -> None:
        """Let others have it; no browser may be running in it. May be called twice."""
        if self._lock is None:
            _remove(self.path)
        elif self._lock.is_locked:
            with contextlib.suppress(OSError):  # somebody may have removed it
                os.utime(self.path)
            self._lock.release()


class Profiles:
    """The profiles of one browser for one application.

    Args:
        folder: Where they are; None makes temporary ones.
        temporary_in: Where temporary ones are made; None takes the system's folder for that.
    """

    def __init__(self, folder: Path | None, *, temporary_in: Path | None = None) -> None:
        self.folder = folder
        self._temporary_in = temporary_in

    def take(self) -> Profile:
        """The first profile that nobody holds.

        Raises:
            RuntimeFailed: A hundred windows have one each.
            OSError: The folder cannot be made.
        """
        if self.folder is None:
            if self._temporary_in is not None:
                _make(self._temporary_in)
            return Profile(Path(tempfile.mkdtemp(prefix="deskapp-profile-", dir=self._temporary_in)), None)
        _make(self.folder)
        for number in range(1, MAX_PROFILES + 1):
            path = self.folder / str(number)
            lock = self._hold(path)
            if lock is None:
                continue
            if is_used(path):  # by a browser that outlives its program, be it for a moment
                lock.release()
                continue
            _make(path)
            os.utime(path)
            return Profile(path, lock)
        raise RuntimeFailed(self.folder.name, why=f"has {MAX_PROFILES} windows already, each with a profile of its own")

    def sweep(self) -> None:
        """Remove what has not been used for long. A few milliseconds, more if there is something to remove."""
        if self.folder is None or not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if not path.name.isdecimal() or path.name == "1" or not path.is_dir():
                continue
            lock = self._hold(path)
            if lock is None:
                continue
            try:
                is_old = time.time() - path.stat().st_mtime > UNUSED_S
                if is_old and not is_used(path):
                    logger.info("the profile %s was not used for a week and is removed", path)
                    _remove(path)
            finally:
                lock.release()

    def _hold(self, path: Path) -> BaseFileLock | None:
        from filelock import FileLock, Timeout  # on demand: most programs never ask

        # Any thread may release it.
        lock = FileLock(f"{path}.lock", thread_local=False)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return None
        return lock


def is_used(profile: Path) -> bool:
    """Whether a browser runs in this folder, as far as the link tells by which browsers lock their profiles.

    Chromium links ``SingletonLock`` to ``host-PID``, Firefox links ``lock`` to ``address:+PID``.
    """
    for name in ("SingletonLock", "lock"):
        with contextlib.suppress(OSError, ValueError):
            pid = int(os.readlink(profile / name).replace("+", "-").rpartition("-")[2])
            if _runs_in(pid, profile):
                return True
    return False


def _runs_in(pid: int, profile: Path) -> bool:
    """Whether `pid` is a process whose command names the folder; where commands cannot be read, whether it is one."""
    if sys.platform == "win32":
        return False  # browsers lock with files there that cannot be removed, and no links
    if os.path.exists("/proc/self/cmdline"):
        return os.fsencode(profile) in Path(f"/proc/{pid}/cmdline").read_bytes()
    os.kill(pid, 0)
    return True


def _make(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def _remove(path: Path) -> None:
    """Remove a folder as far as it can be removed; a file that a dying process still writes is no reason to fail."""
    shutil.rmtree(path, ignore_errors=True)
