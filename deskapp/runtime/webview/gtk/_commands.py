"""What windows of GTK do when they are told to: the commands, by the names of `capabilities.COMMANDS`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from deskapp.runtime.webview._host_window import Answer, Message

if TYPE_CHECKING:
    from deskapp.runtime.webview.gtk._taskbar import GtkTaskBar


class GtkCommands(ABC):
    """The commands of a toolkit, on a `view` that has `frame` and `page`."""

    @property
    @abstractmethod
    def task_bar(self) -> GtkTaskBar:
        """Where progress is shown."""

    @abstractmethod
    def background(self) -> str:
        """The colour of the desktop's theme behind a page."""

    def set_title(self, view: Any, title: str) -> None:
        view.window.set_title(title)

    def load_url(self, view: Any, url: str) -> None:
        view.page.load(url)

    def resize(self, view: Any, width: int, height: int) -> None:
        view.frame.resize(width, height)

    def set_min_size(self, view: Any, width: int, height: int) -> None:
        view.frame.set_min_size(width, height)

    def move(self, view: Any, x: int, y: int) -> None:
        view.window.move(x, y)

    def center(self, view: Any) -> None:
        view.frame.center()

    def maximize(self, view: Any) -> None:
        view.window.maximize()

    def minimize(self, view: Any) -> None:
        view.window.iconify()

    def restore(self, view: Any) -> None:
        # pywebview only de-iconifies.
        view.window.unfullscreen()
        view.window.unmaximize()
        view.window.deiconify()
        view.window.present()

    def fullscreen(self, view: Any, on: bool) -> None:
        if on:
            view.window.fullscreen()
        else:
            view.window.unfullscreen()

    def show(self, view: Any) -> None:
        view.window.set_no_show_all(False)
        view.window.show_all()
        view.window.present()

    def hide(self, view: Any) -> None:
        view.window.hide()

    def focus(self, view: Any) -> None:
        view.window.present()

    def set_on_top(self, view: Any, on: bool) -> None:
        view.window.set_keep_above(on)

    def set_resizable(self, view: Any, on: bool) -> None:
        view.frame.set_resizable(on)

    def set_background(self, view: Any, color: str | None) -> None:
        view.frame.set_background(color, self.background())

    def set_zoom(self, view: Any, factor: float) -> None:
        view.webview.set_zoom_level(factor)

    def set_icon(self, view: Any, path: str) -> None:
        view.window.set_icon_from_file(path)

    def set_progress(self, view: Any, fraction: float | None) -> None:
        self.task_bar.set_progress(view.window, fraction)

    def request_attention(self, view: Any, on: bool) -> None:
        view.window.set_urgency_hint(on)

    def set_menu(self, view: Any, menu: list[Message] | None) -> None:
        view.frame.set_menu(menu)

    def popup_menu(self, view: Any, menu: list[Message], x: int, y: int, *, answer: Answer) -> None:
        view.page.popup_menu(menu, x, y, answer)

    def start_drag(self, view: Any) -> None:
        view.page.pointer.start_drag()

    def start_resize(self, view: Any, edge: str) -> None:
        view.page.pointer.start_resize(edge)

    def hide_splash(self, view: Any) -> None:
        view.frame.hide_splash()

    def print_page(self, view: Any, path: str | None, *, answer: Answer) -> None:
        view.page.print(path, answer)

    def open_devtools(self, view: Any) -> None:
        view.page.open_devtools()

    def end_page(self, view: Any) -> None:
        view.webview.terminate_web_process()
