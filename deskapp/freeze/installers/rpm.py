"""`Rpm`: a package for Fedora, openSUSE and their kin, by rpmbuild.

What is installed is laid out in a folder, see `_linux_layout`, and packed by a generated ``.spec`` file. Time, host and
order are fixed, so that the same input gives the same bytes with the same rpmbuild.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from deskapp.errors import BuildFailed, SpecError
from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.installers._base import Artifact, DistTree, Installer
from deskapp.freeze.installers._finish import finish
from deskapp.freeze.installers._linux_layout import Member, check_layout, linux_layout, write_members
from deskapp.freeze.installers._linux_needs import read_binaries
from deskapp.freeze.installers._rpm_spec import rpm_requires, rpm_spec
from deskapp.freeze.installers._times import VARIABLE, build_date, build_time
from deskapp.freeze.metadata import package_name
from deskapp.freeze.tools import Log, Tool

RPMBUILD = Tool("rpmbuild", "sudo dnf install rpm-build (Debian: sudo apt install rpm)")
_MACHINES = {"i386": "i686", "armhf": "armv7hl"}


class Rpm(Installer):
    """Makes ``<slug>-<version>-1.<machine>.rpm``."""

    format = "rpm"
    platform = "linux"

    def tools(self, spec: FreezeSpec) -> Sequence[Tool]:
        return (RPMBUILD,)

    def check(self, spec: FreezeSpec) -> None:
        """Refuse what a package cannot say: names, version, categories; a licence file that is not there."""
        check_layout(spec)
        _licenses(spec)

    def build(self, spec: FreezeSpec, tree: DistTree, *, target: Path, work: Path, log: Log) -> Artifact:
        time = build_time()
        binaries = read_binaries(tree)
        machine = _MACHINES.get(binaries.machine, binaries.machine)
        members = sorted([*linux_layout(spec, tree), *_licenses(spec)], key=lambda member: member.path.parts)
        write_members(members, work / "root", time=time)
        (work / "temporary").mkdir()
        # rpmbuild runs scripts by their paths without quoting them, so it gets a path without blanks or "%".
        with tempfile.TemporaryDirectory(prefix="deskapp-") as folder:
            short = Path(folder) / "work"
            short.symlink_to(work.absolute(), target_is_directory=True)
            text = rpm_spec(
                spec,
                members,
                requires=rpm_requires(spec, binaries),
                machine=machine,
                root=str(short / "root"),
                date=build_date(),
            )
            source = short / f"{package_name(spec.name)}.spec"
            source.write_text(text, encoding="utf-8")
            _run(source, machine, short, time=time, log=log)
        made = sorted((work / "rpm" / "RPMS").rglob("*.rpm"))
        if len(made) != 1:
            raise BuildFailed("rpm", command=["rpmbuild", "-bb"], exit_code=0, log=f"it made {len(made)} packages")
        return finish(self.format, made[0], target / made[0].name)


def _run(source: Path, machine: str, work: Path, *, time: int, log: Log) -> None:
    macros = {
        "_topdir": str(work / "rpm"),
        "_dbpath": str(work / "database"),
        "_tmppath": str(work / "temporary"),
        "_buildhost": "reproducible",
        "use_source_date_epoch_as_buildtime": "1",
        "clamp_mtime_to_source_date_epoch": "1",
        "source_date_epoch_from_changelog": "0",
        # What the systems of the last ten years can all unpack; zstd saves time, not space.
        "_binary_payload": "w9.xzdio",
    }
    RPMBUILD.run(
        *(word for name, value in macros.items() for word in ("--define", f"{name} {value}")),
        *("--target", machine, "-bb", source),
        stage="rpm",
        cwd=work,
        env={VARIABLE: str(time), "LC_ALL": "C.UTF-8"},
        log=log,
    )


def _licenses(spec: FreezeSpec) -> list[Member]:
    folder = PurePosixPath("usr/share/licenses") / package_name(spec.name)
    for path in spec.license_files:
        if not path.is_file():
            raise SpecError("license_files", f"there is no file {str(path)!r}")
    return [Member(folder / path.name, source=path) for path in spec.license_files]
