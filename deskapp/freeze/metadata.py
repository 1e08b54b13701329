"""Names and versions as each format spells them; nothing here looks at anything but its arguments."""

from __future__ import annotations

import re
import unicodedata

from deskapp.errors import SpecError


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


_VERSION = re.compile(r"v?(?:\d+!)?(\d+(?:\.\d+)*)")


def windows_version(version: str) -> tuple[int, int, int, int]:
    """Four numbers of at most 65535, as resources of Windows have them; what follows the release is left out.

    Raises:
        SpecError: It has no release, or one of more or larger numbers.
    """
    found = _VERSION.match(version.strip())
    if found is None:
        raise SpecError("version", f"{version!r} does not begin with numbers, as in '1.2.3'")
    parts = [int(part) for part in found[1].split(".")]
    if len(parts) > 4 or max(parts) > 65535:
        raise SpecError("version", f"{version!r} is no version for Windows: that is four numbers of at most 65535")
    first, second, third, fourth = [*parts, 0, 0, 0][:4]
    return first, second, third, fourth


def msi_version(version: str) -> str:
    """Three numbers as ``ProductVersion`` of a Windows Installer package has them.

    Raises:
        SpecError: It has no release, or one of larger numbers than 255.255.65535.
    """
    first, second, third, _ = windows_version(version)
    if first > 255 or second > 255:
        raise SpecError("version", f"{version!r} is no version for an .msi: the most that it has is 255.255.65535")
    return f"{first}.{second}.{third}"


def bundle_versions(version: str) -> tuple[str, str]:
    """``CFBundleShortVersionString`` and ``CFBundleVersion``: up to three numbers each.

    Raises:
        SpecError: It has no release.
    """
    found = _VERSION.match(version.strip())
    if found is None:
        raise SpecError("version", f"{version!r} does not begin with numbers, as in '1.2.3'")
    short = ".".join(found[1].split(".")[:3])
    return short, short
