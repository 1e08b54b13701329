"""Dialogs: files and folders to choose, messages, questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from deskapp.app import launcher
from deskapp.desktop.dialogs import chosen_paths, file_dialog, message_box, pressed_button
from deskapp.native._owner import owner_of

if TYPE_CHECKING:
    from deskapp._call import Call
    from deskapp.runtime.handle import Window


def open_file(
    title: str = "",
    *,
    folder: str | Path | None = None,
    filters: Iterable[tuple[str, Iterable[str]]] = (),
    window: Window | None = None,
) -> Call[Path | None]:
    """Have the user choose a file that exists.

    All dialogs appear on the desktop that the program runs on, and wait as long as the user does. One whose window
    closes has been cancelled.

    Args:
        title: Text of its title bar; the system's own when empty.
        folder: Where it begins; None leaves that to the system.
        filters: Kinds of files, for example ``[("Pictures", ["*.png", "*.jpg"])]``; the first one is chosen.
        window: The window that it belongs to; that of the session whose code runs when None.

    Returns:
        The file; None if the dialog was cancelled.

    Raises:
        ConfigError: An argument is impossible.
        DesktopFailed: Nothing on this machine shows dialogs.
        WindowClosed: The window is gone.
    """
    args = file_dialog("open", origin="native.open_file", title=title, folder=folder, filters=filters)
    return _first_path(args, window, "native.open_file")


def open_files(
    title: str = "",
    *,
    folder: str | Path | None = None,
    filters: Iterable[tuple[str, Iterable[str]]] = (),
    window: Window | None = None,
) -> Call[list[Path]]:
    """Have the user choose one or several files that exist; arguments and errors as of `open_file`.

    Returns:
        The files; none if the dialog was cancelled.
    """
    name = "native.open_files"
    args = file_dialog("open", origin=name, title=title, folder=folder, filters=filters, multiple=True)
    owner, services = owner_of(window, name), launcher().services

    async def work() -> list[Path]:
        return chosen_paths(await services.ask_user("file_dialog", owner, args))

    return services.call(work, name)


def save_file(
    title: str = "",
    *,
    folder: str | Path | None = None,
    name: str = "",
    filters: Iterable[tuple[str, Iterable[str]]] = (),
    window: Window | None = None,
) -> Call[Path | None]:
    """Have the user name a file to be written; one that exists is confirmed. Other arguments as of `open_file`.

    Args:
        title: Text of its title bar.
        folder: Where it begins.
        name: The proposed name, for example ``"notes.txt"``.
        filters: Kinds of files.
        window: The window that it belongs to.

    Returns:
        The file; None if the dialog was cancelled.
    """
    args = file_dialog("save", origin="native.save_file", title=title, folder=folder, name=name, filters=filters)
    return _first_path(args, window, "native.save_file")


def choose_folder(
    title: str = "", *, folder: str | Path | None = None, window: Window | None = None
) -> Call[Path | None]:
    """Have the user choose a folder; arguments and errors as of `open_file`.

    Returns:
        The folder; None if the dialog was cancelled.
    """
    args = file_dialog("folder", origin="native.choose_folder", title=title, folder=folder)
    return _first_path(args, window, "native.choose_folder")


def message(
    text: str, *, detail: str = "", title: str = "", kind: str = "info", window: Window | None = None
) -> Call[None]:
    """Tell the user something; done when they have seen it.

    Args:
        text: What it says; one sentence.
        detail: More, below it.
        title: Text of its title bar.
        kind: ``"info"``, ``"warning"``, ``"error"`` or ``"question"``.
        window: The window that it belongs to; that of the session whose code runs when None.

    Raises:
        ConfigError: An argument is impossible.
        DesktopFailed: Nothing on this machine shows dialogs.
        WindowClosed: The window is gone.
    """
    name = "native.message"
    args = message_box(text, origin=name, detail=detail, title=title, kind=kind)
    owner, services = owner_of(window, name), launcher().services

    async def work() -> None:
        pressed_button(await services.ask_user("message", owner, args), args)

    return services.call(work, name)


def confirm(
    text: str,
    *,
    detail: str = "",
    title: str = "",
    kind: str = "question",
    yes: str = "OK",
    no: str = "Cancel",
    window: Window | None = None,
) -> Call[bool]:
    """Ask the user whether to do something; arguments and errors as of `message`.

    Args:
        text: The question.
        detail: More, below it.
        title: Text of its title bar.
        kind: As of `message`.
        yes: Text of the button that agrees; better a verb, as in ``"Delete"``.
        no: Text of the other one.
        window: The window that it belongs to.

    Returns:
        Whether the user agreed; False also if the box was closed.
    """
    name = "native.confirm"
    args = message_box(text, origin=name, detail=detail, title=title, kind=kind, buttons=(yes, no))
    owner, services = owner_of(window, name), launcher().services

    async def work() -> bool:
        return pressed_button(await services.ask_user("message", owner, args), args) == 0

    return services.call(work, name)


def ask(
    text: str,
    buttons: Sequence[str],
    *,
    detail: str = "",
    title: str = "",
    kind: str = "question",
    window: Window | None = None,
) -> Call[str | None]:
    """Have the user choose between buttons; other arguments and errors as of `message`.

    Args:
        text: The question.
        buttons: Their texts; Enter presses the first.
        detail: More, below it.
        title: Text of its title bar.
        kind: As of `message`.
        window: The window that it belongs to.

    Returns:
        The text of the chosen button; None if the box was closed. Where the system does not tell closing the box from
        pressing the last button, it is that one.
    """
    name = "native.ask"
    args = message_box(text, origin=name, detail=detail, title=title, kind=kind, buttons=buttons)
    owner, services, texts = owner_of(window, name), launcher().services, list(buttons)

    async def work() -> str | None:
        answer = await services.ask_user("message", owner, args)
        return None if answer is None else texts[pressed_button(answer, args)]

    return services.call(work, name)


def _first_path(args: dict[str, object], window: Window | None, name: str) -> Call[Path | None]:
    owner, services = owner_of(window, name), launcher().services

    async def work() -> Path | None:
        found = chosen_paths(await services.ask_user("file_dialog", owner, args))
        return found[0] if found else None

    return services.call(work, name)
