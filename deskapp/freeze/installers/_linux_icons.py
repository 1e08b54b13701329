"""Pictures of the product and of its documents in the sizes of the hicolor theme.

https://specifications.freedesktop.org/icon-theme-spec/latest/
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from deskapp._icon import Icon
from deskapp.errors import AssetMissing, SpecError
from deskapp.freeze._product_icon import product_icon
from deskapp.freeze._spec import FreezeSpec

SIZES_PX = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_THEME = PurePosixPath("usr/share/icons/hicolor")


def linux_icons(spec: FreezeSpec) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Path and content of each picture.

    Documents whose type is the product's own (``application/x-…``, ``…/vnd.…``) have one; for ``text/plain`` the theme
    keeps its own, unless the table gives a picture.

    Raises:
        SpecError: A picture cannot be read.
        ToolMissing: Pillow is not installed.
    """
    own = product_icon(spec)
    yield from _in_sizes(own, "apps", spec.app_id, key="icon")
    seen = set()
    for kind in spec.file_types:
        is_own_type = kind.mime.partition("/")[2].startswith(("x-", "vnd."))
        if kind.mime in seen or not (is_own_type or kind.icon):
            continue
        seen.add(kind.mime)
        try:
            icon = own if kind.icon is None else Icon(kind.icon)
        except AssetMissing as error:
            raise SpecError("file_types", str(error)) from error
        yield from _in_sizes(icon, "mimetypes", kind.mime.replace("/", "-"), key="file_types")


def product_png(spec: FreezeSpec, size_px: int) -> bytes | None:
    """The product's picture in one size; None if it is an SVG, which is any size.

    Raises:
        SpecError: It cannot be read.
        ToolMissing: Pillow is not installed.
    """
    icon = product_icon(spec)
    return None if icon.format == "svg" else _png(icon, size_px, "icon")


def _in_sizes(icon: Icon, context: str, name: str, *, key: str) -> Iterator[tuple[PurePosixPath, bytes]]:
    if icon.format == "svg":
        yield _THEME / "scalable" / context / f"{name}.svg", icon.source.read_bytes()
        return
    for size in SIZES_PX:
        yield _THEME / f"{size}x{size}" / context / f"{name}.png", _png(icon, size, key)


def _png(icon: Icon, size_px: int, key: str) -> bytes:
    try:
        return icon.png(size_px)
    except AssetMissing as error:
        raise SpecError(key, str(error)) from error
