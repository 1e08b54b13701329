"""The workflow that builds a product on all three systems, as text for ``.github/workflows``."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from deskapp.errors import SpecError
from deskapp.freeze._spec import FreezeSpec, Mode
from deskapp.freeze._templates import filled, template

PYTHON = "3.12"
WORKFLOW_PATH = ".github/workflows/freeze.yml"

# What `deskapp freeze` finds on the path; by format. Libraries of Ubuntu 22.04, whose glibc is the oldest still served.
_APT = {
    "deb": ("desktop-file-utils", "dpkg-dev", "lintian"),
    "rpm": ("rpm",),
    "appimage": ("desktop-file-utils", "squashfs-tools"),
    "flatpak": ("flatpak",),
}
_APT_ALWAYS = ("patchelf", "xauth", "xvfb")
_APT_GTK = ("gcc", "gir1.2-gtk-3.0", "gir1.2-webkit2-4.1", "libcairo2-dev", "libgirepository1.0-dev", "pkg-config")
_APT_QT = ("libegl1", "libnss3", "libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxkbcommon-x11-0")

# Name for Chocolatey, and the folder that it puts on no path.
_CHOCOLATEY = {
    "nsis": ("nsis", r"C:\Program Files (x86)\NSIS"),
    "msi": ("wixtoolset", r"C:\Program Files (x86)\WiX Toolset v3.14\bin"),
}

PATTERNS = {
    "deb": "*.deb",
    "rpm": "*.rpm",
    "appimage": "*.AppImage",
    "flatpak": "*.flatpak",
    "tar.gz": "*.tar.gz",
    "zip": "*.zip",
    "nsis": "*-setup.exe",
    "msi": "*.msi",
    "dmg": "*.dmg",
}


@dataclass(frozen=True)
class _Job:
    name: str
    os: str
    artifact: str
    extras: str
    before: str = ""


def github_workflow(spec: FreezeSpec, *, arguments: Sequence[str] = (), python: str = PYTHON) -> str:
    """The text of a workflow of GitHub.

    Args:
        spec: What the product is.
        arguments: Of ``deskapp freeze`` there, for a project that says what it is by them.
        python: The version that is frozen.

    Raises:
        SpecError: There is no format for any system, so nothing would be built.
    """
    jobs = list(_jobs(spec))
    if not jobs:
        raise SpecError("formats", "no system has any, so there is nothing to build; name one, as in formats = ['zip']")
    name = f"Freeze {' '.join(spec.name.split())}".replace("${{", "$ {{")
    formats = dict.fromkeys((*spec.linux.formats, *spec.windows.formats, *spec.macos.formats))
    return filled(
        template("github.yml.in"),
        {
            "CERTIFICATES": _certificates(spec),
            "COMMAND": shlex.join(["deskapp", "freeze", *arguments]).replace("${{", "$ {{"),
            "COMMENT": " ".join(spec.name.split()),
            "INSTALL": _install(spec),
            "MATRIX": "".join(_matrix(jobs)),
            "NAME": json.dumps(name, ensure_ascii=False),
            "PATTERNS": _block(12, (f"dist/{PATTERNS[one]}" for one in formats if one in PATTERNS)),
            "PYTHON": python,
            "SYSTEM_PACKAGES": _system_packages(spec),
        },
    )


def _jobs(spec: FreezeSpec) -> Iterator[_Job]:
    if spec.linux.formats:
        extras = "freeze,qt" if spec.mode is Mode.QT else "freeze,gtk" if _shows_window(spec) else "freeze"
        yield _Job("Linux", "ubuntu-22.04", "linux", extras, "xvfb-run --auto-servernum")
    if spec.windows.formats:
        yield _Job("Windows", "windows-latest", "windows", "freeze")
    if spec.macos.formats:
        yield _Job("macOS, Apple silicon", "macos-latest", "macos-arm64", "freeze")
        yield _Job("macOS, Intel", "macos-15-intel", "macos-x64", "freeze")


def _shows_window(spec: FreezeSpec) -> bool:
    """Whether a window of the system's own shows it, for all that its name says."""
    words = (spec.runtime or "").replace(",", " ").split()
    return "app" in words or "webview" in words


def _matrix(jobs: Iterable[_Job]) -> Iterator[str]:
    for job in jobs:
        yield f"          - name: {json.dumps(job.name)}\n"
        yield f"            os: {job.os}\n"
        yield f"            artifact: {job.artifact}\n"
        yield f"            extras: {json.dumps(job.extras)}\n"
        yield f"            before: {json.dumps(job.before)}\n"


def _block(indent: int, lines: Iterable[str]) -> str:
    return "".join(f"{' ' * indent}{line}\n" for line in lines)


def _install(spec: FreezeSpec) -> str:
    deskapp = '"deskapp[$EXTRAS]"'
    if spec.entry.module is not None:
        return f"          python -m pip install . {deskapp}"
    # A program of one file may be no project that pip knows how to install.
    return (
        "          if [ -f requirements.txt ]; then python -m pip install -r requirements.txt; fi\n"
        f"          python -m pip install {deskapp}"
    )


def _system_packages(spec: FreezeSpec) -> str:
    steps = ""
    if spec.linux.formats:
        packages = {*_APT_ALWAYS, *(name for format in spec.linux.formats for name in _APT.get(format, ()))}
        if spec.mode is Mode.QT:
            packages.update(_APT_QT)
        elif _shows_window(spec):
            packages.update(_APT_GTK)
        names = " ".join(sorted(packages))
        steps += _block(6, ["- name: Install system packages", "  if: runner.os == 'Linux'", "  run: |"])
        steps += _block(10, ["sudo apt-get update", f"sudo apt-get install -y --no-install-recommends {names}"])
    tools = [_CHOCOLATEY[format] for format in spec.windows.formats if format in _CHOCOLATEY]
    if tools:
        steps += _block(6, ["- name: Install what makes installers", "  if: runner.os == 'Windows'", "  run: |"])
        steps += _block(10, [f"choco install {' '.join(name for name, _ in tools)} --yes --no-progress"])
        steps += _block(10, (f"echo '{folder}' >> \"$GITHUB_PATH\"" for _, folder in tools))
    return steps


def _certificates(spec: FreezeSpec) -> str:
    steps = ""
    if spec.windows.formats:
        steps += _WINDOWS_CERTIFICATE
    if spec.macos.formats:
        steps += _MACOS_CERTIFICATE
    return steps


_WINDOWS_CERTIFICATE = """\
      - name: Unpack the certificate for Windows
        if: runner.os == 'Windows'
        env:
          CERTIFICATE: ${{ secrets.WINDOWS_CERTIFICATE }}
        run: |
          if [ -z "$CERTIFICATE" ]; then echo "No certificate: nothing is signed."; exit 0; fi
          printf '%s' "$CERTIFICATE" | base64 --decode > "$RUNNER_TEMP/certificate.pfx"
          echo "DESKAPP_SIGN_CERTIFICATE=$RUNNER_TEMP/certificate.pfx" >> "$GITHUB_ENV"
"""

# The keychain is the runner's own, which is thrown away with it.
_MACOS_CERTIFICATE = """\
      - name: Unpack the certificate for macOS
        if: runner.os == 'macOS'
        env:
          CERTIFICATE: ${{ secrets.MACOS_CERTIFICATE }}
          CERTIFICATE_PASSWORD: ${{ secrets.MACOS_CERTIFICATE_PASSWORD }}
          IDENTITY: ${{ secrets.MACOS_IDENTITY }}
          APPLE_ID: ${{ secrets.APPLE_ID }}
          APPLE_TEAM_ID: ${{ secrets.APPLE_TEAM_ID }}
          APPLE_PASSWORD: ${{ secrets.APPLE_PASSWORD }}
        run: |
          if [ -z "$CERTIFICATE" ]; then echo "No certificate: nothing is signed."; exit 0; fi
          keychain="$RUNNER_TEMP/deskapp.keychain-db"
          secret="$(openssl rand -hex 24)"
          printf '%s' "$CERTIFICATE" | base64 --decode > "$RUNNER_TEMP/certificate.p12"
          security create-keychain -p "$secret" "$keychain"
          security set-keychain-settings -lut 21600 "$keychain"
          security unlock-keychain -p "$secret" "$keychain"
          security import "$RUNNER_TEMP/certificate.p12" -k "$keychain" -P "$CERTIFICATE_PASSWORD" -T /usr/bin/codesign
          security set-key-partition-list -S apple-tool:,apple: -s -k "$secret" "$keychain" > /dev/null
          security list-keychains -d user -s "$keychain" login.keychain-db
          rm "$RUNNER_TEMP/certificate.p12"
          echo "DESKAPP_SIGN_IDENTITY=$IDENTITY" >> "$GITHUB_ENV"
          if [ -n "$APPLE_ID" ]; then
            xcrun notarytool store-credentials deskapp --keychain "$keychain" \\
              --apple-id "$APPLE_ID" --team-id "$APPLE_TEAM_ID" --password "$APPLE_PASSWORD"
            echo "DESKAPP_NOTARY_KEYCHAIN=$keychain" >> "$GITHUB_ENV"
          fi
"""
