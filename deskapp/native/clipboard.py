"""The clipboard: text, pictures and files, to be had and to be set."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from deskapp.app import launcher
from deskapp.desktop.clipboard import checked_text, file_values, files_from, picture_from, picture_value

if TYPE_CHECKING:
    from deskapp._call import Call

__all__ = ["get_files", "get_image", "get_text", "set_files", "set_image", "set_text"]


def get_text() -> Call[str | None]:
    """The text on the clipboard; None if there is none.

    All functions of this module raise `NotSupported` where no runtime has the clipboard.
    """
    services = launcher().services

    async def work() -> str | None:
        value = await services.ask("clipboard", do="get", format="text", value=None)
        return None if value is None else str(value)

    return services.call(work, "native.clipboard.get_text")


def set_text(text: str) -> Call[None]:
    """Put a text on the clipboard.

    Raises:
        ConfigError: It is none.
    """
    return _set("text", checked_text(text), "native.clipboard.set_text")


def get_image() -> Call[bytes | None]:
    """The picture on the clipboard, as the content of a PNG file; None if there is none."""
    services = launcher().services

    async def work() -> bytes | None:
        return picture_from(await services.ask("clipboard", do="get", format="image", value=None))

    return services.call(work, "native.clipboard.get_image")


def set_image(image: bytes | str | Path) -> Call[None]:
    """Put a picture on the clipboard.

    Args:
        image: The content of a PNG file, or the path of one.

    Raises:
        ConfigError: It is no PNG picture.
    """
    return _set("image", picture_value(image), "native.clipboard.set_image")


def get_files() -> Call[list[Path]]:
    """The files on the clipboard, as they were copied in a file manager."""
    services = launcher().services

    async def work() -> list[Path]:
        return files_from(await services.ask("clipboard", do="get", format="files", value=None))

    return services.call(work, "native.clipboard.get_files")


def set_files(files: Iterable[str | Path]) -> Call[None]:
    """Put files on the clipboard, to be pasted in a file manager.

    Raises:
        ConfigError: One is not there.
    """
    return _set("files", file_values(files), "native.clipboard.set_files")


def _set(kind: str, value: object, name: str) -> Call[None]:
    services = launcher().services

    async def work() -> None:
        await services.ask("clipboard", do="set", format=kind, value=value)

    return services.call(work, name)
