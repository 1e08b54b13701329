"""Reads a `FreezeSpec` from ``pyproject.toml``, a bare file or an app, and checks it whole.

    [project]                    name, version, description, authors, license, license-files, urls, keywords
    [tool.deskapp]               what is said here counts more; settings of the program may stand beside it
    [tool.deskapp.linux]  …      what concerns one system alone
    overrides                    of the command line, by the same keys, count most

Everything that is wrong is told at once, each with its key.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from enum import Enum
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any, TypeVar
from urllib.parse import urlsplit

from deskapp._config import Settings
from deskapp._config_sources import PRODUCT_KEYS, read_toml
from deskapp._icon import SUFFIXES
from deskapp.errors import ConfigError, SpecError
from deskapp.freeze._spec import (
    DataFile,
    Entry,
    FileType,
    FreezeSpec,
    LinuxOptions,
    MacOptions,
    Mode,
    Scope,
    WindowsOptions,
)
from deskapp.freeze.installers import FORMATS, unknown_format
from deskapp.freeze.metadata import Version, slug

PROJECT_FILE = "pyproject.toml"
FIRST_VERSION = "1.0"
"""Of a bare file, which has none."""

SYSTEMS = {"linux": LinuxOptions, "windows": WindowsOptions, "macos": MacOptions}

_APP_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)+")
_APP_ID_LENGTH = 128
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
_EXTENSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+-]*(?:\.[A-Za-z0-9_+-]+)*")
_MIME = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")

_Choice = TypeVar("_Choice", bound=Enum)


def read_project(folder: Path, overrides: Mapping[str, object] | None = None) -> FreezeSpec:
    """The product that ``pyproject.toml`` of a project describes.

    Args:
        folder: The project's folder.
        overrides: Values by the keys of ``[tool.deskapp]`` that count more; dotted for those of a system, for example
            ``"linux.formats"``.

    Raises:
        SpecError: A key is missing, unknown or wrong, see `SpecError.others` for more of them.
    """
    folder = folder.resolve()
    path = folder / PROJECT_FILE
    if not path.is_file():
        why = f"there is none in {folder}. Write one, or freeze a file: deskapp freeze app.py"
        raise SpecError(PROJECT_FILE, why)
    return _Reader(folder, _document(path), overrides or {}).spec()


def read_script(file: Path, overrides: Mapping[str, object] | None = None) -> FreezeSpec:
    """The product that a Python file is; what ``pyproject.toml`` beside it says of a product counts, too.

    Args:
        file: The program, which launches its app, or `Entry` text ``FILE:NAME`` in `overrides`.
        overrides: As of `read_project`.

    Raises:
        SpecError: As `read_project`.
    """
    file = file.resolve()
    if not file.is_file():
        raise SpecError("entry", f"there is no file {file}")
    path = file.parent / PROJECT_FILE
    document = _document(path) if path.is_file() else {}
    given = {"entry": file.name, **(overrides or {})}
    if "project" not in document and "name" not in given and "name" not in _table(document, "tool", "deskapp"):
        given["name"] = file.stem if file.stem != "__main__" else file.parent.name
    return _Reader(file.parent, document, given, first_version=FIRST_VERSION).spec()


def read_object(
    module: ModuleType,
    name: str,
    *,
    product: str,
    title: str = "",
    icon: Path | None = None,
    runtime: str | None = "firefox-app",
    excludes: Sequence[str] = (),
    includes: Sequence[str] = (),
) -> FreezeSpec:
    """The product that a class, or an `App`, of an imported module is.

    Args:
        module: The module that has it.
        name: What it is called there.
        product: Name of the product; the executable is called so, in lower case.
        title: One line about it.
        icon: A picture.
        runtime: What shows its window; None has it serve.
        excludes: Modules to leave out.
        includes: Modules to take in, though nothing seems to import them.

    Raises:
        SpecError: The module is no file, or a value is wrong.
    """
    place = getattr(module, "__file__", None)
    if place is None or not Path(place).is_file():
        raise SpecError("entry", f"{name} was typed at a prompt; write it to a file, which can be frozen")
    file = Path(place).resolve()
    dotted = _dotted_name(module)
    root = file.parent
    if dotted is not None:
        for _ in range(dotted.count(".") + (file.stem == "__init__")):
            root = root.parent
    table = {
        "name": product,
        "version": FIRST_VERSION,
        "entry": f"{dotted}:{name}" if dotted is not None else f"{file.name}:{name}",
        "summary": title,
        "runtime": runtime or "",
        "excludes": list(excludes),
        "includes": list(includes),
        **({"icon": str(icon)} if icon is not None else {}),
    }
    return _Reader(root, {}, table).spec()


def _dotted_name(module: ModuleType) -> str | None:
    """What the module is called when it is imported; None for a file that was started."""
    if module.__name__ != "__main__":
        return module.__name__
    spec = getattr(module, "__spec__", None)  # of `python -m`
    return None if spec is None else str(spec.name)


def _document(path: Path) -> dict[str, Any]:
    try:
        return read_toml(path)
    except ConfigError as error:
        raise SpecError(PROJECT_FILE, str(error)) from None


def _table(document: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    found: Any = document
    for key in keys:
        found = found.get(key, {}) if isinstance(found, dict) else {}
    return found if isinstance(found, dict) else {}


class _Reader:
    """One reading of one product; takes notes of what is wrong and goes on."""

    def __init__(
        self,
        folder: Path,
        document: Mapping[str, Any],
        overrides: Mapping[str, object],
        *,
        first_version: str | None = None,
    ) -> None:
        self._folder = folder
        self._project = _table(document, "project")
        self._table = _merged(_table(document, "tool", "deskapp"), overrides)
        self._first_version = first_version
        self._problems: list[SpecError] = []

    def spec(self) -> FreezeSpec:
        self._check_known("", self._table, {*PRODUCT_KEYS, *(item.name for item in fields(Settings))})
        values = self._values()
        if self._problems:
            first, *others = self._problems
            raise SpecError(first.key, first.why, others=others)
        return FreezeSpec(**values)

    def _values(self) -> dict[str, Any]:
        name = self._text("name", self._project.get("name") or "")
        if not name:
            self._note("name", 'what is the product called? Write name = "Body Mass"')
        elif self._try(slug, name) is None:
            name = ""
        author, email = self._author()
        return {
            "name": name,
            "version": self._version(),
            "app_id": self._app_id(name),
            "entry": self._entry(name),
            "project": self._folder,
            "runtime": self._runtime(),
            "icon": self._icon("icon", self._table.get("icon")),
            "summary": self._line("summary", self._project.get("description") or ""),
            "description": self._text("description", ""),
            "author": self._line("author", author),
            "author_email": self._line("author_email", email),
            "homepage": self._homepage(),
            "license": self._line("license", self._project_license()),
            "license_files": self._license_files(),
            "copyright": self._line("copyright", ""),
            "categories": self._lines("categories", ("Utility",)),
            "keywords": self._lines("keywords", tuple(self._project.get("keywords", ()))),
            "url_schemes": self._matching("url_schemes", _SCHEME, "bodymass", "a scheme without ':', in lower case"),
            "file_types": self._file_types(),
            "includes": self._matching("includes", _MODULE, "package.module", "a module's dotted name"),
            "excludes": self._matching("excludes", _MODULE, "package.module", "a module's dotted name"),
            "data": self._data(),
            "mode": self._choice("mode", self._table.get("mode"), Mode.SYSTEM),
            "onefile": self._flag("onefile"),
            "console": self._flag("console"),
            "linux": self._linux(),
            "windows": self._windows(),
            "macos": self._macos(),
        }

    # -- notes ---------------------------------------------------------------------------------------------------------

    def _note(self, key: str, why: str) -> None:
        if all(problem.key != key for problem in self._problems):  # what follows from the first fault helps nobody
            self._problems.append(SpecError(key, why))

    def _try(self, judge: Callable[[str], object], text: str) -> object | None:
        try:
            return judge(text)
        except SpecError as problem:
            self._problems.append(problem)
            return None

    def _check_known(self, prefix: str, table: Mapping[str, object], known: Collection[str]) -> None:
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(known))}."
                self._note(f"{prefix}{key}", f"there is no such key; {hint}")

    # -- kinds of values -----------------------------------------------------------------------------------------------

    def _text(self, key: str, otherwise: str) -> str:
        return self._text_of(key, self._table.get(key, otherwise))

    def _text_of(self, key: str, value: object) -> str:
        if isinstance(value, str):
            return value.strip()
        self._note(key, f"it is {type(value).__name__}, and a text is needed")
        return ""

    def _line(self, key: str, otherwise: str) -> str:
        return self._line_of(key, self._table.get(key, otherwise))

    def _line_of(self, key: str, value: object) -> str:
        text = self._text_of(key, value)
        if "\n" in text or "\r" in text:
            self._note(key, "it has several lines, and one is needed")
        return text

    def _lines(self, key: str, otherwise: tuple[str, ...]) -> tuple[str, ...]:
        return self._lines_of(key, self._table.get(key, otherwise))

    def _lines_of(self, key: str, value: object) -> tuple[str, ...]:
        if isinstance(value, str) or not isinstance(value, Sequence):
            self._note(key, f'it is {type(value).__name__}, and a list is needed, for example ["one", "two"]')
            return ()
        return tuple(self._line_of(f"{key}[{number}]", item) for number, item in enumerate(value))

    def _matching(self, key: str, pattern: re.Pattern[str], example: str, what: str) -> tuple[str, ...]:
        found = self._lines(key, ())
        for text in found:
            if pattern.fullmatch(text) is None:
                self._note(key, f"{text!r} is not {what}, for example {example!r}")
        return found

    def _flag(self, key: str) -> bool:
        value = self._table.get(key, False)
        if not isinstance(value, bool):
            self._note(key, f"it is {value!r}; write true or false")
        return bool(value)

    def _choice(self, key: str, value: object, otherwise: _Choice) -> _Choice:
        if value is None:
            return otherwise
        try:
            return type(otherwise)(value)
        except ValueError:
            known = ", ".join(repr(choice.value) for choice in type(otherwise))
            self._note(key, f"it is {value!r}; choose one of {known}")
            return otherwise

    def _file(self, key: str, value: object) -> Path | None:
        """A file of the project that has to be there."""
        text = self._text_of(key, value)
        if not text:
            return None
        path = self._folder / text
        if not path.is_file():
            near = difflib.get_close_matches(path.name, _names_in(path.parent), n=1)
            self._note(
                key, f"there is no file {text!r} in {self._folder}" + (f"; there is {near[0]!r}" if near else "")
            )
            return None
        return path

    def _icon(self, key: str, value: object) -> Path | None:
        if value is None:
            return None
        path = self._file(key, value)
        if path is not None and path.suffix.lower() not in SUFFIXES:
            self._note(key, f"{path.name!r} is no picture that icons are made of: use {', '.join(SUFFIXES)}, best a "
                            "square .png of 1024 pixels")  # fmt: skip
        elif path is not None:
            self._check_picture(key, path)
        return path

    def _check_picture(self, key: str, path: Path) -> None:
        """Refuse what is no picture whatever it is called, as far as the first bytes tell."""
        head = path.read_bytes()[:512]
        is_svg = path.suffix.lower() == ".svg" and b"<" in head
        starts = {".png": b"\x89PNG\r\n\x1a\n", ".ico": b"\0\0\1\0", ".icns": b"icns"}
        if not is_svg and not head.startswith(starts.get(path.suffix.lower(), b"<")):
            self._note(key, f"{path.name!r} does not hold what its name says; save it as {path.suffix.lower()} again")

    # -- single keys ---------------------------------------------------------------------------------------------------

    def _version(self) -> str:
        version = self._text_of("version", self._table.get("version", self._project_version()))
        if not version:
            hint = "the project computes it; repeat it here" if self._is_dynamic("version") else "for example 1.0"
            self._note("version", f"it is missing: {hint}, or give --version")
        else:
            self._try(Version.parse, version)
        return version

    def _project_version(self) -> object:
        if self._is_dynamic("version"):
            return _installed_version(str(self._project.get("name", ""))) or ""
        return self._project.get("version") or self._first_version or ""

    def _is_dynamic(self, key: str) -> bool:
        return key in self._project.get("dynamic", ())

    def _app_id(self, name: str) -> str:
        found = self._text("app_id", "")
        if not found:
            return _derived_app_id(self._homepage_text(), name)
        if _APP_ID.fullmatch(found) is None or len(found) > _APP_ID_LENGTH:
            why = "write a domain backwards, of letters, digits, '_' and '-', for example 'org.example.BodyMass'"
            self._note("app_id", f"{found!r} cannot name desktop files and bundles; {why}")
        return found

    def _entry(self, name: str) -> Entry:
        text = self._table.get("entry")
        if text is None:
            return self._found_entry(name)
        return self._entry_of(self._text_of("entry", text))

    def _entry_of(self, text: str) -> Entry:
        place, colon, attribute = text.rpartition(":")
        if not colon or not attribute.isidentifier():
            place, attribute = text, ""
        if place.endswith((".py", ".pyw")):
            file = (self._folder / place).resolve()
            if not file.is_file():
                near = difflib.get_close_matches(file.name, _names_in(file.parent), n=1)
                self._note("entry", f"there is no file {place!r}" + (f"; there is {near[0]!r}" if near else ""))
            return Entry(file=file, name=attribute or None)
        if _MODULE.fullmatch(place) is None:
            self._note("entry", f"{text!r} is neither a module nor a file; write 'package.module:Name' or 'app.py'")
        return Entry(module=place, name=attribute or None)

    def _found_entry(self, name: str) -> Entry:
        scripts = _table(self._project, "gui-scripts") or _table(self._project, "scripts")
        if len(scripts) == 1:
            [text] = scripts.values()
            return self._entry_of(str(text))
        package = re.sub(r"[^a-z0-9_]+", "_", str(self._project.get("name") or name).lower())
        for folder in (self._folder, self._folder / "src"):
            if (folder / package / "__main__.py").is_file():
                return Entry(module=f"{package}.__main__")
        self._note("entry", 'what is to be started? Write entry = "package.module:Name", or entry = "app.py"')
        return Entry()

    def _runtime(self) -> str | None:
        value = self._table.get("runtime", Settings.runtime)
        return None if value in (None, "", False) else self._line_of("runtime", value)

    def _author(self) -> tuple[str, str]:
        first: object = next(iter(self._project.get("authors") or ()), {})
        if not isinstance(first, dict):
            return "", ""
        return str(first.get("name", "")), str(first.get("email", ""))

    def _homepage_text(self) -> str:
        urls = {str(key).lower(): value for key, value in _table(self._project, "urls").items()}
        value = self._table.get("homepage", urls.get("homepage", ""))
        return value if isinstance(value, str) else ""

    def _homepage(self) -> str:
        text = self._line_of("homepage", self._table.get("homepage", self._homepage_text()))
        if text and urlsplit(text).scheme not in ("http", "https"):
            self._note("homepage", f"{text!r} is no address of a web page; it begins with https://")
        return text

    def _project_license(self) -> str:
        value = self._project.get("license", "")
        if isinstance(value, dict):  # as it was before SPDX expressions
            text = str(value.get("text", ""))
            return text if "\n" not in text else ""
        return str(value)

    def _license_files(self) -> tuple[Path, ...]:
        key = "license_files"
        given = self._table.get(key, self._project.get("license-files"))
        if given is None:
            license = self._project.get("license")
            old = license.get("file") if isinstance(license, dict) else None
            return tuple(_license_texts(self._folder)) if old is None else tuple(filter(None, [self._file(key, old)]))
        found: list[Path] = []
        for pattern in self._lines_of(key, given):
            matches = sorted(path for path in self._folder.glob(pattern) if path.is_file())
            if not matches:
                self._note(key, f"no file of the project is called {pattern!r}")
            found += matches
        return tuple(dict.fromkeys(found))

    def _file_types(self) -> tuple[FileType, ...]:
        value = self._table.get("file_types", ())
        if not isinstance(value, list | tuple):
            self._note("file_types", "write a list of tables, each with extension, mime and description")
            return ()
        found = [self._file_type(f"file_types[{number}]", item) for number, item in enumerate(value)]
        return tuple(one for one in found if one is not None)

    def _file_type(self, key: str, item: object) -> FileType | None:
        if not isinstance(item, dict):
            self._note(key, 'write a table: {extension = "note", mime = "application/x-note", description = "Note"}')
            return None
        self._check_known(f"{key}.", item, {one.name for one in fields(FileType)})
        extension = self._line_of(f"{key}.extension", item.get("extension", "")).removeprefix(".")
        mime = self._line_of(f"{key}.mime", item.get("mime", ""))
        description = self._line_of(f"{key}.description", item.get("description", ""))
        role = self._line_of(f"{key}.role", item.get("role", "editor"))
        if _EXTENSION.fullmatch(extension) is None:
            self._note(f"{key}.extension", f'it is {extension!r}; write the end of the names, for example "note"')
        if _MIME.fullmatch(mime) is None:
            self._note(f"{key}.mime", f'it is {mime!r}; write for example "application/x-note"')
        if not description:
            self._note(f"{key}.description", 'what do people call such a document? For example "Note"')
        if role not in ("editor", "viewer"):
            self._note(f"{key}.role", f"it is {role!r}; choose 'editor' or 'viewer'")
        return FileType(extension, mime, description, self._icon(f"{key}.icon", item.get("icon")), role)

    def _data(self) -> tuple[DataFile, ...]:
        value = self._table.get("data", ())
        if not isinstance(value, list | tuple):
            self._note("data", 'write a list of paths, or of tables {from = "…", to = "…"}')
            return ()
        return tuple(one for number, item in enumerate(value) for one in self._data_of(f"data[{number}]", item))

    def _data_of(self, key: str, item: object) -> Iterator[DataFile]:
        if isinstance(item, dict):
            self._check_known(f"{key}.", item, {"from", "to"})
            if "from" not in item:
                if set(item) <= {"to"}:
                    self._note(f"{key}.from", "it is missing: which file or folder of the project?")
                return
        source = self._line_of(key, item.get("from", "") if isinstance(item, dict) else item)
        target = self._line_of(key, item.get("to", "")) if isinstance(item, dict) else ""
        matches = sorted(self._folder.glob(source)) if source and not os.path.isabs(source) else []
        if not matches:
            self._note(key, f"nothing in the project is called {source!r}")
        if PurePosixPath(target).is_absolute() or ".." in PurePosixPath(target).parts:
            self._note(key, f"{target!r} is outside the program; name a folder in it")
        for path in matches:
            place = PurePosixPath(path.relative_to(self._folder).as_posix())
            yield DataFile(path, PurePosixPath(target) / place.name if target else place)

    # -- systems -------------------------------------------------------------------------------------------------------

    def _system(self, name: str) -> dict[str, Any]:
        value = self._table.get(name, {})
        if not isinstance(value, dict):
            self._note(name, f"write a table, [tool.deskapp.{name}]")
            return {}
        self._check_known(f"{name}.", value, {one.name for one in fields(SYSTEMS[name])})
        return value

    def _formats(self, name: str, table: Mapping[str, Any], otherwise: tuple[str, ...]) -> tuple[str, ...]:
        found = self._lines_of(f"{name}.formats", table.get("formats", otherwise))
        for format in found:
            if format not in FORMATS:
                self._note(f"{name}.formats", unknown_format(format))
        return found

    def _linux(self) -> LinuxOptions:
        table, key = self._system("linux"), "linux"
        basis = LinuxOptions()
        return LinuxOptions(
            formats=self._formats(key, table, basis.formats),
            depends=self._lines_of(f"{key}.depends", table.get("depends", ())),
            rpm_requires=self._lines_of(f"{key}.rpm_requires", table.get("rpm_requires", ())),
            section=self._line_of(f"{key}.section", table.get("section", basis.section)),
            maintainer=self._line_of(f"{key}.maintainer", table.get("maintainer", "")),
            appimage_runtime=self._file(f"{key}.appimage_runtime", table.get("appimage_runtime", "")),
        )

    def _windows(self) -> WindowsOptions:
        table, key = self._system("windows"), "windows"
        basis = WindowsOptions()
        return WindowsOptions(
            formats=self._formats(key, table, basis.formats),
            scope=self._choice(f"{key}.scope", table.get("scope"), Scope.USER),
            publisher=self._line_of(f"{key}.publisher", table.get("publisher", "")),
            upgrade_code=self._line_of(f"{key}.upgrade_code", table.get("upgrade_code", "")),
            certificate=self._file(f"{key}.certificate", table.get("certificate", "")),
            timestamp_url=self._line_of(f"{key}.timestamp_url", table.get("timestamp_url", "")),
        )

    def _macos(self) -> MacOptions:
        table, key = self._system("macos"), "macos"
        basis = MacOptions()
        usage = table.get("usage", {})
        if not isinstance(usage, dict) or not all(isinstance(text, str) for text in usage.values()):
            self._note(
                f"{key}.usage", 'write a table of texts, for example NSCameraUsageDescription = "To scan labels."'
            )
            usage = {}
        return MacOptions(
            formats=self._formats(key, table, basis.formats),
            category=self._line_of(f"{key}.category", table.get("category", basis.category)),
            minimum_version=self._line_of(
                f"{key}.minimum_version", table.get("minimum_version", basis.minimum_version)
            ),
            identity=self._line_of(f"{key}.identity", table.get("identity", "")),
            team_id=self._line_of(f"{key}.team_id", table.get("team_id", "")),
            entitlements=self._file(f"{key}.entitlements", table.get("entitlements", "")),
            usage=usage,
        )


def _merged(table: Mapping[str, Any], overrides: Mapping[str, object]) -> dict[str, Any]:
    merged = {key: dict(value) if isinstance(value, dict) else value for key, value in table.items()}
    for key, value in overrides.items():
        system, _, rest = key.partition(".")
        if rest:
            merged.setdefault(system, {})[rest] = value
        else:
            merged[key] = value
    return merged


def _derived_app_id(homepage: str, name: str) -> str:
    """An app id for who gave none: the home page's domain backwards, or that of a program which has none."""
    last = re.sub(r"[^A-Za-z0-9_-]+", "", name.title()) or "App"
    if last[0].isdigit():
        last = f"_{last}"
    host = urlsplit(homepage).hostname or ""
    parts = [part for part in reversed(host.removeprefix("www.").split(".")) if part]
    found = ".".join([*parts, last]) if len(parts) > 1 else f"local.{last}"
    return found if _APP_ID.fullmatch(found) else f"local.{last}"


def _installed_version(name: str) -> str | None:
    from importlib import metadata

    try:
        return metadata.version(name) if name else None
    except metadata.PackageNotFoundError:
        return None


def _license_texts(folder: Path) -> list[Path]:
    return sorted(path for pattern in ("LICEN[CS]E*", "COPYING*", "NOTICE*") for path in folder.glob(pattern))


def _names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
