"""The hands in Qt on what is within a window: the page, its zoom, menus, splash, printing and developer tools."""

from __future__ import annotations

import importlib
import logging
import os
import signal
from typing import Any

from deskapp.runtime.webview._host_window import Answer, Message, NotHere
from deskapp.runtime.webview.qt._base import QtWindow
from deskapp.runtime.webview.qt._theme import QtTheme
from deskapp.runtime.webview.qt._window import NO_LIMIT_PX, QtWindowCommands
from deskapp.runtime.window import MAX_ZOOM, MIN_ZOOM

logger = logging.getLogger(__name__)

ZOOM_STEP = 1.1


class QtPageCommands(QtWindowCommands):
    """Commands to the page and to what surrounds it within the frame."""

    _theme: QtTheme

    def background(self) -> str:
        return self._theme.background

    def load_url(self, view: Any, url: str) -> None:
        self._let_files_be_read(view, url)
        view.webview.setUrl(self._qt.core.QUrl(url))

    def _let_files_be_read(self, view: Any, url: str) -> None:
        """Pages from files have their scripts and pictures in files; pywebview forbids them."""
        if url.startswith("file:"):
            attribute = self._qt.engine.QWebEngineSettings.WebAttribute.LocalContentCanAccessFileUrls
            view.webview.page().settings().setAttribute(attribute, True)

    def set_background(self, view: Any, color: str | None) -> None:
        window = self._of(view)
        window.background = color
        window.is_transparent = window.spec.transparent and color is None and self._can_show_through()
        self._paint(window)

    def _can_show_through(self) -> bool:
        """Without a compositor what is transparent would be black, or whatever was there before."""
        return self._states is None or bool(self._states.is_composited())

    def _paint(self, window: QtWindow) -> None:
        view = window.view
        if window.is_transparent:
            color = self._qt.gui.QColor("transparent")
        else:
            color = self._qt.gui.QColor(window.background or self.background())
        palette = view.palette()
        palette.setColor(view.backgroundRole(), color)
        view.setPalette(palette)
        view.webview.page().setBackgroundColor(color)
        if window.splash is not None:
            window.splash.setPalette(palette)
        if window.bar is not None:
            window.bar.setPalette(self._qt.application.palette())  # not in the page's colour

    def _follow_theme(self, window: QtWindow) -> None:
        self._paint(window)
        # A page asks for the theme when its settings are applied, and not by itself (2026-11, Qt 6.11).
        settings = window.view.webview.page().settings()
        attribute = type(settings).WebAttribute.LinksIncludedInFocusChain
        value = settings.testAttribute(attribute)
        settings.setAttribute(attribute, not value)
        settings.setAttribute(attribute, value)

    def set_zoom(self, view: Any, factor: float) -> None:
        self._of(view).zoom = factor
        view.webview.setZoomFactor(factor)

    def step_zoom(self, view: Any, step: int) -> None:
        """One step larger or smaller; 0 is the size that the window opened with."""
        window = self._of(view)
        factor = window.spec.zoom if step == 0 else window.zoom * ZOOM_STEP**step
        self.set_zoom(view, min(MAX_ZOOM, max(MIN_ZOOM, factor)))

    def set_menu(self, view: Any, menu: list[Message] | None) -> None:
        from deskapp.runtime.webview.qt._menus import QtMenu, act

        window = self._of(view)
        if menu is not None and window.menu is not None and window.menu.update(menu):
            return

        def choose(item: Message) -> None:
            if item["role"]:
                act(item["role"], view, self)
            window.events.menu("bar", item["id"])

        width, height = window.page_size()
        is_free = not (view.isMaximized() or view.isFullScreen())
        if is_free:
            view.webview.setFixedSize(width, height)  # otherwise the page has another size in between
        window.menu = None
        if menu is None:
            window.bar = None
        else:
            window.bar = bar = self._qt.widgets.QMenuBar()
            bar.setNativeMenuBar(self._qt.application.platformName() == "cocoa")
            window.menu = QtMenu(self._qt, bar, menu, choose, window=view)
            bar.setPalette(self._qt.application.palette())
            bar.setAutoFillBackground(True)
        view.setMenuBar(window.bar)  # deletes the one before
        if window.bar is not None:
            window.bar.setHidden(view.isFullScreen())  # now, not when Qt comes to it
        if is_free:
            self.resize(view, width, height)
            view.webview.setMinimumSize(0, 0)
            view.webview.setMaximumSize(NO_LIMIT_PX, NO_LIMIT_PX)
        if window.is_resizable:
            self.set_min_size(view, *window.min_size)

    def popup_menu(self, view: Any, menu: list[Message], x: int, y: int, *, answer: Answer) -> None:
        from deskapp.runtime.webview.qt._menus import QtMenu, act

        window = self._of(view)
        popup = self._qt.widgets.QMenu(view)
        chosen: list[Message] = []
        window.popups[id(popup)] = QtMenu(self._qt, popup, menu, chosen.append)

        def closed() -> None:
            forget()
            if window.popups.pop(id(popup), None) is None:
                return
            popup.deleteLater()
            if chosen and chosen[0]["role"]:
                act(chosen[0]["role"], view, self)
            answer(chosen[0]["id"] if chosen else None)

        def gone() -> None:
            popup.close()
            closed()

        # It hides before it says what was chosen.
        popup.aboutToHide.connect(lambda: self.call_later(0, closed))
        forget = window.when_gone(gone)
        factor = view.webview.zoomFactor()
        popup.popup(view.webview.mapToGlobal(self._qt.core.QPoint(round(x * factor), round(y * factor))))

    def _show_context_menu(self, window: QtWindow, at: Any) -> None:
        webview, wish = window.view.webview, window.spec.context_menu
        request = webview.lastContextMenuRequest()
        has_text = request is not None and (request.isContentEditable() or bool(request.selectedText()))
        if wish is False or not (wish or has_text or window.spec.debug):
            return
        menu = webview.createStandardContextMenu()
        window.popups[id(menu)] = menu  # nobody else holds it
        menu.aboutToHide.connect(lambda: self.call_later(0, lambda: window.popups.pop(id(menu), None)))
        if window.spec.debug:
            menu.addSeparator()
            menu.addAction("Inspect").triggered.connect(lambda *_: self._inspect(window))
        menu.popup(webview.mapToGlobal(at))

    def _inspect(self, window: QtWindow) -> None:
        self.open_devtools(window.view)
        page = window.view.webview.page()
        page.triggerAction(type(page).WebAction.InspectElement)

    def open_devtools(self, view: Any) -> None:
        window = self._of(view)
        if not window.spec.debug:
            raise NotHere("the window was opened without debug")
        if window.devtools is None:
            widgets = importlib.import_module("qtpy.QtWebEngineWidgets")
            window.devtools = tools = widgets.QWebEngineView()
            page = self._qt.engine.QWebEnginePage(view.webview.page().profile(), tools)
            tools.setPage(page)
            tools.setWindowTitle(f"Developer tools: {view.windowTitle()}")
            tools.resize(900, 600)
            page.setInspectedPage(view.webview.page())
        window.devtools.show()
        window.devtools.raise_()
        window.devtools.activateWindow()

    def end_page(self, view: Any) -> None:
        pid = view.webview.page().renderProcessPid()
        if pid:
            os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

    def print_page(self, view: Any, path: str | None, *, answer: Answer) -> None:
        window = self._of(view)
        if path is None:
            from deskapp.runtime.webview.qt._print import ask_and_print

            ask_and_print(self._qt, window, answer)
            return
        forget = window.when_gone(lambda: answer(error="the window was closed"))

        def write(data: Any) -> None:
            forget()
            try:
                if not data:
                    raise OSError("the engine made no PDF of the page")
                with open(path, "wb") as file:
                    file.write(bytes(data))
            except OSError as error:
                answer(error=f"{path} could not be written: {error}")
            else:
                answer()

        view.webview.page().printToPdf(write)

    def hide_splash(self, view: Any) -> None:
        window = self._of(view)
        if window.splash is not None:
            window.splash.hide()
            window.splash.deleteLater()
            window.splash = None

    def _show_splash(self, window: QtWindow) -> None:
        """Lay the picture over the page; the page loads beneath."""
        picture = self._qt.gui.QPixmap(str(window.spec.splash))
        if picture.isNull():
            logger.warning("the splash picture %s cannot be read", window.spec.splash)
            return
        window.splash = label = self._qt.widgets.QLabel(window.view)
        window.splash_picture = picture
        label.setAutoFillBackground(True)
        label.setAlignment(self._qt.core.Qt.AlignmentFlag.AlignCenter)
        label.setPalette(window.view.palette())
        self._place_splash(window)

    def _place_splash(self, window: QtWindow) -> None:
        label, picture = window.splash, window.splash_picture
        label.setGeometry(window.view.webview.geometry())
        if picture.width() > label.width() or picture.height() > label.height():
            ways = self._qt.core.Qt
            picture = picture.scaled(
                label.size(), ways.AspectRatioMode.KeepAspectRatio, ways.TransformationMode.SmoothTransformation
            )
        label.setPixmap(picture)
        label.raise_()

    def _answer_permission(self, page: Any, origin: Any, feature: Any) -> None:
        """Camera and microphone are granted, as by pywebview; the rest is not."""
        features, policies = type(page).Feature, type(page).PermissionPolicy
        granted = (features.MediaAudioCapture, features.MediaVideoCapture, features.MediaAudioVideoCapture)
        is_granted = feature in granted
        policy = policies.PermissionGrantedByUser if is_granted else policies.PermissionDeniedByUser
        page.setFeaturePermission(origin, feature, policy)

    def _page_wants_fullscreen(self, window: QtWindow, request: Any) -> None:
        """An element of the page wants the whole screen, or gives it back."""
        request.accept()
        view = window.view
        if request.toggleOn():
            window.state_before_page = view.windowState()
            self.fullscreen(view, True)
            window.escape = escape = self._qt.gui.QShortcut(self._qt.gui.QKeySequence("Esc"), view)
            escape.activated.connect(lambda: self._leave_page_fullscreen(window))
        elif window.state_before_page is not None:
            before, window.state_before_page = window.state_before_page, None
            window.escape.deleteLater()
            if view.isFullScreen():
                view.setWindowState(before)

    def _leave_page_fullscreen(self, window: QtWindow) -> None:
        page = window.view.webview.page()
        page.triggerAction(type(page).WebAction.ExitFullScreen)
