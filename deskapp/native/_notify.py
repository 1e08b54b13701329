"""Notifications."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from deskapp.app import launcher

if TYPE_CHECKING:
    from deskapp._call import Call


def notify(
    title: str,
    body: str = "",
    *,
    icon: str | Path | None = None,
    buttons: Mapping[str, Callable[[], object]] | None = None,
    on_click: Callable[[], object] | None = None,
    on_close: Callable[[], object] | None = None,
    urgency: str = "normal",
    timeout_s: float | None = None,
) -> Call[str]:
    """Show a notification. Needs the extra ``notify``.

    Functions that are given to it are called on the loop's thread, as long as the program runs, and may be coroutine
    functions; what they raise is logged.

    Args:
        title: Its first line.
        body: What it says below; some desktops read simple HTML in it.
        icon: A picture file.
        buttons: Texts of buttons with what each does, for example ``{"Open": open_it}``.
        on_click: Called when it is clicked.
        on_close: Called when the user puts it away.
        urgency: ``"low"``, ``"normal"`` or ``"critical"``.
        timeout_s: Seconds that it stays, at least 1; None leaves that to the desktop.

    Returns:
        An id, once it is handed to the desktop.

    Raises:
        ConfigError: An argument is impossible.
        PackageMissing: The package is not installed; when awaited.
        DesktopFailed: This desktop shows none; when awaited.
    """
    from deskapp.desktop.notifications import checked_note

    note = checked_note(
        title,
        body,
        icon=icon,
        buttons=buttons or {},
        on_click=on_click,
        on_close=on_close,
        urgency=urgency,
        timeout_s=timeout_s,
    )
    services = launcher().services

    async def work() -> str:
        return await services.notifier.show(note)

    return services.call(work, "native.notify")
