"""`FreezeSpec`: what a product is, as plain frozen values; nothing in it asks the machine.

`_project.py` reads one from ``pyproject.toml``, a file or an `App`; everything behind takes its values as they are.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from deskapp.freeze.metadata import slug


class Mode(str, enum.Enum):
    """What of the window system a frozen program brings along; matters on Linux alone.

    Attributes:
        SYSTEM: GTK and WebKit, or the browser, are the system's; Python and the wheels' own libraries come along.
        FULL: WebKitGTK comes along as well: runs where there is neither GTK nor WebKit.
        QT: Qt WebEngine, that is Chromium, comes along.
    """

    SYSTEM = "system"
    FULL = "full"
    QT = "qt"


class Scope(str, enum.Enum):
    """For whom an installer for Windows installs."""

    USER = "user"
    MACHINE = "machine"


@dataclass(frozen=True)
class FileType:
    """A kind of document that the product opens.

    Args:
        extension: Without a dot, for example ``"note"``.
        mime: For example ``"application/x-note"``.
        description: What people call such a document, for example ``"Note"``.
        icon: A picture for such documents; None takes the product's.
        role: ``"editor"``, or ``"viewer"`` when the product only shows them.
    """

    extension: str
    mime: str
    description: str
    icon: Path | None = None
    role: str = "editor"


@dataclass(frozen=True)
class DataFile:
    """A file or folder that travels with the program.

    Args:
        source: Where it is on the building machine.
        target: Where it is in the frozen program, below the folder that code's ``__file__`` is in.
    """

    source: Path
    target: PurePosixPath


@dataclass(frozen=True)
class Entry:
    """What the frozen program runs. Exactly one of `module` and `file` is given.

    Args:
        module: A module's dotted name.
        file: A Python file.
        name: A class or function of it to be launched; None runs the module or file as a program, which launches.
    """

    module: str | None = None
    file: Path | None = None
    name: str | None = None

    def __str__(self) -> str:
        place = self.module if self.file is None else str(self.file)
        return f"{place}:{self.name}" if self.name else f"{place}"


@dataclass(frozen=True)
class LinuxOptions:
    """``[tool.deskapp.linux]``.

    Attributes:
        formats: Installers to be made, see `deskapp.freeze.installers.FORMATS`.
        depends: Further packages of Debian that a ``.deb`` depends on, as ``Depends`` has them.
        rpm_requires: Further requirements of an ``.rpm``.
        section: Of a ``.deb``.
        maintainer: ``Name <address>``; empty takes the author.
        appimage_runtime: The type-2 runtime of AppImage; None looks for one.
    """

    formats: tuple[str, ...] = ("deb", "tar.gz")
    depends: tuple[str, ...] = ()
    rpm_requires: tuple[str, ...] = ()
    section: str = "utils"
    maintainer: str = ""
    appimage_runtime: Path | None = None


@dataclass(frozen=True)
class WindowsOptions:
    """``[tool.deskapp.windows]``.

    Attributes:
        formats: Installers to be made.
        scope: For whom they install.
        publisher: As the list of programs shows it; empty takes the author.
        upgrade_code: UUID that all versions of an ``.msi`` share; empty derives it from the app id.
        certificate: ``.pfx`` or ``.pem`` file that signs; None signs nothing. Its password is in the environment
            variable ``DESKAPP_SIGN_PASSWORD`` or in the keyring.
        timestamp_url: Of a time-stamping authority; empty: no time stamp.
    """

    formats: tuple[str, ...] = ("nsis", "zip")
    scope: Scope = Scope.USER
    publisher: str = ""
    upgrade_code: str = ""
    certificate: Path | None = None
    timestamp_url: str = ""


@dataclass(frozen=True)
class MacOptions:
    """``[tool.deskapp.macos]``.

    Attributes:
        formats: Installers to be made.
        category: ``LSApplicationCategoryType``.
        minimum_version: ``LSMinimumSystemVersion``.
        identity: Name of the certificate that ``codesign`` takes from the keychain; empty signs nothing.
        team_id: For notarization; with none, nothing is notarized.
        entitlements: A ``.plist``; None takes what a Python program needs.
        usage: What Info.plist says about what the program asks for, for example
            ``{"NSCameraUsageDescription": "To scan labels."}``.
    """

    formats: tuple[str, ...] = ("dmg",)
    category: str = "public.app-category.utilities"
    minimum_version: str = "11.0"
    identity: str = ""
    team_id: str = ""
    entitlements: Path | None = None
    usage: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class FreezeSpec:
    """A product: what is frozen, what it is called, and how it is handed to people.

    Made by `deskapp.freeze.read_project` and friends, which check it whole; paths are absolute.

    Attributes:
        name: What people call it, for example ``"Body Mass"``.
        version: As in PEP 440; each format spells it its own way, see `deskapp.freeze.metadata`.
        app_id: Reverse domain name, for example ``"org.example.BodyMass"``; names desktop file, bundle and folders.
        entry: What it runs.
        project: Folder that the paths of the table are relative to.
        runtime: What shows its windows, as `launch` takes it, for example ``"webview"``; None serves.
        icon: A square picture; None shows deskapp's own.
        summary: One line about it.
        description: More about it; paragraphs are separated by empty lines.
        author: Name of a person or company.
        author_email: Their address.
        homepage: ``https://…``.
        license: SPDX expression; empty says nothing about it.
        license_files: Texts that travel with it.
        copyright: For example ``"© 2031 Ada"``.
        categories: Of the freedesktop menu specification.
        keywords: For those who search.
        url_schemes: Without ``:``, for example ``("bodymass",)``.
        file_types: Documents that it opens.
        includes: Further modules that are frozen though nobody imports them by name.
        excludes: Modules that are left out, with all below them.
        data: Files and folders that travel with it.
        mode: What of the window system comes along on Linux.
        onefile: One executable file that unpacks itself at each start, instead of a folder.
        console: Keep a console window on Windows.
        linux: What concerns Linux alone.
        windows: What concerns Windows alone.
        macos: What concerns macOS alone.
    """

    name: str
    version: str
    app_id: str
    entry: Entry
    project: Path
    runtime: str | None = "app or browser"
    icon: Path | None = None
    summary: str = ""
    description: str = ""
    author: str = ""
    author_email: str = ""
    homepage: str = ""
    license: str = ""
    license_files: tuple[Path, ...] = ()
    copyright: str = ""
    categories: tuple[str, ...] = ("Utility",)
    keywords: tuple[str, ...] = ()
    url_schemes: tuple[str, ...] = ()
    file_types: tuple[FileType, ...] = ()
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    data: tuple[DataFile, ...] = ()
    mode: Mode = Mode.SYSTEM
    onefile: bool = False
    console: bool = False
    linux: LinuxOptions = LinuxOptions()
    windows: WindowsOptions = WindowsOptions()
    macos: MacOptions = MacOptions()

    @property
    def slug(self) -> str:
        """The name in lower case, of ASCII letters, digits and ``-`` alone: of executable, package and folders."""
        return slug(self.name)
