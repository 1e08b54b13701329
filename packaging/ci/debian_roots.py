"""Fresh Debian systems in folders: made once for each release, unpacked for each proof, entered in a namespace.

    <cache>/<release>.tar          what mmdebstrap made: essential packages and apt, no Python
    <cache>/archives-<release>/    the packages that apt has fetched, so that they are fetched once

A command in a root has mounts and process numbers of its own: when it has ended, whatever way, nothing is mounted and
nothing runs any more. Where packages come from is read from this machine's own apt; no server is named here.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

RELEASES: Mapping[str, str] = {"bookworm": "Debian 12", "trixie": "Debian 13"}

MAKE_ROOT_S = 900.0
APT_S = 900.0
USER_ID = 1000
HOME = Path("home/user")

# Shell that is process 1 in the root's namespaces, and so collects and ends what commands leave behind.
_ENTER = """
set -e
root=$1 archives=$2 image=$3; shift 3
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mkdir "$root/tmp/.X11-unix"
if [ -d /tmp/.X11-unix ]; then mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"; fi
mount --bind "$archives" "$root/var/cache/apt/archives"
if [ -d "$image" ]; then mount --bind "$image" "$root/mnt"; mount -o remount,bind,ro "$root/mnt"
elif [ -n "$image" ]; then mount -o loop,ro "$image" "$root/mnt"; fi
set +e
chroot "$@"
code=$?
exit $code
"""

_SOURCE = """\
Types: deb
URIs: {uri}
Suites: {suites}
Components: {components}
Signed-By: {key}
"""
KEY = "/usr/share/keyrings/debian-archive-keyring.gpg"

# What installing and removing any package changes: the books of dpkg and apt, caches, logs.
_BOOKS = (
    "etc/ld.so.cache",
    "var/cache/",
    "var/lib/apt/",
    "var/lib/dpkg/",
    "var/log/",
)


class ProofFailed(Exception):
    """A proof that cannot be had; the text says what happened and, where there is one, the way out."""


@dataclass(frozen=True)
class Done:
    """A command in a root that has come to its end.

    Attributes:
        exit_code: None if the deadline came first.
        text: What it wrote, both streams in the order in which they came.
    """

    exit_code: int | None
    text: str


@dataclass(frozen=True)
class Root:
    """A Debian system in a folder.

    Args:
        folder: Where it lies.
        archives: Folder for the packages that apt fetches.
    """

    folder: Path
    archives: Path

    def run(
        self,
        *words: str,
        deadline_s: float = APT_S,
        as_user: bool = False,
        env: Mapping[str, str] | None = None,
        image: Path | None = None,
    ) -> Done:
        """Run a command in it.

        Args:
            *words: The command.
            deadline_s: Seconds after which it is ended with all that it started.
            as_user: Run as a plain user instead of root.
            env: All that the command has in its environment, besides the search path and the home folder.
            image: A folder, or a file system in a file, that is ``/mnt`` in there, and cannot be written to.
        """
        who = [f"--userspec={USER_ID}:{USER_ID}"] if as_user else []
        home = f"/{HOME}" if as_user else "/root"
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": home, "LANG": "C.UTF-8"}
        command = ["unshare", "--mount", "--pid", "--fork", "--kill-child=KILL", "sh", "-c", _ENTER, "sh"]
        command += [str(self.folder), str(self.archives), "" if image is None else str(image)]
        with subprocess.Popen(
            [*command, *who, str(self.folder), *words],
            env={**environment, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as process:
            try:
                text, _ = process.communicate(timeout=deadline_s)
                return Done(process.returncode, text)
            except subprocess.TimeoutExpired:
                process.kill()  # and with it the namespace's first process, and with that all others
                text, _ = process.communicate()
                return Done(None, text)
            finally:
                process.kill()

    def apt(self, *words: str) -> str:
        """Run apt-get in it and return what it said.

        Raises:
            ProofFailed: It failed.
        """
        options = ["-qq", "-y", "-o", "APT::Keep-Downloaded-Packages=true", "-o", "Dpkg::Use-Pty=0"]
        done = self.run("apt-get", *options, *words, env={"DEBIAN_FRONTEND": "noninteractive"})
        if done.exit_code != 0:
            raise ProofFailed(f"apt-get {words[0]} ended with {done.exit_code}:\n{last_lines(done.text)}")
        return done.text

    def installed(self) -> set[str]:
        """Names of the packages in it."""
        told = self.run("dpkg-query", "-W", "-f=${db:Status-Status} ${Package}\n").text
        return {line.split()[1] for line in told.splitlines() if line.startswith("installed ")}

    def state(self) -> dict[str, str]:
        """Every file, folder and link in it with what can be told of it, but for what users keep in their homes."""
        found: dict[str, str] = {}
        for parent, folders, files in os.walk(self.folder):
            for name in (*folders, *files):
                path = Path(parent, name)
                inside = path.relative_to(self.folder)
                if HOME not in (inside, *inside.parents):
                    found[inside.as_posix()] = _told(path)
        return found


def is_of_the_books(path: str) -> bool:
    """Whether a path belongs to what dpkg, apt and the like write down of any package."""
    return path.startswith(_BOOKS)


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """What differs between two states of a root, but for the books: ``+`` is new, ``-`` gone, ``!`` another."""
    lines = []
    for path in sorted({*before, *after}):
        if is_of_the_books(path) or before.get(path) == after.get(path):
            continue
        mark = "+" if path not in before else "-" if path not in after else "!"
        lines.append(f"{mark} /{path}")
    return lines


def ensure_base(release: str, cache: Path, sources: str) -> Path:
    """The archive of a release's base system, made if it is not there.

    Raises:
        ProofFailed: mmdebstrap is missing or failed.
    """
    archive = cache / f"{release}.tar"
    if archive.is_file():
        return archive
    if shutil.which("mmdebstrap") is None:
        raise ProofFailed("mmdebstrap is missing; sudo apt install mmdebstrap")
    cache.mkdir(parents=True, exist_ok=True)
    unfinished = cache / f"{release}.unfinished.tar"
    command = ["mmdebstrap", "--mode=root", "--variant=minbase", *_proxies(), release, str(unfinished), "-"]
    try:
        done = subprocess.run(
            command,
            input=sources,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=MAKE_ROOT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ProofFailed(f"mmdebstrap did not make {release} within {MAKE_ROOT_S:.0f} s") from None
    if done.returncode != 0:
        raise ProofFailed(f"mmdebstrap ended with {done.returncode}:\n{last_lines(done.stdout)}")
    unfinished.replace(archive)
    return archive


def unpack(archive: Path, folder: Path, archives: Path) -> Root:
    """A fresh root from a base system's archive, with a plain user, this machine's name service, and apt's lists.

    Raises:
        ProofFailed: It cannot be unpacked, or apt finds no packages.
    """
    folder.mkdir(parents=True)
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    # Devices are those of this machine, put there for each command.
    tar = [
        "tar",
        "--extract",
        "--file",
        str(archive),
        "--directory",
        str(folder),
        "--numeric-owner",
        "--exclude=./dev/*",
    ]
    done = subprocess.run(tar, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ProofFailed(f"{archive} cannot be unpacked:\n{last_lines(done.stderr)}")
    (folder / "etc/resolv.conf").unlink(missing_ok=True)
    shutil.copy("/etc/resolv.conf", folder / "etc/resolv.conf")
    # Nothing that is installed there may start a service.
    refuse = folder / "usr/sbin/policy-rc.d"
    refuse.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
    refuse.chmod(0o755)
    for file, line in (("passwd", f"user:x:{USER_ID}:{USER_ID}:User:/{HOME}:/bin/sh"), ("group", f"user:x:{USER_ID}:")):
        with open(folder / "etc" / file, "a", encoding="utf-8") as users:
            users.write(f"{line}\n")
    home = folder / HOME
    home.mkdir(parents=True, exist_ok=True)
    os.chown(home, USER_ID, USER_ID)
    root = Root(folder, archives)
    root.apt("update")
    return root


def sources_for(release: str) -> str:
    """Where this machine's apt gets Debian, as sources of another release.

    Raises:
        ProofFailed: This machine gets no Debian.
    """
    targets = "$(REPO_URI)|$(CODENAME)|$(COMPONENT)"
    listing = _asked("apt-get", "indextargets", "--format", targets, "Created-By: Packages", "Origin: Debian")
    found = sources_text(listing.splitlines(), release)
    if not found:
        raise ProofFailed(
            "apt of this machine has no lists of Debian: run this on a Debian, after `sudo apt update`, "
            "or give --mirror URL"
        )
    return found


def sources_text(targets: Iterable[str], release: str) -> str:
    """Sources of a release, from lines ``URI|codename|component`` about another one."""
    places: dict[tuple[str, str], dict[str, None]] = {}
    for line in targets:
        uri, codename, component = line.strip().split("|")
        _, dash, pocket = codename.partition("-")  # "bookworm-updates"
        if pocket not in ("backports", "proposed-updates"):
            places.setdefault((uri, f"{release}{dash}{pocket}"), {})[component] = None
    return "\n".join(
        _SOURCE.format(uri=uri, suites=suite, components=" ".join(components), key=KEY)
        for (uri, suite), components in places.items()
    )


def last_lines(text: str, count: int = 25) -> str:
    """The end of what a command said."""
    return "\n".join(text.splitlines()[-count:])


def _proxies() -> list[str]:
    """Options that have mmdebstrap, which does not read this machine's configuration, use its proxies."""
    lines = [line for line in _asked("apt-config", "dump", "Acquire").splitlines() if "proxy" in line.lower()]
    return [f"--aptopt={line.rstrip(';')}" for line in lines if not line.rstrip(";").endswith('""')]


def _asked(*command: str) -> str:
    if shutil.which(command[0]) is None:
        raise ProofFailed(f"{command[0]} is missing: this runs on Debian and its kin")
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _told(path: Path) -> str:
    """Kind, rights and owner; target of a link; size and digest of a file's content."""
    facts = path.lstat()
    told = f"{stat.filemode(facts.st_mode)} {facts.st_uid}:{facts.st_gid}"
    if stat.S_ISLNK(facts.st_mode):
        return f"{told} {os.readlink(path)}"
    if stat.S_ISREG(facts.st_mode):
        return f"{told} {hashlib.sha256(path.read_bytes()).hexdigest()}"
    return told


def remove(folder: Path, words: Sequence[str] = ("rm", "-rf", "--one-file-system", "--")) -> None:
    """Remove a root's folder; nothing is mounted in it, and if something were, it would be left alone."""
    subprocess.run([*words, str(folder)], check=True)
