"""The runtime: which program shows this window, and what it can do."""

from deskapp import event
from deskapp.runtime.capabilities import KINDS
from examples.gallery.section import Section
from examples.gallery.widgets import Table


class RuntimeSection(Section):
    GROUP, TITLE = "Program", "Runtime"
    TEXT = "A native window by GTK or Qt, or a browser's without its bars. Ask what it can do, or catch NotSupported."
    ICON = "M4 4h5v5H4zM11 4h5v5h-5zM4 11h5v5H4zM11 11h5v5h-5z"

    name = event.StringProp()
    rows = event.DictProp()

    def build(self):
        with self.demo(
            "What shows this window", "Another one: python -m examples.gallery --deskapp-runtime chrome-app", self.look
        ):
            self.value("Runtime", lambda: self.name)
            for kind in KINDS:
                Table(
                    caption=kind.capitalize(),
                    heads=["", "name", "meaning"],
                    rows=lambda kind=kind: self.rows.get(kind, []),
                )
        self.session.window.reaction("visible", self.look)

    def look(self, *events):
        runtime = self.session.window.runtime
        if runtime is not None:
            self._mutate_name(runtime.name)
            for kind, known in KINDS.items():
                has = getattr(runtime.capabilities, kind)
                rows = [["✓" if name in has else "–", name, meaning] for name, meaning in known.items()]
                self._mutate_rows({**self.rows, kind: rows})
