"""What goes to the clipboard and comes from it, as the service ``clipboard`` takes and gives it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from pathlib import Path

from deskapp.errors import ConfigError, DesktopFailed

PNG = b"\x89PNG\r\n\x1a\n"
MAX_IMAGE_BYTES = 64 << 20


def checked_text(text: object) -> str:
    """A text for the clipboard.

    Raises:
        ConfigError: It is none.
    """
    if not isinstance(text, str):
        raise ConfigError("text", text, origin="native.clipboard", why="it must be a text.")
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        why = "the clipboard takes no null characters and no half characters."
        raise ConfigError("text", text, origin="native.clipboard", why=why)
    return text


def picture_value(image: bytes | str | Path) -> str:
    """A picture for the clipboard, in base64.

    Args:
        image: A PNG file's content, or the path of one.

    Raises:
        ConfigError: It is no PNG, or too large.
    """
    name: object = "bytes"
    if isinstance(image, str | Path):
        name = str(image)
        try:
            image = Path(image).expanduser().read_bytes()
        except (OSError, ValueError) as error:
            why = f"it cannot be read: {getattr(error, 'strerror', None) or error}."
            raise ConfigError("image", name, origin="native.clipboard", why=why) from None
    if not isinstance(image, bytes | bytearray | memoryview) or not bytes(image[:8]) == PNG:
        raise ConfigError("image", name, origin="native.clipboard", why="it is no PNG picture.")
    if len(image) > MAX_IMAGE_BYTES:
        raise ConfigError("image", name, origin="native.clipboard", why=f"it has more than {MAX_IMAGE_BYTES} bytes.")
    return base64.b64encode(image).decode()


def picture_from(value: object) -> bytes | None:
    """The PNG picture that the service gave.

    Raises:
        DesktopFailed: It gave something else.
    """
    if value is None:
        return None
    try:
        found = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except binascii.Error:
        found = b""
    if not found.startswith(PNG):
        raise DesktopFailed("read a picture from the clipboard", "what is there is no picture that can be read")
    return found


def file_values(files: Iterable[str | Path]) -> list[str]:
    """Files for the clipboard, as absolute paths.

    Raises:
        ConfigError: One is not there, or it is no list.
    """
    if isinstance(files, str | bytes | Path):
        raise ConfigError("files", str(files), origin="native.clipboard", why="give a list of paths.")
    found = []
    for file in files:
        path = Path(file).expanduser().absolute()
        if not path.exists():
            raise ConfigError("files", str(file), origin="native.clipboard", why="there is no such file or folder.")
        found.append(str(path))
    return found


def files_from(value: object) -> list[Path]:
    """The paths that the service gave.

    Raises:
        DesktopFailed: It gave something else.
    """
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(path, str) for path in value):
        raise DesktopFailed("read files from the clipboard", f"it answered {value!r}")
    return [Path(path) for path in value]
