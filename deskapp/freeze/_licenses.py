"""Licences of what goes into a program: found by the distributions that its files come from, written as texts."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from importlib.metadata import Distribution
from pathlib import Path

from deskapp._version import __version__

THIRD_PARTY = "third-party.txt"
SYSTEM = "system-libraries.txt"

_LICENSE_FILE = re.compile(r"(licen[cs]e|copying|notice|copyright)[\w.-]*", re.IGNORECASE)
_RULE = "=" * 79
_ALWAYS = ("pyinstaller",)  # its bootloader is the executable
_DPKG_BATCH = 200


def license_texts(
    modules: Iterable[str], files: Sequence[tuple[str, str, str]], folder: Path, *, system: bool = False
) -> list[Path]:
    """Write the licences of what goes into a program.

    Args:
        modules: Names of its modules.
        files: Its other files: name in the bundle, file, kind.
        folder: Gets the texts.
        system: Whether the system's own libraries go in.

    Returns:
        The texts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tops = {module.partition(".")[0] for module in modules} | {name.partition("/")[0] for name, _, _ in files}
    written = [folder / THIRD_PARTY]
    written[0].write_text(third_party_text(distributions_of(tops)), encoding="utf-8")
    if system:
        text = _system_text([file for _, file, _ in files if file.startswith(("/usr/", "/lib"))])
        if text:
            written.append(folder / SYSTEM)
            written[1].write_text(text, encoding="utf-8")
    return written


def distributions_of(tops: Iterable[str]) -> list[Distribution]:
    """The installed distributions that have one of some top-level modules or folders, sorted by name."""
    homes = importlib.metadata.packages_distributions()
    names = {name for top in tops for name in homes.get(top, ())} | set(_ALWAYS)
    found = {}
    for name in names:
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        found[distribution.metadata["Name"].lower()] = distribution
    return [found[name] for name in sorted(found)]


def third_party_text(distributions: Iterable[Distribution]) -> str:
    """One text with name, version, licence and licence texts of Python and of each distribution."""
    python = f"{sys.version_info[0]}.{sys.version_info[1]}.{sys.version_info[2]}"
    parts = [_section(f"Python {python}", "PSF-2.0", [_python_license()])]
    has_deskapp = False
    for distribution in distributions:
        name = distribution.metadata["Name"]
        has_deskapp = has_deskapp or name == "deskapp"
        parts.append(_section(f"{name} {distribution.version}", license_of(distribution), _texts(distribution)))
    if not has_deskapp:
        parts.append(_section(f"deskapp {__version__}", "MIT", []))
    return "This program contains the following works of others.\n\n" + "\n".join(parts)


def license_of(distribution: Distribution) -> str:
    """What a distribution says of its licence, in one line."""
    metadata = distribution.metadata
    for key in ("License-Expression", "License"):
        said = metadata[key].strip() if key in metadata else ""
        if said and "\n" not in said and said.upper() != "UNKNOWN":
            return said
    classifiers = [each for each in metadata.get_all("Classifier") or () if each.startswith("License ::")]
    return "; ".join(each.rpartition(":: ")[2] for each in classifiers) or "see the text"


def _section(title: str, license: str, texts: Iterable[str]) -> str:
    body = "\n\n".join(text.strip() for text in texts if text.strip())
    return f"{_RULE}\n{title}\nLicence: {license}\n{_RULE}\n" + (f"\n{body}\n" if body else "")


def _texts(distribution: Distribution) -> list[str]:
    texts: dict[str, None] = {}
    for file in sorted(distribution.files or (), key=str):
        if any(part.endswith(".dist-info") for part in file.parts) and _LICENSE_FILE.fullmatch(file.name):
            text = _read(Path(str(file.locate())))
            texts[text] = None
    return list(texts)


def _python_license() -> str:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    places = (
        Path(sysconfig.get_path("stdlib"), "LICENSE.txt"),
        Path(sys.base_prefix, "LICENSE.txt"),
        Path(f"/usr/share/doc/python{version}/copyright"),
        Path(f"/usr/share/doc/libpython{version}-minimal/copyright"),
    )
    return next(
        (_read(place) for place in places if place.is_file()), f"https://docs.python.org/{version}/license.html"
    )


def _system_text(files: Sequence[str]) -> str:
    """Copyright files of the packages of Debian that some files come from; empty where there is no dpkg."""
    packages = sorted(set(_packages(files)))
    parts = []
    for package in packages:
        place = Path("/usr/share/doc", package, "copyright")
        parts.append(_section(f"{package} (package of the system)", "see the text", [_read(place)]))
    if not parts:
        return ""
    head = (
        "This program brings along libraries of the system on which it was built, as their packages have them; the\n"
        "source of each is available from that system's archive. Of libwebkit2gtk one path in the binary was changed,\n"
        "so that it finds its parts in this program's folder; you may replace the library by another build of it.\n\n"
    )
    return head + "\n".join(parts)


def _packages(files: Sequence[str]) -> Iterable[str]:
    # dpkg knows a file by the name that its package has, which may lack the /usr that the merged folders put before it.
    names = sorted({each for file in files for each in (file, file.removeprefix("/usr"))})
    for begin in range(0, len(names), _DPKG_BATCH):
        try:
            done = subprocess.run(
                ["dpkg-query", "--search", *names[begin : begin + _DPKG_BATCH]],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
        except FileNotFoundError:
            return
        for line in done.stdout.splitlines():
            owners, colon, _ = line.partition(": /")
            if colon:
                yield from (owner.partition(":")[0].strip() for owner in owners.split(", "))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
