"""Services of the Windows desktop: dialogs, boxes, clipboard, screens, theme, tray, power.

Not run on the machine that deskapp is made on, see docs/reference/not-run.md.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

from deskapp.runtime.webview._find_webview2 import USER, WindowsRegistry
from deskapp.runtime.webview._host_window import Answer, HostEvents, Message, NotHere
from deskapp.runtime.webview.winforms import _plan as plan
from deskapp.runtime.webview.winforms import _user32 as user32
from deskapp.runtime.webview.winforms._menu import build_popup


class WinFormsServices:
    """The services of `WinFormsToolkit`."""

    _backend: Any
    _events: HostEvents
    _poster: Any

    def __init__(self) -> None:
        self._forms: Any = None
        self._system: Any = None
        self._drawing: Any = None
        self._told_theme = ""
        self._is_power_told = False
        self._icons: dict[str, Any] = {}  # of the tray

    call_soon: Callable[[Callable[[], None]], None]
    close_all: Callable[[], None]

    def serve(self, service: str, view: Any | None, args: Message, answer: Answer) -> None:
        services: dict[str, Callable[..., object]] = {
            "file_dialog": self._file_dialog,
            "message": self._message,
            "clipboard": self._clipboard,
            "screens": self._screens,
            "theme": self._watch_theme,
            "tray": self._tray,
            "power": self._watch_power,
        }
        if service not in services:
            raise NotHere(f"there is no service {service!r}")
        needs_window = {"owner": view} if service in ("file_dialog", "message") else {}
        answer(services[service](**args, **needs_window))

    def _prepare_services(self) -> None:
        """On the GUI thread: SystemEvents tells whoever subscribed, on the thread that subscribed."""
        system = self._backend.SystemEvents
        system.UserPreferenceChanged += lambda sender, args: self._tell_theme()
        system.DisplaySettingsChanged += lambda sender, args: self._events.changed("screens", None)
        system.PowerModeChanged += lambda sender, args: self._tell_power(str(args.Mode))

    def _end_services(self) -> None:
        for icon in self._icons.values():
            icon.Visible = False
            icon.Dispose()

    def _page_names(self) -> Any:
        return importlib.import_module("Microsoft.Web.WebView2.Core")

    def _file_dialog(
        self, kind: str, title: str, folder: str, name: str, filters: list[Any], multiple: bool, owner: Any
    ) -> list[str]:
        forms, parent = self._forms, owner or self._poster
        if kind == "folder":
            chosen = self._backend.OpenFolderDialog.show(parent, folder or None, multiple, title or None)
            return [str(path) for path in chosen or ()]
        dialog = forms.SaveFileDialog() if kind == "save" else forms.OpenFileDialog()
        dialog.Title = title
        dialog.InitialDirectory = folder
        dialog.FileName = name
        dialog.Filter = plan.file_filter(filters)
        dialog.RestoreDirectory = True
        if kind == "save":
            dialog.OverwritePrompt = True
            dialog.DefaultExt = plan.default_extension(filters)
        else:
            dialog.Multiselect = multiple
        if dialog.ShowDialog(parent) != forms.DialogResult.OK:
            return []
        return [str(path) for path in dialog.FileNames]

    def _message(
        self, text: str, detail: str, title: str, kind: str, buttons: list[str], default: int, cancel: int, owner: Any
    ) -> int:
        if sys.platform == "win32":
            handle = int(owner.Handle.ToInt64()) if owner is not None else None
            try:
                result = user32.task_dialog(handle, (title, text, detail), kind, buttons, default)
            except (OSError, AttributeError) as error:  # without the manifest for the new common controls
                raise NotHere(f"Windows shows no such box: {error}") from None
            return plan.chosen_button(result, count=len(buttons), cancel=cancel)
        raise NotHere("boxes of Windows are on Windows only")

    def _clipboard(self, do: str, format: str, value: Any = None) -> object:
        clipboard = self._forms.Clipboard
        if do == "set":
            clipboard.SetDataObject(self._to_clipboard(format, value), True)  # stays when we end
            return None
        if format == "text":
            return str(clipboard.GetText()) if clipboard.ContainsText() else None
        if format == "files":
            return [str(path) for path in clipboard.GetFileDropList()] if clipboard.ContainsFileDropList() else None
        stream = clipboard.GetData("PNG") if clipboard.ContainsData("PNG") else None
        if stream is None:  # what most programs put there, without transparency
            image = clipboard.GetImage()
            if image is None:
                return None
            stream = self._system.IO.MemoryStream()
            image.Save(stream, self._drawing.Imaging.ImageFormat.Png)
        return str(self._system.Convert.ToBase64String(stream.ToArray()))

    def _to_clipboard(self, format: str, value: Any) -> Any:
        data = self._forms.DataObject()
        if format == "text":
            data.SetText(value)
        elif format == "files":
            paths = importlib.import_module("System.Collections.Specialized").StringCollection()
            for path in value:
                paths.Add(path)
            data.SetFileDropList(paths)
        else:
            stream = self._system.IO.MemoryStream(self._system.Convert.FromBase64String(value))
            data.SetImage(self._drawing.Image.FromStream(stream))
            data.SetData("PNG", False, stream)  # with transparency, for programs that know this name
        return data

    def _screens(self) -> list[dict[str, object]]:
        dpi = plan.PLAIN_DPI
        if sys.platform == "win32":
            dpi = user32.dpi(int(self._poster.Handle.ToInt64()))

        def box(area: Any) -> plan.Box:
            return plan.Box(area.X, area.Y, area.Width, area.Height)

        return [
            plan.screen(str(one.DeviceName), box(one.Bounds), box(one.WorkingArea), dpi, is_primary=bool(one.Primary))
            for one in self._forms.Screen.AllScreens
        ]

    def _theme(self) -> str:
        return plan.theme(WindowsRegistry().read(USER, plan.THEME_KEY, plan.THEME_VALUE))

    def _watch_theme(self) -> str:
        self._told_theme = self._theme()
        return self._told_theme

    def _tell_theme(self) -> None:
        theme = self._theme()
        if self._told_theme and theme != self._told_theme:
            self._told_theme = theme
            self._events.changed("theme", theme)

    def _watch_power(self) -> bool:
        self._is_power_told = True
        return True

    def _tell_power(self, mode: str) -> None:
        if self._is_power_told and mode in plan.POWER_MODES:
            self._events.changed("power", plan.POWER_MODES[mode])

    def _read_icon(self, path: str) -> Any:
        if plan.is_icon_file(path):
            return self._drawing.Icon(path)
        return self._drawing.Icon.FromHandle(self._drawing.Bitmap(path).GetHicon())

    def _tray(self, do: str, id: str, icon: str = "", tooltip: str = "", menu: list[Message] | None = None) -> None:
        shown = self._icons.get(id)
        if do == "remove":
            if shown is not None:
                del self._icons[id]
                shown.Visible = False
                shown.Dispose()
            return
        if shown is None:
            shown = self._icons[id] = self._forms.NotifyIcon()
            buttons = self._forms.MouseButtons

            def clicked(sender: Any, args: Any) -> None:
                if args.Button == buttons.Left:
                    self._events.changed("tray", {"id": id, "what": "activate"})

            shown.MouseClick += clicked
        shown.Icon = self._read_icon(icon)
        shown.Text = tooltip[: plan.TOOLTIP_LENGTH]
        shown.ContextMenuStrip = (
            None if menu is None else build_popup(self._forms, menu, lambda entry: self._pick(id, entry))
        )
        shown.Visible = True

    def _pick(self, id: str, entry: Message) -> None:
        self._events.changed("tray", {"id": id, "what": "menu", "item": entry["id"]})
        if entry["role"] == "quit":
            self.close_all()
