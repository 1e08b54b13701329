"""Where everything lies on a Linux system, the same for every format that installs there.

    usr/bin/<slug>                                      link to the program
    usr/lib/<slug>/…                                    the frozen program
    usr/share/applications/<app id>.desktop
    usr/share/icons/hicolor/<size>/apps/<app id>.png    and mimetypes/<type>.png
    usr/share/man/man1/<slug>.1.gz
    usr/share/metainfo/<app id>.metainfo.xml
    usr/share/mime/packages/<app id>.xml                if it opens documents

Nothing lies in ``/opt``: menus, icons and the search path of commands need no setting-up that way. No package has
scripts either: databases of menus, icons and types are brought up to date by desktop-file-utils, hicolor-icon-theme and
shared-mime-info, which have triggers on these folders, on Debian and on Fedora.
"""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.installers._base import DistTree
from deskapp.freeze.installers._desktop_entry import desktop_entry
from deskapp.freeze.installers._linux_icons import check_icons, linux_icons
from deskapp.freeze.installers._man_page import man_page
from deskapp.freeze.installers._metainfo import metainfo, mime_info
from deskapp.freeze.installers._times import build_time, release_date
from deskapp.freeze.metadata import checked_categories, desktop_file, file_version, package_name

FILE_MODE, PROGRAM_MODE, FOLDER_MODE = 0o644, 0o755, 0o755


@dataclass(frozen=True)
class Member:
    """A file or symbolic link that is installed.

    Attributes:
        path: Where, relative to the root.
        mode: Permissions of a file.
        data: Its content; None if it is copied, or a link.
        source: The file that it is copied from; None if it has `data`, or is a link.
        link: What a link points to; None for a file.
    """

    path: PurePosixPath
    mode: int = FILE_MODE
    data: bytes | None = None
    source: Path | None = None
    link: str | None = None

    def content(self) -> bytes:
        """The bytes of a file.

        Raises:
            OSError: The file that it is copied from cannot be read.
        """
        if self.data is not None:
            return self.data
        assert self.source is not None, "a link has no content"
        return self.source.read_bytes()


def tree_members(tree: DistTree, below: PurePosixPath) -> Iterator[Member]:
    """The frozen program itself, below a folder."""
    for name in tree.files():
        found, path = tree.path / name, below / PurePosixPath(name.as_posix())
        if found.is_symlink():
            yield Member(path, link=os.readlink(found).replace(os.sep, "/"))
        else:
            yield Member(path, mode=_mode(found, is_program=found == tree.executable), source=found)


def check_layout(spec: FreezeSpec) -> None:
    """Refuse what no format for Linux can say.

    Raises:
        SpecError: Names, version, categories, pictures or the time of the build cannot be used.
    """
    package_name(spec.name)
    file_version(spec.version)
    desktop_file(spec.app_id)
    checked_categories(spec.categories)
    check_icons(spec)
    build_time()


def linux_layout(spec: FreezeSpec, tree: DistTree) -> list[Member]:
    """Everything that is installed whatever the format, by path.

    Raises:
        SpecError: Something of the spec cannot be said.
        ToolMissing: Pillow is not installed.
    """
    name = package_name(spec.name)
    home, share = PurePosixPath("usr/lib") / name, PurePosixPath("usr/share")
    program = home / PurePosixPath(tree.executable.relative_to(tree.path).as_posix())
    members = [
        *tree_members(tree, home),
        Member(PurePosixPath("usr/bin") / name, link=f"../lib/{program.relative_to('usr/lib')}"),
        _text(share / "applications" / desktop_file(spec.app_id), desktop_entry(spec, command=name)),
        _text(
            share / "metainfo" / f"{spec.app_id}.metainfo.xml",
            metainfo(spec, released=release_date()),
        ),
        Member(share / "man" / "man1" / f"{name}.1.gz", data=gzipped(man_page(spec))),
    ]
    types = mime_info(spec)
    if types is not None:
        members.append(_text(share / "mime" / "packages" / f"{spec.app_id}.xml", types))
    members += [Member(path, data=data) for path, data in linux_icons(spec)]
    return sorted(members, key=lambda member: member.path.parts)


def write_members(members: Iterable[Member], root: Path, *, time: int) -> None:
    """Lay everything out below a folder, with one time on all of it.

    Raises:
        OSError: Something cannot be read or written.
    """
    root.mkdir(parents=True, exist_ok=True)
    folders = {root}
    for member in members:
        path = root / member.path
        path.parent.mkdir(parents=True, exist_ok=True)
        folders.update(parent for parent in path.parents if root in parent.parents)
        if member.link is not None:
            path.symlink_to(member.link)
            os.utime(path, (time, time), follow_symlinks=False)
            continue
        if member.source is not None:
            shutil.copyfile(member.source, path)
        else:
            path.write_bytes(member.content())
        path.chmod(member.mode)
        os.utime(path, (time, time))
    for folder in sorted(folders, reverse=True):  # what is made in a folder changes its time
        folder.chmod(FOLDER_MODE)
        os.utime(folder, (time, time))


def gzipped(text: str) -> bytes:
    """`text` as gzip -9n has it: without name and time."""
    return gzip.compress(text.encode(), 9, mtime=0)


def _text(path: PurePosixPath, text: str) -> Member:
    return Member(path, data=text.encode())


def _mode(path: Path, *, is_program: bool) -> int:
    """Programs may be run; libraries need not be, though linkers make them so."""
    is_library = ".so" in path.suffixes
    is_runnable = bool(path.stat().st_mode & 0o111) and not is_library
    return PROGRAM_MODE if is_program or is_runnable else FILE_MODE
