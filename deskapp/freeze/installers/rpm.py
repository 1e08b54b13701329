"""`Rpm`: a package for Fedora, openSUSE and their kin, by rpmbuild.

What is installed is laid out in a folder, see `_linux_layout`, and packed by a generated ``.spec`` file. Time, host and
order are fixed, so that the same input gives the same bytes with the same rpmbuild.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from deskapp.errors import BuildFailed, SpecError
from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.installers._base import Artifact, DistTree, Installer
from deskapp.freeze.installers._finish import finish
from deskapp.freeze.installers._linux_layout import Member, linux_layout, write_members
from deskapp.freeze.installers._linux_needs import read_binaries
from deskapp.freeze.installers._rpm_spec import rpm_requires, rpm_spec
from deskapp.freeze.installers._times import VARIABLE, build_date, build_time
from deskapp.freeze.metadata import checked_categories, desktop_file, package_name, rpm_version
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
        package_name(spec.name)
        rpm_version(spec.version)
        desktop_file(spec.app_id)
        checked_categories(spec.categories)
        _licenses(spec)
        build_time()

    def build(self, spec: FreezeSpec, tree: DistTree, *, target: Path, work: Path, log: Log) -> Artifact:
        time = build_time()
        binaries = read_binaries(tree)
        machine = _MACHINES.get(binaries.machine, binaries.machine)
        members = sorted([*linux_layout(spec, tree), *_licenses(spec)], key=lambda member: member.path.parts)
        root, top = work / "root", work / "rpm"
        root.mkdir()
        (work / "temporary").mkdir()
        write_members(members, root, time=time)
        requires = rpm_requires(spec, binaries)
        text = rpm_spec(spec, members, requires=requires, machine=machine, root=str(root), date=build_date())
        source = work / f"{package_name(spec.name)}.spec"
        source.write_text(text, encoding="utf-8")
        macros = {
            "_topdir": str(top),
            "_dbpath": str(work / "database"),
            "_tmppath": str(work / "temporary"),
            "_buildhost": "reproducible",
            "use_source_date_epoch_as_buildtime": "1",
            "clamp_mtime_to_source_date_epoch": "1",
            "source_date_epoch_from_changelog": "0",
            # What the systems of the last five years can all unpack; zstd saves time, not space.
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
        made = sorted((top / "RPMS").rglob("*.rpm"))
        if len(made) != 1:
            raise BuildFailed("rpm", command=["rpmbuild", "-bb"], exit_code=0, log=f"it made {len(made)} packages")
        return finish(self.format, made[0], target / made[0].name)


def _licenses(spec: FreezeSpec) -> list[Member]:
    folder = PurePosixPath("usr/share/licenses") / package_name(spec.name)
    for path in spec.license_files:
        if not path.is_file():
            raise SpecError("license_files", f"there is no file {str(path)!r}")
    return [Member(folder / path.name, source=path) for path in spec.license_files]
