"""The clipboard in Qt: text, pictures and files."""

from __future__ import annotations

import base64
from typing import Any

from deskapp.runtime.webview._host_window import Message
from deskapp.runtime.webview.qt._base import QtModules

_COPIED_FILES = "x-special/gnome-copied-files"  # what file managers of the GNOME family paste


def clipboard(qt: QtModules, args: Message) -> object:
    """As `base.SERVICE_ARGUMENTS` has it under ``clipboard``."""
    if args["do"] == "get":
        return _get(qt, args["format"])
    board = qt.application.clipboard()
    board.setMimeData(_data(qt, args["format"], args["value"]))
    return None


def _get(qt: QtModules, format: str) -> object:
    data = qt.application.clipboard().mimeData()
    if data is None:
        return None
    if format == "text":
        return data.text() if data.hasText() else None
    if format == "files":
        paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
        return paths or None
    image = qt.gui.QImage(data.imageData()) if data.hasImage() else qt.gui.QImage()
    return None if image.isNull() else base64.b64encode(_png(qt, image)).decode()


def _png(qt: QtModules, image: Any) -> bytes:
    buffer = qt.core.QBuffer()
    buffer.open(qt.core.QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data())


def _data(qt: QtModules, format: str, value: Any) -> Any:
    data = qt.core.QMimeData()
    if format == "text":
        data.setText(value)
    elif format == "files":
        urls = [qt.core.QUrl.fromLocalFile(path) for path in value]
        data.setUrls(urls)
        lines = ["copy", *(bytes(url.toEncoded()).decode() for url in urls)]
        data.setData(_COPIED_FILES, "\n".join(lines).encode())
    else:
        image = qt.gui.QImage()
        if not image.loadFromData(base64.b64decode(value), "PNG"):
            raise ValueError("the picture is no PNG")
        data.setImageData(image)
    return data
