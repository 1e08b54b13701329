"""What the host has a WinForms window do: one method a command, straight lines around `_plan`.

Not run on the machine that deskapp is made on, see docs/reference/not-run.md.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from deskapp.runtime.webview._host_window import Answer, Message, NotHere
from deskapp.runtime.webview.winforms import _plan as plan
from deskapp.runtime.webview.winforms import _user32 as user32
from deskapp.runtime.webview.winforms._keys import find_accelerator
from deskapp.runtime.webview.winforms._menu import build_strip, show_popup
from deskapp.runtime.webview.winforms._services import WinFormsServices

if TYPE_CHECKING:
    from deskapp.runtime.webview.winforms.toolkit import FormState


class WinFormsCommands(WinFormsServices):
    """The commands of `WinFormsToolkit`."""

    _states: dict[str, FormState]

    def __init__(self) -> None:
        super().__init__()
        self._taskbar: Any = None

    def background(self) -> str:
        return plan.BACKGROUNDS[self._theme()]

    @staticmethod
    def _handle(view: Any) -> int:
        return int(view.Handle.ToInt64())

    def _dpi(self, view: Any) -> int:
        if sys.platform == "win32":
            return user32.dpi(self._handle(view))
        return plan.PLAIN_DPI

    def _size(self, view: Any, width: int, height: int) -> Any:
        dpi = self._dpi(view)
        return self._drawing.Size(plan.to_device(width, dpi), plan.to_device(height, dpi))

    def set_title(self, view: Any, title: str) -> None:
        view.Text = title

    def load_url(self, view: Any, url: str) -> None:
        state, core = self._states[view.uid], view.webview.CoreWebView2
        state.url = url
        if core is not None:  # else it is loaded when the page begins
            state.is_loading_own = True
            core.Navigate(url)

    def resize(self, view: Any, width: int, height: int) -> None:
        size = self._size(view, width, height)
        strip = self._states[view.uid].strip
        view.ClientSize = self._drawing.Size(size.Width, size.Height + (strip.Height if strip is not None else 0))

    def set_min_size(self, view: Any, width: int, height: int) -> None:
        size = self._size(view, width, height)
        frame, inner = view.Size, view.ClientSize
        view.MinimumSize = self._drawing.Size(
            size.Width + frame.Width - inner.Width, size.Height + frame.Height - inner.Height
        )

    def move(self, view: Any, x: int, y: int) -> None:
        dpi = self._dpi(view)
        view.StartPosition = self._forms.FormStartPosition.Manual
        view.Location = self._drawing.Point(plan.to_device(x, dpi), plan.to_device(y, dpi))

    def center(self, view: Any) -> None:
        area = self._forms.Screen.FromControl(view).WorkingArea
        box = plan.Box(area.X, area.Y, area.Width, area.Height)
        view.Location = self._drawing.Point(*plan.centered((view.Width, view.Height), box))

    def maximize(self, view: Any) -> None:
        view.WindowState = self._forms.FormWindowState.Maximized

    def minimize(self, view: Any) -> None:
        view.WindowState = self._forms.FormWindowState.Minimized

    def restore(self, view: Any) -> None:
        self.fullscreen(view, False)
        view.WindowState = self._forms.FormWindowState.Normal

    def fullscreen(self, view: Any, on: bool) -> None:
        state = self._states[view.uid]
        if on and state.before_fullscreen is None:
            bounds = view.RestoreBounds if view.WindowState != self._forms.FormWindowState.Normal else view.Bounds
            state.before_fullscreen = (view.FormBorderStyle, view.WindowState, bounds)
            view.WindowState = self._forms.FormWindowState.Normal
            view.FormBorderStyle = getattr(self._forms.FormBorderStyle, "None")
            view.Bounds = self._forms.Screen.FromControl(view).Bounds
        elif not on and state.before_fullscreen is not None:
            border, window_state, bounds = state.before_fullscreen
            state.before_fullscreen = None
            view.FormBorderStyle = border
            view.Bounds = bounds
            view.WindowState = window_state

    def show(self, view: Any) -> None:
        view.Show()
        self.focus(view)

    def hide(self, view: Any) -> None:
        view.Hide()

    def focus(self, view: Any) -> None:
        if view.WindowState == self._forms.FormWindowState.Minimized:
            view.WindowState = self._forms.FormWindowState.Normal
        view.Activate()
        view.webview.Focus()

    def set_on_top(self, view: Any, on: bool) -> None:
        view.TopMost = on

    def set_resizable(self, view: Any, on: bool) -> None:
        styles = self._forms.FormBorderStyle
        view.MaximizeBox = on
        if view.FormBorderStyle != getattr(styles, "None"):
            view.FormBorderStyle = styles.Sizable if on else styles.FixedSingle

    def set_background(self, view: Any, color: str | None) -> None:
        made = self._drawing.Color.FromArgb(*plan.rgb(color or self.background()))
        view.BackColor = made
        view.webview.DefaultBackgroundColor = made

    def set_zoom(self, view: Any, factor: float) -> None:
        view.webview.ZoomFactor = factor

    def set_icon(self, view: Any, path: str) -> None:
        view.Icon = self._read_icon(path)

    def set_progress(self, view: Any, fraction: float | None) -> None:
        self._get_taskbar().set_progress(self._handle(view), *plan.progress(fraction))

    def _remove_from_taskbar(self, view: Any) -> None:
        self._get_taskbar().remove(self._handle(view))

    def _get_taskbar(self) -> Any:
        if self._taskbar is None and sys.platform == "win32":
            try:
                self._taskbar = user32.Taskbar()
            except OSError as error:
                raise NotHere(f"Windows shows no task bar: {error}") from None
        return self._taskbar

    def request_attention(self, view: Any, on: bool) -> None:
        if sys.platform == "win32":
            user32.flash(self._handle(view), on)

    def set_menu(self, view: Any, menu: list[Message] | None) -> None:
        state = self._states[view.uid]
        size = view.webview.Size
        if state.strip is not None:
            view.Controls.Remove(state.strip)
            state.strip.Dispose()
        state.menu, state.strip = menu, None
        if menu is not None:
            state.strip = build_strip(self._forms, menu, lambda entry: self._choose(view, entry))
            view.Controls.Add(state.strip)
            view.MainMenuStrip = state.strip
        view.webview.BringToFront()  # what is docked last takes what the others leave
        if view.WindowState == self._forms.FormWindowState.Normal and state.before_fullscreen is None:
            height = size.Height + (state.strip.Height if state.strip is not None else 0)
            view.ClientSize = self._drawing.Size(size.Width, height)

    def _on_key(self, view: Any, args: Any) -> None:
        """A key in the page, which WinForms' menus do not hear of."""
        state = self._states[view.uid]
        modifiers = int(self._forms.Control.ModifierKeys)
        entry = find_accelerator(state.menu or [], int(args.KeyCode), modifiers)
        if entry is not None:
            args.Handled = True
            self.call_soon(lambda: self._choose(view, entry))

    def _choose(self, view: Any, entry: Message) -> None:
        state = self._states.get(view.uid)
        if state is not None:
            state.events.menu("bar", entry["id"])
            self._act(view, entry["role"])

    def _act(self, view: Any, role: str) -> None:
        """Do what a menu item's role says."""
        if role in plan.EDITING:
            view.webview.CoreWebView2.CallDevToolsProtocolMethodAsync(
                "Input.dispatchKeyEvent", plan.editing_event(role)
            )
        elif role in ("zoom_in", "zoom_out", "zoom_reset"):
            view.webview.ZoomFactor = plan.zoomed(view.webview.ZoomFactor, role)
        elif role == "minimize":
            self.minimize(view)
        elif role == "close":
            self.call_soon(view.Close)
        elif role == "fullscreen":
            self.fullscreen(view, self._states[view.uid].before_fullscreen is None)
        elif role == "quit":
            self.close_all()

    def popup_menu(self, view: Any, menu: list[Message], x: int, y: int, *, answer: Answer) -> None:
        def done(entry: Message | None) -> None:
            answer(None if entry is None else entry["id"])
            if entry is not None and view.uid in self._states:
                self._act(view, entry["role"])

        place = self._drawing.Point(*plan.page_point(x, y, view.webview.ZoomFactor, self._dpi(view)))
        show_popup(self._forms, view.webview, menu, place, lambda entry: self.call_soon(lambda: done(entry)))

    def start_drag(self, view: Any) -> None:
        if sys.platform == "win32":
            user32.push_frame(self._handle(view), plan.HIT_CAPTION)

    def start_resize(self, view: Any, edge: str) -> None:
        if sys.platform == "win32":
            user32.push_frame(self._handle(view), plan.HIT_EDGES[edge])

    def _show_splash(self, view: Any, path: str) -> None:
        box = self._forms.PictureBox()
        box.Image = self._drawing.Image.FromFile(path)
        box.SizeMode = self._forms.PictureBoxSizeMode.CenterImage
        box.Dock = self._forms.DockStyle.Fill
        box.BackColor = view.BackColor
        view.Controls.Add(box)
        box.BringToFront()
        self._states[view.uid].splash = box

    def hide_splash(self, view: Any) -> None:
        state = self._states[view.uid]
        box, state.splash = state.splash, None
        if box is not None:
            view.Controls.Remove(box)
            box.Dispose()
            view.webview.BringToFront()

    def print_page(self, view: Any, path: str | None, *, answer: Answer) -> None:
        core = self._core(view)
        if path is None:
            core.ShowPrintUI(self._page_names().CoreWebView2PrintDialogKind.System)
            answer()  # nobody tells what became of it
            return
        task = core.PrintToPdfAsync(os.path.abspath(path), None)

        def done(finished: Any) -> None:
            if finished.IsFaulted or not finished.Result:
                answer(error=str(finished.Exception or f"{path} could not be written"))
            else:
                answer()

        system = self._system
        tasks = system.Threading.Tasks
        task.ContinueWith(system.Action[tasks.Task[system.Boolean]](done), view.browser.syncContextTaskScheduler)

    def open_devtools(self, view: Any) -> None:
        if not self._states[view.uid].spec.debug:
            raise NotHere("the window was opened without debug=True")
        self._core(view).OpenDevToolsWindow()

    def end_page(self, view: Any) -> None:
        self._core(view).CallDevToolsProtocolMethodAsync("Page.crash", "{}")

    def _core(self, view: Any) -> Any:
        core = view.webview.CoreWebView2
        if core is None:
            raise NotHere("the page has not begun yet")
        return core
