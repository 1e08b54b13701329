"""What runtimes can do, as data: names with their meanings, and which built-in runtime has which.

Four kinds of ability: *options* of a new window, *commands* to a window on screen, *reports* of what happens to it,
and *services* of the desktop around it. Nobody tests for platforms or names of runtimes; they ask `Capabilities`.
The table in `docs/reference/runtimes.md` is made from this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType

OPTIONS: Mapping[str, str] = MappingProxyType({
    "size": "opens with the page's area in the wished size",
    "pos": "opens where it is told",
    "min_size": "the user cannot make it smaller",
    "mode": "opens maximized, in fullscreen or as a kiosk",
    "resizable": "may be of fixed size",
    "background": "is painted in a colour until the page paints",
    "splash": "shows a picture until the page is ready",
    "icon": "has the application's icon",
    "confirm_close": "asks the application before it closes",
    "visible": "may open hidden",
    "frameless": "may have no title bar and no border",
    "transparent": "may let the desktop show through the page",
    "on_top": "may open above other windows",
    "zoom": "opens with the page at a zoom factor",
    "parent": "may belong to another window, and stay above it",
    "modal": "may keep its parent from input until it closes",
    "skip_taskbar": "may stay out of the task bar",
    "context_menu": "the engine's context menu may be turned off, or on in full",
    "spell_check": "checks spelling in text fields, in chosen languages",
    "debug": "may have developer tools",
})  # fmt: skip

COMMANDS: Mapping[str, str] = MappingProxyType({
    "set_title": "change the text of the title bar",
    "load_url": "load an address; also recovers a page that crashed",
    "resize": "give the page's area a size",
    "set_min_size": "set the smallest size that the user can give it",
    "move": "put the frame's corner to a place (no effect on Wayland)",
    "center": "move it to the middle of its screen's work area",
    "maximize": "fill the screen's work area",
    "minimize": "put it away into the task bar",
    "restore": "back to normal from maximized, minimized or fullscreen",
    "fullscreen": "enter or leave fullscreen",
    "show": "bring a hidden window up",
    "hide": "take it from the screen; the page keeps running",
    "focus": "bring it to the front and give it the keyboard",
    "set_on_top": "keep it above other windows, or no longer",
    "set_resizable": "let the user resize it, or no longer",
    "set_background": "change the colour behind the page",
    "set_zoom": "scale the page",
    "set_icon": "change its icon",
    "set_confirm_close": "ask before it closes, or no longer",
    "set_progress": "show progress on the task bar's button",
    "request_attention": "ask for the user's attention on the task bar",
    "set_menu": "give it a menu bar, or take it away",
    "popup_menu": "show a menu at a place in the page",
    "start_drag": "let the pointer, whose button is down, move it",
    "start_resize": "let the pointer, whose button is down, resize it by an edge",
    "hide_splash": "end the splash picture",
    "print_page": "print the page, by the system's dialog or into a PDF file",
    "open_devtools": "open the developer tools (of a window opened with `debug`)",
    "end_page": "end the process that draws the page; it is reported as a crash",
})  # fmt: skip

REPORTS: Mapping[str, str] = MappingProxyType({
    "loaded": "the page has loaded",
    "closed": "the user has closed the window",
    "close_requested": "the user wants to close a window that asks",
    "geometry": "it was moved, resized, maximized, minimized or restored",
    "focus": "it got or lost the keyboard",
    "visibility": "it was shown or hidden",
    "title": "the page calls itself something else",
    "crashed": "the process that draws the page ended; `load_url` recovers it",
    "dropped": "files were dropped, with their real paths",
    "menu": "an item of a menu was chosen",
})  # fmt: skip

SERVICES: Mapping[str, str] = MappingProxyType({
    "file_dialog": "dialogs to open and save files and to choose folders",
    "message": "message boxes and questions",
    "clipboard": "text, pictures and files on the clipboard",
    "screens": "the screens with their work areas and scale factors",
    "theme": "whether the desktop is light or dark, and when that changes",
    "tray": "icons in the tray with menus",
    "power": "when the machine goes to sleep and wakes up",
})  # fmt: skip

KINDS: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "options": OPTIONS, "commands": COMMANDS, "reports": REPORTS, "services": SERVICES
})  # fmt: skip


@dataclass(frozen=True)
class Capabilities:
    """What one runtime can do.

    Args:
        options: Names of `OPTIONS` that it honours; others are left out, with a line in the log.
        commands: Names of `COMMANDS` that it obeys; others raise `NotSupported`.
        reports: Names of `REPORTS` that it makes.
        services: Names of `SERVICES` that it offers; others raise `NotSupported`.
        can_destroy: `Runtime.destroy` takes the window from the screen.

    Raises:
        ValueError: A name is in none of the tables.
    """

    options: frozenset[str] = field(default=frozenset())
    commands: frozenset[str] = field(default=frozenset())
    reports: frozenset[str] = field(default=frozenset())
    services: frozenset[str] = field(default=frozenset())
    can_destroy: bool = False

    def __post_init__(self) -> None:
        for kind, known in KINDS.items():
            unknown = set(getattr(self, kind)) - set(known)
            if unknown:
                raise ValueError(f"there are no such {kind}: {', '.join(sorted(unknown))}")

    @property
    def reports_close(self) -> bool:
        """Whether the end of a window is told by its runtime, rather than guessed from a lost socket."""
        return "closed" in self.reports

    def can(self, name: str) -> bool:
        """Whether a command is obeyed or a service offered."""
        return name in self.commands or name in self.services


def able(name: str) -> tuple[str, ...]:
    """The built-in runtimes that have an ability, of whatever kind."""
    return tuple(
        runtime
        for runtime, has in BUILT_IN.items()
        if any(name in getattr(has, each.name) for each in fields(has) if each.name in KINDS)
    )


_WEBVIEW = Capabilities(
    options=frozenset(OPTIONS),
    commands=frozenset(COMMANDS),
    reports=frozenset(REPORTS),
    services=frozenset(SERVICES),
    can_destroy=True,
)
# What the hands for Windows and macOS cover; see docs/reference/not-run.md.
_EDGE = Capabilities(
    options=frozenset(OPTIONS) - {"transparent", "spell_check"},
    commands=frozenset(COMMANDS),
    reports=frozenset(REPORTS) - {"dropped"},
    services=frozenset(SERVICES),
    can_destroy=True,
)
_COCOA = Capabilities(
    options=frozenset(OPTIONS) - {"modal", "skip_taskbar", "spell_check"},
    commands=frozenset(COMMANDS) - {"set_progress", "start_resize"},
    reports=frozenset(REPORTS),
    services=frozenset(SERVICES),
    can_destroy=True,
)
_BROWSER_APP_OPTIONS = frozenset({"size", "pos", "mode", "icon"})
_BROWSER_APP = Capabilities(options=_BROWSER_APP_OPTIONS, reports=frozenset({"closed"}), can_destroy=True)
_CHROMIUM_APP = Capabilities(
    options=_BROWSER_APP_OPTIONS,
    commands=frozenset({
        "load_url", "resize", "move", "center", "maximize", "minimize", "restore", "fullscreen", "focus",
        "print_page", "end_page",
    }),
    reports=frozenset({"closed", "loaded", "crashed"}),
    can_destroy=True,
)  # fmt: skip
_FIREFOX_APP = Capabilities(
    options=frozenset({"size", "pos", "mode", "icon", "min_size", "background", "context_menu", "debug"}),
    reports=frozenset({"closed"}),
    can_destroy=True,
)
_FIREFOX_XUL_APP = Capabilities(
    options=frozenset({"size", "pos", "mode", "icon", "min_size", "background", "resizable", "confirm_close"}),
    commands=frozenset({
        "set_title", "load_url", "resize", "set_min_size", "move", "center", "maximize", "minimize", "restore",
        "fullscreen", "focus", "set_background", "set_zoom", "set_confirm_close",
    }),
    reports=frozenset({"loaded", "closed", "close_requested", "geometry", "focus", "crashed"}),
    can_destroy=True,
)  # fmt: skip
_TAB = Capabilities()

BUILT_IN: Mapping[str, Capabilities] = MappingProxyType({
    "webview-gtk": _WEBVIEW,
    "webview-qt": _WEBVIEW,
    "webview-edge": _EDGE,
    "webview-cocoa": _COCOA,
    "chrome-app": _CHROMIUM_APP,
    "edge-app": _CHROMIUM_APP,
    "firefox-app": _FIREFOX_APP,
    "firefox-xul-app": _FIREFOX_XUL_APP,
    "browser": _TAB,
    "chrome-browser": _TAB,
    "edge-browser": _TAB,
    "firefox-browser": _TAB,
})  # fmt: skip
