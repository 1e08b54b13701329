"""Which packages of Debian and its kin a program depends on."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable
from pathlib import Path

from deskapp.errors import BuildFailed
from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.installers._linux_needs import Binaries, opened_libraries, window_programs
from deskapp.freeze.tools import Log, Tool

DATABASE = Path("/var/lib/dpkg/info")
SHLIBDEPS = Tool("dpkg-shlibdeps", "sudo apt install dpkg-dev")

TOO_MANY = 120
"""So many files dpkg-shlibdeps would read for minutes; a program that brings WebKit along has twice as many."""

# Debian 13 and Ubuntu 24.04 renamed libraries whose functions take 64-bit times; on processors of 64 bits they are the
# same. https://wiki.debian.org/ReleaseGoals/64bit-time
_RENAMED = frozenset({
    "libasound2", "libatk1.0-0", "libatk-bridge2.0-0", "libatspi2.0-0", "libcups2", "libcurl4", "libdb5.3", "libelf1",
    "libgdbm6", "libgdbm-compat4", "libglib2.0-0", "libgnutls30", "libgtk-3-0", "libpng16-16", "libreadline8",
    "libssl3", "libtirpc3",
})  # fmt: skip

# For where dpkg-shlibdeps is not: soname → package, of what Python and common wheels are linked to.
_PACKAGES = {
    "ld-linux-aarch64.so.1": "libc6",
    "ld-linux-x86-64.so.2": "libc6",
    "libBrokenLocale.so.1": "libc6",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLESv2.so.2": "libgles2",
    "libX11.so.6": "libx11-6",
    "libXext.so.6": "libxext6",
    "libXft.so.2": "libxft2",
    "libXss.so.1": "libxss1",
    "libasound.so.2": "libasound2",
    "libbz2.so.1.0": "libbz2-1.0",
    "libc.so.6": "libc6",
    "libcairo-gobject.so.2": "libcairo-gobject2",
    "libcairo.so.2": "libcairo2",
    "libcrypt.so.1": "libcrypt1",
    "libcrypto.so.3": "libssl3",
    "libcups.so.2": "libcups2",
    "libdb-5.3.so": "libdb5.3",
    "libdbus-1.so.3": "libdbus-1-3",
    "libdl.so.2": "libc6",
    "libdrm.so.2": "libdrm2",
    "libexpat.so.1": "libexpat1",
    "libffi.so.8": "libffi8",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgbm.so.1": "libgbm1",
    "libgcc_s.so.1": "libgcc-s1",
    "libgdbm.so.6": "libgdbm6",
    "libgdbm_compat.so.4": "libgdbm-compat4",
    "libgdk-3.so.0": "libgtk-3-0",
    "libgio-2.0.so.0": "libglib2.0-0",
    "libgirepository-1.0.so.1": "libgirepository-1.0-1",
    "libgirepository-2.0.so.0": "libgirepository-2.0-0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgmodule-2.0.so.0": "libglib2.0-0",
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libgtk-3.so.0": "libgtk-3-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "liblzma.so.5": "liblzma5",
    "libm.so.6": "libc6",
    "libncurses.so.6": "libncurses6",
    "libncursesw.so.6": "libncursesw6",
    "libnsl.so.2": "libnsl2",
    "libnss3.so": "libnss3",
    "libpanel.so.6": "libncurses6",
    "libpanelw.so.6": "libncursesw6",
    "libpng16.so.16": "libpng16-16",
    "libpthread.so.0": "libc6",
    "libreadline.so.8": "libreadline8",
    "libresolv.so.2": "libc6",
    "librt.so.1": "libc6",
    "libsqlite3.so.0": "libsqlite3-0",
    "libssl.so.3": "libssl3",
    "libstdc++.so.6": "libstdc++6",
    "libtcl8.6.so": "libtcl8.6",
    "libtinfo.so.6": "libtinfo6",
    "libtirpc.so.3": "libtirpc3",
    "libtk8.6.so": "libtk8.6",
    "libutil.so.1": "libc6",
    "libuuid.so.1": "libuuid1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}  # fmt: skip

_BROWSERS = {
    "firefox": ("firefox-esr", "firefox"),
    "chrome": ("chromium", "google-chrome-stable", "chromium-browser"),
    "edge": ("microsoft-edge-stable",),
    "browser": ("xdg-utils",),
}


def debian_depends(spec: FreezeSpec, binaries: Binaries, *, work: Path, log: Log) -> list[str]:
    """The entries of ``Depends``.

    Args:
        spec: What the product is.
        binaries: Its files.
        work: An empty folder.
        log: Gets a line where something could not be found out.
    """
    found = _by_tool(binaries, work=work, log=log) if SHLIBDEPS.is_here else None
    if found is None:
        found = by_table(binaries, log=log)
    entries = [with_renamed(entry) for entry in found] + window_depends(spec, binaries) + list(spec.linux.depends)
    return merged(entries)


def window_depends(spec: FreezeSpec, binaries: Binaries) -> list[str]:
    """What shows the windows. These are opened at run time: nothing in the program's files names them."""
    opened = opened_libraries(spec)
    entries = [*sorted(_PACKAGES[soname] for soname in opened), "fontconfig-config"] if opened else []
    programs = window_programs(spec)
    if programs and programs[0] == "gtk":
        # Typelibs; since Debian 13 they no longer bring the library that reads them.
        reader = "libgirepository-2.0-0" if binaries.girepository == "2.0" else "libgirepository-1.0-1"
        return [*entries, "gir1.2-gtk-3.0", "gir1.2-webkit2-4.1", reader]
    # Any of the browsers, up to where something follows that takes several packages.
    browsers = itertools.takewhile(lambda program: program != "gtk", programs)
    names = [name for program in browsers for name in _BROWSERS[program]]
    return [*entries, " | ".join(names)] if names else entries


def by_table(binaries: Binaries, *, log: Log) -> list[str]:
    """The packages of the libraries by a table of the well-known ones."""
    entries = set()
    for library in binaries.libraries:
        package = _PACKAGES.get(library.soname)
        if package is None:
            log(f"no package is known for {library.soname}: name it in linux.depends")
        elif package == "libc6":
            entries.add(f"libc6 (>= {binaries.glibc})" if binaries.glibc else "libc6")
        else:
            entries.add(package)
    return sorted(entries)


def with_renamed(entry: str) -> str:
    """An entry with the other names of packages that were renamed."""
    alternatives: dict[str, None] = {}
    for part in entry.split("|"):
        name, _, bound = part.strip().partition(" ")
        alternatives[part.strip()] = None
        plain = name.removesuffix("t64")
        if plain in _RENAMED:
            other = plain if name != plain else f"{plain}t64"
            alternatives[f"{other} {bound}".strip()] = None
    return " | ".join(alternatives)


def merged(entries: Iterable[str]) -> list[str]:
    """Entries by name; of those that ask for the same package, one with a bound replaces one without."""
    found: dict[str, str] = {}
    for entry in entries:
        key = re.sub(r"\s*\([^)]*\)", "", entry)
        if key not in found or "(" not in found[key]:
            found[key] = entry
    return [found[key] for key in sorted(found)]


def _by_tool(binaries: Binaries, *, work: Path, log: Log) -> list[str] | None:
    """What dpkg-shlibdeps computes from the symbols that are used; None if it cannot."""
    if not binaries.files:
        return []
    if len(binaries.files) > TOO_MANY:
        log(f"{len(binaries.files)} libraries: dpkg-shlibdeps would take minutes, a table has to do")
        return None
    (work / "debian").mkdir(parents=True)
    (work / "debian" / "control").write_text(
        "Source: program\n\nPackage: program\nArchitecture: any\n", encoding="utf-8"
    )
    options = ["-O", "--ignore-missing-info", "--warnings=0", *(f"-l{folder}" for folder in binaries.folders)]
    try:
        text = SHLIBDEPS.run(
            *options, *(f"-e{file}" for file in binaries.files), stage="dependencies", cwd=work, env={"LC_ALL": "C"}
        )
    except BuildFailed as error:
        log(f"dpkg-shlibdeps could not tell the dependencies, a table has to do: {error.log.splitlines()[-1:]}")
        return None
    found: list[str] = []
    for line in text.splitlines():
        if line.startswith("shlibs:Depends="):
            found += [entry.strip() for entry in line.removeprefix("shlibs:Depends=").split(",")]
    # It also names packages whose library the program brings along, if the system has a library of that name.
    wanted = packages_of([library.soname for library in binaries.libraries])
    return [
        entry for entry in found if wanted.intersection(part.split()[0] for part in entry.split("|") if part.strip())
    ]


def packages_of(sonames: Collection[str], *, database: Path = DATABASE) -> set[str]:
    """Names of the installed packages that have these libraries, and of those that replace them.

    Args:
        sonames: Names for the loader.
        database: Where dpkg keeps what packages say about their libraries; see deb-symbols(5) and deb-shlibs(5).
    """
    found = {_PACKAGES[soname] for soname in sonames if soname in _PACKAGES}
    found |= {f"{name}t64" for name in found & _RENAMED}
    for path in sorted(database.glob("*.symbols")):
        is_wanted = False
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith((" ", "*")):
                continue
            words = line.removeprefix("| ") if line.startswith("| ") else line.partition(" ")[2]
            if not line.startswith("| "):
                is_wanted = line.partition(" ")[0] in sonames
            if is_wanted:
                found |= _names(words)
    for path in sorted(database.glob("*.shlibs")):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            parts = line.split(": ", 1)[-1].split(maxsplit=2)  # a type such as "udeb:" may stand before
            if len(parts) == 3 and {f"{parts[0]}.so.{parts[1]}", f"{parts[0]}-{parts[1]}.so"}.intersection(sonames):
                found |= _names(parts[2])
    return found


def _names(dependency: str) -> set[str]:
    return {part.split()[0] for part in re.split(r"[,|]", dependency) if part.strip()}
