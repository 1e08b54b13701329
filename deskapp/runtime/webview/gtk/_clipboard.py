"""The clipboard by GTK: text, pictures and files."""

from __future__ import annotations

import base64
from typing import Any

from deskapp.runtime.webview._host_window import Answer, Message

URIS, GNOME_FILES = "text/uri-list", "x-special/gnome-copied-files"
TEXTS = ("UTF8_STRING", "text/plain;charset=utf-8", "text/plain")


class GtkClipboard:
    """Reads and writes the clipboard; what was written stays as long as the host.

    Args:
        gtk: The module.
        gdk: The module.
        glib: The module.
    """

    def __init__(self, gtk: Any, gdk: Any, glib: Any) -> None:
        self._gtk, self._gdk, self._glib = gtk, gdk, glib
        self._clipboard = gtk.Clipboard.get(gdk.SELECTION_CLIPBOARD)
        self._files: list[str] = []
        self._owner: Any = None

    def serve(self, args: Message, answer: Answer) -> None:
        """Get or set; see `base.SERVICE_ARGUMENTS`."""
        kind, is_get = args["format"], args["do"] == "get"
        if kind == "text":
            if is_get:
                self._clipboard.request_text(lambda _, text: answer(text))
            else:
                self._clipboard.set_text(args["value"], -1)
        elif kind == "image":
            if is_get:
                self._clipboard.request_image(lambda _, picture: answer(_to_png(picture)))
            else:
                self._clipboard.set_image(self._from_png(args["value"]))
        elif kind == "files":
            if is_get:
                target = self._gdk.Atom.intern(URIS, False)
                self._clipboard.request_contents(target, lambda _, data: answer(self._paths(data)))
            else:
                self._set_files([self._glib.filename_to_uri(path) for path in args["value"]])
        else:
            raise ValueError(f"no such format: {kind!r}")
        if not is_get:
            self._clipboard.set_can_store(None)  # a clipboard manager may take it over when the host ends
            answer()

    def _from_png(self, text: str) -> Any:
        from gi.repository import GdkPixbuf

        loader = GdkPixbuf.PixbufLoader.new_with_type("png")
        loader.write(base64.b64decode(text))
        loader.close()
        return loader.get_pixbuf()

    def _paths(self, data: Any) -> list[str] | None:
        uris = data.get_uris() if data is not None else None
        paths = [self._glib.filename_from_uri(uri)[0] for uri in uris or () if uri.startswith("file:")]
        return paths or None

    def _set_files(self, uris: list[str]) -> None:
        """Own the clipboard by a widget: PyGObject has nothing of `Gtk.Clipboard` that gives data when it is asked."""
        gtk, selection = self._gtk, self._gdk.SELECTION_CLIPBOARD
        self._files = uris
        if self._owner is None:
            self._owner = gtk.Invisible()
            self._owner.realize()
            self._owner.connect("selection-get", self._on_get)
            for number, name in enumerate((URIS, GNOME_FILES, *TEXTS)):
                gtk.selection_add_target(self._owner, selection, self._gdk.Atom.intern(name, False), number)
        self._clipboard.clear()
        if not gtk.selection_owner_set(self._owner, selection, self._gdk.CURRENT_TIME):
            raise OSError("another program holds the clipboard")

    def _on_get(self, owner: Any, data: Any, info: int, time: int) -> None:
        if info == 0:
            data.set_uris(self._files)
        elif info == 1:  # what file managers of GNOME and its relatives take for copying files
            data.set(data.get_target(), 8, "\n".join(["copy", *self._files]).encode())
        else:
            paths = [self._glib.filename_from_uri(uri)[0] for uri in self._files]
            data.set_text("\n".join(paths), -1)


def _to_png(picture: Any) -> str | None:
    if picture is None:
        return None
    is_done, data = picture.save_to_bufferv("png", [], [])
    return base64.b64encode(data).decode() if is_done else None
