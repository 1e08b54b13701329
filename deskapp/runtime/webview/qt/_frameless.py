"""Edges by which the pointer resizes a frameless window in Qt: they lie over the outermost pixels of the page."""

from __future__ import annotations

from typing import Any

from deskapp.runtime.webview.qt._base import QtModules, QtWindow

EDGE_PX = 5
CORNER_PX = 12  # measured along the edge: corners are easier to hit if they are longer than wide


def edge_at(x: float, y: float, width: int, height: int) -> str:
    """Which edge a place is on, as of the command ``start_resize``; empty if on none."""
    if min(x, y, width - 1 - x, height - 1 - y) >= EDGE_PX:
        return ""
    vertical = "n" if y < CORNER_PX else "s" if y >= height - CORNER_PX else ""
    horizontal = "w" if x < CORNER_PX else "e" if x >= width - CORNER_PX else ""
    return vertical + horizontal


class QtEdges:
    """Watches the pointer in one window.

    Args:
        qt: Qt's modules.
        window: Frameless; it must be known to the window system.
        hands: Starts the resizing.
    """

    def __init__(self, qt: QtModules, window: QtWindow, hands: Any) -> None:
        self._qt, self._window, self._hands = qt, window, hands
        self._shape: Any = None
        kinds, shapes = qt.core.QEvent.Type, qt.core.Qt.CursorShape
        self._press, self._move, self._leave = kinds.MouseButtonPress, kinds.MouseMove, kinds.Leave
        self._shapes = {
            **dict.fromkeys(("n", "s"), shapes.SizeVerCursor),
            **dict.fromkeys(("e", "w"), shapes.SizeHorCursor),
            **dict.fromkeys(("nw", "se"), shapes.SizeFDiagCursor),
            **dict.fromkeys(("ne", "sw"), shapes.SizeBDiagCursor),
        }
        filter_class = type("Edges", (qt.core.QObject,), {"eventFilter": lambda _, __, event: self._take(event)})
        self._filter = filter_class()
        window.view.windowHandle().installEventFilter(self._filter)

    def _take(self, event: Any) -> bool:
        kind = event.type()
        if kind == self._press and event.button() == self._qt.core.Qt.MouseButton.LeftButton:
            edge = self._edge(event)
            if edge:
                self._hands.start_resize(self._window.view, edge)
            return bool(edge)
        if kind == self._move and not event.buttons().value:
            self._point(self._edge(event))
        elif kind == self._leave:
            self._point("")
        return False

    def _edge(self, event: Any) -> str:
        view = self._window.view
        if not self._window.is_resizable or view.isMaximized() or view.isFullScreen():
            return ""
        at = event.position()
        return edge_at(at.x(), at.y(), view.width(), view.height())

    def _point(self, edge: str) -> None:
        """Show what a press would do; over whatever cursor the page has."""
        shape = self._shapes.get(edge)
        if shape == self._shape:
            return
        application = self._qt.application
        if self._shape is not None:
            application.restoreOverrideCursor()
        if shape is not None:
            application.setOverrideCursor(self._qt.gui.QCursor(shape))
        self._shape = shape

    def end(self) -> None:
        """The window is gone, perhaps from under the pointer."""
        self._point("")
