"""`deskapp open`: an address or a file in a window."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

from deskapp.errors import ConfigError


def open_anything(text: str, *, runtime: str | None = None, size: str | None = None) -> int:
    """Show an address or a file in a window; return when that has closed.

    Args:
        text: ``https://…``, ``http://…``, ``file://…``, or the path of a file that engines can show.
        runtime: What shows the window, instead of the settings' choice.
        size: Width and height of the page, as ``800x600``.

    Returns:
        The exit code of `run`.

    Raises:
        ConfigError: There is no such file, or the size cannot be read.
    """
    options = {} if size is None else {"size": read_size(size)}
    app = importlib.import_module("deskapp.app")
    app.launch(address_of(text), runtime, **options)
    return int(app.run() or 0)


def address_of(text: str) -> str:
    """The address of what a person wrote; a name without a scheme that is no file is a web address.

    Raises:
        ConfigError: It can be neither.
    """
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text):
        return text
    path = Path(text)
    if path.exists():
        return path.resolve().as_uri()
    if re.fullmatch(r"(localhost|[\w-]+(\.[\w-]+)+)(:\d+)?(/\S*)?", text) and path.suffix.lower() not in _PAGES:
        return f"http://{text}" if text.startswith(("localhost", "127.")) else f"https://{text}"
    why = "there is no such file, and it is no address; write it with http:// or https:// in front."
    raise ConfigError("URL_OR_FILE", text, origin="the command line", why=why)


def read_size(text: str) -> tuple[int, int]:
    """``"800x600"`` as two numbers.

    Raises:
        ConfigError: It is something else.
    """
    found = re.fullmatch(r"(\d{1,5})[x×,](\d{1,5})", text)
    if found is None:
        raise ConfigError("size", text, origin="the command line", why="write it like 800x600.")
    return int(found[1]), int(found[2])


_PAGES = (".html", ".htm", ".xhtml", ".svg", ".pdf", ".png", ".jpg", ".txt", ".md")
"""What is a file even if it looks like a host's name."""
