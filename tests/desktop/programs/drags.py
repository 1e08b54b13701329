"""A window from which files can be dragged: python drags.py X Y PATH…"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402

x, y, *paths = sys.argv[1:]
window = Gtk.Window(title="files")
window.set_decorated(False)
window.resize(100, 100)
window.move(int(x), int(y))
box = Gtk.EventBox()
window.add(box)
box.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
box.drag_source_add_uri_targets()


def give(box: Any, context: Any, data: Any, info: int, time: int) -> None:
    data.set_uris([Path(path).as_uri() for path in paths])


box.connect("drag-data-get", give)
window.connect("destroy", Gtk.main_quit)
window.show_all()
Gtk.main()
