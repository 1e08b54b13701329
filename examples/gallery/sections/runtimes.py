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
            "This window", "For another one: python -m examples.gallery --deskapp-runtime=chrome-app"
        ) as demo:
            self.value("Runtime", lambda: self.name)
            self.button("Look again", self.look)
        for kind, known in KINDS.items():
            with self.demo(
                kind.capitalize(), f"It has those that are marked, of {len(known)} that there are.", is_wide=True
            ):
                Table(heads=["", "Name", "Meaning"], rows=lambda kind=kind: self.rows.get(kind, []))
        self.attempt(demo, self.look)

    def look(self):
        runtime = self.session.window.runtime
        if runtime is None:
            return "Nothing shows it yet."
        self._mutate_name(runtime.name)
        self._mutate_rows({kind: rows_of(known, runtime.capabilities) for kind, known in KINDS.items()})


def rows_of(known, capabilities):
    """A row for each ability, with a mark at those that are there."""
    has = capabilities.options | capabilities.commands | capabilities.reports | capabilities.services
    return [["✓" if name in has else "–", name, meaning] for name, meaning in known.items()]
