"""Frozen `Settings` and their loader: defaults < ``[tool.deskapp]`` < ``DESKAPP_*`` < keyword arguments."""

from __future__ import annotations

import contextlib
import difflib
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from deskapp.errors import ConfigError

KIB = 1024
MIB = 1024 * KIB

_PREFIX = "DESKAPP_"
_TRUE = frozenset({"1", "yes", "true", "on"})
_FALSE = frozenset({"0", "no", "false", "off"})
_LEVELS = ("debug", "info", "warning", "error", "critical")


def _setting(
    default: object,
    doc: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
) -> Any:
    rules = {"doc": doc, "minimum": minimum, "maximum": maximum, "choices": choices}
    return field(default=default, metadata=rules)


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
    cookie_secret: str = _setting("", "Signs cookies; empty takes a secret that was made for this installation.")
    publish_url: str = _setting("", "Where App.publish() sends exports; may contain {name} and {token}.")
    runtime: str = _setting("app or browser", "What shows the windows: one name, or several joined by 'or'.")
    app_id: str = _setting("", "What the program is called in paths and towards the desktop; empty takes the script's.")
    toolkit: str = _setting(
        "", "Toolkit of the native window on Linux; empty takes the first that works.", choices=("", "gtk", "qt")
    )
    log_level: str = _setting("info", "Least important level that is logged.", choices=_LEVELS)
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
        **values: object,
    ) -> Settings:
        """Read the settings of the running program.

        Args:
            project: Where the search for ``pyproject.toml`` begins, going up; by default beside the script that was
                started, else in the current directory. A frozen program has no such file and reads none.
            environ: Instead of the process environment.
            values: Settings given in code; None means "not given".

        Raises:
            ConfigError: A name is unknown, a value impossible, or the file unreadable.
        """
        given: dict[str, object] = {}
        origins: dict[str, str] = {}
        layers = (
            _from_project(project),
            _from_environment(os.environ if environ is None else environ),
            ((name, value, "keyword arguments") for name, value in values.items() if value is not None),
        )
        for layer in layers:
            for name, value, origin in layer:
                if name not in _names():
                    raise _unknown(name, value, origin)
                given[name], origins[name] = value, origin
        return cls(**cast("dict[str, Any]", given), origins=origins)

    def origin(self, name: str) -> str:
        """Where the value of the setting `name` came from."""
        return self.origins.get(name, "defaults")

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Name, value as text, origin and meaning of every setting."""
        found = []
        for rule in _rules():
            value = getattr(self, rule.name)
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


def _names() -> list[str]:
    return [rule.name for rule in _rules()]


def _unknown(name: str, value: object, origin: str) -> ConfigError:
    near = difflib.get_close_matches(name.lower(), _names(), n=3)
    hint = "did you mean " + " or ".join(map(repr, near)) if near else "known are " + ", ".join(_names())
    return ConfigError(name, value, origin=origin, why=f"there is no such setting; {hint}.")


def _from_project(start: Path | None) -> Iterator[tuple[str, object, str]]:
    path = _find_project(start)
    if path is None:
        return
    # Only with a file to read: 3.10 has no tomllib, and most installed programs have no pyproject.
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(
            "pyproject.toml", str(path), origin="the project", why=f"it cannot be read: {error}."
        ) from error
    tool = document.get("tool")
    table = tool.get("deskapp") if isinstance(tool, dict) else None
    if table is None:
        return
    if not isinstance(table, dict):
        raise ConfigError("tool.deskapp", table, origin=str(path), why="write a table: [tool.deskapp].")
    for name, value in table.items():
        if not isinstance(value, dict):  # a table below this one belongs to another room, for example to the freezer
            yield name, value, str(path)


def _find_project(start: Path | None) -> Path | None:
    if start is None:
        if getattr(sys, "frozen", False):
            return None
        start = _script_directory() or Path.cwd()
    start = start.resolve()
    for directory in (start, *start.parents):
        path = directory / "pyproject.toml"
        if path.is_file():
            return path
    return None


def _script_directory() -> Path | None:
    """Where the started script lies; None at a prompt, for ``python -m`` and for installed commands."""
    main = sys.modules.get("__main__")
    name = getattr(main, "__file__", None)
    if name is None or getattr(main, "__spec__", None) is not None:
        return None
    directory = Path(name).resolve().parent
    is_command = directory == Path(sys.executable).parent.resolve() or directory == Path(sys.prefix, "bin").resolve()
    return None if is_command else directory


def _from_environment(environ: Mapping[str, str]) -> Iterator[tuple[str, object, str]]:
    for variable, text in sorted(environ.items()):
        if not variable.startswith(_PREFIX) or text == "":
            continue
        name = variable[len(_PREFIX) :].lower()
        if name in _names():
            yield name, text, f"environment variable {variable}"
        elif difflib.get_close_matches(name, _names(), n=1, cutoff=0.8):
            # Only a near miss is refused: the environment is shared with other versions and other programs.
            raise _unknown(name, text, f"environment variable {variable}")


def _checked(rule: Field[Any], value: object, origin: str) -> object:
    """`value` as the type of the setting's default, or the error that says what would be right."""
    try:
        return _PARSERS[type(rule.default)](value, rule.metadata)
    except ValueError as error:
        raise ConfigError(rule.name, value, origin=origin, why=str(error)) from None


def _parse_flag(value: object, rules: Mapping[str, Any]) -> bool:
    if isinstance(value, str):
        word = value.strip().lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
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
        raise ValueError("write a list of texts, in the environment with commas between them.")
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
