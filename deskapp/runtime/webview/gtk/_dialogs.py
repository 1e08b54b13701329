"""Dialogs of GTK for files and messages; each ends with its window, and none runs a loop of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from deskapp.runtime.webview._host_window import Answer, Message


class GtkDialogs:
    """The dialogs on screen.

    Args:
        gtk: The module.
        glib: The module.
    """

    def __init__(self, gtk: Any, glib: Any) -> None:
        self._gtk, self._glib = gtk, glib
        self._open: dict[Any, tuple[Any, Callable[[], None]]] = {}  # dialog → the view above which it is, how to end it

    def cancel(self, view: Any) -> None:
        """End what belongs to a window, as if the user had cancelled it."""
        for dialog, (owner, end) in list(self._open.items()):
            if owner is view and dialog in self._open:
                end()

    def cancel_all(self) -> None:
        """End every dialog, as if the user had cancelled it."""
        for dialog, (_, end) in list(self._open.items()):
            if dialog in self._open:
                end()

    def file_dialog(self, view: Any | None, args: Message, answer: Answer) -> None:
        """Ask for files or a folder; see `base.SERVICE_ARGUMENTS`."""
        gtk = self._gtk
        actions = gtk.FileChooserAction
        action = {"open": actions.OPEN, "save": actions.SAVE, "folder": actions.SELECT_FOLDER}[args["kind"]]
        dialog = self._chooser(view, action, args.get("title") or None)
        if args.get("folder"):
            dialog.set_current_folder(os.path.abspath(args["folder"]))
        if args["kind"] == "save":
            dialog.set_current_name(args.get("name") or "")
        else:
            dialog.set_select_multiple(bool(args.get("multiple")))
        for label, patterns in args.get("filters") or ():
            group = gtk.FileFilter()
            group.set_name(label)
            for pattern in patterns:
                group.add_pattern(_whatever_case(pattern))
            dialog.add_filter(group)

        def done(is_accepted: bool) -> None:
            answer(list(dialog.get_filenames()) if is_accepted else [])

        self._show(dialog, view, lambda response: done(response == gtk.ResponseType.ACCEPT))

    def take_download(self, download: Any) -> None:
        """Ask where a download is to go."""
        download.connect("decide-destination", self._on_decide_destination)

    def _on_decide_destination(self, download: Any, name: str) -> bool:
        gtk = self._gtk
        page = download.get_web_view()
        window = page.get_toplevel() if page is not None else None
        dialog = self._chooser(None, gtk.FileChooserAction.SAVE, None)
        dialog.set_transient_for(window)
        dialog.set_current_name(os.path.basename(name) or "download")
        folder = self._glib.get_user_special_dir(self._glib.UserDirectory.DIRECTORY_DOWNLOAD)
        if folder:
            dialog.set_current_folder(folder)

        def done(response: Any) -> None:
            if response == gtk.ResponseType.ACCEPT:
                download.set_allow_overwrite(True)
                download.set_destination(dialog.get_uri())
            else:
                download.cancel()

        self._show(dialog, None, done)
        if window is not None:
            window.connect("destroy", lambda _: self._end(dialog))
        return True

    def message(self, view: Any | None, args: Message, answer: Answer) -> None:
        """Say or ask something; see `base.SERVICE_ARGUMENTS`."""
        gtk = self._gtk
        kinds = {"info": "INFO", "warning": "WARNING", "error": "ERROR", "question": "QUESTION"}
        dialog = gtk.MessageDialog(
            transient_for=None if view is None else view.window,
            modal=view is not None,
            message_type=getattr(gtk.MessageType, kinds[args.get("kind") or "info"]),
            text=args.get("text") or "",
            title=args.get("title") or "",
        )
        if view is not None:
            view.window.get_group().add_window(dialog)
        if args.get("detail"):
            dialog.format_secondary_text(args["detail"])
        buttons = args.get("buttons") or ["OK"]
        for number, text in enumerate(buttons):
            dialog.add_button(text.replace("_", "__"), number)
        cancel = args.get("cancel")
        cancel = len(buttons) - 1 if cancel is None else cancel
        dialog.set_default_response(args.get("default") or 0)
        self._show(dialog, view, lambda response: answer(int(response) if response >= 0 else cancel))

    def _chooser(self, view: Any | None, action: Any, title: str | None) -> Any:
        parent = None if view is None else view.window
        dialog = self._gtk.FileChooserNative.new(title, parent, action, None, None)
        dialog.set_modal(parent is not None)
        dialog.set_do_overwrite_confirmation(True)
        return dialog

    def _show(self, dialog: Any, view: Any | None, done: Callable[[Any], None]) -> None:
        def finish(response: Any) -> None:
            if self._open.pop(dialog, None) is not None:
                done(response)
                dialog.destroy()

        # Held here, by nobody else.
        self._open[dialog] = (view, lambda: finish(self._gtk.ResponseType.DELETE_EVENT))
        dialog.connect("response", lambda _, response: finish(response))
        dialog.show()

    def _end(self, dialog: Any) -> None:
        if dialog in self._open:
            self._open[dialog][1]()


def _whatever_case(pattern: str) -> str:
    """A pattern for file names that takes upper and lower case, as people do."""
    return "".join(f"[{letter.lower()}{letter.upper()}]" if letter.isalpha() else letter for letter in pattern)
