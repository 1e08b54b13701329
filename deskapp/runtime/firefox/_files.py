"""The files from which Firefox learns what to be: profile, style, keys and application, as text made from values.

    <profile>/user.js                           preferences, read at every start
    <profile>/chrome/userChrome.css             what is left of the browser's window (firefox-app)
    <profile>/customKeys.json                   what is left of its keys (firefox-app)
    <profile>/xulstore.json                     size of a window that opens maximized (firefox-app)
    <profile>/chrome/deskapp/application.ini    name and class; Firefox is started with -app and this file
    <profile>/chrome/deskapp/chrome/icons/…     its icon
    <profile>/chrome/deskapp/omni.ja            the installed browser, with what is ours of a window (firefox-app)
    <profile>/chrome/deskapp/content/…          the window itself (firefox-xul-app)

Below ``chrome``, because the processes of pages are kept from reading anything else of a profile.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from deskapp._icon import Icon
from deskapp.errors import AssetMissing, ToolMissing
from deskapp.paths import resource
from deskapp.runtime._identity import wm_class
from deskapp.runtime.firefox._prefs import (
    CLEARED_KEYS,
    COMMON,
    EDIT_ITEMS,
    HIDDEN_PARTS,
    LOOK,
    PAGE_PARTS,
    XUL,
    Preference,
    Preferences,
)
from deskapp.runtime.window import WindowMode, WindowSpec

APPLICATION = "chrome/deskapp"
"""Folder of the application, in the profile."""

ICON_SIZES_PX = (16, 32, 48, 64, 128)
"""What GTK's Firefox looks for as ``defaultN.png``."""

APP_FILES = ("content/AppWindow.sys.mjs",)
"""What is ours of a window of the browser, besides `PIPE_FILES`; in ``privileged/app``."""

PIPE_FILES = ("Pipe.sys.mjs", "listener.js")
"""How the application is spoken with, with and without the browser; in ``privileged/pipe``."""

ARCHIVE_MANIFEST = "chrome.manifest"

XUL_FILES = (
    "chrome.manifest",
    "content/main.xhtml",
    "content/main.js",
    "content/DeskappChild.sys.mjs",
    "content/DeskappParent.sys.mjs",
    "content/PromptParent.sys.mjs",
)

_CODE_IN_ARCHIVE = "chrome/deskapp"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)+")
_CHROME_OF_BROWSER = "chrome://browser/content/browser.xhtml"
_CHROME_OF_XUL = "chrome://deskapp/content/main.xhtml"


def browser_files(window: WindowSpec) -> dict[str, bytes]:
    """The files of a profile in which the browser shows nothing but `window`."""
    texts = {
        "user.js": preferences_text((LOOK, *COMMON), browser_preferences(window)),
        "chrome/userChrome.css": user_chrome_css(window),
        "customKeys.json": json.dumps({key: {} for key in CLEARED_KEYS}, indent=1),
        "xulstore.json": xul_store(window),
    }
    return {name: text.encode() for name, text in texts.items()}


def archive_files(installed: str) -> dict[str, bytes]:
    """The files that Firefox's archive of code gets for windows that are called as the application wants.

    Args:
        installed: The text of the archive's ``chrome.manifest``.
    """
    folder = resource("deskapp.runtime.firefox", "privileged", "app")
    ours = folder.joinpath(ARCHIVE_MANIFEST).read_text(encoding="utf-8")
    code = {Path(name).name: folder.joinpath(name).read_bytes() for name in APP_FILES} | _pipe_files()
    files = {f"{_CODE_IN_ARCHIVE}/{name}": content for name, content in code.items()}
    return {ARCHIVE_MANIFEST: f"{installed.rstrip()}\n{ours}".encode(), **files}


def _pipe_files() -> dict[str, bytes]:
    folder = resource("deskapp.runtime.firefox", "privileged", "pipe")
    return {name: folder.joinpath(name).read_bytes() for name in PIPE_FILES}


def xul_files(window: WindowSpec) -> dict[str, bytes]:
    """The files of a profile, and of the application in it, for a window without the browser."""
    text = preferences_text((*COMMON, XUL), xul_preferences(window))
    folder = resource("deskapp.runtime.firefox", "privileged", "xul")
    return {
        "user.js": text.encode(),
        **{f"{APPLICATION}/{name}": folder.joinpath(name).read_bytes() for name in XUL_FILES},
        **{f"{APPLICATION}/content/{name}": content for name, content in _pipe_files().items()},
    }


def browser_preferences(window: WindowSpec) -> Preferences:
    """What differs between windows of the browser.

    The address is the home page, so that it and the ticket in it are not in the command line, which everybody on the
    machine may read.
    """
    return {
        "browser.startup.page": 1,
        "browser.startup.homepage": window.url.replace("|", "%7C"),  # which would separate two pages
        "deskapp.title": window.title,
        "devtools.policy.disabled": not window.debug,
        "ui.key.menuAccessKeyFocuses": False,  # Alt alone would show a menu bar that is hidden
    }


def xul_preferences(window: WindowSpec) -> Preferences:
    """What differs between windows without the browser; ``deskapp.…`` is read by ``main.js``."""
    return {
        "toolkit.defaultChromeURI": _CHROME_OF_XUL,
        "toolkit.defaultChromeFeatures": chrome_features(window),
        "deskapp.url": window.url,
        "deskapp.title": window.title,
        "deskapp.mode": window.mode.value,
        "deskapp.width": window.width,
        "deskapp.height": window.height,
        "deskapp.min_width": window.min_width,
        "deskapp.min_height": window.min_height,
        "deskapp.background": window.background or "",
        "deskapp.confirm_close": window.confirm_close,
    }


def chrome_features(window: WindowSpec) -> str:
    """Size, place and kind of a window, as `window.open` takes them."""
    features = ["chrome", "dialog=no", "titlebar", "close", "minimizable"]
    if window.resizable:
        features.append("resizable")
    features += [f"width={window.width}", f"height={window.height}"]
    features += ["centerscreen"] if window.x is None else [f"left={window.x}", f"top={window.y}"]
    return ",".join(features)


def preference_line(name: str, value: Preference) -> str:
    """One line of ``user.js``.

    Args:
        name: Dotted name.
        value: What it is to be; text may hold anything.

    Raises:
        ValueError: `name` is no dotted name.
    """
    if _NAME.fullmatch(name) is None:
        raise ValueError(f"{name!r} cannot be the name of a preference")
    if isinstance(value, str):
        # Firefox's parser knows the escapes of JSON, but takes no NUL.
        value = value.replace("\0", "")
    return f"user_pref({json.dumps(name)}, {json.dumps(value)});"


def preferences_text(groups: Sequence[Preferences], extra: Preferences) -> str:
    """The text of ``user.js``: all groups in order, then `extra`, which may say otherwise."""
    merged: dict[str, Preference] = {}
    for group in (*groups, extra):
        merged.update(group)
    return "".join(f"{preference_line(name, value)}\n" for name, value in merged.items())


def user_chrome_css(window: WindowSpec) -> str:
    """The text of ``chrome/userChrome.css``: nothing but the page is left, from edge to edge."""
    rules = [
        f"{', '.join(HIDDEN_PARTS)} {{ visibility: collapse !important; }}",
        # Collapsed, it would still be as high as its border; out of the flow it takes no room at all.
        "#navigator-toolbox { position: fixed !important; top: -9999px !important; }",
        f"{', '.join(PAGE_PARTS)} "
        "{ margin: 0 !important; padding: 0 !important; border: 0 !important; border-radius: 0 !important; "
        "outline: 0 !important; box-shadow: none !important; }",
        # The browser would not get narrower than its toolbar.
        f":root {{ min-width: {window.min_width}px !important; min-height: {window.min_height}px !important; }}",
        *_menu_rules(window.context_menu),
    ]
    if window.background is not None:
        rules.append(
            f":root, body, {', '.join(PAGE_PARTS)}, browser[type=content] "
            f"{{ background: {window.background} !important; }}"
        )
    return "".join(f"{rule}\n" for rule in rules)


def _menu_rules(context_menu: bool | None) -> list[str]:
    menu = "#contentAreaContextMenu"
    if context_menu is None:
        items = ", ".join([*(f"#{name}" for name in EDIT_ITEMS), ".spell-suggestion"])
        return [
            f"{menu} > :not({items}) {{ display: none !important; }}",
            # To select everything is offered everywhere, and is no reason for a menu.
            f"{menu}:not(:has(> :is({items}):not([hidden], #context-selectall))) {{ display: none !important; }}",
        ]
    return [] if context_menu else [f"{menu} {{ display: none !important; }}"]


def xul_store(window: WindowSpec) -> str:
    """The text of ``xulstore.json``, where the browser keeps how its window was."""
    mode = "maximized" if window.mode is WindowMode.MAXIMIZED else "normal"
    shape = {"width": str(window.width), "height": str(window.height), "sizemode": mode}
    return json.dumps({_CHROME_OF_BROWSER: {"main-window": shape}})


def application_ini(installed: str, app_id: str) -> str:
    """The text of ``application.ini``: that of the installed Firefox, with the class of our windows.

    Name and version stay: they are what the page is told by ``navigator.userAgent``, and folders are named after them.

    Args:
        installed: The text of the file that came with Firefox.
        app_id: What the windows belong to.

    Raises:
        ValueError: It is no such file.
    """
    lines: list[str] = []
    section = ""
    for line in installed.splitlines():
        key = line.partition("=")[0].strip()
        if line.startswith("["):
            section = line.strip()
        if section == "[App]" and line.startswith("["):
            lines += [line, f"RemotingName={wm_class(app_id)}"]
        elif section not in ("", "[Crash Reporter]") and not (section == "[App]" and key == "RemotingName"):
            lines.append(line)
    if not {"[App]", "[Gecko]"} <= set(lines):
        raise ValueError("it has no sections [App] and [Gecko]")
    return "".join(f"{line}\n" for line in lines)


def icon_files(icon: Path | None) -> Mapping[str, bytes]:
    """The icon's files below the folder of the application; none if it cannot be had, which shows Firefox's."""
    if icon is None:
        return {}
    folder = f"{APPLICATION}/chrome/icons/default"
    try:
        source = Icon(icon)
        return {f"{folder}/default{size}.png": source.png(size) for size in ICON_SIZES_PX}
    except (AssetMissing, ToolMissing):
        if not icon.is_file():
            return {}
        # GTK looks at what is in a file, not at what it is called.
        return {f"{folder}/default.png": icon.read_bytes()}
