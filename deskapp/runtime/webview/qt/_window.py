"""The hands in Qt on a window's frame: its size, place, states, icon, and what drags it."""

from __future__ import annotations

import logging
from typing import Any

from deskapp.runtime.webview._host_window import NotHere
from deskapp.runtime.webview.qt._base import QtHands, QtModules, QtWindow
from deskapp.runtime.window import WindowMode

logger = logging.getLogger(__name__)

NO_LIMIT_PX = 16_777_215  # QWIDGETSIZE_MAX
ON_TOP, SKIP_TASKBAR = ("ABOVE",), ("SKIP_TASKBAR", "SKIP_PAGER")
ATTENTION = ("DEMANDS_ATTENTION",)


class QtWindowCommands(QtHands):
    """Commands to the window as the window system knows it."""

    def __init__(self, qt: QtModules) -> None:
        super().__init__(qt)
        self._x11: Any = None

    def set_title(self, view: Any, title: str) -> None:
        view.setWindowTitle(title)

    def resize(self, view: Any, width: int, height: int) -> None:
        window = self._of(view)
        size = self._qt.core.QSize(width, height + window.bar_height)
        if not window.is_resizable:
            window.fixed_size = size
            self._limit(window)
        view.resize(size)

    def set_min_size(self, view: Any, width: int, height: int) -> None:
        window = self._of(view)
        window.min_size = (width, height)
        self._limit(window)

    def set_resizable(self, view: Any, on: bool) -> None:
        window = self._of(view)
        window.is_resizable = on
        window.fixed_size = view.size()
        self._limit(window)

    def _limit(self, window: QtWindow) -> None:
        """Tell Qt between which sizes the user may choose."""
        if not window.is_resizable and not window.view.isFullScreen():
            window.view.setFixedSize(window.fixed_size)
        else:
            self._unlimit(window)

    def _unlimit(self, window: QtWindow) -> None:
        window.view.setMaximumSize(NO_LIMIT_PX, NO_LIMIT_PX)
        window.view.setMinimumSize(window.min_size[0], window.min_size[1] + window.bar_height)

    def move(self, view: Any, x: int, y: int) -> None:
        view.move(x, y)

    def center(self, view: Any) -> None:
        frame = view.frameGeometry()
        frame.moveCenter(view.windowHandle().screen().availableGeometry().center())
        view.move(frame.topLeft())

    def maximize(self, view: Any) -> None:
        view.setWindowState(self._qt.core.Qt.WindowState.WindowMaximized)

    def minimize(self, view: Any) -> None:
        view.setWindowState(view.windowState() | self._qt.core.Qt.WindowState.WindowMinimized)

    def restore(self, view: Any) -> None:
        view.setWindowState(self._qt.core.Qt.WindowState.WindowNoState)
        self.focus(view)

    def fullscreen(self, view: Any, on: bool) -> None:
        states = self._qt.core.Qt.WindowState
        state = view.windowState()
        if on:
            self._unlimit(self._of(view))  # a window of fixed size would stay as it is
        view.setWindowState(state | states.WindowFullScreen if on else state & ~states.WindowFullScreen)

    def toggle_fullscreen(self, view: Any) -> None:
        """What the user may do from a menu."""
        if self._of(view).spec.mode is not WindowMode.KIOSK:
            self.fullscreen(view, not view.isFullScreen())

    def show(self, view: Any) -> None:
        view.show()
        self.focus(view)

    def hide(self, view: Any) -> None:
        view.hide()

    def focus(self, view: Any) -> None:
        if view.isMinimized():
            view.setWindowState(view.windowState() & ~self._qt.core.Qt.WindowState.WindowMinimized)
        view.raise_()
        view.activateWindow()

    def set_on_top(self, view: Any, on: bool) -> None:
        if self._is_wayland:
            raise NotHere("Wayland has no way for a window to stay above others")
        kinds = self._qt.core.Qt.WindowType
        if self._states is None:
            is_visible = view.isVisible()
            view.setWindowFlag(kinds.WindowStaysOnTopHint, on)  # hides it
            view.setVisible(is_visible)
            return
        # `setWindowFlag` would take the window from the screen and bring it back.
        flags = view.windowFlags()
        flags = flags | kinds.WindowStaysOnTopHint if on else flags & ~kinds.WindowStaysOnTopHint
        view.overrideWindowFlags(flags)
        view.windowHandle().setFlag(kinds.WindowStaysOnTopHint, on)  # for the next time that it comes up
        if view.isVisible():
            self._ask(view, ON_TOP, on)

    def set_icon(self, view: Any, path: str) -> None:
        icon = self._icon(path)
        if icon is None:
            raise ValueError(f"the icon {path} cannot be read")
        view.setWindowIcon(icon)

    def _icon(self, path: str) -> Any:
        icon = self._qt.gui.QIcon(path)
        return None if icon.isNull() or not icon.availableSizes() else icon

    def request_attention(self, view: Any, on: bool) -> None:
        if self._states is None:
            if on:
                self._qt.application.alert(view, 0)
            return
        # Not by `alert`, which cannot be taken back, and then does nothing a second time.
        if not (on and view.isActiveWindow()):
            self._ask(view, ATTENTION, on)

    def start_drag(self, view: Any) -> None:
        if self._has_pointer and not view.windowHandle().startSystemMove():
            raise NotHere("this window system does not let pages move their window")

    def start_resize(self, view: Any, edge: str) -> None:
        edges = self._qt.core.Qt.Edge
        names = {"n": edges.TopEdge, "e": edges.RightEdge, "s": edges.BottomEdge, "w": edges.LeftEdge}
        wished = names[edge[0]]
        for letter in edge[1:]:
            wished |= names[letter]
        if self._has_pointer and not view.windowHandle().startSystemResize(wished):
            raise NotHere("this window system does not let pages resize their window")

    @property
    def _has_pointer(self) -> bool:
        """Whether the button is still down; otherwise the window would stick to the pointer until the next press."""
        return bool(self._qt.application.mouseButtons() & self._qt.core.Qt.MouseButton.LeftButton)

    @property
    def _is_wayland(self) -> bool:
        return bool(self._qt.application.platformName().startswith("wayland"))

    @property
    def _states(self) -> Any:
        """What changes the states that Qt has no words for; None where there are no such states."""
        if self._x11 is None and self._qt.is_x11:
            from deskapp.runtime.webview.qt._x11 import X11States

            self._x11 = X11States()
        return self._x11

    def _ask(self, view: Any, states: tuple[str, ...], on: bool) -> None:
        self._qt.application.sync()  # the window manager shall hear of the window before it hears of its states
        self._states.change(int(view.winId()), states, on)

    def _own(self, window: QtWindow, parent: Any) -> None:
        """Have `parent` own the window; before it comes up."""
        view = window.view
        if parent is not None:
            view.winId()  # makes it known to the window system
            parent.winId()
            view.windowHandle().setTransientParent(parent.windowHandle())
            window.owner = parent
        if window.spec.modal:
            view.setWindowModality(self._qt.core.Qt.WindowModality.WindowModal)

    def _prepare_to_show(self, window: QtWindow) -> None:
        """Tell the window manager what Qt does not; just before it sees the window, whose id may change until then."""
        if window.owner is not None and self._states is not None:
            self.call_later(0, lambda: self._tell_owner(window))  # in showing it Qt takes that away
        if not window.spec.skip_taskbar:
            return
        if self._states is None:
            logger.warning("this window system has no way to keep a window out of the task bar")
            return
        number = int(window.view.winId())
        self._qt.application.sync()
        self._states.prepare(number, SKIP_TASKBAR)

    def _tell_owner(self, window: QtWindow) -> None:
        """Qt does so for dialogs only."""
        if window.owner is not None and window.view.uid in self._windows:
            self._qt.application.sync()
            self._states.own(int(window.view.winId()), int(window.owner.winId()))
