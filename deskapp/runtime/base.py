"""What every runtime promises: `Runtime`, and the `RuntimeListener` that it reports to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from deskapp.errors import NotSupported, RuntimeFailed
from deskapp.runtime.capabilities import Capabilities, able
from deskapp.runtime.window import Geometry, WindowId, WindowSpec

OPEN_TIMEOUT_S = 20.0
COMMAND_TIMEOUT_S = 5.0
STOP_TIMEOUT_S = 5.0

COMMAND_ARGUMENTS: Mapping[str, str] = {
    "set_title": "title",
    "load_url": "url",
    "resize": "width, height",
    "set_min_size": "width, height",
    "move": "x, y",
    "fullscreen": "on",
    "set_on_top": "on",
    "set_resizable": "on",
    "set_background": "color, or None for the theme's",
    "set_zoom": "factor",
    "set_icon": "path of a picture file",
    "set_confirm_close": "on",
    "set_progress": "fraction from 0 to 1, -1 for busy, None for no progress",
    "request_attention": "on",
    "set_menu": "a menu as of Menu.to_wire, or None",
    "popup_menu": "a menu as of Menu.to_wire, x and y in CSS pixels of the page",
    "start_resize": 'edge: "n", "ne", "e", "se", "s", "sw", "w" or "nw"',
    "print_page": "None for the system's dialog, else the path of a PDF file to write",
}
"""What commands take; those that are not here take nothing."""

SERVICE_ARGUMENTS: Mapping[str, str] = {
    "file_dialog": (
        'kind: "open", "save" or "folder"; title; folder: path to begin in, or ""; name: proposed name; filters: list '
        'of [label, ["*.png", …]]; multiple: bool → list of paths, empty if cancelled'
    ),
    "message": (
        'text; detail; title; kind: "info", "warning", "error" or "question"; buttons: list of str; default and '
        "cancel: numbers of buttons, cancel is the answer of a closed box → number of a button"
    ),
    "clipboard": (
        'do: "get" or "set"; format: "text", "image" (PNG in base64) or "files" (list of paths); value: for "set" → '
        'the value for "get", None if there is none'
    ),
    "screens": "→ list of Screen fields as dicts",
    "theme": '→ "light" or "dark"; from then on changes are reported',
    "tray": 'do: "set" or "remove"; id; for "set": icon: path; tooltip; menu: as of Menu.to_wire, or None',
    "power": "→ True; from then on sleep is reported; False where the system does not tell",
}
"""What services take as keywords, and what they return after the arrow."""

TIMELESS = frozenset({"popup_menu", "file_dialog", "message", "print_page"})
"""Commands and services that wait for a person, and therefore without a deadline."""


@dataclass(frozen=True)
class Availability:
    """Whether a runtime can work on this machine.

    Args:
        ok: True if nothing that it needs is missing.
        reason: What was found, or what is missing.
        remedy: The command that gets what is missing; empty if `ok`.
    """

    ok: bool
    reason: str = ""
    remedy: str = ""


class RuntimeListener(Protocol):
    """Who a runtime reports to. Every method is called on the asyncio loop's thread."""

    def window_loaded(self, window: WindowId) -> None:
        """The page of `window` finished loading, for the first time or again."""

    def window_closed(self, window: WindowId) -> None:
        """`window` is gone; called once, whoever closed it."""

    def close_requested(self, window: WindowId) -> None:
        """The user wants to close a window opened with `confirm_close`; `Runtime.destroy` grants it."""

    def geometry_changed(self, window: WindowId, geometry: Geometry) -> None:
        """`window` was moved, resized, maximized, minimized or restored."""

    def focus_changed(self, window: WindowId, has_focus: bool) -> None:
        """`window` got or lost the keyboard."""

    def visibility_changed(self, window: WindowId, is_visible: bool) -> None:
        """`window` was shown or hidden; what minimizing does is told as geometry."""

    def title_changed(self, window: WindowId, title: str) -> None:
        """The page of `window` calls itself `title`; the title bar still shows the old text."""

    def page_crashed(self, window: WindowId) -> None:
        """The process that draws the page ended; the window is still there and `load_url` recovers it."""

    def files_dropped(self, window: WindowId, paths: Sequence[str], x: int, y: int) -> None:
        """Files were dropped on the page, at this place in CSS pixels."""

    def menu_chosen(self, window: WindowId, menu: str, item: int) -> None:
        """An item was chosen: `menu` is ``"bar"``, or the name given to ``popup_menu``; `item` as in `Menu.to_wire`."""

    def service_changed(self, service: str, value: object) -> None:
        """News of a service: ``("theme", "dark")``, ``("power", "suspend")``, ``("screens", None)``,
        ``("tray", {"id": …, "what": "activate"})``, ``("tray", {"id": …, "what": "menu", "item": …})``."""

    def runtime_failed(self, error: RuntimeFailed) -> None:
        """The runtime ended by itself; every window was reported closed before."""


class Runtime(ABC):
    """Something that shows pages in windows.

    One object serves all windows of one application. `start` may be called before an event loop
    runs; everything else is called on the loop's thread.

    Args:
        app_id: Identity of the application towards the desktop (task bar, WM_CLASS) and in paths.
        storage: Folder for what pages keep; None keeps nothing beyond the runtime's life.
    """

    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    def __init__(self, app_id: str, *, storage: Path | None = None) -> None:
        self.app_id = app_id
        self.storage = storage

    @classmethod
    @abstractmethod
    def availability(cls) -> Availability:
        """Whether this runtime can work here; imports nothing heavy and starts nothing."""

    @classmethod
    def version(cls) -> str:
        """The version of the program that shows the windows; empty if it is unknown. May start it, so ask seldom."""
        return ""

    @abstractmethod
    def start(self, listener: RuntimeListener) -> None:
        """Start whatever takes time to start, without waiting for it.

        Raises:
            RuntimeUnavailable: Its program cannot be started.
        """

    @abstractmethod
    async def open(self, window: WindowSpec, *, timeout_s: float = OPEN_TIMEOUT_S) -> WindowId:
        """Show a window and return its id, once it is on screen.

        Args:
            window: What to show and where.
            timeout_s: Seconds to wait for the window; must be positive.

        Raises:
            RuntimeFailed: The runtime ended, or `timeout_s` passed, before the window showed.
        """

    @abstractmethod
    async def destroy(self, window: WindowId) -> None:
        """Close `window` without asking, with the dialogs that belong to it; one that is gone already is no error."""

    async def command(self, window: WindowId, verb: str, *args: object) -> object:
        """Have a window do something; nothing happens if it is gone, which it may be any moment.

        Args:
            window: Which.
            verb: One of `capabilities.COMMANDS`.
            *args: What it takes, see `COMMAND_ARGUMENTS`.

        Returns:
            None, except of ``popup_menu``: the number of the chosen item or None.

        Raises:
            NotSupported: This runtime cannot do it.
            RuntimeFailed: It did not do it in time, or not at all.
        """
        if verb not in self.capabilities.commands:
            raise NotSupported(verb, self.name, able(verb))
        return await self._do(window, verb, args)

    async def service(self, service: str, window: WindowId | None = None, **args: object) -> object:
        """Ask for something of the desktop.

        Args:
            service: One of `capabilities.SERVICES`.
            window: The window that it belongs to, for dialogs.
            **args: What the service takes; see `SERVICE_ARGUMENTS`.

        Raises:
            NotSupported: This runtime does not offer it.
            RuntimeFailed: The service failed.
        """
        if service not in self.capabilities.services:
            raise NotSupported(service, self.name, able(service))
        return await self._serve(service, window, args)

    @abstractmethod
    async def _do(self, window: WindowId, verb: str, args: Sequence[object]) -> object:
        """Obey a command that `capabilities` names."""

    async def _serve(self, service: str, window: WindowId | None, args: Mapping[str, object]) -> object:
        """Do a service that `capabilities` names."""
        raise NotImplementedError(f"{type(self).__name__} names the service {service!r} and does not have it")

    async def set_kept(self, on: bool) -> None:  # noqa: B027  a runtime without a process has nothing to keep
        """Let what does its services stay when no window is left, for a tray icon say; or no longer."""

    @abstractmethod
    async def stop(self, *, timeout_s: float = STOP_TIMEOUT_S) -> None:
        """Close all windows and end every process of this runtime; may be called twice.

        Args:
            timeout_s: Seconds given to an orderly end, before it is forced.
        """
