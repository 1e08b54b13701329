"""The text of a ``.spec`` file for rpmbuild, and what the package requires.

https://rpm-software-management.github.io/rpm/manual/spec.html
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath

from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.installers._linux_layout import Member
from deskapp.freeze.installers._linux_needs import Binaries, opened_libraries, window_programs
from deskapp.freeze.installers._metainfo import paragraphs
from deskapp.freeze.metadata import package_name, rpm_epoch, rpm_version

_WIDTH = 78
_BROWSERS = {
    "firefox": ("firefox", "MozillaFirefox"),
    "chrome": ("chromium", "google-chrome-stable"),
    "edge": ("microsoft-edge-stable",),
    "browser": ("xdg-utils",),
}


def rpm_requires(spec: FreezeSpec, binaries: Binaries) -> list[str]:
    """What the package requires.

    Libraries are asked for by the names that the loader knows, as rpmbuild itself does it: these are the same in every
    distribution. What shows the windows goes by Fedora's names, with openSUSE's as the second choice.
    """
    found: dict[str, None] = {}
    for library in binaries.libraries:
        mark = "(64bit)" if library.is_64_bit else ""
        if library.soname.startswith("ld-linux"):
            continue  # comes with the C library
        found[f"{library.soname}(){mark}" if mark else library.soname] = None
        for version in library.versions:
            if library.soname == "libc.so.6" and version != f"GLIBC_{binaries.glibc}":
                continue  # the newest says it all
            found[f"{library.soname}({version}){mark}"] = None
    for entry in (*_windows(spec, binaries), *spec.linux.rpm_requires):
        found[entry] = None
    return list(found)


def rpm_spec(
    spec: FreezeSpec, members: Sequence[Member], *, requires: Sequence[str], machine: str, root: str, date: datetime
) -> str:
    """The text of the file.

    Args:
        spec: What the product is.
        members: What is installed.
        requires: Entries of ``Requires``.
        machine: For which processor.
        root: Folder in which everything lies as it will be installed.
        date: Of this version.

    Raises:
        SpecError: The version or the name cannot be said.
    """
    name, version, epoch = package_name(spec.name), rpm_version(spec.version), rpm_epoch(spec.version)
    fields = [
        ("Name", name),
        ("Epoch", str(epoch) if epoch else ""),
        ("Version", version),
        ("Release", "1"),
        ("Summary", _line(spec.summary).rstrip(".") or _line(spec.name)),
        ("License", spec.license or "LicenseRef-not-told"),
        ("URL", spec.homepage),
        ("Packager", _packager(spec)),
        ("BuildArch", machine),
    ]
    lines = [
        "# The program is finished: nothing is compiled, stripped or searched for dependencies.",
        "%global debug_package %{nil}",
        "%global __os_install_post %{nil}",
        "%global _build_id_links none",
        "",
        *(f"{key + ':':<12}{_escaped(value)}" for key, value in fields if value),
        "AutoReqProv: no",
        *(f"Requires:   {_escaped(entry)}" for entry in requires),
        "",
        "%description",
    ]
    for index, paragraph in enumerate(paragraphs(spec.description) or [_line(spec.summary) or _line(spec.name)]):
        if index:
            lines.append("")
        lines += textwrap.wrap(_escaped(paragraph), _WIDTH, break_long_words=False, break_on_hyphens=False)
    lines += [
        "",
        "%install",
        'mkdir -p "%{buildroot}"',
        f'cp -a "{_escaped(root)}/." "%{{buildroot}}/"',
        "",
        "%files",
        "%defattr(-,root,root,-)",
    ]
    # Folders that are the package's own go with it; elsewhere the file alone is.
    own = (PurePosixPath("usr/lib") / name, PurePosixPath("usr/share/licenses") / name)
    paths = {next((folder for folder in own if folder in member.path.parents), member.path) for member in members}
    lines += [f'"/{_escaped(str(path))}"' for path in sorted(paths, key=lambda path: path.parts)]
    lines += [
        "",
        "%changelog",
        f"* {_WEEKDAYS[date.weekday()]} {_MONTHS[date.month - 1]} {date.day:02} {date.year} {_escaped(_packager(spec))}"
        f" - {f'{epoch}:' if epoch else ''}{version}-1",
        f"- Version {_escaped(spec.version)}.",
    ]
    return "\n".join(lines) + "\n"


# Not strftime, which speaks the language of the machine.
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _windows(spec: FreezeSpec, binaries: Binaries) -> list[str]:
    is_64_bit = not binaries.libraries or binaries.libraries[0].is_64_bit
    opened = opened_libraries(spec)
    entries = [f"{soname}()(64bit)" if is_64_bit else soname for soname in opened]
    if opened:
        entries.append("fontconfig")
    programs = window_programs(spec)
    if programs and programs[0] == "gtk":
        reader = "glib2" if binaries.girepository == "2.0" else "gobject-introspection"
        return [
            *entries,
            "(gtk3 or typelib(Gtk) = 3.0)",
            "(webkit2gtk4.1 or typelib(WebKit2) = 4.1)",
            f"({reader} or typelib(GIRepository))",
        ]
    # Any of the browsers, up to where something follows that takes several packages.
    browsers = itertools.takewhile(lambda program: program != "gtk", programs)
    names = [name for program in browsers for name in _BROWSERS[program]]
    if len(names) > 1:
        return [*entries, f"({' or '.join(names)})"]
    return [*entries, *names]


def _packager(spec: FreezeSpec) -> str:
    name = _line(spec.linux.maintainer or spec.author or spec.name)
    return f"{name} <{spec.author_email}>" if spec.author_email and not spec.linux.maintainer else name


def _line(text: str) -> str:
    return " ".join(text.split())


def _escaped(text: str) -> str:
    """Text in which rpmbuild sees no macro."""
    return text.replace("%", "%%")
