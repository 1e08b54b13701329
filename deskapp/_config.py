"""Frozen `Settings` and their loader: defaults < ``[tool.deskapp]`` < ``DESKAPP_*`` < command line < keywords."""

from __future__ import annotations

import contextlib
import difflib
import math
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from deskapp._config_sources import FALSE, TRUE, from_command_line, from_environment, from_project, unknown
from deskapp._logging import LEVELS
from deskapp.errors import ConfigError

KIB = 1024
MIB = 1024 * KIB


def _setting(
    default: object,
    doc: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
    secret: bool = False,
) -> Any:
    rules = {"doc": doc, "minimum": minimum, "maximum": maximum, "choices": choices, "secret": secret}
    return field(default=default, metadata=rules, repr=not secret)


@dataclass(frozen=True)
class Settings:
    """What can be chosen without touching code. Made by `load`; never changed afterwards.

    ``str()`` gives a table of names, values and where each value came from.

    Raises:
        ConfigError: A value is of the wrong type or out of its range.
    """

    host: str = _setting("127.0.0.1", "Address that the server listens on.")
    port: int = _setting(0, "Port that the server listens on; 0 takes a free one.", minimum=0, maximum=65535)
    host_allow_list: tuple[str, ...] = _setting((), "Further host names under which served apps may be reached.")
    ssl_certfile: str = _setting("", "Certificate chain in PEM format; with it, the server speaks https.")
    ssl_keyfile: str = _setting("", "Private key of the certificate, if it is in a file of its own.")
    cookie_secret: str = _setting(
        "", "Signs cookies; empty takes a secret that was made for this installation.", secret=True
    )
    publish_url: str = _setting("", "Where App.publish() sends exports; may contain {name} and {token}.")
    runtime: str = _setting("app or browser", "What shows the windows: one name, or several joined by 'or'.")
    exit_policy: str = _setting(
        "last_window",
        "When run() returns: when the last window, or the first one, has closed, or only after stop().",
        choices=("last_window", "main_window", "never"),
    )
    app_id: str = _setting("", "What the program is called in paths and towards the desktop; empty takes the script's.")
    toolkit: str = _setting(
        "",
        "Toolkit of the native window; empty takes the first that works.",
        choices=("", "gtk", "qt", "edge", "cocoa"),
    )
    log_level: str = _setting("info", "Least important level that is logged.", choices=LEVELS)
    debug: bool = _setting(False, "Developer tools in windows, and more in the log.")
    connect_timeout_s: float = _setting(60.0, "Seconds that a page has to connect for the first time.", minimum=0.1)
    reconnect_grace_s: float = _setting(60.0, "Seconds that a tab which lost its socket may stay away.", minimum=0)
    close_grace_s: float = _setting(3.0, "Seconds from a tab's goodbye to the end of its session.", minimum=0)
    max_sessions: int = _setting(1000, "Most pages of served apps at a time; 0 for no bound.", minimum=0)
    max_waiting_sessions: int = _setting(
        500, "Most pages of served apps that may be away at a time, waiting to come back.", minimum=0
    )
    heartbeat_s: float = _setting(5.0, "Seconds between heartbeats while something is awaited.", minimum=0.1)
    idle_heartbeat_s: float = _setting(60.0, "Seconds between heartbeats while nothing is awaited.", minimum=0.1)
    max_message_bytes: int = _setting(64 * MIB, "Largest frame that is accepted.", minimum=64 * KIB)
    replay_bytes: int = _setting(128 * MIB, "Bytes kept for a page that may come back.", minimum=64 * KIB)

    origins: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for rule in _rules():
            value = _checked(rule, getattr(self, rule.name), self.origin(rule.name))
            object.__setattr__(self, rule.name, value)
        object.__setattr__(self, "origins", MappingProxyType(dict(self.origins)))

    @classmethod
    def load(
        cls,
        *,
        project: Path | None = None,
        environ: Mapping[str, str] | None = None,
        argv: Sequence[str] | None = None,
        **values: object,
    ) -> Settings:
        """Read the settings of the running program.

        Args:
            project: Where the search for ``pyproject.toml`` begins, going up; by default beside the script that was
                started, else in the current directory. A frozen program has no such file and reads none.
            environ: Instead of the process environment.
            argv: Instead of the words of the command line, without the program.
            values: Settings given in code; None means "not given".

        Raises:
            ConfigError: A name is unknown, a value impossible, or the file unreadable.
        """
        return cls.compose(
            from_project(project),
            from_environment(os.environ if environ is None else environ, setting_names()),
            from_command_line(command_line() if argv is None else argv, setting_kinds()),
            ((name, value, "keyword arguments") for name, value in values.items() if value is not None),
        )

    @classmethod
    def compose(cls, *layers: Iterable[tuple[str, object, str]]) -> Settings:
        """Make settings of ``(name, value, origin)``; a later layer wins.

        Raises:
            ConfigError: A name is unknown, or a value impossible.
        """
        given: dict[str, object] = {}
        origins: dict[str, str] = {}
        for layer in layers:
            for name, value, origin in layer:
                if name not in setting_names():
                    raise unknown(name, value, origin, setting_names())
                given[name], origins[name] = value, origin
        return cls(**cast("dict[str, Any]", given), origins=origins)

    def origin(self, name: str) -> str:
        """Where the value of the setting `name` came from."""
        return self.origins.get(name, "defaults")

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Name, value as text, origin and meaning of every setting; what is secret is not told."""
        found = []
        for rule in _rules():
            value = _shown(rule, getattr(self, rule.name))
            found.append((rule.name, repr(value), self.origin(rule.name), str(rule.metadata["doc"])))
        return found

    def __str__(self) -> str:
        rows = self.rows()
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        return "\n".join(
            "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=False)).rstrip() for row in rows
        )


def _rules() -> list[Field[Any]]:
    return [rule for rule in fields(Settings) if rule.name != "origins"]


def setting_names() -> list[str]:
    """The names of all settings."""
    return [rule.name for rule in _rules()]


def setting_kinds() -> dict[str, type]:
    """Every setting and the type of its values."""
    return {rule.name: type(rule.default) for rule in _rules()}


def command_line() -> list[str]:
    """The words that the running program was started with, without itself."""
    return list(getattr(sys, "argv", ())[1:])  # an embedded interpreter may have none


def checked_value(name: str, value: object, origin: str) -> object:
    """`value` as the setting `name` would hold it.

    Raises:
        ConfigError: It cannot have that value.
    """
    return next(_checked(rule, value, origin) for rule in _rules() if rule.name == name)


def _shown(rule: Field[Any], value: object) -> object:
    """A value as it may be told: of a secret, that there is one."""
    return "(secret)" if rule.metadata["secret"] and value else value


def _checked(rule: Field[Any], value: object, origin: str) -> object:
    """`value` as the type of the setting's default, or the error that says what would be right."""
    try:
        return _PARSERS[type(rule.default)](value, rule.metadata)
    except ValueError as error:
        raise ConfigError(rule.name, _shown(rule, value), origin=origin, why=str(error)) from None


def _parse_flag(value: object, rules: Mapping[str, Any]) -> bool:
    if isinstance(value, str):
        word = value.strip().lower()
        if word in TRUE or word in FALSE:
            return word in TRUE
    if not isinstance(value, bool):
        raise ValueError("write true or false.")
    return value


def _parse_whole(value: object, rules: Mapping[str, Any]) -> int:
    if isinstance(value, str) and value.strip().lstrip("+-").isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("write a whole number.")
    _check_range(value, rules)
    return value


def _parse_number(value: object, rules: Mapping[str, Any]) -> float:
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError("write a number.")
    _check_range(value, rules)
    return float(value)


def _check_range(number: float, rules: Mapping[str, Any]) -> None:
    low, high = rules["minimum"], rules["maximum"]
    if low is not None and number < low:
        raise ValueError(f"the least is {low}.")
    if high is not None and number > high:
        raise ValueError(f"the most is {high}.")


def _parse_list(value: object, rules: Mapping[str, Any]) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or not all(isinstance(part, str) for part in parts):
        raise ValueError("write a list of texts, in the environment and on the command line with commas between them.")
    return tuple(part.strip() for part in parts if part.strip())


def _parse_text(value: object, rules: Mapping[str, Any]) -> str:
    if not isinstance(value, str):
        raise ValueError("write a text.")
    choices: tuple[str, ...] = rules["choices"]
    if choices and value not in choices:
        near = difflib.get_close_matches(value.lower(), choices, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise ValueError(f"{hint}Possible are {', '.join(map(repr, choices))}.")
    return value


_PARSERS: Mapping[type, Callable[[object, Mapping[str, Any]], object]] = {
    bool: _parse_flag,
    int: _parse_whole,
    float: _parse_number,
    tuple: _parse_list,
    str: _parse_text,
}
