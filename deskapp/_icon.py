"""`Icon`: a source image, passed through as it is, and the sizes and formats made from it by Pillow on demand."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deskapp.errors import AssetMissing, ToolMissing

if TYPE_CHECKING:
    from PIL.Image import Image

SUFFIXES = (".png", ".ico", ".icns", ".svg")

# What Windows shows between a list entry at 100% and the largest tiles at 400%.
ICO_SIZES_PX = (16, 20, 24, 32, 40, 48, 64, 128, 256)

# From this size Pillow derives every other that the format knows.
ICNS_SIZE_PX = 1024


@dataclass(frozen=True)
class Icon:
    """An application's or window's icon.

    Nothing is read before a format other than the source's own is asked for.

    Args:
        source: A square image, best a PNG of 512 or 1024 pixels.

    Raises:
        AssetMissing: The file is not there, or its name ends in none of `SUFFIXES`.
    """

    source: Path

    def __post_init__(self) -> None:
        source = Path(self.source)
        object.__setattr__(self, "source", source)
        if source.suffix.lower() not in SUFFIXES:
            raise AssetMissing(str(source), f"an icon's name ends in {', '.join(SUFFIXES)}")
        if not source.is_file():
            raise AssetMissing(str(source), "there is no such file")

    @property
    def format(self) -> str:
        """The source's format: ``"png"``, ``"ico"``, ``"icns"`` or ``"svg"``."""
        return self.source.suffix.lower()[1:]

    def png(self, size_px: int) -> bytes:
        """A PNG of `size_px` × `size_px`, transparent where the source is not square.

        Raises:
            ToolMissing: Pillow is not installed.
            AssetMissing: The source cannot be read as an image.
        """
        return _saved(self._square(size_px), "PNG")

    def ico(self, sizes_px: Sequence[int] = ICO_SIZES_PX) -> bytes:
        """A Windows icon with all of `sizes_px` (each at most 256); the source itself if it is one.

        Raises:
            ToolMissing: Pillow is not installed.
            AssetMissing: The source cannot be read as an image.
        """
        if self.format == "ico":
            return self.source.read_bytes()
        return _saved(self._square(max(sizes_px)), "ICO", sizes=[(size, size) for size in sizes_px])

    def icns(self) -> bytes:
        """A macOS icon with all its sizes; the source itself if it is one.

        Raises:
            ToolMissing: Pillow is not installed.
            AssetMissing: The source cannot be read as an image.
        """
        if self.format == "icns":
            return self.source.read_bytes()
        return _saved(self._square(ICNS_SIZE_PX), "ICNS")

    def _square(self, size_px: int) -> Image:
        try:
            from PIL import Image, ImageOps
        except ImportError:
            raise ToolMissing("Pillow", "pip install 'deskapp[freeze]'") from None
        if self.format == "svg":
            raise AssetMissing(str(self.source), "Pillow cannot draw SVG; give a PNG of 1024 pixels")
        try:
            with Image.open(self.source) as image:
                drawn = image.convert("RGBA")
        except OSError as error:
            raise AssetMissing(str(self.source), f"it cannot be read as an image ({error})") from error
        fitted = ImageOps.contain(drawn, (size_px, size_px), Image.Resampling.LANCZOS)
        square = Image.new("RGBA", (size_px, size_px), (0, 0, 0, 0))
        square.paste(fitted, ((size_px - fitted.width) // 2, (size_px - fitted.height) // 2))
        return square


def _saved(image: Image, format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format=format, **options)
    return buffer.getvalue()
