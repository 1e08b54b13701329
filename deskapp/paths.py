"""Per-user directories, resources that survive freezing, and files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deskapp.errors import AssetMissing, ConfigError

_APP_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True)
class AppPaths:
    """The directories of one application and one user. None of them is made by naming it.

    Attributes:
        config: What the user chose; worth a backup.
        cache: What can be made again at any time.
        data: What the program keeps; worth a backup.
        log: Log and crash files.
        runtime: Sockets and locks of running processes; may vanish at logout.
    """

    config: Path
    cache: Path
    data: Path
    log: Path
    runtime: Path

    def items(self) -> list[tuple[str, Path]]:
        """Name and directory, in the order of the attributes."""
        return [
            ("config", self.config),
            ("cache", self.cache),
            ("data", self.data),
            ("log", self.log),
            ("runtime", self.runtime),
        ]


def app_paths(app_id: str) -> AppPaths:
    """The directories of the application `app_id`, where this operating system wants them.

    Args:
        app_id: Letters, digits, ``.``, ``_`` and ``-``, for example ``"org.example.clock"``.

    Raises:
        ConfigError: `app_id` cannot be a directory's name on every system.
    """
    import platformdirs  # on demand: most programs never ask, and its import costs a few milliseconds

    app_id = checked_app_id(app_id)
    cache = platformdirs.user_cache_path(app_id, appauthor=False)
    if sys.platform.startswith("linux") and not os.environ.get("XDG_RUNTIME_DIR"):
        # Without a login session there is no directory of the user's own in /run; a fixed name in the shared /tmp could
        # belong to somebody else, the cache cannot.
        runtime = cache / "run"
    else:
        runtime = platformdirs.user_runtime_path(app_id, appauthor=False)
    return AppPaths(
        config=platformdirs.user_config_path(app_id, appauthor=False),
        cache=cache,
        data=platformdirs.user_data_path(app_id, appauthor=False),
        log=platformdirs.user_log_path(app_id, appauthor=False),
        runtime=runtime,
    )


def checked_app_id(app_id: str) -> str:
    """`app_id` itself, if it can name a directory on every system.

    Raises:
        ConfigError: It cannot.
    """
    if _APP_ID.fullmatch(app_id) is None or app_id.endswith("."):
        raise ConfigError(
            "app_id",
            app_id,
            origin="the application",
            why="it names directories and locks, so write 1 to 128 letters, digits, '.', '_' or '-', "
            "beginning with a letter or digit and not ending with '.', for example 'org.example.clock'.",
        )
    return app_id


def ensure_private(directory: Path) -> Path:
    """Make `directory` and its parents if need be, readable by this user alone, and return it."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    return directory


def is_frozen() -> bool:
    """Whether this program runs from a bundle that a freezer made."""
    return bool(getattr(sys, "frozen", False))


def is_mac_bundle() -> bool:
    """Whether this program runs from a macOS ``.app``, whose windows belong into its own process."""
    return is_frozen() and sys.platform == "darwin"


def bundled(name: str) -> Path | None:
    """A file in the root of the frozen program's bundle; None if there is none, or this program is not frozen."""
    root = getattr(sys, "_MEIPASS", None)
    if not is_frozen() or not root:
        return None
    path = Path(root) / name
    return path if path.exists() else None


def bundled_manifest() -> Path | None:
    """The JavaScript that was made when this program was frozen; None if it is not frozen, or was by other means."""
    return bundled("deskapp_manifest.json")


def resource(package: str, *parts: str) -> Path:
    """A file or directory that lies beside the code of `package`, frozen or not.

    Args:
        package: Dotted name of a package, for example ``"deskapp"``; it is located, not imported.
        parts: Names below the package's directory.

    Raises:
        AssetMissing: The package or the path is not there.
    """
    name = "/".join((package.replace(".", "/"), *parts))
    for directory in _package_directories(package):
        path = directory.joinpath(*parts)
        if path.exists():
            return path
    raise AssetMissing(name, f"there is no such file beside the code of {package!r}")


def _package_directories(package: str) -> list[Path]:
    if package == "deskapp" or package.startswith("deskapp."):
        # Frozen programs keep data files under the path that __file__ names as well.
        return [Path(__file__).resolve().parent.joinpath(*package.split(".")[1:])]
    from importlib.util import find_spec

    bundle = getattr(sys, "_MEIPASS", None)
    found = [Path(bundle).joinpath(*package.split("."))] if bundle else []
    with contextlib.suppress(ImportError, ValueError):
        spec = find_spec(package)
        if spec is not None:
            found += [Path(place) for place in spec.submodule_search_locations or ()]
            if not found and spec.origin:
                found.append(Path(spec.origin).parent)
    return found


def atomic_write(path: Path, data: bytes | str, *, mode: int = 0o644) -> None:
    """Replace the content of `path` in one step: a reader, or a crash, meets the old file or the new one.

    Args:
        path: The file; its directory is made if need be.
        data: Text is written as UTF-8, with its newlines as they are.
        mode: Permission bits, where the system has them.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _write_beside(path, data.encode() if isinstance(data, str) else data, mode=mode, to_disk=True)
    try:
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_files(folder: Path, files: Mapping[str, bytes], *, overwrite: bool = True) -> list[str]:
    """Write files that belong together below a folder: all of them, or none.

    Each is written under another name first. Only when all are there do they take their places, in the order given: a
    rename in a folder that could just be written to, which fails only if another program holds a file open (Windows).

    Args:
        folder: Made if need be, as are the folders in it.
        files: Content by path relative to `folder`, with slashes.
        overwrite: Whether files that exist are replaced; else they are left alone.

    Returns:
        The paths that were written.

    Raises:
        OSError: Something cannot be written; nothing was changed, and what was begun is gone again.
    """
    made: list[Path] = []
    waiting: list[tuple[str, Path, Path]] = []
    try:
        for name, content in files.items():
            path = folder / name
            if path.exists() and not overwrite:
                continue
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
            made += _make_folders(path.parent)
            waiting.append((name, path, _write_beside(path, content)))
        for _, path, _ in waiting:
            if path.is_dir():  # made a moment ago, for a file whose path goes on where this one ends
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        for _, path, temporary in waiting:
            os.replace(temporary, path)
    except BaseException:
        for _, _, temporary in waiting:
            temporary.unlink(missing_ok=True)
        for directory in reversed(made):
            with contextlib.suppress(OSError):  # somebody else uses it by now
                directory.rmdir()
        raise
    return [name for name, _, _ in waiting]


def _make_folders(folder: Path) -> list[Path]:
    """Make a folder and its parents; return those that were not there, outermost first."""
    missing = []
    while not folder.is_dir():
        if folder.exists():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
        missing.append(folder)
        if folder.parent == folder:
            break
        folder = folder.parent
    made: list[Path] = []
    try:
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
            made.append(path)
    except OSError:
        for path in reversed(made):
            path.rmdir()
        raise
    return made


def _write_beside(path: Path, content: bytes, *, mode: int = 0o644, to_disk: bool = False) -> Path:
    """Write what is to replace `path` under a name of its own; `to_disk`: it is to survive a loss of power, too."""
    import tempfile

    # In the same directory, because a rename is atomic only within one file system.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if to_disk:
                file.flush()
                os.fsync(file.fileno())
        temporary.chmod(mode)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary
