"""System packages: what the project needs outside Python, and how to get it."""

from __future__ import annotations

import functools
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from devtools.report import SetupProblem, run, say

# The virtual screen and browsers; what tests make a desktop of; GTK with what PyGObject is compiled with; Qt. "|" joins
# the names that one package has in different releases (Debian 13 and Ubuntu 24.04 renamed those with 64-bit time).
PACKAGES = """
    xvfb xauth openbox wmctrl xdotool x11-utils imagemagick fonts-dejavu-core chromium firefox-esr|firefox

    dbus-daemon dbus|dbus-bin libglib2.0-bin python3-dbusmock picom tint2 trayer dunst zenity xclip xdg-utils
    x11-xserver-utils hunspell-en-us gir1.2-ayatanaappindicator3-0.1

    gir1.2-webkit2-4.1 libgirepository1.0-dev libcairo2-dev pkg-config gcc libc6-dev

    libegl1 libgl1 libopengl0 libglib2.0-0|libglib2.0-0t64 libdbus-1-3 libfontconfig1 libnss3
    libasound2|libasound2t64 libxkbcommon0 libxkbcommon-x11-0 libgssapi-krb5-2 libxcomposite1 libxdamage1
    libxrandr2 libxtst6 libxkbfile1 libxi6 libxrender1 libxcb-cursor0 libxcb-icccm4 libxcb-image0
    libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1
"""
FREEZE_PACKAGES = """
    patchelf binutils dpkg-dev lintian desktop-file-utils appstream rpm squashfs-tools shared-mime-info flatpak-builder
    man-db groff-base unzip nsis wixl msitools osslsigncode openssl minisign gpg gpg-agent
"""
"""What builds, checks and signs installers; the demo needs none of it."""

LONG_PACKAGES = "wine64|wine"
"""Installers for Windows are run with it."""

ELSEWHERE = (
    "Xvfb, openbox, wmctrl, xdotool, ImageMagick, Chromium, Firefox, D-Bus with its tools, dbusmock for the system's "
    "Python, picom, tint2, trayer, dunst, zenity, xclip, xdg-utils, xrandr, hunspell's English, "
    "libayatana-appindicator and WebKitGTK 4.1 with their introspection data, the headers of gobject-introspection 1.x "
    "and of cairo, pkg-config, a C compiler, the XCB libraries of Qt 6, patchelf, dpkg-dev, lintian, "
    "desktop-file-utils, AppStream's tool, rpm-build, squashfs-tools, shared-mime-info, flatpak-builder, NSIS, "
    "msitools, osslsigncode, minisign and GnuPG"
)


def ensure_system_packages(*, for_installers: bool = False, for_long: bool = False) -> None:
    """Install what is missing with apt where that is possible, else say what to install and go on.

    Args:
        for_installers: Also what installers are made with.
        for_long: Also what only tests need that take minutes.
    """
    if not sys.platform.startswith("linux"):
        return
    if not (shutil.which("apt-get") and shutil.which("dpkg-query")):
        absent = [
            name for name in ("Xvfb", "openbox", "wmctrl", "import", "pkg-config", "gcc") if not shutil.which(name)
        ]
        if absent:
            say(f"no apt here, and not found: {', '.join(absent)}. With this system's package manager, install")
            say(f"{ELSEWHERE}. Going on.")
        return
    wanted = [*PACKAGES.split(), *_python_packages()]
    wanted += FREEZE_PACKAGES.split() if for_installers else []
    wanted += LONG_PACKAGES.split() if for_long else []
    missing = _missing(wanted)
    if not missing:
        return
    prefix = _as_root()
    if prefix is None:
        names = shlex.join(_available(name) for name in missing)
        say("system packages are missing and this user may not install them. Going on; if something fails, run:")
        say(f"    sudo apt-get install --no-install-recommends {names}")
        return
    say(f"installing {len(missing)} system packages: {' '.join(missing)}")
    # sudo may drop the environment, so env is named inside the command.
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    run([*apt, "update"], quiet=True)
    available = [_available(name) for name in missing]
    if run([*apt, "install", "-y", "--no-install-recommends", *available], quiet=True) != 0:
        raise SetupProblem("apt could not install the system packages; what it said is above.")


def _python_packages() -> list[str]:
    """The system's own Python comes without venv and headers; others bring both."""
    if Path(sys.base_prefix) != Path("/usr"):
        return []
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    wanted = []
    if not _has_ensurepip():
        wanted.append(f"{version}-venv")
    if not Path(sysconfig.get_path("include"), "Python.h").exists():
        wanted.append(f"{version}-dev")
    return wanted


def _has_ensurepip() -> bool:
    from importlib.util import find_spec

    return find_spec("ensurepip") is not None


def _missing(names: Iterable[str]) -> list[str]:
    wanted = list(names)
    every = [one for name in wanted for one in name.split("|")]
    listing = subprocess.run(
        ["dpkg-query", "-W", "-f=${Package} ${db:Status-Status}\n", *every],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ).stdout
    installed = {line.split()[0] for line in listing.splitlines() if line.endswith(" installed")}
    return [name for name in wanted if not installed.intersection(name.split("|"))]


def _available(name: str) -> str:
    """The alternative that this release has; of several the last, which is the newer name."""
    known = [one for one in name.split("|") if _has_candidate(one)]
    return known[-1] if known else name.split("|")[0]


def _has_candidate(name: str) -> bool:
    told = subprocess.run(["apt-cache", "policy", name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return "Candidate:" in told.stdout and "Candidate: (none)" not in told.stdout


@functools.lru_cache(maxsize=1)
def _as_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None
