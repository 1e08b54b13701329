"""Where settings come from: ``[tool.deskapp]``, TOML files, the environment, the command line.

Each source yields ``(name, value, origin)``. None of them judges a value; that is done where values are taken.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from deskapp.errors import ConfigError

TRUE = frozenset({"1", "yes", "true", "on"})
FALSE = frozenset({"0", "no", "false", "off"})

PRODUCT_KEYS = frozenset({
    "name", "version", "entry", "icon", "summary", "description", "author", "author_email", "homepage", "license",
    "license_files", "copyright", "categories", "keywords", "url_schemes", "file_types", "includes", "excludes", "data",
    "mode", "onefile", "console", "linux", "windows", "macos",
})  # fmt: skip
"""What ``[tool.deskapp]`` may hold besides settings: what the product is that is made of the program."""

_VARIABLE = "DESKAPP_"
_OPTION = "--deskapp-"

# What Flexx calls them.
_OTHER_NAMES = {
    "browser_stacktrace": "debug",
    "host_whitelist": "host_allow_list",
    "hostname": "host",
    "tornado_debug": "debug",
    "webruntime": "runtime",
    "ws_timeout": "heartbeat_s",
}

Given = Iterator[tuple[str, object, str]]
"""Name, value and origin of settings."""


def unknown(name: str, value: object, origin: str, known: Collection[str]) -> ConfigError:
    """The error about a name that no setting has, with those that are near."""
    return ConfigError(name, value, origin=origin, why=f"there is no such setting; {near_names(name, known)}")


def near_names(name: str, known: Collection[str]) -> str:
    """What somebody who wrote `name` may have meant, to the end of the sentence."""
    if name.lower() in _OTHER_NAMES:
        return f"it is called {_OTHER_NAMES[name.lower()]!r} here."
    near = difflib.get_close_matches(name.lower(), known, n=3)
    return f"did you mean {' or '.join(map(repr, near))}?" if near else f"known are {', '.join(known)}."


def from_project(start: Path | None) -> Given:
    """``[tool.deskapp]`` of the nearest ``pyproject.toml``.

    Args:
        start: Where the search begins, going up; by default beside the script that was started, else in the current
            directory. A frozen program has no such file and reads none.

    Raises:
        ConfigError: The file is no TOML, or what it has under that name is no table.
    """
    path = _find_project(start)
    if path is None:
        return
    tool = _parse(_read(path, "pyproject.toml"), "pyproject.toml", str(path)).get("tool")
    if isinstance(tool, dict) and "deskapp" in tool:
        yield from _table(tool["deskapp"], "tool.deskapp", str(path))


def from_toml(text: str, origin: str) -> Given:
    """Settings at the top of a TOML document, or in its tables ``[deskapp]`` or ``[tool.deskapp]`` if it has one.

    Args:
        text: The document.
        origin: What it is called in errors.

    Raises:
        ConfigError: It is no TOML.
    """
    document = _parse(text, "TOML", origin)
    tool = document.get("tool")
    if isinstance(tool, dict) and "deskapp" in tool:
        yield from _table(tool["deskapp"], "tool.deskapp", origin)
    elif "deskapp" in document:
        yield from _table(document["deskapp"], "deskapp", origin)
    else:
        yield from _table(document, "deskapp", origin)


def from_file(path: Path) -> Given:
    """As `from_toml`, from a file."""
    yield from from_toml(_read(path, path.name), str(path))


def from_environment(environ: Mapping[str, str], known: Collection[str]) -> Given:
    """Variables that begin with ``DESKAPP_``; an empty one counts as not given.

    Raises:
        ConfigError: A variable's name is nearly that of a setting.
    """
    for variable, text in sorted(environ.items()):
        if not variable.startswith(_VARIABLE) or text == "":
            continue
        name = variable[len(_VARIABLE) :].lower()
        if name in known:
            yield name, text, f"environment variable {variable}"
        elif difflib.get_close_matches(name, known, n=1, cutoff=0.8):
            # Only a near miss is refused: the environment is shared with other versions and other programs.
            raise unknown(name, text, f"environment variable {variable}", known)


def from_command_line(words: Sequence[str], kinds: Mapping[str, type]) -> Given:
    """``--deskapp-port=3`` and ``--deskapp-port 3``, up to a bare ``--``; what else is there belongs to the program.

    A yes-or-no setting without a value is a yes. ``--deskapp-host`` is written with ``=`` only: without, it is how a
    frozen program is told to be the process of its windows (`deskapp.runtime.webview.host`).

    Args:
        words: The words of the command line; they are not changed.
        kinds: Every setting and the type of its values.

    Raises:
        ConfigError: There is no such setting, or its value is missing.
    """
    found = [*words[: words.index("--")]] if "--" in words else [*words]
    at = 0
    while at < len(found):
        word, following = found[at], found[at + 1] if at + 1 < len(found) else None
        at += 1
        if not word.startswith(_OPTION):
            continue
        option, has_value, text = word.partition("=")
        name = option[len(_OPTION) :].lower().replace("-", "_")
        origin = f"command line {option}"
        if name not in kinds:
            raise unknown(name, text, origin, kinds)
        if has_value:
            yield name, text, origin
        elif kinds[name] is bool:
            if following is not None and following.lower() in TRUE | FALSE:
                at += 1
                yield name, following, origin
            else:
                yield name, True, origin
        elif name == "host":
            why = "write --deskapp-host=ADDRESS; without '=' the word means something else to deskapp."
            raise ConfigError(name, "", origin=origin, why=why)
        elif following is None or following.startswith("--"):
            raise ConfigError(name, "", origin=origin, why=f"a value is missing; write {option}=VALUE.")
        else:
            at += 1
            yield name, following, origin


def read_toml(path: Path) -> dict[str, object]:
    """A TOML file as a table.

    Raises:
        ConfigError: It cannot be read, or is no TOML.
    """
    return _parse(_read(path, path.name), path.name, str(path))


def _read(path: Path, key: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ConfigError(key, str(path), origin="a file", why=f"it cannot be read: {error}.") from error


def _parse(text: str, key: str, origin: str) -> dict[str, object]:
    # Only with something to read: 3.10 has no tomllib, and most installed programs have no such file.
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return dict(tomllib.loads(text))
    except ValueError as error:
        raise ConfigError(key, origin, origin="a file", why=f"it cannot be read as TOML: {error}.") from error


def _table(table: object, key: str, origin: str) -> Given:
    if not isinstance(table, dict):
        raise ConfigError(key, table, origin=origin, why=f"write a table: [{key}].")
    for name, value in table.items():
        # A table below this one, and what describes the product, belong to other rooms, for example to the freezer.
        if not isinstance(value, dict) and name not in PRODUCT_KEYS:
            yield name, value, origin


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
