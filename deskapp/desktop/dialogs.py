"""What dialogs are asked with, checked, and what their answers mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from deskapp.errors import ConfigError, DesktopFailed

Filters = Iterable[tuple[str, Iterable[str]]]
"""Kinds of files to choose from: what people call each, and its patterns."""

KINDS = ("info", "warning", "error", "question")
_PATTERN = re.compile(r"[^\s/\\\0|;:<>\"]+")


def file_dialog(
    kind: str,
    *,
    origin: str,
    title: str = "",
    folder: str | Path | None = None,
    name: str = "",
    filters: Filters = (),
    multiple: bool = False,
) -> dict[str, object]:
    """The arguments of the service ``file_dialog``.

    Args:
        kind: ``"open"``, ``"save"`` or ``"folder"``.
        origin: The function that was called, for messages.
        title: Text of its title bar; the system's own when empty.
        folder: Where it begins; None leaves that to the system.
        name: The proposed name, without a folder.
        filters: Kinds of files; the first one is chosen.
        multiple: Whether several can be chosen.

    Raises:
        ConfigError: One of them cannot be.
    """
    _check_text("title", title, origin)
    _check_text("name", name, origin)
    if name and (Path(name).name != name or name in (".", "..") or "\\" in name):
        raise ConfigError("name", name, origin=origin, why="give the name alone, and the place as `folder`.")
    return {
        "kind": kind,
        "title": title,
        "folder": _checked_folder(folder, origin),
        "name": name,
        "filters": [[label, list(patterns)] for label, patterns in _checked_filters(filters, origin)],
        "multiple": multiple,
    }


def _checked_folder(folder: str | Path | None, origin: str) -> str:
    if folder is None:
        return ""
    path = Path(folder).expanduser().absolute()
    if not path.is_dir():
        raise ConfigError("folder", str(folder), origin=origin, why="there is no such folder.")
    return str(path)


def _checked_filters(filters: Filters, origin: str) -> list[tuple[str, tuple[str, ...]]]:
    found = []
    example = 'write for example filters=[("Images", ["*.png", "*.jpg"])].'
    if isinstance(filters, str | Mapping):
        raise ConfigError("filters", filters, origin=origin, why=f"it is no list of kinds of files; {example}")
    for entry in filters:
        if isinstance(entry, str) or not isinstance(entry, Sequence) or len(entry) != 2:
            raise ConfigError("filters", entry, origin=origin, why=f"it is no pair of label and patterns; {example}")
        label, patterns = entry
        if not isinstance(label, str) or not label.strip() or not label.isprintable():
            raise ConfigError("filters", entry, origin=origin, why=f"its label is no line of text; {example}")
        if isinstance(patterns, str) or not isinstance(patterns, Iterable):
            raise ConfigError("filters", entry, origin=origin, why=f"its patterns are no list; {example}")
        listed = tuple(patterns)
        if not listed:
            raise ConfigError("filters", entry, origin=origin, why=f"it has no patterns; {example}")
        for pattern in listed:
            if not isinstance(pattern, str) or not _PATTERN.fullmatch(pattern) or pattern != pattern.strip():
                why = f"{pattern!r} is no pattern for names of files; {example}"
                raise ConfigError("filters", entry, origin=origin, why=why)
        found.append((label, listed))
    return found


def _check_text(key: str, value: object, origin: str) -> None:
    if not isinstance(value, str) or "\0" in value:
        raise ConfigError(key, value, origin=origin, why="it must be a text, without null characters.")


def chosen_paths(answer: object) -> list[Path]:
    """The paths that a dialog answered with; none if it was cancelled.

    Raises:
        DesktopFailed: The answer makes no sense.
    """
    if answer is None:
        return []
    if not isinstance(answer, list) or not all(isinstance(path, str) and path for path in answer):
        raise DesktopFailed("show a file dialog", f"it answered {answer!r}")
    return [Path(path) for path in answer]


def message_box(
    text: str, *, origin: str, detail: str = "", title: str = "", kind: str = "info", buttons: Sequence[str] = ("OK",)
) -> dict[str, object]:
    """The arguments of the service ``message``.

    Args:
        text: What it says; one sentence.
        origin: The function that was called, for messages.
        detail: More, in smaller letters.
        title: Text of its title bar.
        kind: One of `KINDS`.
        buttons: Texts of the buttons, the one for Enter first, the one for Escape last.

    Raises:
        ConfigError: One of them cannot be.
    """
    for key, value in (("text", text), ("detail", detail), ("title", title)):
        _check_text(key, value, origin)
    if not text.strip():
        raise ConfigError("text", text, origin=origin, why="a message needs a text.")
    if kind not in KINDS:
        raise ConfigError("kind", kind, origin=origin, why=f"it is one of {', '.join(KINDS)}.")
    if isinstance(buttons, str) or not buttons:
        raise ConfigError("buttons", buttons, origin=origin, why="give a list of texts, at least one.")
    for button in buttons:
        if not isinstance(button, str) or not button.strip() or not button.isprintable():
            raise ConfigError("buttons", button, origin=origin, why="a button has a line of text on it.")
    if len(set(buttons)) < len(buttons):
        raise ConfigError("buttons", list(buttons), origin=origin, why="two say the same.")
    return {
        "text": text,
        "detail": detail,
        "title": title,
        "kind": kind,
        "buttons": list(buttons),
        "default": 0,
        "cancel": len(buttons) - 1,
    }


def pressed_button(answer: object, arguments: Mapping[str, Any]) -> int:
    """The number of the button that was pressed; that of the last one if the box was closed.

    Raises:
        DesktopFailed: The answer makes no sense.
    """
    if answer is None:
        return int(arguments["cancel"])
    if isinstance(answer, bool) or not isinstance(answer, int) or not 0 <= answer < len(arguments["buttons"]):
        raise DesktopFailed("show a message", f"it answered {answer!r}")
    return answer
