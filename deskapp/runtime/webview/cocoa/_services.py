"""Services of the Mac's desktop: dialogs, boxes, pasteboard, screens, appearance, status items, sleep.

Not run on the machine that deskapp is made on, see docs/reference/not-run.md.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from deskapp.runtime.webview._host_window import Answer, HostEvents, Message, NotHere
from deskapp.runtime.webview.cocoa import _plan as plan
from deskapp.runtime.webview.cocoa._classes import Classes
from deskapp.runtime.webview.cocoa._menu import build_menu


class CocoaServices:
    """The services of `CocoaToolkit`."""

    _appkit: Any
    _foundation: Any
    _app: Any
    _backend: Any
    _classes: Classes
    _events: HostEvents
    call_soon: Callable[[Callable[[], None]], None]
    close_all: Callable[[], None]

    def __init__(self) -> None:
        self._observers: list[Any] = []
        self._downloads: list[Any] = []
        self._icons: dict[str, tuple[Any, Any]] = {}  # status items of the tray, and what their clicks call
        self._told_theme = ""
        self._is_power_told = False

    def serve(self, service: str, view: Any | None, args: Message, answer: Answer) -> None:
        if service == "file_dialog":
            self._file_dialog(view, answer=answer, **args)
        elif service == "message":
            self._message(view, answer=answer, **args)
        else:
            services: dict[str, Callable[..., object]] = {
                "clipboard": self._clipboard,
                "screens": self._screens,
                "theme": self._watch_theme,
                "tray": self._tray,
                "power": self._watch_power,
            }
            if service not in services:
                raise NotHere(f"there is no service {service!r}")
            answer(services[service](**args))

    def _prepare_services(self) -> None:
        observer = self._classes.observer.alloc().init()
        observer.changed = self._notice
        self._observers.append(observer)
        workspace = self._appkit.NSWorkspace.sharedWorkspace().notificationCenter()
        for name in plan.POWER_NOTIFICATIONS:
            workspace.addObserver_selector_name_object_(observer, "notice:", name, None)
        center = self._foundation.NSNotificationCenter.defaultCenter()
        name = self._appkit.NSApplicationDidChangeScreenParametersNotification
        center.addObserver_selector_name_object_(observer, "notice:", name, None)
        self._app.addObserver_forKeyPath_options_context_(observer, "effectiveAppearance", 0, None)

    def _end_services(self) -> None:
        for observer in self._observers:
            self._appkit.NSWorkspace.sharedWorkspace().notificationCenter().removeObserver_(observer)
            self._foundation.NSNotificationCenter.defaultCenter().removeObserver_(observer)
            self._app.removeObserver_forKeyPath_(observer, "effectiveAppearance")
        self._observers.clear()
        for id in list(self._icons):
            self._tray("remove", id)

    def _notice(self, name: str = "") -> None:
        """A notification, or, without a name, a change of appearance."""
        if name in plan.POWER_NOTIFICATIONS:
            if self._is_power_told:
                self._events.changed("power", plan.POWER_NOTIFICATIONS[name])
        elif name:
            self._events.changed("screens", None)
        else:
            theme = self._theme()
            if self._told_theme and theme != self._told_theme:
                self._told_theme = theme
                self._events.changed("theme", theme)

    def download_delegate(self) -> Any:
        """Somebody who asks where a download shall go; kept, since a download does not keep it."""
        delegate = self._backend.BrowserView.DownloadDelegate.alloc().init()
        self._downloads.append(delegate)
        return delegate

    def _file_dialog(
        self,
        view: Any | None,
        kind: str,
        title: str,
        folder: str,
        name: str,
        filters: list[Any],
        multiple: bool,
        *,
        answer: Answer,
    ) -> None:
        is_save = kind == "save"
        panel = self._appkit.NSSavePanel.savePanel() if is_save else self._appkit.NSOpenPanel.openPanel()
        panel.setTitle_(title)
        panel.setMessage_(title)  # a sheet has no title bar
        if folder:
            panel.setDirectoryURL_(self._foundation.NSURL.fileURLWithPath_(folder))
        types = plan.file_types(filters)
        if types is not None and kind != "folder":
            panel.setAllowedFileTypes_(types)
        if is_save:
            panel.setNameFieldStringValue_(name)
        else:
            panel.setCanChooseFiles_(kind != "folder")
            panel.setCanChooseDirectories_(kind == "folder")
            panel.setAllowsMultipleSelection_(multiple)

        def done(response: int) -> None:
            urls = ([panel.URL()] if is_save else panel.URLs()) if response == plan.MODAL_OK else []
            answer([str(url.path()) for url in urls])

        if view is not None:
            panel.beginSheetModalForWindow_completionHandler_(view.window, done)
        else:
            panel.beginWithCompletionHandler_(done)

    def _message(
        self,
        view: Any | None,
        text: str,
        detail: str,
        title: str,
        kind: str,
        buttons: list[str],
        default: int,
        cancel: int,
        *,
        answer: Answer,
    ) -> None:
        alert = self._appkit.NSAlert.alloc().init()
        alert.setMessageText_(text)
        alert.setInformativeText_(detail)
        alert.setAlertStyle_(plan.ALERT_STYLES[kind])
        alert.window().setTitle_(title)
        keys = plan.button_keys(len(buttons), default=default, cancel=cancel)
        for text_of_button, key in zip(buttons, keys, strict=True):
            alert.addButtonWithTitle_(text_of_button).setKeyEquivalent_(key)

        def done(response: int) -> None:
            answer(plan.chosen_button(response, count=len(buttons), cancel=cancel))

        if view is not None:
            alert.beginSheetModalForWindow_completionHandler_(view.window, done)
        else:
            self.call_soon(lambda: done(alert.runModal()))

    def _clipboard(self, do: str, format: str, value: Any = None) -> object:
        appkit, urls = self._appkit, self._foundation.NSURL
        board = appkit.NSPasteboard.generalPasteboard()
        if do == "set":
            board.clearContents()
            if format == "text":
                board.setString_forType_(value, appkit.NSPasteboardTypeString)
            elif format == "files":
                board.writeObjects_([urls.fileURLWithPath_(path) for path in value])
            else:
                data = self._foundation.NSData.dataWithBytes_length_(*_bytes(value))
                board.setData_forType_(data, appkit.NSPasteboardTypePNG)
            return None
        if format == "text":
            text = board.stringForType_(appkit.NSPasteboardTypeString)
            return None if text is None else str(text)
        if format == "files":
            only_files = {appkit.NSPasteboardURLReadingFileURLsOnlyKey: True}
            found = board.readObjectsForClasses_options_([urls], only_files)
            return [str(url.path()) for url in found] if found else None
        data = board.dataForType_(appkit.NSPasteboardTypePNG)
        if data is None:
            tiff = board.dataForType_(appkit.NSPasteboardTypeTIFF)  # what most programs of the Mac put there
            if tiff is None:
                return None
            picture = appkit.NSBitmapImageRep.imageRepWithData_(tiff)
            data = picture.representationUsingType_properties_(appkit.NSBitmapImageFileTypePNG, {})
        return base64.b64encode(bytes(data)).decode()

    def _screens(self) -> list[dict[str, object]]:
        screens = self._appkit.NSScreen.screens()
        first_height = screens[0].frame().size.height

        def rect(area: Any) -> plan.Rect:
            return plan.Rect(area.origin.x, area.origin.y, area.size.width, area.size.height)

        return [
            plan.screen(
                str(one.localizedName()),
                rect(one.frame()),
                rect(one.visibleFrame()),
                first_height,
                float(one.backingScaleFactor()),
                is_primary=number == 0,
            )
            for number, one in enumerate(screens)
        ]

    def _theme(self) -> str:
        best = self._app.effectiveAppearance().bestMatchFromAppearancesWithNames_(list(plan.DARK_APPEARANCES))
        return plan.theme(None if best is None else str(best))

    def _watch_theme(self) -> str:
        self._told_theme = self._theme()
        return self._told_theme

    def _watch_power(self) -> bool:
        self._is_power_told = True
        return True

    def _tray(self, do: str, id: str, icon: str = "", tooltip: str = "", menu: list[Message] | None = None) -> None:
        bar = self._appkit.NSStatusBar.systemStatusBar()
        if do == "remove":
            if id in self._icons:
                bar.removeStatusItem_(self._icons.pop(id)[0])
            return
        if id not in self._icons:
            item, target = bar.statusItemWithLength_(-1.0), self._classes.target.alloc().init()
            target.chosen = lambda sender: self._events.changed("tray", {"id": id, "what": "activate"})
            item.button().setTarget_(target)
            item.button().setAction_("choose:")
            self._icons[id] = item, target
        item, _ = self._icons[id]
        image = self._appkit.NSImage.alloc().initWithContentsOfFile_(icon)
        if image is None:
            raise NotHere(f"the picture {icon} cannot be read")
        side = bar.thickness() * plan.STATUS_PART
        image.setSize_(self._appkit.NSMakeSize(side, side))
        item.button().setImage_(image)
        item.button().setToolTip_(tooltip)
        # With a menu, a click opens it and activates nothing.
        item.setMenu_(None if menu is None else build_menu(self, menu, lambda entry: self._pick(id, entry)))

    def _pick(self, id: str, entry: Message) -> None:
        self._events.changed("tray", {"id": id, "what": "menu", "item": entry["id"]})
        if entry["role"] == "quit":
            self.close_all()


def _bytes(text: str) -> tuple[bytes, int]:
    data = base64.b64decode(text)
    return data, len(data)
