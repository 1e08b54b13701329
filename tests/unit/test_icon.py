"""deskapp/_icon.py."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from PIL import Image

from deskapp._icon import ICO_SIZES_PX, Icon
from deskapp.errors import AssetMissing, ToolMissing


@pytest.fixture
def wide(tmp_path: Path) -> Icon:
    """A red image, twice as wide as high."""
    path = tmp_path / "wide.png"
    Image.new("RGB", (80, 40), (255, 0, 0)).save(path)
    return Icon(path)


def opened(data: bytes) -> Image.Image:
    """What was made, read again."""
    return Image.open(io.BytesIO(data))


def test_png_has_the_size_asked_for_and_transparent_borders(wide: Icon) -> None:
    image = opened(wide.png(64))
    assert (image.format, image.size) == ("PNG", (64, 64))
    assert image.getpixel((32, 32)) == (255, 0, 0, 255)
    assert image.getpixel((32, 2)) == (0, 0, 0, 0)


def test_ico_has_every_size(wide: Icon) -> None:
    image = opened(wide.ico())
    assert image.format == "ICO"
    assert image.info["sizes"] == {(size, size) for size in ICO_SIZES_PX}


def test_icns_has_small_and_large_sizes(wide: Icon) -> None:
    image = opened(wide.icns())
    assert image.format == "ICNS"
    assert {size[0] * size[2] for size in image.info["sizes"]} >= {32, 128, 256, 512, 1024}


@pytest.mark.parametrize("format", ["ico", "icns"])
def test_a_source_in_the_wanted_format_is_passed_through_unread(tmp_path: Path, format: str) -> None:
    path = tmp_path / f"app.{format}"
    path.write_bytes(b"as it is")
    icon = Icon(path)
    assert icon.format == format
    assert getattr(icon, format)() == b"as it is"


def test_without_pillow_the_error_has_the_command(wide: Icon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ToolMissing, match=r"pip install 'deskapp\[freeze\]'"):
        wide.png(16)


def test_a_file_that_is_no_image_is_named(tmp_path: Path) -> None:
    path = tmp_path / "text.png"
    path.write_text("no image", encoding="utf-8")
    with pytest.raises(AssetMissing, match=r"text\.png"):
        Icon(path).png(16)


def test_svg_is_carried_but_not_drawn(tmp_path: Path) -> None:
    path = tmp_path / "app.svg"
    path.write_text("<svg/>", encoding="utf-8")
    assert Icon(path).format == "svg"
    with pytest.raises(AssetMissing, match="cannot draw SVG"):
        Icon(path).png(16)


def test_what_is_not_there_or_no_icon_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(AssetMissing, match="no such file"):
        Icon(tmp_path / "absent.png")
    with pytest.raises(AssetMissing, match=r"ends in \.png"):
        Icon(tmp_path / "photo.jpeg")
