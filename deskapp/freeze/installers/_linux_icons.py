"""Pictures of the product and of its documents in the sizes of the hicolor theme.

https://specifications.freedesktop.org/icon-theme-spec/latest/
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from deskapp._icon import Icon
from deskapp.errors import AssetMissing, SpecError
from deskapp.freeze._product_icon import product_icon
from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.installers._metainfo import is_own_type

SIZES_PX = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_THEME = PurePosixPath("usr/share/icons/hicolor")


def linux_icons(spec: FreezeSpec) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Path and content of each picture.

    Documents whose type is the product's own have one; for such as ``text/plain`` the theme keeps its own, unless the
    table gives a picture.

    Raises:
        SpecError: A picture cannot be read.
        ToolMissing: Pillow is not installed.
    """
    own = product_icon(spec)
    pictures = list(_in_sizes(own, key="icon"))
    yield from _named(pictures, "apps", spec.app_id)
    seen = set()
    for kind in spec.file_types:
        if kind.mime in seen or not (is_own_type(kind.mime) or kind.icon):
            continue
        seen.add(kind.mime)
        theirs = pictures if kind.icon is None else list(_in_sizes(_icon_of(kind.icon), key="file_types"))
        yield from _named(theirs, "mimetypes", kind.mime.replace("/", "-"))


def check_icons(spec: FreezeSpec) -> None:
    """Refuse pictures that are not there, or are none, without drawing any.

    Raises:
        SpecError: One is not there, or its name tells of no picture.
    """
    product_icon(spec)
    for kind in spec.file_types:
        if kind.icon is not None:
            _icon_of(kind.icon)


def product_png(spec: FreezeSpec, size_px: int) -> bytes | None:
    """The product's picture in one size; None if it is an SVG, which is any size.

    Raises:
        SpecError: It cannot be read.
        ToolMissing: Pillow is not installed.
    """
    icon = product_icon(spec)
    return None if icon.format == "svg" else _png(icon, size_px, "icon")


def _icon_of(path: Path) -> Icon:
    try:
        return Icon(path)
    except AssetMissing as error:
        raise SpecError("file_types", str(error)) from error


def _named(pictures: list[tuple[str, str, bytes]], context: str, name: str) -> Iterator[tuple[PurePosixPath, bytes]]:
    for folder, suffix, data in pictures:
        yield _THEME / folder / context / f"{name}{suffix}", data


def _in_sizes(icon: Icon, *, key: str) -> Iterator[tuple[str, str, bytes]]:
    """Folder of the theme, suffix and content of each picture."""
    if icon.format == "svg":
        yield "scalable", ".svg", icon.source.read_bytes()
        return
    for size in SIZES_PX:
        yield f"{size}x{size}", ".png", _png(icon, size, key)


def _png(icon: Icon, size_px: int, key: str) -> bytes:
    try:
        return icon.png(size_px)
    except AssetMissing as error:
        raise SpecError(key, str(error)) from error
