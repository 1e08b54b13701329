"""`AppImage`: one file that runs where it lies.

    ELF program, the "runtime"     mounts what follows and starts its AppRun
    squashfs of the AppDir:
      AppRun                       link to usr/lib/<slug>/<program>
      <app id>.desktop, .png       for programs that show or integrate AppImages
      .DirIcon                     link to the picture
      usr/…                        see `_linux_layout`

The format is https://github.com/AppImage/AppImageSpec. The runtime, about 1 MB, is made by others and comes with no
distribution: its file is given, or found at a few places; nothing is fetched. The AppDir is left in the folder of the
work and runs as well.
"""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from deskapp.errors import SpecError, ToolMissing
from deskapp.freeze._product_icon import product_icon
from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.installers._base import Artifact, DistTree, Installer
from deskapp.freeze.installers._binary import elf_size, platform_of
from deskapp.freeze.installers._desktop_entry import desktop_entry
from deskapp.freeze.installers._finish import finish
from deskapp.freeze.installers._linux_icons import product_png
from deskapp.freeze.installers._linux_layout import PROGRAM_MODE, Member, check_layout, linux_layout, write_members
from deskapp.freeze.installers._times import VARIABLE, build_time
from deskapp.freeze.metadata import desktop_file, file_version, package_name
from deskapp.freeze.tools import Log, Tool
from deskapp.paths import app_paths

MKSQUASHFS = Tool("mksquashfs", "sudo apt install squashfs-tools")
RUNTIME_VARIABLE = "DESKAPP_APPIMAGE_RUNTIME"
RUNTIME_FOLDERS = ("/usr/local/lib/appimage", "/usr/local/share/appimage", "/usr/lib/appimage", "/usr/share/appimage")
ICON_SIZE_PX = 256
# What the runtime looks for in its own file: AppImage, type 2.
_MAGIC, _MAGIC_OFFSET = b"AI\x02", 8
_BLOCK = "1M"


class AppImage(Installer):
    """Makes ``<slug>-<version>-<machine>.AppImage``."""

    format = "appimage"
    platform = "linux"

    def tools(self, spec: FreezeSpec) -> Sequence[Tool]:
        return (MKSQUASHFS,)

    def check(self, spec: FreezeSpec) -> None:
        """Refuse what an AppImage cannot say, and look for the runtime before anything is built.

        Raises:
            SpecError: A name cannot be said, or the file that is given is no runtime.
            ToolMissing: No runtime is given, and none is found.
        """
        check_layout(spec)
        find_runtime(spec, platform.machine())

    def build(self, spec: FreezeSpec, tree: DistTree, *, target: Path, work: Path, log: Log) -> Artifact:
        found = platform_of(tree.executable)
        machine = platform.machine() if found is None else found.machine
        runtime = find_runtime(spec, machine)
        folder = make_appdir(spec, tree, work / f"{package_name(spec.name)}.AppDir")
        image = work / "image.squashfs"
        make_squashfs(folder, image, log=log)
        made = work / f"{package_name(spec.name)}-{file_version(spec.version)}-{machine}.AppImage"
        with made.open("wb") as file:
            for part in (runtime, image):
                with part.open("rb") as content:
                    shutil.copyfileobj(content, file)
        made.chmod(PROGRAM_MODE)
        return finish(self.format, made, target / made.name)


def make_appdir(spec: FreezeSpec, tree: DistTree, folder: Path) -> Path:
    """Lay the AppDir out; its ``AppRun`` starts the program from wherever the folder is.

    Raises:
        SpecError: Something of the spec cannot be said.
        ToolMissing: Pillow is not installed.
    """
    name = package_name(spec.name)
    program = PurePosixPath("usr/lib") / name / PurePosixPath(tree.executable.relative_to(tree.path).as_posix())
    picture = product_png(spec, ICON_SIZE_PX)
    icon = f"{spec.app_id}.svg" if picture is None else f"{spec.app_id}.png"
    members = [
        *linux_layout(spec, tree),
        Member(PurePosixPath("AppRun"), link=str(program)),
        Member(PurePosixPath(desktop_file(spec.app_id)), data=desktop_entry(spec, command=name).encode()),
        Member(PurePosixPath(icon), data=picture, source=product_icon(spec).source if picture is None else None),
        Member(PurePosixPath(".DirIcon"), link=icon),
    ]
    folder.mkdir(parents=True)
    write_members(members, folder, time=build_time())
    return folder


def make_squashfs(folder: Path, image: Path, *, log: Log) -> None:
    """Pack a folder; the same content gives the same bytes.

    Raises:
        BuildFailed: mksquashfs ended with an error.
        ToolMissing: It is not here.
    """
    time = str(build_time())
    MKSQUASHFS.run(
        folder,
        image,
        *("-root-owned", "-noappend", "-no-xattrs", "-no-progress", "-quiet"),
        *("-mkfs-time", time, "-all-time", time),
        # What runtimes since 2022 can read; unpacks several times as fast as xz.
        *("-comp", "zstd", "-Xcompression-level", "22", "-b", _BLOCK),
        stage="squashfs",
        env={VARIABLE: None},  # else it refuses the times given here
        log=log,
    )


def find_runtime(spec: FreezeSpec, machine: str) -> Path:
    """The runtime for a processor: of the table, of the environment, or at one of a few places.

    Raises:
        SpecError: The file that is given is none for `machine`.
        ToolMissing: None is given, and none is found.
    """
    given = os.environ.get(RUNTIME_VARIABLE, "")
    for key, path in (("linux.appimage_runtime", spec.linux.appimage_runtime), (RUNTIME_VARIABLE, given)):
        if path:
            return _checked_runtime(Path(path), machine, key=key)
    name = f"runtime-{machine}"
    folders = [app_paths("deskapp").data, *map(Path, RUNTIME_FOLDERS)]
    for folder in folders:
        if (folder / name).is_file():
            return _checked_runtime(folder / name, machine, key=str(folder / name))
    raise ToolMissing(
        "the type-2 runtime of AppImage",
        f"download {name!r} from the releases of the project AppImage/type2-runtime, compare its checksum, and give "
        f"its path as linux.appimage_runtime or in {RUNTIME_VARIABLE}, or put it into {str(folders[0])!r}",
    )


def _checked_runtime(path: Path, machine: str, *, key: str) -> Path:
    try:
        with path.open("rb") as file:
            head = file.read(_MAGIC_OFFSET + len(_MAGIC))
        if head[_MAGIC_OFFSET:] != _MAGIC or not head.startswith(b"\x7fELF"):
            raise SpecError(key, f"{str(path)!r} is no type-2 runtime of AppImage: its ninth to eleventh byte say so")
        found = platform_of(path)
        if found is None or found.machine != machine:
            raise SpecError(key, f"{str(path)!r} is for {found and found.machine}, and the program is for {machine}")
        end, size = elf_size(path), path.stat().st_size
    except OSError as error:
        raise SpecError(key, f"{str(path)!r} cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise SpecError(key, f"{str(path)!r} is damaged: {error}") from error
    if end != size:
        raise SpecError(
            key,
            f"{str(path)!r} has {size} bytes and says that it ends after {end}: it would not find what is put behind. "
            "Is it a whole AppImage, or was its download cut off?",
        )
    return path
