"""`deskapp.config`: the settings of the running program, which may be set until its launcher takes them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from deskapp._config import Settings, checked_value, command_line, setting_kinds, setting_names
from deskapp._config_sources import (
    from_command_line,
    from_environment,
    from_file,
    from_project,
    from_toml,
    near_names,
    unknown,
)
from deskapp._logging import set_log_level
from deskapp.errors import ConfigError, UnknownSetting

LIVE = frozenset({"log_level", "publish_url"})
"""Settings that take effect whenever they are set; the launcher and its server hold all others from their beginning."""

_Rows = tuple[tuple[str, object, str], ...]


class Config:
    """All settings, as attributes and as items: ``config.port``, ``config["Port"]``.

    What is assigned here wins over everything else; then come the command line (``--deskapp-port=3``), the environment
    (``DESKAPP_PORT``), files that were loaded, ``[tool.deskapp]`` in ``pyproject.toml``, and the defaults. These
    are read when a value is asked for, or handed out, for the first time.

    ``print(config)`` shows every value and where it came from.

    Args:
        project: Where the search for ``pyproject.toml`` begins; see `Settings.load`.
        environ: Instead of the process environment.
        argv: Instead of the words of the command line.
        product: What a frozen program was built with, instead of ``pyproject.toml``, which it does not have.
    """

    __slots__ = (
        "_argv",
        "_assigned",
        "_environ",
        "_files",
        "_is_taken",
        "_product",
        "_project",
        "_settings",
        "_sources",
    )

    _settings: Settings | None
    _sources: tuple[_Rows, _Rows] | None
    _files: _Rows
    _assigned: dict[str, object]
    _is_taken: bool

    def __init__(
        self,
        *,
        project: Path | None = None,
        environ: Mapping[str, str] | None = None,
        argv: Sequence[str] | None = None,
        product: Mapping[str, object] | None = None,
    ) -> None:
        self._project, self._environ, self._argv, self._product = project, environ, argv, product
        self._settings = self._sources = None
        self._files = ()
        self._assigned = {}
        self._is_taken = False

    # -- reading -------------------------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """The settings as they are now, as a value that does not change.

        Raises:
            ConfigError: What a file, the environment or the command line says is impossible.
        """
        if self._settings is None:
            self._settings = self._compose(self._files)
        return self._settings

    def origin(self, name: str) -> str:
        """Where the value of a setting came from.

        Args:
            name: The setting, in whatever case.

        Raises:
            UnknownSetting: There is none of that name.
        """
        return self.settings.origin(_known(name))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in setting_names():  # as with every attribute of Python, case counts
            raise _no_such(name)
        return getattr(self.settings, name)

    def __getitem__(self, name: str) -> Any:
        return getattr(self.settings, _known(name))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in setting_names()

    def __iter__(self) -> Iterator[str]:
        return iter(setting_names())

    def __len__(self) -> int:
        return len(setting_names())

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *setting_names()})

    def __str__(self) -> str:
        return str(self.settings)

    def __repr__(self) -> str:
        chosen = [row for row in self.settings.rows() if row[2] != "defaults"]
        return f"<deskapp.config with {', '.join(f'{row[0]}={row[1]}' for row in chosen) or 'defaults'}>"

    # -- setting -------------------------------------------------------------------------------------------------------

    def __setattr__(self, name: str, value: object) -> None:
        if name in Config.__slots__:
            object.__setattr__(self, name, value)
            return
        if name not in setting_names():
            raise _no_such(name)
        origin = f"an assignment to config.{name}"
        value = checked_value(name, value, origin)
        self._check_free(name, value, origin)
        self._assigned[name] = value
        self._changed(name)

    def __setitem__(self, name: str, value: object) -> None:
        setattr(self, _known(name), value)

    def load_from_file(self, path: str | os.PathLike[str]) -> None:
        """Take settings from a TOML file; they win over ``pyproject.toml`` and over files that were loaded before.

        Frozen programs, which read no ``pyproject.toml``, may keep a file of their own.

        Args:
            path: The file. Settings stand at its top, or in a table ``[deskapp]`` or ``[tool.deskapp]``.

        Raises:
            ConfigError: It cannot be read, or has something that cannot be; nothing has changed then.
        """
        self._take_rows(tuple(from_file(Path(path))))

    def load_from_string(self, text: str, filename: str = "a text") -> None:
        """Take settings from TOML; see `load_from_file`.

        Args:
            text: The document.
            filename: What it is called in errors and by ``print(config)``.
        """
        self._take_rows(tuple(from_toml(text, filename)))

    def _take_rows(self, rows: _Rows) -> None:
        for name, value, origin in rows:
            if name not in setting_names():
                raise unknown(name, value, origin, setting_names())
            checked_value(name, value, origin)
        if self._is_taken:
            after = self._compose(self._files + rows)
            for name, _, origin in rows:
                self._check_free(name, getattr(after, name), origin)
        self._files += rows
        for name, _, _ in rows:
            self._changed(name)

    def _check_free(self, name: str, value: object, origin: str) -> None:
        if self._is_taken and name not in LIVE and value != getattr(self.settings, name):
            why = "the program has begun to use its settings; choose it before the first launch(), serve() or run()."
            raise ConfigError(name, value, origin=origin, why=why)

    def _changed(self, name: str) -> None:
        self._settings = None
        if self._is_taken and name == "log_level":
            set_log_level(self.settings.log_level)

    # -- handing out ---------------------------------------------------------------------------------------------------

    def take(self) -> Settings:
        """Return the settings for a program that begins; from now on most can no longer be set."""
        settings = self.settings
        self._is_taken = True
        return settings

    def release(self) -> None:
        """The program that took the settings is gone, and all can be set again."""
        self._is_taken = False

    def _compose(self, files: _Rows) -> Settings:
        if self._sources is None:
            environ = os.environ if self._environ is None else self._environ
            words = command_line() if self._argv is None else self._argv
            self._sources = (
                tuple(from_project(self._project)) if self._product is None else _of_product(self._product),
                (*from_environment(environ, setting_names()), *from_command_line(words, setting_kinds())),
            )
        below, above = self._sources
        assigned = ((name, value, f"an assignment to config.{name}") for name, value in self._assigned.items())
        return Settings.compose(below, files, above, assigned)


def _of_product(values: Mapping[str, object]) -> _Rows:
    return tuple((name, value, "the frozen program") for name, value in values.items())


def _known(name: object) -> str:
    """The setting that is called `name` in whatever case."""
    found = str(name).lower()
    if found not in setting_names():
        raise _no_such(str(name))
    return found


def _no_such(name: str) -> UnknownSetting:
    return UnknownSetting(name, near_names(name, setting_names()))


class _Default:
    """Holds the program's settings, made on first use and replaceable in tests."""

    config: Config | None = None


def default_config() -> Config:
    """Return the program's `config`, made on first use."""
    if _Default.config is None:
        _Default.config = Config()
    return _Default.config


def use_config(new: Config | None) -> Config | None:
    """Replace the program's `config` and return the old one; for tests.

    Args:
        new: The new one; None has one made on next use.
    """
    old, _Default.config = _Default.config, new
    return old
