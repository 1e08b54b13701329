"""The texts of a Debian package: control, copyright, changelog, overrides of lintian.

https://www.debian.org/doc/debian-policy/
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime

from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.installers._metainfo import paragraphs
from deskapp.freeze.metadata import debian_version, package_name

ARCHITECTURES: Mapping[str, str] = {
    "x86_64": "amd64",
    "i386": "i386",
    "aarch64": "arm64",
    "armhf": "armhf",
    "riscv64": "riscv64",
    "ppc64le": "ppc64el",
    "s390x": "s390x",
    "noarch": "all",
}
_SYNOPSIS_LENGTH = 80
_WIDTH = 78
_NOBODY = "nobody@localhost"

# Tag → why it is there to stay: these files are as PyInstaller, Python and the authors of wheels made them.
OVERRIDES: Mapping[str, str] = {
    "embedded-library": "a frozen program brings along what its wheels are linked to",
    "hardening-no-pie": "the start-up program was compiled by the makers of PyInstaller",
    "library-not-linked-against-libc": "extension modules take the C library from the program that loads them",
    "missing-depends-on-sensible-utils": "the standard library tries a pager of that name among others",
    "shared-library-lacks-prerequisites": "extension modules take everything from the program that loads them",
}


def control(spec: FreezeSpec, *, machine: str, installed_kib: int, depends: Sequence[str]) -> str:
    """The file ``control``.

    Args:
        spec: What the product is.
        machine: For which processor, as ``uname -m`` has it.
        installed_kib: What it takes on a disk.
        depends: Entries of ``Depends``.

    Raises:
        SpecError: The version or the name cannot be said.
    """
    fields = {
        "Package": package_name(spec.name),
        "Version": debian_version(spec.version),
        "Section": spec.linux.section,
        "Priority": "optional",
        "Architecture": ARCHITECTURES.get(machine, machine),
        "Installed-Size": str(installed_kib),
        "Maintainer": maintainer(spec),
        "Depends": ", ".join(depends),
        # What `deskapp.desktop` opens addresses and files with.
        "Recommends": "" if any("xdg-utils" in entry for entry in depends) else "xdg-utils",
        "Homepage": spec.homepage,
    }
    lines = [f"{key}: {_line(value)}" for key, value in fields.items() if value]
    synopsis = _line(spec.summary).rstrip(".") or _line(spec.name)
    lines.append(f"Description: {textwrap.shorten(synopsis, _SYNOPSIS_LENGTH, placeholder='…')}")
    for index, paragraph in enumerate(paragraphs(spec.description) or [_default_description(spec)]):
        if index:
            lines.append(" .")
        wrapped = textwrap.wrap(paragraph, _WIDTH, break_long_words=False, break_on_hyphens=False)
        # A line that begins with a dot would be a command.
        lines += [f" {line}" if not line.startswith(".") else f"  {line}" for line in wrapped]
    return "\n".join(lines) + "\n"


def maintainer(spec: FreezeSpec) -> str:
    """Who answers for the package: the table's word, else the author."""
    if spec.linux.maintainer:
        return _line(spec.linux.maintainer)
    name = _line(spec.author or spec.name).translate(str.maketrans("", "", "<>,"))
    return f"{name} <{spec.author_email or _NOBODY}>"


def has_address(spec: FreezeSpec) -> bool:
    """Whether people know where to write to."""
    return bool(spec.linux.maintainer or spec.author_email)


def copyright_text(spec: FreezeSpec, *, licenses: Iterable[str]) -> str:
    """The file ``copyright``, as a machine reads it.

    Args:
        spec: What the product is.
        licenses: The texts of its licence files.
    """
    license = spec.license or "as-told-by-the-author"
    lines = [
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
        f"Upstream-Name: {_line(spec.name)}",
        f"Upstream-Contact: {maintainer(spec)}",
    ]
    if spec.homepage:
        lines.append(f"Source: {_line(spec.homepage)}")
    lines += [
        "",
        "Files: *",
        f"Copyright: {_line(spec.copyright) or _line(spec.author) or _line(spec.name)}",
        f"License: {license}",
    ]
    texts = list(licenses) or [f"Ask {_line(spec.author) or 'the author'} what may be done with this program."]
    for index, text in enumerate(texts):
        if index:
            lines.append(" .")
        lines += [f" {line.rstrip()}" if line.strip() else " ." for line in text.strip("\n").splitlines()]
    return "\n".join(lines) + "\n"


def changelog(spec: FreezeSpec, *, date: datetime) -> str:
    """The file ``changelog``: one entry, this version."""
    return (
        f"{package_name(spec.name)} ({debian_version(spec.version)}) unstable; urgency=medium\n\n"
        f"  * Version {spec.version}.\n\n"
        f" -- {maintainer(spec)}  {format_datetime(date)}\n"
    )


def lintian_overrides(spec: FreezeSpec) -> str:
    """What lintian is told to pass over, each with its reason."""
    name = package_name(spec.name)
    return "".join(f"# {reason}\n{name}: {tag}\n" for tag, reason in OVERRIDES.items())


def _default_description(spec: FreezeSpec) -> str:
    summary = _line(spec.summary).rstrip(".")
    return f"{_line(spec.name)}: {summary}." if summary else f"{_line(spec.name)} is a desktop application."


def _line(text: str) -> str:
    return " ".join(text.split())
