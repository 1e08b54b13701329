"""Names and versions as each format spells them; nothing here looks at anything but its arguments.

Versions are PEP 440's. Every format compares them by rules of its own, and an update that is not newer in the eyes of
the system is not installed, so each spelling keeps the order:

==========  ==================  ====================  ==================
PEP 440     Debian, RPM,        Windows (4 numbers)   macOS (bundle)
            AppStream
==========  ==================  ====================  ==================
1.2.dev3    ``1.2~~dev3``       ``1.2.0.6``           ``1.2d3``
1.2a1       ``1.2~a1``          ``1.2.0.10003``       ``1.2a1``
1.2rc1      ``1.2~rc1``         ``1.2.0.30003``       ``1.2fc1``
1.2         ``1.2``             ``1.2.0.40000``       ``1.2``
1.2+ada     ``1.2+local.ada``   ``1.2.0.40000``       ``1.2``
1.2.post1   ``1.2+post1``       ``1.2.0.50003``       ``1.2``
1!0.9       epoch written its   refused               refused
            own way
==========  ==================  ====================  ==================

Where a format has too few numbers, versions that differ may be spelled alike, but never the other way round. An
``.msi`` cannot even be replaced by one that is spelled alike, so `msi_version` refuses what three numbers cannot say.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from deskapp.errors import SpecError

# The grammar of PEP 440, appendix B, with its alternative spellings.
_VERSION = re.compile(
    r"""
    v?
    (?:(?P<epoch>[0-9]+)!)?
    (?P<release>[0-9]+(?:\.[0-9]+)*)
    (?:[-_.]?(?P<pre>alpha|beta|preview|pre|rc|a|b|c)[-_.]?(?P<pre_number>[0-9]+)?)?
    (?:-(?P<implicit>[0-9]+)|[-_.]?(?P<post>post|rev|r)[-_.]?(?P<post_number>[0-9]+)?)?
    (?:[-_.]?(?P<dev>dev)[-_.]?(?P<dev_number>[0-9]+)?)?
    (?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_PRE = {"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}

# https://learn.microsoft.com/windows/win32/msi/productversion
MSI_LIMITS = (255, 255, 65535)
# https://learn.microsoft.com/windows/win32/menurc/versioninfo-resource: four numbers of 16 bits
WINDOWS_LIMIT = 65535
# The fourth of them, by stage. In between there is room for 5000 numbers, each with a development release before it.
_WINDOWS_STAGES = {"dev": 0, "a": 10_000, "b": 20_000, "rc": 30_000, "final": 40_000, "post": 50_000}
_WINDOWS_STAGE_NUMBERS = 5_000
# Apple, Technical Note TN2420 and kext's rules: development, alpha, beta and final candidate, each from 1 to 255.
_MAC_STAGES = {"dev": "d", "a": "a", "b": "b", "rc": "fc"}
_MAC_STAGE_LIMIT = 255

# https://dbus.freedesktop.org/doc/dbus-specification.html#message-protocol-names-bus
_ID_LIMIT = 255
_BUS_NAME = re.compile(r"[A-Za-z_-][A-Za-z0-9_-]*(?:\.[A-Za-z_-][A-Za-z0-9_-]*)+", re.ASCII)
_FLATPAK_ID = re.compile(r"(?:[A-Za-z_][A-Za-z0-9_]*\.){2,}[A-Za-z_][A-Za-z0-9_-]*", re.ASCII)
_BUNDLE_ID = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)

# https://specifications.freedesktop.org/menu-spec/latest/category-registry.html
MAIN_CATEGORIES = (
    "AudioVideo", "Audio", "Video", "Development", "Education", "Game", "Graphics", "Network", "Office", "Science",
    "Settings", "System", "Utility",
)  # fmt: skip


def slug(name: str) -> str:
    """`name` in lower case, of ASCII letters, digits and ``-``; begins with a letter or digit.

    Raises:
        SpecError: Nothing is left of it.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    found = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if not found:
        raise SpecError("name", f"{name!r} has no letter from a to z and no digit, and files are named after it")
    return found


@dataclass(frozen=True)
class Version:
    """A version of PEP 440, taken apart.

    Attributes:
        epoch: Of the numbering; 0 if none is given.
        release: The numbers, as many as were written.
        pre: ``"a"``, ``"b"`` or ``"rc"`` with its number; None for none.
        post: Number of the post-release; None for none.
        dev: Number of the development release; None for none.
        local: What follows ``+``, its parts joined by dots; empty for none.
    """

    epoch: int
    release: tuple[int, ...]
    pre: tuple[str, int] | None = None
    post: int | None = None
    dev: int | None = None
    local: str = ""

    @classmethod
    def parse(cls, text: str) -> Version:
        """Take `text` apart.

        Raises:
            SpecError: It is no version.
        """
        found = _VERSION.fullmatch(text.strip())
        if found is None:
            raise SpecError("version", f"{text!r} is no version as in PEP 440; '1.2', '1.2.3rc1' or '1.2.post1' are")
        pre = found["pre"]
        post = found["implicit"] or (found["post"] and (found["post_number"] or "0"))
        return cls(
            epoch=int(found["epoch"] or 0),
            release=tuple(map(int, found["release"].split("."))),
            pre=None if pre is None else (_PRE.get(pre.lower(), pre.lower()), int(found["pre_number"] or 0)),
            post=None if post is None else int(post),
            dev=None if found["dev"] is None else int(found["dev_number"] or 0),
            local=re.sub(r"[-_.]", ".", found["local"] or "").lower(),
        )

    @property
    def numbers(self) -> str:
        """The release, joined by dots."""
        return ".".join(map(str, self.release))

    @property
    def is_final(self) -> bool:
        """Whether the release is all there is to say."""
        return self.pre is None and self.post is None and self.dev is None and not self.local

    def packaged(self) -> str:
        """The version without its epoch, for the package managers of Linux.

        They agree that ``~`` sorts before the end. A post-release has to sort between the end and ``.1``, which is what
        ``+`` does: dpkg puts it before ``.``, and rpm a word before a number. rpm's own ``^`` is none of dpkg's, nor
        known to all versions of AppStream (0.16).
        """
        text = self.numbers
        if self.pre is not None:
            text += f"~{self.pre[0]}{self.pre[1]}"
        if self.post is not None:
            text += f"+post{self.post}"
        if self.dev is not None:
            # A development release of the release itself comes before its alphas, hence twice.
            text += f"{'~' if self.pre is not None or self.post is not None else '~~'}dev{self.dev}"
        if self.local:
            text += f"+local.{self.local}"  # "local" < "post"
        return text


def debian_version(version: str) -> str:
    """As ``Version`` of a Debian package has it, for a package that has no revision.

    Raises:
        SpecError: `version` is no version.
    """
    found = Version.parse(version)
    return f"{found.epoch}:{found.packaged()}" if found.epoch else found.packaged()


def rpm_version(version: str) -> str:
    """As ``Version`` of an RPM package has it; see `rpm_epoch` for the rest.

    Raises:
        SpecError: `version` is no version.
    """
    return Version.parse(version).packaged()


def rpm_epoch(version: str) -> int:
    """``Epoch`` of an RPM package; 0 means that it need not be written.

    Raises:
        SpecError: `version` is no version.
    """
    return Version.parse(version).epoch


def appstream_version(version: str) -> str:
    """As a ``<release>`` of AppStream has it.

    Raises:
        SpecError: `version` is no version.
    """
    return Version.parse(version).packaged()


def file_version(version: str) -> str:
    """As names of files and folders have it: PEP 440's own characters, without ``!``.

    Raises:
        SpecError: `version` is no version.
    """
    found = Version.parse(version)
    text = found.numbers
    if found.pre is not None:
        text += f"{found.pre[0]}{found.pre[1]}"
    if found.post is not None:
        text += f".post{found.post}"
    if found.dev is not None:
        text += f".dev{found.dev}"
    return f"{text}+{found.local}" if found.local else text


def msi_version(version: str) -> str:
    """``ProductVersion`` of an ``.msi``: three numbers, since Windows Installer ignores a fourth.

    Raises:
        SpecError: Three numbers within `MSI_LIMITS` cannot say it.
    """
    found = Version.parse(version)
    numbers = _padded(found.release, 3)
    if not found.is_final or found.epoch or any(numbers[3:]):
        raise SpecError(
            "version",
            f"{version!r} cannot be the version of an .msi, which is three numbers: Windows Installer would take it "
            f"for {'.'.join(map(str, numbers[:3]))} and never replace one by the other. Number this version with three "
            "numbers of its own, or leave 'msi' out of windows.formats: 'nsis' and 'zip' take any version.",
        )
    _within(version, numbers, MSI_LIMITS, "the version of an .msi")
    return ".".join(map(str, numbers[:3]))


def windows_version(version: str) -> tuple[int, int, int, int]:
    """The four numbers of a VERSIONINFO resource; the fourth says how ripe the release is.

    Windows Installer does not replace an executable by one whose four numbers are not greater.

    Raises:
        SpecError: A number is beyond `WINDOWS_LIMIT`, or there is an epoch.
    """
    found = _without_epoch(version, "the version of an executable for Windows")
    numbers = _padded(found.release, 3)
    _within(version, numbers, (WINDOWS_LIMIT,) * 3, "the version of an executable for Windows")
    stage, number = _stage(found)
    fourth = _WINDOWS_STAGES[stage]
    if stage != "final":
        fourth += 2 * min(number, _WINDOWS_STAGE_NUMBERS - 1)
        if found.dev is None or (found.pre is not None and found.post is not None):
            fourth += 1
    return numbers[0], numbers[1], numbers[2], fourth


def mac_short_version(version: str) -> str:
    """``CFBundleShortVersionString``, which people see: at most three numbers.

    Raises:
        SpecError: There is an epoch.
    """
    found = _without_epoch(version, "the version of a bundle for macOS")
    return ".".join(map(str, found.release[:3]))


def mac_bundle_version(version: str) -> str:
    """``CFBundleVersion``, which the system compares: three numbers, and a stage before the release.

    Raises:
        SpecError: There is an epoch.
    """
    found = _without_epoch(version, "the version of a bundle for macOS")
    text = ".".join(map(str, found.release[:3]))
    stage, number = _stage(found)
    if stage in _MAC_STAGES:
        text += f"{_MAC_STAGES[stage]}{max(1, min(number, _MAC_STAGE_LIMIT))}"
    return text


def package_name(name: str) -> str:
    """The slug as a package's name: Debian wants two characters at least.

    Raises:
        SpecError: It has fewer.
    """
    found = slug(name)
    if len(found) < 2:
        raise SpecError("name", f"{name!r} leaves {found!r} for a package's name, which needs two characters")
    return found


def wm_class(app_id: str) -> str:
    """The class of the product's windows, by which a task bar finds its ``.desktop`` file."""
    return app_id


def desktop_file(app_id: str) -> str:
    """Name of the ``.desktop`` file: task bars of Wayland find it by the app id alone.

    Raises:
        SpecError: The app id cannot name one.
    """
    return f"{bus_name(app_id)}.desktop"


def bus_name(app_id: str) -> str:
    """The app id as a well-known name of D-Bus.

    Raises:
        SpecError: It cannot be one.
    """
    if not _BUS_NAME.fullmatch(app_id) or len(app_id) > _ID_LIMIT:
        raise SpecError(
            "app_id",
            f"{app_id!r} has to be a domain of yours in reverse order and a name, such as 'org.example.BodyMass': at "
            f"least two parts joined by dots, of letters, digits, '_' and '-', none beginning with a digit, at most "
            f"{_ID_LIMIT} characters",
        )
    return app_id


def flatpak_id(app_id: str) -> str:
    """The app id as Flatpak has it.

    Raises:
        SpecError: It has fewer than three parts, or ``-`` before the last one.
    """
    if not _FLATPAK_ID.fullmatch(app_id) or len(app_id) > _ID_LIMIT:
        raise SpecError(
            "app_id",
            f"{app_id!r} cannot be the id of a Flatpak, which has at least three parts joined by dots, such as "
            "'org.example.BodyMass', of letters, digits and '_', none beginning with a digit; '-' is for the last one",
        )
    return app_id


def bundle_id(app_id: str) -> str:
    """The app id as ``CFBundleIdentifier``: letters, digits and ``-``, in parts joined by dots.

    Raises:
        SpecError: Another character is in it, or there is no dot.
    """
    found = app_id.replace("_", "-")  # which the other systems allow
    if not _BUNDLE_ID.fullmatch(found):
        raise SpecError(
            "app_id",
            f"{app_id!r} cannot be the identifier of a bundle for macOS: letters, digits and '-', in parts that are "
            "joined by dots, such as 'org.example.BodyMass'",
        )
    return found


def checked_categories(categories: tuple[str, ...]) -> tuple[str, ...]:
    """`categories`, if a menu can place the product by them.

    Raises:
        SpecError: None is a main category, or one cannot be written.
    """
    for category in categories:
        if not re.fullmatch(r"[A-Za-z0-9-]+", category, re.ASCII):
            raise SpecError("categories", f"{category!r} is no category of a menu: letters, digits and '-' alone")
    if not set(categories).intersection(MAIN_CATEGORIES):
        raise SpecError(
            "categories", f"one of {', '.join(MAIN_CATEGORIES)} has to be among {list(categories)!r}: menus go by them"
        )
    return categories


def _padded(release: tuple[int, ...], length: int) -> tuple[int, ...]:
    return release + (0,) * (length - len(release))


def _within(version: str, numbers: tuple[int, ...], limits: tuple[int, ...], what: str) -> None:
    for number, limit in zip(numbers, limits, strict=False):
        if number > limit:
            raise SpecError("version", f"{version!r} cannot be {what}: {number} is more than {limit}")


def _without_epoch(version: str, what: str) -> Version:
    found = Version.parse(version)
    if found.epoch:
        raise SpecError("version", f"{version!r} cannot be {what}: there is no way to write the epoch {found.epoch}!")
    return found


def _stage(version: Version) -> tuple[str, int]:
    """How ripe a version is, and its number within that stage."""
    if version.pre is not None:
        return version.pre
    if version.post is not None:
        return "post", version.post
    if version.dev is not None:
        return "dev", version.dev
    return "final", 0
